// Activities: the commands that schedule and cancel them, a worker that takes an attempt, and the worker's answers.
// Attempts and heartbeats are private; the history sees an activity when it is scheduled and when it is closed, with
// its started event written just before the close.

import { invalidArgument, jsonPayload, notFound } from '@perdure/api';
import type {
  RequestCancelActivityTaskCommandAttributes,
  ScheduleActivityTaskCommandAttributes,
} from '@perdure/api/command';
import { Payloads } from '@perdure/api/common';
import { WorkflowTaskFailedCause as Cause, EventType, RetryState, TaskQueueKind } from '@perdure/api/enums';
import { truncateFailure } from '../failures.ts';
import {
  checkRetryPolicy,
  isRetryableFailure,
  nextAttemptAfter,
  toWireRetryPolicy,
  withRetryDefaults,
} from '../retry.ts';
import { checkTimeouts, normaliseTimeouts } from './activity-options.ts';
import { BadCommand } from './bad-command.ts';
import { hasBufferedClose } from './buffer.ts';
import { byteLength, checkBlob, checkTaskQueueName } from './checks.ts';
import type { CommandContext } from './commands.ts';
import { checkPriority } from './priority.ts';
import { type Activity, isRunning, type WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';
import { wakeWorkflow } from './wake.ts';

export function scheduleActivity(command: CommandContext, a: ScheduleActivityTaskCommandAttributes): void {
  const { tx } = command;
  const taskQueue = a.taskQueue?.name ?? '';
  checkScheduleAttributes(tx, a);
  checkBlob(tx, Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES, 'ScheduleActivityTaskCommandAttributes.Input', a.input);
  const { pendingActivitiesMax } = tx.context.limits;
  if (pendingActivitiesMax > 0 && tx.state.activities.size >= pendingActivitiesMax) {
    throw new BadCommand(
      Cause.PENDING_ACTIVITIES_LIMIT_EXCEEDED,
      `the number of pending activities, ${tx.state.activities.size}, has reached the per-workflow limit of ${pendingActivitiesMax}`,
    );
  }
  if (tx.state.activityIds.has(a.activityId)) {
    throw new BadCommand(Cause.SCHEDULE_ACTIVITY_DUPLICATE_ID, `ActivityId already in use. ActivityId=${a.activityId}`);
  }
  const scheduledEventId = tx.add(EventType.ACTIVITY_TASK_SCHEDULED, {
    activityTaskScheduledEventAttributes: {
      activityId: a.activityId,
      activityType: a.activityType,
      taskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
      header: a.header,
      input: a.input,
      ...normaliseTimeouts(a, tx.state.runTimeoutMs),
      workflowTaskCompletedEventId: command.completedEventId,
      retryPolicy: toWireRetryPolicy(withRetryDefaults(a.retryPolicy, tx.context.limits.activityRetryDefaults)),
      useWorkflowBuildId: a.useWorkflowBuildId,
      priority: a.priority,
    },
  });
  if (a.requestEagerExecution && command.eager !== undefined) command.eager.push(scheduledEventId);
  else tx.dispatches.push({ kind: 'activity', scheduledEventId });
}

function checkScheduleAttributes(tx: Transition, a: ScheduleActivityTaskCommandAttributes): void {
  const problem =
    queueProblem(tx, a) ?? scheduleProblem(tx.context.limits.idLengthMax, a) ?? buildIdProblem(tx.state.taskQueue, a);
  if (problem !== undefined) throw new BadCommand(Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES, problem);
}

function queueProblem(tx: Transition, { taskQueue }: ScheduleActivityTaskCommandAttributes): string | undefined {
  if (taskQueue === undefined) return 'taskQueue is not set';
  return checkTaskQueueName(taskQueue.name, tx.context.limits.idLengthMax);
}

/** The build id of the workflow's workers means nothing in another queue. */
function buildIdProblem(workflowQueue: string, a: ScheduleActivityTaskCommandAttributes): string | undefined {
  return a.useWorkflowBuildId && a.taskQueue?.name !== workflowQueue
    ? 'Activity with UseCompatibleVersion cannot run on different task queue.'
    : undefined;
}

function scheduleProblem(lengthMax: number, a: ScheduleActivityTaskCommandAttributes): string | undefined {
  const type = a.activityType?.name ?? '';
  if (a.activityId === '') return 'activityId is not set';
  if (type === '') return 'activityType is not set';
  const retryProblem = checkRetryPolicy(a.retryPolicy);
  if (retryProblem !== undefined) return retryProblem;
  const tooLong = (name: string, value: string) => {
    const length = byteLength(value);
    return length > lengthMax ? `${name} exceeds length limit. Length=${length} Limit=${lengthMax}` : undefined;
  };
  const lengthProblem = tooLong('activityId', a.activityId) ?? tooLong('activityType', type);
  if (lengthProblem !== undefined) return lengthProblem;
  const priorityProblem = checkPriority(a.priority);
  if (priorityProblem !== undefined) return `invalid priorities: ${priorityProblem}`;
  return checkTimeouts(a, a.activityId, type);
}

/** Details of a cancellation that found the activity not started yet: SDKs know the text. */
const NOT_STARTED_DETAILS = Payloads.encode({ payloads: [jsonPayload('ACTIVITY_ID_NOT_STARTED')] });

export function requestCancelActivity(command: CommandContext, a: RequestCancelActivityTaskCommandAttributes): void {
  const { tx } = command;
  const { scheduledEventId } = a;
  const bad = (message: string) => new BadCommand(Cause.BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES, message);
  if (scheduledEventId <= 0) throw bad('ScheduledEventId is not set on RequestCancelActivityTaskCommand.');
  const activity = tx.state.activities.get(scheduledEventId);
  // The worker may ask to cancel what closed while its task ran: that is recorded, and nothing else happens.
  if (activity === undefined && !hasBufferedClose(tx.state, scheduledEventId, command.putOff)) {
    throw bad(`no pending activity to cancel. ScheduledEventId=${scheduledEventId}`);
  }
  if (activity !== undefined && activity.cancelRequestedEventId !== 0) {
    throw bad(`cancellation was already requested for the activity. ScheduledEventId=${scheduledEventId}`);
  }
  const cancelRequestedEventId = tx.add(EventType.ACTIVITY_TASK_CANCEL_REQUESTED, {
    activityTaskCancelRequestedEventAttributes: {
      scheduledEventId,
      workflowTaskCompletedEventId: command.completedEventId,
    },
  });
  if (activity === undefined || activity.startedMs !== 0) return;
  // Behind the events of all commands; and if one of them closes the workflow, nobody is told any more.
  tx.buffer(EventType.ACTIVITY_TASK_CANCELED, {
    activityTaskCanceledEventAttributes: {
      details: NOT_STARTED_DETAILS,
      latestCancelRequestedEventId: cancelRequestedEventId,
      scheduledEventId,
      startedEventId: 0,
      identity: command.identity,
    },
  });
  command.putOff++;
  command.needsNewTask = true;
}

/** A worker takes the attempt that is ready. Returns the activity as it is now. */
export function startActivity(tx: Transition, scheduledEventId: number, identity: string, requestId: string): Activity {
  tx.note({ activityStarted: { scheduledEventId, startedMs: tx.nowMs, requestId, identity } });
  return tx.state.activities.get(scheduledEventId) as Activity;
}

/** The worker that scheduled these takes them, as far as they still wait when all its commands are carried out. */
export function startEagerly(tx: Transition, scheduledEventIds: readonly number[], taker: EagerTaker): Activity[] {
  const started: Activity[] = [];
  for (const scheduledEventId of scheduledEventIds) {
    if (!tx.state.activities.has(scheduledEventId)) continue;
    started.push(startActivity(tx, scheduledEventId, taker.identity, taker.newRequestId()));
  }
  return started;
}

export interface EagerTaker {
  readonly identity: string;
  /** Ids are chosen outside. */
  readonly newRequestId: () => string;
}

/** Ready for a worker: not started, not paused, and its back-off is over. */
export function isActivityReady(activity: Activity, nowMs: number): boolean {
  const { startedMs, control, attemptScheduledMs } = activity;
  return startedMs === 0 && control.pause === undefined && attemptScheduledMs <= nowMs;
}

/** How a worker names an activity: by the token of an attempt, or by its id (then any attempt will do). */
export type ActivityRef =
  | { readonly scheduledEventId: number; readonly attempt: number; readonly startedMs: number }
  | { readonly activityId: string };

/** @throws NOT_FOUND if it is not the attempt that is running */
export function findStartedActivity(state: WorkflowState, ref: ActivityRef): Activity {
  const activity = findActivity(state, ref);
  if (activity.startedMs === 0) throw notFound(NO_SUCH_ACTIVITY);
  return activity;
}

/**
 * The activity to complete. Whoever knows its id may complete it before any worker has taken it: then it starts and
 * completes in one.
 * @throws NOT_FOUND
 */
export function findActivityToComplete(tx: Transition, ref: ActivityRef, identity: string): Activity {
  const activity = findActivity(tx.state, ref);
  return activity.startedMs === 0 ? startActivity(tx, activity.scheduledEventId, identity, '') : activity;
}

const NO_SUCH_ACTIVITY = 'invalid activityID or activity already timed out or invoking workflow is completed';

function findActivity(state: WorkflowState, ref: ActivityRef): Activity {
  if (!isRunning(state)) throw notFound('workflow execution already completed');
  if ('activityId' in ref) {
    const activity = state.activities.get(state.activityIds.get(ref.activityId) ?? 0);
    if (activity !== undefined) return activity;
    throw notFound(
      `cannot find pending activity with ActivityID ${ref.activityId}, check workflow execution history for more details`,
    );
  }
  const activity = state.activities.get(ref.scheduledEventId);
  const stale =
    activity?.startedAttempt !== ref.attempt || activity.startedMs !== ref.startedMs || activity.startedMs === 0;
  if (stale) throw notFound(NO_SUCH_ACTIVITY);
  return activity;
}

export function completeActivity(
  tx: Transition,
  activity: Activity,
  result: Uint8Array | undefined,
  identity: string,
): void {
  const { scheduledEventId } = activity;
  const startedEventId = writeStarted(tx, activity);
  tx.addOrBuffer(EventType.ACTIVITY_TASK_COMPLETED, {
    activityTaskCompletedEventAttributes: { result, scheduledEventId, startedEventId, identity },
  });
  wakeWorkflow(tx);
}

export function cancelActivity(
  tx: Transition,
  activity: Activity,
  details: Uint8Array | undefined,
  identity: string,
): void {
  const { scheduledEventId, cancelRequestedEventId } = activity;
  if (cancelRequestedEventId === 0) {
    throw invalidArgument('unable to mark activity as canceled without activity being request canceled first');
  }
  const startedEventId = writeStarted(tx, activity);
  tx.addOrBuffer(EventType.ACTIVITY_TASK_CANCELED, {
    activityTaskCanceledEventAttributes: {
      details,
      latestCancelRequestedEventId: cancelRequestedEventId,
      scheduledEventId,
      startedEventId,
      identity,
    },
  });
  wakeWorkflow(tx);
}

/** The attempt failed: another one follows, or the activity fails. */
export function failActivity(
  tx: Transition,
  activity: Activity,
  failed: {
    readonly failure: Uint8Array | undefined;
    readonly heartbeatDetails?: Uint8Array | undefined;
    readonly identity: string;
  },
): void {
  const retryState = retryActivity(tx, activity, failed.failure, failed.heartbeatDetails);
  if (retryState === RetryState.IN_PROGRESS) return;
  const { scheduledEventId } = activity;
  const startedEventId = writeStarted(tx, activity);
  tx.addOrBuffer(EventType.ACTIVITY_TASK_FAILED, {
    activityTaskFailedEventAttributes: {
      failure: failed.failure,
      scheduledEventId,
      startedEventId,
      identity: failed.identity,
      retryState,
    },
  });
  wakeWorkflow(tx);
}

/** Plans the next attempt if there is to be one. Returns the RetryState. */
export function retryActivity(
  tx: Transition,
  activity: Activity,
  failureBytes: Uint8Array | undefined,
  heartbeatDetails: Uint8Array | undefined,
): number {
  const { retryPolicy, attempt } = activity;
  if (retryPolicy === undefined) return RetryState.RETRY_POLICY_NOT_SET;
  if (activity.cancelRequestedEventId !== 0) return RetryState.CANCEL_REQUESTED;
  if (activity.control.pause !== undefined && isRetryableFailure(failureBytes, retryPolicy)) {
    // It waits to be unpaused, however many attempts there were and however late it is.
    planAttempt(tx, activity, tx.nowMs, failureBytes, heartbeatDetails);
    return RetryState.IN_PROGRESS;
  }
  const expirationMs = activity.scheduleToCloseMs > 0 ? activity.firstScheduledMs + activity.scheduleToCloseMs : 0;
  const next = nextAttemptAfter(failureBytes, retryPolicy, attempt, tx.nowMs, expirationMs);
  if (next.delayMs === undefined) return next.retryState;
  planAttempt(tx, activity, tx.nowMs + next.delayMs, failureBytes, heartbeatDetails);
  return next.retryState;
}

function planAttempt(
  tx: Transition,
  activity: Activity,
  nextAttemptMs: number,
  failureBytes: Uint8Array | undefined,
  heartbeatDetails: Uint8Array | undefined,
): void {
  tx.note({
    activityRetry: {
      scheduledEventId: activity.scheduledEventId,
      attempt: activity.attempt + 1,
      nextAttemptMs,
      endedMs: tx.nowMs,
      lastFailure: truncateFailure(failureBytes, tx.context.limits.activityFailureSizeMax),
      heartbeatDetails,
      hasHeartbeatDetails: heartbeatDetails !== undefined,
    },
  });
}

export function heartbeatActivity(tx: Transition, activity: Activity, details: Uint8Array | undefined): void {
  tx.note({ activityHeartbeat: { scheduledEventId: activity.scheduledEventId, atMs: tx.nowMs, details } });
}

/**
 * The started event of the last attempt. Returns its id, 0 if the attempt never started or the event is buffered
 * (then its id is filled in when the buffer is flushed).
 */
export function writeStarted(tx: Transition, activity: Activity): number {
  if (activity.startedMs === 0) return 0;
  const { scheduledEventId, identity, requestId, attempt, lastFailure } = activity;
  return tx.addOrBuffer(
    EventType.ACTIVITY_TASK_STARTED,
    { activityTaskStartedEventAttributes: { scheduledEventId, identity, requestId, attempt, lastFailure } },
    activity.startedMs,
  );
}
