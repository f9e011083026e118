// What activity events do to the state. Decisions are in activities.ts (commands, responses) and
// due.ts (timeouts). An activity is pending from its scheduled event to its close; attempts in between are private.

import { TimeoutType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { ActivityHeartbeat, ActivityRetry, ActivityStarted } from '../../generated/journal.js';
import { own } from '../bytes.ts';
import { fromWireRetryPolicy } from '../retry.ts';
import { DeadlineKind } from './deadlines.ts';
import type { Activity, WorkflowState } from './state.ts';

export function evolveActivityScheduled(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.activityTaskScheduledEventAttributes ?? {};
  const scheduledEventId = event.eventId ?? 0;
  const firstScheduledMs = event.eventTime ?? 0;
  const activity: Activity = {
    scheduledEventId,
    activityId: a.activityId ?? '',
    activityType: a.activityType?.name ?? '',
    taskQueue: a.taskQueue?.name ?? '',
    input: own(a.input),
    header: own(a.header),
    scheduleToCloseMs: a.scheduleToCloseTimeout ?? 0,
    scheduleToStartMs: a.scheduleToStartTimeout ?? 0,
    startToCloseMs: a.startToCloseTimeout ?? 0,
    heartbeatMs: a.heartbeatTimeout ?? 0,
    retryPolicy: fromWireRetryPolicy(a.retryPolicy),
    priority: inherit(state.priority, a.priority),
    firstScheduledMs,
    attempt: 1,
    attemptScheduledMs: firstScheduledMs,
    startedMs: 0,
    requestId: '',
    identity: '',
    lastHeartbeatMs: 0,
    heartbeatDetails: undefined,
    cancelRequestedEventId: 0,
    lastFailure: undefined,
  };
  state.activityIds.set(activity.activityId, scheduledEventId);
  put(state, activity);
}

/** What the activity does not say itself it has from its workflow, field by field. */
function inherit(
  workflow: Activity['priority'],
  given: NonNullable<Init<HistoryEvent>['activityTaskScheduledEventAttributes']>['priority'],
): Activity['priority'] {
  if (given === undefined) return workflow;
  return {
    priorityKey: given.priorityKey || workflow?.priorityKey || 0,
    fairnessKey: given.fairnessKey || workflow?.fairnessKey || '',
    fairnessWeight: given.fairnessWeight || workflow?.fairnessWeight || 0,
  };
}

export function evolveActivityStarted(state: WorkflowState, event: Init<ActivityStarted>): void {
  const activity = pending(state, event.scheduledEventId ?? 0);
  put(state, {
    ...activity,
    startedMs: event.startedMs ?? 0,
    requestId: event.requestId ?? '',
    identity: event.identity ?? '',
    lastHeartbeatMs: 0,
  });
}

export function evolveActivityRetry(state: WorkflowState, event: Init<ActivityRetry>): void {
  const activity = pending(state, event.scheduledEventId ?? 0);
  const attemptScheduledMs = event.nextAttemptMs ?? 0;
  put(state, {
    ...activity,
    attempt: event.attempt ?? 1,
    attemptScheduledMs,
    startedMs: 0,
    requestId: '',
    lastFailure: own(event.lastFailure),
    heartbeatDetails: event.hasHeartbeatDetails ? own(event.heartbeatDetails) : activity.heartbeatDetails,
  });
  state.deadlines.add(attemptScheduledMs, DeadlineKind.ACTIVITY_RETRY, activity.scheduledEventId);
}

export function evolveActivityHeartbeat(state: WorkflowState, event: Init<ActivityHeartbeat>): void {
  const activity = pending(state, event.scheduledEventId ?? 0);
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
  const activity = pending(state, a?.scheduledEventId ?? 0);
  state.activities.delete(activity.scheduledEventId);
  state.activityIds.delete(activity.activityId);
}

function pending(state: WorkflowState, scheduledEventId: number): Activity {
  const activity = state.activities.get(scheduledEventId);
  if (activity === undefined) throw new Error(`no pending activity with scheduled event ${scheduledEventId}`);
  return activity;
}

function put(state: WorkflowState, activity: Activity): void {
  state.activities.set(activity.scheduledEventId, activity);
  const deadline = earliestDeadline(activity);
  if (deadline !== undefined) state.deadlines.add(deadline.atMs, DeadlineKind.ACTIVITY, activity.scheduledEventId);
}

/** The first timeout that this activity would run into. */
export function earliestDeadline(
  activity: Activity,
): { readonly atMs: number; readonly timeoutType: number } | undefined {
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
