// Pieces of SQL about the table of runs that several statements share.
import type { EntityKind as Kind } from '../../contract.ts';
import { EntityKind } from '../../contract.ts';

/** The list order is the open runs, then the closed ones; each part has indexes of its own. */
export type Part = 'open' | 'closed';

/** In the order in which codec/rows.ts reads them. */
export const runColumns = columnsWith('memo');
/** The same of rows whose memos nobody wants to see. */
export const runColumnsWithoutMemo = columnsWith("x''");

function columnsWith(memo: string): string {
  return `key, shard, (SELECT id FROM namespace WHERE number = run.namespace), workflow_id, run_id, workflow_type,
  task_queue, status, start_ms, execution_ms, close_ms, wake_at_ms, history_length, history_size_bytes, ${memo},
  search_attributes, first_run_id, parent_workflow_id, parent_run_id, kind, state_transition_count,
  coalesce(root_workflow_id, workflow_id), coalesce(root_run_id, run_id)`;
}

export const inNamespace = 'namespace = (SELECT number FROM namespace WHERE id = ?)';

/** Runs of workflows have indexes without a kind, in which nothing else is. */
export function indexOf(kind: Kind, purpose: 'id' | 'wakeAt' | 'open' | 'closed'): string {
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
export function isKind(kind: Kind): string {
  return kind === EntityKind.WORKFLOW_RUN ? 'kind = 0' : `kind > 0 AND kind = ${kind}`;
}
