// What activity events do to the state. Decisions are in activities.ts (commands, responses) and
// due.ts (timeouts). An activity is pending from its scheduled event to its close; attempts in between are private.

import { TimeoutType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { ActivityHeartbeat, ActivityRetry, ActivityStarted } from '../../generated/journal.js';
import { own } from '../bytes.ts';
import { fromWireRetryPolicy } from '../retry.ts';
import { DeadlineKind } from './deadlines.ts';
import { notePausedActivity } from './pause-info.ts';
import { fromWirePriority } from './priority.ts';
import type { Activity, ActivityControl, WorkflowState } from './state.ts';

export function evolveActivityScheduled(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.activityTaskScheduledEventAttributes ?? {};
  const scheduledEventId = event.eventId ?? 0;
  const firstScheduledMs = event.eventTime ?? 0;
  const activity: Activity = {
    scheduledEventId,
    activityId: a.activityId ?? '',
    activityType: a.activityType?.name ?? '',
    input: own(a.input),
    header: own(a.header),
    useWorkflowBuildId: a.useWorkflowBuildId ?? false,
    taskQueue: a.taskQueue?.name ?? '',
    scheduleToCloseMs: a.scheduleToCloseTimeout ?? 0,
    scheduleToStartMs: a.scheduleToStartTimeout ?? 0,
    startToCloseMs: a.startToCloseTimeout ?? 0,
    heartbeatMs: a.heartbeatTimeout ?? 0,
    retryPolicy: fromWireRetryPolicy(a.retryPolicy),
    priority: fromWirePriority(a.priority),
    firstScheduledMs,
    attempt: 1,
    attemptScheduledMs: firstScheduledMs,
    startedMs: 0,
    startedAttempt: 0,
    requestId: '',
    identity: '',
    lastHeartbeatMs: 0,
    heartbeatDetails: undefined,
    cancelRequestedEventId: 0,
    lastFailure: undefined,
    attemptEndedMs: 0,
    control: UNTOUCHED,
  };
  state.activityIds.set(activity.activityId, scheduledEventId);
  putActivity(state, activity);
}

const UNTOUCHED: ActivityControl = {
  stamp: 0,
  pause: undefined,
  resetRequested: false,
  heartbeatReset: false,
  resetRequestId: '',
  original: undefined,
};

export function evolveActivityStarted(state: WorkflowState, event: Init<ActivityStarted>): void {
  const activity = pendingActivity(state, event.scheduledEventId ?? 0);
  putActivity(state, {
    ...activity,
    startedMs: event.startedMs ?? 0,
    startedAttempt: activity.attempt,
    requestId: event.requestId ?? '',
    identity: event.identity ?? '',
  });
}

/**
 * The event is written together with the activity's close, when the state knows long since that it started. Only of a
 * history that was cut off between the two (reset) nothing else tells.
 */
export function evolveActivityTaskStarted(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.activityTaskStartedEventAttributes ?? {};
  const activity = state.activities.get(a.scheduledEventId ?? 0);
  if (activity === undefined || activity.startedMs !== 0) return;
  const { requestId = '', identity = '', attempt = 1 } = a;
  putActivity(state, {
    ...activity,
    startedMs: event.eventTime ?? 0,
    startedAttempt: attempt,
    requestId,
    identity,
    attempt,
  });
}

/** Of a run that was reset: what is pending begins anew. */
export function rescheduleActivities(state: WorkflowState, nowMs: number): void {
  for (const activity of state.activities.values()) {
    putActivity(state, { ...activity, firstScheduledMs: nowMs, attemptScheduledMs: nowMs });
  }
}

export function evolveActivityRetry(state: WorkflowState, event: Init<ActivityRetry>): void {
  const activity = pendingActivity(state, event.scheduledEventId ?? 0);
  const { control } = activity;
  const heartbeatDetails = event.hasHeartbeatDetails ? own(event.heartbeatDetails) : activity.heartbeatDetails;
  const next = {
    ...activity,
    attempt: event.attempt ?? 1,
    attemptScheduledMs: event.nextAttemptMs ?? 0,
    startedMs: 0,
    requestId: '',
    lastFailure: own(event.lastFailure),
    heartbeatDetails: control.heartbeatReset ? undefined : heartbeatDetails,
    lastHeartbeatMs: control.heartbeatReset ? 0 : activity.lastHeartbeatMs,
    attemptEndedMs: event.endedMs ?? 0,
    control: control.resetRequested ? { ...control, resetRequested: false, heartbeatReset: false } : control,
  };
  putActivity(state, next);
  expectAttempt(state, next);
}

export function evolveActivityHeartbeat(state: WorkflowState, event: Init<ActivityHeartbeat>): void {
  const activity = pendingActivity(state, event.scheduledEventId ?? 0);
  // A heartbeat only moves the deadline later: the entry in the index finds that out when its time comes.
  state.activities.set(activity.scheduledEventId, {
    ...activity,
    lastHeartbeatMs: event.atMs ?? 0,
    heartbeatDetails: own(event.details),
  });
}

export function evolveActivityCancelRequested(state: WorkflowState, event: Init<HistoryEvent>): void {
  const scheduledEventId = event.activityTaskCancelRequestedEventAttributes?.scheduledEventId ?? 0;
  const activity = state.activities.get(scheduledEventId);
  // A worker may ask to cancel an activity that has just closed.
  if (activity === undefined) return;
  state.activities.set(scheduledEventId, { ...activity, cancelRequestedEventId: event.eventId ?? 0 });
}

export function evolveActivityClosed(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  const activity = pendingActivity(state, a?.scheduledEventId ?? 0);
  const { scheduledEventId, activityId } = activity;
  state.activities.delete(scheduledEventId);
  // A close out of the buffer may come after a new activity with the same id.
  if (state.activityIds.get(activityId) === scheduledEventId) state.activityIds.delete(activityId);
  notePausedActivity(state, activity, undefined);
}

export function pendingActivity(state: WorkflowState, scheduledEventId: number): Activity {
  const activity = state.activities.get(scheduledEventId);
  if (activity === undefined) throw new Error(`no pending activity with scheduled event ${scheduledEventId}`);
  return activity;
}

export function putActivity(state: WorkflowState, activity: Activity): void {
  state.activities.set(activity.scheduledEventId, activity);
  const deadline = earliestDeadline(activity);
  if (deadline !== undefined) state.deadlines.add(deadline.atMs, DeadlineKind.ACTIVITY, activity.scheduledEventId);
}

/** From its time on the attempt is ready for a worker: the index has to say when. */
export function expectAttempt(state: WorkflowState, activity: Activity): void {
  const atMs = attemptDeadline(activity);
  if (atMs !== undefined) state.deadlines.add(atMs, DeadlineKind.ACTIVITY_RETRY, activity.scheduledEventId);
}

/** When the attempt becomes ready for a worker; undefined: it has one, is paused, or was ready when it was scheduled. */
export function attemptDeadline(activity: Activity): number | undefined {
  const { startedMs, attempt, control } = activity;
  if (startedMs !== 0 || control.pause !== undefined) return undefined;
  return attempt > 1 || control.stamp > 0 ? activity.attemptScheduledMs : undefined;
}

/** The first timeout that this activity would run into. Its clocks go on while it is paused, but do not strike. */
export function earliestDeadline(
  activity: Activity,
): { readonly atMs: number; readonly timeoutType: number } | undefined {
  if (activity.control.pause !== undefined) return undefined;
  let atMs = Number.POSITIVE_INFINITY;
  let timeoutType = 0;
  const consider = (at: number, type: number) => {
    if (at < atMs) {
      atMs = at;
      timeoutType = type;
    }
  };
  const { scheduleToCloseMs, scheduleToStartMs, startToCloseMs, heartbeatMs, startedMs } = activity;
  if (scheduleToCloseMs > 0) consider(activity.firstScheduledMs + scheduleToCloseMs, TimeoutType.SCHEDULE_TO_CLOSE);
  if (startedMs === 0) {
    if (scheduleToStartMs > 0) consider(activity.attemptScheduledMs + scheduleToStartMs, TimeoutType.SCHEDULE_TO_START);
  } else {
    if (startToCloseMs > 0) consider(startedMs + startToCloseMs, TimeoutType.START_TO_CLOSE);
    if (heartbeatMs > 0) consider(Math.max(startedMs, activity.lastHeartbeatMs) + heartbeatMs, TimeoutType.HEARTBEAT);
  }
  return timeoutType === 0 ? undefined : { atMs, timeoutType };
}
