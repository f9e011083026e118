// Worker deployments as the API has them.
import { queryOptions } from '@tanstack/react-query';
import { api, path } from '../../api/http.ts';

interface Version {
  readonly deploymentName?: string;
  readonly buildId?: string;
}

export interface DeploymentSummary {
  readonly name?: string;
  readonly createTime?: string;
  readonly routingConfig?: {
    readonly currentDeploymentVersion?: Version;
    readonly rampingDeploymentVersion?: Version;
    readonly rampingVersionPercentage?: number;
  };
}

interface VersionSummary {
  readonly deploymentVersion?: Version;
  /** `WORKER_DEPLOYMENT_VERSION_STATUS_…` */
  readonly status?: string;
  readonly createTime?: string;
}

export interface DeploymentInfo extends DeploymentSummary {
  readonly versionSummaries?: readonly VersionSummary[];
}

export function deploymentsQuery(namespace: string) {
  return queryOptions({
    queryKey: ['deployments', namespace],
    queryFn: async ({ signal }) => {
      const { workerDeployments = [] } = await api<{ readonly workerDeployments?: readonly DeploymentSummary[] }>(
        path`namespaces/${namespace}/worker-deployments`,
        { signal },
      );
      return workerDeployments;
    },
  });
}

export function deploymentQuery(namespace: string, name: string) {
  return queryOptions({
    queryKey: ['deployment', namespace, name],
    queryFn: async ({ signal }) => {
      const { workerDeploymentInfo = {} } = await api<{ readonly workerDeploymentInfo?: DeploymentInfo }>(
        path`namespaces/${namespace}/worker-deployments/${name}`,
        { signal },
      );
      return workerDeploymentInfo;
    },
  });
}
