// One function for each error that SDKs can tell apart, each with the detail message they look for
// (temporal.api.errordetails.v1). A code without its detail reaches the application as a generic error.
import type { NamespaceState, ResourceExhaustedCause, ResourceExhaustedScope } from '@perdure/api/enums';
import * as details from '@perdure/api/errordetails';
import { MultiOperationExecutionAborted } from '@perdure/api/failure';
import { type Code, code, packAny, StatusError } from './status.ts';
import type { Init, MessageType } from './wire.ts';

function withDetail<M>(statusCode: Code, message: string, type: MessageType<M>, detail: Init<M>): StatusError {
  return new StatusError(statusCode, message, [packAny(type, detail)]);
}

export function invalidArgument(message: string): StatusError {
  return new StatusError(code.INVALID_ARGUMENT, message);
}

/** The worker answered a query with a failure; `failure` is an encoded temporal.api.failure.v1.Failure. */
export function queryFailed(message: string, failure: Uint8Array | undefined): StatusError {
  return withDetail(code.INVALID_ARGUMENT, message, details.QueryFailedFailure, { failure });
}

export function notFound(message: string): StatusError {
  return withDetail(code.NOT_FOUND, message, details.NotFoundFailure, {});
}

export function namespaceNotFound(namespace: string): StatusError {
  const message = `Namespace ${namespace} is not found.`;
  return withDetail(code.NOT_FOUND, message, details.NamespaceNotFoundFailure, { namespace });
}

export function alreadyExists(message: string): StatusError {
  return new StatusError(code.ALREADY_EXISTS, message);
}

/** A run with that id exists already: which one, and which request started it. */
export function workflowExecutionAlreadyStarted(
  message: string,
  detail: Init<details.WorkflowExecutionAlreadyStartedFailure>,
): StatusError {
  return withDetail(code.ALREADY_EXISTS, message, details.WorkflowExecutionAlreadyStartedFailure, detail);
}

export function activityExecutionAlreadyStarted(
  message: string,
  detail: Init<details.ActivityExecutionAlreadyStartedFailure>,
): StatusError {
  return withDetail(code.ALREADY_EXISTS, message, details.ActivityExecutionAlreadyStartedFailure, detail);
}

export function nexusOperationExecutionAlreadyStarted(
  message: string,
  detail: Init<details.NexusOperationExecutionAlreadyStartedFailure>,
): StatusError {
  return withDetail(code.ALREADY_EXISTS, message, details.NexusOperationExecutionAlreadyStartedFailure, detail);
}

export function namespaceAlreadyExists(namespace: string): StatusError {
  const message = `Namespace "${namespace}" already exists`;
  return withDetail(code.ALREADY_EXISTS, message, details.NamespaceAlreadyExistsFailure, {});
}

export function cancellationAlreadyRequested(message: string): StatusError {
  return withDetail(code.ALREADY_EXISTS, message, details.CancellationAlreadyRequestedFailure, {});
}

export function failedPrecondition(message: string): StatusError {
  return new StatusError(code.FAILED_PRECONDITION, message);
}

export function workflowNotReady(message: string): StatusError {
  return withDetail(code.FAILED_PRECONDITION, message, details.WorkflowNotReadyFailure, {});
}

export function namespaceInvalidState(
  message: string,
  namespace: string,
  state: NamespaceState,
  allowedStates: readonly NamespaceState[],
): StatusError {
  const detail = { namespace, state, allowedStates };
  return withDetail(code.FAILED_PRECONDITION, message, details.NamespaceInvalidStateFailure, detail);
}

export function namespaceNotActive(message: string, detail: Init<details.NamespaceNotActiveFailure>): StatusError {
  return withDetail(code.FAILED_PRECONDITION, message, details.NamespaceNotActiveFailure, detail);
}

export function clientVersionNotSupported(
  message: string,
  detail: Init<details.ClientVersionNotSupportedFailure>,
): StatusError {
  return withDetail(code.FAILED_PRECONDITION, message, details.ClientVersionNotSupportedFailure, detail);
}

export function serverVersionNotSupported(
  message: string,
  detail: Init<details.ServerVersionNotSupportedFailure>,
): StatusError {
  return withDetail(code.FAILED_PRECONDITION, message, details.ServerVersionNotSupportedFailure, detail);
}

export function newerBuildExists(message: string, defaultBuildId: string): StatusError {
  return withDetail(code.FAILED_PRECONDITION, message, details.NewerBuildExistsFailure, { defaultBuildId });
}

export function permissionDenied(message: string, reason = ''): StatusError {
  return withDetail(code.PERMISSION_DENIED, message, details.PermissionDeniedFailure, { reason });
}

export function unauthenticated(message: string): StatusError {
  return new StatusError(code.UNAUTHENTICATED, message);
}

/** Clients retry with a longer pause; `cause` and `scope` tell them and their dashboards what was exhausted. */
export function resourceExhausted(
  message: string,
  cause: ResourceExhaustedCause,
  scope: ResourceExhaustedScope,
): StatusError {
  return withDetail(code.RESOURCE_EXHAUSTED, message, details.ResourceExhaustedFailure, { cause, scope });
}

export function systemWorkflow(message: string, detail: Init<details.SystemWorkflowFailure>): StatusError {
  return withDetail(code.INTERNAL, message, details.SystemWorkflowFailure, detail);
}

/**
 * A multi-operation request failed as a whole. `operations`, in the order of the request: the error of each one at fault,
 * undefined for those that were given up because of another one, `done` for those that have taken effect.
 */
export function multiOperationExecution(
  message: string,
  operations: readonly (StatusError | 'done' | undefined)[],
): StatusError {
  const atFault = operations.find((error) => error !== undefined && error !== 'done');
  if (atFault === undefined) throw new TypeError('a multi-operation fails only when one of its operations does');
  const givenUp = new StatusError(code.ABORTED, 'Operation was aborted.', [
    packAny(MultiOperationExecutionAborted, {}),
  ]);
  const statuses = operations.map((error) => {
    if (error === 'done') return { code: code.OK };
    const status = error ?? givenUp;
    return { code: status.code, message: status.message, details: status.details };
  });
  return withDetail(atFault.code, message, details.MultiOperationExecutionFailure, { statuses });
}

export function workflowTaskCompletionBufferLost(message: string): StatusError {
  return withDetail(code.UNAVAILABLE, message, details.WorkflowTaskCompletionBufferLostFailure, {});
}

export function namespaceUnavailable(namespace: string): StatusError {
  const message = `Namespace unavailable: ${namespace}.`;
  return withDetail(code.UNAVAILABLE, message, details.NamespaceUnavailableFailure, { namespace });
}

export function unavailable(message: string): StatusError {
  return new StatusError(code.UNAVAILABLE, message);
}

export function unimplemented(message: string): StatusError {
  return new StatusError(code.UNIMPLEMENTED, message);
}

export function deadlineExceeded(message: string): StatusError {
  return new StatusError(code.DEADLINE_EXCEEDED, message);
}

export function cancelled(message: string): StatusError {
  return new StatusError(code.CANCELLED, message);
}

export function aborted(message: string): StatusError {
  return new StatusError(code.ABORTED, message);
}

export function internal(message: string): StatusError {
  return new StatusError(code.INTERNAL, message);
}

export function dataLoss(message: string): StatusError {
  return new StatusError(code.DATA_LOSS, message);
}
