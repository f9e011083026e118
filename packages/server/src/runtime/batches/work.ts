// What a batch operation needs from those who know requests and queries: its executions, a page at a time, and one
// function that does to an execution what the request says.

import type { BatchPage, BatchState, BatchTarget } from '@perdure/core';

export interface BatchJob {
  readonly namespaceId: string;
  readonly id: string;
  /** Of this batch operation: another one may have the same id when this one is gone. */
  readonly runId: string;
  readonly state: BatchState;
}

/** How fast it may go, by the settings of its namespace. */
export interface BatchSpeed {
  readonly perSecondMax: number;
  readonly concurrency: number;
}

export interface BatchWork {
  /**
   * The page that begins at the state's cursor; undefined: its namespace is gone, and nobody will ask for it any more.
   * @throws BatchImpossibleError
   */
  readonly page: (job: BatchJob) => Promise<BatchPage | undefined>;
  /**
   * Does it to one execution, once, however often it is called with this request id.
   * @throws {StatusError} NOT_FOUND: there is nothing to do it to
   */
  readonly act: (job: BatchJob, target: BatchTarget, requestId: string) => Promise<void>;
  readonly speed: (namespaceId: string) => BatchSpeed;
}

/** Under which it is done to one execution: the same whoever does it, and however often. */
export function requestIdOf(job: Pick<BatchJob, 'runId'>, target: BatchTarget): string {
  return `${job.runId}:${target.runId}`;
}

/** The batch operation cannot go on, and never will; the message says why. */
export class BatchImpossibleError extends Error {
  override readonly name = 'BatchImpossibleError';
}
