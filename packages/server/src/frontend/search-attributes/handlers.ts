// The RPCs about search attributes: what users register per namespace, and what there is besides.

import { invalidArgument } from '@perdure/api';
import * as operator from '@perdure/api/operatorservice';
import { GetSearchAttributesRequest, GetSearchAttributesResponse } from '@perdure/api/workflowservice';
import { PREDEFINED_ATTRIBUTES, SYSTEM_ATTRIBUTES } from '@perdure/core';
import type { FrontendContext, Handler } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { operatorRpc, type Rpc, rpc } from '../rpc.ts';
import { checkDefinitions, withAdded, withRemoved } from './registry.ts';

const NOT_SET = 'SearchAttributes are not set on request.';
const SERVER_ATTRIBUTES: ReadonlyMap<string, number> = new Map([...SYSTEM_ATTRIBUTES, ...PREDEFINED_ATTRIBUTES]);

const add: Handler<operator.AddSearchAttributesRequest, operator.AddSearchAttributesResponse> = async (
  context,
  { namespace: name, searchAttributes },
) => {
  if (searchAttributes.size === 0) throw invalidArgument(NOT_SET);
  checkDefinitions(searchAttributes);
  named(context, name);
  await context.namespaces.update(name, (current) => ({
    ...current,
    searchAttributeAliases: withAdded(
      current.searchAttributeAliases,
      searchAttributes,
      context.config.searchAttributesMax,
    ),
  }));
  return {};
};

const remove: Handler<operator.RemoveSearchAttributesRequest, operator.RemoveSearchAttributesResponse> = async (
  context,
  { namespace: name, searchAttributes },
) => {
  if (searchAttributes.length === 0) throw invalidArgument(NOT_SET);
  named(context, name);
  await context.namespaces.update(name, (current) => ({
    ...current,
    searchAttributeAliases: withRemoved(current.searchAttributeAliases, searchAttributes),
  }));
  return {};
};

const list: Handler<operator.ListSearchAttributesRequest, operator.ListSearchAttributesResponse> = (
  context,
  { namespace },
) => ({
  customAttributes: named(context, namespace).searchAttributes.custom,
  systemAttributes: SERVER_ATTRIBUTES,
});

/** Of all namespaces together, as it was before there were any per namespace. */
const get: Handler<GetSearchAttributesRequest, GetSearchAttributesResponse> = ({ namespaces }) => {
  const keys = new Map(SERVER_ATTRIBUTES);
  for (const { searchAttributes } of namespaces.all()) {
    for (const [name, type] of searchAttributes.custom) if (!keys.has(name)) keys.set(name, type);
  }
  return { keys };
};

/** @throws INVALID_ARGUMENT, NOT_FOUND */
function named({ namespaces }: FrontendContext, name: string): Namespace {
  if (name === '') throw invalidArgument('Namespace is not set on request.');
  return namespaces.require(name);
}

export const searchAttributeRpcs: readonly Rpc[] = [
  operatorRpc('AddSearchAttributes', operator.AddSearchAttributesRequest, operator.AddSearchAttributesResponse, add),
  operatorRpc(
    'RemoveSearchAttributes',
    operator.RemoveSearchAttributesRequest,
    operator.RemoveSearchAttributesResponse,
    remove,
  ),
  operatorRpc(
    'ListSearchAttributes',
    operator.ListSearchAttributesRequest,
    operator.ListSearchAttributesResponse,
    list,
  ),
  rpc('GetSearchAttributes', GetSearchAttributesRequest, GetSearchAttributesResponse, get),
];
