// Two runs side by side: which ones, and what differs between them.
import { equals, withField } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { compare as texts } from '../../messages/compare.ts';
import { Button } from '../../system/Button.tsx';
import { TextField } from '../../system/Field.tsx';
import { ErrorNotice } from '../../system/Notice.tsx';
import { runQuery } from '../run/queries.ts';
import { listPage } from '../workflows/queries.ts';
import styles from './compare.module.css';
import { Differences } from './Differences.tsx';
import type { CompareSearch } from './search.ts';

const route = getRouteApi('/namespaces/$namespace/compare');

export function ComparePage() {
  const { namespace } = route.useParams();
  const search = route.useSearch();
  const first = useRun(namespace, search.workflowId, search.runId);
  const second = useRun(namespace, search.otherWorkflowId, search.otherRunId);
  return (
    <div className="page page-scroll">
      <h1>{texts.title}</h1>
      <Choice key={JSON.stringify(search)} namespace={namespace} search={search} />
      {first.error && <ErrorNotice error={first.error} />}
      {second.error && <ErrorNotice error={second.error} />}
      {first.key && second.key && <Differences first={first.key} second={second.key} />}
    </div>
  );
}

function useRun(namespace: string, workflowId: string | undefined, runId: string | undefined) {
  const { data, error } = useQuery({
    ...runQuery(namespace, workflowId ?? '', runId, false),
    enabled: workflowId !== undefined,
  });
  const found = data?.workflowExecutionInfo?.execution?.runId;
  const key = useMemo(
    () => (workflowId === undefined || found === undefined ? undefined : { namespace, workflowId, runId: found }),
    [namespace, workflowId, found],
  );
  return { key, error, type: data?.workflowExecutionInfo?.type?.name };
}

function Choice({ namespace, search }: { readonly namespace: string; readonly search: CompareSearch }) {
  const navigate = useNavigate();
  const [form, setForm] = useState(search);
  const { type } = useRun(namespace, search.workflowId, search.runId);
  const suggestion = useLastSuccess(namespace, type, search.otherWorkflowId === undefined);
  const otherWorkflowId = form.otherWorkflowId ?? suggestion?.workflowId ?? '';
  const otherRunId = form.otherWorkflowId === undefined ? (suggestion?.runId ?? '') : (form.otherRunId ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = { ...form, otherWorkflowId, otherRunId };
    void navigate({ to: '/namespaces/$namespace/compare', params: { namespace }, search: next });
  };
  return (
    <form className={styles['choice']} onSubmit={submit}>
      <fieldset className={styles['side']}>
        <legend>{texts.first}</legend>
        <TextField
          label={texts.workflowId}
          value={form.workflowId ?? ''}
          required
          onChange={(workflowId) => setForm({ ...form, workflowId })}
        />
        <TextField label={texts.runId} value={form.runId ?? ''} onChange={(runId) => setForm({ ...form, runId })} />
      </fieldset>
      <fieldset className={styles['side']}>
        <legend>{texts.second}</legend>
        <TextField
          label={texts.workflowId}
          value={otherWorkflowId}
          required
          help={suggestion && texts.lastSuccess}
          onChange={(value) => setForm({ ...form, otherWorkflowId: value })}
        />
        <TextField
          label={texts.runId}
          value={otherRunId}
          onChange={(value) => setForm({ ...form, otherWorkflowId, otherRunId: value })}
        />
      </fieldset>
      <div>
        <Button type="submit" kind="primary">
          {texts.compare}
        </Button>
      </div>
    </form>
  );
}

/** What a failed run is most often compared with. */
function useLastSuccess(namespace: string, type: string | undefined, enabled: boolean) {
  const { data } = useQuery({
    queryKey: ['last-success', namespace, type],
    enabled: enabled && type !== undefined,
    queryFn: async ({ signal }) => {
      const completed = withField('', 'ExecutionStatus', equals('ExecutionStatus', 'Completed'));
      const query = withField(completed, 'WorkflowType', equals('WorkflowType', type ?? ''));
      return (await listPage(namespace, query, '', signal)).executions?.[0]?.execution ?? null;
    },
  });
  return data ?? undefined;
}
