// What a start that finds its workflow open leaves with it: its request id, so that a repetition is recognised, its
// completion callbacks and its links. Recorded as WorkflowExecutionOptionsUpdated, which wakes nobody.

import { EventType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { addCallbacks, checkCallbackCount } from './callbacks.ts';
import type { WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';
import { relieveBuffer } from './wake.ts';

/** The event that a request has made. */
export interface RequestEvent {
  readonly eventType: number;
  /** 0 while the event is buffered. */
  readonly eventId: number;
}

export interface Attachment {
  /** Empty: it is not remembered. */
  readonly requestId: string;
  /** Encoded Callbacks. */
  readonly callbacks: readonly Uint8Array[];
  readonly links: readonly Uint8Array[];
}

/** @throws FAILED_PRECONDITION if the run would have too many callbacks */
export function attachToRun(tx: Transition, { requestId, callbacks, links }: Attachment): void {
  checkCallbackCount(tx, callbacks.length);
  tx.addOrBuffer(EventType.WORKFLOW_EXECUTION_OPTIONS_UPDATED, {
    workflowExecutionOptionsUpdatedEventAttributes: {
      attachedRequestId: requestId,
      attachedCompletionCallbacks: [...callbacks],
    },
    links: [...links],
    workerMayIgnore: true,
  });
  relieveBuffer(tx);
}

/** Part of what WorkflowExecutionOptionsUpdated does: the rest is in options.ts. */
export function evolveAttached(state: WorkflowState, event: Init<HistoryEvent>): void {
  const { attachedRequestId = '', attachedCompletionCallbacks = [] } =
    event.workflowExecutionOptionsUpdatedEventAttributes ?? {};
  addCallbacks(state, attachedCompletionCallbacks, attachedRequestId, event.eventTime ?? 0);
  if (attachedRequestId === '') return;
  state.requestIds.set(attachedRequestId, { eventType: event.eventType ?? 0, eventId: event.eventId ?? 0 });
}

/** The event of a request that waited in the buffer has its id now. */
export function evolveRequestPlaced(state: WorkflowState, event: Init<HistoryEvent>): void {
  const requestId = event.workflowExecutionOptionsUpdatedEventAttributes?.attachedRequestId ?? '';
  const request = state.requestIds.get(requestId);
  if (request !== undefined) state.requestIds.set(requestId, { ...request, eventId: event.eventId ?? 0 });
}
