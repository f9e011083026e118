// What is done to pending activities from outside: pause, unpause, reset, other options. None of it is in the history;
// each is a private event. A worker that has an attempt keeps it: it hears of a pause or reset with its next heartbeat,
// and only what comes after its attempt is different. A paused activity has no deadlines until it is unpaused.

import { failedPrecondition, notFound } from '@perdure/api';
import { ActivityOptions as WireOptions } from '@perdure/api/activity';
import type { Init } from '@perdure/api/wire';
import type {
  ActivityOptionsSet,
  ActivityPaused,
  ActivityUnpaused,
  ActivityWasReset,
} from '../../generated/journal.js';
import { own } from '../bytes.ts';
import { backoff } from '../retry.ts';
import { expectAttempt, pendingActivity, putActivity } from './activity-evolve.ts';
import { changeOptions, fromWireOptions, type OptionsChange, optionsOf, toWireOptions } from './activity-options.ts';
import { notePausedActivity } from './pause-info.ts';
import { type Activity, type ActivityOptions, isRunning, type WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';

/** Which pending activities a request means. */
export type ActivitySelection = { readonly id: string } | { readonly type: string } | { readonly all: true };

/** @throws NOT_FOUND if there is none */
export function selectActivities(state: WorkflowState, selection: ActivitySelection): Activity[] {
  if (!isRunning(state)) throw notFound('workflow execution already completed');
  const selected = [...candidates(state, selection)];
  if (selected.length > 0) return selected;
  throw notFound("Can't find pending activity with such ID. Invalid activityID or activity already completed");
}

function* candidates(state: WorkflowState, selection: ActivitySelection): Iterable<Activity> {
  if ('id' in selection) {
    const activity = state.activities.get(state.activityIds.get(selection.id) ?? 0);
    if (activity !== undefined) yield activity;
    return;
  }
  for (const activity of state.activities.values()) {
    if ('all' in selection || activity.activityType === selection.type) yield activity;
  }
}

export interface PauseRequest {
  readonly requestId: string;
  readonly identity: string;
  readonly reason: string;
}

/** @throws FAILED_PRECONDITION if another request has paused it */
export function pauseActivity(tx: Transition, activity: Activity, request: PauseRequest): void {
  const { pause } = activity.control;
  if (pause === undefined) {
    tx.note({ activityPaused: { scheduledEventId: activity.scheduledEventId, atMs: tx.nowMs, ...request } });
  } else if (pause.requestId !== request.requestId) throw failedPrecondition('activity is already paused');
}

export interface UnpauseRequest {
  readonly resetAttempts: boolean;
  readonly resetHeartbeat: boolean;
  /** How long after now the attempt may begin: chance is chosen outside. */
  readonly delayMs: number;
}

/** An activity that is not paused stays as it is. */
export function unpauseActivity(tx: Transition, activity: Activity, request: UnpauseRequest): void {
  if (activity.control.pause === undefined) return;
  const { resetAttempts, resetHeartbeat, delayMs } = request;
  const { scheduledEventId } = activity;
  const nextAttemptMs = tx.nowMs + delayMs;
  tx.note({ activityUnpaused: { scheduledEventId, resetAttempts, resetHeartbeat, nextAttemptMs } });
}

export interface ResetRequest {
  /** Takes effect once; empty: this one always does. */
  readonly requestId: string;
  readonly resetHeartbeat: boolean;
  readonly keepPaused: boolean;
  readonly restoreOptions: boolean;
  /** How long after now the attempt may begin: chance is chosen outside. */
  readonly delayMs: number;
}

export function resetActivity(tx: Transition, activity: Activity, request: ResetRequest): void {
  const { requestId, resetHeartbeat, keepPaused, restoreOptions, delayMs } = request;
  if (requestId !== '' && requestId === activity.control.resetRequestId) return;
  const { scheduledEventId } = activity;
  const nextAttemptMs = tx.nowMs + delayMs;
  tx.note({
    activityWasReset: { scheduledEventId, resetHeartbeat, keepPaused, restoreOptions, nextAttemptMs, requestId },
  });
}

/** Returns the options as they are now. @throws INVALID_ARGUMENT */
export function updateActivityOptions(tx: Transition, activity: Activity, change: OptionsChange): ActivityOptions {
  const options = changeOptions(activity, change, tx.context.limits.idLengthMax);
  setOptions(tx, activity, options, WireOptions.encode(toWireOptions(options)));
  return options;
}

/** Returns the options that the activity was scheduled with: they hold again. */
export function restoreActivityOptions(tx: Transition, activity: Activity): ActivityOptions {
  const options = activity.control.original ?? optionsOf(activity);
  setOptions(tx, activity, options, undefined);
  return options;
}

function setOptions(
  tx: Transition,
  activity: Activity,
  options: ActivityOptions,
  encoded: Uint8Array | undefined,
): void {
  const { scheduledEventId, attempt, attemptEndedMs, attemptScheduledMs } = activity;
  // A back-off is counted anew, with the interval that holds now.
  const waits = attempt > 1 && activity.startedMs === 0 && options.retryPolicy !== undefined;
  const nextAttemptMs = waits ? attemptEndedMs + backoff(options.retryPolicy, attempt - 1) : attemptScheduledMs;
  tx.note({ activityOptionsSet: { scheduledEventId, options: encoded, nextAttemptMs } });
}

export function evolveActivityPaused(state: WorkflowState, event: Init<ActivityPaused>): void {
  const activity = pendingActivity(state, event.scheduledEventId ?? 0);
  const { atMs = 0, requestId = '', identity = '', reason = '' } = event;
  const pause = { atMs, requestId, identity, reason };
  const paused = { ...activity, control: { ...activity.control, pause } };
  putActivity(state, paused);
  notePausedActivity(state, activity, paused);
}

export function evolveActivityUnpaused(state: WorkflowState, event: Init<ActivityUnpaused>): void {
  const activity = pendingActivity(state, event.scheduledEventId ?? 0);
  scheduleAgain(state, {
    ...(event.resetHeartbeat === true ? withoutHeartbeat(activity) : activity),
    attempt: event.resetAttempts === true ? 1 : activity.attempt,
    attemptScheduledMs: activity.startedMs === 0 ? (event.nextAttemptMs ?? 0) : activity.attemptScheduledMs,
    control: { ...activity.control, pause: undefined },
  });
}

export function evolveActivityWasReset(state: WorkflowState, event: Init<ActivityWasReset>): void {
  const before = pendingActivity(state, event.scheduledEventId ?? 0);
  const started = before.startedMs !== 0;
  const restored = event.restoreOptions === true ? withOriginalOptions(before) : before;
  const activity = event.resetHeartbeat === true && !started ? withoutHeartbeat(restored) : restored;
  const { control } = activity;
  scheduleAgain(state, {
    ...activity,
    attempt: 1,
    ...(started ? {} : { attemptScheduledMs: event.nextAttemptMs ?? 0, lastFailure: undefined }),
    control: {
      ...control,
      resetRequestId: event.requestId || control.resetRequestId,
      pause: event.keepPaused === true ? control.pause : undefined,
      resetRequested: started,
      heartbeatReset: started && (control.heartbeatReset || event.resetHeartbeat === true),
    },
  });
}

export function evolveActivityOptionsSet(state: WorkflowState, event: Init<ActivityOptionsSet>): void {
  const before = pendingActivity(state, event.scheduledEventId ?? 0);
  const original = before.control.original ?? optionsOf(before);
  const encoded = own(event.options);
  const activity =
    encoded === undefined
      ? withOriginalOptions(before)
      : {
          ...before,
          ...fromWireOptions(WireOptions.decode(encoded)),
          control: { ...before.control, original },
        };
  scheduleAgain(state, { ...activity, attemptScheduledMs: event.nextAttemptMs ?? 0 });
}

function withoutHeartbeat(activity: Activity): Activity {
  return { ...activity, heartbeatDetails: undefined, lastHeartbeatMs: 0 };
}

function withOriginalOptions(activity: Activity): Activity {
  const { control } = activity;
  return { ...activity, ...control.original, control: { ...control, original: undefined } };
}

/** What waits in a queue is void from here on; the attempt waits for its time anew. */
function scheduleAgain(state: WorkflowState, activity: Activity): void {
  const changed = { ...activity, control: { ...activity.control, stamp: activity.control.stamp + 1 } };
  notePausedActivity(state, pendingActivity(state, activity.scheduledEventId), changed);
  putActivity(state, changed);
  expectAttempt(state, changed);
}
