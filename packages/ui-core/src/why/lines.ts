// An explanation as lines of text, each cause indented below what it explains.

import type { EventGroup, GroupExecution } from '../groups/group.ts';
import { enumWords, retryWords } from '../history/enum-words.ts';
import { failureLine, failureSummary, namesWork } from '../history/failures.ts';
import { durationWords, relativeWords } from '../time/words.ts';
import type { Cause, Explanation } from './cause.ts';

type CauseOf<Kind extends Cause['kind']> = Extract<Cause, { readonly kind: Kind }>;

export function explanationLines(explanation: Explanation): string[] {
  const { workflowType, workflowId, causes, nowMs } = explanation;
  const subject = [workflowType, workflowId].filter(Boolean).join(' ');
  return [`${subject} ${state(explanation)}`.trim(), ...causes.flatMap((cause) => causeLines(cause, nowMs, 1))];
}

function state({ status }: Explanation): string {
  if (status === 'RUNNING' || status === 'PAUSED') return `is ${status.toLowerCase()} and waits for:`;
  return status.toLowerCase().replaceAll('_', ' ');
}

function causeLines(cause: Cause, nowMs: number, depth: number): string[] {
  const text = causeText(cause, nowMs);
  const below = cause.causes.flatMap((one) => causeLines(one, nowMs, text === '' ? depth : depth + 1));
  return text === '' ? below : [`${'  '.repeat(depth)}${text}`, ...below];
}

/** One line about one cause, without those below it. Empty: they, or the status, say it all. */
export function causeText(cause: Cause, nowMs: number): string {
  switch (cause.kind) {
    case 'paused':
      return join('someone to unpause it', by(cause), since(cause.sinceMs, nowMs), cause.reason);
    case 'delayedStart':
      return `its start, ${relativeWords(cause.untilMs, nowMs)}`;
    case 'workflowTaskFailing':
      return workflowTaskFailingText(cause, nowMs);
    case 'workflowTask':
      return workflowTaskText(cause, nowMs);
    case 'noPollers':
      return `no ${cause.taskQueueKind} worker polls the task queue ${cause.taskQueue}`;
    case 'activity':
      return activityText(cause, nowMs);
    case 'timer':
      return join(`timer ${cause.group.label}`, fires(cause.group, nowMs));
    case 'child':
      return join(`child workflow ${cause.group.label}`, since(cause.group.startedMs, nowMs));
    case 'nexusOperation':
      return nexusOperationText(cause, nowMs);
    case 'update':
      return join(`update ${cause.group.label}, whose handler has not ended`, since(cause.group.startedMs, nowMs));
    case 'external':
      return `an answer of ${cause.follow.workflowId} to ${cause.group.kind === 'externalSignal' ? 'a signal' : 'a cancel request'}`;
    case 'message':
      return 'a signal or an update; nothing else is pending';
    default:
      return closedText(cause);
  }
}

function closedText(cause: Exclude<Cause, CauseOf<'activity' | 'timer'>>): string {
  switch (cause.kind) {
    case 'canceled':
      return join(cause.identity && `asked for by ${cause.identity}`, cause.reason);
    case 'terminated':
      return join(
        cause.identity && `by ${cause.identity}`,
        cause.reason,
        cause.causes.length > 0 && 'while waiting for:',
      );
    case 'continuedAsNew':
      return `goes on in run ${cause.runId}`;
    case 'timedOut':
      return cause.causes.length > 0 ? 'while waiting for:' : '';
    case 'failed':
      return join(!namesWork(cause.failure) && failureLine(cause.failure), retryWords(cause.retryState));
    case 'failure':
      return failureLine(cause.failure);
    case 'activityFailed':
      return activityFailedText(cause);
    case 'childFailed':
      return join(
        `${suspected(cause.named)}child workflow ${cause.workflowType} ${cause.follow.workflowId} ${ended(cause.group)}`,
        runWords(cause.follow),
        retryWords(cause.retryState),
      );
    case 'nexusOperationFailed':
      return `${suspected(cause.named)}Nexus operation ${cause.operation} ${ended(cause.group)}`;
    default:
      return '';
  }
}

