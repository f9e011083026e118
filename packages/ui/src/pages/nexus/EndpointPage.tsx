// One Nexus endpoint: where it leads, what it is for, and what can be done with it.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { nexus as texts } from '../../messages/nexus.ts';
import { Markdown } from '../../payloads/Markdown.tsx';
import { PayloadCard } from '../../payloads/PayloadCard.tsx';
import payload from '../../payloads/payload.module.css';
import { Button } from '../../system/Button.tsx';
import { CopyButton } from '../../system/Copy.tsx';
import { Facts } from '../../system/Facts.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import { descriptionOf, type Endpoint } from './endpoint.ts';
import { endpointQuery } from './queries.ts';

const EndpointDialog = lazyPart(async () => (await import('./EndpointDialog.tsx')).EndpointDialog);
const DeleteEndpointDialog = lazyPart(async () => (await import('./DeleteEndpointDialog.tsx')).DeleteEndpointDialog);

export function EndpointPage({ id }: { readonly id: string }) {
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(endpointQuery(id));
  const [dialog, setDialog] = useState<'edit' | 'delete'>();
  const close = () => setDialog(undefined);
  return (
    <div className="page page-scroll">
      <Link to="/nexus/{-$endpoint}" params={{ endpoint: undefined }} className="soft">
        ← {texts.title}
      </Link>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, flexWrap: 'wrap' }}>
        <h1 style={{ overflowWrap: 'anywhere' }}>{data?.spec?.name ?? id}</h1>
        <CopyButton text={data?.spec?.name ?? id} what="name" />
        <span style={{ flex: 1 }} />
        {data && (
          <>
            <Button icon="edit" onClick={() => setDialog('edit')}>
              {texts.edit}
            </Button>
            <Button kind="danger" onClick={() => setDialog('delete')}>
              {texts.delete}
            </Button>
          </>
        )}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data && <EndpointFacts endpoint={data} />}
      <Suspense>
        {data && dialog === 'edit' && <EndpointDialog endpoint={data} onClose={close} />}
        {data && dialog === 'delete' && (
          <DeleteEndpointDialog
            endpoint={data}
            onClose={close}
            onDone={() => void navigate({ to: '/nexus/{-$endpoint}', params: { endpoint: undefined } })}
          />
        )}
      </Suspense>
    </div>
  );
}

function EndpointFacts({ endpoint }: { readonly endpoint: Endpoint }) {
  const { id = '', spec = {}, createdTime, lastModifiedTime, urlPrefix } = endpoint;
  const { worker, external } = spec.target ?? {};
  const { namespace = '', taskQueue = '' } = worker ?? {};
  const { facts } = texts;
  return (
    <>
      <Facts
        facts={[
          [
            facts.namespace,
            worker && (
              <Link key="namespace" to="/namespaces/$namespace" params={{ namespace }}>
                <u>{namespace}</u>
              </Link>
            ),
          ],
          [
            facts.taskQueue,
            worker && (
              <Link
                key="queue"
                to="/namespaces/$namespace/task-queues/$taskQueue"
                params={{ namespace, taskQueue }}
                search={{ type: 'nexus' }}
              >
                <u>{taskQueue}</u>
              </Link>
            ),
          ],
          [facts.url, external?.url],
          [facts.created, createdTime && <Time key="created" at={createdTime} />],
          [facts.modified, lastModifiedTime && <Time key="modified" at={lastModifiedTime} />],
          [facts.id, <Copied key="id" text={id} what="endpoint id" />],
          [facts.prefix, urlPrefix && <Copied key="prefix" text={urlPrefix} what="path" />],
        ]}
      />
      <h2>{texts.description}</h2>
      <Description spec={spec} />
    </>
  );
}

function Copied({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <span className="mono" style={{ display: 'inline-flex', alignItems: 'center', gap: 2, fontSize: 'var(--text-s)' }}>
      {text} <CopyButton text={text} what={what} />
    </span>
  );
}

function Description({ spec }: { readonly spec: NonNullable<Endpoint['spec']> }) {
  const text = descriptionOf(spec);
  if (text !== undefined) {
    return (
      <div className={payload['markdown']} style={{ maxWidth: 760 }}>
        <Markdown text={text} />
      </div>
    );
  }
  if (spec.description?.data === undefined) return <p className="faint">{texts.noDescription}</p>;
  return <PayloadCard payload={spec.description} namespace={spec.target?.worker?.namespace ?? ''} />;
}
