// The task queues of a namespace, as far as its workflows name them.
import { equals, withField } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { places } from '../../messages/places.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { Button } from '../../system/Button.tsx';
import { TextField } from '../../system/Field.tsx';
import { Empty, ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Status } from '../../system/Status.tsx';
import type { Column } from '../../system/table/columns.ts';
import { DataTable } from '../../system/table/DataTable.tsx';
import { totalQuery } from '../workflows/queries.ts';
import { type NamedQueue, taskQueueQuery, taskQueuesQuery } from './queries.ts';

const route = getRouteApi('/namespaces/$namespace/task-queues');
const texts = places.taskQueues;

export function TaskQueuesPage() {
  const { namespace } = route.useParams();
  const navigate = useNavigate();
  const { live } = usePreferences();
  const [typed, setTyped] = useState('');
  const { data, error, isPending, refetch } = useQuery(taskQueuesQuery(namespace, live));
  const open = (taskQueue: string) =>
    void navigate({ to: '/namespaces/$namespace/task-queues/$taskQueue', params: { namespace, taskQueue } });
  return (
    <div className="page">
      <h1>{texts.title}</h1>
      <p className="soft">{texts.help}</p>
      <form
        style={{ display: 'flex', gap: 8, maxWidth: 420 }}
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== '') open(typed);
        }}
      >
        <div style={{ flex: 1 }}>
          <TextField label={texts.name} hideLabel placeholder={texts.name} value={typed} onChange={setTyped} />
        </div>
        <Button type="submit">{texts.open}</Button>
      </form>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data?.length === 0 && <Empty icon="taskQueues" title={texts.none} />}
      {data && data.length > 0 && (
        <DataTable
          label={texts.title}
          rows={data}
          rowKey={({ name }) => name}
          columns={columns(namespace)}
          onRowClick={({ name }) => open(name)}
        />
      )}
    </div>
  );
}

function columns(namespace: string): readonly Column<NamedQueue>[] {
  return [
    {
      ...{ id: 'name', title: texts.name, width: 260, grows: true, narrow: 'first' },
      cell: ({ name }) => (
        <Link to="/namespaces/$namespace/task-queues/$taskQueue" params={{ namespace, taskQueue: name }}>
          <b>{name}</b>
        </Link>
      ),
    },
    {
      id: 'pollers',
      title: texts.types.workflow,
      width: 220,
      narrow: 'second',
      cell: ({ name }) => <PollerCount namespace={namespace} name={name} type="workflow" />,
    },
    {
      id: 'activity',
      title: texts.types.activity,
      width: 220,
      cell: ({ name }) => <PollerCount namespace={namespace} name={name} type="activity" />,
    },
    {
      id: 'workflows',
      title: texts.workflows,
      width: 120,
      align: 'end',
      cell: (queue) => <WorkflowCount namespace={namespace} queue={queue} />,
    },
  ];
}

const COUNT_FRESH_MS = 30_000;

function WorkflowCount({ namespace, queue }: { readonly namespace: string; readonly queue: NamedQueue }) {
  const { data } = useQuery({
    ...totalQuery(namespace, withField('', 'TaskQueue', equals('TaskQueue', queue.name))),
    enabled: queue.workflows === undefined,
    staleTime: COUNT_FRESH_MS,
  });
  return (queue.workflows ?? data)?.toLocaleString('en');
}

interface PollerProps {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'workflow' | 'activity';
}

function PollerCount({ namespace, name, type }: PollerProps) {
  const { live } = usePreferences();
  const { data } = useQuery(taskQueueQuery(namespace, name, type, live));
  if (data === undefined) return null;
  const count = data.pollers?.length ?? 0;
  return count === 0 ? (
    <Status tone="neutral" plain>
      {texts.noPollers}
    </Status>
  ) : (
    <Status tone="completed" plain>
      {texts.pollers(count)}
    </Status>
  );
}
