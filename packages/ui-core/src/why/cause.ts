// Why a run does not go on, or how it ended: as data, so that a page can draw it and a tool can follow it.

import type { EventGroup, GroupExecution } from '../groups/group.ts';
import type { Failure } from '../history/event.ts';

export type Cause = { readonly causes: readonly Cause[] } & (OpenCause | ClosedCause);

/** What an open run waits for. */
export type OpenCause =
  | {
      readonly kind: 'paused';
      readonly identity: string;
      readonly reason: string;
      readonly sinceMs: number | undefined;
    }
  | { readonly kind: 'delayedStart'; readonly untilMs: number }
  /** Its code, or the worker that runs it, fails on the same task again and again. */
  | {
      readonly kind: 'workflowTaskFailing';
      readonly attempt: number;
      /** `WORKFLOW_TASK_FAILED_CAUSE_…`, or `TIMEOUT_TYPE_…`; empty if only the server knows. */
      readonly cause: string;
      readonly failure: Failure | undefined;
      readonly sinceMs: number | undefined;
    }
  | {
      readonly kind: 'workflowTask';
      readonly state: 'queued' | 'running';
      readonly taskQueue: string;
      readonly sinceMs: number | undefined;
    }
  | { readonly kind: 'noPollers'; readonly taskQueue: string; readonly taskQueueKind: TaskQueueKind }
  | { readonly kind: 'activity'; readonly group: EventGroup; readonly workerIdentity: string }
  | { readonly kind: 'timer'; readonly group: EventGroup }
  | { readonly kind: 'child'; readonly group: EventGroup; readonly follow: GroupExecution }
  | { readonly kind: 'nexusOperation'; readonly group: EventGroup; readonly blockedReason: string }
  | { readonly kind: 'update'; readonly group: EventGroup }
  /** An answer of another workflow to a signal or a cancel request. */
  | { readonly kind: 'external'; readonly group: EventGroup; readonly follow: GroupExecution }
  /** Nothing is pending: only a signal or an update can wake it. */
  | { readonly kind: 'message' };

/** How a run ended, and what led to it. */
export type ClosedCause =
  | { readonly kind: 'completed' }
  | { readonly kind: 'canceled'; readonly identity: string; readonly reason: string }
  | { readonly kind: 'terminated'; readonly identity: string; readonly reason: string }
  | { readonly kind: 'continuedAsNew'; readonly runId: string }
  /** Its causes are what it was waiting for. */
  | { readonly kind: 'timedOut'; readonly retryState: string }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly retryState: string }
  /** One link of the failure's chain that has a message of its own. */
  | { readonly kind: 'failure'; readonly failure: Failure }
  | {
      readonly kind: 'activityFailed';
      readonly group: EventGroup | undefined;
      readonly activityType: string;
      readonly activityId: string;
      readonly retryState: string;
      /** false: the failure does not name it; it is what failed just before. */
      readonly named: boolean;
    }
  | {
      readonly kind: 'childFailed';
      readonly group: EventGroup | undefined;
      readonly workflowType: string;
      readonly follow: GroupExecution;
      readonly retryState: string;
      readonly named: boolean;
    }
  | {
      readonly kind: 'nexusOperationFailed';
      readonly group: EventGroup | undefined;
      readonly operation: string;
      readonly named: boolean;
    };

export type TaskQueueKind = 'workflow' | 'activity';

export interface Explanation {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  /** `RUNNING`, `FAILED` ... without the prefix of the enum. */
  readonly status: string;
  /** When this was true. */
  readonly nowMs: number;
  /** The most telling first. */
  readonly causes: readonly Cause[];
}
