// What a message from another run does here. Each may come more than once, and takes effect once.

import { code, StatusError } from '@perdure/api';
import {
  CancelExternalWorkflowExecutionFailedCause as CancelFailed,
  ParentClosePolicy,
  SignalExternalWorkflowExecutionFailedCause as SignalFailed,
} from '@perdure/api/enums';
import { requestCancelRun } from './cancel.ts';
import { SERVER_IDENTITY, terminateRun } from './close.ts';
import {
  type CancelMessage,
  type Execution,
  type ParentClosedMessage,
  requestIdOf,
  type SignalMessage,
} from './messages.ts';
import { signalRun } from './signals.ts';
import { isRunning, type WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';

/** Returns SignalExternalWorkflowExecutionFailedCause, 0 if the signal is recorded. */
export function receiveSignal(tx: Transition, message: SignalMessage, sender: Execution): number {
  const { state } = tx;
  const requestId = requestIdOf(sender, message.key);
  if (state.seenRequestIds.has(requestId)) return 0;
  if (!isRunning(state)) return SignalFailed.EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND;
  if (message.childWorkflowOnly && !isChildOf(state, sender)) {
    return SignalFailed.EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND;
  }
  const { signalName, input, header } = message;
  try {
    signalRun(tx, { signalName, input, header, identity: SERVER_IDENTITY, requestId, links: [], sender });
  } catch (error) {
    if (error instanceof StatusError && error.code === code.INVALID_ARGUMENT) {
      return SignalFailed.SIGNAL_COUNT_LIMIT_EXCEEDED;
    }
    throw error;
  }
  return 0;
}

/** Returns CancelExternalWorkflowExecutionFailedCause, 0 if the request is recorded, or comes too late to matter. */
export function receiveCancel(tx: Transition, message: CancelMessage, sender: Execution): number {
  const { state } = tx;
  if (!isRunning(state)) return 0;
  if (message.childWorkflowOnly && !isChildOf(state, sender)) {
    return CancelFailed.EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND;
  }
  const { reason, key } = message;
  const requestId = requestIdOf(sender, key);
  const from = { ...sender, initiatedEventId: key };
  requestCancelRun(tx, { reason, identity: SERVER_IDENTITY, requestId, links: [], sender: from });
  return 0;
}

/** The parent has closed: its policy for this child. A run that is not this child's is left alone. */
export function receiveParentClosed(tx: Transition, message: ParentClosedMessage, sender: Execution): void {
  const { state } = tx;
  if (!isRunning(state) || state.firstRunId !== message.firstRunId || !isChildOf(state, sender)) return;
  if (message.policy === ParentClosePolicy.TERMINATE) {
    terminateRun(tx, { reason: 'by parent close policy', details: undefined, identity: SERVER_IDENTITY, links: [] });
  } else {
    const from = { ...sender, initiatedEventId: 0 };
    const requestId = requestIdOf(sender, message.key);
    requestCancelRun(tx, { reason: '', identity: SERVER_IDENTITY, requestId, links: [], sender: from });
  }
}

function isChildOf({ parent }: WorkflowState, sender: Execution): boolean {
  return parent?.workflowId === sender.workflowId && parent.runId === sender.runId;
}
