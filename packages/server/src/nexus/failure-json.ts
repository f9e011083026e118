// A Temporal failure as other Nexus parties read it: its message, its stack trace and its cause in the words of Nexus,
// everything else as the JSON of the protobuf message, so that an SDK gets back the failure it knows.

import { Payload, Payloads } from '@perdure/api/common';
import {
  ApplicationErrorCategoryNames,
  NexusHandlerErrorRetryBehaviorNames,
  RetryStateNames,
  TimeoutTypeNames,
} from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import type { EnumNames } from '@perdure/api/wire';

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
type JsonFields = Readonly<Record<string, Json | undefined>>;

export interface NexusFailure {
  readonly message: string;
  readonly stackTrace?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly details: Json;
  readonly cause?: NexusFailure;
}

/** @param bytes an encoded Failure */
export function nexusFailure(bytes: Uint8Array): NexusFailure {
  const failure = Failure.decode(bytes);
  const { message, stackTrace, cause } = failure;
  return {
    message,
    ...(stackTrace === '' ? {} : { stackTrace }),
    metadata: { type: 'temporal.api.failure.v1.Failure' },
    details: failureJson({ ...failure, message: '', stackTrace: '' }),
    ...(cause === undefined ? {} : { cause: nexusFailure(cause) }),
  };
}

function failureJson(failure: Failure): Json {
  const { message, source, stackTrace, cause, encodedAttributes } = failure;
  return object({
    ...{ message, source, stackTrace },
    cause: cause && failureJson(Failure.decode(cause)),
    encodedAttributes: encodedAttributes && payloadJson(encodedAttributes),
    ...ownInfo(failure),
    ...relatedInfo(failure),
  });
}

/** What the failure itself was. */
function ownInfo(failure: Failure): JsonFields {
  const { applicationFailureInfo: application, timeoutFailureInfo: timeout, canceledFailureInfo: canceled } = failure;
  const { terminatedFailureInfo: terminated, serverFailureInfo: server, resetWorkflowFailureInfo: reset } = failure;
  return {
    applicationFailureInfo:
      application &&
      object({
        type: application.type,
        nonRetryable: application.nonRetryable,
        details: payloadsJson(application.details),
        nextRetryDelay: application.nextRetryDelay === undefined ? undefined : `${application.nextRetryDelay / 1000}s`,
        category: enumJson(ApplicationErrorCategoryNames, 'APPLICATION_ERROR_CATEGORY', application.category),
      }),
    timeoutFailureInfo:
      timeout &&
      object({
        timeoutType: enumJson(TimeoutTypeNames, 'TIMEOUT_TYPE', timeout.timeoutType),
        lastHeartbeatDetails: payloadsJson(timeout.lastHeartbeatDetails),
      }),
    canceledFailureInfo:
      canceled && object({ details: payloadsJson(canceled.details), identity: canceled.identity || undefined }),
    terminatedFailureInfo: terminated && object({ identity: terminated.identity }),
    serverFailureInfo: server && object({ nonRetryable: server.nonRetryable }),
    resetWorkflowFailureInfo: reset && object({ lastHeartbeatDetails: payloadsJson(reset.lastHeartbeatDetails) }),
  };
}

/** What failed: an activity, a child, a Nexus operation. */
function relatedInfo(failure: Failure): JsonFields {
  const { activityFailureInfo: activity, childWorkflowExecutionFailureInfo: child } = failure;
  const { nexusOperationExecutionFailureInfo: operation, nexusHandlerFailureInfo: handler } = failure;
  return {
    activityFailureInfo:
      activity &&
      object({
        scheduledEventId: int64(activity.scheduledEventId),
        startedEventId: int64(activity.startedEventId),
        identity: activity.identity,
        activityType: activity.activityType && object({ name: activity.activityType.name }),
        activityId: activity.activityId,
        retryState: enumJson(RetryStateNames, 'RETRY_STATE', activity.retryState),
      }),
    childWorkflowExecutionFailureInfo:
      child &&
      object({
        namespace: child.namespace,
        workflowExecution: child.workflowExecution && object({ ...child.workflowExecution }),
        workflowType: child.workflowType && object({ name: child.workflowType.name }),
        initiatedEventId: int64(child.initiatedEventId),
        startedEventId: int64(child.startedEventId),
        retryState: enumJson(RetryStateNames, 'RETRY_STATE', child.retryState),
      }),
    nexusOperationExecutionFailureInfo:
      operation && object({ ...operation, scheduledEventId: int64(operation.scheduledEventId) }),
    nexusHandlerFailureInfo:
      handler &&
      object({
        type: handler.type,
        retryBehavior: enumJson(
          NexusHandlerErrorRetryBehaviorNames,
          'NEXUS_HANDLER_ERROR_RETRY_BEHAVIOR',
          handler.retryBehavior,
        ),
      }),
  };
}

/** Without the defaults, as protobuf's JSON leaves them out. */
function object(fields: JsonFields): Json {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== '' && value !== false) kept[name] = value;
  }
  return kept;
}

/** Numbers of 64 bits are text. */
function int64(value: number): string | undefined {
  return value === 0 ? undefined : String(value);
}

function enumJson(names: EnumNames, prefix: string, value: number): string | undefined {
  return value === 0 ? undefined : `${prefix}_${names.name(value)}`;
}

function payloadsJson(bytes: Uint8Array | undefined): Json | undefined {
  return bytes && { payloads: Payloads.decode(bytes).payloads.map(payloadJson) };
}

function payloadJson(bytes: Uint8Array): Json {
  const { metadata, data } = Payload.decode(bytes);
  const encoded = [...metadata].map(([key, value]) => [key, base64(value)] as const);
  return object({
    metadata: encoded.length === 0 ? undefined : Object.fromEntries(encoded),
    data: data.length === 0 ? undefined : base64(data),
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
