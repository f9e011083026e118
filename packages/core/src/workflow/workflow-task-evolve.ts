// What workflow-task events do to the state. Decisions are in workflow-task.ts.
//
//   none -> scheduled -> started -> none
// From attempt 2 on the task is transient: private events instead of public ones until it completes. So is a speculative
// task, which carries updates; if it has no effect, it is discarded instead.

import { TaskQueueKind, TimeoutType, WorkflowTaskFailedCause } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type {
  SpeculativeTaskScheduled,
  StickySet,
  TaskHeartbeat,
  TaskScheduled,
  TaskStarted,
} from '../../generated/journal.js';
import { evolveWorkerVersion } from './build-ids.ts';
import { DeadlineKind } from './deadlines.ts';
import { failedProblem, timedOutProblem } from './problems.ts';
import { addResetPoint } from './reset-points.ts';
import type { WorkflowState, WorkflowTask } from './state.ts';

export function evolveTaskScheduled(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.workflowTaskScheduledEventAttributes ?? {};
  const scheduledMs = event.eventTime ?? 0;
  // A transient task that met new events starts again as a first attempt.
  state.taskAttempt = a.attempt ?? 1;
  state.firstTaskAtMs = 0;
  schedule(state, {
    scheduledEventId: event.eventId ?? 0,
    attempt: a.attempt ?? 1,
    transient: false,
    speculative: false,
    taskQueue: a.taskQueue?.name ?? '',
    sticky: a.taskQueue?.kind === TaskQueueKind.STICKY,
    scheduledMs,
    timeoutMs: a.startToCloseTimeout ?? 0,
  });
}

export function evolveTransientScheduled(state: WorkflowState, event: Init<TaskScheduled>): void {
  state.firstTaskAtMs = 0;
  schedule(state, {
    scheduledEventId: state.nextEventId,
    attempt: event.attempt ?? 1,
    transient: true,
    speculative: false,
    taskQueue: state.taskQueue,
    sticky: false,
    scheduledMs: event.scheduledMs ?? 0,
    timeoutMs: event.timeoutMs ?? 0,
  });
}

/** The first workflow task goes on waiting for its back-off: this one may come to nothing. */
export function evolveSpeculativeScheduled(state: WorkflowState, event: Init<SpeculativeTaskScheduled>): void {
  const task = {
    scheduledEventId: state.nextEventId,
    attempt: 1,
    transient: true,
    speculative: true,
    taskQueue: state.sticky?.taskQueue ?? state.taskQueue,
    sticky: state.sticky !== undefined,
    scheduledMs: event.scheduledMs ?? 0,
    timeoutMs: event.timeoutMs ?? 0,
  };
  schedule(state, task, event.scheduleToStartMs ?? 0);
}

type NewTask = Pick<
  WorkflowTask,
  'scheduledEventId' | 'attempt' | 'transient' | 'speculative' | 'taskQueue' | 'sticky' | 'scheduledMs' | 'timeoutMs'
>;

function schedule(state: WorkflowState, task: NewTask, scheduleToStartMs = stickyTimeout(state, task)): void {
  state.task = {
    scheduledEventId: task.scheduledEventId,
    startedEventId: 0,
    attempt: task.attempt,
    transient: task.transient,
    speculative: task.speculative,
    taskQueue: task.taskQueue,
    sticky: task.sticky,
    scheduledMs: task.scheduledMs,
    originalScheduledMs: task.scheduledMs,
    scheduleToStartMs,
    timeoutMs: task.timeoutMs,
    startedMs: 0,
    requestId: '',
    identity: '',
    historySizeBytes: 0,
    suggestContinueAsNew: false,
    suggestContinueAsNewReasons: NO_REASONS,
  };
  if (scheduleToStartMs > 0) {
    state.deadlines.add(task.scheduledMs + scheduleToStartMs, DeadlineKind.WORKFLOW_TASK, task.scheduledEventId);
  }
}

function stickyTimeout(state: WorkflowState, task: NewTask): number {
  return task.sticky && state.sticky !== undefined ? state.sticky.scheduleToStartTimeoutMs : 0;
}

export function evolveTaskHeartbeat(state: WorkflowState, event: Init<TaskHeartbeat>): void {
  if (state.task === undefined) throw new Error('heartbeat without a workflow task');
  state.task = { ...state.task, originalScheduledMs: event.originalScheduledMs ?? 0 };
}

