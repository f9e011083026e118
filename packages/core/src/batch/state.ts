// The state of a batch operation: what is done to which executions, how far it has come, and how it ended. Never changed
// in place (see ../entity/entity.ts).

export interface BatchTarget {
  readonly workflowId: string;
  /** Empty: there was no such execution. */
  readonly runId: string;
}

export interface BatchFailure {
  readonly target: BatchTarget;
  readonly message: string;
}

/** Counts of executions that were dealt with. */
export interface BatchProgress {
  readonly completed: number;
  readonly failed: number;
  /** Of the failed ones; no more than FAILURES_MAX are kept. */
  readonly failures: readonly BatchFailure[];
}

/** Executions that are dealt with together. */
export interface BatchPage {
  readonly targets: readonly BatchTarget[];
  /** Where the next page begins; undefined: this is the last one. Says nothing here: whoever reads pages makes it. */
  readonly nextCursor: string | undefined;
}

export interface BatchRequest {
  /** Encoded `StartBatchOperationRequest` that has nothing but its operation. */
  readonly operation: Uint8Array;
  /** `BatchOperationType` */
  readonly operationType: number;
  readonly reason: string;
  readonly identity: string;
  /** Empty: `targets` are meant. */
  readonly query: string;
  /** As the request names them: one without a run id means the current run, when its page begins. */
  readonly targets: readonly BatchTarget[];
  /** Operations per second; 0: as the server allows. */
  readonly rateMax: number;
  /** Executions, as counted before the start. */
  readonly total: number;
}

export interface BatchState extends BatchRequest {
  readonly startMs: number;
  /** Of the pages that have ended. */
  readonly progress: BatchProgress;
  /** Where the page under way, or the next one, begins. */
  readonly cursor: string;
  /** The page under way. */
  readonly page: BatchPage | undefined;
  /** WorkflowExecutionStatus: 1 running, 2 completed, 3 failed, 5 stopped. */
  readonly status: number;
  readonly closeMs: number | undefined;
  /** Why it was stopped, or has failed. */
  readonly closeReason: string;
  /** Of whoever stopped it. */
  readonly closedBy: string;
  /** What lists show. */
  readonly memo: Uint8Array;
  readonly searchAttributes: Uint8Array;
}

export const FAILURES_MAX = 100;
/** Characters of one failure's message. */
export const FAILURE_MESSAGE_MAX = 300;
/** The first page of every batch. */
export const FIRST_CURSOR = '';

const NO_BYTES = new Uint8Array(0);
export const NO_PROGRESS: BatchProgress = { completed: 0, failed: 0, failures: [] };

export const NEW_BATCH: BatchState = {
  ...{ operation: NO_BYTES, operationType: 0, reason: '', identity: '', query: '', targets: [], rateMax: 0, total: 0 },
  ...{ startMs: 0, progress: NO_PROGRESS, cursor: FIRST_CURSOR, page: undefined },
  ...{ status: 0, closeMs: undefined, closeReason: '', closedBy: '' },
  ...{ memo: NO_BYTES, searchAttributes: NO_BYTES },
};

export function addProgress(a: BatchProgress, b: BatchProgress): BatchProgress {
  return {
    completed: a.completed + b.completed,
    failed: a.failed + b.failed,
    failures: b.failures.length === 0 ? a.failures : [...a.failures, ...b.failures].slice(0, FAILURES_MAX),
  };
}
