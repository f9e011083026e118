// What a closing run still has to tell others: its children, what their parent's end means for them, and its parent,
// that it has closed. What it had asked and not been answered is void: a child that was not started never will be.

import { ParentClosePolicy } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { Delivered } from '../../generated/journal.js';
import { own } from '../bytes.ts';
import { type ParentClosedMessage, REPORT } from './messages.ts';
import { RESETTER_IDENTITY } from './resetter.ts';
import { isRunning, type WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';

/** Farewells that have arrived, or whose receivers are gone. */
export function noteDelivered(tx: Transition, keys: readonly number[]): void {
  const pending = isRunning(tx.state) ? [] : keys.filter((key) => tx.state.outbox.has(key));
  if (pending.length > 0) tx.note({ delivered: { keys: pending } });
}

export function evolveDelivered(state: WorkflowState, event: Init<Delivered>): void {
  for (const key of event.keys ?? []) state.outbox.delete(key);
}

/** With `event` the run closes. Nothing but the state and this event says what is left to tell. */
export function evolveFarewells(state: WorkflowState, event: Init<HistoryEvent>): void {
  state.outbox.clear();
  state.pendingSignalCount = 0;
  state.pendingCancelCount = 0;
  const endedByReset = event.workflowExecutionTerminatedEventAttributes?.identity === RESETTER_IDENTITY;
  // The run that was made out of this one has its children now. One made out of an earlier run knows nothing of them.
  if (!endedByReset || state.resetRunId === '') leaveChildren(state);
  state.children.clear();
  const { parent, workflowId, runId, firstRunId, successorRunId } = state;
  // If a run follows, it is the last of them that reports.
  if (parent === undefined || successorRunId !== '' || endedByReset) return;
  state.outbox.set(REPORT, {
    kind: 'childClosed',
    key: REPORT,
    namespaceId: parent.namespaceId,
    workflowId: parent.workflowId,
    runId: parent.runId,
    initiatedEventId: parent.initiatedEventId,
    child: { workflowId, runId, firstRunId },
    event: reported(event),
  });
}

function leaveChildren(state: WorkflowState): void {
  for (const child of state.children.values()) {
    const { namespaceId, workflowId, startedRunId, parentClosePolicy: policy, initiatedEventId: key } = child;
    if (startedRunId === '' || policy === ParentClosePolicy.ABANDON) continue;
    const message: ParentClosedMessage = {
      kind: 'parentClosed',
      key,
      namespaceId,
      workflowId,
      firstRunId: startedRunId,
      policy,
    };
    state.outbox.set(key, message);
  }
}

/** What the parent records of the closing event. */
function reported(event: Init<HistoryEvent>): Init<HistoryEvent> {
  const {
    workflowExecutionCompletedEventAttributes: completed,
    workflowExecutionFailedEventAttributes: failed,
    workflowExecutionCanceledEventAttributes: canceled,
    workflowExecutionTimedOutEventAttributes: timedOut,
  } = event;
  if (completed) return { workflowExecutionCompletedEventAttributes: { result: own(completed.result) } };
  if (failed) {
    const { failure, retryState } = failed;
    return { workflowExecutionFailedEventAttributes: { failure: own(failure), retryState: retryState ?? 0 } };
  }
  if (canceled) return { workflowExecutionCanceledEventAttributes: { details: own(canceled.details) } };
  if (timedOut) return { workflowExecutionTimedOutEventAttributes: { retryState: timedOut.retryState ?? 0 } };
  return {};
}
