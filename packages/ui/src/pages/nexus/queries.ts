// Nexus endpoints as the API has them, and the calls that change them.
import { jsonValue, type Payload } from '@perdure/ui-core';
import { queryOptions } from '@tanstack/react-query';
import { api, path } from '../../api/http.ts';
import { allPages } from '../all-pages.ts';
import type { EndpointForm } from './form.ts';
import { specOf } from './form.ts';

export interface EndpointTarget {
  readonly worker?: { readonly namespace?: string; readonly taskQueue?: string };
  readonly external?: { readonly url?: string };
}

export interface EndpointSpec {
  readonly name?: string;
  readonly description?: Payload;
  readonly target?: EndpointTarget;
}

export interface Endpoint {
  readonly id?: string;
  /** Of the endpoint itself: another one after each change. */
  readonly version?: string;
  readonly spec?: EndpointSpec;
  readonly createdTime?: string;
  readonly lastModifiedTime?: string;
  readonly urlPrefix?: string;
}

interface ListEndpointsReply {
  readonly endpoints?: readonly Endpoint[];
  readonly nextPageToken?: string;
}

interface EndpointReply {
  readonly endpoint?: Endpoint;
}

const PAGE_SIZE = 100;
const LIST = 'nexus/endpoints';

export const endpointsQuery = queryOptions({
  queryKey: ['nexus-endpoints'],
  queryFn: async ({ signal }): Promise<readonly Endpoint[]> => {
    const pages = await allPages((nextPageToken) =>
      api<ListEndpointsReply>(LIST, { query: { pageSize: PAGE_SIZE, nextPageToken }, signal }),
    );
    return pages.flatMap(({ endpoints = [] }) => endpoints);
  },
});

export function endpointQuery(id: string) {
  return queryOptions({
    queryKey: ['nexus-endpoint', id],
    queryFn: async ({ signal }) => (await api<EndpointReply>(path`nexus/endpoints/${id}`, { signal })).endpoint ?? {},
  });
}

/** @returns the endpoint as it is now @throws {ApiError} */
export async function createEndpoint(form: EndpointForm): Promise<Endpoint> {
  const { endpoint = {} } = await api<EndpointReply>(LIST, { method: 'POST', body: { spec: specOf(form) } });
  return endpoint;
}

/** Refused if somebody else has changed it meanwhile. @throws {ApiError} */
export async function updateEndpoint({ id = '', version }: Endpoint, form: EndpointForm): Promise<Endpoint> {
  const body = { version, spec: specOf(form) };
  const { endpoint = {} } = await api<EndpointReply>(path`nexus/endpoints/${id}/update`, { method: 'POST', body });
  return endpoint;
}

/** Refused if somebody else has changed it meanwhile. @throws {ApiError} */
export async function deleteEndpoint({ id = '', version }: Endpoint): Promise<void> {
  await api(path`nexus/endpoints/${id}`, { method: 'DELETE', query: { version } });
}

/** Its Markdown; undefined: it has none, or something else. */
export function descriptionOf({ description }: EndpointSpec): string | undefined {
  const value = description && jsonValue(description);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function targetWords({ worker, external }: EndpointTarget = {}): string {
  return worker ? `${worker.namespace ?? ''} / ${worker.taskQueue ?? ''}` : (external?.url ?? '');
}
