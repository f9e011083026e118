// The head of a run: id, state, facts, and in one line what it waits for or why it failed.
import {
  enumWords,
  explain,
  explanationLines,
  jsonValue,
  parseDuration,
  parseTimestamp,
  sizeWords,
} from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Suspense, useMemo } from 'react';
import type { WorkflowExecution, WorkflowExecutionInfo } from '../../api/types.ts';
import { run as texts } from '../../messages/run.ts';
import { useDecodedText } from '../../payloads/decode.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { CopyButton } from '../../system/Copy.tsx';
import { Facts } from '../../system/Facts.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { Notice } from '../../system/Notice.tsx';
import { toneVariable, WorkflowStatus, workflowStatus } from '../../system/Status.tsx';
import { Duration, Time, useNow } from '../../system/Time.tsx';
import { taskQueueQuery } from '../task-queues/queries.ts';
import { RunActions } from './actions/RunActions.tsx';
import type { HistorySnapshot, RunKey } from './history.ts';
import { isOpenRun, type RunDescription } from './queries.ts';
import { RunData } from './RunData.tsx';
import styles from './run.module.css';

const Advice = lazyPart(async () => (await import('./Advice.tsx')).Advice);

interface Props {
  readonly runKey: RunKey;
  readonly description: RunDescription;
  readonly snapshot: HistorySnapshot;
}

const words = texts.facts;
/** Lines of the explanation that are shown at once. */
const LINES_MAX = 6;

export function RunHeader({ runKey, description, snapshot }: Props) {
  const { namespace, workflowId, runId } = runKey;
  const { workflowExecutionInfo: info = {}, workflowExtendedInfo: extended } = description;
  const summary = useDecodedText(description.executionConfig?.userMetadata?.summary, namespace);
  return (
    <>
      <div className={styles['head']}>
        <div className={styles['idGroup']}>
          <WorkflowStatus status={info.status} />
          <h1 className={`${styles['id']} mono`} title={workflowId}>
            {workflowId}
          </h1>
          <CopyButton text={workflowId} what="workflow id" />
        </div>
        <RunActions runKey={runKey} description={description} />
      </div>
      {summary !== '' && <p className="soft">{summary}</p>}
      <RunFacts namespace={namespace} runId={runId} description={description} />
      {extended?.cancelRequested && isOpenRun(description) && <Notice kind="warning">{texts.cancelRequested}</Notice>}
      {extended?.pauseInfo && (
        <Notice kind="warning">
          {texts.pausedBy(extended.pauseInfo.identity ?? '', extended.pauseInfo.reason ?? '')}
        </Notice>
      )}
      {extended?.resetRunId && (
        <Notice>
          {texts.resetTo}{' '}
          <Link
            to="/namespaces/$namespace/workflows/$workflowId/$runId"
            params={{ namespace, workflowId, runId: extended.resetRunId }}
          >
            <u>{texts.openNewRun}</u>
          </Link>
        </Notice>
      )}
      <NowLine namespace={namespace} description={description} snapshot={snapshot} />
      <Suspense fallback={null}>
        <Advice runKey={runKey} description={description} snapshot={snapshot} />
      </Suspense>
      <RunData namespace={namespace} snapshot={snapshot} />
    </>
  );
}

interface FactsProps {
  readonly namespace: string;
  readonly runId: string;
  readonly description: RunDescription;
}

