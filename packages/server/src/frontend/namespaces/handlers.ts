// The RPCs about namespaces. They change the registry, which is what every other handler looks namespaces up in: a
// namespace can be used as soon as the call that registered it is answered.

import { invalidArgument, namespaceNotFound } from '@perdure/api';
import { NamespaceState } from '@perdure/api/enums';
import * as api from '@perdure/api/workflowservice';
import type { Handler } from '../context.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';
import { type Rpc, rpc } from '../rpc.ts';
import { newDefinition } from './definition.ts';
import { checkDeletable, deleteNamespaceRpc } from './delete.ts';
import { describe } from './describe.ts';
import { checkClusters, checkedRetention, updated } from './update.ts';

/** A described namespace is a few hundred bytes: a page of them stays far below what clients accept. */
const PAGE_SIZE_MAX = 1000;

const registerNamespace: Handler<api.RegisterNamespaceRequest, api.RegisterNamespaceResponse> = async (
  { namespaces, config, ids },
  request,
) => {
  namespaces.checkName(request.namespace);
  if (request.isGlobalNamespace) throw invalidArgument('Cannot register global namespace when not enabled');
  const retentionMs = checkedRetention(request.workflowExecutionRetentionPeriod, config.retentionMinMs);
  checkClusters(request.activeClusterName, request.clusters);
  const { namespace: name, description, ownerEmail, data } = request;
  await namespaces.register(newDefinition({ id: ids.uuid(), name, retentionMs, description, ownerEmail, data }));
  return {};
};

/** A deleted namespace can still be described. */
const describeNamespace: Handler<api.DescribeNamespaceRequest, api.DescribeNamespaceResponse> = (
  { namespaces },
  { namespace: name, id },
) => {
  if (name !== '' && id !== '') {
    throw invalidArgument('Namespace and Id are both set on request: set only one of them.');
  }
  if (id === '') namespaces.checkName(name);
  const namespace = id === '' ? namespaces.byName(name) : namespaces.byId(id);
  if (namespace === undefined) throw namespaceNotFound(id || name);
  return describe(namespace);
};

const listNamespaces: Handler<api.ListNamespacesRequest, api.ListNamespacesResponse> = (
  { namespaces, config },
  { pageSize, nextPageToken, namespaceFilter },
) => {
  const limit = pageSize <= 0 ? config.namespacePageSizeDefault : Math.min(pageSize, PAGE_SIZE_MAX);
  const afterId = nextPageToken.length === 0 ? '' : decodePageToken(nextPageToken, { id: 'string' }).id;
  const rest = namespaces
    .all()
    .filter(({ id, state }) => id > afterId && (namespaceFilter?.includeDeleted || state !== NamespaceState.DELETED));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    namespaces: page.map(describe),
    ...(last && rest.length > page.length && { nextPageToken: encodePageToken({ id: last.id }) }),
  };
};

const updateNamespace: Handler<api.UpdateNamespaceRequest, api.UpdateNamespaceResponse> = async (
  { namespaces, config, clock },
  request,
) => {
  const asked = namespaces.require(request.namespace);
  if (request.updateInfo?.state === NamespaceState.DELETED) checkDeletable(asked, config);
  const rules = { retentionMinMs: config.retentionMinMs, nowMs: clock.now() };
  return describe(await namespaces.update(request.namespace, (current) => updated(current, request, rules)));
};

const deprecateNamespace: Handler<api.DeprecateNamespaceRequest, api.DeprecateNamespaceResponse> = async (
  { namespaces },
  { namespace: name },
) => {
  namespaces.require(name);
  await namespaces.update(name, (current) => ({ ...current, state: NamespaceState.DEPRECATED }));
  return {};
};

export const namespaceRpcs: readonly Rpc[] = [
  rpc('RegisterNamespace', api.RegisterNamespaceRequest, api.RegisterNamespaceResponse, registerNamespace),
  rpc('DescribeNamespace', api.DescribeNamespaceRequest, api.DescribeNamespaceResponse, describeNamespace),
  rpc('ListNamespaces', api.ListNamespacesRequest, api.ListNamespacesResponse, listNamespaces),
  rpc('UpdateNamespace', api.UpdateNamespaceRequest, api.UpdateNamespaceResponse, updateNamespace),
  rpc('DeprecateNamespace', api.DeprecateNamespaceRequest, api.DeprecateNamespaceResponse, deprecateNamespace),
  deleteNamespaceRpc,
];
