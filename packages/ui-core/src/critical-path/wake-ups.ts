// What made the server schedule a workflow task: the event that woke the workflow, which stands right before the task,
// or behind the task before it if it came while that one was in hand.
import type { EventGroups } from '../groups/event-groups.ts';
import type { EventGroup } from '../groups/group.ts';
import { eventIdOf, type HistoryEvent } from '../history/event.ts';
import { type EventType, eventTypeOf } from '../history/event-types.ts';

/** Why a workflow task was scheduled. */
export type WakeUp =
  | { readonly kind: 'start'; readonly event: HistoryEvent }
  /** An event of a group that the workflow began: it was waiting for it. */
  | { readonly kind: 'work'; readonly event: HistoryEvent; readonly group: EventGroup }
  /** From outside: a signal, a cancel request, an update. An update may leave no event before the task. */
  | { readonly kind: 'message'; readonly event: HistoryEvent; readonly group: EventGroup }
  /** It was tried again, or the worker asked for another one. */
  | { readonly kind: 'workflowTask'; readonly event: HistoryEvent; readonly group: EventGroup };

/** undefined: the events that would tell are not here. */
export function wakeUpOf(task: EventGroup, groups: EventGroups): WakeUp | undefined {
  for (let id = task.firstEventId - 1; id > 0; id -= 1) {
    const event = groups.find(String(id));
    const group = groups.groupOf(id);
    if (event === undefined || group === undefined) return undefined;
    const type = eventTypeOf(event.eventType);
    if (type === 'WORKFLOW_EXECUTION_STARTED') return { kind: 'start', event };
    if (type !== undefined && MESSAGES.includes(type)) return { kind: 'message', event, group };
    if (type !== undefined && WORKS.has(type)) return { kind: 'work', event, group };
    if (group.kind === 'workflowTask' && group.events.at(-1) === event && group.events.length > 1) {
      const update = acceptedBy(task, groups);
      return update === undefined ? { kind: 'workflowTask', event, group } : { kind: 'message', event, group: update };
    }
  }
  return undefined;
}

const MESSAGES: readonly EventType[] = [
  'WORKFLOW_EXECUTION_SIGNALED',
  'WORKFLOW_EXECUTION_CANCEL_REQUESTED',
  'WORKFLOW_EXECUTION_UPDATE_ADMITTED',
  'WORKFLOW_EXECUTION_UNPAUSED',
];

const WORKS: ReadonlySet<EventType> = new Set([
  'ACTIVITY_TASK_COMPLETED',
  'ACTIVITY_TASK_FAILED',
  'ACTIVITY_TASK_TIMED_OUT',
  'ACTIVITY_TASK_CANCELED',
  'TIMER_FIRED',
  'START_CHILD_WORKFLOW_EXECUTION_FAILED',
  'CHILD_WORKFLOW_EXECUTION_STARTED',
  'CHILD_WORKFLOW_EXECUTION_COMPLETED',
  'CHILD_WORKFLOW_EXECUTION_FAILED',
  'CHILD_WORKFLOW_EXECUTION_CANCELED',
  'CHILD_WORKFLOW_EXECUTION_TIMED_OUT',
  'CHILD_WORKFLOW_EXECUTION_TERMINATED',
  'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED',
  'EXTERNAL_WORKFLOW_EXECUTION_SIGNALED',
  'REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED',
  'EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED',
  'NEXUS_OPERATION_STARTED',
  'NEXUS_OPERATION_COMPLETED',
  'NEXUS_OPERATION_FAILED',
  'NEXUS_OPERATION_CANCELED',
  'NEXUS_OPERATION_TIMED_OUT',
]);

/** The update that a task was scheduled for, without an event before it: its worker accepted it with that task. */
function acceptedBy(task: EventGroup, groups: EventGroups): EventGroup | undefined {
  const completed = task.events.at(-1);
  if (completed === undefined) return undefined;
  for (let id = eventIdOf(completed) + 1; ; id += 1) {
    const event = groups.find(String(id));
    const group = groups.groupOf(id);
    if (event === undefined || group === undefined || group.kind === 'workflowTask') return undefined;
    const type = eventTypeOf(event.eventType);
    if (type === 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED' && group.events[0] === event) return group;
    // What woke the workflow later is not of this task any more.
    if (type !== undefined && (WORKS.has(type) || MESSAGES.includes(type))) return undefined;
  }
}
