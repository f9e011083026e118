// Nexus endpoints of the cluster.
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/http.ts';
import { places } from '../../messages/places.ts';
import { Empty, ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import type { Column } from '../../system/table/columns.ts';
import { DataTable } from '../../system/table/DataTable.tsx';

interface Endpoint {
  readonly id?: string;
  readonly createdTime?: string;
  readonly spec?: {
    readonly name?: string;
    readonly target?: {
      readonly worker?: { readonly namespace?: string; readonly taskQueue?: string };
      readonly external?: { readonly url?: string };
    };
  };
}

const texts = places.nexus;

export function NexusPage() {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['nexus-endpoints'],
    queryFn: async ({ signal }) =>
      (await api<{ readonly endpoints?: readonly Endpoint[] }>('nexus/endpoints', { signal })).endpoints ?? [],
  });
  return (
    <div className="page">
      <h1>{texts.title}</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data?.length === 0 && (
        <Empty icon="nexus" title={texts.none}>
          <p>{texts.noneText}</p>
        </Empty>
      )}
      {data && data.length > 0 && (
        <DataTable label={texts.title} rows={data} rowKey={({ id = '' }) => id} columns={COLUMNS} />
      )}
    </div>
  );
}

const COLUMNS: readonly Column<Endpoint>[] = [
  { id: 'name', title: texts.columns.name, width: 240, narrow: 'first', cell: ({ spec }) => <b>{spec?.name}</b> },
  {
    id: 'target',
    title: texts.columns.target,
    width: 320,
    grows: true,
    narrow: 'second',
    cell: ({ spec }) => targetWords(spec?.target),
  },
  { id: 'created', title: texts.columns.created, width: 160, cell: ({ createdTime }) => <Time at={createdTime} /> },
];

function targetWords(target: NonNullable<Endpoint['spec']>['target']): string {
  const { worker, external } = target ?? {};
  return worker ? `${worker.namespace ?? ''} / ${worker.taskQueue ?? ''}` : (external?.url ?? '');
}
