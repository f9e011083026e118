// What DescribeWorkflowExecution answers, as far as texts show it, besides what its understanding reads (ui-core).

import type { Failure, Payload, Payloads, WorkflowDescription, WorkflowExecution } from '@perdure/ui-core';

export interface DeploymentVersion {
  readonly deploymentName?: string;
  readonly buildId?: string;
}

export interface VersioningInfo {
  readonly behavior?: string;
  readonly deploymentVersion?: DeploymentVersion;
  readonly version?: string;
  readonly versioningOverride?: {
    readonly pinned?: { readonly version?: DeploymentVersion };
    readonly autoUpgrade?: boolean;
    readonly oneTime?: { readonly targetDeploymentVersion?: DeploymentVersion };
  };
  readonly versionTransition?: { readonly deploymentVersion?: DeploymentVersion };
}

type Fields = Readonly<Record<string, Payload>>;

export interface ExecutionInfo {
  readonly memo?: { readonly fields?: Fields };
  readonly searchAttributes?: { readonly indexedFields?: Fields };
  readonly stateTransitionCount?: string;
  readonly historyLength?: string;
  readonly historySizeBytes?: string;
  readonly parentExecution?: WorkflowExecution;
  readonly rootExecution?: WorkflowExecution;
  readonly assignedBuildId?: string;
  readonly versioningInfo?: VersioningInfo;
  readonly priority?: {
    readonly priorityKey?: number;
    readonly fairnessKey?: string;
    readonly fairnessWeight?: number;
  };
  readonly autoResetPoints?: {
    readonly points?: readonly {
      readonly binaryChecksum?: string;
      readonly buildId?: string;
      readonly createTime?: string;
      readonly runId?: string;
      readonly firstWorkflowTaskCompletedId?: string;
    }[];
  };
}

export interface ExtendedInfo {
  readonly executionExpirationTime?: string;
  readonly runExpirationTime?: string;
  readonly lastResetTime?: string;
  readonly originalStartTime?: string;
  readonly resetRunId?: string;
}

export interface PendingActivityDetails {
  readonly heartbeatDetails?: Payloads;
  readonly expirationTime?: string;
}

export interface PendingNexusOperationDetails {
  readonly endpoint?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly operationToken?: string;
  readonly scheduledTime?: string;
  readonly cancellationInfo?: {
    readonly state?: string;
    readonly attempt?: number;
    readonly lastAttemptFailure?: Failure;
  };
}

export interface Callback {
  readonly callback?: { readonly nexus?: { readonly url?: string } };
  readonly state?: string;
  readonly attempt?: number;
  readonly registrationTime?: string;
  readonly nextAttemptScheduleTime?: string;
  readonly lastAttemptFailure?: Failure;
  readonly blockedReason?: string;
}

export interface Description extends WorkflowDescription {
  readonly executionConfig?: {
    readonly userMetadata?: { readonly summary?: Payload; readonly details?: Payload };
  };
  readonly workflowExecutionInfo?: NonNullable<WorkflowDescription['workflowExecutionInfo']> & ExecutionInfo;
  readonly workflowExtendedInfo?: NonNullable<WorkflowDescription['workflowExtendedInfo']> & ExtendedInfo;
  readonly pendingActivities?: readonly (NonNullable<WorkflowDescription['pendingActivities']>[number] &
    PendingActivityDetails)[];
  readonly pendingNexusOperations?: readonly (NonNullable<WorkflowDescription['pendingNexusOperations']>[number] &
    PendingNexusOperationDetails)[];
  readonly callbacks?: readonly Callback[];
}
