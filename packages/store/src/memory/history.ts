// Cutting the part of a journal that holds a range of history events.
import type { HistoryRange, JournalRow } from '../contract.ts';

/** The rows of `journal` that hold events of the range, within its byte limit. */
export function sliceHistory(journal: readonly JournalRow[], range: HistoryRange): JournalRow[] {
  const found: JournalRow[] = [];
  if (range.fromEventId >= range.toEventId) return found;
  let bytes = 0;
  // Both ends grow with seq, so the range is one contiguous piece, in which rows without events are passed over.
  const start = partitionPoint(journal, (row) => row.firstEventId + row.eventCount <= range.fromEventId);
  const end = partitionPoint(journal, (row) => row.firstEventId < range.toEventId);
  for (let i = 0; i < end - start; i++) {
    const row = journal[range.reverse === true ? end - 1 - i : start + i] as JournalRow;
    if (row.eventCount === 0) continue;
    bytes += row.publicBytes.length;
    if (bytes > range.maxBytes && found.length > 0) break;
    found.push(row);
  }
  return found;
}

/** The number of leading rows for which `isBefore` holds; it holds for none after the first for which it does not. */
function partitionPoint(journal: readonly JournalRow[], isBefore: (row: JournalRow) => boolean): number {
  let low = 0;
  let high = journal.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(journal[middle] as JournalRow)) low = middle + 1;
    else high = middle;
  }
  return low;
}
