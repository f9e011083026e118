// A run that an operator holds: nothing of it is given to workers until it is released. What a worker has already may be
// finished; signals, timers and timeouts are recorded as ever. To the core a paused run is a running one with a flag.

import { failedPrecondition } from '@perdure/api';
import { EventType, WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { showPauses } from './pause-info.ts';
import { isPaused, isRunning, type WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';
import { relieveBuffer, wakeWorkflow } from './wake.ts';

export interface RunPause {
  readonly identity: string;
  readonly reason: string;
  readonly requestId: string;
}

/** @throws FAILED_PRECONDITION if another request has paused it */
export function pauseRun(tx: Transition, { identity, reason, requestId }: RunPause): void {
  const { pause } = tx.state;
  if (pause !== undefined) {
    if (requestId !== '' && pause.requestId === requestId) return;
    throw failedPrecondition('workflow is already paused.');
  }
  tx.addOrBuffer(EventType.WORKFLOW_EXECUTION_PAUSED, {
    workflowExecutionPausedEventAttributes: { identity, reason, requestId },
    workerMayIgnore: true,
  });
  relieveBuffer(tx);
}

/**
 * Everything that has waited goes to the workers, and the workflow gets to see what has happened.
 * @throws FAILED_PRECONDITION if it is not paused
 */
export function unpauseRun(tx: Transition, { identity, reason, requestId }: RunPause): void {
  const { state } = tx;
  if (state.pause === undefined) throw failedPrecondition('workflow is not paused.');
  tx.addOrBuffer(EventType.WORKFLOW_EXECUTION_UNPAUSED, {
    workflowExecutionUnpausedEventAttributes: { identity, reason, requestId },
    workerMayIgnore: true,
  });
  if (state.task !== undefined) tx.dispatches.push({ kind: 'workflowTask' });
  wakeWorkflow(tx);
  for (const scheduledEventId of state.activities.keys()) tx.dispatches.push({ kind: 'activity', scheduledEventId });
}

/** WorkflowExecutionStatus as everybody outside sees it. */
export function shownStatus(state: WorkflowState): number {
  return isRunning(state) && isPaused(state) ? Status.PAUSED : state.status;
}

export function evolvePaused(state: WorkflowState, event: Init<HistoryEvent>): void {
  const { identity = '', reason = '', requestId = '' } = event.workflowExecutionPausedEventAttributes ?? {};
  state.pause = { identity, reason, requestId, atMs: event.eventTime ?? 0 };
  showPauses(state);
}

export function evolveUnpaused(state: WorkflowState): void {
  state.pause = undefined;
  showPauses(state);
}
