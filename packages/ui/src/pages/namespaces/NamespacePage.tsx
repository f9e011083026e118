// One namespace: its settings and search attributes, and its end.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { namespaceQuery } from '../../api/server.ts';
import type { NamespaceDescription } from '../../api/types.ts';
import { namespaces as texts } from '../../messages/namespaces.ts';
import { Button, buttonClass } from '../../system/Button.tsx';
import { CopyButton } from '../../system/Copy.tsx';
import { Facts } from '../../system/Facts.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { durationWords } from '../../system/time.ts';
import { archivalOf, retentionDays } from './form.ts';
import { NamespaceState } from './NamespaceState.tsx';
import { SearchAttributes } from './SearchAttributes.tsx';

const NamespaceDialog = lazyPart(async () => (await import('./NamespaceDialog.tsx')).NamespaceDialog);
const DeleteDialog = lazyPart(async () => (await import('./DeleteDialog.tsx')).DeleteDialog);

const route = getRouteApi('/namespaces/$namespace');
const DAY_MS = 86_400_000;

export function NamespacePage() {
  const { namespace } = route.useParams();
  const { data, error, isPending, refetch } = useQuery(namespaceQuery(namespace));
  const [dialog, setDialog] = useState<'edit' | 'delete'>();
  const close = () => setDialog(undefined);
  return (
    <div className="page page-scroll">
      <Link to="/namespaces" className="soft">
        ← {texts.title}
      </Link>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, flexWrap: 'wrap' }}>
        <h1 style={{ overflowWrap: 'anywhere' }}>{namespace}</h1>
        {data && <NamespaceState state={data.namespaceInfo?.state} />}
        <span style={{ flex: 1 }} />
        <Link to="/namespaces/$namespace/workflows" params={{ namespace }} className={buttonClass({})}>
          {texts.workflows}
        </Link>
        {data && (
          <>
            <Button icon="edit" onClick={() => setDialog('edit')}>
              {texts.form.edit}
            </Button>
            <Button icon="trash" kind="danger" onClick={() => setDialog('delete')}>
              {texts.remove.button}
            </Button>
          </>
        )}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data && <NamespaceFacts namespace={data} />}
      {data && <NamespaceData data={data.namespaceInfo?.data ?? {}} />}
      {data && <SearchAttributes namespace={namespace} />}
      <Suspense>
        {dialog === 'edit' && data && <NamespaceDialog namespace={data} onClose={close} />}
        {dialog === 'delete' && <DeleteDialog namespace={namespace} onClose={close} />}
      </Suspense>
    </div>
  );
}

function NamespaceFacts({ namespace: { namespaceInfo: info, config } }: { readonly namespace: NamespaceDescription }) {
  const archived = (state: string | undefined, uri: string | undefined) => {
    const archival = archivalOf(state, uri);
    return archival && texts.archived(texts.archivalStates[archival], uri ?? '');
  };
  return (
    <Facts
      facts={[
        [texts.columns.retention, durationWords(retentionDays(config?.workflowExecutionRetentionTtl) * DAY_MS)],
        [texts.columns.description, info?.description],
        [texts.columns.owner, info?.ownerEmail],
        [
          texts.id,
          <span key="id" className="mono">
            {info?.id} <CopyButton text={info?.id ?? ''} what="namespace id" />
          </span>,
        ],
        [texts.historyArchival, archived(config?.historyArchivalState, config?.historyArchivalUri)],
        [texts.visibilityArchival, archived(config?.visibilityArchivalState, config?.visibilityArchivalUri)],
      ]}
    />
  );
}

function NamespaceData({ data }: { readonly data: Readonly<Record<string, string>> }) {
  const entries = Object.entries(data).map(([key, value]) => [key, value === '' ? '–' : value] as const);
  if (entries.length === 0) return null;
  return (
    <section>
      <h2>{texts.form.data}</h2>
      <Facts facts={entries} />
    </section>
  );
}
