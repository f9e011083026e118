// /ui-api/v1/namespaces/{namespace}: what operators do to a namespace and the HTTP API has no path for. Each request
// becomes a call of the operator service, with its checks and its errors.

import { alreadyExists, invalidArgument } from '@perdure/api';
import * as operator from '@perdure/api/operatorservice';
import { attributeTypeName } from '@perdure/core';
import { SEARCH_ATTRIBUTE_TYPES } from '../../frontend/search-attributes/registry.ts';
import { type BodyBudget, readBody } from '../../transport/http/read-body.ts';
import type { RpcHandler } from '../../transport/rpc.ts';
import { sendJson } from '../answer.ts';
import { LocalCalls } from '../extras/local-calls.ts';
import type { ExtraRequest, Route } from '../extras/routes.ts';

export interface NamespaceRoutesOptions {
  readonly handler: RpcHandler;
  readonly onError: (error: unknown, path: string) => void;
}

export const DEFINITION_BYTES_MAX = 4 * 1024;
/** Bodies that are being received, of all requests together. */
const BODY_BYTES_TOTAL_MAX = 256 * DEFINITION_BYTES_MAX;

interface Definition {
  readonly name: string;
  /** IndexedValueType */
  readonly type: number;
}

export function namespaceRoutes({ handler, onError }: NamespaceRoutesOptions): Route[] {
  const budget: BodyBudget = { bodyBytesMax: DEFINITION_BYTES_MAX, totalBytesMax: BODY_BYTES_TOTAL_MAX, usedBytes: 0 };
  const callsOf = ({ request }: ExtraRequest) => new LocalCalls(handler, request, onError);

  const addAttribute = async (asked: ExtraRequest): Promise<void> => {
    const [namespace = ''] = asked.parameters;
    const { name, type } = parseDefinition(await readBody(asked.request, budget));
    const calls = callsOf(asked);
    await refuseOtherType(calls, namespace, { name, type });
    const { AddSearchAttributesRequest: request, AddSearchAttributesResponse: response } = operator;
    const searchAttributes = new Map([[name, type]]);
    await calls.call('AddSearchAttributes', { request, response }, { namespace, searchAttributes });
    sendJson(asked.request, asked.response, 200, {});
  };
  const removeAttribute = async (asked: ExtraRequest): Promise<void> => {
    const [namespace = '', name = ''] = asked.parameters;
    const { RemoveSearchAttributesRequest: request, RemoveSearchAttributesResponse: response } = operator;
    const searchAttributes = [name];
    await callsOf(asked).call('RemoveSearchAttributes', { request, response }, { namespace, searchAttributes });
    sendJson(asked.request, asked.response, 200, {});
  };
  const remove = async (asked: ExtraRequest): Promise<void> => {
    const [namespace = ''] = asked.parameters;
    const { DeleteNamespaceRequest: request, DeleteNamespaceResponse: response } = operator;
    const { deletedNamespace } = await callsOf(asked).call('DeleteNamespace', { request, response }, { namespace });
    sendJson(asked.request, asked.response, 200, { deletedNamespace });
  };
  const path = ['namespaces', '*'];
  return [
    { path, verbs: { DELETE: remove } },
    { path: [...path, 'search-attributes'], verbs: { POST: addAttribute } },
    { path: [...path, 'search-attributes', '*'], verbs: { DELETE: removeAttribute } },
  ];
}

/** The operator's call leaves an attribute as it is that exists already, of whatever type; who asks would not learn it. */
async function refuseOtherType(calls: LocalCalls, namespace: string, { name, type }: Definition): Promise<void> {
  const { ListSearchAttributesRequest: request, ListSearchAttributesResponse: response } = operator;
  const { customAttributes } = await calls.call('ListSearchAttributes', { request, response }, { namespace });
  const known = customAttributes.get(name);
  if (known === undefined || known === type) return;
  throw alreadyExists(`the search attribute ${name} is registered as ${attributeTypeName(known)}`);
}

function parseDefinition(text: string): Definition {
  const given = parseJson(text);
  if (typeof given !== 'object' || given === null) throw invalidArgument('a search attribute must be a JSON object');
  const { name, type: typeName } = given as { readonly name?: unknown; readonly type?: unknown };
  if (typeof name !== 'string' || name === '') throw invalidArgument('name must be the name of a search attribute');
  const type = typeof typeName === 'string' ? SEARCH_ATTRIBUTE_TYPES.get(typeName) : undefined;
  if (type === undefined) throw invalidArgument(`type must be one of ${[...SEARCH_ATTRIBUTE_TYPES.keys()].join(', ')}`);
  return { name, type };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidArgument(`a search attribute must be a JSON object: ${reason}`);
  }
}