function workflowTaskFailingText(
  { attempt, cause, failure, sinceMs }: CauseOf<'workflowTaskFailing'>,
  nowMs: number,
): string {
  const why = enumWords(enumWords(cause, 'WORKFLOW_TASK_FAILED_CAUSE'), 'TIMEOUT_TYPE');
  const text = join(`its workflow task, which keeps failing: attempt ${attempt}`, since(sinceMs, nowMs), why);
  return failure === undefined ? text : `${text}: ${failureLine(failure)}`;
}

function workflowTaskText({ state: taskState, taskQueue, sinceMs }: CauseOf<'workflowTask'>, nowMs: number): string {
  const what = taskState === 'running' ? 'a workflow worker, which has its task' : `a workflow worker of ${taskQueue}`;
  return join(what, since(sinceMs, nowMs));
}

function activityText(cause: CauseOf<'activity'>, nowMs: number): string {
  const { group } = cause;
  const text = join(`activity ${group.label}`, attempts(group), activityState(cause, nowMs));
  return group.lastFailure === undefined ? text : `${text}; last failure: ${failureSummary(group.lastFailure)}`;
}

function activityState({ group, workerIdentity }: CauseOf<'activity'>, nowMs: number): string {
  const { status, dueMs, startedMs, scheduledMs, taskQueue } = group;
  if (status === 'paused') return 'paused';
  if (status === 'running') return join('running', since(startedMs, nowMs), workerIdentity && `on ${workerIdentity}`);
  if (status === 'backingOff' && dueMs !== undefined) return `next attempt ${relativeWords(dueMs, nowMs)}`;
  // A history that nobody described says only that it was scheduled.
  if (status === 'abandoned') return '';
  return join(`not taken by a worker of ${taskQueue}`, since(scheduledMs, nowMs));
}

function nexusOperationText({ group, blockedReason }: CauseOf<'nexusOperation'>, nowMs: number): string {
  const next = group.dueMs !== undefined && `next attempt ${relativeWords(group.dueMs, nowMs)}`;
  const text = join(`Nexus operation ${group.label}`, attempts(group), next, blockedReason);
  return group.lastFailure === undefined ? text : `${text}; last failure: ${failureSummary(group.lastFailure)}`;
}

function activityFailedText({ activityType, group, retryState, named }: CauseOf<'activityFailed'>): string {
  const count = group === undefined || group.attempt === 1 ? '' : ` after ${group.attempt} attempts`;
  const label = group?.label ?? activityType;
  return join(`${suspected(named)}activity ${label} ${ended(group)}${count}`, retryWords(retryState));
}

function attempts({ attempt, maximumAttempts }: EventGroup): string {
  if (attempt === 1) return '';
  return maximumAttempts > 0 ? `attempt ${attempt} of ${maximumAttempts}` : `attempt ${attempt}`;
}

function ended(group: EventGroup | undefined): string {
  switch (group?.status) {
    case 'timedOut':
      return 'timed out';
    case 'terminated':
    case 'canceled':
      return `was ${group.status}`;
    default:
      return 'failed';
  }
}

function suspected(named: boolean): string {
  return named ? '' : 'perhaps because ';
}

function runWords({ runId }: GroupExecution): string {
  return runId && `run ${runId}`;
}

function by({ identity }: { readonly identity: string }): string {
  return identity && `paused by ${identity}`;
}

function since(ms: number | undefined, nowMs: number): string {
  return ms === undefined || ms > nowMs ? '' : `for ${durationWords(nowMs - ms)}`;
}

function fires({ dueMs, status }: EventGroup, nowMs: number): string {
  if (dueMs === undefined || status === 'abandoned') return '';
  return dueMs > nowMs ? `fires ${relativeWords(dueMs, nowMs)}` : 'due now';
}

function join(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== '' && part !== false).join(', ');
}
