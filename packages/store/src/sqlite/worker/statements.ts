// The statements a commit is made of. Parameters come in the order in which codec/commit.ts writes them, and behind them
// the number of the run's group where that changes (run_index.ts).
//
// JavaScript numbers are bound as doubles. Columns of type INTEGER turn them back into integers; the arithmetic on
// journal ids needs CAST, since 64-bit keys do not fit in a double.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { seqMax } from '../../check.ts';
import { op } from '../codec/commit.ts';
import type { Row } from '../codec/values.ts';

const journalId = '(CAST(?1 AS INTEGER) << 24 | CAST(?2 AS INTEGER))';

// Appending only behind the row before, or first behind the run itself, costs 0.4 µs and keeps every journal without
// gaps, which reading by event id relies on.
const append = `
INSERT INTO journal
SELECT ${journalId}, ?3, ?4, ?5, ?6
WHERE CASE WHEN ?2 > 1 THEN EXISTS (SELECT 1 FROM journal WHERE id = ${journalId} - 1)
           ELSE EXISTS (SELECT 1 FROM run WHERE key = ?1 AND namespace > 0) END`;

/** A run that is hidden until its journal is gone (run_removal.ts) is not there. */
const ofRun = 'WHERE key = ?1 AND namespace > 0';

const close = `UPDATE run SET status = ?2, close_ms = ?3, history_length = ?4, history_size_bytes = ?5,
  state_transition_count = ?6`;

const sql: Readonly<Record<Exclude<keyof typeof op, 'deleteRun'>, string>> = {
  append,
  insertRun: `INSERT INTO run VALUES (${Array<string>(24).fill('?').join(', ')})`,
  putNamespace: `INSERT INTO namespace (id, name, data) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET name = ?2, data = ?3`,
  // Its number stays: rows may still have it, and it must not become another namespace's.
  deleteNamespace: 'UPDATE namespace SET name = NULL, data = NULL WHERE id = ?1',
  putRecord: `INSERT INTO namespace_record VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (namespace, kind, key) DO UPDATE SET value = ?4`,
  deleteRecord: `DELETE FROM namespace_record WHERE namespace = (SELECT number FROM namespace WHERE id = ?1) AND kind = ?2 AND key = ?3`,
  deleteRecords: 'DELETE FROM namespace_record WHERE namespace = (SELECT number FROM namespace WHERE id = ?1)',
  touchRun: `UPDATE run SET key = key ${ofRun}`,
  setWakeAt: `UPDATE run SET wake_at_ms = ?2 ${ofRun}`,
  close: `${close}, group_number = ?7 ${ofRun}`,
  closeAndSetWakeAt: `${close}, wake_at_ms = ?7, group_number = ?8 ${ofRun}`,
  setMemo: `UPDATE run SET memo = ?2 ${ofRun}`,
  setStatus: `UPDATE run SET status = ?2, group_number = ?3 ${ofRun}`,
  setWorkflowType: `UPDATE run SET workflow_type = ?2, group_number = ?3 ${ofRun}`,
  setTaskQueue: `UPDATE run SET task_queue = ?2, group_number = ?3 ${ofRun}`,
  deleteJournal: `DELETE FROM journal WHERE id BETWEEN CAST(?1 AS INTEGER) << 24 AND (CAST(?1 AS INTEGER) << 24 | ${seqMax})`,
  setSearchAttributes: `UPDATE run SET search_attributes = ?2 ${ofRun}`,
};

/** Prepared, by op number; but for the removal of runs, which is more than a statement. */
export function prepareWrites(db: DatabaseSync): StatementSync[] {
  const statements: StatementSync[] = [];
  for (const name of Object.keys(sql) as (keyof typeof sql)[]) statements[op[name]] = db.prepare(sql[name]);
  return statements;
}

/** Why a write that changed no row, or one row too many, was wrong. */
export function describeMistake(number: number, values: Row): string {
  const [run, seq] = values;
  if (number === op.append) return `journal row ${String(seq)} of run ${String(run)} does not follow the last one`;
  if (number === op.insertRun) return `there is already a run ${String(run)}`;
  return `there is no run ${String(run)} to update`;
}
