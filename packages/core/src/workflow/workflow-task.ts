// Decisions about the workflow task itself: when one is scheduled, who may start it, how it ends. What the worker asks
// for in a completed task is decided in complete-task.ts. Rules: attempts count only on the normal queue; a task that
// fails twice becomes transient, so that a workflow that fails for a week does not fill its history. A task that is
// scheduled only because of updates is speculative: it is discarded if all it does is reject them.

import { EventType, SuggestContinueAsNewReason as Reason, TaskQueueKind, TimeoutType } from '@perdure/api/enums';
import { flushBuffered } from './buffer.ts';
import { reportProblems, withdrawProblems } from './problems.ts';
import { isPaused, type WorkflowState, type WorkflowTask } from './state.ts';
import type { Transition } from './transition.ts';

/** Attempts up to this one have the plain timeout; later ones are stretched instead of delayed. */
const PLAIN_TIMEOUT_ATTEMPTS = 3;
const STRETCH_INITIAL_MS = 5000;
/** How long a speculative task waits in a normal queue before it becomes an ordinary one. */
const SPECULATIVE_WAIT_MS = 5000;

/**
 * Unless the run is paused.
 * @param heartbeatSinceMs when the chain of heartbeats began, if this task continues one
 */
export function scheduleTask(tx: Transition, heartbeatSinceMs?: number): void {
  const { state } = tx;
  flushBuffered(tx);
  // One is scheduled when the run is released.
  if (isPaused(state)) return;
  const attempt = state.taskAttempt;
  const timeoutMs = taskTimeout(tx, attempt);
  if (attempt > 1) tx.note({ taskScheduled: { attempt, scheduledMs: tx.nowMs, timeoutMs } });
  else addScheduled(tx, attempt, timeoutMs, tx.nowMs);
  if (heartbeatSinceMs !== undefined) tx.note({ taskHeartbeat: { originalScheduledMs: heartbeatSinceMs } });
  tx.dispatches.push({ kind: 'workflowTask' });
}

/** Schedules a task that only carries updates, unless the run is paused. No task may be pending. */
export function scheduleSpeculativeTask(tx: Transition): void {
  if (isPaused(tx.state)) return;
  const { sticky, workflowTaskTimeoutMs } = tx.state;
  const scheduleToStartMs = sticky?.scheduleToStartTimeoutMs ?? SPECULATIVE_WAIT_MS;
  const scheduled = { scheduledMs: tx.nowMs, timeoutMs: workflowTaskTimeoutMs, scheduleToStartMs };
  tx.note({ speculativeTaskScheduled: scheduled });
  tx.dispatches.push({ kind: 'workflowTask' });
}

/** There is something to see besides updates: a speculative task that waits becomes an ordinary one. */
export function writeWaitingTask(tx: Transition): void {
  const { task } = tx.state;
  if (task === undefined || !task.speculative || task.startedEventId !== 0) return;
  addScheduled(tx, task.attempt, task.timeoutMs, task.scheduledMs);
}

function addScheduled(tx: Transition, attempt: number, timeoutMs: number, scheduledMs: number): void {
  const { sticky, taskQueue } = tx.state;
  const queue =
    sticky === undefined
      ? { name: taskQueue, kind: TaskQueueKind.NORMAL }
      : { name: sticky.taskQueue, kind: TaskQueueKind.STICKY, normalName: taskQueue };
  const attributes = { taskQueue: queue, startToCloseTimeout: timeoutMs, attempt };
  tx.add(EventType.WORKFLOW_TASK_SCHEDULED, { workflowTaskScheduledEventAttributes: attributes }, scheduledMs);
}

function taskTimeout(tx: Transition, attempt: number): number {
  const plain = tx.state.workflowTaskTimeoutMs;
  if (attempt <= PLAIN_TIMEOUT_ATTEMPTS) return plain;
  const stretch = STRETCH_INITIAL_MS * 2 ** (attempt - PLAIN_TIMEOUT_ATTEMPTS - 1);
  return plain + Math.min(stretch, tx.context.limits.workflowTaskRetryIntervalMaxMs);
}

export interface TaskTaker {
  readonly identity: string;
  /** Id of the poll. */
  readonly requestId: string;
  /** Polled from the sticky queue of the worker that has the workflow in its cache. */
  readonly sticky: boolean;
  /** Updates that are admitted in memory. */
  readonly admittedUpdates?: number;
}

/** A worker takes the scheduled task. */
export function startTask(tx: Transition, taker: TaskTaker): WorkflowTask {
  const { state } = tx;
  const scheduled = state.task;
  if (scheduled === undefined || scheduled.startedEventId !== 0) throw new Error('there is no workflow task to start');
  // The worker of the normal queue has no cache of the workflow: it needs the whole history from now on.
  if (state.sticky !== undefined && !taker.sticky) tx.note({ stickySet: {} });
  // New events since a transient task was scheduled: it becomes an ordinary first attempt.
  if (scheduled.transient && scheduled.scheduledEventId !== state.nextEventId) {
    addScheduled(tx, 1, state.workflowTaskTimeoutMs, tx.nowMs);
  }
  const historySizeBytes = state.historySizeBytes;
  const reasons = continueAsNewReasons(tx, taker.admittedUpdates ?? 0);
  const started = {
    identity: taker.identity,
    requestId: taker.requestId,
    historySizeBytes,
    suggestContinueAsNew: reasons.length > 0,
    suggestContinueAsNewReasons: reasons,
  };
  const task = state.task as WorkflowTask;
  if (task.transient) tx.note({ taskStarted: { ...started, startedMs: startMs(tx) } });
  else {
    const attributes = { ...started, scheduledEventId: task.scheduledEventId };
    tx.add(EventType.WORKFLOW_TASK_STARTED, { workflowTaskStartedEventAttributes: attributes });
  }
  return state.task as WorkflowTask;
}

