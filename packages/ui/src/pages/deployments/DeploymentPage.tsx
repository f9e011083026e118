// One worker deployment and its versions.
import { enumWords } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { places } from '../../messages/places.ts';
import { Facts } from '../../system/Facts.tsx';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import list from '../run/tabs/tabs.module.css';
import { deploymentQuery } from './queries.ts';

const route = getRouteApi('/namespaces/$namespace/worker-deployments/$deployment');
const texts = places.deployments;

export function DeploymentPage() {
  const { namespace, deployment } = route.useParams();
  const { data, error, isPending, refetch } = useQuery(deploymentQuery(namespace, deployment));
  return (
    <div className="page page-scroll">
      <Link to="/namespaces/$namespace/worker-deployments" params={{ namespace }} className="soft">
        ← {texts.title}
      </Link>
      <h1>{deployment}</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data && (
        <>
          <Facts
            facts={[
              [texts.columns.current, data.routingConfig?.currentDeploymentVersion?.buildId],
              [texts.columns.ramping, data.routingConfig?.rampingDeploymentVersion?.buildId],
              [texts.columns.created, <Time key="created" at={data.createTime} />],
            ]}
          />
          <h2>{texts.versions}</h2>
          <table className={list['list']}>
            <thead>
              <tr>
                <th>{texts.build}</th>
                <th>{texts.status}</th>
                <th>{texts.columns.created}</th>
              </tr>
            </thead>
            <tbody>
              {(data.versionSummaries ?? []).map(({ deploymentVersion, status, createTime }) => (
                <tr key={deploymentVersion?.buildId}>
                  <td className="mono">{deploymentVersion?.buildId}</td>
                  <td>{enumWords(status, 'WORKER_DEPLOYMENT_VERSION_STATUS')}</td>
                  <td>
                    <Time at={createTime} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  );
}
