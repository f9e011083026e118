// Who polls the run's task queue.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { run } from '../../../messages/run.ts';
import { usePreferences } from '../../../settings/preferences.ts';
import { ErrorNotice, Notice } from '../../../system/Notice.tsx';
import { PollersTable } from '../../task-queues/PollersTable.tsx';
import { type TaskQueueType, taskQueueQuery } from '../../task-queues/queries.ts';
import type { RunKey } from '../history.ts';
import type { RunDescription } from '../queries.ts';
import styles from './tabs.module.css';

interface Props {
  readonly runKey: RunKey;
  readonly description: RunDescription | undefined;
}

const texts = run.workers;

export function WorkersTab({ runKey: { namespace }, description }: Props) {
  const taskQueue = description?.workflowExecutionInfo?.taskQueue ?? '';
  return (
    <div className={styles['panel']}>
      <h2>
        <Link to="/namespaces/$namespace/task-queues/$taskQueue" params={{ namespace, taskQueue }}>
          {taskQueue}
        </Link>
      </h2>
      {taskQueue !== '' && (
        <div className={styles['columns']}>
          <Pollers title={texts.workflow} namespace={namespace} taskQueue={taskQueue} type="workflow" />
          <Pollers title={texts.activity} namespace={namespace} taskQueue={taskQueue} type="activity" />
        </div>
      )}
    </div>
  );
}

interface PollersProps {
  readonly title: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly type: TaskQueueType;
}

function Pollers({ title, namespace, taskQueue, type }: PollersProps) {
  const { live } = usePreferences();
  const { data, error, isPending } = useQuery(taskQueueQuery(namespace, taskQueue, type, live));
  const pollers = data?.pollers ?? [];
  return (
    <section className={styles['panel']}>
      <h3>{title}</h3>
      {error && <ErrorNotice error={error} />}
      {!isPending && !error && pollers.length === 0 && <Notice kind="warning">{texts.none}</Notice>}
      {pollers.length > 0 && <PollersTable pollers={pollers} />}
    </section>
  );
}
