// Events that arrive while a worker has the workflow task. They take effect on the state at once, but enter the
// history only when the task ends, after the events that the task itself made: the worker decides on the history it was
// given. Close events go last, so that a close never precedes its start.

import { EventType } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { BufferedTimerRemoved } from '../../generated/journal.js';
import type { WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';

const CLOSES = new Set<number>([
  EventType.ACTIVITY_TASK_COMPLETED,
  EventType.ACTIVITY_TASK_FAILED,
  EventType.ACTIVITY_TASK_TIMED_OUT,
  EventType.ACTIVITY_TASK_CANCELED,
  EventType.CHILD_WORKFLOW_EXECUTION_COMPLETED,
  EventType.CHILD_WORKFLOW_EXECUTION_FAILED,
  EventType.CHILD_WORKFLOW_EXECUTION_CANCELED,
  EventType.CHILD_WORKFLOW_EXECUTION_TIMED_OUT,
  EventType.CHILD_WORKFLOW_EXECUTION_TERMINATED,
]);

/** Keeps an event, which has taken effect already, for the end of the workflow task. */
export function pushBuffered(state: WorkflowState, event: Init<HistoryEvent>, size: number): void {
  state.bufferedBytes += size;
  state.buffered.push(event);
}

/** New events reach the worker with the next workflow task, so that one counts as a first attempt. */
export function evolveFlushed(state: WorkflowState): void {
  state.buffered.replace([]);
  state.bufferedBytes = 0;
  state.taskAttempt = 1;
}

export function evolveBufferedTimerRemoved(state: WorkflowState, event: Init<BufferedTimerRemoved>): void {
  const kept: Init<HistoryEvent>[] = [];
  for (const buffered of state.buffered.items) {
    if (buffered.timerFiredEventAttributes?.timerId !== event.timerId) kept.push(buffered);
    else state.bufferedBytes -= HistoryEvent.encode(buffered).length;
  }
  state.buffered.replace(kept);
}

export function hasBufferedTimer(state: WorkflowState, timerId: string): boolean {
  return state.buffered.items.some((b) => b.timerFiredEventAttributes?.timerId === timerId);
}

/** Did this activity close while the workflow task ran? The newest `putOff` events came of its commands. */
export function hasBufferedClose(state: WorkflowState, scheduledEventId: number, putOff: number): boolean {
  const before = state.buffered.items.slice(0, state.buffered.length - putOff);
  return before.some((b) => closeOf(b)?.scheduledEventId === scheduledEventId);
}

function closeOf(event: Init<HistoryEvent>) {
  return (
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes
  );
}

/** Moves the buffer into the history. */
export function flushBuffered(tx: Transition): void {
  const events = tx.state.buffered.items;
  if (events.length === 0) return;
  tx.note({ flushed: { count: events.length } });
  const startedIds = new Map<number, number>();
  for (const event of events) {
    if (CLOSES.has(event.eventType ?? 0)) continue;
    const id = tx.addFlushed(event);
    const activity = event.activityTaskStartedEventAttributes;
    const child = event.childWorkflowExecutionStartedEventAttributes;
    if (activity !== undefined) startedIds.set(activity.scheduledEventId ?? 0, id);
    if (child !== undefined) startedIds.set(child.initiatedEventId ?? 0, id);
  }
  for (const event of events) {
    if (CLOSES.has(event.eventType ?? 0)) tx.addFlushed(withStartedId(event, startedIds));
  }
}

const CLOSE_FIELDS = [
  'activityTaskCompletedEventAttributes',
  'activityTaskFailedEventAttributes',
  'activityTaskTimedOutEventAttributes',
  'activityTaskCanceledEventAttributes',
  'childWorkflowExecutionCompletedEventAttributes',
  'childWorkflowExecutionFailedEventAttributes',
  'childWorkflowExecutionCanceledEventAttributes',
  'childWorkflowExecutionTimedOutEventAttributes',
  'childWorkflowExecutionTerminatedEventAttributes',
] as const;

/** The event that asked for what has closed: of an activity, or of a child. */
interface Begin {
  readonly scheduledEventId?: number | undefined;
  readonly initiatedEventId?: number | undefined;
}

/** If the started event waited in the buffer as well, only now is its id known. */
function withStartedId(event: Init<HistoryEvent>, startedIds: ReadonlyMap<number, number>): Init<HistoryEvent> {
  for (const field of CLOSE_FIELDS) {
    const attributes = event[field];
    if (attributes === undefined) continue;
    const { scheduledEventId, initiatedEventId }: Begin = attributes;
    const startedEventId = startedIds.get(scheduledEventId ?? initiatedEventId ?? 0);
    return startedEventId === undefined ? event : { ...event, [field]: { ...attributes, startedEventId } };
  }
  throw new Error(`event type ${event.eventType} is not a close event`);
}
