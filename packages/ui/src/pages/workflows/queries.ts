// What the list asks the server: pages of executions, how many there are, and how many of each status.

import { jsonValue, withField, withoutOrder } from '@perdure/ui-core';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, path } from '../../api/http.ts';
import type { CountWorkflowsReply, ListWorkflowsReply, WorkflowExecutionInfo } from '../../api/types.ts';
import { textOf } from '../../system/text.ts';

export const PAGE_SIZE = 100;
/** How many rows are kept and asked for again when the list is refreshed. */
const PAGES_MAX = 200;

export function listQuery(namespace: string, query: string) {
  return infiniteQueryOptions({
    queryKey: ['workflows', namespace, query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => listPage(namespace, query, pageParam, signal),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    maxPages: PAGES_MAX,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

export function listPage(
  namespace: string,
  query: string,
  nextPageToken: string,
  signal?: AbortSignal,
): Promise<ListWorkflowsReply> {
  const search = { query, pageSize: PAGE_SIZE, nextPageToken };
  return api<ListWorkflowsReply>(path`namespaces/${namespace}/workflows`, { query: search, signal });
}

export interface Counts {
  readonly total: number;
  /** By the value of the field that they were grouped by. */
  readonly byValue: ReadonlyMap<string, number>;
}

/**
 * How many executions a query finds, in whatever order it lists them.
 * @param groupBy a field: those of each of its values are counted for themselves too
 * @throws {ApiError} not every server groups by every field
 */
export async function countWorkflows(
  namespace: string,
  query: string,
  options: { readonly groupBy?: string; readonly signal: AbortSignal },
): Promise<Counts> {
  const { groupBy, signal } = options;
  const grouping = groupBy === undefined ? '' : ` GROUP BY ${groupBy}`;
  const { count = '0', groups = [] } = await api<CountWorkflowsReply>(path`namespaces/${namespace}/workflow-count`, {
    query: { query: (withoutOrder(query) + grouping).trim() },
    signal,
  });
  const byValue = groups.map(({ groupValues, count: size = '0' }) => {
    return [textOf(jsonValue(groupValues?.[0])), Number(size)] as const;
  });
  return { total: Number(count), byValue: new Map(byValue) };
}

/**
 * Of all that match but for the status, so that a status bar shows what else there is; by the name of the status as queries
 * have it: `Running`, `TimedOut`.
 */
export function countsQuery(namespace: string, query: string) {
  const filter = withField(withoutOrder(query), 'ExecutionStatus', undefined);
  return queryOptions({
    queryKey: ['workflow-counts', namespace, filter],
    queryFn: ({ signal }) => countWorkflows(namespace, filter, { groupBy: 'ExecutionStatus', signal }),
  });
}

export function totalQuery(namespace: string, query: string) {
  const filter = withoutOrder(query);
  return queryOptions({
    queryKey: ['workflow-count', namespace, filter],
    queryFn: async ({ signal }) => (await countWorkflows(namespace, filter, { signal })).total,
  });
}

export function keyOf({ execution }: WorkflowExecutionInfo): string {
  return `${execution?.workflowId ?? ''}\n${execution?.runId ?? ''}`;
}
