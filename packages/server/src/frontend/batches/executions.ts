// Which executions a batch operation means: those that its request names, or what its query finds. A page at a time: the
// cursor is a number of named executions, or a place in the list that the query makes.

import { invalidArgument, StatusError } from '@perdure/api';
import { WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import { type BatchPage, type BatchTarget, type Filter, type FilterField, parseFilter } from '@perdure/core';
import type { RunListCursor, RunRow } from '@perdure/store';
import { BatchImpossibleError, type BatchJob, requestIdOf } from '../../runtime/batches/work.ts';
import type { FrontendContext } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { countWithin, PAGE_BYTES_MAX } from '../visibility/scan.ts';
import type { ActionContext, BatchAction } from './action.ts';

/** Executions of one page. */
const PAGE = 500;

export async function namedPage(context: Pick<FrontendContext, 'engine' | 'store'>, job: BatchJob): Promise<BatchPage> {
  const { targets, cursor } = job.state;
  const from = Number(cursor);
  const end = from + PAGE;
  const page = await Promise.all(targets.slice(from, end).map((target) => withRunId(context, job.namespaceId, target)));
  return { targets: page, nextCursor: end < targets.length ? String(end) : undefined };
}

/** From here on it is this run, whatever becomes of its workflow id. */
async function withRunId(
  { engine, store }: Pick<FrontendContext, 'engine' | 'store'>,
  namespaceId: string,
  target: BatchTarget,
): Promise<BatchTarget> {
  if (target.runId !== '') return target;
  const ref = { namespaceId, ...target };
  const here = engine.loader.inMemory(ref);
  if (here !== undefined) return { ...target, runId: here.state.runId };
  const [row] = await store.findRuns([ref]);
  return { ...target, runId: row?.runId ?? '' };
}

/** @throws INVALID_ARGUMENT */
export function checkBatchQuery(namespace: Namespace, query: string): void {
  try {
    filterOf(namespace, query, true);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw invalidArgument(`invalid visibility query: ${error.message}`);
  }
}

export async function countExecutions(
  { store }: Pick<FrontendContext, 'store'>,
  namespace: Namespace,
  { query, closedToo, timeoutMs }: { readonly query: string; readonly closedToo: boolean; readonly timeoutMs: number },
): Promise<number> {
  const filter = filterOf(namespace, query, closedToo);
  return (await store.countRuns({ namespaceId: namespace.id, timeoutMs, ...(filter && { filter }) })).count;
}

/**
 * In the list order, in which what is still to come keeps its place or moves further back: nothing is passed over. What
 * has begun after the batch operation is none of its business, above all the runs that its own resets make. Nobody waits
 * for a page: it may take as long as it takes, otherwise a slow query could never be carried out.
 */
export async function queryPage(
  context: ActionContext,
  namespace: Namespace,
  job: BatchJob,
  action: BatchAction,
): Promise<BatchPage> {
  const { query, cursor, startMs } = job.state;
  const filter = storedFilter(namespace, query, action.ofClosed === true);
  const after = cursor === '' ? undefined : decodeCursor(cursor);
  const rows = await context.store.listRuns({
    ...{ namespaceId: namespace.id, limit: PAGE, bytesMax: PAGE_BYTES_MAX },
    ...(filter && { filter }),
    ...(after && { after }),
  });
  const last = rows.at(-1);
  const isLast = rows.length < PAGE && countWithin(rows, PAGE_BYTES_MAX) === rows.length;
  const begunBefore = rows.filter((row) => row.startMs <= startMs);
  const done = await Promise.all(begunBefore.map((row) => isDone(context, job, action, row)));
  return {
    targets: begunBefore.filter((_, i) => !done[i]).map(({ workflowId, runId }) => ({ workflowId, runId })),
    nextCursor: last === undefined || isLast ? undefined : encodeCursor(last),
  };
}

/** A run that was open when it was dealt with, and closed by that, comes once more among the closed ones. */
async function isDone(context: ActionContext, job: BatchJob, action: BatchAction, row: RunRow): Promise<boolean> {
  if (action.isDone === undefined || row.closeMs === undefined || row.closeMs < job.state.startMs) return false;
  const { namespaceId, workflowId, runId } = row;
  return action.isDone(context, { ref: { namespaceId, workflowId, runId }, requestId: requestIdOf(job, row) });
}

const STATUS: FilterField = { kind: 'column', column: 'status', type: 'int' };
const IS_OPEN: Filter = { op: 'in', field: STATUS, values: [Status.RUNNING, Status.PAUSED] };

function filterOf(namespace: Namespace, query: string, closedToo: boolean): Filter | undefined {
  const { filter, orderBy } = parseFilter(query, { schema: namespace.searchAttributes, purpose: 'list' });
  if (orderBy !== undefined) {
    throw invalidArgument("invalid query: operation is not supported: 'ORDER BY' clause");
  }
  if (closedToo) return filter;
  return filter === undefined ? IS_OPEN : { op: 'and', of: [filter, IS_OPEN] };
}

/** The query was checked when it came; since then an attribute may have been removed. */
function storedFilter(namespace: Namespace, query: string, closedToo: boolean): Filter | undefined {
  try {
    return filterOf(namespace, query, closedToo);
  } catch (error) {
    if (error instanceof StatusError) throw new BatchImpossibleError(error.message);
    throw error;
  }
}

function encodeCursor({ closeMs, startMs, key }: RunListCursor): string {
  return JSON.stringify([closeMs ?? null, startMs, key]);
}

/** It was written by encodeCursor, into the journal. */
function decodeCursor(cursor: string): RunListCursor {
  const [closeMs, startMs, key] = JSON.parse(cursor) as [number | null, number, number];
  return { closeMs: closeMs ?? undefined, startMs, key };
}
