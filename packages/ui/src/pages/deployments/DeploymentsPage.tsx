// The worker deployments of a namespace, where the server has them; with a name in the address, one of them.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { deployments as texts } from '../../messages/deployments.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { Button } from '../../system/Button.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { Empty, ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import type { Column } from '../../system/table/columns.ts';
import { DataTable } from '../../system/table/DataTable.tsx';
import { DeploymentPage } from './DeploymentPage.tsx';
import { deploymentsQuery } from './queries.ts';
import { isRamping } from './Traffic.tsx';
import type { DeploymentSummary, RoutingConfig } from './types.ts';
import { VersionState } from './VersionState.tsx';

const CreateDialog = lazyPart(async () => (await import('./actions/CreateDialog.tsx')).CreateDialog);

const route = getRouteApi('/namespaces/$namespace/worker-deployments/{-$deployment}');

export function DeploymentsPage() {
  const { namespace, deployment } = route.useParams();
  if (deployment === undefined) return <DeploymentsTable namespace={namespace} />;
  return <DeploymentPage namespace={namespace} deployment={deployment} />;
}

function DeploymentsTable({ namespace }: { readonly namespace: string }) {
  const navigate = useNavigate();
  const { live } = usePreferences();
  const { data, error, isPending, refetch } = useQuery(deploymentsQuery(namespace, live));
  const [creating, setCreating] = useState(false);
  const open = (deployment: string) =>
    void navigate({
      to: '/namespaces/$namespace/worker-deployments/{-$deployment}',
      params: { namespace, deployment },
    });
  return (
    <div className="page">
      <div style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
        <h1 style={{ flex: 1 }}>{texts.title}</h1>
        {data && (
          <Button icon="plus" onClick={() => setCreating(true)}>
            {texts.create}
          </Button>
        )}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data?.length === 0 && (
        <Empty icon="deployments" title={texts.none}>
          <p>{texts.noneText}</p>
        </Empty>
      )}
      {data && data.length > 0 && (
        <DataTable
          label={texts.title}
          rows={data}
          rowKey={({ name = '' }) => name}
          columns={columns(namespace)}
          onRowClick={({ name = '' }) => open(name)}
        />
      )}
      {creating && (
        <Suspense>
          <CreateDialog namespace={namespace} onClose={() => setCreating(false)} onDone={open} />
        </Suspense>
      )}
    </div>
  );
}

function columns(namespace: string): readonly Column<DeploymentSummary>[] {
  return [
    {
      ...{ id: 'name', title: texts.columns.name, width: 220, grows: true, narrow: 'first' },
      cell: ({ name = '' }) => (
        <Link to="/namespaces/$namespace/worker-deployments/{-$deployment}" params={{ namespace, deployment: name }}>
          <b>{name}</b>
        </Link>
      ),
    },
    {
      ...{ id: 'current', title: texts.columns.current, width: 200, narrow: 'second' },
      cell: ({ routingConfig }) => routingConfig?.currentDeploymentVersion?.buildId ?? texts.unversioned,
    },
    {
      ...{ id: 'ramping', title: texts.columns.ramping, width: 200, narrow: 'second' },
      cell: ({ routingConfig = {} }) => rampWords(routingConfig),
    },
    {
      ...{ id: 'latest', title: texts.columns.latest, width: 220 },
      cell: ({ latestVersionSummary: { deploymentVersion, status } = {} }) =>
        deploymentVersion && (
          <span style={{ display: 'inline-flex', alignItems: 'center', gap: 8 }}>
            {deploymentVersion.buildId} <VersionState status={status} />
          </span>
        ),
    },
    { id: 'created', title: texts.columns.created, width: 150, cell: ({ createTime }) => <Time at={createTime} /> },
  ];
}

function rampWords(routing: RoutingConfig): string {
  if (!isRamping(routing)) return '';
  const { rampingDeploymentVersion, rampingVersionPercentage = 0 } = routing;
  return texts.share(rampingVersionPercentage, rampingDeploymentVersion?.buildId ?? texts.unversioned);
}
