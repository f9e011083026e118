// What an open run has pending, as `workflow describe` shows it.

import { payloadsOf } from '@perdure/ui-core';
import type { Output, Row } from '../../output/output.ts';
import { enumText } from '../../output/texts.ts';
import { payloadsText } from './closing.ts';
import type { Description } from './description.ts';
import { failureText } from './failure-text.ts';

type Item<Field extends keyof Description> =
  NonNullable<Description[Field]> extends readonly (infer One)[] ? One : never;

export async function pendingTables(out: Output, description: Description): Promise<void> {
  const { pendingActivities: activities = [], pendingChildren: children = [] } = description;
  const { pendingNexusOperations: operations = [], pendingWorkflowTask: task } = description;
  if (task !== undefined) {
    await out.card('Pending Workflow Task', [
      ['State', enumText('PENDING_WORKFLOW_TASK_STATE', task.state)],
      ['Attempt', task.attempt],
      ['ScheduledTime', out.time(task.scheduledTime)],
      ['StartedTime', out.time(task.startedTime)],
    ]);
  }
  await cards(out, 'Pending Activities', activities, (one) => activityRows(out, one));
  await cards(out, 'Pending Child Workflows', children, childRows);
  await cards(out, 'Pending Nexus Operations', operations, (one) => operationRows(out, one));
}

async function cards<One>(
  out: Output,
  heading: string,
  items: readonly One[],
  rowsOf: (item: One) => readonly Row[],
): Promise<void> {
  if (!out.isText) {
    for (const item of items) await out.card(heading, rowsOf(item));
    return;
  }
  await out.line(out.paint('heading', `${heading}: ${items.length}`));
  for (const [at, item] of items.entries()) {
    if (at > 0) await out.line();
    await out.card('', rowsOf(item));
  }
}

function activityRows(out: Output, activity: Item<'pendingActivities'>): Row[] {
  const { attempt = 1, maximumAttempts = 0, pauseInfo, scheduledTime, nextAttemptScheduleTime: next } = activity;
  return [
    ['ActivityId', activity.activityId],
    ['Type', activity.activityType?.name],
    ['State', enumText('PENDING_ACTIVITY_STATE', activity.state)],
    ['Attempt', maximumAttempts > 0 ? `${attempt} of ${maximumAttempts}` : attempt],
    ['ScheduledTime', scheduledTime === next ? '' : out.time(scheduledTime)],
    ['LastStartedTime', out.time(activity.lastStartedTime)],
    ['LastHeartbeatTime', out.time(activity.lastHeartbeatTime)],
    ['LastHeartbeatDetails', payloadsText(payloadsOf(activity.heartbeatDetails))],
    ['LastFailure', failureText(activity.lastFailure)],
    ['NextAttempt', out.time(next)],
    ['ExpirationTime', out.time(activity.expirationTime)],
    ['LastWorkerIdentity', activity.lastWorkerIdentity],
    ['PausedTime', out.time(pauseInfo?.pauseTime)],
    ['PausedBy', pauseInfo?.manual?.identity],
    ['PauseReason', pauseInfo?.manual?.reason],
  ];
}

function childRows(child: Item<'pendingChildren'>): Row[] {
  return [
    ['WorkflowId', child.workflowId],
    ['RunId', child.runId],
    ['Type', child.workflowTypeName],
    ['InitiatedEventId', child.initiatedId],
  ];
}

function operationRows(out: Output, operation: Item<'pendingNexusOperations'>): Row[] {
  const { cancellationInfo: cancellation } = operation;
  return [
    ['Endpoint', operation.endpoint],
    ['Service', operation.service],
    ['Operation', operation.operation],
    ['OperationToken', operation.operationToken],
    ['State', enumText('PENDING_NEXUS_OPERATION_STATE', operation.state)],
    ['Attempt', operation.attempt],
    ['ScheduledTime', out.time(operation.scheduledTime)],
    ['LastAttemptFailure', failureText(operation.lastAttemptFailure)],
    ['NextAttempt', out.time(operation.nextAttemptScheduleTime)],
    ['BlockedReason', operation.blockedReason],
    ['CancelationState', enumText('NEXUS_OPERATION_CANCELLATION_STATE', cancellation?.state)],
    ['CancelationAttempt', cancellation?.attempt],
    ['CancelationFailure', failureText(cancellation?.lastAttemptFailure)],
  ];
}
