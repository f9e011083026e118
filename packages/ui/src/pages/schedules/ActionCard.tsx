// The workflow that it starts.
import { durationTextOf, type Payload, payloadsOf } from '@perdure/ui-core';
import { Link } from '@tanstack/react-router';
import { schedules } from '../../messages/schedules.ts';
import { PayloadCard, PayloadList } from '../../payloads/PayloadCard.tsx';
import { Facts } from '../../system/Facts.tsx';
import type { NewWorkflow, RetryPolicy } from '../start/workflow-form.ts';
import { Card } from './Card.tsx';
import type { ScheduleDescription } from './types.ts';

interface Props {
  readonly namespace: string;
  readonly action: NewWorkflow;
}

const texts = schedules.page;

export function ActionCard({ namespace, action }: Props) {
  const taskQueue = action.taskQueue?.name ?? '';
  return (
    <Card title={texts.action}>
      <Facts
        facts={[
          [texts.type, action.workflowType?.name],
          [
            texts.taskQueue,
            <Link key="queue" to="/namespaces/$namespace/task-queues/$taskQueue" params={{ namespace, taskQueue }}>
              {taskQueue}
            </Link>,
          ],
          [
            texts.workflowId,
            <span key="id" className="mono" title={texts.workflowIdHelp}>
              {action.workflowId}
            </span>,
          ],
          [texts.executionTimeout, durationTextOf(action.workflowExecutionTimeout)],
          [texts.runTimeout, durationTextOf(action.workflowRunTimeout)],
          [texts.taskTimeout, durationTextOf(action.workflowTaskTimeout)],
          [texts.retry, action.retryPolicy && retryWords(action.retryPolicy)],
        ]}
      />
      <PayloadList title={texts.input} namespace={namespace} payloads={payloadsOf(action.input)} />
      <Named
        title={texts.userMetadata}
        namespace={namespace}
        fields={named({
          [texts.summary]: action.userMetadata?.summary,
          [texts.details]: action.userMetadata?.details,
        })}
      />
      <Named title={texts.memo} namespace={namespace} fields={action.memo?.fields} />
      <Named title={texts.searchAttributes} namespace={namespace} fields={action.searchAttributes?.indexedFields} />
    </Card>
  );
}

interface OwnProps {
  readonly namespace: string;
  readonly description: ScheduleDescription;
}

/** What the schedule itself carries; nothing is shown if that is nothing. */
export function OwnCard({ namespace, description }: OwnProps) {
  const { memo: { fields = {} } = {}, searchAttributes: { indexedFields = {} } = {} } = description;
  if (Object.keys(fields).length + Object.keys(indexedFields).length === 0) return null;
  return (
    <Card title={texts.own}>
      <Named title={texts.memo} namespace={namespace} fields={fields} />
      <Named title={texts.searchAttributes} namespace={namespace} fields={indexedFields} />
    </Card>
  );
}

function named(fields: Readonly<Record<string, Payload | undefined>>): Readonly<Record<string, Payload>> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Payload] => entry[1] !== undefined),
  );
}

interface NamedProps {
  readonly title: string;
  readonly namespace: string;
  readonly fields: Readonly<Record<string, Payload>> | undefined;
}

function Named({ title, namespace, fields }: NamedProps) {
  const entries = Object.entries(fields ?? {});
  if (entries.length === 0) return null;
  return (
    <section style={{ display: 'grid', gap: 6, minWidth: 0 }}>
      <h3>{title}</h3>
      {entries.map(([name, payload]) => (
        <PayloadCard key={name} title={name} namespace={namespace} payload={payload} />
      ))}
    </section>
  );
}

function retryWords({ initialInterval, backoffCoefficient, maximumInterval, maximumAttempts }: RetryPolicy): string {
  return [
    maximumAttempts ? texts.attempts(maximumAttempts) : texts.attemptsUnlimited,
    ...(initialInterval ? [texts.firstAfter(durationTextOf(initialInterval))] : []),
    ...(backoffCoefficient ? [`× ${backoffCoefficient}`] : []),
    ...(maximumInterval ? [texts.atMost(durationTextOf(maximumInterval))] : []),
  ].join(', ');
}
