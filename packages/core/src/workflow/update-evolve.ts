// What update events do to the state. Decisions are in updates.ts.
//
//   (admitted ->) accepted -> completed
// An update is admitted in memory only, except by a reset, which writes down what it takes over from the run before.

import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { UpdateRejected } from '../../generated/journal.js';
import type { Update, WorkflowState } from './state.ts';

export function evolveUpdateAdmitted(state: WorkflowState, event: Init<HistoryEvent>): void {
  const updateId = event.workflowExecutionUpdateAdmittedEventAttributes?.request?.meta?.updateId ?? '';
  put(state, updateId, { acceptedEventId: 0, completedEventId: 0 });
  state.unacceptedUpdates.add(updateId);
}

export function evolveUpdateAccepted(state: WorkflowState, event: Init<HistoryEvent>): void {
  const updateId = event.workflowExecutionUpdateAcceptedEventAttributes?.protocolInstanceId ?? '';
  state.unacceptedUpdates.delete(updateId);
  put(state, updateId, { acceptedEventId: event.eventId ?? 0, completedEventId: 0 });
}

export function evolveUpdateCompleted(state: WorkflowState, event: Init<HistoryEvent>): void {
  const updateId = event.workflowExecutionUpdateCompletedEventAttributes?.meta?.updateId ?? '';
  const update = state.updates.get(updateId);
  if (update === undefined) throw new Error(`update ${updateId} was completed but never accepted`);
  put(state, updateId, { ...update, completedEventId: event.eventId ?? 0 });
}

/** Its request may be repeated. */
export function evolveUpdateRejected(state: WorkflowState, event: Init<UpdateRejected>): void {
  const updateId = event.updateId ?? '';
  if (isOpen(state.updates.get(updateId))) state.openUpdates--;
  state.updates.delete(updateId);
  state.unacceptedUpdates.delete(updateId);
}

function put(state: WorkflowState, updateId: string, update: Update): void {
  state.openUpdates += Number(isOpen(update)) - Number(isOpen(state.updates.get(updateId)));
  state.updates.set(updateId, update);
}

function isOpen(update: Update | undefined): boolean {
  return update !== undefined && update.completedEventId === 0;
}
