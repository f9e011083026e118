// What time does to a run: timers, timeouts, back-offs. The index (deadlines.ts) says what might be due; the state says
// what is. `runDue` handles everything whose time has come, in the order of time.

import { EventType, RetryState, TimeoutType } from '@perdure/api/enums';
import { timeoutFailure, timeoutName } from '../failures.ts';
import { isActivityReady, retryActivity, writeStarted } from './activities.ts';
import { attemptDeadline, earliestDeadline, expectAttempt } from './activity-evolve.ts';
import { callbackDeadline, callbackDue } from './callbacks.ts';
import { timeOutRun } from './close.ts';
import { type Deadline, DeadlineKind } from './deadlines.ts';
import { releaseFirstTask } from './start.ts';
import { type Activity, isRunning, type WorkflowState } from './state.ts';
import { fireTimer, timerByStartedEvent } from './timers.ts';
import type { Transition } from './transition.ts';
import { wakeWorkflow } from './wake.ts';
import { scheduleTask, taskDeadline, timeOutTask } from './workflow-task.ts';

/** When the run has something to do next; undefined: nothing until someone calls. Drops stale entries of the index. */
export function nextDeadline(state: WorkflowState): number | undefined {
  const { deadlines } = state;
  for (let entry = deadlines.peek(); entry !== undefined; entry = deadlines.peek()) {
    const atMs = currentDeadline(state, entry);
    if (atMs === entry.atMs) return atMs;
    deadlines.pop();
    if (atMs !== undefined && atMs > entry.atMs) deadlines.add(atMs, entry.kind, entry.eventId);
  }
  return undefined;
}

/** Is anything due? Cheaper than a transition that finds nothing. */
export function isDue(state: WorkflowState, nowMs: number): boolean {
  const atMs = nextDeadline(state);
  return atMs !== undefined && atMs <= nowMs;
}

/** Handles all that is due. Entries of the index are consumed even if the transition is rolled back: see `reindex`. */
export function runDue(tx: Transition): void {
  const { state } = tx;
  for (let atMs = nextDeadline(state); atMs !== undefined && atMs <= tx.nowMs; atMs = nextDeadline(state)) {
    const entry = state.deadlines.pop() as Deadline;
    handle(tx, entry);
  }
}

function handle(tx: Transition, entry: Deadline): void {
  const { state } = tx;
  switch (entry.kind) {
    case DeadlineKind.RUN_TIMEOUT:
    case DeadlineKind.EXECUTION_TIMEOUT:
      return timeOutRun(tx);
    case DeadlineKind.FIRST_TASK:
      return releaseFirstTask(tx);
    case DeadlineKind.WORKFLOW_TASK:
      timeOutTask(tx);
      return scheduleTask(tx);
    case DeadlineKind.ACTIVITY:
      return timeOutActivity(tx, state.activities.get(entry.eventId) as Activity);
    case DeadlineKind.ACTIVITY_RETRY:
      tx.dispatches.push({ kind: 'activity', scheduledEventId: entry.eventId });
      return;
    case DeadlineKind.CALLBACK:
      return callbackDue(tx, entry.eventId);
    case DeadlineKind.TIMER: {
      const timer = timerByStartedEvent(state, entry.eventId);
      if (timer === undefined) return;
      fireTimer(tx, timer);
      return wakeWorkflow(tx);
    }
  }
}

/** What a run may still have to do after it has closed. */
const OUTLIVES_RUN: ReadonlySet<DeadlineKind> = new Set<DeadlineKind>([DeadlineKind.CALLBACK]);

