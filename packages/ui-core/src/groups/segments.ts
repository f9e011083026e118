// How a group's time was spent, as far as its events and what is pending tell.
import { parseTimestamp } from '../time/timestamp.ts';
import type { PendingActivity } from './description.ts';
import type { Segment, SegmentKind } from './group.ts';

export function segment(kind: SegmentKind, fromMs: number, toMs?: number, failed = false): Segment {
  return { kind, fromMs, toMs, failed };
}

export interface Span {
  readonly scheduledMs: number | undefined;
  readonly startedMs: number | undefined;
  readonly closedMs: number | undefined;
  readonly attempt: number;
  readonly failed: boolean;
}

/** Waited, then worked. A history holds only the last attempt: what was before it is one segment. */
export function workSegments({ scheduledMs, startedMs, closedMs, attempt, failed }: Span): Segment[] {
  const segments: Segment[] = [];
  const before = attempt > 1 ? 'retrying' : 'queued';
  if (scheduledMs !== undefined) {
    segments.push(segment(before, scheduledMs, startedMs ?? closedMs, startedMs === undefined && failed));
  }
  if (startedMs !== undefined) segments.push(segment('running', startedMs, closedMs, failed));
  return segments.filter(isVisible);
}

/** Of an activity that is open, from what the server says of its attempts. */
export function pendingSegments(scheduledMs: number, pending: PendingActivity): Segment[] {
  const { state, attempt = 1 } = pending;
  const startedMs = parseTimestamp(pending.lastStartedTime);
  if (isRunning(state) && startedMs !== undefined) {
    return workSegments({ scheduledMs, startedMs, closedMs: undefined, attempt, failed: false });
  }
  const endedMs = parseTimestamp(pending.lastAttemptCompleteTime);
  const waiting = state === 'PENDING_ACTIVITY_STATE_PAUSED' ? pausedSegments : waitingSegments;
  if (endedMs === undefined) return waiting(pending, scheduledMs, undefined).filter(isVisible);
  const ended = endedAttempts({ scheduledMs, startedMs, endedMs, attempt: attempt - 1 });
  return [...ended, ...waiting(pending, endedMs, endedMs)].filter(isVisible);
}

/** What follows the attempts so far; without any, it waits in its task queue from the beginning. */
function waitingSegments(pending: PendingActivity, fromMs: number, endedMs: number | undefined): Segment[] {
  const nextMs = parseTimestamp(pending.nextAttemptScheduleTime);
  if (nextMs !== undefined) return [segment('backingOff', fromMs, nextMs)];
  if (endedMs === undefined) return [segment('queued', fromMs)];
  const queuedMs = Math.max(fromMs, parseTimestamp(pending.scheduledTime) ?? fromMs);
  return [segment('backingOff', fromMs, queuedMs), segment('queued', queuedMs)];
}

function pausedSegments(pending: PendingActivity, fromMs: number, endedMs: number | undefined): Segment[] {
  const pausedMs = Math.max(fromMs, parseTimestamp(pending.pauseInfo?.pauseTime) ?? fromMs);
  return [segment(endedMs === undefined ? 'queued' : 'backingOff', fromMs, pausedMs), segment('paused', pausedMs)];
}

interface EndedAttempts {
  readonly scheduledMs: number;
  readonly startedMs: number | undefined;
  readonly endedMs: number;
  readonly attempt: number;
}

/** Servers that forget when the last attempt began leave us one segment for all attempts. */
function endedAttempts({ scheduledMs, startedMs, endedMs, attempt }: EndedAttempts): Segment[] {
  if (startedMs === undefined || startedMs > endedMs) return [segment('retrying', scheduledMs, endedMs, true)];
  return workSegments({ scheduledMs, startedMs, closedMs: endedMs, attempt, failed: true });
}

export function isRunning(state: string | undefined): boolean {
  return [
    'PENDING_ACTIVITY_STATE_STARTED',
    'PENDING_ACTIVITY_STATE_CANCEL_REQUESTED',
    'PENDING_ACTIVITY_STATE_PAUSE_REQUESTED',
  ].includes(state ?? '');
}

/** Running attempts of no length are kept: they say that something ran. */
function isVisible({ kind, fromMs, toMs }: Segment): boolean {
  return kind === 'running' || toMs === undefined || toMs > fromMs;
}
