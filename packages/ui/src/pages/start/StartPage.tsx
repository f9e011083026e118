// Starts a workflow. The URL can fill the form in, with texts or with "like this run".
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiError, GRPC } from '../../api/http.ts';
import { useCommand } from '../../app/use-command.ts';
import { payloads } from '../../messages/payloads.ts';
import { start as texts } from '../../messages/start.ts';
import { NOTHING_READ } from '../../payloads/decode.ts';
import { SendNote } from '../../payloads/SendNote.tsx';
import { Button } from '../../system/Button.tsx';
import { Command, ErrorNotice, Notice, Skeleton } from '../../system/Notice.tsx';
import { attempt } from '../../system/problem.ts';
import { announce } from '../../system/Toasts.tsx';
import { type LoadedBase, loadBase, startWorkflow } from './calls.ts';
import { isBeyondCommand, startCommand } from './command.ts';
import { formOf, NOTHING, requestOf, type StartForm, searchOf } from './form.ts';
import { StartFields } from './StartFields.tsx';
import styles from './start.module.css';

const route = getRouteApi('/namespaces/$namespace/workflows/start-workflow');
const NEW: LoadedBase = { ...NOTHING, ...NOTHING_READ };

export function StartPage() {
  const { namespace } = route.useParams();
  const search = route.useSearch();
  const { likeWorkflowId, likeRunId } = search;
  const like = useQuery({
    queryKey: ['started', namespace, likeWorkflowId, likeRunId],
    enabled: likeWorkflowId !== undefined,
    // The form keeps what it began with; who comes back may have another codec server.
    ...{ staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
    queryFn: ({ signal }) => loadBase(namespace, { workflowId: likeWorkflowId ?? '', runId: likeRunId }, signal),
  });
  if (like.isLoading) return <div className="page">{<Skeleton lines={8} />}</div>;
  const base = like.data ?? NEW;
  return (
    <div className="page page-scroll">
      {like.error && <ErrorNotice error={like.error} />}
      {base.problem !== undefined && <Notice kind="warning">{payloads.decodeFailed(base.problem)}</Notice>}
      <Form namespace={namespace} base={base} initial={formOf(search, base)} like={likeWorkflowId} />
    </div>
  );
}

interface FormProps {
  readonly namespace: string;
  readonly base: LoadedBase;
  readonly initial: StartForm;
  readonly like: string | undefined;
}

function Form({ namespace, base, initial, like }: FormProps) {
  const navigate = useNavigate();
  const [form, setForm] = useState(initial);
  const begin = useMutation({
    mutationFn: () => startWorkflow(namespace, form, base),
    onSuccess: (runId) =>
      navigate({
        to: '/namespaces/$namespace/workflows/$workflowId/$runId',
        params: { namespace, workflowId: form.workflowId.trim(), runId },
      }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate();
  };
  const copyLink = async () => {
    const query = new URLSearchParams(searchOf(form) as Record<string, string>);
    await navigator.clipboard.writeText(`${location.origin}${location.pathname}?${query.toString()}`);
    announce(texts.linkCopied);
  };
  const isReady = form.workflowId.trim() !== '' && attempt(() => requestOf(form, base)).problem === undefined;
  return (
    <form onSubmit={submit} className={styles['form']}>
      <h1>{like === undefined ? texts.title : texts.like(like)}</h1>
      <StartFields
        namespace={namespace}
        form={form}
        read={base.read}
        set={(change) => setForm({ ...form, ...change })}
      />
      <SendNote />
      {begin.error && <StartError error={begin.error} namespace={namespace} workflowId={form.workflowId} />}
      <Equivalent namespace={namespace} form={form} />
      <div className={styles['buttons']}>
        <Button type="submit" kind="primary" disabled={!isReady} busy={begin.isPending}>
          {texts.submit}
        </Button>
        <Button icon="copy" onClick={() => void copyLink()}>
          {texts.link}
        </Button>
      </div>
    </form>
  );
}

/** The same as a command; what it leaves out is said. */
function Equivalent({ namespace, form }: { readonly namespace: string; readonly form: StartForm }) {
  const command = useCommand(namespace);
  const action = attempt(() => startCommand(form)).value;
  if (action === undefined) return null;
  return (
    <>
      <Command line={command(action)} />
      {isBeyondCommand(form) && <p className="faint">{texts.beyondCommand}</p>}
    </>
  );
}

interface ErrorProps {
  readonly error: Error;
  readonly namespace: string;
  readonly workflowId: string;
}

function StartError({ error, namespace, workflowId }: ErrorProps) {
  if (!(error instanceof ApiError) || error.code !== GRPC.alreadyExists) return <ErrorNotice error={error} />;
  return (
    <div role="alert">
      <Notice kind="warning" title={texts.running}>
        <Link to="/namespaces/$namespace/workflows/$workflowId" params={{ namespace, workflowId }}>
          <u>{texts.openIt}</u>
        </Link>
      </Notice>
    </div>
  );
}
