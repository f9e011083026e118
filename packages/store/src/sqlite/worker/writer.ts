// Applies commits. Commits that wait together share one SQLite transaction, and thus one sync of the disk, but each is
// acknowledged or refused on its own: if anything but fencing goes wrong with one, all are taken back and applied one by one.
//
// It owns the only connection that writes. It never reads for others and never talks to the main thread.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fencedError } from '../../check.ts';
import { ByteReader } from '../codec/bytes.ts';
import { op } from '../codec/commit.ts';
import type { Value } from '../codec/values.ts';
import { readRow } from '../codec/values.ts';
import { Fenced, isBusyError, isConstraintError } from './faults.ts';
import { RunIndex } from './run_index.ts';
import { RunRemoval } from './run_removal.ts';
import { describeMistake, prepareWrites } from './statements.ts';

/** What is not there any more need not be removed. */
const removals: ReadonlySet<number> = new Set([
  op.deleteJournal,
  op.deleteNamespace,
  op.deleteRecord,
  op.deleteRecords,
]);

/** Undefined: done. */
export type Outcome = unknown;

export class Writer {
  readonly removal: RunRemoval;
  readonly #db: DatabaseSync;
  readonly #writes: StatementSync[];
  readonly #index: RunIndex;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #epochOf: StatementSync;
  readonly #takeShard: StatementSync;
  readonly #namespaceNumber: StatementSync;
  readonly #internNamespace: StatementSync;
  /** Namespace id to its number; only numbers that are committed, or will be with the transaction under way. */
  readonly #namespaces = new Map<string, number>();

  constructor(db: DatabaseSync) {
    this.removal = new RunRemoval(db);
    this.#db = db;
    this.#writes = prepareWrites(db);
    this.#index = new RunIndex(db);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#epochOf = db.prepare('SELECT epoch FROM shard WHERE id = ?');
    this.#takeShard = db.prepare(
      'INSERT INTO shard VALUES (?1, 1, ?2) ON CONFLICT (id) DO UPDATE SET epoch = epoch + 1, owner = ?2 RETURNING epoch',
    );
    this.#namespaceNumber = db.prepare('SELECT number FROM namespace WHERE id = ?');
    this.#internNamespace = db.prepare('INSERT INTO namespace (id) VALUES (?) RETURNING number');
  }

  acquireShard(shard: number, owner: string): number {
    return Number(this.#takeShard.get(shard, owner)?.['epoch']);
  }

  /** Applies commits in order. Returns for each undefined, or the error for which nothing of it was written. */
  apply(commits: readonly ArrayBuffer[]): Outcome[] {
    try {
      this.#begin.run();
      const outcomes = commits.map((bytes) => this.#applyUnlessFenced(bytes));
      this.#index.flush();
      this.#commit.run();
      return outcomes;
    } catch (error) {
      this.#rollback();
      // Each would wait as long again for whoever holds the lock.
      if (isBusyError(error)) return commits.map(() => error);
      if (commits.length > 1) return commits.flatMap((bytes) => this.apply([bytes]));
      return [error];
    }
  }

  #applyUnlessFenced(bytes: ArrayBuffer): Outcome {
    const reader = new ByteReader(bytes);
    const shard = reader.f64();
    const commitEpoch = reader.f64();
    const epoch = Number(this.#epochOf.get(shard)?.['epoch'] ?? 0);
    if (epoch === 0 || epoch !== commitEpoch) return new Fenced(fencedError(shard, commitEpoch, epoch).message);
    while (!reader.isAtEnd) this.#write(reader.u8(), readRow(reader));
    return undefined;
  }

  #write(number: number, values: Value[]): void {
    if (number === op.insertRun) values[2] = this.#intern(String(values[2]));
    if (number === op.putRecord) values[0] = this.#intern(String(values[0]));
    try {
      this.#index.before(number, values);
      if (number === op.deleteRun) return this.removal.remove(Number(values[0]));
      const { changes } = (this.#writes[number] as StatementSync).run(...values);
      if (changes === 1 || removals.has(number)) return;
    } catch (error) {
      if (!isConstraintError(error)) throw error;
    }
    throw new Error(describeMistake(number, values));
  }

  #intern(id: string): number {
    const known = this.#namespaces.get(id);
    if (known !== undefined) return known;
    const row = this.#namespaceNumber.get(id) ?? this.#internNamespace.get(id);
    const number = Number(row?.['number']);
    this.#namespaces.set(id, number);
    return number;
  }

  #rollback(): void {
    this.#namespaces.clear();
    this.#index.forget();
    // Some errors, a full disk among them, have already rolled the transaction back.
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }
}
