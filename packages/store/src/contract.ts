// The storage contract: what the shell needs from a database, and nothing about how it is kept.
//
// Nouns: a *run* is one execution of a workflow id; its *journal* is the ordered list of its transitions. Schedules and
// batch operations are kept the same way: where this page says run, it means any such *entity*, told apart by its kind.
// A *transition* is one journal row: some encoded public history events and some encoded private events, appended
// atomically. A *commit* is many transitions (and run rows) of one shard in one durable transaction.
// Implementations (memory, SQLite) never interpret the event bytes. They never call back into the caller.

import type { Filter, FilterField, FilterValue, Order } from '@perdure/core/visibility';

/** Small integer identity of a run inside one store; assigned by the caller, ascending, never reused. */
export type RunKey = number;

/** What an entity is. Numbers are stored: they are never reused. */
export const EntityKind = { WORKFLOW_RUN: 0, SCHEDULE: 1, BATCH_OPERATION: 2 } as const;
export type EntityKind = (typeof EntityKind)[keyof typeof EntityKind];
export const EVERY_KIND: readonly EntityKind[] = Object.values(EntityKind);

/** A run's row: what lists and look-ups show, and when the run must next be loaded. */
export interface RunRow {
  readonly key: RunKey;
  readonly kind: EntityKind;
  readonly shard: number;
  readonly namespaceId: string;
  /** Of a schedule or a batch operation: its id. */
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  /** `temporal.api.enums.v1.WorkflowExecutionStatus`; 1 is RUNNING. Of an open run exactly while `closeMs` is undefined. */
  readonly status: number;
  readonly startMs: number;
  /** Start time plus the first workflow task's back-off. */
  readonly executionMs: number;
  readonly closeMs: number | undefined;
  /**
   * Earliest moment (epoch ms) at which the run may have something to do; undefined: nothing until someone calls.
   * A closed run has one too while there is something left to do for it: whoever closes it says so, or clears it.
   * A lower bound: a wake-up that finds nothing to do is not an error.
   */
  readonly wakeAtMs: number | undefined;
  /** Number of history events; exact once closed, otherwise as of the last change of this row. */
  readonly historyLength: number;
  readonly historySizeBytes: number;
  /** Number of transitions; exact once closed, like the two above. */
  readonly stateTransitionCount: number;
  /** Encoded `temporal.api.common.v1.Memo`, or empty. */
  readonly memo: Uint8Array;
  /** Encoded `temporal.api.common.v1.SearchAttributes`, or empty. */
  readonly searchAttributes: Uint8Array;
  /** Run id of the first run of the chain this run belongs to. */
  readonly firstRunId: string;
  /** Empty: it has no parent. */
  readonly parentWorkflowId: string;
  readonly parentRunId: string;
  /** The topmost ancestor; the run itself if it has no parent. */
  readonly rootWorkflowId: string;
  readonly rootRunId: string;
}

/** One transition as stored. `seq` counts from 1 without gaps inside a run. */
export interface JournalRow {
  readonly seq: number;
  /** Id of the first public event in this row, or of the next one to come if the row has none. */
  readonly firstEventId: number;
  readonly eventCount: number;
  /** `eventCount` history events, each preceded by field tag 1 and its length, as `temporal.api.history.v1.History`. */
  readonly publicBytes: Uint8Array;
  /** Private events in the encoding of `@perdure/core`; may be empty. */
  readonly privateBytes: Uint8Array;
}

/** A namespace as stored; `data` is opaque here. */
export interface NamespaceRow {
  readonly id: string;
  readonly name: string;
  readonly data: Uint8Array;
}

/** What a record of a namespace is. Numbers are stored: they are never reused. */
export const RecordKind = { SAVED_VIEW: 1 } as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

/** Something small that is kept with a namespace, goes with it, and is read as a whole; `value` is opaque here. */
export interface NamespaceRecord {
  readonly namespaceId: string;
  readonly kind: RecordKind;
  /** Unique in its namespace and kind; not empty. */
  readonly key: string;
  readonly value: Uint8Array;
}

export type Write =
  | { readonly kind: 'insertRun'; readonly row: RunRow }
  | ({ readonly kind: 'append'; readonly run: RunKey } & JournalRow)
  | {
      readonly kind: 'updateRun';
      readonly run: RunKey;
      /** null clears it. */
      readonly wakeAtMs?: number | null;
      /** Another status of an open run. */
      readonly status?: number;
      readonly closed?: {
        readonly status: number;
        readonly closeMs: number;
        readonly historyLength: number;
        readonly historySizeBytes: number;
        readonly stateTransitionCount: number;
      };
      readonly workflowType?: string;
      readonly taskQueue?: string;
      readonly memo?: Uint8Array;
      readonly searchAttributes?: Uint8Array;
    }
  /**
   * A snapshot of an entity without public history: its journal becomes this one row, with seq 1 and no events. What was
   * in it before is gone.
   */
  | { readonly kind: 'replaceJournal'; readonly run: RunKey; readonly privateBytes: Uint8Array }
  /** Removes the run and its whole journal, as if they had never been; two that ask for it may both find it there. */
  | { readonly kind: 'deleteRun'; readonly run: RunKey }
  | { readonly kind: 'putNamespace'; readonly row: NamespaceRow }
  /** Its records go with it; its runs are the caller's to remove before. One that is not there is no mistake. */
  | { readonly kind: 'deleteNamespace'; readonly id: string }
  /** Takes the place of the one with the same key. The namespace need not have been put. */
  | { readonly kind: 'putRecord'; readonly record: NamespaceRecord }
  /** One that is not there is no mistake. */
  | { readonly kind: 'deleteRecord'; readonly record: Omit<NamespaceRecord, 'value'> };

