// From the events of a group to the group. A pure function of them and of what is known about the run as a whole, so
// it does not matter in which order the events came.

import { summaryOf } from '../history/detail.ts';
import { attributesOf, type EventAttributes, eventIdOf, type Failure, type HistoryEvent } from '../history/event.ts';
import { eventTypeOf } from '../history/event-types.ts';
import { markerOf } from '../history/markers.ts';
import { parseDuration, parseTimestamp } from '../time/timestamp.ts';
import { durationWords } from '../time/words.ts';
import type { PendingActivity, PendingNexusOperation, WorkflowDescription } from './description.ts';
import {
  type EventGroup,
  type GroupExecution,
  type GroupKind,
  type GroupStatus,
  isOpen,
  type Segment,
} from './group.ts';
import { isRunning, pendingSegments, segment, workSegments } from './segments.ts';
import { type Membership, shapeOf } from './shapes.ts';

/** What is known about the run as a whole. */
export interface RunFacts {
  /** undefined: it is open. */
  readonly closedMs: number | undefined;
  readonly description: WorkflowDescription | undefined;
}

/** @param events by id, at least one */
export function buildGroup({ kind, id }: Membership, events: readonly HistoryEvent[], run: RunFacts): EventGroup {
  const parts = partsOf(kind, events);
  const group: Draft = { ...timesOf(kind, parts, run), ...factsOf(kind, parts), id, kind, events };
  const open = isOpen(group) && run.closedMs === undefined;
  const pending = open ? withPending(group, run.description) : group;
  return { ...pending, segments: pending.segments ?? segmentsOf(pending) };
}

/** Before its bar is cut. Only what is pending may know better how. */
type Draft = Omit<EventGroup, 'segments'> & { readonly segments?: readonly Segment[] };

interface Parts {
  readonly events: readonly HistoryEvent[];
  readonly first: HistoryEvent;
  readonly head: HistoryEvent | undefined;
  readonly started: HistoryEvent | undefined;
  readonly closing: HistoryEvent | undefined;
  readonly closedAs: GroupStatus | undefined;
}

function partsOf(kind: GroupKind, events: readonly HistoryEvent[]): Parts {
  const shape = shapeOf(kind);
  const typed = events.map((event) => ({ event, type: eventTypeOf(event.eventType) }));
  const closing = typed.findLast(({ type }) => type !== undefined && shape.closed[type] !== undefined);
  const first = events[0];
  if (first === undefined) throw new Error('a group has at least one event');
  return {
    events,
    first,
    head: typed.find(({ type }) => type === shape.head)?.event,
    started: typed.find(({ type }) => type !== undefined && type === shape.started)?.event,
    closing: closing?.event,
    closedAs: closing?.type && shape.closed[closing.type],
  };
}

type Times = Pick<EventGroup, 'status' | 'scheduledMs' | 'startedMs' | 'closedMs' | 'dueMs'>;

function timesOf(kind: GroupKind, parts: Parts, run: RunFacts): Times {
  const { first, head, started, closing } = parts;
  if (isMoment(kind)) {
    const atMs = timeOf(first);
    const status = attributesOf(first).failure === undefined ? 'completed' : 'failed';
    return { status, scheduledMs: atMs, startedMs: atMs, closedMs: atMs, dueMs: undefined };
  }
  const scheduledMs = timeOf(head ?? (kind === 'update' ? started : undefined));
  const startedMs = kind === 'workflow' ? scheduledMs : timeOf(started);
  const status = statusOf(kind, parts, run);
  const closedMs = status === 'abandoned' ? run.closedMs : timeOf(closing);
  return { status, scheduledMs, startedMs, closedMs, dueMs: kind === 'timer' ? dueMs(head) : undefined };
}

/** Signals and markers have no length. */
function isMoment(kind: GroupKind): boolean {
  return kind === 'signal' || shapeOf(kind).head === 'MARKER_RECORDED';
}

function statusOf(kind: GroupKind, { closing, closedAs, started }: Parts, run: RunFacts): GroupStatus {
  if (closing !== undefined && attributesOf(closing).outcome?.failure) return 'failed';
  if (closedAs !== undefined) return closedAs;
  if (kind === 'workflow') return 'running';
  if (run.closedMs !== undefined) return 'abandoned';
  return started === undefined ? 'scheduled' : 'running';
}

export function timeOf(event: HistoryEvent | undefined): number | undefined {
  return parseTimestamp(event?.eventTime);
}

