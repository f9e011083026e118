// The request that tells a completion callback how its workflow ended, in the format of Nexus operation completions.
// Callbacks may lead anywhere: of a termination or a timeout no more is told than that it happened.

import { Callback, Payloads } from '@perdure/api/common';
import { EventType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import type { HistoryEvent } from '@perdure/api/history';
import { type CompletionCallback, eventName, type WorkflowState } from '@perdure/core';
import { VERSION } from '../version.ts';
import { nexusContent } from './content.ts';
import { nexusFailure } from './failure-json.ts';

export interface CallbackRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Of a connection, not of a message: the platform sets them. */
const HOP_HEADERS = new Set([
  ...['connection', 'content-length', 'expect', 'host', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

/** @throws TypeError if a header of the callback cannot be sent */
export function completionRequest(
  state: WorkflowState,
  namespace: string,
  callback: CompletionCallback,
  closed: HistoryEvent,
): CallbackRequest {
  const { nexus } = Callback.decode(callback.callback);
  const outcome = outcomeOf(closed);
  const headers = new Headers({
    'user-agent': `perdure/${VERSION}`,
    'nexus-operation-state': outcome.state,
    'nexus-operation-start-time': new Date(Math.floor(state.startMs)).toUTCString(),
    'nexus-operation-close-time': timestamp(state.closeMs),
    'nexus-link': linkHeader(state, namespace, callback),
    // The same for each attempt: whoever gets the request twice can tell.
    'nexus-request-id': `${state.runId}-${callback.id}`,
    ...outcome.headers,
  });
  for (const [name, value] of nexus?.header ?? []) if (!HOP_HEADERS.has(name)) headers.set(name, value);
  return { url: nexus?.url ?? '', headers, body: outcome.body };
}

interface Outcome {
  readonly state: 'succeeded' | 'failed' | 'canceled';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

function outcomeOf(closed: HistoryEvent): Outcome {
  const completed = closed.workflowExecutionCompletedEventAttributes;
  const failed = closed.workflowExecutionFailedEventAttributes;
  const canceled = closed.workflowExecutionCanceledEventAttributes;
  if (completed) {
    // One value is all that Nexus has room for.
    const [first] = Payloads.decode(completed.result ?? new Uint8Array(0)).payloads;
    const { headers, data } = nexusContent(first);
    const named = Object.entries(headers).map(([name, value]) => [`content-${name}`, value] as const);
    return { state: 'succeeded', headers: Object.fromEntries(named), body: data };
  }
  if (failed) return unsuccessful('failed', failed.failure ?? new Uint8Array(0));
  if (canceled) {
    const canceledFailureInfo = { details: canceled.details };
    return unsuccessful('canceled', Failure.encode({ message: 'operation canceled', canceledFailureInfo }));
  }
  const timedOut = closed.workflowExecutionTimedOutEventAttributes !== undefined;
  return unsuccessful(
    'failed',
    timedOut
      ? Failure.encode({ message: 'operation exceeded internal timeout', timeoutFailureInfo: {} })
      : Failure.encode({ message: 'operation terminated', terminatedFailureInfo: {} }),
  );
}

function unsuccessful(state: 'failed' | 'canceled', failure: Uint8Array): Outcome {
  const body = new TextEncoder().encode(JSON.stringify(nexusFailure(failure)));
  return { state, headers: { 'content-type': 'application/json' }, body };
}

/** RFC 3339 with as many digits as it takes, in groups of three. */
function timestamp(ms: number): string {
  return new Date(Math.floor(ms)).toISOString().replace('.000Z', 'Z');
}

/** To the event that registered the callback. */
function linkHeader(state: WorkflowState, namespace: string, callback: CompletionCallback): string {
  const attached = state.requestIds.get(callback.requestId);
  const query = new URLSearchParams(
    attached === undefined
      ? {
          eventID: '1',
          eventType: eventName(EventType.WORKFLOW_EXECUTION_STARTED),
          referenceType: 'EventReference',
        }
      : {
          eventType: eventName(attached.eventType),
          referenceType: 'RequestIdReference',
          requestID: callback.requestId,
        },
  );
  const [name, workflowId, runId] = [namespace, state.workflowId, state.runId].map(encodeURIComponent);
  const url = `temporal:///namespaces/${name}/workflows/${workflowId}/${runId}/history?${query.toString()}`;
  return `<${url}>; type="temporal.api.common.v1.Link.WorkflowEvent"`;
}
