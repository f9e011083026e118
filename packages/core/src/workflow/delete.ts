// Removing a run on request: it ends if it is open, tells others what it has to tell them, and then goes. Who keeps the
// runs removes it; here is only said when.

import { SERVER_IDENTITY, terminateRun } from './close.ts';
import { nextDeadline } from './due.ts';
import { isRunning, type WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';

export function requestDeletion(tx: Transition): void {
  if (tx.state.deletionRequested) return;
  if (isRunning(tx.state)) {
    const reason = 'Delete workflow execution';
    terminateRun(tx, { reason, details: undefined, identity: SERVER_IDENTITY, links: [] });
  }
  tx.note({ deletionRequested: {} });
}

/** Nothing is left to do or to say. */
export function isToBeDeleted(state: WorkflowState): boolean {
  if (!state.deletionRequested || isRunning(state)) return false;
  return state.outbox.size === 0 && state.scheduledCallbackCount === 0 && nextDeadline(state) === undefined;
}

export function evolveDeletionRequested(state: WorkflowState): void {
  state.deletionRequested = true;
}
