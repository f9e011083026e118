// What passes through matching: references to tasks that wait, pollers that wait, and what a poller is given.

import type { WorkflowQuery } from '@perdure/api/query';
import type { Activity, Priority, WorkflowTask } from '@perdure/core';
import type { Run } from '../runtime/run.ts';

/** A task that waits for a worker. Only a reference: whether it still exists is asked when a worker takes it. */
export type TaskRef = WorkflowTaskRef | ActivityTaskRef | QueryTaskRef;

interface WaitingRef {
  readonly run: RunRef;
  /** Undefined: the default. */
  readonly priority: Priority | undefined;
  /** Since when it waits, epoch ms. */
  readonly sinceMs: number;
}

export interface WorkflowTaskRef extends WaitingRef {
  readonly kind: 'workflow';
  readonly normalQueue: string;
  readonly scheduledEventId: number;
}

export interface ActivityTaskRef extends WaitingRef {
  readonly kind: 'activity';
  readonly scheduledEventId: number;
  readonly attempt: number;
  /** Of the activity's control: rises when the task is void though the attempt stays. */
  readonly stamp: number;
}

export interface QueryTaskRef extends WaitingRef {
  readonly kind: 'query';
  readonly normalQueue: string;
  readonly query: QueryTask;
}

/** From 1, which is first, to 5. */
export const PRIORITY_LEVELS = 5;
export const PRIORITY_DEFAULT = 3;

export function priorityLevel(ref: TaskRef): number {
  return Math.min(ref.priority?.priorityKey || PRIORITY_DEFAULT, PRIORITY_LEVELS);
}

export interface RunRef {
  readonly namespaceId: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** A query that is asked on its own, not with a workflow task. */
export interface QueryTask {
  readonly id: string;
  readonly query: WorkflowQuery;
  /** Nobody waits for the answer any more. */
  readonly isOver: () => boolean;
  /** A worker has it: the clock of the sticky attempt stops. */
  readonly onTaken: () => void;
}

/** A task that now belongs to a worker, durably. */
export type StartedTask =
  | {
      readonly kind: 'workflow';
      readonly run: Run;
      readonly task: WorkflowTask;
      /** Started event of the last completed task when this one started. */
      readonly previousStartedEventId: number;
      /** The worker has the workflow in its cache: the history since the last task is enough. */
      readonly sticky: boolean;
    }
  | { readonly kind: 'activity'; readonly run: Run; readonly activity: Activity }
  | { readonly kind: 'query'; readonly run: Run; readonly query: QueryTask; readonly sticky: boolean };

/** A worker that waits for a task. Exactly one of deliver, fail, expire is called, unless it cancels itself. */
export interface Poller {
  readonly identity: string;
  /** Id of this poll. */
  readonly requestId: string;
  /** It polls a sticky queue. */
  readonly sticky: boolean;
  readonly cancelled: boolean;
  deliver(task: StartedTask): void;
  fail(error: unknown): void;
  /** No task came in time: the answer is empty. */
  expire(): void;
}
