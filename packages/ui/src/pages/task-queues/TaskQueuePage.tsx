// One task queue: what waits in it, how fast it moves, and who polls it.
import { parseDuration } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { places } from '../../messages/places.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { buttonClass } from '../../system/Button.tsx';
import { CopyButton } from '../../system/Copy.tsx';
import { Facts } from '../../system/Facts.tsx';
import { ErrorNotice, Notice, Skeleton } from '../../system/Notice.tsx';
import { Tabs } from '../../system/Tabs.tsx';
import { durationWords } from '../../system/time.ts';
import { PollersTable } from './PollersTable.tsx';
import { type TaskQueueType, taskQueueQuery } from './queries.ts';

const route = getRouteApi('/namespaces/$namespace/task-queues/$taskQueue');
const TYPES: readonly TaskQueueType[] = ['workflow', 'activity', 'nexus'];
const texts = places.taskQueues;

export function TaskQueuePage() {
  const { namespace, taskQueue } = route.useParams();
  const { type = 'workflow' } = route.useSearch();
  const navigate = useNavigate();
  return (
    <div className="page page-scroll">
      <Link to="/namespaces/$namespace/task-queues" params={{ namespace }} className="soft">
        ← {texts.title}
      </Link>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, flexWrap: 'wrap' }}>
        <h1 style={{ overflowWrap: 'anywhere' }}>{taskQueue}</h1>
        <CopyButton text={taskQueue} what="task queue" />
        <span style={{ flex: 1 }} />
        <Link
          to="/namespaces/$namespace/workflows"
          params={{ namespace }}
          search={{ query: `TaskQueue = "${taskQueue}" AND ExecutionStatus = "Running"` }}
          className={buttonClass({})}
        >
          {texts.showWorkflows}
        </Link>
      </div>
      <Tabs
        label={texts.title}
        tabs={TYPES.map((id) => ({ id, words: texts.types[id] }))}
        selected={type}
        onSelect={(next) =>
          void navigate({
            to: '/namespaces/$namespace/task-queues/$taskQueue',
            params: { namespace, taskQueue },
            search: { type: next },
          })
        }
      />
      <div role="tabpanel" id={`panel-${type}`} aria-labelledby={`tab-${type}`}>
        <Queue namespace={namespace} name={taskQueue} type={type} />
      </div>
    </div>
  );
}

interface QueueProps {
  readonly namespace: string;
  readonly name: string;
  readonly type: TaskQueueType;
}

function Queue({ namespace, name, type }: QueueProps) {
  const { live } = usePreferences();
  const { data, error, isPending } = useQuery(taskQueueQuery(namespace, name, type, live));
  if (error) return <ErrorNotice error={error} />;
  if (isPending) return <Skeleton />;
  const { stats = {}, pollers = [] } = data;
  const ageMs = parseDuration(stats.approximateBacklogAge) ?? 0;
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <Facts
        facts={[
          [texts.backlog, Number(stats.approximateBacklogCount ?? 0).toLocaleString('en')],
          [texts.oldest, ageMs > 0 ? durationWords(ageMs) : '–'],
          [texts.added, (stats.tasksAddRate ?? 0).toFixed(1)],
          [texts.dispatched, (stats.tasksDispatchRate ?? 0).toFixed(1)],
        ]}
      />
      {pollers.length === 0 ? <Notice kind="warning">{texts.noPollers}</Notice> : <PollersTable pollers={pollers} />}
    </div>
  );
}
