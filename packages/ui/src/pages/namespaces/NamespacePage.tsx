// One namespace: its settings and search attributes.
import { enumWords } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { namespaceQuery, searchAttributesQuery } from '../../api/server.ts';
import { useCommand } from '../../app/use-command.ts';
import { places } from '../../messages/places.ts';
import { Button, buttonClass } from '../../system/Button.tsx';
import { CopyButton } from '../../system/Copy.tsx';
import { Facts } from '../../system/Facts.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { Command, ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { durationWords } from '../../system/time.ts';
import list from '../run/tabs/tabs.module.css';
import { NamespaceState } from './NamespaceState.tsx';
import { retentionDays } from './queries.ts';

const NamespaceDialog = lazyPart(async () => (await import('./NamespaceDialog.tsx')).NamespaceDialog);

const route = getRouteApi('/namespaces/$namespace');
const texts = places.namespaces;
const DAY_MS = 86_400_000;

export function NamespacePage() {
  const { namespace } = route.useParams();
  const { data, error, isPending, refetch } = useQuery(namespaceQuery(namespace));
  const [editing, setEditing] = useState(false);
  const info = data?.namespaceInfo;
  return (
    <div className="page page-scroll">
      <Link to="/namespaces" className="soft">
        ← {texts.title}
      </Link>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, flexWrap: 'wrap' }}>
        <h1>{namespace}</h1>
        {info && <NamespaceState state={info.state} />}
        <span style={{ flex: 1 }} />
        <Link to="/namespaces/$namespace/workflows" params={{ namespace }} className={buttonClass({})}>
          {texts.workflows}
        </Link>
        {data && (
          <Button icon="edit" onClick={() => setEditing(true)}>
            {texts.edit}
          </Button>
        )}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data && (
        <Facts
          facts={[
            [
              texts.columns.retention,
              durationWords(retentionDays(data.config?.workflowExecutionRetentionTtl) * DAY_MS),
            ],
            [texts.columns.description, info?.description],
            [texts.columns.owner, info?.ownerEmail],
            [
              texts.id,
              <span key="id" className="mono">
                {info?.id} <CopyButton text={info?.id ?? ''} what="namespace id" />
              </span>,
            ],
            ...Object.entries(info?.data ?? {}),
          ]}
        />
      )}
      <SearchAttributes namespace={namespace} />
      {editing && data && (
        <Suspense>
          <NamespaceDialog namespace={data} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** They are made by an operator's call that is no part of the HTTP API: the page gives the command. */
function SearchAttributes({ namespace }: { readonly namespace: string }) {
  const { data, error } = useQuery(searchAttributesQuery(namespace));
  const command = useCommand(namespace);
  const custom = Object.entries(data?.customAttributes ?? {}).map(([name, type]) => ({ name, type, system: false }));
  const system = Object.entries(data?.systemAttributes ?? {}).map(([name, type]) => ({ name, type, system: true }));
  return (
    <section style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: 10, maxWidth: 760 }}>
      <h2>{texts.attributes}</h2>
      {error && <ErrorNotice error={error} />}
      <p className="soft">{texts.addAttribute}:</p>
      <Command
        line={command({ command: 'operator search-attribute create', name: ['CustomerId'], type: ['Keyword'] })}
      />
      <table className={list['list']}>
        <thead>
          <tr>
            <th>{texts.attribute}</th>
            <th>{texts.type}</th>
            <th>
              <span className="visually-hidden">{texts.system}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {[...custom, ...system].map(({ name, type, system: isSystem }) => (
            <tr key={name}>
              <td className="mono">{name}</td>
              <td>{enumWords(type, 'INDEXED_VALUE_TYPE')}</td>
              <td className="faint">{isSystem ? texts.system : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
