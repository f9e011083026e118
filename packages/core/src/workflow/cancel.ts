// A request to cancel the workflow. One per run counts; the workflow decides what to do about it.

import { EventType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';
import { wakeWorkflow } from './wake.ts';

export interface CancelRequest {
  readonly reason: string;
  readonly identity: string;
  readonly requestId: string;
  readonly links: readonly Uint8Array[];
}

export function requestCancelRun(tx: Transition, request: CancelRequest): void {
  if (tx.state.cancelRequested) return;
  tx.addOrBuffer(EventType.WORKFLOW_EXECUTION_CANCEL_REQUESTED, {
    workflowExecutionCancelRequestedEventAttributes: { cause: request.reason, identity: request.identity },
    links: [...request.links],
  });
  wakeWorkflow(tx);
}

export function evolveCancelRequested(state: WorkflowState, _event: Init<HistoryEvent>): void {
  state.cancelRequested = true;
}
