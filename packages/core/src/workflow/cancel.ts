// A request to cancel the workflow. One per run counts; the workflow decides what to do about it.

import { EventType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { Execution } from './messages.ts';
import { releaseFirstTask } from './start.ts';
import type { WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';
import { wakeWorkflow } from './wake.ts';

export interface CancelRequest {
  readonly reason: string;
  readonly identity: string;
  readonly requestId: string;
  readonly links: readonly Uint8Array[];
  /** The workflow that asks, if it is one, and the event there that did (0: it has closed). */
  readonly sender?: Execution & { readonly initiatedEventId: number };
}

export function requestCancelRun(tx: Transition, request: CancelRequest): void {
  if (tx.state.cancelRequested) return;
  const { reason, identity, sender } = request;
  tx.addOrBuffer(EventType.WORKFLOW_EXECUTION_CANCEL_REQUESTED, {
    workflowExecutionCancelRequestedEventAttributes: {
      cause: reason,
      identity,
      externalWorkflowExecution: sender && { workflowId: sender.workflowId, runId: sender.runId },
      externalInitiatedEventId: sender?.initiatedEventId,
    },
    links: [...request.links],
  });
  wakeWorkflow(tx);
  // Other than a signal, it does not wait until a delay or a back-off is over.
  releaseFirstTask(tx);
}

export function evolveCancelRequested(state: WorkflowState, _event: Init<HistoryEvent>): void {
  state.cancelRequested = true;
}
