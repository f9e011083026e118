// What DescribeWorkflowExecution answers, as JSON: only the fields that something here reads.
import type { Failure, Named, WorkflowExecution } from '../history/event.ts';

export interface PendingActivity {
  readonly activityId?: string;
  readonly activityType?: Named;
  /** `PENDING_ACTIVITY_STATE_…` */
  readonly state?: string;
  /** Of the running attempt, or of the next one. */
  readonly attempt?: number;
  readonly maximumAttempts?: number;
  /** When the attempt came or comes into its task queue. */
  readonly scheduledTime?: string;
  readonly lastStartedTime?: string;
  readonly lastAttemptCompleteTime?: string;
  /** Only while it backs off. */
  readonly nextAttemptScheduleTime?: string;
  readonly lastHeartbeatTime?: string;
  readonly lastFailure?: Failure;
  readonly lastWorkerIdentity?: string;
  readonly pauseInfo?: {
    readonly pauseTime?: string;
    readonly manual?: { readonly identity?: string; readonly reason?: string };
  };
  /** As they hold now; older servers do not tell. */
  readonly activityOptions?: ActivityOptionsDescription;
}

/** Durations are "1.5s". */
export interface ActivityOptionsDescription {
  readonly taskQueue?: Named;
  readonly scheduleToCloseTimeout?: string;
  readonly scheduleToStartTimeout?: string;
  readonly startToCloseTimeout?: string;
  readonly heartbeatTimeout?: string;
  readonly retryPolicy?: {
    readonly initialInterval?: string;
    readonly maximumInterval?: string;
    readonly backoffCoefficient?: number;
    readonly maximumAttempts?: number;
  };
}

export interface PendingChild {
  readonly workflowId?: string;
  readonly runId?: string;
  readonly workflowTypeName?: string;
  readonly initiatedId?: string;
}

export interface PendingWorkflowTask {
  /** `PENDING_WORKFLOW_TASK_STATE_…` */
  readonly state?: string;
  readonly scheduledTime?: string;
  /** Of the first attempt. */
  readonly originalScheduledTime?: string;
  readonly startedTime?: string;
  readonly attempt?: number;
}

export interface PendingNexusOperation {
  readonly scheduledEventId?: string;
  /** `PENDING_NEXUS_OPERATION_STATE_…` */
  readonly state?: string;
  readonly attempt?: number;
  readonly lastAttemptCompleteTime?: string;
  readonly lastAttemptFailure?: Failure;
  readonly nextAttemptScheduleTime?: string;
  readonly blockedReason?: string;
}

export interface WorkflowDescription {
  readonly workflowExecutionInfo?: {
    readonly execution?: WorkflowExecution;
    readonly type?: Named;
    /** `WORKFLOW_EXECUTION_STATUS_…` */
    readonly status?: string;
    readonly startTime?: string;
    /** When its first workflow task may begin. */
    readonly executionTime?: string;
    readonly closeTime?: string;
    readonly taskQueue?: string;
    readonly historyLength?: string;
    readonly historySizeBytes?: string;
  };
  readonly workflowExtendedInfo?: {
    readonly cancelRequested?: boolean;
    readonly pauseInfo?: { readonly identity?: string; readonly reason?: string; readonly pausedTime?: string };
  };
  readonly pendingActivities?: readonly PendingActivity[];
  readonly pendingChildren?: readonly PendingChild[];
  readonly pendingWorkflowTask?: PendingWorkflowTask;
  readonly pendingNexusOperations?: readonly PendingNexusOperation[];
}
