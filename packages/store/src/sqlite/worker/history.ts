// Finding the journal rows that hold a range of history events.
//
// There is no index by event id: it would cost every append. Rows of a run are numbered without gaps and their events
// ascend, so the ends of the range are found by bisection over the primary key.
import type { StatementSync } from 'node:sqlite';
import { seqMax } from '../../check.ts';
import type { HistoryRange, RunKey } from '../../contract.ts';
import type { Row } from '../codec/values.ts';

export const journalColumns = `id & ${seqMax}, first_event_id, event_count, public_bytes, private_bytes`;
const idOf = '(CAST(? AS INTEGER) << 24 | CAST(? AS INTEGER))';
const lastSql = `SELECT max(id) & ${seqMax} FROM journal WHERE id BETWEEN ${idOf} AND ${idOf}`;
const probeSql = `SELECT first_event_id, event_count FROM journal WHERE id = ${idOf}`;
const forwardSql = `SELECT ${journalColumns} FROM journal WHERE id >= ${idOf} AND id < ${idOf} AND event_count > 0 ORDER BY id`;
const reverseSql = `${forwardSql} DESC`;

type Prepare = (sql: string) => StatementSync;

export function readHistory(prepare: Prepare, range: HistoryRange): Row[] {
  const { run, fromEventId, toEventId, maxBytes } = range;
  if (fromEventId >= toEventId) return [];
  const last = numbersOf(prepare(lastSql).get(run, 0, run, seqMax))[0] ?? 0;
  const bisect = (isBefore: (firstEventId: number, eventCount: number) => boolean): number =>
    firstSeqNot(last, (seq) => isBefore(...probe(prepare, run, seq)));
  const start = fromEventId <= 1 ? 1 : bisect((firstEventId, eventCount) => firstEventId + eventCount <= fromEventId);
  const end = bisect((firstEventId) => firstEventId < toEventId);
  const rows = prepare(range.reverse === true ? reverseSql : forwardSql).iterate(run, start, run, end);
  return takeBytes(rows as unknown as Iterable<Row>, maxBytes);
}

/** Rows while their public events fit in `maxBytes`; the first one always. */
function takeBytes(rows: Iterable<Row>, maxBytes: number): Row[] {
  const taken: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += (row[3] as Uint8Array).length;
    if (bytes > maxBytes && taken.length > 0) break;
    taken.push(row);
  }
  return taken;
}

function probe(prepare: Prepare, run: RunKey, seq: number): [number, number] {
  const [firstEventId, eventCount] = numbersOf(prepare(probeSql).get(run, seq));
  if (firstEventId == null || eventCount == null) throw new Error(`the journal of run ${run} has no row ${seq}`);
  return [firstEventId, eventCount];
}

/** The first seq from 1 to `last` for which `isBefore` does not hold; `last + 1` if it holds for all. */
function firstSeqNot(last: number, isBefore: (seq: number) => boolean): number {
  let low = 1;
  let high = last + 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Statements here return arrays (`setReturnArrays`), which the declared type of `get` does not know. */
function numbersOf(row: unknown): readonly (number | null)[] {
  return (row ?? []) as readonly (number | null)[];
}
