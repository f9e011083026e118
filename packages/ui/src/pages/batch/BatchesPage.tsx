// All batch operations of a namespace, newest first.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { batch } from '../../messages/batch.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { Button } from '../../system/Button.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { Command, Empty, ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import type { Column } from '../../system/table/columns.ts';
import { DataTable } from '../../system/table/DataTable.tsx';
import { BatchState, operationWords } from './BatchState.tsx';
import { type BatchInfo, batchesQuery } from './queries.ts';

const NewBatchDialog = lazyPart(async () => (await import('./NewBatchDialog.tsx')).NewBatchDialog);

const route = getRouteApi('/namespaces/$namespace/batch-operations');
const texts = batch.columns;

export function BatchesPage() {
  const { namespace } = route.useParams();
  const navigate = useNavigate();
  const { live } = usePreferences();
  const { data, error, isPending, refetch } = useQuery(batchesQuery(namespace, live));
  const [making, setMaking] = useState(false);
  const open = ({ jobId = '' }: BatchInfo) =>
    void navigate({ to: '/namespaces/$namespace/batch-operations/$jobId', params: { namespace, jobId } });
  return (
    <div className="page">
      <div style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
        <h1 style={{ flex: 1 }}>{batch.title}</h1>
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
          {batch.newFromQuery}
        </Button>
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton lines={6} />}
      {data?.length === 0 && (
        <Empty icon="batch" title={batch.emptyTitle}>
          <p>{batch.emptyText}</p>
          <Command line={`perdure workflow signal --query 'WorkflowType = "Order"' --name approve --reason audit`} />
        </Empty>
      )}
      {data && data.length > 0 && (
        <DataTable
          label={batch.label}
          rows={data}
          rowKey={({ jobId = '' }) => jobId}
          columns={columns(namespace)}
          onRowClick={open}
        />
      )}
      {making && (
        <Suspense>
          <NewBatchDialog namespace={namespace} onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </div>
  );
}

function columns(namespace: string): readonly Column<BatchInfo>[] {
  return [
    {
      id: 'state',
      title: texts.state,
      width: 130,
      narrow: 'second',
      cell: ({ state }) => <BatchState state={state} />,
    },
    {
      ...{ id: 'jobId', title: texts.jobId, width: 300, grows: true, narrow: 'first' },
      cell: ({ jobId = '' }) => (
        <Link to="/namespaces/$namespace/batch-operations/$jobId" params={{ namespace, jobId }} className="mono">
          {jobId}
        </Link>
      ),
    },
    {
      id: 'type',
      title: texts.type,
      width: 130,
      narrow: 'second',
      cell: ({ operationType }) => operationWords(operationType),
    },
    {
      id: 'started',
      title: texts.started,
      width: 160,
      narrow: 'second',
      cell: ({ startTime }) => <Time at={startTime} />,
    },
    { id: 'closed', title: texts.closed, width: 160, cell: ({ closeTime }) => <Time at={closeTime} /> },
  ];
}
