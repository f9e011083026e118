// Messages of the API as its JSON has them, as far as the UI reads them. Every field may be absent: proto3 JSON leaves
// out what is zero. int64 is text, times are RFC 3339, durations are "1.5s", bytes are base64.
import type { Payload, WorkflowExecution } from '@perdure/ui-core';

export interface SearchAttributes {
  readonly indexedFields?: Readonly<Record<string, Payload>>;
}

export interface Memo {
  readonly fields?: Readonly<Record<string, Payload>>;
}

export interface WorkflowExecutionInfo {
  readonly execution?: WorkflowExecution;
  readonly type?: { readonly name?: string };
  readonly startTime?: string;
  readonly closeTime?: string;
  readonly executionTime?: string;
  readonly executionDuration?: string;
  /** `WORKFLOW_EXECUTION_STATUS_…` */
  readonly status?: string;
  readonly historyLength?: string;
  readonly historySizeBytes?: string;
  readonly stateTransitionCount?: string;
  readonly taskQueue?: string;
  readonly parentNamespaceId?: string;
  readonly parentExecution?: WorkflowExecution;
  readonly rootExecution?: WorkflowExecution;
  readonly firstRunId?: string;
  readonly memo?: Memo;
  readonly searchAttributes?: SearchAttributes;
  readonly priority?: {
    readonly priorityKey?: number;
    readonly fairnessKey?: string;
    readonly fairnessWeight?: number;
  };
  readonly mostRecentWorkerVersionStamp?: { readonly buildId?: string };
  readonly assignedBuildId?: string;
  readonly versioningInfo?: {
    /** `VERSIONING_BEHAVIOR_…` */
    readonly behavior?: string;
    /** Of the worker that completed the last workflow task. */
    readonly deploymentVersion?: { readonly deploymentName?: string; readonly buildId?: string };
  };
}

export interface ListWorkflowsReply {
  readonly executions?: readonly WorkflowExecutionInfo[];
  readonly nextPageToken?: string;
}

export interface CountWorkflowsReply {
  readonly count?: string;
  readonly groups?: readonly { readonly groupValues?: readonly Payload[]; readonly count?: string }[];
}

export interface NamespaceDescription {
  readonly namespaceInfo?: {
    readonly name?: string;
    readonly state?: string;
    readonly description?: string;
    readonly ownerEmail?: string;
    readonly data?: Readonly<Record<string, string>>;
    readonly id?: string;
    readonly capabilities?: Readonly<Record<string, boolean>>;
  };
  readonly config?: {
    readonly workflowExecutionRetentionTtl?: string;
    /** `ARCHIVAL_STATE_…` */
    readonly historyArchivalState?: string;
    readonly historyArchivalUri?: string;
    readonly visibilityArchivalState?: string;
    readonly visibilityArchivalUri?: string;
    readonly customSearchAttributeAliases?: Readonly<Record<string, string>>;
  };
  readonly isGlobalNamespace?: boolean;
}

export interface ListNamespacesReply {
  readonly namespaces?: readonly NamespaceDescription[];
  readonly nextPageToken?: string;
}

export interface SystemInfo {
  readonly serverVersion?: string;
  readonly capabilities?: Readonly<Record<string, boolean>>;
}

/** IndexedValueType by name of the attribute. */
export interface ListSearchAttributesReply {
  readonly customAttributes?: Readonly<Record<string, string>>;
  readonly systemAttributes?: Readonly<Record<string, string>>;
}

export interface TaskQueueDescription {
  readonly pollers?: readonly {
    readonly lastAccessTime?: string;
    readonly identity?: string;
    readonly ratePerSecond?: number;
    readonly workerVersionCapabilities?: { readonly buildId?: string };
    readonly deploymentOptions?: { readonly deploymentName?: string; readonly buildId?: string };
  }[];
  readonly stats?: TaskQueueStats;
}

export interface TaskQueueStats {
  readonly approximateBacklogCount?: string;
  readonly approximateBacklogAge?: string;
  readonly tasksAddRate?: number;
  readonly tasksDispatchRate?: number;
}

export type { WorkflowExecution };
