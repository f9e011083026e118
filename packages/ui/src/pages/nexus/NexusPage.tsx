// Nexus endpoints of the cluster; with an id in the address, one of them.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { nexus as texts } from '../../messages/nexus.ts';
import { Button } from '../../system/Button.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { Empty, ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import type { Column } from '../../system/table/columns.ts';
import { DataTable } from '../../system/table/DataTable.tsx';
import { EndpointPage } from './EndpointPage.tsx';
import { type Endpoint, targetWords } from './endpoint.ts';
import { endpointsQuery } from './queries.ts';

const EndpointDialog = lazyPart(async () => (await import('./EndpointDialog.tsx')).EndpointDialog);

const route = getRouteApi('/nexus/{-$endpoint}');

export function NexusPage() {
  const { endpoint } = route.useParams();
  return endpoint === undefined ? <EndpointsPage /> : <EndpointPage id={endpoint} />;
}

function EndpointsPage() {
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(endpointsQuery);
  const [creating, setCreating] = useState(false);
  const open = ({ id = '' }: Endpoint) => void navigate({ to: '/nexus/{-$endpoint}', params: { endpoint: id } });
  return (
    <div className="page">
      <div style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
        <h1 style={{ flex: 1 }}>{texts.title}</h1>
        {data && (
          <Button kind="primary" icon="plus" onClick={() => setCreating(true)}>
            {texts.create}
          </Button>
        )}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data?.length === 0 && (
        <Empty icon="nexus" title={texts.none}>
          <p>{texts.noneText}</p>
        </Empty>
      )}
      {data && data.length > 0 && (
        <DataTable label={texts.title} rows={data} rowKey={({ id = '' }) => id} columns={COLUMNS} onRowClick={open} />
      )}
      {creating && (
        <Suspense>
          <EndpointDialog onClose={() => setCreating(false)} onDone={open} />
        </Suspense>
      )}
    </div>
  );
}

const COLUMNS: readonly Column<Endpoint>[] = [
  {
    ...{ id: 'name', title: texts.columns.name, width: 240, narrow: 'first' },
    cell: ({ id = '', spec }) => (
      <Link to="/nexus/{-$endpoint}" params={{ endpoint: id }}>
        <b>{spec?.name}</b>
      </Link>
    ),
  },
  {
    ...{ id: 'target', title: texts.columns.target, width: 320, grows: true, narrow: 'second' },
    cell: ({ spec }) => targetWords(spec?.target),
  },
  { id: 'created', title: texts.columns.created, width: 160, cell: ({ createdTime }) => <Time at={createdTime} /> },
  {
    ...{ id: 'modified', title: texts.columns.modified, width: 160 },
    cell: ({ lastModifiedTime }) => <Time at={lastModifiedTime} />,
  },
];
