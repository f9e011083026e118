// Time passes: the times that have become due since the last one that was dealt with go into the buffer, or have been
// missed for too long. A page at a time, so that nobody waits for years that are made up for.

import { type PendingStart as Start, StartOrigin } from '../../generated/schedule-journal.js';
import { advanceBackfills } from './backfill.ts';
import { planStarts, settleBuffer } from './buffer.ts';
import type { ScheduleTransition } from './evolve.ts';
import type { ScheduledTime } from './spec.ts';
import { actsBySpec, BUFFER_MAX, type Schedule, timesBetween } from './state.ts';

/** Due times that one transition deals with. */
export const DUE_PAGE = 200;
/** Of these, before a change of what is due. */
const PAGES_MAX = 50;

/** Everything that a schedule does by itself. What may be started then is `planStarts(...).ready`. */
export function advanceSchedule(tx: ScheduleTransition): void {
  if (hasRoomForDueTimes(tx.state)) takeDueTimes(tx);
  settleBuffer(tx);
  advanceBackfills(tx);
}

/** The same, with all that is due by now: nothing of it can be made up for afterwards. */
export function advanceToNow(tx: ScheduleTransition): void {
  for (let pages = 1; pages < PAGES_MAX; pages++) takeDueTimes(tx);
  advanceSchedule(tx);
}

/** What can start now makes room by itself: nothing need be dropped for it. */
function hasRoomForDueTimes(schedule: Schedule): boolean {
  return schedule.buffer.length + DUE_PAGE <= BUFFER_MAX || planStarts(schedule).ready.length === 0;
}

function takeDueTimes(tx: ScheduleTransition): void {
  const { state, nowMs } = tx;
  if (!actsBySpec(state) || state.nextMs === 0 || state.nextMs > nowMs) return;
  const windowMs = state.definition.policies.catchupWindow ?? Number.POSITIVE_INFINITY;
  const { times, reachedMs } = timesBetween(state, state.doneMs + 1, nowMs, DUE_PAGE);
  const due = times.filter(({ nextMs }) => nextMs <= nowMs);
  const added: Start[] = [];
  let missed = 0;
  for (const { nominalMs, nextMs: dueMs } of due) {
    const id = state.lastStartId + added.length + 1;
    if (nowMs - dueMs > windowMs) missed++;
    else added.push({ id, nominalMs, dueMs, overlapPolicy: 0, origin: StartOrigin.SPEC, copy: 0 });
  }
  const searchedMs = due.length === times.length ? reachedMs : undefined;
  const doneMs = searchedMs ?? due.at(-1)?.nominalMs ?? state.doneMs;
  tx.note({ advanced: { doneMs, nextMs: wakeAfter(state, doneMs), missed } });
  if (added.length > 0) settleBuffer(tx, added);
}

/** The first time after that one; or, when the search for it is given up, where it goes on. 0: there is none. */
function wakeAfter(schedule: Schedule, afterMs: number): number {
  const { times, reachedMs } = timesBetween(schedule, afterMs + 1, Number.POSITIVE_INFINITY, 1);
  return times[0]?.nextMs ?? reachedMs ?? 0;
}

/** How far time has been dealt with, and what comes next, if all that is due by now does not matter. */
export function withoutDueTimes(schedule: Schedule, nowMs: number): Pick<Schedule, 'doneMs' | 'nextMs'> {
  const pending = pendingInJitter(schedule, nowMs);
  const doneMs = pending === undefined ? Math.max(schedule.doneMs, nowMs) : pending.nominalMs - 1;
  return { doneMs, nextMs: wakeAfter(schedule, doneMs) };
}

/** The time whose nominal time is over but not its jitter: there is one at most, for jitter ends before the next one. */
function pendingInJitter(schedule: Schedule, nowMs: number): ScheduledTime | undefined {
  const earliestMs = Math.max(schedule.doneMs, nowMs - (schedule.definition.spec.jitter ?? 0));
  // It is the latest, which is looked for by longer and longer steps back.
  for (let backMs = BACK_MIN_MS; ; backMs *= 2) {
    const fromMs = Math.max(earliestMs, nowMs - backMs);
    const { times, reachedMs } = timesBetween(schedule, fromMs + 1, nowMs, Number.POSITIVE_INFINITY);
    const latest = times.at(-1);
    if (reachedMs !== undefined) return undefined;
    if (latest !== undefined) return latest.nextMs > nowMs ? latest : undefined;
    if (fromMs === earliestMs) return undefined;
  }
}

const BACK_MIN_MS = 1000;
