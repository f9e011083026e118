// Worker deployments as the API has them.
import type { Payload } from '@perdure/ui-core';
import type { TaskQueueStats } from '../../api/types.ts';

export interface Version {
  readonly deploymentName?: string;
  readonly buildId?: string;
}

export interface RoutingConfig {
  /** undefined: workers without a version. */
  readonly currentDeploymentVersion?: Version;
  readonly rampingDeploymentVersion?: Version;
  readonly rampingVersionPercentage?: number;
  readonly currentVersionChangedTime?: string;
  readonly rampingVersionChangedTime?: string;
  readonly rampingVersionPercentageChangedTime?: string;
}

export interface VersionSummary {
  readonly deploymentVersion?: Version;
  /** `WORKER_DEPLOYMENT_VERSION_STATUS_…` */
  readonly status?: string;
  readonly createTime?: string;
  readonly drainageInfo?: DrainageInfo;
  readonly currentSinceTime?: string;
  readonly rampingSinceTime?: string;
  readonly lastDeactivationTime?: string;
  readonly computeConfig?: { readonly scalingGroups?: Readonly<Record<string, { readonly providerType?: string }>> };
}

export interface DrainageInfo {
  /** `VERSION_DRAINAGE_STATUS_…` */
  readonly status?: string;
  readonly lastChangedTime?: string;
  readonly lastCheckedTime?: string;
}

export interface DeploymentSummary {
  readonly name?: string;
  readonly createTime?: string;
  readonly routingConfig?: RoutingConfig;
  readonly latestVersionSummary?: VersionSummary;
}

export interface DeploymentInfo {
  readonly name?: string;
  readonly createTime?: string;
  readonly routingConfig?: RoutingConfig;
  readonly versionSummaries?: readonly VersionSummary[];
  readonly lastModifierIdentity?: string;
  readonly managerIdentity?: string;
  /** `ROUTING_CONFIG_UPDATE_STATE_…` */
  readonly routingConfigUpdateState?: string;
}

export interface DeploymentDescription {
  /** Of the state that was read: changes that name another one are refused. */
  readonly conflictToken?: string;
  readonly workerDeploymentInfo?: DeploymentInfo;
}

export interface VersionInfo {
  readonly deploymentVersion?: Version;
  readonly status?: string;
  readonly createTime?: string;
  readonly routingChangedTime?: string;
  readonly currentSinceTime?: string;
  readonly rampingSinceTime?: string;
  readonly firstActivationTime?: string;
  readonly lastCurrentTime?: string;
  readonly lastDeactivationTime?: string;
  readonly rampPercentage?: number;
  readonly drainageInfo?: DrainageInfo;
  readonly metadata?: { readonly entries?: Readonly<Record<string, Payload>> };
  readonly computeConfig?: { readonly scalingGroups?: Readonly<Record<string, ScalingGroup>> };
  readonly lastModifierIdentity?: string;
}

export interface ScalingGroup {
  readonly taskQueueTypes?: readonly string[];
  readonly provider?: { readonly type?: string; readonly details?: Payload; readonly nexusEndpoint?: string };
  readonly scaler?: { readonly type?: string; readonly details?: Payload };
}

export interface VersionQueue {
  readonly name?: string;
  /** `TASK_QUEUE_TYPE_…` */
  readonly type?: string;
  readonly stats?: TaskQueueStats;
}

export interface VersionDescription {
  readonly workerDeploymentVersionInfo?: VersionInfo;
  readonly versionTaskQueues?: readonly VersionQueue[];
}
