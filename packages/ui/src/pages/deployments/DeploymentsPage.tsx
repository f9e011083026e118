// The worker deployments of a namespace, where the server has them.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { places } from '../../messages/places.ts';
import { Empty, ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import type { Column } from '../../system/table/columns.ts';
import { DataTable } from '../../system/table/DataTable.tsx';
import { type DeploymentSummary, deploymentsQuery } from './queries.ts';

const route = getRouteApi('/namespaces/$namespace/worker-deployments');
const texts = places.deployments;

export function DeploymentsPage() {
  const { namespace } = route.useParams();
  const { data, error, isPending, refetch } = useQuery(deploymentsQuery(namespace));
  return (
    <div className="page">
      <h1>{texts.title}</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data?.length === 0 && (
        <Empty icon="deployments" title={texts.none}>
          <p>{texts.noneText}</p>
        </Empty>
      )}
      {data && data.length > 0 && (
        <DataTable label={texts.title} rows={data} rowKey={({ name = '' }) => name} columns={columns(namespace)} />
      )}
    </div>
  );
}

function columns(namespace: string): readonly Column<DeploymentSummary>[] {
  return [
    {
      ...{ id: 'name', title: texts.columns.name, width: 240, grows: true, narrow: 'first' },
      cell: ({ name = '' }) => (
        <Link to="/namespaces/$namespace/worker-deployments/$deployment" params={{ namespace, deployment: name }}>
          <b>{name}</b>
        </Link>
      ),
    },
    {
      ...{ id: 'current', title: texts.columns.current, width: 200, narrow: 'second' },
      cell: ({ routingConfig }) => routingConfig?.currentDeploymentVersion?.buildId,
    },
    {
      ...{ id: 'ramping', title: texts.columns.ramping, width: 220 },
      cell: ({ routingConfig: { rampingDeploymentVersion, rampingVersionPercentage = 0 } = {} }) =>
        rampingDeploymentVersion && `${rampingDeploymentVersion.buildId} (${rampingVersionPercentage} %)`,
    },
    { id: 'created', title: texts.columns.created, width: 160, cell: ({ createTime }) => <Time at={createTime} /> },
  ];
}
