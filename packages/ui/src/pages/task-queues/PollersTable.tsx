// The workers that poll a task queue.
import type { TaskQueueDescription } from '../../api/types.ts';
import { run } from '../../messages/run.ts';
import { Time } from '../../system/Time.tsx';
import list from '../run/tabs/tabs.module.css';

const texts = run.workers;

export function PollersTable({ pollers }: { readonly pollers: NonNullable<TaskQueueDescription['pollers']> }) {
  return (
    <table className={list['list']}>
      <thead>
        <tr>
          <th>{texts.identity}</th>
          <th>{texts.seen}</th>
          <th>{texts.build}</th>
        </tr>
      </thead>
      <tbody>
        {pollers.map(({ identity, lastAccessTime, deploymentOptions, workerVersionCapabilities }) => (
          <tr key={identity}>
            <td className="mono">{identity}</td>
            <td>
              <Time at={lastAccessTime} />
            </td>
            <td className="mono">{deploymentOptions?.buildId || workerVersionCapabilities?.buildId}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
