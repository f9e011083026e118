// Histories for tests, as short as they can be written. An event's time is its id in seconds, if none is given.
import {
  attributesField,
  type EventAttributes,
  type HistoryEvent,
  type Payload,
  type Payloads,
} from '../src/history/event.ts';
import type { EventType } from '../src/history/event-types.ts';

export function event(
  eventId: number,
  type: EventType,
  attributes: EventAttributes = {},
  ms = eventId * 1000,
): HistoryEvent {
  const header = { eventId: String(eventId), eventTime: time(ms), eventType: `EVENT_TYPE_${type}` };
  return { ...header, ...{ [attributesField(type)]: attributes } };
}

export function time(ms: number): string {
  return new Date(ms).toISOString();
}

export function payload(value: unknown): Payload {
  return { metadata: { encoding: btoa('json/plain') }, data: Buffer.from(JSON.stringify(value)).toString('base64') };
}

export function payloads(...values: readonly unknown[]): Payloads {
  return { payloads: values.map(payload) };
}

/** Scheduled with that id, started with the next, closed with the one after it. */
export function activity(
  id: number,
  name: string,
  closing: EventType = 'ACTIVITY_TASK_COMPLETED',
  more: { readonly closing?: EventAttributes; readonly attempt?: number } = {},
): HistoryEvent[] {
  const scheduledEventId = String(id);
  const startedEventId = String(id + 1);
  return [
    event(id, 'ACTIVITY_TASK_SCHEDULED', { activityId: String(id), activityType: { name }, input: payloads(name) }),
    event(id + 1, 'ACTIVITY_TASK_STARTED', { scheduledEventId, attempt: more.attempt ?? 1 }),
    event(id + 2, closing, { scheduledEventId, startedEventId, ...more.closing }),
  ];
}

/** A whole workflow task. */
export function workflowTask(id: number): HistoryEvent[] {
  const scheduledEventId = String(id);
  return [
    event(id, 'WORKFLOW_TASK_SCHEDULED', { taskQueue: { name: 'orders' } }),
    event(id + 1, 'WORKFLOW_TASK_STARTED', { scheduledEventId }),
    event(id + 2, 'WORKFLOW_TASK_COMPLETED', { scheduledEventId, startedEventId: String(id + 1) }),
  ];
}

export function started(attributes: EventAttributes = {}): HistoryEvent {
  return event(1, 'WORKFLOW_EXECUTION_STARTED', {
    workflowType: { name: 'order' },
    taskQueue: { name: 'orders' },
    ...attributes,
  });
}

export function lookup(events: readonly HistoryEvent[]) {
  return (eventId: string | undefined): HistoryEvent | undefined => events.find((one) => one.eventId === eventId);
}
