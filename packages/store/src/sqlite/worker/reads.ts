// Answers questions from a connection. Each answer is taken from one snapshot of the database.
//
// Rows are returned as SQL values; the main thread makes rows of the contract from them (codec/rows.ts).
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isOpenStatus, seqMax } from '../../check.ts';
import type { HistoryRange, RunKey, RunListQuery } from '../../contract.ts';
import { EntityKind } from '../../contract.ts';
import { compareListOrder } from '../../order.ts';
import { decodeFoundRun } from '../codec/rows.ts';
import type { Row, Value } from '../codec/values.ts';
import type { Reads } from '../protocol.ts';
import { journalColumns, readHistory } from './history.ts';

const runColumns = `key, shard, (SELECT id FROM namespace WHERE number = run.namespace), workflow_id, run_id, workflow_type,
  task_queue, status, start_ms, execution_ms, close_ms, wake_at_ms, history_length, history_size_bytes, memo,
  search_attributes, first_run_id, parent_workflow_id, parent_run_id, kind, state_transition_count,
  coalesce(root_workflow_id, workflow_id), coalesce(root_run_id, run_id)`;

const inNamespace = 'namespace = (SELECT number FROM namespace WHERE id = ?)';
const workflowRuns: readonly EntityKind[] = [EntityKind.WORKFLOW_RUN];

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
        ? this.#all(
            `SELECT ${runColumns} FROM run INDEXED BY ${indexOf(kind, 'id')} WHERE ${isKind(kind)} AND ${inNamespace} AND workflow_id = ? ORDER BY key DESC LIMIT 1`,
            namespaceId,
            workflowId,
          )
        : this.#all(
            `SELECT ${runColumns} FROM run INDEXED BY run_by_run_id WHERE ${isKind(kind)} AND ${inNamespace} AND workflow_id = ? AND run_id = ? ORDER BY key DESC LIMIT 1`,
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

  dueRuns(shard: number, kind: EntityKind, untilMs: number, afterMs: number, afterKey: RunKey, limit: number): Row[] {
    return this.#all(
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
    return this.#all(
      `SELECT min(wake_at_ms) FROM run INDEXED BY ${indexOf(kind, 'wakeAt')}
       WHERE ${isKind(kind)} AND wake_at_ms IS NOT NULL AND shard = ? AND wake_at_ms > ?`,
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
        for (const kind of query.kinds ?? workflowRuns) {
          const where = partCondition(part, kind, query);
          if (where === undefined) continue;
          const [row] = this.#all(`SELECT count(*) FROM run ${where.sql}`, ...where.values);
          count += Number(row?.[0]);
        }
      }
      return [[count]];
    });
  }

  namespaces(): Row[] {
    return this.#all('SELECT id, name, data FROM namespace WHERE name IS NOT NULL ORDER BY id');
  }

  /** Each kind has an index of its own in the order of the list: the first rows of each are merged. */
  #list(part: 'open' | 'closed', query: RunListQuery, limit: number): Row[] {
    const kinds = query.kinds ?? workflowRuns;
    const order = part === 'open' ? 'start_ms DESC, key DESC' : 'close_ms DESC, start_ms DESC, key DESC';
    const lists = kinds.map((kind) => {
      const where = partCondition(part, kind, query);
      if (where === undefined) return [];
      return this.#all(`SELECT ${runColumns} FROM run ${where.sql} ORDER BY ${order} LIMIT ?`, ...where.values, limit);
    });
    if (lists.length === 1) return lists[0] ?? [];
    const cursor = (row: Row) => {
      const { key, startMs, closeMs } = decodeFoundRun(row);
      return { key, startMs, closeMs };
    };
    return lists
      .flat()
      .sort((a, b) => compareListOrder(cursor(a), cursor(b)))
      .slice(0, limit);
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
  kind: EntityKind,
  query: Omit<RunListQuery, 'limit'>,
): { readonly sql: string; readonly values: Value[] } | undefined {
  const { namespaceId, workflowId, runId, workflowType, status, after } = query;
  if (status !== undefined && isOpenStatus(status) !== (part === 'open')) return undefined;
  const terms = [isKind(kind), part === 'open' ? 'close_ms IS NULL' : 'close_ms IS NOT NULL', inNamespace];
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
  return { sql: `INDEXED BY ${indexFor(part, kind, query)} WHERE ${terms.join(' AND ')}`, values };
}

function indexFor(part: 'open' | 'closed', kind: EntityKind, query: Omit<RunListQuery, 'limit'>): string {
  if (query.runId !== undefined) return 'run_by_run_id';
  return indexOf(kind, query.workflowId === undefined ? part : 'id');
}

/** Runs of workflows have indexes without a kind, in which nothing else is. */
function indexOf(kind: EntityKind, purpose: 'id' | 'wakeAt' | 'open' | 'closed'): string {
  const isRun = kind === EntityKind.WORKFLOW_RUN;
  switch (purpose) {
    case 'id':
      return isRun ? 'run_by_workflow' : 'entity_by_id';
    case 'wakeAt':
      return isRun ? 'run_by_wake_at' : 'entity_by_wake_at';
    case 'open':
      return isRun ? 'run_open' : 'entity_open';
    case 'closed':
      return isRun ? 'run_closed' : 'entity_closed';
  }
}

/** As the partial indexes say it: a parameter would not show SQLite that one applies. */
function isKind(kind: EntityKind): string {
  return kind === EntityKind.WORKFLOW_RUN ? 'kind = 0' : `kind > 0 AND kind = ${kind}`;
}
