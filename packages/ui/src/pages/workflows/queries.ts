// What the list asks the server: pages of executions, how many there are, and how many of each status.

import { withField } from '@perdure/ui-core';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, path } from '../../api/http.ts';
import type { CountWorkflowsReply, ListWorkflowsReply, WorkflowExecutionInfo } from '../../api/types.ts';

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
  /** By the name of the status as queries have it: `Running`, `TimedOut`. */
  readonly byStatus: ReadonlyMap<string, number>;
}

/** Of all that match but for the status, so that a status bar shows what else there is. */
export function countsQuery(namespace: string, query: string) {
  const filter = withField(query.replace(/\s*ORDER BY .*$/is, ''), 'ExecutionStatus', undefined);
  return queryOptions({
    queryKey: ['workflow-counts', namespace, filter],
    queryFn: async ({ signal }): Promise<Counts> => {
      const search = { query: `${filter} GROUP BY ExecutionStatus`.trim() };
      const { count = '0', groups = [] } = await api<CountWorkflowsReply>(
        path`namespaces/${namespace}/workflow-count`,
        { query: search, signal },
      );
      const byStatus = groups.map(
        (group) => [statusName(group.groupValues?.[0]?.data), Number(group.count ?? 0)] as const,
      );
      return { total: Number(count), byStatus: new Map(byStatus) };
    },
  });
}

export function totalQuery(namespace: string, query: string) {
  return queryOptions({
    queryKey: ['workflow-count', namespace, query],
    queryFn: async ({ signal }) => {
      const search = { query: query.replace(/\s*ORDER BY .*$/is, '') };
      const { count = '0' } = await api<CountWorkflowsReply>(path`namespaces/${namespace}/workflow-count`, {
        query: search,
        signal,
      });
      return Number(count);
    },
  });
}

export function keyOf({ execution }: WorkflowExecutionInfo): string {
  return `${execution?.workflowId ?? ''}\n${execution?.runId ?? ''}`;
}

function statusName(data: string | undefined): string {
  return data === undefined ? '' : String(JSON.parse(atob(data)));
}
