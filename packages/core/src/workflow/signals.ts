// Signals from outside. A request id takes effect once per run.

import { invalidArgument } from '@perdure/api';
import { EventType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { Execution } from './messages.ts';
import type { WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';
import { wakeWorkflow } from './wake.ts';

export interface Signal {
  readonly signalName: string;
  readonly input: Uint8Array | undefined;
  readonly identity: string;
  readonly header: Uint8Array | undefined;
  readonly requestId: string;
  readonly links: readonly Uint8Array[];
  /** The workflow that sends it, if it is one. */
  readonly sender?: Execution;
}

/** Records the signal and wakes the workflow. A request id seen before changes nothing. */
export function signalRun(tx: Transition, signal: Signal): void {
  const { signalsMax } = tx.context.limits;
  if (signal.requestId !== '' && tx.state.seenRequestIds.has(signal.requestId)) return;
  if (signalsMax > 0 && tx.state.signalCount >= signalsMax) {
    throw invalidArgument('exceeded workflow execution limit for signal events');
  }
  recordSignal(tx, signal);
  wakeWorkflow(tx);
}

/** Without waking: a signal-with-start writes it before the first workflow task is scheduled. */
export function recordSignal(tx: Transition, signal: Signal): void {
  const { signalName, input, identity, header, requestId, sender } = signal;
  tx.addOrBuffer(EventType.WORKFLOW_EXECUTION_SIGNALED, {
    workflowExecutionSignaledEventAttributes: {
      signalName,
      input,
      identity,
      header,
      requestId,
      externalWorkflowExecution: sender,
    },
    links: [...signal.links],
  });
}

export function evolveSignaled(state: WorkflowState, event: Init<HistoryEvent>): void {
  const requestId = event.workflowExecutionSignaledEventAttributes?.requestId ?? '';
  if (requestId !== '') state.seenRequestIds.add(requestId);
  state.signalCount++;
}
