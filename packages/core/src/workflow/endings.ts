// What ended with a transition: activities and their attempts, workflow tasks. Read from what the transition writes, for
// those who count; no decision depends on it. Of nearly all events only the type is looked at.

import { EventType, TimeoutType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import { HistoryEvent } from '@perdure/api/history';
import { Reader } from '@perdure/api/wire';
import { PrivateEvent } from '../../generated/journal.js';
import type { JournalEntry } from './journal.ts';

export interface Ending {
  /** `attempt`: another attempt of the activity follows. */
  readonly of: 'activity' | 'attempt' | 'workflowTask';
  readonly end: 'completed' | 'failed' | 'timedOut' | 'canceled';
  /** `TimeoutType`; UNSPECIFIED if it did not time out. */
  readonly timeoutType: number;
}

/** Field 1 of `History` and of `PrivateEvents`: one event. */
const EVENT_TAG = 1 * 8 + 2;
/** Of `HistoryEvent`. */
const EVENT_TYPE_TAG = 3 * 8;
/** Of `PrivateEvent`. */
const TASK_ENDED_TAG = 5 * 8 + 2;
const ACTIVITY_RETRY_TAG = 12 * 8 + 2;

const NONE: readonly Ending[] = [];
const ENDED = {
  activityCompleted: ended('activity', 'completed'),
  activityFailed: ended('activity', 'failed'),
  activityCanceled: ended('activity', 'canceled'),
  attemptFailed: ended('attempt', 'failed'),
  workflowTaskFailed: ended('workflowTask', 'failed'),
} as const;

export function endingsOf({ publicBytes, privateBytes }: JournalEntry): readonly Ending[] {
  let endings: Ending[] | undefined;
  for (const [bytes, endingOf] of [
    [publicBytes, publicEnding],
    [privateBytes, privateEnding],
  ] as const) {
    if (bytes.length === 0) continue;
    const reader = new Reader(bytes);
    while (reader.pos < reader.limit) {
      const tag = reader.tag();
      if (tag !== EVENT_TAG) throw new Error(`field ${tag >> 3} in a list of events`);
      const end = reader.enter();
      const ending = endingOf(reader, end);
      if (ending !== undefined) (endings ??= []).push(ending);
      reader.pos = end;
      reader.exit(end);
    }
  }
  return endings ?? NONE;
}

function publicEnding(reader: Reader, end: number): Ending | undefined {
  const start = reader.pos;
  switch (eventType(reader, end)) {
    case EventType.ACTIVITY_TASK_COMPLETED:
      return ENDED.activityCompleted;
    case EventType.ACTIVITY_TASK_FAILED:
      return ENDED.activityFailed;
    case EventType.ACTIVITY_TASK_CANCELED:
      return ENDED.activityCanceled;
    case EventType.WORKFLOW_TASK_FAILED:
      return ENDED.workflowTaskFailed;
    case EventType.ACTIVITY_TASK_TIMED_OUT:
    case EventType.WORKFLOW_TASK_TIMED_OUT:
      return timeout(HistoryEvent.decode(reader.buf.subarray(start, end)));
    default:
      return undefined;
  }
}

function eventType(reader: Reader, end: number): number {
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === EVENT_TYPE_TAG) return reader.uint32();
    reader.skip(tag);
  }
  return EventType.UNSPECIFIED;
}

function timeout(event: HistoryEvent): Ending {
  const task = event.workflowTaskTimedOutEventAttributes;
  if (task !== undefined) return ended('workflowTask', 'timedOut', task.timeoutType);
  return ended('activity', 'timedOut', timeoutTypeOf(event.activityTaskTimedOutEventAttributes?.failure));
}

function privateEnding(reader: Reader, end: number): Ending | undefined {
  const start = reader.pos;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === ACTIVITY_RETRY_TAG || tag === TASK_ENDED_TAG) {
      return attemptEnding(PrivateEvent.decode(reader.buf.subarray(start, end)));
    }
    reader.skip(tag);
  }
  return undefined;
}

/** Of an attempt that leaves no trace in the history. */
function attemptEnding({ activityRetry, taskEnded }: PrivateEvent): Ending {
  if (activityRetry === undefined) {
    const hasTimedOut = taskEnded?.cause === 0;
    return hasTimedOut ? ended('workflowTask', 'timedOut', TimeoutType.START_TO_CLOSE) : ENDED.workflowTaskFailed;
  }
  const timeoutType = timeoutTypeOf(activityRetry.lastFailure);
  return timeoutType === TimeoutType.UNSPECIFIED ? ENDED.attemptFailed : ended('attempt', 'timedOut', timeoutType);
}

function timeoutTypeOf(failure: Uint8Array | undefined): number {
  if (failure === undefined) return TimeoutType.UNSPECIFIED;
  return Failure.decode(failure).timeoutFailureInfo?.timeoutType ?? TimeoutType.UNSPECIFIED;
}

function ended(of: Ending['of'], end: Ending['end'], timeoutType: number = TimeoutType.UNSPECIFIED): Ending {
  return { of, end, timeoutType };
}
