// Answers questions from a connection. Each answer is taken from one snapshot of the database.
//
// Rows are returned as SQL values; the main thread makes rows of the contract from them (codec/rows.ts).
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isOpenStatus, seqMax } from '../../check.ts';
import type { HistoryRange, RunKey, RunListQuery } from '../../contract.ts';
import type { Row, Value } from '../codec/values.ts';
import type { Reads } from '../protocol.ts';
import { journalColumns, readHistory } from './history.ts';

const runColumns = `key, shard, (SELECT id FROM namespace WHERE number = run.namespace), workflow_id, run_id, workflow_type,
  task_queue, status, start_ms, execution_ms, close_ms, wake_at_ms, history_length, history_size_bytes, memo,
  search_attributes, first_run_id, parent_workflow_id, parent_run_id`;

const inNamespace = 'namespace = (SELECT number FROM namespace WHERE id = ?)';
const isWaiting = 'wake_at_ms IS NOT NULL AND shard = ?';

export class Reader implements Reads {
  readonly #db: DatabaseSync;
  /** Prepared statements by their text. */
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  maxRunKey(): Row[] {
    return this.#all('SELECT max(key) FROM run');
  }

  findRuns(lookups: readonly string[]): Row[] {
    return this.#inOneSnapshot(() => {
      const found: Row[] = [];
      for (let i = 0; i < lookups.length; i += 3) {
        found.push(this.#findRun(lookups[i] as string, lookups[i + 1] as string, lookups[i + 2] as string));
      }
      return found;
    });
  }

  #findRun(namespaceId: string, workflowId: string, runId: string): Row {
    const [row] =
      runId === ''
        ? this.#all(
            `SELECT ${runColumns} FROM run INDEXED BY run_by_workflow WHERE ${inNamespace} AND workflow_id = ? ORDER BY key DESC LIMIT 1`,
            namespaceId,
            workflowId,
          )
        : this.#all(
            `SELECT ${runColumns} FROM run INDEXED BY run_by_run_id WHERE ${inNamespace} AND workflow_id = ? AND run_id = ? ORDER BY key DESC LIMIT 1`,
            namespaceId,
            workflowId,
            runId,
          );
    return row ?? [];
  }

  readJournal(run: RunKey): Row[] {
    return this.#all(
      `SELECT ${journalColumns} FROM journal
       WHERE id BETWEEN CAST(?1 AS INTEGER) << 24 AND (CAST(?1 AS INTEGER) << 24 | ${seqMax}) ORDER BY id`,
      run,
    );
  }

  readHistory(range: HistoryRange): Row[] {
    return this.#inOneSnapshot(() => readHistory((sql) => this.#prepare(sql), range));
  }

  dueRuns(shard: number, untilMs: number, afterMs: number, afterKey: RunKey, limit: number): Row[] {
    return this.#all(
      `SELECT ${runColumns} FROM run INDEXED BY run_by_wake_at
       WHERE ${isWaiting} AND wake_at_ms <= ? AND (wake_at_ms, key) > (?, ?) ORDER BY wake_at_ms, key LIMIT ?`,
      shard,
      untilMs,
      afterMs,
      afterKey,
      limit,
    );
  }

  nextWakeAt(shard: number, afterMs: number): Row[] {
    return this.#all(
      `SELECT min(wake_at_ms) FROM run INDEXED BY run_by_wake_at WHERE ${isWaiting} AND wake_at_ms > ?`,
      shard,
      afterMs,
    );
  }

  listRuns(query: RunListQuery): Row[] {
    return this.#inOneSnapshot(() => {
      const open = this.#list('open', query, query.limit);
      return open.length >= query.limit ? open : open.concat(this.#list('closed', query, query.limit - open.length));
    });
  }

  countRuns(query: Omit<RunListQuery, 'after' | 'limit'>): Row[] {
    return this.#inOneSnapshot(() => {
      let count = 0;
      for (const part of ['open', 'closed'] as const) {
        const where = partCondition(part, query);
        if (where === undefined) continue;
        const [row] = this.#all(`SELECT count(*) FROM run ${where.sql}`, ...where.values);
        count += Number(row?.[0]);
      }
      return [[count]];
    });
  }

  namespaces(): Row[] {
    return this.#all('SELECT id, name, data FROM namespace WHERE name IS NOT NULL ORDER BY id');
  }

  #list(part: 'open' | 'closed', query: RunListQuery, limit: number): Row[] {
    const where = partCondition(part, query);
    if (where === undefined) return [];
    const order = part === 'open' ? 'start_ms DESC, key DESC' : 'close_ms DESC, start_ms DESC, key DESC';
    return this.#all(`SELECT ${runColumns} FROM run ${where.sql} ORDER BY ${order} LIMIT ?`, ...where.values, limit);
  }

  #all(sql: string, ...values: Value[]): Row[] {
    return this.#prepare(sql).all(...values) as unknown as Row[];
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
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

/**
 * The list order is the open runs, then the closed ones; each part has an index in its order. Undefined: the part holds
 * nothing that the query asks for.
 */
function partCondition(
  part: 'open' | 'closed',
  query: Omit<RunListQuery, 'limit'>,
): { readonly sql: string; readonly values: Value[] } | undefined {
  const { namespaceId, workflowId, runId, workflowType, status, after } = query;
  if (status !== undefined && isOpenStatus(status) !== (part === 'open')) return undefined;
  const terms = [part === 'open' ? 'close_ms IS NULL' : 'close_ms IS NOT NULL', inNamespace];
  const values: Value[] = [namespaceId];
  const require = (term: string, ...bound: Value[]): void => {
    terms.push(term);
    values.push(...bound);
  };
  if (workflowId !== undefined) require('workflow_id = ?', workflowId);
  if (runId !== undefined) require('run_id = ?', runId);
  if (workflowType !== undefined) require('workflow_type = ?', workflowType);
  if (status !== undefined) require('status = ?', status);
  if (after !== undefined && part === 'open') {
    if (after.closeMs !== undefined) return undefined;
    require('(start_ms, key) < (?, ?)', after.startMs, after.key);
  }
  if (after?.closeMs !== undefined) {
    require('(close_ms, start_ms, key) < (?, ?, ?)', after.closeMs, after.startMs, after.key);
  }
  return { sql: `INDEXED BY ${indexFor(part, query)} WHERE ${terms.join(' AND ')}`, values };
}

function indexFor(part: 'open' | 'closed', query: Omit<RunListQuery, 'limit'>): string {
  if (query.runId !== undefined) return 'run_by_run_id';
  if (query.workflowId !== undefined) return 'run_by_workflow';
  return part === 'open' ? 'run_open' : 'run_closed';
}
