// Reading a stretch of history: from memory when it is there, otherwise from the store. Only durable events.

import type { Store } from '@perdure/store';
import { cutHistory, frames, type HistorySlice } from './history-tail.ts';
import type { Run } from './run.ts';

export interface HistoryPage {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly eventsMax: number;
  readonly bytesMax: number;
}

export function readHistory(store: Store, run: Run, page: HistoryPage): HistorySlice | Promise<HistorySlice> {
  const to = Math.min(page.to, run.committedNextEventId);
  const first = run.history.firstEventId;
  if (first !== undefined && first <= page.from) {
    return cutHistory(run.history.covering(page.from, to), page.from, to, page.eventsMax, page.bytesMax);
  }
  return readStored(store, run.key, { ...page, to });
}

async function readStored(store: Store, run: number, page: HistoryPage): Promise<HistorySlice> {
  const toEventId = Math.min(page.to, page.from + page.eventsMax);
  const rows = await store.readHistory({ run, fromEventId: page.from, toEventId, maxBytes: page.bytesMax });
  const chunks = rows.map(({ firstEventId, eventCount, publicBytes }) => ({
    firstEventId,
    eventCount,
    bytes: publicBytes,
  }));
  return cutHistory(chunks, page.from, page.to, page.eventsMax, page.bytesMax);
}

/** Newest first: events with id < `before`, at most `eventsMax`. Returns them as one encoded History. */
export async function readHistoryReverse(
  store: Store,
  run: Run,
  before: number,
  eventsMax: number,
  bytesMax: number,
): Promise<{ readonly events: Uint8Array[]; readonly nextBefore: number }> {
  const from = Math.max(1, before - eventsMax);
  const rows = await store.readHistory({
    run: run.key,
    fromEventId: from,
    toEventId: before,
    maxBytes: bytesMax,
    reverse: true,
  });
  const events: Uint8Array[] = [];
  let next = before;
  let size = 0;
  for (const row of rows) {
    const all = frames(row.publicBytes);
    for (let i = all.length - 1; i >= 0; i--) {
      const id = row.firstEventId + i;
      const frame = all[i] as Uint8Array;
      if (id >= next || id < from) continue;
      if (size > 0 && size + frame.length > bytesMax) return { events, nextBefore: next };
      events.push(frame);
      size += frame.length;
      next = id;
    }
  }
  return { events, nextBefore: next };
}
