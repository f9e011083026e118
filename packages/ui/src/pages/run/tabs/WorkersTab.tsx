// Who polls the run's task queue.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { run } from '../../../messages/run.ts';
import { ErrorNotice, Notice } from '../../../system/Notice.tsx';
import { Time } from '../../../system/Time.tsx';
import type { RunKey } from '../history.ts';
import { pollersQuery, type RunDescription } from '../queries.ts';
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
          <Pollers title={texts.workflow} namespace={namespace} taskQueue={taskQueue} type="WORKFLOW" />
          <Pollers title={texts.activity} namespace={namespace} taskQueue={taskQueue} type="ACTIVITY" />
        </div>
      )}
    </div>
  );
}

interface PollersProps {
  readonly title: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly type: 'WORKFLOW' | 'ACTIVITY';
}

export function Pollers({ title, namespace, taskQueue, type }: PollersProps) {
  const { data, error, isPending } = useQuery(pollersQuery(namespace, taskQueue, type));
  const pollers = data?.pollers ?? [];
  return (
    <section className={styles['panel']}>
      <h3>{title}</h3>
      {error && <ErrorNotice error={error} />}
      {!isPending && !error && pollers.length === 0 && <Notice kind="warning">{texts.none}</Notice>}
      {pollers.length > 0 && (
        <table className={styles['list']}>
          <thead>
            <tr>
              <th>{texts.identity}</th>
              <th>{texts.seen}</th>
              <th>{texts.build}</th>
            </tr>
          </thead>
          <tbody>
            {pollers.map(({ identity, lastAccessTime, workerVersionCapabilities }) => (
              <tr key={identity}>
                <td className="mono">{identity}</td>
                <td>
                  <Time at={lastAccessTime} />
                </td>
                <td className="mono">{workerVersionCapabilities?.buildId}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
