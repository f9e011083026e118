// Answers questions from a connection. Each answer is taken from one snapshot of the database.
//
// Rows are returned as SQL values; the main thread makes rows of the contract from them (codec/rows.ts).
import type { DatabaseSync } from 'node:sqlite';
import { seqMax } from '../../check.ts';
import type { EntityKind, HistoryRange, RecordKind, RunCountQuery, RunKey, RunListQuery } from '../../contract.ts';
import { TimeLimit } from '../../time_limit.ts';
import type { Row } from '../codec/values.ts';
import type { Reads } from '../protocol.ts';
import { indexOf, inNamespace, isKind, runColumns } from './columns.ts';
import { journalColumns, readHistory } from './history.ts';
import { Lists } from './lists.ts';
import { Statements } from './prepared.ts';

export class Reader implements Reads {
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #lists: Lists;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = new Statements(db);
    this.#lists = new Lists(this.#statements);
  }

  maxRunKey(): Row[] {
    return this.#statements.all('SELECT max(key) FROM run');
  }

  findRuns(lookups: readonly (string | number)[]): Row[] {
    return this.#inOneSnapshot(() => {
      const found: Row[] = [];
      for (let i = 0; i < lookups.length; i += 4) {
        found.push(this.#findRun(...(lookups.slice(i, i + 4) as [EntityKind, string, string, string])));
      }
      return found;
    });
  }

  #findRun(kind: EntityKind, namespaceId: string, workflowId: string, runId: string): Row {
    const [row] =
      runId === ''
        ? this.#statements.all(
            `SELECT ${runColumns} FROM run INDEXED BY ${indexOf(kind, 'id')} WHERE ${isKind(kind)} AND ${inNamespace} AND workflow_id = ? ORDER BY key DESC LIMIT 1`,
            namespaceId,
            workflowId,
          )
        : this.#statements.all(
            `SELECT ${runColumns} FROM run INDEXED BY run_by_run_id WHERE ${isKind(kind)} AND ${inNamespace} AND workflow_id = ? AND run_id = ? ORDER BY key DESC LIMIT 1`,
            namespaceId,
            workflowId,
            runId,
          );
    return row ?? [];
  }

  readJournal(run: RunKey): Row[] {
    return this.#statements.all(
      `SELECT ${journalColumns} FROM journal
       WHERE id BETWEEN CAST(?1 AS INTEGER) << 24 AND (CAST(?1 AS INTEGER) << 24 | ${seqMax})
         AND EXISTS (SELECT 1 FROM run WHERE key = ?1 AND namespace > 0) ORDER BY id`,
      run,
    );
  }

  readHistory(range: HistoryRange): Row[] {
    return this.#inOneSnapshot(() => {
      // Half of the journal of a removed run may still be there.
      const [exists] = this.#statements.all('SELECT 1 FROM run WHERE key = ? AND namespace > 0', range.run);
      return exists === undefined ? [] : readHistory((sql) => this.#statements.prepare(sql), range);
    });
  }

  dueRuns(shard: number, kind: EntityKind, untilMs: number, afterMs: number, afterKey: RunKey, limit: number): Row[] {
    return this.#statements.all(
      `SELECT ${runColumns} FROM run INDEXED BY ${indexOf(kind, 'wakeAt')}
       WHERE ${isKind(kind)} AND wake_at_ms IS NOT NULL AND shard = ? AND wake_at_ms <= ? AND (wake_at_ms, key) > (?, ?) ORDER BY wake_at_ms, key LIMIT ?`,
      shard,
      untilMs,
      afterMs,
      afterKey,
      limit,
    );
  }

  nextWakeAt(shard: number, kind: EntityKind, afterMs: number): Row[] {
    return this.#statements.all(
      `SELECT min(wake_at_ms) FROM run INDEXED BY ${indexOf(kind, 'wakeAt')}
       WHERE ${isKind(kind)} AND wake_at_ms IS NOT NULL AND shard = ? AND wake_at_ms > ?`,
      shard,
      afterMs,
    );
  }

  listRuns(query: RunListQuery, untilMs: number): Row[] {
    return this.#inOneSnapshot(() => this.#lists.list(query, new TimeLimit(untilMs)));
  }

  countRuns(query: RunCountQuery, untilMs: number): Row[] {
    return this.#inOneSnapshot(() => this.#lists.count(query, new TimeLimit(untilMs)));
  }

  namespaces(): Row[] {
    return this.#statements.all('SELECT id, name, data FROM namespace WHERE name IS NOT NULL ORDER BY id');
  }

  records(namespaceId: string, kind: RecordKind): Row[] {
    return this.#statements.all(
      `SELECT key, value FROM namespace_record WHERE ${inNamespace} AND kind = ? ORDER BY key`,
      namespaceId,
      kind,
    );
  }

  #inOneSnapshot(read: () => Row[]): Row[] {
    this.#db.exec('BEGIN');
    try {
      return read();
    } finally {
      this.#db.exec('COMMIT');
    }
  }
}
