// Two runs side by side: where they part, which data differs, what took longer.
import {
  compareHistories,
  durationWords,
  type EventLookup,
  equals,
  eventDetail,
  eventTitle,
  kindWords,
  type Step,
  withField,
} from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { compare as texts } from '../../messages/compare.ts';
import { PayloadList } from '../../payloads/PayloadCard.tsx';
import { Button } from '../../system/Button.tsx';
import { TextField } from '../../system/Field.tsx';
import { ErrorNotice, Notice, Skeleton } from '../../system/Notice.tsx';
import { type HistorySnapshot, type RunKey, useFollow, useHistory, useSnapshot } from '../run/history.ts';
import { runQuery } from '../run/queries.ts';
import list from '../run/tabs/tabs.module.css';
import { listPage } from '../workflows/queries.ts';
import styles from './compare.module.css';
import type { CompareSearch } from './search.ts';

const route = getRouteApi('/namespaces/$namespace/compare');
const TIMINGS_MAX = 12;

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

function Differences({ first, second }: { readonly first: RunKey; readonly second: RunKey }) {
  const follow = useFollow(first.namespace);
  const [a, b] = [useSnapshot(useHistory(first, follow)), useSnapshot(useHistory(second, follow))];
  const ready = [a, b].every(({ state }) => state === 'complete' || state === 'live');
  const comparison = useMemo(
    () => (ready ? compareHistories(a.groups.events, b.groups.events) : undefined),
    [ready, a, b],
  );
  if (comparison === undefined) return <Skeleton lines={6} />;
  const { divergence, data, timing } = comparison;
  return (
    <>
      {divergence === undefined && data.length === 0 && <Notice>{texts.same}</Notice>}
      {divergence && (
        <section className={styles['panel']}>
          <h2>{texts.diverges}</h2>
          <div className={styles['sides']}>
            <StepCard title={texts.onlyFirst} step={divergence.a} snapshot={a} />
            <StepCard title={texts.onlySecond} step={divergence.b} snapshot={b} />
          </div>
        </section>
      )}
      {data.length > 0 && (
        <section className={styles['panel']}>
          <h2>{texts.data}</h2>
          {data.map(({ a: group, what, aPayloads, bPayloads, aEventId }) => (
            <div key={`${group.id} ${what}`} className={styles['panel']}>
              <h3>
                {kindWords(group.kind)} {group.label}: {what} <span className="faint mono">{aEventId}</span>
              </h3>
              <div className={styles['sides']}>
                <PayloadList title={texts.onlyFirst} payloads={aPayloads} namespace={first.namespace} />
                <PayloadList title={texts.onlySecond} payloads={bPayloads} namespace={second.namespace} />
              </div>
            </div>
          ))}
        </section>
      )}
      {timing.length > 0 && (
        <section className={styles['panel']}>
          <h2>{texts.timing}</h2>
          <table className={list['list']}>
            <thead>
              <tr>
                <th>{texts.step}</th>
                <th>{texts.onlyFirst}</th>
                <th>{texts.onlySecond}</th>
                <th>{texts.longer}</th>
              </tr>
            </thead>
            <tbody>
              {timing.slice(0, TIMINGS_MAX).map(({ a: group, aMs, bMs, deltaMs }) => (
                <tr key={group.id}>
                  <td>{group.label}</td>
                  <td>{durationWords(aMs)}</td>
                  <td>{durationWords(bMs)}</td>
                  <td>{`${deltaMs > 0 ? '+' : ''}${durationWords(deltaMs)}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

interface StepProps {
  readonly title: string;
  readonly step: Step | undefined;
  readonly snapshot: HistorySnapshot;
}

function StepCard({ title, step, snapshot }: StepProps) {
  const find: EventLookup = snapshot.groups.find;
  return (
    <div className={styles['card']}>
      <span className="faint">{title}</span>
      {step === undefined ? (
        <span className="faint">{texts.nothing}</span>
      ) : (
        <>
          <b>
            {step.event.eventId} {eventTitle(step.event.eventType)}
          </b>
          <span>{eventDetail(step.event, find)}</span>
        </>
      )}
    </div>
  );
}