export function evolveTaskStarted(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.workflowTaskStartedEventAttributes ?? {};
  start(state, event.eventId ?? 0, {
    startedMs: event.eventTime ?? 0,
    requestId: a.requestId ?? '',
    identity: a.identity ?? '',
    historySizeBytes: a.historySizeBytes ?? 0,
    suggestContinueAsNew: a.suggestContinueAsNew ?? false,
    suggestContinueAsNewReasons: a.suggestContinueAsNewReasons ?? NO_REASONS,
  });
}

export function evolveTransientStarted(state: WorkflowState, event: Init<TaskStarted>): void {
  start(state, state.nextEventId + 1, {
    startedMs: event.startedMs ?? 0,
    requestId: event.requestId ?? '',
    identity: event.identity ?? '',
    historySizeBytes: event.historySizeBytes ?? 0,
    suggestContinueAsNew: event.suggestContinueAsNew ?? false,
    suggestContinueAsNewReasons: event.suggestContinueAsNewReasons ?? NO_REASONS,
  });
}

const NO_REASONS: readonly number[] = [];

type Start = Pick<
  WorkflowTask,
  'startedMs' | 'requestId' | 'identity' | 'historySizeBytes' | 'suggestContinueAsNew' | 'suggestContinueAsNewReasons'
>;

function start(state: WorkflowState, startedEventId: number, started: Start): void {
  const task = state.task;
  if (task === undefined) throw new Error('a workflow task started that was not scheduled');
  state.task = { ...task, ...started, startedEventId };
  state.deadlines.add(started.startedMs + task.timeoutMs, DeadlineKind.WORKFLOW_TASK, task.scheduledEventId);
}

export function evolveTaskCompleted(state: WorkflowState, event: Init<HistoryEvent>): void {
  addResetPoint(state, event);
  const { startedEventId = 0, workerVersion } = event.workflowTaskCompletedEventAttributes ?? {};
  state.previousStartedEventId = startedEventId;
  evolveWorkerVersion(state, workerVersion);
  state.task = undefined;
  state.taskAttempt = 1;
  state.closeAttempted = false;
  state.taskProblems = 0;
}

/** It leaves no trace but its time: another one may follow with the same ids. */
export function evolveTaskDiscarded(state: WorkflowState): void {
  state.discardedStartedMs = state.task?.startedMs ?? 0;
  state.task = undefined;
  state.closeAttempted = false;
}

export function evolveTaskFailed(state: WorkflowState, event: Init<HistoryEvent>): void {
  const cause = event.workflowTaskFailedEventAttributes?.cause ?? 0;
  state.taskProblemCause = failedProblem(cause);
  evolveTaskEnded(state, cause);
}

/** Also for a transient task that failed or timed out. */
export function evolveTaskEnded(state: WorkflowState, cause: number): void {
  end(state, true);
  if (cause === WorkflowTaskFailedCause.RESET_WORKFLOW) state.taskAttempt = 1;
  if (cause === WorkflowTaskFailedCause.UNHANDLED_COMMAND) state.closeAttempted = true;
}

export function evolveTaskTimedOut(state: WorkflowState, event: Init<HistoryEvent>): void {
  const type = event.workflowTaskTimedOutEventAttributes?.timeoutType ?? 0;
  const tookTooLong = type !== TimeoutType.SCHEDULE_TO_START;
  if (tookTooLong) state.taskProblemCause = timedOutProblem();
  end(state, tookTooLong);
}

/**
 * A task that ended badly on a sticky queue is tried again from the normal queue with the same attempt: the worker's
 * cache may be the culprit. Otherwise the attempt counts.
 */
function end(state: WorkflowState, countAttempt: boolean): void {
  state.task = undefined;
  state.closeAttempted = false;
  if (state.sticky !== undefined) state.sticky = undefined;
  else if (countAttempt) {
    state.taskAttempt++;
    state.taskProblems++;
  }
}

export function evolveSticky(state: WorkflowState, event: Init<StickySet>): void {
  const taskQueue = event.taskQueue ?? '';
  state.sticky =
    taskQueue === '' ? undefined : { taskQueue, scheduleToStartTimeoutMs: event.scheduleToStartTimeoutMs ?? 0 };
}
