// What the pages of worker deployments ask the server.
import { equals, withField } from '@perdure/ui-core';
import { queryOptions } from '@tanstack/react-query';
import { api, path } from '../../api/http.ts';
import { allPages } from '../all-pages.ts';
import type { DeploymentDescription, DeploymentSummary, VersionDescription } from './types.ts';

const PAGE_SIZE = 100;
const EVERY_MS = 5_000;

interface ListReply {
  readonly workerDeployments?: readonly DeploymentSummary[];
  readonly nextPageToken?: string;
}

export function deploymentsQuery(namespace: string, live: boolean) {
  return queryOptions({
    queryKey: ['deployments', namespace],
    refetchInterval: live ? EVERY_MS : false,
    queryFn: async ({ signal }) => {
      const pages = await allPages((nextPageToken) =>
        api<ListReply>(path`namespaces/${namespace}/worker-deployments`, {
          query: { pageSize: PAGE_SIZE, nextPageToken },
          signal,
        }),
      );
      return pages.flatMap(({ workerDeployments = [] }) => workerDeployments);
    },
  });
}

export function deploymentQuery(namespace: string, name: string, live: boolean) {
  return queryOptions({
    queryKey: ['deployment', namespace, name],
    refetchInterval: live ? EVERY_MS : false,
    queryFn: ({ signal }) =>
      api<DeploymentDescription>(path`namespaces/${namespace}/worker-deployments/${name}`, { signal }),
  });
}

export function versionQuery(namespace: string, deployment: string, buildId: string, live: boolean) {
  return queryOptions({
    queryKey: ['deployment-version', namespace, deployment, buildId],
    refetchInterval: live ? EVERY_MS : false,
    queryFn: ({ signal }) =>
      api<VersionDescription>(path`namespaces/${namespace}/worker-deployment-versions/${deployment}/${buildId}`, {
        query: { reportTaskQueueStats: true },
        signal,
      }),
  });
}

/** The list filter for what runs, or ran, on a deployment or on one of its versions. */
export function workflowsOf(deployment: string, buildId?: string): string {
  return buildId === undefined
    ? withField('', 'TemporalWorkerDeployment', equals('TemporalWorkerDeployment', deployment))
    : withField(
        '',
        'TemporalWorkerDeploymentVersion',
        equals('TemporalWorkerDeploymentVersion', `${deployment}:${buildId}`),
      );
}