function continueAsNewReasons(tx: Transition, admittedUpdates: number): number[] {
  const { limits } = tx.context;
  const { historySizeBytes, nextEventId, updates } = tx.state;
  const updatesSuggest = Math.ceil(limits.updatesMax * limits.updatesSuggestPart);
  const reasons: number[] = [];
  if (historySizeBytes >= limits.historySizeSuggest) reasons.push(Reason.HISTORY_SIZE_TOO_LARGE);
  if (nextEventId >= limits.historyCountSuggest) reasons.push(Reason.TOO_MANY_HISTORY_EVENTS);
  if (updatesSuggest > 0 && updates.size + admittedUpdates >= updatesSuggest) reasons.push(Reason.TOO_MANY_UPDATES);
  return reasons;
}

/** Later than that of a discarded task, so that a late answer to it is not taken for one to a task with the same ids. */
function startMs(tx: Transition): number {
  const { discardedStartedMs } = tx.state;
  return tx.nowMs > discardedStartedMs ? tx.nowMs : discardedStartedMs + TICK_MS;
}

/** Whole nanoseconds. */
const TICK_MS = 0.001;

/** What of a completion goes into the WorkflowTaskCompleted event as it is. */
export interface CompletedTask {
  readonly identity: string;
  readonly binaryChecksum: string;
  /** Encoded WorkerVersionStamp: the build id of the worker. */
  readonly workerVersion: Uint8Array | undefined;
  readonly workerDeploymentName: string;
  readonly sdkMetadata: Uint8Array | undefined;
  readonly meteringMetadata: Uint8Array | undefined;
}

/** Ends the started task well. A transient task enters the history only now. Returns the id of the completed event. */
export function completeTask(tx: Transition, completed: CompletedTask): number {
  const task = startedTask(tx.state);
  if (task.transient) writeTransient(tx, task, completed.identity);
  const { scheduledEventId, startedEventId } = tx.state.task as WorkflowTask;
  const attributes = { ...completed, scheduledEventId, startedEventId };
  const eventId = tx.add(EventType.WORKFLOW_TASK_COMPLETED, { workflowTaskCompletedEventAttributes: attributes });
  withdrawProblems(tx);
  return eventId;
}

function writeTransient(tx: Transition, task: WorkflowTask, identity: string): void {
  addScheduled(tx, task.attempt, task.timeoutMs, task.scheduledMs);
  const attributes = {
    scheduledEventId: (tx.state.task as WorkflowTask).scheduledEventId,
    identity,
    requestId: task.requestId,
    historySizeBytes: task.historySizeBytes,
    suggestContinueAsNew: task.suggestContinueAsNew,
    suggestContinueAsNewReasons: [...task.suggestContinueAsNewReasons],
  };
  tx.add(EventType.WORKFLOW_TASK_STARTED, { workflowTaskStartedEventAttributes: attributes }, task.startedMs);
}

export interface TaskFailure {
  /** WorkflowTaskFailedCause */
  readonly cause: number;
  readonly failure: Uint8Array | undefined;
  readonly identity: string;
  readonly binaryChecksum?: string;
  /** Of a reset: the run whose history this is, and this run. */
  readonly baseRunId?: string;
  readonly newRunId?: string;
}

/** Ends the started task badly. The caller decides whether another one follows. */
export function failTask(tx: Transition, failed: TaskFailure): void {
  const task = startedTask(tx.state);
  if (task.speculative) writeTransient(tx, task, failed.identity);
  if (task.transient && !task.speculative) tx.note({ taskEnded: { cause: failed.cause } });
  else {
    const { scheduledEventId, startedEventId } = tx.state.task as WorkflowTask;
    const attributes = { ...failed, scheduledEventId, startedEventId };
    tx.add(EventType.WORKFLOW_TASK_FAILED, { workflowTaskFailedEventAttributes: attributes });
  }
  reportProblems(tx);
}

/** The worker took too long (or, on a sticky queue, did not come). */
export function timeOutTask(tx: Transition): void {
  const task = tx.state.task;
  if (task === undefined) throw new Error('there is no workflow task to time out');
  if (task.speculative) {
    if (task.startedEventId === 0) writeWaitingTask(tx);
    else writeTransient(tx, task, task.identity);
  }
  if (task.transient && !task.speculative) tx.note({ taskEnded: {} });
  else {
    const { scheduledEventId, startedEventId } = tx.state.task as WorkflowTask;
    const timeoutType = startedEventId === 0 ? TimeoutType.SCHEDULE_TO_START : TimeoutType.START_TO_CLOSE;
    const attributes = { scheduledEventId, startedEventId, timeoutType };
    tx.add(EventType.WORKFLOW_TASK_TIMED_OUT, { workflowTaskTimedOutEventAttributes: attributes });
  }
  reportProblems(tx);
}

/** When the pending task times out if nothing happens; undefined: never. */
export function taskDeadline(state: WorkflowState): number | undefined {
  const { task } = state;
  if (task === undefined) return undefined;
  if (task.startedEventId !== 0) return task.startedMs + task.timeoutMs;
  return task.scheduleToStartMs > 0 ? task.scheduledMs + task.scheduleToStartMs : undefined;
}

function startedTask(state: WorkflowState): WorkflowTask {
  if (state.task === undefined || state.task.startedEventId === 0) throw new Error('there is no started workflow task');
  return state.task;
}