export interface Commit {
  readonly shard: number;
  /** The epoch under which the caller owns the shard; checked inside the transaction. */
  readonly epoch: number;
  readonly writes: readonly Write[];
}

export interface RunLookup {
  /** Default: a run of a workflow. */
  readonly kind?: EntityKind;
  readonly namespaceId: string;
  readonly workflowId: string;
  /** Empty: the newest run of the workflow id. */
  readonly runId: string;
}

/** Which runs: what lists and counts ask for. */
export interface RunQuery {
  readonly namespaceId: string;
  /** Default: runs of workflows. Several come in one list. */
  readonly kinds?: readonly EntityKind[];
  /** Default: all. */
  readonly filter?: Filter;
  /** How long it may take from now on, in milliseconds, also while it waits for its turn. Default: as long as it takes. */
  readonly timeoutMs?: number;
}

export interface RunListQuery extends RunQuery {
  readonly orderBy?: Order;
  /** Rows after this cursor (from the previous page, with the same order): `listCursor` of its last row. */
  readonly after?: RunListCursor;
  readonly limit: number;
  /**
   * Rows behind those whose memos and search attributes together have so many bytes may be left out, but for one that
   * shows that there are more.
   */
  readonly bytesMax?: number;
  /** A small page for the upkeep of the store, now and then: not worth a thread that waits for clients' lists. */
  readonly upkeep?: boolean;
}

export interface RunCountQuery extends RunQuery {
  /** A keyword, an integer or a boolean. */
  readonly groupBy?: FilterField;
  /** No more groups than the largest; of the same size those of the first values. */
  readonly groupsMax?: number;
}

export interface RunCount {
  /** Of all groups, also of those that are left out. */
  readonly count: number;
  /** Of what is grouped by, every value that occurs, in order; undefined, at the end: rows without one. */
  readonly groups: readonly { readonly value: FilterValue | undefined; readonly count: number }[];
}

/** Position in the list order: open first, then by close time, start time and key, all descending. */
export interface RunListCursor {
  readonly closeMs: number | undefined;
  readonly startMs: number;
  readonly key: RunKey;
  /** With another order: the values of its fields, by which rows are compared first. */
  readonly values?: readonly (FilterValue | undefined)[];
}

export interface HistoryRange {
  readonly run: RunKey;
  /** Rows that hold events with id >= this. */
  readonly fromEventId: number;
  /** Rows that hold events with id < this. */
  readonly toEventId: number;
  /** Rows while their public events fit in this many bytes (at least one row is returned if any matches). */
  readonly maxBytes: number;
  /** Newest rows first. */
  readonly reverse?: boolean;
}

export interface Store {
  readonly kind: 'memory' | 'sqlite';

  /** Takes the shard with a new, higher epoch: every later commit under an older epoch fails with FencedError. */
  acquireShard(shard: number, owner: string): Promise<number>;

  /**
   * Makes all writes durable in one transaction, or none. Commits are applied in the order of the calls.
   * @throws {FencedError} the epoch is not the shard's current one
   * @throws {Error} a mistake of the caller: a key in use, a gap in a journal, an unknown run, a contradictory row; nothing was written
   * @throws {StoreUnavailableError} disk full, read-only, I/O error: nothing was written; a later commit may succeed
   */
  commit(commit: Commit): Promise<void>;

  /** The largest run key in use, 0 if none. */
  maxRunKey(): Promise<RunKey>;
  /** Answers in the order of the look-ups. Many look-ups of one call share one round trip. */
  findRuns(lookups: readonly RunLookup[]): Promise<(RunRow | undefined)[]>;
  /** The whole journal of a run, in order of seq. */
  readJournal(run: RunKey): Promise<JournalRow[]>;
  readHistory(range: HistoryRange): Promise<JournalRow[]>;
  /** Runs of a kind, open or closed, whose wakeAtMs is at or before `untilMs`, by (wakeAtMs, key), after the cursor. */
  dueRuns(
    shard: number,
    kind: EntityKind,
    untilMs: number,
    after: { readonly wakeAtMs: number; readonly key: RunKey } | undefined,
    limit: number,
  ): Promise<RunRow[]>;
  /** The earliest wakeAtMs greater than `afterMs` of the runs of a kind in a shard. */
  nextWakeAt(shard: number, kind: EntityKind, afterMs: number): Promise<number | undefined>;
  /** @throws {QueryTimeoutError} */
  listRuns(query: RunListQuery): Promise<RunRow[]>;
  /** @throws {QueryTimeoutError} */
  countRuns(query: RunCountQuery): Promise<RunCount>;
  namespaces(): Promise<NamespaceRow[]>;
  /** All of a kind, in the order of their keys as UTF-8. */
  records(namespaceId: string, kind: RecordKind): Promise<NamespaceRecord[]>;

  /** Bytes on disk (0 for memory), for diagnostics. */
  sizeBytes(): Promise<number>;
  /** Waits for commits under way, then releases everything. Later calls reject. */
  close(): Promise<void>;
}

/** Another owner has taken the shard; whatever this owner holds in memory about it is void. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** The store cannot write now (disk full, read-only, I/O error). The message says why and what to do. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** A list or a count took longer than its caller allows; nothing is wrong with the store. The message says what to do. */
export class QueryTimeoutError extends Error {
  override readonly name = 'QueryTimeoutError';

  constructor() {
    super(
      'The query was stopped because it took too long: there are many executions to look at. Narrow it by WorkflowId, ' +
        'WorkflowType, TaskQueue, ExecutionStatus, StartTime, or a search attribute that is equal to a value.',
    );
  }
}

/** The database cannot be used at all: corrupted, made by a newer version, locked by another process. Says what to do. */
export class StoreRefusedError extends Error {
  override readonly name = 'StoreRefusedError';
}
