// Starts a workflow. The URL can fill the form in, with texts or with "like this run".
import type { HistoryEvent } from '@perdure/ui-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiError, api, GRPC, path } from '../../api/http.ts';
import { useCommand } from '../../app/use-command.ts';
import { start as texts } from '../../messages/start.ts';
import { Button } from '../../system/Button.tsx';
import { Command, ErrorNotice, Notice, Skeleton } from '../../system/Notice.tsx';
import { announce } from '../../system/Toasts.tsx';
import { actionOf, problemsOf } from './check.ts';
import { formOf, likeRun, type StartForm, searchOf, startWorkflow } from './form.ts';
import { StartFields } from './StartFields.tsx';

const route = getRouteApi('/namespaces/$namespace/workflows/start-workflow');

export function StartPage() {
  const { namespace } = route.useParams();
  const search = route.useSearch();
  const { likeWorkflowId, likeRunId } = search;
  const like = useQuery({
    queryKey: ['started', namespace, likeWorkflowId, likeRunId],
    enabled: likeWorkflowId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const { history } = await api<{ readonly history?: { readonly events?: readonly HistoryEvent[] } }>(
        path`namespaces/${namespace}/workflows/${likeWorkflowId ?? ''}/history`,
        { query: { 'execution.runId': likeRunId, maximumPageSize: 1 }, signal },
      );
      return history?.events?.[0];
    },
  });
  if (like.isLoading) return <div className="page">{<Skeleton lines={8} />}</div>;
  const initial = { ...formOf(search), ...(like.data ? likeRun(like.data) : {}) };
  return (
    <div className="page page-scroll">
      {like.error && <ErrorNotice error={like.error} />}
      <Form namespace={namespace} initial={initial} like={likeWorkflowId} />
    </div>
  );
}

interface FormProps {
  readonly namespace: string;
  readonly initial: StartForm;
  readonly like: string | undefined;
}

function Form({ namespace, initial, like }: FormProps) {
  const navigate = useNavigate();
  const command = useCommand(namespace);
  const [form, setForm] = useState(initial);
  const problems = problemsOf(form);
  const begin = useMutation({
    mutationFn: () => startWorkflow(namespace, form),
    onSuccess: (runId) =>
      navigate({
        to: '/namespaces/$namespace/workflows/$workflowId/$runId',
        params: { namespace, workflowId: form.workflowId, runId },
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
  const isReady = form.workflowId !== '' && form.workflowType !== '' && form.taskQueue !== '' && problems.size === 0;
  return (
    <form onSubmit={submit} style={{ display: 'grid', gap: 14, maxWidth: 720 }}>
      <h1>{like === undefined ? texts.title : texts.like(like)}</h1>
      <StartFields
        namespace={namespace}
        form={form}
        problems={problems}
        onChange={(change) => setForm({ ...form, ...change })}
      />
      {begin.error && <StartError error={begin.error} namespace={namespace} workflowId={form.workflowId} />}
      <Command line={command(actionOf(form))} />
      <div style={{ display: 'flex', gap: 8 }}>
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
