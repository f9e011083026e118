// What it has started lately, and what became of it.
import { parseTimestamp } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WorkflowExecutionInfo } from '../../api/types.ts';
import { schedules } from '../../messages/schedules.ts';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { WorkflowStatus } from '../../system/Status.tsx';
import { Duration, Time } from '../../system/Time.tsx';
import { Card } from './Card.tsx';
import { scheduledRunsQuery, startedBy } from './queries.ts';
import { RunLink } from './RunLink.tsx';
import styles from './schedules.module.css';

interface Props {
  readonly namespace: string;
  readonly scheduleId: string;
  readonly live: boolean;
}

const texts = schedules.page;

export function RunsCard({ namespace, scheduleId, live }: Props) {
  const { data, error, isPending, refetch } = useQuery(scheduledRunsQuery(namespace, scheduleId, live));
  const runs = data?.executions ?? [];
  return (
    <Card
      title={texts.runs}
      extra={
        <Link
          to="/namespaces/$namespace/workflows"
          params={{ namespace }}
          search={{ query: startedBy(scheduleId) }}
          className="soft"
        >
          {texts.allRuns} →
        </Link>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton />}
      {data && runs.length === 0 && <p className="soft">{texts.noRuns}</p>}
      <div>
        {runs.map((run) => (
          <Run key={run.execution?.runId} namespace={namespace} run={run} />
        ))}
      </div>
    </Card>
  );
}

function Run({ namespace, run }: { readonly namespace: string; readonly run: WorkflowExecutionInfo }) {
  return (
    <div className={styles['run']}>
      <span>
        <WorkflowStatus status={run.status} />
      </span>
      <span className="ellipsis">
        <RunLink namespace={namespace} execution={run.execution} />
      </span>
      <span className="soft">
        <Time at={run.startTime} />
      </span>
      <span className="faint">
        <Duration fromMs={parseTimestamp(run.startTime)} toMs={parseTimestamp(run.closeTime)} />
      </span>
    </div>
  );
}