function dueMs(timer: HistoryEvent | undefined): number | undefined {
  const startedMs = timeOf(timer);
  const lengthMs = timer && parseDuration(attributesOf(timer).startToFireTimeout);
  return startedMs === undefined || lengthMs === undefined ? undefined : startedMs + lengthMs;
}

type Facts = Omit<EventGroup, keyof Times | 'id' | 'kind' | 'events' | 'segments'>;

function factsOf(kind: GroupKind, parts: Parts): Facts {
  const { events, first, head, started, closing } = parts;
  const begin = attributesOf(head ?? started ?? first);
  const name = nameOf(kind, begin, events);
  const instance = instanceOf(kind, begin);
  return {
    firstEventId: eventIdOf(first),
    name,
    instance,
    label: (head && summaryOf(head)) ?? labelOf(kind, name, instance, begin),
    attempt: attemptOf(kind, begin, started),
    maximumAttempts: begin.retryPolicy?.maximumAttempts ?? 0,
    lastFailure: lastFailure(started, closing),
    cancelRequested: events.some(({ eventType }) => CANCEL_REQUESTS.includes(eventType ?? '')),
    taskQueue: begin.taskQueue?.name ?? '',
    execution: executionOf(kind, begin, events),
  };
}

const CANCEL_REQUESTS = [
  'EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED',
  'EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED',
  'EVENT_TYPE_NEXUS_OPERATION_CANCEL_REQUESTED',
];

function nameOf(kind: GroupKind, begin: EventAttributes, events: readonly HistoryEvent[]): string {
  const { activityType, workflowType, timerId, signalName, service, operation } = begin;
  if (kind === 'workflowTask') return 'workflow task';
  if (kind === 'update') return updateName(events);
  if (begin.markerName !== undefined) return markerOf(begin).name;
  if (kind === 'nexusOperation') return [service, operation].filter(Boolean).join('.');
  if (kind === 'externalCancel') return 'cancel';
  return activityType?.name ?? workflowType?.name ?? signalName ?? timerId ?? '';
}

function updateName(events: readonly HistoryEvent[]): string {
  const requests = events.map(attributesOf).map((a) => a.acceptedRequest ?? a.request ?? a.rejectedRequest);
  return requests.find((request) => request?.input?.name)?.input?.name ?? '';
}

function instanceOf(kind: GroupKind, begin: EventAttributes): string {
  if (kind === 'update') return begin.meta?.updateId ?? begin.request?.meta?.updateId ?? begin.protocolInstanceId ?? '';
  if (kind === 'workflow') return '';
  return begin.activityId ?? begin.workflowId ?? begin.workflowExecution?.workflowId ?? begin.timerId ?? '';
}

/** Ids that an SDK counts up tell a reader nothing. */
function labelOf(kind: GroupKind, name: string, instance: string, begin: EventAttributes): string {
  const lengthMs = parseDuration(begin.startToFireTimeout);
  if (kind === 'timer') return lengthMs === undefined ? instance : durationWords(lengthMs);
  const isTelling = instance !== '' && !/^\d+$/.test(instance) && kind !== 'update';
  return isTelling ? `${name} ${instance}`.trim() : name || instance;
}

function attemptOf(kind: GroupKind, begin: EventAttributes, started: HistoryEvent | undefined): number {
  if (kind === 'activity') return (started && attributesOf(started).attempt) ?? 1;
  return (kind === 'localActivity' ? markerOf(begin).attempt : begin.attempt) ?? 1;
}

function lastFailure(started: HistoryEvent | undefined, closing: HistoryEvent | undefined): Failure | undefined {
  const end = closing && attributesOf(closing);
  return end?.failure ?? end?.outcome?.failure ?? (started && attributesOf(started).lastFailure);
}

const WITH_EXECUTION: readonly GroupKind[] = ['child', 'externalSignal', 'externalCancel'];

function executionOf(
  kind: GroupKind,
  begin: EventAttributes,
  events: readonly HistoryEvent[],
): GroupExecution | undefined {
  if (!WITH_EXECUTION.includes(kind)) return undefined;
  const named = events.map(attributesOf).find(({ workflowExecution }) => workflowExecution?.runId);
  return {
    namespace: begin.namespace ?? '',
    workflowId: begin.workflowId ?? begin.workflowExecution?.workflowId ?? '',
    runId: named?.workflowExecution?.runId ?? '',
  };
}

