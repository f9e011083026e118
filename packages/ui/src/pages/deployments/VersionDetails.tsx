// What is known of one version: times, drainage, its task queues with their workers, metadata, who starts its workers.
import { enumWords } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deployments as texts } from '../../messages/deployments.ts';
import { PayloadCard } from '../../payloads/PayloadCard.tsx';
import { usePreferences } from '../../settings/preferences.ts';
import { Button } from '../../system/Button.tsx';
import { Facts } from '../../system/Facts.tsx';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Time } from '../../system/Time.tsx';
import list from '../run/tabs/tabs.module.css';
import { type TaskQueueType, taskQueueQuery } from '../task-queues/queries.ts';
import styles from './deployments.module.css';
import { versionQuery } from './queries.ts';
import type { ScalingGroup, VersionInfo, VersionQueue } from './types.ts';

interface Props {
  readonly namespace: string;
  readonly deployment: string;
  readonly buildId: string;
  readonly onEditMetadata: () => void;
}

export function VersionDetails({ namespace, deployment, buildId, onEditMetadata }: Props) {
  const { live } = usePreferences();
  const { data, error, isPending, refetch } = useQuery(versionQuery(namespace, deployment, buildId, live));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton lines={5} />;
  const { workerDeploymentVersionInfo: info = {}, versionTaskQueues: queues = [] } = data;
  const metadata = Object.entries(info.metadata?.entries ?? {});
  const groups = Object.entries(info.computeConfig?.scalingGroups ?? {});
  return (
    <>
      <VersionFacts info={info} />
      <h3>{texts.taskQueues}</h3>
      {queues.length === 0 ? (
        <p className="faint">{texts.noTaskQueues}</p>
      ) : (
        <TaskQueues namespace={namespace} buildId={buildId} queues={queues} />
      )}
      <div className={styles['subHead']}>
        <h3>{texts.metadata}</h3>
        <Button size="small" icon="edit" onClick={onEditMetadata}>
          {texts.editMetadata}
        </Button>
      </div>
      {metadata.length === 0 && <p className="faint">{texts.noMetadata}</p>}
      {metadata.map(([key, payload]) => (
        <PayloadCard key={key} title={key} payload={payload} namespace={namespace} />
      ))}
      <h3>{texts.compute}</h3>
      {groups.length === 0 && <p className="faint">{texts.noCompute}</p>}
      {groups.map(([name, group]) => (
        <Group key={name} namespace={namespace} name={name} group={group} />
      ))}
    </>
  );
}

function VersionFacts({ info }: { readonly info: VersionInfo }) {
  const { version } = texts;
  const drainage = enumWords(info.drainageInfo?.status, 'VERSION_DRAINAGE_STATUS');
  const time = (at: string | undefined) => at && <Time key={at} at={at} />;
  return (
    <Facts
      facts={[
        [version.created, time(info.createTime)],
        [version.currentSince, time(info.currentSinceTime)],
        [version.rampingSince, time(info.rampingSinceTime)],
        [version.percent, info.rampPercentage && `${info.rampPercentage} %`],
        [version.firstActive, time(info.firstActivationTime)],
        [version.lastCurrent, time(info.lastCurrentTime)],
        [version.lastActive, time(info.lastDeactivationTime)],
        [version.routingChanged, time(info.routingChangedTime)],
        [version.drainage, drainage],
        [version.drainageChanged, drainage !== '' && time(info.drainageInfo?.lastChangedTime)],
        [version.drainageChecked, drainage !== '' && time(info.drainageInfo?.lastCheckedTime)],
        [version.changedBy, info.lastModifierIdentity],
      ]}
    />
  );
}

interface QueuesProps {
  readonly namespace: string;
  readonly buildId: string;
  readonly queues: readonly VersionQueue[];
}

function TaskQueues({ namespace, buildId, queues }: QueuesProps) {
  const { queue: heads } = texts;
  return (
    <div className={styles['scroll']} role="region" aria-label={texts.taskQueues} tabIndex={0}>
      <table className={list['list']}>
        <thead>
          <tr>
            <th>{heads.name}</th>
            <th>{heads.type}</th>
            <th>{heads.backlog}</th>
            <th>{heads.added}</th>
            <th>{heads.dispatched}</th>
            <th>{texts.pollers}</th>
          </tr>
        </thead>
        <tbody>
          {queues.map(({ name = '', type, stats }) => {
            const kind = queueType(type);
            return (
              <tr key={`${name} ${kind}`}>
                <td>
                  <QueueLink namespace={namespace} name={name} type={kind} />
                </td>
                <td>{kind}</td>
                <td>{Number(stats?.approximateBacklogCount ?? 0).toLocaleString('en')}</td>
                <td>{(stats?.tasksAddRate ?? 0).toFixed(1)}</td>
                <td>{(stats?.tasksDispatchRate ?? 0).toFixed(1)}</td>
                <td>
                  <Pollers namespace={namespace} buildId={buildId} name={name} type={kind} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface QueueProps {
  readonly namespace: string;
  readonly name: string;
  readonly type: TaskQueueType;
}

function QueueLink({ namespace, name, type }: QueueProps) {
  return (
    <Link to="/namespaces/$namespace/task-queues/$taskQueue" params={{ namespace, taskQueue: name }} search={{ type }}>
      <u>{name}</u>
    </Link>
  );
}

interface PollersProps extends QueueProps {
  readonly buildId: string;
}

/** A queue has the pollers of all versions; these are the version's. */
function Pollers({ namespace, buildId, name, type }: PollersProps) {
  const { live } = usePreferences();
  const { data } = useQuery(taskQueueQuery(namespace, name, type, live));
  if (data === undefined) return null;
  const own = (data.pollers ?? []).filter(({ deploymentOptions }) => deploymentOptions?.buildId === buildId);
  return texts.pollerCount(own.length);
}

function queueType(type = ''): TaskQueueType {
  const name = enumWords(type, 'TASK_QUEUE_TYPE');
  return name === 'activity' || name === 'nexus' ? name : 'workflow';
}

interface GroupProps {
  readonly namespace: string;
  readonly name: string;
  readonly group: ScalingGroup;
}

function Group({ namespace, name, group: { taskQueueTypes = [], provider, scaler } }: GroupProps) {
  return (
    <>
      <Facts
        facts={[
          [texts.scalingGroup, name],
          [texts.provider, provider?.type],
          [texts.scaler, scaler?.type],
          [texts.types, taskQueueTypes.map((type) => enumWords(type, 'TASK_QUEUE_TYPE')).join(', ')],
        ]}
      />
      {provider?.details && <PayloadCard title={texts.provider} payload={provider.details} namespace={namespace} />}
      {scaler?.details && <PayloadCard title={texts.scaler} payload={scaler.details} namespace={namespace} />}
    </>
  );
}
