// Lists and counts of executions. A list right after a start or a close shows it: the rows are written in the same
// transaction as the history.

import * as api from '@perdure/api/workflowservice';
import type { Filter } from '@perdure/core';
import { EntityKind } from '@perdure/store';
import type { RpcCall } from '../../transport/rpc.ts';
import type { FrontendContext, Handler } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { type Rpc, rpc } from '../rpc.ts';
import { aggregationGroups, GROUPS_MAX } from './groups.ts';
import { closedFilter, openFilter } from './legacy.ts';
import { parseCountQuery, parseListQuery } from './query.ts';
import { queryTimeoutMs } from './query-time.ts';
import { type Page, readPage } from './scan.ts';

const list: Handler<api.ListWorkflowExecutionsRequest, api.ListWorkflowExecutionsResponse> = (
  context,
  request,
  call,
) => {
  const namespace = context.namespaces.require(request.namespace);
  return readPage(context.store, {
    query: parseListQuery(namespace, request.query),
    pageSize: pageSizeFor(namespace, request.pageSize),
    nextPageToken: request.nextPageToken,
    timeoutMs: queryTimeoutMs(context, namespace, call),
  });
};

const count: Handler<api.CountWorkflowExecutionsRequest, api.CountWorkflowExecutionsResponse> = async (
  context,
  request,
  call,
) => {
  const namespace = context.namespaces.require(request.namespace);
  const query = parseCountQuery(namespace, request.query);
  const timeoutMs = queryTimeoutMs(context, namespace, call);
  const counted = await context.store.countRuns({ ...query, groupsMax: GROUPS_MAX, timeoutMs });
  if (query.groupBy === undefined) return { count: counted.count };
  return { count: counted.count, groups: aggregationGroups(query.groupBy, counted.groups) };
};

const listOpen: Handler<api.ListOpenWorkflowExecutionsRequest, api.ListOpenWorkflowExecutionsResponse> = (
  context,
  request,
  call,
) => listLegacy(context, request, call, openFilter);

const listClosed: Handler<api.ListClosedWorkflowExecutionsRequest, api.ListClosedWorkflowExecutionsResponse> = (
  context,
  request,
  call,
) => listLegacy(context, request, call, closedFilter);

type LegacyRequest = Pick<api.ListOpenWorkflowExecutionsRequest, 'namespace' | 'maximumPageSize' | 'nextPageToken'>;

function listLegacy<Request extends LegacyRequest>(
  context: FrontendContext,
  request: Request,
  call: RpcCall,
  filterOf: (request: Request) => Filter,
): Promise<Page> {
  const namespace = context.namespaces.require(request.namespace);
  return readPage(context.store, {
    query: { namespaceId: namespace.id, kinds: [EntityKind.WORKFLOW_RUN], filter: filterOf(request) },
    pageSize: pageSizeFor(namespace, request.maximumPageSize),
    nextPageToken: request.nextPageToken,
    timeoutMs: queryTimeoutMs(context, namespace, call),
  });
}

function pageSizeFor({ settings }: Namespace, asked: number): number {
  const max = settings.visibilityPageSizeMax;
  return asked <= 0 || asked > max ? max : asked;
}

export const visibilityRpcs: readonly Rpc[] = [
  rpc('ListWorkflowExecutions', api.ListWorkflowExecutionsRequest, api.ListWorkflowExecutionsResponse, list),
  rpc('ScanWorkflowExecutions', api.ScanWorkflowExecutionsRequest, api.ScanWorkflowExecutionsResponse, list),
  rpc('CountWorkflowExecutions', api.CountWorkflowExecutionsRequest, api.CountWorkflowExecutionsResponse, count),
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
