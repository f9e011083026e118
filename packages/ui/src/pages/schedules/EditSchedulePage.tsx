// Creates a schedule, or changes one: the same form.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError, GRPC } from '../../api/http.ts';
import { payloads } from '../../messages/payloads.ts';
import { scheduleForm as texts } from '../../messages/schedule-form.ts';
import { schedules } from '../../messages/schedules.ts';
import { type ReadData, useReadData } from '../../payloads/decode.ts';
import { AS_STORED } from '../../payloads/payload-text.ts';
import { Button } from '../../system/Button.tsx';
import { ErrorNotice, Notice, Skeleton } from '../../system/Notice.tsx';
import { announce } from '../../system/Toasts.tsx';
import type { ScheduleBase, ScheduleRequest } from './form/form.ts';
import { newPart } from './form/parts.ts';
import { ScheduleFields } from './form/ScheduleFields.tsx';
import { createSchedule, scheduleQuery, updateSchedule } from './queries.ts';
import type { ScheduleDescription } from './types.ts';
import type { ScheduleKey } from './use-patch.ts';

const newRoute = getRouteApi('/namespaces/$namespace/schedules/create');
const editRoute = getRouteApi('/namespaces/$namespace/schedules/$scheduleId/edit');
const NEW: ScheduleBase = { read: AS_STORED };
const FIRST_PARTS = { parts: [newPart('calendar', 'first')] };

interface Change {
  readonly scheduleId: string;
  readonly request: ScheduleRequest;
}

export function NewSchedulePage() {
  const { namespace } = newRoute.useParams();
  const navigate = useNavigate();
  const done = useDone(namespace, texts.created);
  const create = useMutation({
    mutationFn: ({ scheduleId, request }: Change) => createSchedule(namespace, scheduleId, request),
    onSuccess: (_, { scheduleId }) => done(scheduleId),
  });
  return (
    <div className="page page-scroll">
      <Link to="/namespaces/$namespace/schedules" params={{ namespace }} className="soft">
        ← {schedules.title}
      </Link>
      <h1>{schedules.create}</h1>
      <ScheduleFields
        namespace={namespace}
        scheduleId={undefined}
        base={NEW}
        initial={FIRST_PARTS}
        submit={schedules.create}
        busy={create.isPending}
        error={create.error && <ErrorNotice error={create.error} />}
        onSubmit={(id, request) => create.mutate({ scheduleId: id, request })}
        onCancel={() => void navigate({ to: '/namespaces/$namespace/schedules', params: { namespace } })}
      />
    </div>
  );
}

export function EditSchedulePage() {
  const key = editRoute.useParams();
  const { namespace, scheduleId } = key;
  const { data, error, isFetchedAfterMount, refetch } = useQuery({
    ...scheduleQuery(namespace, scheduleId),
    refetchOnMount: 'always',
  });
  // Not what was known before, which others may have changed. While the form is open, it stays with what it began with, until it is loaded again.
  const [version, setVersion] = useState(0);
  const reload = async () => {
    await refetch();
    setVersion(version + 1);
  };
  return (
    <div className="page page-scroll">
      <Link to="/namespaces/$namespace/schedules/$scheduleId" params={key} className="soft">
        ← <span className="mono">{scheduleId}</span>
      </Link>
      <h1>{texts.editTitle(scheduleId)}</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!isFetchedAfterMount && <Skeleton lines={8} />}
      {data && isFetchedAfterMount && (
        <Edit key={version} scheduleKey={key} description={data} onReload={() => void reload()} />
      )}
    </div>
  );
}

interface EditProps {
  readonly scheduleKey: ScheduleKey;
  readonly description: ScheduleDescription;
  readonly onReload: () => void;
}

/** The form is there when its data can be read. */
function Edit({ scheduleKey, description: now, onReload }: EditProps) {
  const [description] = useState(now);
  const data = useReadData(description, scheduleKey.namespace);
  if (data === undefined) return <Skeleton lines={8} />;
  return (
    <>
      {data.problem !== undefined && <Notice kind="warning">{payloads.decodeFailed(data.problem)}</Notice>}
      <EditForm scheduleKey={scheduleKey} description={description} data={data} onReload={onReload} />
    </>
  );
}

function EditForm({ scheduleKey, description, data, onReload }: EditProps & { readonly data: ReadData }) {
  const { namespace, scheduleId } = scheduleKey;
  const { conflictToken } = description;
  const navigate = useNavigate();
  const [{ read, stored }] = useState(data);
  const done = useDone(namespace, texts.changed);
  const update = useMutation({
    mutationFn: ({ request }: Change) => updateSchedule(namespace, scheduleId, request, { conflictToken, stored }),
    onSuccess: () => done(scheduleId),
  });
  return (
    <ScheduleFields
      namespace={namespace}
      scheduleId={scheduleId}
      base={{ ...description, read }}
      initial={{}}
      submit={texts.save}
      busy={update.isPending}
      error={update.error && <UpdateError error={update.error} onReload={onReload} />}
      onSubmit={(_, request) => update.mutate({ scheduleId, request })}
      onCancel={() => void navigate({ to: '/namespaces/$namespace/schedules/$scheduleId', params: scheduleKey })}
    />
  );
}

/** Somebody else was faster: what they did must not be undone without being seen. */
function UpdateError({ error, onReload }: { readonly error: Error; readonly onReload: () => void }) {
  if (!(error instanceof ApiError) || error.code !== GRPC.failedPrecondition) return <ErrorNotice error={error} />;
  return (
    <div role="alert">
      <Notice kind="warning" title={texts.conflict} actions={<Button onClick={onReload}>{texts.reload}</Button>}>
        {texts.conflictText}
      </Notice>
    </div>
  );
}

function useDone(namespace: string, words: (id: string) => string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (scheduleId: string) => {
    announce(words(scheduleId));
    await client.invalidateQueries({ queryKey: ['schedule', namespace, scheduleId] });
    await client.invalidateQueries({ queryKey: ['schedules', namespace] });
    await navigate({ to: '/namespaces/$namespace/schedules/$scheduleId', params: { namespace, scheduleId } });
  };
}
