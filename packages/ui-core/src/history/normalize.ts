// Histories as files: what people import was written by many tools over the years.
//
// The one shape that everything here reads is `EVENT_TYPE_ACTIVITY_TASK_SCHEDULED` for enums and text for event ids.
// Older tools write enums as `ActivityTaskScheduled`, some write ids as numbers, and HTTP APIs payloads as their values.
import { shapeProblem } from './check-shape.ts';
import { enumFromPascalCase } from './enum-words.ts';
import type { EventAttributes, Failure, HistoryEvent } from './event.ts';
import { attributesField, eventIdOf } from './event.ts';
import { type EventType, eventTypeOf } from './event-types.ts';
import { withWholePayloads } from './shorthand.ts';

export class HistoryFormatError extends Error {
  override readonly name = 'HistoryFormatError';
}

/**
 * The events of a history file, by id: of `{ "events": [...] }`, of `{ "history": { "events": [...] } }` (an answer of
 * the API), or of the array alone.
 * @throws {HistoryFormatError} it is none of these
 */
export function normalizeHistory(json: unknown): HistoryEvent[] {
  const events = eventsOf(json);
  if (events === undefined) throw new HistoryFormatError('a history is an object with "events", or an array of events');
  if (events.length === 0) throw new HistoryFormatError('it has no events');
  return events.map(normalizeEvent).sort((a, b) => eventIdOf(a) - eventIdOf(b));
}

function eventsOf(json: unknown): readonly unknown[] | undefined {
  const history = isObject(json) ? (json['events'] ?? json['history']) : json;
  const events = isObject(history) ? history['events'] : history;
  return Array.isArray(events) ? (events as readonly unknown[]) : undefined;
}

function normalizeEvent(read: unknown, index: number): HistoryEvent {
  const id = isObject(read) ? Number(read['eventId']) : Number.NaN;
  if (!isObject(read) || !Number.isSafeInteger(id) || id < 1) {
    throw new HistoryFormatError(`event ${index + 1} of the file has no "eventId"`);
  }
  if (typeof read['eventType'] !== 'string') throw new HistoryFormatError(`event ${id} has no "eventType"`);
  const eventType = enumFromPascalCase(read['eventType'], 'EVENT_TYPE');
  const json = withWholePayloads(read);
  const problem = shapeProblem(json);
  if (problem !== undefined) throw new HistoryFormatError(`event ${id}: ${problem}`);
  const event: HistoryEvent = { ...(json as HistoryEvent), eventId: String(id), eventType };
  const type = eventTypeOf(eventType);
  const attributes = type === undefined ? undefined : event[attributesField(type)];
  if (type === undefined || attributes === undefined) return event;
  return { ...event, [attributesField(type)]: normalizeAttributes(type, attributes) };
}

const EVENT_ID_FIELDS = [
  'scheduledEventId',
  'startedEventId',
  'initiatedEventId',
  'acceptedEventId',
  'workflowTaskCompletedEventId',
] as const;

/** Where `cause` is an enum; in other events it is free text. */
const CAUSES: Partial<Readonly<Record<EventType, string>>> = {
  WORKFLOW_TASK_FAILED: 'WORKFLOW_TASK_FAILED_CAUSE',
  START_CHILD_WORKFLOW_EXECUTION_FAILED: 'START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE',
  SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED: 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE',
  REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED: 'CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE',
};

function normalizeAttributes(type: EventType, attributes: EventAttributes): EventAttributes {
  const cause = CAUSES[type];
  const named = withFullNames(attributes, cause === undefined ? ENUMS : { ...ENUMS, cause });
  return { ...named, ...textIds(named), ...normalizedFailures(named) };
}

/** Enums by the name of their field, which nothing else is called. */
const ENUMS: Readonly<Record<string, string>> = {
  retryState: 'RETRY_STATE',
  timeoutType: 'TIMEOUT_TYPE',
  initiator: 'CONTINUE_AS_NEW_INITIATOR',
};

function withFullNames<Message extends object>(message: Message, prefixes: Readonly<Record<string, string>>): Message {
  const entries = Object.entries(message).map(([field, value]: [string, unknown]) => {
    const prefix = Object.hasOwn(prefixes, field) ? prefixes[field] : undefined;
    return [field, prefix !== undefined && typeof value === 'string' ? enumFromPascalCase(value, prefix) : value];
  });
  return Object.fromEntries(entries) as Message;
}

function textIds(attributes: EventAttributes): Partial<EventAttributes> {
  const given = EVENT_ID_FIELDS.filter((field) => attributes[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, String(attributes[field])]));
}

function normalizedFailures({ failure, lastFailure, outcome }: EventAttributes): Partial<EventAttributes> {
  return {
    ...(failure && { failure: normalizeFailure(failure) }),
    ...(lastFailure && { lastFailure: normalizeFailure(lastFailure) }),
    ...(outcome?.failure && { outcome: { ...outcome, failure: normalizeFailure(outcome.failure) } }),
  };
}

function normalizeFailure(failure: Failure): Failure {
  const { cause, timeoutFailureInfo, activityFailureInfo, childWorkflowExecutionFailureInfo: child } = failure;
  return {
    ...failure,
    ...(cause && { cause: normalizeFailure(cause) }),
    ...(timeoutFailureInfo && { timeoutFailureInfo: withFullNames(timeoutFailureInfo, ENUMS) }),
    ...(activityFailureInfo && { activityFailureInfo: withFullNames(activityFailureInfo, ENUMS) }),
    ...(child && { childWorkflowExecutionFailureInfo: withFullNames(child, ENUMS) }),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
