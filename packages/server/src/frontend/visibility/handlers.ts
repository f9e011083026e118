// Lists and counts of executions. A list right after a start or a close shows it: the rows are written in the same
// transaction as the history.

import { invalidArgument } from '@perdure/api';
import { WorkflowExecutionStatus } from '@perdure/api/enums';
import type { StartTimeFilter } from '@perdure/api/filter';
import * as api from '@perdure/api/workflowservice';
import type { RunListCursor, RunRow } from '@perdure/store';
import type { FrontendContext, Handler } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { type Rpc, rpc } from '../rpc.ts';
import { parseQuery, type RunFilter, toFilter } from './query.ts';
import { type Page, readPage } from './scan.ts';

const { RUNNING, UNSPECIFIED } = WorkflowExecutionStatus;

/** Behind the last open run, before the first closed one: no run started before 1970. */
const BEFORE_CLOSED: RunListCursor = { closeMs: undefined, startMs: 0, key: 0 };

/** What a Go client sends for a time that is not set. */
const GO_ZERO_TIME_MS = Date.parse('0001-01-01T00:00:00Z');

type ListRequest = Pick<api.ListWorkflowExecutionsRequest, 'namespace' | 'pageSize' | 'nextPageToken' | 'query'>;

function list({ namespaces, store }: FrontendContext, request: ListRequest): Promise<Page> | Page {
  const namespace = namespaces.require(request.namespace);
  const filter = parseQuery(request.query);
  if (filter === undefined) return { executions: [] };
  return readPage(store, {
    query: { namespaceId: namespace.id, filter: toFilter(filter) },
    pageSize: pageSizeFor(namespace, request.pageSize),
    nextPageToken: request.nextPageToken,
  });
}

const countExecutions: Handler<api.CountWorkflowExecutionsRequest, api.CountWorkflowExecutionsResponse> = async (
  { namespaces, store },
  request,
) => {
  const namespace = namespaces.require(request.namespace);
  const filter = parseQuery(request.query);
  if (filter === undefined) return { count: 0 };
  const { count } = await store.countRuns({ namespaceId: namespace.id, filter: toFilter(filter) });
  return { count };
};

const listOpen: Handler<api.ListOpenWorkflowExecutionsRequest, api.ListOpenWorkflowExecutionsResponse> = (
  { namespaces, store },
  request,
) => {
  const namespace = namespaces.require(request.namespace);
  return readPage(store, {
    query: { namespaceId: namespace.id, filter: toFilter({ ...legacyFilter(request), status: RUNNING }) },
    pageSize: pageSizeFor(namespace, request.maximumPageSize),
    nextPageToken: request.nextPageToken,
    ...startedWithin(request.startTimeFilter),
  });
};

const listClosed: Handler<api.ListClosedWorkflowExecutionsRequest, api.ListClosedWorkflowExecutionsResponse> = (
  { namespaces, store },
  request,
) => {
  const namespace = namespaces.require(request.namespace);
  const startTime = startedWithin(request.startTimeFilter);
  const status = request.statusFilter?.status;
  if (status === UNSPECIFIED || status === RUNNING) {
    throw invalidArgument('StatusFilter must be specified and must be not Running.');
  }
  return readPage(store, {
    query: {
      namespaceId: namespace.id,
      filter: toFilter({ ...legacyFilter(request), ...(status !== undefined && { status }) }),
    },
    pageSize: pageSizeFor(namespace, request.maximumPageSize),
    nextPageToken: request.nextPageToken,
    from: BEFORE_CLOSED,
    ...startTime,
  });
};

function legacyFilter(
  request: Pick<api.ListOpenWorkflowExecutionsRequest, 'executionFilter' | 'typeFilter'>,
): RunFilter {
  const { executionFilter, typeFilter } = request;
  if (executionFilter !== undefined) return { workflowId: executionFilter.workflowId };
  return typeFilter === undefined ? {} : { workflowType: typeFilter.name };
}

/** The store cannot search by start time yet, so the rows are picked here; nothing to pick: no function. */
function startedWithin(filter: StartTimeFilter | undefined): { readonly accept?: (row: RunRow) => boolean } {
  // Clients that mean "from the beginning" send the epoch, or Go's zero time long before it.
  const earliestMs = Math.max(filter?.earliestTime ?? 0, 0);
  const latest = filter?.latestTime;
  const latestMs = latest === undefined || latest <= GO_ZERO_TIME_MS ? Infinity : latest;
  if (earliestMs > latestMs) {
    throw invalidArgument('EarliestTime in StartTimeFilter should not be larger than LatestTime.');
  }
  if (earliestMs === 0 && latestMs === Infinity) return {};
  return { accept: ({ startMs }) => startMs >= earliestMs && startMs <= latestMs };
}

function pageSizeFor({ settings }: Namespace, asked: number): number {
  const max = settings.visibilityPageSizeMax;
  return asked <= 0 || asked > max ? max : asked;
}

export const visibilityRpcs: readonly Rpc[] = [
  rpc('ListWorkflowExecutions', api.ListWorkflowExecutionsRequest, api.ListWorkflowExecutionsResponse, list),
  rpc('ScanWorkflowExecutions', api.ScanWorkflowExecutionsRequest, api.ScanWorkflowExecutionsResponse, list),
  rpc(
    'CountWorkflowExecutions',
    api.CountWorkflowExecutionsRequest,
    api.CountWorkflowExecutionsResponse,
    countExecutions,
  ),
  rpc(
    'ListOpenWorkflowExecutions',
    api.ListOpenWorkflowExecutionsRequest,
    api.ListOpenWorkflowExecutionsResponse,
    listOpen,
  ),
  rpc(
    'ListClosedWorkflowExecutions',
    api.ListClosedWorkflowExecutionsRequest,
    api.ListClosedWorkflowExecutionsResponse,
    listClosed,
  ),
];
