// Everything about what is selected: in plain words first, then its data, its failures, its events.
import {
  attributesOf,
  durationWords,
  type EventGroup,
  type EventLookup,
  eventDetail,
  eventIdOf,
  eventTitle,
  type Failure,
  type HistoryEvent,
  isOpen,
  kindWords,
  type PendingActivity,
  parseTimestamp,
  statusWords,
} from '@perdure/ui-core';
import { Link } from '@tanstack/react-router';
import { run as texts } from '../../../messages/run.ts';
import { FailureView } from '../../../payloads/FailureView.tsx';
import { PayloadList } from '../../../payloads/PayloadCard.tsx';
import { buttonClass } from '../../../system/Button.tsx';
import { Facts } from '../../../system/Facts.tsx';
import { Icon } from '../../../system/Icon.tsx';
import { Status } from '../../../system/Status.tsx';
import { Time, useNow } from '../../../system/Time.tsx';
import { groupTone, kindIcon } from '../body/group-look.ts';
import { ActivityActions } from './ActivityActions.tsx';
import { attributeFacts } from './attribute-facts.ts';
import { groupData } from './group-data.ts';
import styles from './inspector.module.css';

interface Props {
  readonly group: EventGroup;
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly find: EventLookup;
  readonly pending: PendingActivity | undefined;
  /** Of a file there is nothing to act on. */
  readonly readOnly: boolean;
}

export function Inspector({ group, namespace, workflowId, runId, find, pending, readOnly }: Props) {
  const tone = groupTone(group);
  const data = groupData(group);
  const failure: Failure | undefined = data.failure ?? group.lastFailure;
  return (
    <div className={styles['inspector']}>
      <header className={styles['head']}>
        <Icon name={kindIcon(group)} />
        <h2 className={styles['title']}>{group.label}</h2>
        <Status tone={tone}>{statusWords(group)}</Status>
      </header>
      <span className="faint">{kindWords(group.kind)}</span>
      <GroupFacts group={group} pending={pending} />
      {pending && !readOnly && <ActivityActions {...{ namespace, workflowId, runId, pending }} />}
      {group.execution && group.kind === 'child' && group.execution.runId !== '' && (
        <Link
          to="/namespaces/$namespace/workflows/$workflowId/$runId"
          params={{
            namespace: group.execution.namespace || namespace,
            workflowId: group.execution.workflowId,
            runId: group.execution.runId,
          }}
          className={buttonClass({})}
        >
          {texts.inspector.openChild}
        </Link>
      )}
      {data.sections.map(({ title, payloads }) => (
        <PayloadList key={title} title={title} payloads={payloads} namespace={namespace} />
      ))}
      {failure && (
        <section>
          <h3>{isOpen(group) ? texts.inspector.lastFailure : texts.inspector.failure}</h3>
          <FailureView failure={failure} />
        </section>
      )}
      <section>
        <h3>{texts.inspector.events}</h3>
        {group.events.map((event) => (
          <EventDetails key={event.eventId} event={event} find={find} />
        ))}
      </section>
    </div>
  );
}

function GroupFacts({ group, pending }: { readonly group: EventGroup; readonly pending: PendingActivity | undefined }) {
  const now = useNow();
  const words = texts.inspector;
  const { scheduledMs, startedMs, closedMs, dueMs, attempt, maximumAttempts, taskQueue } = group;
  const length = (from: number | undefined, to: number | undefined) =>
    from === undefined ? undefined : durationWords(Math.max(0, (to ?? now) - from));
  return (
    <Facts
      lines
      facts={[
        [
          words.attempts,
          attempt > 1 || (isOpen(group) && attempt > 0) ? words.ofAttempts(attempt, maximumAttempts) : undefined,
        ],
        [
          group.kind === 'timer' ? words.fires : words.due,
          dueMs !== undefined && isOpen(group) ? <Time key="due" at={dueMs} /> : undefined,
        ],
        [words.scheduled, scheduledMs !== undefined && <Time key="scheduled" at={scheduledMs} />],
        [words.started, startedMs !== undefined && <Time key="started" at={startedMs} />],
        [words.closed, closedMs !== undefined && <Time key="closed" at={closedMs} />],
        [words.queued, attempt <= 1 && startedMs !== undefined ? length(scheduledMs, startedMs) : undefined],
        [words.ran, length(startedMs, closedMs)],
        [words.total, scheduledMs !== startedMs ? length(scheduledMs, closedMs) : undefined],
        [
          words.heartbeat,
          pending?.lastHeartbeatTime && <Time key="heartbeat" at={parseTimestamp(pending.lastHeartbeatTime)} />,
        ],
        [words.worker, pending?.lastWorkerIdentity],
        ['Task queue', taskQueue],
        ['Id', group.instance],
      ]}
    />
  );
}

function EventDetails({ event, find }: { readonly event: HistoryEvent; readonly find: EventLookup }) {
  return (
    <details className={styles['event']}>
      <summary>
        <span className="faint mono">{eventIdOf(event)}</span> {eventTitle(event.eventType)}{' '}
        <span className="faint">
          <Time at={event.eventTime} />
        </span>
        <div className="soft ellipsis">{eventDetail(event, find)}</div>
      </summary>
      <Facts lines facts={attributeFacts(attributesOf(event))} />
      <details>
        <summary className="faint">{texts.inspector.raw}</summary>
        <pre className={styles['raw']}>{JSON.stringify(event, null, 2)}</pre>
      </details>
    </details>
  );
}
