// Backfills: all times of a stretch, as if they were due now. They enter the buffer page by page, while there is room.

import type { Backfill } from '../../generated/schedule-journal.js';
import { settleBuffer } from './buffer.ts';
import type { ScheduleTransition } from './evolve.ts';
import { BUFFER_MAX, type PendingStart, type Schedule, StartOrigin, timesBetween } from './state.ts';

/** Times that one transition takes from a backfill. */
export const BACKFILL_PAGE = 100;
/** The rest of the buffer is for what comes by itself. */
const BACKFILL_BUFFER_MAX = BUFFER_MAX / 2;

export function hasRoomForBackfill({ backfills, buffer }: Schedule): boolean {
  return backfills.length > 0 && buffer.length < BACKFILL_BUFFER_MAX;
}

/** Takes one page of the oldest backfill. */
export function advanceBackfills(tx: ScheduleTransition): void {
  const [backfill] = tx.state.backfills;
  if (backfill === undefined || !hasRoomForBackfill(tx.state)) return;
  const { id, startMs, endMs, overlapPolicy } = backfill;
  const limit = Math.min(BACKFILL_PAGE, BACKFILL_BUFFER_MAX - tx.state.buffer.length);
  const { lastStartId } = tx.state;
  const { times, reachedMs } = timesBetween(tx.state, startMs, endMs, limit);
  const added: PendingStart[] = times.map(({ nominalMs, nextMs }, i) => ({
    ...{ id: lastStartId + 1 + i, nominalMs, dueMs: nextMs, overlapPolicy, origin: StartOrigin.BACKFILL, copy: 0 },
  }));
  const lastMs = reachedMs ?? (times.length < limit ? endMs : (times.at(-1)?.nominalMs ?? endMs));
  tx.note({ backfillAdvanced: { id, startMs: lastMs + 1 } });
  if (added.length > 0) settleBuffer(tx, added);
}

/** The newest backfill has the highest id. */
export function nextBackfillId({ backfills }: Schedule): number {
  return backfills.reduce((last: number, { id }: Backfill) => Math.max(last, id), 0) + 1;
}
