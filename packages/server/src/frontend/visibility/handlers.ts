// Lists and counts of executions. A list right after a start or a close shows it: the rows are written in the same
// transaction as the history.

import * as api from '@perdure/api/workflowservice';
import type { Filter } from '@perdure/core';
import { EntityKind } from '@perdure/store';
import type { FrontendContext, Handler } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { type Rpc, rpc } from '../rpc.ts';
import { aggregationGroups, GROUPS_MAX } from './groups.ts';
import { closedFilter, openFilter } from './legacy.ts';
import { parseCountQuery, parseListQuery } from './query.ts';
import { type Page, readPage } from './scan.ts';

const list: Handler<api.ListWorkflowExecutionsRequest, api.ListWorkflowExecutionsResponse> = (
  { namespaces, store },
  request,
) => {
  const namespace = namespaces.require(request.namespace);
  return readPage(store, {
    query: parseListQuery(namespace, request.query),
    pageSize: pageSizeFor(namespace, request.pageSize),
    nextPageToken: request.nextPageToken,
  });
};

const count: Handler<api.CountWorkflowExecutionsRequest, api.CountWorkflowExecutionsResponse> = async (
  { namespaces, store },
  request,
) => {
  const query = parseCountQuery(namespaces.require(request.namespace), request.query);
  const counted = await store.countRuns({ ...query, groupsMax: GROUPS_MAX });
  if (query.groupBy === undefined) return { count: counted.count };
  return { count: counted.count, groups: aggregationGroups(query.groupBy, counted.groups) };
};

const listOpen: Handler<api.ListOpenWorkflowExecutionsRequest, api.ListOpenWorkflowExecutionsResponse> = (
  context,
  request,
) => listLegacy(context, request, openFilter);

const listClosed: Handler<api.ListClosedWorkflowExecutionsRequest, api.ListClosedWorkflowExecutionsResponse> = (
  context,
  request,
) => listLegacy(context, request, closedFilter);

type LegacyRequest = Pick<api.ListOpenWorkflowExecutionsRequest, 'namespace' | 'maximumPageSize' | 'nextPageToken'>;

function listLegacy<Request extends LegacyRequest>(
  { namespaces, store }: FrontendContext,
  request: Request,
  filterOf: (request: Request) => Filter,
): Promise<Page> {
  const namespace = namespaces.require(request.namespace);
  return readPage(store, {
    query: { namespaceId: namespace.id, kinds: [EntityKind.WORKFLOW_RUN], filter: filterOf(request) },
    pageSize: pageSizeFor(namespace, request.maximumPageSize),
    nextPageToken: request.nextPageToken,
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
