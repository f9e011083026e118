// What the server is and can do. A Perdure server says so itself; any other one is used by the official API alone.
import { queryOptions } from '@tanstack/react-query';
import { offerCodec } from '../settings/preferences.ts';
import { ApiError, api, extra, path } from './http.ts';
import type { ListNamespacesReply, ListSearchAttributesReply, NamespaceDescription, SystemInfo } from './types.ts';

export interface ServerExtras {
  readonly name: string;
  readonly version: string;
  /** 'live', 'views' ... */
  readonly features: readonly string[];
  /** host:port */
  readonly addresses: { readonly grpc?: string; readonly http?: string };
  readonly defaultNamespace: string;
  /** Asked to decode payloads, until somebody says otherwise. */
  readonly codecEndpoint?: string;
}

const NO_EXTRAS: ServerExtras = { name: '', version: '', features: [], addresses: {}, defaultNamespace: 'default' };
const NAMESPACES_PER_PAGE = 200;
/** Beyond that, names are typed rather than chosen. */
const NAMESPACE_PAGES_MAX = 10;

export const extrasQuery = queryOptions({
  queryKey: ['extras'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }): Promise<ServerExtras> => {
    try {
      const info = await extra<ServerExtras>('info', { signal });
      if (info.codecEndpoint) offerCodec(info.codecEndpoint);
      return info;
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) return NO_EXTRAS;
      throw error;
    }
  },
});

export const systemInfoQuery = queryOptions({
  queryKey: ['system-info'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => api<SystemInfo>('system-info', { signal }),
});

export const namespacesQuery = queryOptions({
  queryKey: ['namespaces'],
  staleTime: 30_000,
  queryFn: async ({ signal }): Promise<readonly NamespaceDescription[]> => {
    const all: NamespaceDescription[] = [];
    let nextPageToken: string | undefined;
    for (let page = 0; page < NAMESPACE_PAGES_MAX; page++) {
      const query = { pageSize: NAMESPACES_PER_PAGE, nextPageToken };
      const reply: ListNamespacesReply = await api('namespaces', { query, signal });
      all.push(...(reply.namespaces ?? []));
      nextPageToken = reply.nextPageToken;
      if (!nextPageToken) break;
    }
    return all;
  },
});

export function namespaceQuery(namespace: string) {
  return queryOptions({
    queryKey: ['namespace', namespace],
    staleTime: 30_000,
    queryFn: ({ signal }) => api<NamespaceDescription>(path`namespaces/${namespace}`, { signal }),
  });
}

export function searchAttributesQuery(namespace: string) {
  return queryOptions({
    queryKey: ['search-attributes', namespace],
    staleTime: 30_000,
    queryFn: ({ signal }) =>
      api<ListSearchAttributesReply>(path`namespaces/${namespace}/search-attributes`, { signal }),
  });
}
