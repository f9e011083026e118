// All namespaces.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { namespacesQuery } from '../../api/server.ts';
import type { NamespaceDescription } from '../../api/types.ts';
import { namespaces as texts } from '../../messages/namespaces.ts';
import { Button } from '../../system/Button.tsx';
import { TextField } from '../../system/Field.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import type { Column } from '../../system/table/columns.ts';
import { DataTable } from '../../system/table/DataTable.tsx';
import { durationWords } from '../../system/time.ts';
import { retentionDays } from './form.ts';
import { NamespaceState } from './NamespaceState.tsx';

const NamespaceDialog = lazyPart(async () => (await import('./NamespaceDialog.tsx')).NamespaceDialog);

const DAY_MS = 86_400_000;

export function NamespacesPage() {
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(namespacesQuery);
  const [creating, setCreating] = useState(false);
  const [typed, setTyped] = useState('');
  const open = (namespace: string) => void navigate({ to: '/namespaces/$namespace', params: { namespace } });
  return (
    <div className="page">
      <div style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
        <h1 style={{ flex: 1 }}>{texts.title}</h1>
        <Button kind="primary" icon="plus" onClick={() => setCreating(true)}>
          {texts.form.create}
        </Button>
      </div>
      {error && (
        <>
          <ErrorNotice error={error} onRetry={() => void refetch()} />
          {/* Not everybody may list namespaces; who knows a name can go there all the same. */}
          <form
            style={{ display: 'flex', gap: 8, alignItems: 'end' }}
            onSubmit={(event) => {
              event.preventDefault();
              if (typed !== '') open(typed);
            }}
          >
            <TextField label={texts.goTo} value={typed} onChange={setTyped} />
            <Button type="submit">{texts.open}</Button>
          </form>
        </>
      )}
      {isPending && <Skeleton lines={5} />}
      {data && (
        <DataTable
          label={texts.title}
          rows={data}
          rowKey={({ namespaceInfo }) => namespaceInfo?.id ?? namespaceInfo?.name ?? ''}
          columns={COLUMNS}
          onRowClick={({ namespaceInfo }) => open(namespaceInfo?.name ?? '')}
        />
      )}
      {creating && (
        <Suspense>
          <NamespaceDialog onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </div>
  );
}

const COLUMNS: readonly Column<NamespaceDescription>[] = [
  {
    ...{ id: 'name', title: texts.columns.name, width: 220, narrow: 'first' },
    cell: ({ namespaceInfo }) => (
      <Link to="/namespaces/$namespace" params={{ namespace: namespaceInfo?.name ?? '' }}>
        <b>{namespaceInfo?.name}</b>
      </Link>
    ),
  },
  {
    ...{ id: 'state', title: texts.columns.state, width: 130, narrow: 'second' },
    cell: ({ namespaceInfo }) => <NamespaceState state={namespaceInfo?.state} />,
  },
  {
    ...{ id: 'retention', title: texts.columns.retention, width: 110, narrow: 'second' },
    cell: ({ config }) => durationWords(retentionDays(config?.workflowExecutionRetentionTtl) * DAY_MS),
  },
  {
    id: 'description',
    title: texts.columns.description,
    width: 260,
    grows: true,
    cell: ({ namespaceInfo }) => namespaceInfo?.description,
  },
  { id: 'owner', title: texts.columns.owner, width: 180, cell: ({ namespaceInfo }) => namespaceInfo?.ownerEmail },
];
