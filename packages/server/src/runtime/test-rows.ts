// Rows of runs for tests of what removes them.

import { EntityKind, type RunRow } from '@perdure/store';

/** A run in the namespace `n`; closed unless `more` says otherwise. */
export function testRow(key: number, closeMs: number | undefined, more: Partial<RunRow> = {}): RunRow {
  const bytes = new Uint8Array(0);
  const names = { namespaceId: 'n', workflowId: `w${key}`, runId: `r${key}`, workflowType: '', taskQueue: '' };
  const parent = { firstRunId: '', parentWorkflowId: '', parentRunId: '', rootWorkflowId: '', rootRunId: '' };
  const times = { startMs: 0, executionMs: 0, closeMs, wakeAtMs: undefined };
  const counts = { historyLength: 10, historySizeBytes: 100, stateTransitionCount: 4 };
  const fields = { memo: bytes, searchAttributes: bytes };
  const status = closeMs === undefined ? 1 : 2;
  const identity = { key, kind: EntityKind.WORKFLOW_RUN, shard: 1, status };
  return { ...identity, ...names, ...parent, ...times, ...counts, ...fields, ...more };
}
