// What can happen to a batch operation. It deals with its executions a page at a time: a page is written down before
// anything is done to what is in it, and its outcome afterwards.

import { WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import type { EntityTransition } from '../entity/entity.ts';
import type { BatchChange } from './definition.ts';
import {
  type BatchPage,
  type BatchProgress,
  type BatchRequest,
  type BatchState,
  FAILURE_MESSAGE_MAX,
  FAILURES_MAX,
} from './state.ts';

export type BatchTransition = EntityTransition<BatchState, BatchChange>;

export function createBatch(tx: BatchTransition, request: BatchRequest): void {
  tx.note({ created: { ...request, startMs: tx.nowMs } });
}

export function beginPage(tx: BatchTransition, page: BatchPage): void {
  if (tx.state.page !== undefined) throw new Error('a page of a batch operation begins before the last one has ended');
  tx.note({ pageBegun: page });
}

/** After the last page the batch operation is complete. */
export function endPage(tx: BatchTransition, progress: BatchProgress): void {
  const { page } = tx.state;
  if (page === undefined) throw new Error('a page of a batch operation ends that has not begun');
  tx.note({ pageEnded: { progress: bounded(progress) } });
  if (page.nextCursor === undefined) tx.note({ closed: { status: Status.COMPLETED, closeMs: tx.nowMs } });
}

/** @param progress of the page under way: what was done is done */
export function stopBatch(
  tx: BatchTransition,
  stop: { readonly reason: string; readonly identity: string; readonly progress: BatchProgress },
): void {
  if (tx.state.page !== undefined) tx.note({ pageEnded: { progress: bounded(stop.progress) } });
  const { reason, identity } = stop;
  tx.note({ closed: { status: Status.TERMINATED, closeMs: tx.nowMs, reason, identity } });
}

/** It cannot go on. */
export function failBatch(tx: BatchTransition, reason: string): void {
  tx.note({ closed: { status: Status.FAILED, closeMs: tx.nowMs, reason } });
}

function bounded(progress: BatchProgress): BatchProgress {
  const failures = progress.failures
    .slice(0, FAILURES_MAX)
    .map(({ target, message }) => ({ target, message: message.slice(0, FAILURE_MESSAGE_MAX) }));
  return { ...progress, failures };
}
