// One line about an event: what it was about, and the one or two facts for which people open it.
//
// Most events name what they are about only by the id of the event that began it; whoever has the history gives a
// lookup, and then the line names it.

import { jsonValue } from '../payload/json-value.ts';
import { sizeWords } from '../payload/size-words.ts';
import { parseDuration } from '../time/timestamp.ts';
import { durationWords } from '../time/words.ts';
import { enumWords, retryWords } from './enum-words.ts';
import {
  attributesOf,
  type EventAttributes,
  type EventLookup,
  type HistoryEvent,
  type Payload,
  type WorkflowExecution,
} from './event.ts';
import { type EventType, eventTypeOf } from './event-types.ts';
import { failureSummary, firstLine } from './failures.ts';
import { markerOf } from './markers.ts';
import { payloadBytes, payloadsOf } from './payloads.ts';

type Part = string | false | undefined | Data;

/** Payloads, and what they are of the event. */
interface Data {
  readonly label: string;
  readonly payloads: readonly Payload[];
}
type Detail = (attributes: EventAttributes, find: EventLookup) => readonly Part[];

const NOTHING_FOUND: EventLookup = () => undefined;

/**
 * Empty for events of which there is nothing to say. Never more than one line.
 * @param dataText what is told of payloads; by default only how large they are
 */
export function eventDetail(
  event: HistoryEvent,
  find: EventLookup = NOTHING_FOUND,
  dataText: (payloads: readonly Payload[]) => string = dataSize,
): string {
  const type = eventTypeOf(event.eventType);
  const detail = type === undefined ? undefined : DETAILS[type];
  const parts = [...(detail?.(attributesOf(event), find) ?? []), summaryOf(event)];
  return parts
    .map((part) => (typeof part === 'object' ? `${part.label} ${dataText(part.payloads)}` : part))
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .map(firstLine)
    .join(', ');
}

/** What the user's code said the event is for. */
export function summaryOf(event: HistoryEvent): string | undefined {
  const summary = jsonValue(event.userMetadata?.summary);
  return typeof summary === 'string' ? summary : undefined;
}