/** What the server says of what is open. A history says of an activity only that it was scheduled. */
function withPending(group: Draft, description: WorkflowDescription | undefined): Draft {
  if (group.kind === 'workflow') {
    return description?.workflowExtendedInfo?.pauseInfo === undefined ? group : { ...group, status: 'paused' };
  }
  if (group.kind === 'activity') {
    const pending = description?.pendingActivities?.find(({ activityId }) => activityId === group.instance);
    return pending === undefined ? group : withPendingActivity(group, pending);
  }
  if (group.kind === 'nexusOperation') {
    const id = String(group.firstEventId);
    const pending = description?.pendingNexusOperations?.find(({ scheduledEventId }) => scheduledEventId === id);
    return pending === undefined ? group : withPendingNexusOperation(group, pending);
  }
  if (group.kind === 'child' && group.execution?.runId === '') {
    const id = String(group.firstEventId);
    const runId = description?.pendingChildren?.find(({ initiatedId }) => initiatedId === id)?.runId;
    return { ...group, execution: { ...group.execution, runId: runId ?? '' } };
  }
  return group;
}

function withPendingActivity(group: Draft, pending: PendingActivity): Draft {
  return {
    ...group,
    status: pendingStatus(pending),
    startedMs: parseTimestamp(pending.lastStartedTime) ?? group.startedMs,
    dueMs: parseTimestamp(pending.nextAttemptScheduleTime),
    attempt: pending.attempt ?? group.attempt,
    maximumAttempts: pending.maximumAttempts ?? group.maximumAttempts,
    lastFailure: pending.lastFailure ?? group.lastFailure,
    ...(group.scheduledMs !== undefined && { segments: pendingSegments(group.scheduledMs, pending) }),
  };
}

function pendingStatus({ state, nextAttemptScheduleTime }: PendingActivity): GroupStatus {
  if (isRunning(state)) return 'running';
  if (state === 'PENDING_ACTIVITY_STATE_PAUSED') return 'paused';
  return nextAttemptScheduleTime === undefined ? 'scheduled' : 'backingOff';
}

function withPendingNexusOperation(group: Draft, pending: PendingNexusOperation): Draft {
  const { state, attempt, lastAttemptFailure } = pending;
  return {
    ...group,
    status: state === 'PENDING_NEXUS_OPERATION_STATE_BACKING_OFF' ? 'backingOff' : group.status,
    dueMs: parseTimestamp(pending.nextAttemptScheduleTime),
    attempt: attempt ?? group.attempt,
    lastFailure: lastAttemptFailure ?? group.lastFailure,
  };
}

function segmentsOf(group: Draft): readonly Segment[] {
  const { kind, scheduledMs, startedMs, closedMs, attempt, status } = group;
  if (scheduledMs !== undefined && scheduledMs === closedMs && isMoment(kind)) return [];
  if (kind === 'timer') return scheduledMs === undefined ? [] : [segment('waiting', scheduledMs, closedMs)];
  if (kind === 'workflow') return scheduledMs === undefined ? [] : workflowSegments(group, scheduledMs);
  const failed = status === 'failed' || status === 'timedOut';
  return workSegments({ scheduledMs, startedMs, closedMs, attempt: kind === 'activity' ? attempt : 1, failed });
}

/** It runs from its start, but for a delay before and for the time that it was paused. */
function workflowSegments({ events, closedMs, status }: Draft, startMs: number): Segment[] {
  const delayMs = parseDuration(events.map(attributesOf)[0]?.firstWorkflowTaskBackoff) ?? 0;
  const segments = delayMs > 0 ? [segment('backingOff', startMs, startMs + delayMs)] : [];
  let from = { kind: 'running' as 'running' | 'paused', ms: startMs + delayMs };
  for (const event of events) {
    const type = eventTypeOf(event.eventType);
    const ms = timeOf(event);
    if (ms === undefined || (type !== 'WORKFLOW_EXECUTION_PAUSED' && type !== 'WORKFLOW_EXECUTION_UNPAUSED')) continue;
    segments.push(segment(from.kind, from.ms, ms));
    from = { kind: type === 'WORKFLOW_EXECUTION_PAUSED' ? 'paused' : 'running', ms };
  }
  return [...segments, segment(from.kind, from.ms, closedMs, status === 'failed' || status === 'timedOut')];
}
