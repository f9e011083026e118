// The cards of `workflow describe` that every run has, open or closed.

import { durationWords, failureSummary, type Payload, parseTimestamp } from '@perdure/ui-core';
import type { Output } from '../../output/output.ts';
import { enumText, payloadText, plainText } from '../../output/texts.ts';
import type { Callback, Description, VersioningInfo } from './description.ts';

export async function infoCards(out: Output, namespace: string, description: Description): Promise<void> {
  const { workflowExecutionInfo: info = {}, executionConfig } = description;
  await out.card('Execution Info', executionRows(out, namespace, description));
  await out.card('Extended Execution Info', extendedRows(out, description));
  const { pauseInfo } = description.workflowExtendedInfo ?? {};
  if (pauseInfo !== undefined) {
    await out.card('Pause Info', [
      ['Identity', pauseInfo.identity],
      ['Reason', pauseInfo.reason],
      ['PausedTime', out.time(pauseInfo.pausedTime)],
    ]);
  }
  const { summary, details } = executionConfig?.userMetadata ?? {};
  await out.card('Metadata', [
    ['StaticSummary', summary && plainText(summary)],
    ['StaticDetails', details && plainText(details)],
  ]);
  if (info.versioningInfo !== undefined) await out.card('Versioning Info', versioningRows(info.versioningInfo));
}

function executionRows(out: Output, namespace: string, { workflowExecutionInfo: info = {} }: Description) {
  const { execution, type, parentExecution: parent, rootExecution: root, priority } = info;
  return [
    ['WorkflowId', execution?.workflowId],
    ['RunId', execution?.runId],
    ['Type', type?.name],
    ['Status', out.status(enumText('WORKFLOW_EXECUTION_STATUS', info.status))],
    ['Namespace', namespace],
    ['TaskQueue', info.taskQueue],
    ['AssignedBuildId', info.assignedBuildId],
    ['StartTime', out.time(info.startTime)],
    ['CloseTime', out.time(info.closeTime)],
    ['RunTime', runTime(out, info.startTime, info.closeTime)],
    ['ExecutionTime', info.executionTime === info.startTime ? '' : out.time(info.executionTime)],
    ['Memo', fieldsText(info.memo?.fields)],
    ['SearchAttributes', fieldsText(info.searchAttributes?.indexedFields)],
    ['StateTransitionCount', info.stateTransitionCount],
    ['HistoryLength', info.historyLength],
    ['HistorySize', info.historySizeBytes],
    ['ParentWorkflowId', parent?.workflowId],
    ['ParentRunId', parent?.runId],
    ...(root?.runId === execution?.runId
      ? []
      : ([
          ['RootWorkflowId', root?.workflowId],
          ['RootRunId', root?.runId],
        ] as const)),
    ['PriorityKey', priority?.priorityKey],
    ['FairnessKey', priority?.fairnessKey],
    ['FairnessWeight', priority?.fairnessWeight],
  ] as const;
}

function runTime(out: Output, startTime: string | undefined, closeTime: string | undefined): string {
  const startMs = parseTimestamp(startTime);
  return startMs === undefined ? '' : durationWords(Math.max(0, (parseTimestamp(closeTime) ?? out.now()) - startMs));
}

function fieldsText(fields: Readonly<Record<string, Payload>> = {}): string {
  return Object.entries(fields)
    .map(([name, payload]) => `${name}: ${payloadText(payload)}`)
    .join('\n');
}

function extendedRows(out: Output, { workflowExtendedInfo: info = {} }: Description) {
  return [
    ['CancelRequested', info.cancelRequested === true ? 'true' : ''],
    ['ExecutionExpirationTime', out.time(info.executionExpirationTime)],
    ['RunExpirationTime', out.time(info.runExpirationTime)],
    ['LastResetTime', out.time(info.lastResetTime)],
    ['OriginalStartTime', info.lastResetTime === undefined ? '' : out.time(info.originalStartTime)],
    ['ResetRunId', info.resetRunId],
  ] as const;
}

function versioningRows(info: VersioningInfo) {
  const { versioningOverride: override } = info;
  // Older servers have only `deployment.build`.
  const [, oldName, oldBuildId] = /^([^.]*)\.(.*)$/.exec(info.version ?? '') ?? [];
  const { pinned, oneTime, autoUpgrade } = override ?? {};
  const overrideBehavior = pinned ? 'Pinned' : oneTime ? 'OneTime' : autoUpgrade ? 'AutoUpgrade' : '';
  return [
    ['Behavior', enumText('VERSIONING_BEHAVIOR', info.behavior)],
    ['DeploymentName', info.deploymentVersion?.deploymentName ?? oldName],
    ['BuildId', info.deploymentVersion?.buildId ?? oldBuildId],
    ['OverrideBehavior', overrideBehavior],
    ['OverridePinnedVersionDeploymentName', pinned?.version?.deploymentName],
    ['OverridePinnedVersionBuildId', pinned?.version?.buildId],
    ['OverrideTargetVersionDeploymentName', oneTime?.targetDeploymentVersion?.deploymentName],
    ['OverrideTargetVersionBuildId', oneTime?.targetDeploymentVersion?.buildId],
    ['TransitionVersionDeploymentName', info.versionTransition?.deploymentVersion?.deploymentName],
    ['TransitionVersionBuildId', info.versionTransition?.deploymentVersion?.buildId],
  ] as const;
}

export async function callbackTable(out: Output, callbacks: readonly Callback[]): Promise<void> {
  if (callbacks.length === 0) return;
  const names = ['URL', 'State', 'Attempt', 'RegistrationTime', 'NextAttempt', 'LastFailure'];
  const rows = callbacks.map((one) => [
    one.callback?.nexus?.url ?? '',
    enumText('CALLBACK_STATE', one.state),
    String(one.attempt ?? 0),
    out.time(one.registrationTime),
    out.time(one.nextAttemptScheduleTime),
    failureSummary(one.lastAttemptFailure) || (one.blockedReason ?? ''),
  ]);
  await out.table(`Callbacks: ${callbacks.length}`, names, rows);
}