const DETAILS: Partial<Readonly<Record<EventType, Detail>>> = {
  WORKFLOW_EXECUTION_STARTED: (a) => [
    a.workflowType?.name,
    data('input', a.input),
    a.attempt !== undefined && a.attempt > 1 && `attempt ${a.attempt}`,
    a.cronSchedule && `cron ${a.cronSchedule}`,
    a.parentWorkflowExecution && `child of ${a.parentWorkflowExecution.workflowId}`,
    longerThanZero('first task after', a.firstWorkflowTaskBackoff),
  ],
  WORKFLOW_EXECUTION_COMPLETED: (a) => [data('result', a.result)],
  WORKFLOW_EXECUTION_FAILED: (a) => [failureSummary(a.failure), retryState(a)],
  WORKFLOW_EXECUTION_TIMED_OUT: (a) => [retryState(a)],
  WORKFLOW_EXECUTION_CANCELED: (a) => [data('details', a.details)],
  WORKFLOW_EXECUTION_TERMINATED: (a) => [a.reason, by(a)],
  WORKFLOW_EXECUTION_CONTINUED_AS_NEW: (a) => [
    a.workflowType?.name,
    a.newExecutionRunId && `run ${a.newExecutionRunId}`,
    a.initiator !== 'CONTINUE_AS_NEW_INITIATOR_WORKFLOW' && enumWords(a.initiator, 'CONTINUE_AS_NEW_INITIATOR'),
    longerThanZero('after', a.backoffStartInterval),
  ],
  WORKFLOW_EXECUTION_CANCEL_REQUESTED: (a) => [a.cause, external(a.externalWorkflowExecution), by(a)],
  WORKFLOW_EXECUTION_SIGNALED: (a) => [
    a.signalName,
    data('input', a.input),
    external(a.externalWorkflowExecution),
    by(a),
  ],
  WORKFLOW_EXECUTION_PAUSED: (a) => [a.reason, by(a)],
  WORKFLOW_EXECUTION_UNPAUSED: (a) => [a.reason, by(a)],
  WORKFLOW_EXECUTION_OPTIONS_UPDATED: (a) => [by(a)],
  WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED: (a) => [a.targetTime && `to ${a.targetTime}`],
  WORKFLOW_PROPERTIES_MODIFIED: (a) => [keys(a.upsertedMemo?.fields)],
  WORKFLOW_PROPERTIES_MODIFIED_EXTERNALLY: (a) => [keys(a.upsertedMemo?.fields)],
  UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: (a) => [keys(a.searchAttributes?.indexedFields)],

  WORKFLOW_TASK_SCHEDULED: (a) => [queue(a.taskQueue), attempt(a)],
  WORKFLOW_TASK_STARTED: (a) => [by(a)],
  WORKFLOW_TASK_COMPLETED: (a) => [by(a)],
  WORKFLOW_TASK_TIMED_OUT: (a) => [timeoutType(a)],
  WORKFLOW_TASK_FAILED: (a) => [enumWords(a.cause, 'WORKFLOW_TASK_FAILED_CAUSE'), failureSummary(a.failure)],

  ACTIVITY_TASK_SCHEDULED: (a) => [
    a.activityType?.name,
    a.activityId && `id ${a.activityId}`,
    data('input', a.input),
    a.taskQueue?.name && `on ${a.taskQueue.name}`,
  ],
  ACTIVITY_TASK_STARTED: (a, find) => [
    activityType(a, find),
    `attempt ${a.attempt ?? 1}`,
    a.lastFailure && `before: ${failureSummary(a.lastFailure)}`,
    by(a),
  ],
  ACTIVITY_TASK_COMPLETED: (a, find) => [activityType(a, find), data('result', a.result)],
  ACTIVITY_TASK_FAILED: (a, find) => [
    activityType(a, find),
    attempt(attributesOfFound(find, a.startedEventId)),
    failureSummary(a.failure),
    retryState(a),
  ],
  ACTIVITY_TASK_TIMED_OUT: (a, find) => [
    activityType(a, find),
    attempt(attributesOfFound(find, a.startedEventId)),
    failureSummary(a.failure),
    retryState(a),
  ],
  ACTIVITY_TASK_CANCEL_REQUESTED: (a, find) => [activityType(a, find)],
  ACTIVITY_TASK_CANCELED: (a, find) => [activityType(a, find)],
  ACTIVITY_PROPERTIES_MODIFIED_EXTERNALLY: (a, find) => [activityType(a, find)],

  TIMER_STARTED: (a) => [a.timerId && `id ${a.timerId}`, duration(a.startToFireTimeout)],
  TIMER_FIRED: (a, find) => [
    a.timerId && `id ${a.timerId}`,
    duration(attributesOfFound(find, a.startedEventId).startToFireTimeout),
  ],
  TIMER_CANCELED: (a) => [a.timerId && `id ${a.timerId}`],
  MARKER_RECORDED: (a) => [markerDetail(a), failureSummary(a.failure)],

  START_CHILD_WORKFLOW_EXECUTION_INITIATED: (a) => [a.workflowType?.name, a.workflowId, data('input', a.input)],
  START_CHILD_WORKFLOW_EXECUTION_FAILED: (a) => [
    a.workflowType?.name,
    a.workflowId,
    enumWords(a.cause, 'START_CHILD_WORKFLOW_EXECUTION_FAILED_CAUSE'),
  ],
  CHILD_WORKFLOW_EXECUTION_STARTED: (a) => [
    ...child(a),
    a.workflowExecution?.runId && `run ${a.workflowExecution.runId}`,
  ],
  CHILD_WORKFLOW_EXECUTION_COMPLETED: (a) => [...child(a), data('result', a.result)],
  CHILD_WORKFLOW_EXECUTION_FAILED: (a) => [...child(a), failureSummary(a.failure), retryState(a)],
  CHILD_WORKFLOW_EXECUTION_CANCELED: child,
  CHILD_WORKFLOW_EXECUTION_TIMED_OUT: (a) => [...child(a), retryState(a)],
  CHILD_WORKFLOW_EXECUTION_TERMINATED: child,

  SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED: (a) => [a.signalName, to(a.workflowExecution), data('input', a.input)],
  SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED: (a, find) => [
    attributesOfFound(find, a.initiatedEventId).signalName,
    to(a.workflowExecution),
    enumWords(a.cause, 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE'),
  ],
  EXTERNAL_WORKFLOW_EXECUTION_SIGNALED: (a, find) => [
    attributesOfFound(find, a.initiatedEventId).signalName,
    to(a.workflowExecution),
  ],
  REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED: (a) => [to(a.workflowExecution), a.reason],
  REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED: (a) => [
    to(a.workflowExecution),
    enumWords(a.cause, 'CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE'),
  ],
  EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED: (a) => [to(a.workflowExecution)],

  WORKFLOW_EXECUTION_UPDATE_ADMITTED: (a) => updateRequest(a.request),
  WORKFLOW_EXECUTION_UPDATE_ACCEPTED: (a) => updateRequest(a.acceptedRequest),
  WORKFLOW_EXECUTION_UPDATE_REJECTED: (a) => [...updateRequest(a.rejectedRequest), failureSummary(a.failure)],
  WORKFLOW_EXECUTION_UPDATE_COMPLETED: (a, find) => [
    attributesOfFound(find, a.acceptedEventId).acceptedRequest?.input?.name,
    a.meta?.updateId && `id ${a.meta.updateId}`,
    data('result', a.outcome?.success),
    failureSummary(a.outcome?.failure),
  ],

  NEXUS_OPERATION_SCHEDULED: (a) => [nexusName(a), a.endpoint && `at ${a.endpoint}`, data('input', a.input)],
  NEXUS_OPERATION_STARTED: nexusFollower,
  NEXUS_OPERATION_COMPLETED: (a, find) => [...nexusFollower(a, find), data('result', a.result)],
  NEXUS_OPERATION_FAILED: (a, find) => [...nexusFollower(a, find), failureSummary(a.failure)],
  NEXUS_OPERATION_CANCELED: nexusFollower,
  NEXUS_OPERATION_TIMED_OUT: (a, find) => [...nexusFollower(a, find), failureSummary(a.failure)],
  NEXUS_OPERATION_CANCEL_REQUESTED: nexusFollower,
  NEXUS_OPERATION_CANCEL_REQUEST_COMPLETED: nexusFollower,
  NEXUS_OPERATION_CANCEL_REQUEST_FAILED: (a, find) => [...nexusFollower(a, find), failureSummary(a.failure)],
};

function attributesOfFound(find: EventLookup, eventId: string | undefined): EventAttributes {
  const event = find(eventId);
  return event === undefined ? {} : attributesOf(event);
}

function activityType(a: EventAttributes, find: EventLookup): Part {
  return attributesOfFound(find, a.scheduledEventId).activityType?.name;
}

/** Only from the second on, which is when people want to know. */
function attempt(a: EventAttributes): Part {
  return a.attempt !== undefined && a.attempt > 1 && `attempt ${a.attempt}`;
}

function by(a: EventAttributes): Part {
  return a.identity && `by ${a.identity}`;
}

function external(execution: WorkflowExecution | undefined): Part {
  return execution?.workflowId && `from ${execution.workflowId}`;
}

function to(execution: WorkflowExecution | undefined): Part {
  return execution?.workflowId && `to ${execution.workflowId}`;
}

function child(a: EventAttributes): readonly Part[] {
  return [a.workflowType?.name, a.workflowExecution?.workflowId];
}

function data(label: string, field: object | undefined): Part {
  const payloads = payloadsOf(field);
  return payloads.length > 0 && { label, payloads };
}

function dataSize(payloads: readonly Payload[]): string {
  return sizeWords(payloadBytes(payloads));
}

/** A sticky queue has a name that means nothing to people. */
function queue(taskQueue: EventAttributes['taskQueue']): Part {
  return taskQueue?.normalName ? `${taskQueue.normalName}, sticky` : taskQueue?.name;
}

function keys(fields: object | undefined): Part {
  return Object.keys(fields ?? {}).join(', ');
}

function duration(text: string | undefined): Part {
  const ms = parseDuration(text);
  return ms === undefined ? undefined : durationWords(ms);
}

function longerThanZero(name: string, text: string | undefined): Part {
  const ms = parseDuration(text) ?? 0;
  return ms > 0 && `${name} ${durationWords(ms)}`;
}

function retryState(a: EventAttributes): Part {
  return retryWords(a.retryState);
}

function timeoutType(a: EventAttributes): Part {
  return enumWords(a.timeoutType, 'TIMEOUT_TYPE');
}

function updateRequest(request: EventAttributes['request']): readonly Part[] {
  return [
    request?.input?.name,
    request?.meta?.updateId && `id ${request.meta.updateId}`,
    data('input', request?.input?.args),
  ];
}

function nexusName({ service, operation }: EventAttributes): Part {
  return [service, operation].filter(Boolean).join('.');
}

function nexusFollower(a: EventAttributes, find: EventLookup): readonly Part[] {
  return [nexusName(attributesOfFound(find, a.scheduledEventId))];
}

function markerDetail(a: EventAttributes): Part {
  const { kind, name, attempt: attempts = 1 } = markerOf(a);
  if (kind === 'localActivity') return `local activity ${name}${attempts > 1 ? `, attempt ${attempts}` : ''}`;
  return kind === 'version' ? `version ${name}` : name;
}