/** The true time of what an index entry stands for; undefined: it no longer exists. */
function currentDeadline(state: WorkflowState, entry: Deadline): number | undefined {
  if (!isRunning(state) && !OUTLIVES_RUN.has(entry.kind)) return undefined;
  switch (entry.kind) {
    case DeadlineKind.RUN_TIMEOUT:
      return state.runExpirationMs || undefined;
    case DeadlineKind.EXECUTION_TIMEOUT:
      return state.executionExpirationMs || undefined;
    case DeadlineKind.FIRST_TASK:
      return state.firstTaskAtMs || undefined;
    case DeadlineKind.WORKFLOW_TASK:
      return state.task?.scheduledEventId === entry.eventId ? taskDeadline(state) : undefined;
    case DeadlineKind.ACTIVITY: {
      const activity = state.activities.get(entry.eventId);
      return activity === undefined ? undefined : earliestDeadline(activity)?.atMs;
    }
    case DeadlineKind.ACTIVITY_RETRY: {
      const activity = state.activities.get(entry.eventId);
      return activity === undefined ? undefined : attemptDeadline(activity);
    }
    case DeadlineKind.TIMER:
      return timerByStartedEvent(state, entry.eventId)?.fireMs;
    case DeadlineKind.CALLBACK:
      return callbackDeadline(state, entry.eventId);
  }
}

/** Fills an empty index from the state, after a journal was read back. */
export function reindex(state: WorkflowState, nowMs: number): void {
  const { deadlines } = state;
  if (state.runExpirationMs > 0) deadlines.add(state.runExpirationMs, DeadlineKind.RUN_TIMEOUT, 0);
  if (state.executionExpirationMs > 0) deadlines.add(state.executionExpirationMs, DeadlineKind.EXECUTION_TIMEOUT, 0);
  if (state.firstTaskAtMs > 0) deadlines.add(state.firstTaskAtMs, DeadlineKind.FIRST_TASK, 0);
  const taskMs = taskDeadline(state);
  if (taskMs !== undefined) deadlines.add(taskMs, DeadlineKind.WORKFLOW_TASK, state.task?.scheduledEventId ?? 0);
  for (const activity of state.activities.values()) {
    const first = earliestDeadline(activity);
    if (first !== undefined) deadlines.add(first.atMs, DeadlineKind.ACTIVITY, activity.scheduledEventId);
    if (!isActivityReady(activity, nowMs)) expectAttempt(state, activity);
  }
  for (const timer of state.timers.values()) deadlines.add(timer.fireMs, DeadlineKind.TIMER, timer.startedEventId);
  for (const { id, nextAttemptMs } of state.callbacks.values()) {
    if (nextAttemptMs > 0) deadlines.add(nextAttemptMs, DeadlineKind.CALLBACK, id);
  }
}

const NO_TIME_FOR_RETRY =
  'Not enough time to schedule next retry before activity ScheduleToClose timeout, giving up retrying';

/** An attempt, or the whole activity, ran out of time: another attempt follows, or the activity times out. */
function timeOutActivity(tx: Transition, activity: Activity): void {
  const { timeoutType } = earliestDeadline(activity) as { timeoutType: number };
  const cause = activity.lastFailure;
  let type = timeoutType;
  let message = `activity ${timeoutName(timeoutType)} timeout`;
  const attemptFailure = timeoutFailure({ timeoutType, message });
  const retryState =
    timeoutType === TimeoutType.SCHEDULE_TO_START || timeoutType === TimeoutType.SCHEDULE_TO_CLOSE
      ? scheduleTimeoutState(activity)
      : retryActivity(tx, activity, attemptFailure, undefined);
  if (retryState === RetryState.IN_PROGRESS) return;
  if (retryState === RetryState.TIMEOUT && timeoutType !== TimeoutType.SCHEDULE_TO_START) {
    type = TimeoutType.SCHEDULE_TO_CLOSE;
    message = NO_TIME_FOR_RETRY;
  }
  const failure = timeoutFailure({ timeoutType: type, message, heartbeatDetails: activity.heartbeatDetails, cause });
  const { scheduledEventId } = activity;
  const startedEventId = writeStarted(tx, activity);
  tx.addOrBuffer(EventType.ACTIVITY_TASK_TIMED_OUT, {
    activityTaskTimedOutEventAttributes: { failure, scheduledEventId, startedEventId, retryState },
  });
  wakeWorkflow(tx);
}

/** Deadlines that span attempts are never retried; the state says why nothing follows. */
function scheduleTimeoutState(activity: Activity): number {
  if (activity.retryPolicy === undefined) return RetryState.RETRY_POLICY_NOT_SET;
  return activity.cancelRequestedEventId !== 0 ? RetryState.CANCEL_REQUESTED : RetryState.TIMEOUT;
}
