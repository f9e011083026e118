// What an open run waits for, the most telling first: what stops it altogether, what fails, what runs, what is only a
// matter of time.
import type { WorkflowDescription } from '../groups/description.ts';
import type { EventGroups } from '../groups/event-groups.ts';
import { type EventGroup, isOpen } from '../groups/group.ts';
import { attributesOf } from '../history/event.ts';
import { parseTimestamp } from '../time/timestamp.ts';
import type { Cause, OpenCause, TaskQueueKind } from './cause.ts';
import type { TaskQueuePollers } from './explain.ts';

export interface OpenRun {
  readonly description: WorkflowDescription;
  readonly groups: EventGroups;
  readonly nowMs: number;
  readonly pollers: readonly TaskQueuePollers[];
}

export function openCauses(run: OpenRun): Cause[] {
  const pending = run.groups.groups.filter(isOpen);
  const causes = [...paused(run), ...delayedStart(run), ...workflowTask(run), ...groupCauses(run, pending)];
  return causes.length > 0 ? causes : [cause({ kind: 'message' })];
}

/** What a run was waiting for when it was closed from outside. */
export function abandonedCauses(groups: EventGroups): Cause[] {
  const abandoned = groups.groups.filter(({ status, kind }) => status === 'abandoned' && kind !== 'workflowTask');
  return groupCauses({ description: {}, groups, nowMs: 0, pollers: [] }, abandoned);
}

function cause(one: OpenCause, causes: readonly Cause[] = []): Cause {
  return { ...one, causes };
}

function paused({ description }: OpenRun): Cause[] {
  const pause = description.workflowExtendedInfo?.pauseInfo;
  if (pause === undefined) return [];
  const { identity = '', reason = '', pausedTime } = pause;
  return [cause({ kind: 'paused', identity, reason, sinceMs: parseTimestamp(pausedTime) })];
}

function delayedStart({ description, nowMs }: OpenRun): Cause[] {
  const untilMs = parseTimestamp(description.workflowExecutionInfo?.executionTime);
  const isWaiting = untilMs !== undefined && untilMs > nowMs && description.pendingWorkflowTask === undefined;
  return isWaiting ? [cause({ kind: 'delayedStart', untilMs })] : [];
}

/** A task in hand is no reason to wait unless it fails, or nobody takes it. */
function workflowTask(run: OpenRun): Cause[] {
  const { pendingWorkflowTask: task, workflowExecutionInfo: info } = run.description;
  if (task === undefined) return [];
  const { attempt = 1, startedTime, scheduledTime, originalScheduledTime } = task;
  const taskQueue = info?.taskQueue ?? '';
  const starving = startedTime === undefined ? noPollers(run, taskQueue, 'workflow') : [];
  if (attempt > 1) {
    const sinceMs = parseTimestamp(originalScheduledTime ?? scheduledTime);
    return [cause({ kind: 'workflowTaskFailing', attempt, sinceMs, ...lastTaskFailure(run.groups) }, starving)];
  }
  const state = startedTime === undefined ? 'queued' : 'running';
  const sinceMs = parseTimestamp(startedTime ?? scheduledTime);
  return [cause({ kind: 'workflowTask', state, taskQueue, sinceMs }, starving)];
}

/** Only the first failure of a task is in the history; the later ones are like it, or the workers' logs know. */
function lastTaskFailure({ groups }: EventGroups) {
  const failed = groups.findLast(
    ({ kind, events }) => kind === 'workflowTask' && events.length > 0 && closedBadly(events),
  );
  const end = failed?.events.at(-1);
  const { cause: why = '', timeoutType, failure } = end === undefined ? {} : attributesOf(end);
  return { cause: why || (timeoutType ?? ''), failure };
}

function closedBadly(events: EventGroup['events']): boolean {
  return /_(FAILED|TIMED_OUT)$/.test(events.at(-1)?.eventType ?? '');
}

function noPollers({ pollers }: OpenRun, taskQueue: string, taskQueueKind: TaskQueueKind): Cause[] {
  const known = pollers.find((queue) => queue.taskQueue === taskQueue && queue.taskQueueKind === taskQueueKind);
  return known?.count === 0 ? [cause({ kind: 'noPollers', taskQueue, taskQueueKind })] : [];
}

/** What fails comes before what works, and what will happen by itself comes last. */
function groupCauses(run: OpenRun, pending: readonly EventGroup[]): Cause[] {
  return pending
    .map((group, at) => ({ group, at, rank: rank(group) }))
    .sort((a, b) => a.rank - b.rank || dueMs(a.group) - dueMs(b.group) || a.at - b.at)
    .flatMap(({ group }) => groupCause(run, group) ?? []);
}

const KIND_ORDER: readonly EventGroup['kind'][] = [
  'activity',
  'nexusOperation',
  'child',
  'update',
  'externalSignal',
  'externalCancel',
  'timer',
];

function rank({ kind, status, attempt }: EventGroup): number {
  const isTroubled = attempt > 1 || status === 'backingOff' || status === 'paused';
  return isTroubled ? 0 : 1 + KIND_ORDER.indexOf(kind);
}

function dueMs(group: EventGroup): number {
  return group.dueMs ?? Number.MAX_SAFE_INTEGER;
}

function groupCause(run: OpenRun, group: EventGroup): Cause | undefined {
  const { kind, execution } = group;
  if (kind === 'activity') return activityCause(run, group);
  if (kind === 'timer' || kind === 'update') return cause({ kind, group });
  if (kind === 'child' && execution) return cause({ kind, group, follow: execution });
  if (kind === 'nexusOperation') {
    const id = String(group.firstEventId);
    const operations = run.description.pendingNexusOperations ?? [];
    const blockedReason = operations.find(({ scheduledEventId }) => scheduledEventId === id)?.blockedReason ?? '';
    return cause({ kind, group, blockedReason });
  }
  if ((kind === 'externalSignal' || kind === 'externalCancel') && execution) {
    return cause({ kind: 'external', group, follow: execution });
  }
  return undefined;
}

function activityCause(run: OpenRun, group: EventGroup): Cause {
  const pending = run.description.pendingActivities?.find(({ activityId }) => activityId === group.instance);
  const starving = group.status === 'scheduled' ? noPollers(run, group.taskQueue, 'activity') : [];
  return cause({ kind: 'activity', group, workerIdentity: pending?.lastWorkerIdentity ?? '' }, starving);
}
