// Small makers of rows, so that a test states only what it is about.
import assert from 'node:assert/strict';
import type { ColumnName, Filter } from '@perdure/core/visibility';
import type {
  Commit,
  HistoryRange,
  JournalRow,
  NamespaceRecord,
  NamespaceRow,
  RunRow,
  Store,
  Write,
} from '../contract.ts';
import { EntityKind, RecordKind } from '../contract.ts';

const encoder = new TextEncoder();

export function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

export function runRow(key: number, overrides: Partial<RunRow> = {}): RunRow {
  return {
    key,
    kind: EntityKind.WORKFLOW_RUN,
    shard: 1,
    namespaceId: 'ns-1',
    workflowId: `workflow-${key}`,
    runId: `run-${key}`,
    workflowType: 'OrderWorkflow',
    taskQueue: 'orders',
    status: 1,
    startMs: 1_700_000_000_000 + key,
    executionMs: 1_700_000_000_000 + key,
    closeMs: undefined,
    wakeAtMs: undefined,
    historyLength: 2,
    historySizeBytes: 300,
    stateTransitionCount: 1,
    memo: bytes('memo'),
    searchAttributes: new Uint8Array(0),
    firstRunId: `run-${key}`,
    parentWorkflowId: '',
    parentRunId: '',
    rootWorkflowId: `workflow-${key}`,
    rootRunId: `run-${key}`,
    ...overrides,
  };
}

export function closedRow(key: number, closeMs: number, overrides: Partial<RunRow> = {}): RunRow {
  return runRow(key, { status: 2, closeMs, ...overrides });
}

/** A record of a namespace. */
export function view(namespaceId: string, key: string, value = 'value'): NamespaceRecord {
  return { namespaceId, kind: RecordKind.SAVED_VIEW, key, value: bytes(value) };
}

export function insertRun(row: RunRow): Write {
  return { kind: 'insertRun', row };
}

export function append(run: number, row: Partial<JournalRow> & { readonly seq: number }): Write {
  return {
    kind: 'append',
    run,
    firstEventId: row.seq,
    eventCount: 1,
    publicBytes: bytes(`public ${run}/${row.seq}`),
    privateBytes: bytes(`private ${run}/${row.seq}`),
    ...row,
  };
}

export function closeRun(run: number, closeMs: number, status = 2): Write {
  return {
    kind: 'updateRun',
    run,
    wakeAtMs: null,
    closed: { status, closeMs, historyLength: 11, historySizeBytes: 1100, stateTransitionCount: 4 },
  };
}

export function putNamespace(id: string, name: string, data = bytes('data')): Write {
  return { kind: 'putNamespace', row: { id, name, data } satisfies NamespaceRow };
}

export function historyRange(run: number, overrides: Partial<HistoryRange> = {}): HistoryRange {
  return { run, fromEventId: 1, toEventId: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER, ...overrides };
}

/** A shard taken by an owner, and the commits made in its name. */
export interface Owner {
  readonly shard: number;
  readonly epoch: number;
  commit(...writes: Write[]): Promise<void>;
  commitOf(...writes: Write[]): Commit;
}

export async function acquire(store: Store, shard = 1, name = 'owner'): Promise<Owner> {
  const epoch = await store.acquireShard(shard, name);
  const commitOf = (...writes: Write[]): Commit => ({ shard, epoch, writes });
  return { shard, epoch, commitOf, commit: (...writes) => store.commit(commitOf(...writes)) };
}

export async function findRun(store: Store, row: RunRow): Promise<RunRow | undefined> {
  const [found] = await store.findRuns([
    { namespaceId: row.namespaceId, workflowId: row.workflowId, runId: row.runId },
  ]);
  return found;
}

/** The error of a promise that was to reject. */
export function rejectionOf(outcome: PromiseSettledResult<unknown> | undefined): Error {
  assert.ok(outcome?.status === 'rejected', 'it was to reject');
  const reason: unknown = outcome.reason;
  assert.ok(reason instanceof Error);
  return reason;
}

export function keysOf(rows: readonly RunRow[]): number[] {
  return rows.map((row) => row.key);
}

export function is(column: ColumnName, value: string): Filter {
  return { op: 'compare', field: { kind: 'column', column, type: 'keyword' }, comparison: '=', value };
}

export function isStatus(value: number): Filter {
  return { op: 'compare', field: { kind: 'column', column: 'status', type: 'int' }, comparison: '=', value };
}

export function and(...of: Filter[]): Filter {
  return { op: 'and', of };
}
