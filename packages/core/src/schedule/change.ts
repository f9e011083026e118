// What users ask of a schedule: to be created, replaced, paused, triggered, backfilled. Requests are validated and their
// specs canonical; a request that is repeated changes nothing.
//
// What was due before a request is dealt with before it, by the rules that held then.

import { failedPrecondition } from '@perdure/api';
import type { BackfillRequest, SchedulePatch, TriggerImmediatelyRequest } from '@perdure/api/schedule';
import { SECOND_MS } from '../time/wall-clock.ts';
import { advanceSchedule, advanceToNow, withoutDueTimes } from './advance.ts';
import { nextBackfillId } from './backfill.ts';
import { settleBuffer } from './buffer.ts';
import type { ScheduleTransition } from './evolve.ts';
import { BACKFILLS_MAX, type Definition, type Schedule, StartOrigin, timesOf } from './state.ts';

export interface ScheduleCreation {
  readonly definition: Definition;
  readonly memo: Uint8Array;
  readonly searchAttributes: Uint8Array;
  readonly requestId: string;
  /** Tells the jitter of schedules with the same spec apart. */
  readonly jitterSeed: string;
  readonly patch: SchedulePatch | undefined;
}

export interface ScheduleReplacement {
  readonly definition: Definition;
  /** Undefined: as it was, like the search attributes. */
  readonly memo: Uint8Array | undefined;
  readonly searchAttributes: Uint8Array | undefined;
  readonly requestId: string;
  /** Undefined: whatever has changed meanwhile. */
  readonly conflictToken: number | undefined;
}

/** @throws INVALID_ARGUMENT: its next time cannot be found */
export function createSchedule(tx: ScheduleTransition, creation: ScheduleCreation): void {
  const { definition, memo, searchAttributes, requestId, jitterSeed, patch } = creation;
  const nextMs = timesOf(definition.spec).next(tx.nowMs, jitterSeed)?.nextMs ?? 0;
  tx.note({ created: { definition, memo, searchAttributes, requestId, jitterSeed, atMs: tx.nowMs, nextMs } });
  if (patch !== undefined) applyPatch(tx, patch);
}

/** @throws FAILED_PRECONDITION: it has changed since the client looked at it; INVALID_ARGUMENT as for a new one */
export function updateSchedule(tx: ScheduleTransition, replacement: ScheduleReplacement): void {
  const { definition, memo, searchAttributes, requestId, conflictToken } = replacement;
  if (isRepeated(tx.state, requestId)) return;
  if (conflictToken !== undefined && conflictToken !== tx.state.conflictToken) {
    throw failedPrecondition('mismatched conflict token');
  }
  timesOf(definition.spec).next(tx.nowMs, tx.state.jitterSeed);
  advanceToNow(tx);
  const times = withoutDueTimes({ ...tx.state, definition }, tx.nowMs);
  tx.note({ updated: { definition, memo, searchAttributes, atMs: tx.nowMs, ...times } });
  settleBuffer(tx);
  noteRequest(tx, requestId);
}

/** @throws FAILED_PRECONDITION: too many backfills are under way */
export function patchSchedule(tx: ScheduleTransition, patch: SchedulePatch, requestId: string): void {
  if (isRepeated(tx.state, requestId)) return;
  advanceSchedule(tx);
  applyPatch(tx, patch);
  noteRequest(tx, requestId);
}

function applyPatch(tx: ScheduleTransition, patch: SchedulePatch): void {
  const { triggerImmediately, backfillRequest, pause, unpause } = patch;
  if (tx.state.backfills.length + backfillRequest.length > BACKFILLS_MAX) {
    throw failedPrecondition('too many concurrent backfillers');
  }
  if (triggerImmediately !== undefined) trigger(tx, triggerImmediately);
  for (const request of backfillRequest) addBackfill(tx, request);
  if (pause !== '') setPaused(tx, true, pause);
  if (unpause !== '') setPaused(tx, false, unpause);
}

/** Triggers of the same second are told apart: their workflow ids would be the same. */
function trigger(tx: ScheduleTransition, { overlapPolicy, scheduledTime }: TriggerImmediatelyRequest): void {
  const nominalMs = scheduledTime ?? tx.nowMs;
  let copy = 0;
  if (scheduledTime === undefined) {
    tx.note({ triggerRequested: { secondMs: Math.floor(nominalMs / SECOND_MS) * SECOND_MS } });
    copy = tx.state.triggerCount - 1;
  }
  const id = tx.state.lastStartId + 1;
  const origin = StartOrigin.TRIGGER;
  settleBuffer(tx, [{ id, nominalMs, dueMs: tx.nowMs, overlapPolicy, origin, copy }]);
}

function addBackfill(tx: ScheduleTransition, { startTime = 0, endTime = 0, overlapPolicy }: BackfillRequest): void {
  if (endTime < startTime) return;
  const id = nextBackfillId(tx.state);
  tx.note({ backfillRequested: { backfill: { id, startMs: startTime, endMs: endTime, overlapPolicy } } });
}

/** Times that come while it is paused do not matter. */
export function setPaused(tx: ScheduleTransition, paused: boolean, notes: string): void {
  const { doneMs, nextMs, definition } = tx.state;
  const times = definition.state.paused && !paused ? withoutDueTimes(tx.state, tx.nowMs) : { doneMs, nextMs };
  tx.note({ pauseChanged: { paused, notes, ...times } });
}

function isRepeated({ createRequestId, requestIds }: Schedule, requestId: string): boolean {
  return requestId !== '' && (requestIds.includes(requestId) || createRequestId === requestId);
}

function noteRequest(tx: ScheduleTransition, requestId: string): void {
  if (requestId !== '') tx.note({ requestSeen: { requestId } });
}
