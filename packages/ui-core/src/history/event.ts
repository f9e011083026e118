// A history as the API's JSON has it: int64 as text, times as RFC 3339, enums by name, payloads whole. Only the fields
// that something here reads have a type.
//
// The attributes of an event are in a field named after its type. `attributesOf` finds it, so that everything else
// sees one shape in which each field may be absent, as proto3 JSON leaves out what is zero.
import { EVENT_TYPES, type EventType, eventTypeOf } from './event-types.ts';

export interface Payload {
  readonly metadata?: Readonly<Record<string, string>>;
  /** Base64. */
  readonly data?: string;
}

export interface Payloads {
  readonly payloads?: readonly Payload[];
}

export interface WorkflowExecution {
  readonly workflowId?: string;
  readonly runId?: string;
}

export interface Named {
  readonly name?: string;
}

export interface Failure {
  readonly message?: string;
  readonly source?: string;
  readonly stackTrace?: string;
  readonly cause?: Failure;
  readonly applicationFailureInfo?: { readonly type?: string; readonly nonRetryable?: boolean };
  readonly timeoutFailureInfo?: { readonly timeoutType?: string };
  readonly canceledFailureInfo?: object;
  readonly terminatedFailureInfo?: object;
  readonly serverFailureInfo?: { readonly nonRetryable?: boolean };
  readonly resetWorkflowFailureInfo?: object;
  readonly activityFailureInfo?: {
    readonly scheduledEventId?: string;
    readonly activityType?: Named;
    readonly activityId?: string;
    readonly retryState?: string;
  };
  readonly childWorkflowExecutionFailureInfo?: {
    readonly namespace?: string;
    readonly workflowExecution?: WorkflowExecution;
    readonly workflowType?: Named;
    readonly initiatedEventId?: string;
    readonly retryState?: string;
  };
  readonly nexusOperationExecutionFailureInfo?: {
    readonly scheduledEventId?: string;
    readonly endpoint?: string;
    readonly service?: string;
    readonly operation?: string;
  };
  readonly nexusHandlerFailureInfo?: { readonly type?: string };
}

export interface UpdateRequest {
  readonly meta?: { readonly updateId?: string; readonly identity?: string };
  readonly input?: { readonly name?: string; readonly args?: Payloads };
}

/** The fields of all events' attributes together. Which of them an event has follows from its type. */
export interface EventAttributes {
  // What an event is about, by the event that began it.
  readonly scheduledEventId?: string;
  readonly startedEventId?: string;
  readonly initiatedEventId?: string;
  readonly acceptedEventId?: string;
  readonly workflowTaskCompletedEventId?: string;

  readonly workflowType?: Named;
  readonly workflowId?: string;
  readonly workflowExecution?: WorkflowExecution;
  readonly namespace?: string;
  /** A sticky queue names the one that it belongs to. */
  readonly taskQueue?: Named & { readonly normalName?: string };
  readonly activityId?: string;
  readonly activityType?: Named;
  readonly timerId?: string;
  readonly signalName?: string;
  readonly markerName?: string;
  readonly endpoint?: string;
  readonly service?: string;
  readonly operation?: string;

  readonly attempt?: number;
  readonly retryPolicy?: {
    readonly maximumAttempts?: number;
    readonly initialInterval?: string;
    readonly backoffCoefficient?: number;
    readonly maximumInterval?: string;
  };
  readonly scheduleToCloseTimeout?: string;
  readonly startToCloseTimeout?: string;
  readonly heartbeatTimeout?: string;
  readonly startToFireTimeout?: string;
  readonly firstWorkflowTaskBackoff?: string;
  readonly workflowRunTimeout?: string;
  readonly backoffStartInterval?: string;
  readonly cronSchedule?: string;
  readonly parentWorkflowExecution?: WorkflowExecution;
  readonly externalWorkflowExecution?: WorkflowExecution;
  readonly continuedExecutionRunId?: string;
  readonly newExecutionRunId?: string;
  readonly initiator?: string;

  /** Of a Nexus operation it is a single payload. */
  readonly input?: Payloads | Payload;
  readonly result?: Payloads | Payload;
  /** Of a marker by name. */
  readonly details?: Payloads | Readonly<Record<string, Payloads>>;
  readonly failure?: Failure;
  readonly lastFailure?: Failure;
  readonly cause?: string;
  readonly retryState?: string;
  readonly timeoutType?: string;
  readonly reason?: string;
  readonly identity?: string;

  readonly protocolInstanceId?: string;
  readonly request?: UpdateRequest;
  readonly acceptedRequest?: UpdateRequest;
  readonly rejectedRequest?: UpdateRequest;
  readonly meta?: { readonly updateId?: string };
  readonly outcome?: { readonly success?: Payloads; readonly failure?: Failure };

  readonly searchAttributes?: { readonly indexedFields?: Readonly<Record<string, Payload>> };
  readonly upsertedMemo?: { readonly fields?: Readonly<Record<string, Payload>> };
  readonly targetTime?: string;
}

export interface HistoryEvent {
  readonly eventId?: string;
  readonly eventTime?: string;
  /** `EVENT_TYPE_…` */
  readonly eventType?: string;
  readonly userMetadata?: { readonly summary?: Payload; readonly details?: Payload };
  readonly [attributes: AttributesField]: EventAttributes;
}

export type EventLookup = (eventId: string | undefined) => HistoryEvent | undefined;

const NO_ATTRIBUTES: EventAttributes = {};

export function attributesOf(event: HistoryEvent): EventAttributes {
  const type = eventTypeOf(event.eventType);
  return (type && event[attributesField(type)]) ?? NO_ATTRIBUTES;
}

export function eventIdOf(event: HistoryEvent): number {
  return Number(event.eventId ?? 0);
}

type AttributesField = `${string}EventAttributes`;

/** Asked for many times for each event of a long history. */
const FIELDS = Object.fromEntries(EVENT_TYPES.map((type) => [type, fieldOf(type)])) as Record<
  EventType,
  AttributesField
>;

/** `ACTIVITY_TASK_STARTED`: `activityTaskStartedEventAttributes`. */
export function attributesField(type: EventType): AttributesField {
  return FIELDS[type];
}

function fieldOf(type: EventType): AttributesField {
  const camel = type.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return `${camel}EventAttributes`;
}