function RunFacts({ namespace, runId, description }: FactsProps) {
  const { workflowExecutionInfo: info = {}, executionConfig } = description;
  const { parentExecution: parent, taskQueue = '' } = info;
  const schedule = jsonValue(info.searchAttributes?.indexedFields?.['TemporalScheduledById']);
  const timeoutMs = parseDuration(executionConfig?.workflowRunTimeout);
  const version = info.versioningInfo?.deploymentVersion;
  const delayed = info.executionTime !== undefined && info.executionTime !== info.startTime;
  return (
    <Facts
      facts={[
        [words.type, info.type?.name],
        [words.started, <Time key="started" at={info.startTime} />],
        [words.delayed, delayed && <Time key="delayed" at={info.executionTime} />],
        [
          words.duration,
          <Duration
            key="duration"
            fromMs={parseTimestamp(info.executionTime ?? info.startTime)}
            toMs={parseTimestamp(info.closeTime)}
          />,
        ],
        [
          words.taskQueue,
          <Link key="queue" to="/namespaces/$namespace/task-queues/$taskQueue" params={{ namespace, taskQueue }}>
            <u>{taskQueue}</u>
          </Link>,
        ],
        [
          words.events,
          `${Number(info.historyLength ?? 0).toLocaleString('en')} · ${sizeWords(Number(info.historySizeBytes ?? 0))}`,
        ],
        [words.parent, parent?.workflowId && <ParentLink key="parent" namespace={namespace} parent={parent} />],
        [
          words.schedule,
          typeof schedule === 'string' && (
            <Link
              key="schedule"
              to="/namespaces/$namespace/schedules/$scheduleId"
              params={{ namespace, scheduleId: schedule }}
            >
              <u>{schedule}</u>
            </Link>
          ),
        ],
        [
          words.version,
          version?.buildId !== undefined && <VersionLink key="version" namespace={namespace} info={info} />,
        ],
        [words.timeout, timeoutMs ? executionConfig?.workflowRunTimeout : undefined],
        [
          words.runId,
          <span
            key="run"
            className="mono"
            style={{ display: 'inline-flex', alignItems: 'center', gap: 2, fontSize: 'var(--text-s)' }}
          >
            {runId} <CopyButton text={runId} what="run id" />
          </span>,
        ],
      ]}
    />
  );
}

interface ParentProps {
  readonly namespace: string;
  readonly parent: WorkflowExecution;
}

function ParentLink({ namespace, parent: { workflowId = '', runId = '' } }: ParentProps) {
  return (
    <Link to="/namespaces/$namespace/workflows/$workflowId/$runId" params={{ namespace, workflowId, runId }}>
      <u className="mono">{workflowId}</u>
    </Link>
  );
}

interface VersionProps {
  readonly namespace: string;
  readonly info: WorkflowExecutionInfo;
}

/** The worker deployment version that runs it, and whether it stays there. */
function VersionLink({ namespace, info: { versioningInfo = {} } }: VersionProps) {
  const { behavior, deploymentVersion: { deploymentName = '', buildId = '' } = {} } = versioningInfo;
  const behaviorWords = enumWords(behavior, 'VERSIONING_BEHAVIOR');
  return (
    <>
      <Link
        to="/namespaces/$namespace/worker-deployments/{-$deployment}"
        params={{ namespace, deployment: deploymentName }}
        hash={buildId}
      >
        <u>
          {deploymentName} {buildId}
        </u>
      </Link>
      {behaviorWords && ` (${behaviorWords})`}
    </>
  );
}

interface NowProps {
  readonly namespace: string;
  readonly description: RunDescription;
  readonly snapshot: HistorySnapshot;
}

/** "Waiting for activity ChargeCard, attempt 4 …"; of a run that failed, why. */
function NowLine({ namespace, description, snapshot }: NowProps) {
  const { workflowExecutionInfo: info = {} } = description;
  const open = isOpenRun(description);
  const now = useNow();
  const { live } = usePreferences();
  const query = taskQueueQuery(namespace, info.taskQueue ?? '', 'workflow', live);
  const { data: queue } = useQuery({ ...query, enabled: open });
  // What has ended looks the same at any time.
  const lookMs = open ? now : 0;
  const lines = useMemo(() => {
    const pollers = queue && [
      { taskQueue: info.taskQueue ?? '', taskQueueKind: 'workflow' as const, count: queue.pollers?.length ?? 0 },
    ];
    const input = { description, history: snapshot.groups, nowMs: lookMs, ...(pollers ? { pollers } : {}) };
    return explanationLines(explain(input));
  }, [description, snapshot, lookMs, queue, info.taskQueue]);
  if (info.status === 'WORKFLOW_EXECUTION_STATUS_COMPLETED' || lines.length === 0) return null;
  const { tone } = workflowStatus(info.status);
  return (
    <div className={styles['now']} style={{ '--mark': `var(${toneVariable(tone)})` } as React.CSSProperties}>
      <b>{open ? texts.now : texts.why}</b>
      <ul aria-live="polite">
        {lines.slice(0, LINES_MAX).map((line) => (
          <li key={line} style={{ paddingLeft: (line.length - line.trimStart().length) * 6 }}>
            {line.trim()}
          </li>
        ))}
      </ul>
    </div>
  );
}
