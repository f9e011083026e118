// Calls about Nexus endpoints.
import { queryOptions } from '@tanstack/react-query';
import { api, path } from '../../api/http.ts';
import { allPages } from '../all-pages.ts';
import type { Endpoint } from './endpoint.ts';
import { type EndpointForm, specOf } from './form.ts';

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
