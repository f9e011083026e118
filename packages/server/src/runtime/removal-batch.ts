// How much of what is over is removed in one commit: it must not keep other commits waiting.

import type { RunRow } from '@perdure/store';

/** Runs that one commit removes at most. */
export const REMOVAL_BATCH = 50;
/** And their events. */
const BATCH_EVENTS = 5000;

/** Those at the beginning that have not too many events together; at least one. */
export function firstToRemove(rows: readonly RunRow[]): readonly RunRow[] {
  let events = 0;
  const end = rows.findIndex(({ historyLength }, i) => (events += historyLength) > BATCH_EVENTS && i > 0);
  return end === -1 ? rows : rows.slice(0, end);
}
