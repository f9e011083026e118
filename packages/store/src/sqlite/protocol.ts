// What the main thread and the storage threads say to each other.
import type { EntityKind, HistoryRange, RecordKind, RunCountQuery, RunKey, RunListQuery } from '../contract.ts';
import type { Row } from './codec/values.ts';

/** Given to a storage thread at its start. */
export interface ThreadData {
  readonly role: 'writer' | 'reader';
  /** Absolute path. */
  readonly filename: string;
  readonly synchronous: 'full' | 'normal';
  /** Undefined: no limit but the disk. */
  readonly sizeBytesMax: number | undefined;
}

/** The questions a storage thread answers with rows. */
export interface Reads {
  maxRunKey(): Iterable<Row>;
  /** Look-ups flattened to kind, namespace id, workflow id, run id, one after the other. */
  findRuns(lookups: readonly (string | number)[]): Iterable<Row>;
  readJournal(run: RunKey): Iterable<Row>;
  readHistory(range: HistoryRange): Iterable<Row>;
  dueRuns(
    shard: number,
    kind: EntityKind,
    untilMs: number,
    afterMs: number,
    afterKey: RunKey,
    limit: number,
  ): Iterable<Row>;
  nextWakeAt(shard: number, kind: EntityKind, afterMs: number): Iterable<Row>;
  /** `untilMs`: when it has to be over, by the clock of time_limit.ts. */
  listRuns(query: RunListQuery, untilMs: number): Iterable<Row>;
  /** A row for each group: its value (of what is not grouped by, null), and how many. */
  countRuns(query: RunCountQuery, untilMs: number): Iterable<Row>;
  namespaces(): Iterable<Row>;
  records(namespaceId: string, kind: RecordKind): Iterable<Row>;
}

export type Request =
  /** The bytes of codec/commit.ts, transferred. */
  | { readonly id: number; readonly kind: 'commit'; readonly bytes: ArrayBuffer }
  | { readonly id: number; readonly kind: 'acquireShard'; readonly shard: number; readonly owner: string }
  | { readonly id: number; readonly kind: 'read'; readonly method: keyof Reads; readonly args: readonly unknown[] }
  /** Copies the log into the database file as far as that is possible now. */
  | { readonly id: number; readonly kind: 'checkpoint' }
  | { readonly id: number; readonly kind: 'close' };

export interface Failure {
  readonly kind: 'fenced' | 'unavailable' | 'refused' | 'timeout' | 'invalid';
  readonly message: string;
}

/**
 * One message may answer many requests. A bare number is the id of a request that was done and has no value.
 * The first message of a thread answers request 0: whether it could open the database.
 */
export type Answers = readonly (
  | number
  | { readonly id: number; readonly rows: ArrayBuffer }
  | { readonly id: number; readonly failure: Failure }
  /** The thread has written so many bytes that nobody asked for: journals of removed runs are gone. */
  | { readonly writtenBytes: number }
)[];
