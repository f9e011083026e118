// Time zones: how far clocks on the wall are ahead of UTC, and until when. Named zones come from the platform's own
// database (Intl), which takes microseconds for each question; so their changes are looked up once and kept. A zone
// learns them about a year at a time, for the years that somebody asks for. The table is a cache: it has no effect on
// answers, only on how long they take.

import { DAY_MS, dayOfDate, HOUR_MS, MINUTE_MS, SECOND_MS } from './wall-clock.ts';

/** How far clocks on the wall are ahead of UTC at a time, ms. */
export type Offset = (atMs: number) => number;

/** A time during which clocks are not changed. */
export interface Period {
  readonly offsetMs: number;
  /** The first moment that may have another offset; infinite if no change ever follows. */
  readonly untilMs: number;
}

export interface Zone {
  /** How far clocks on the wall are ahead of UTC at a time, ms. */
  readonly offsetAt: Offset;
  readonly periodAt: (atMs: number) => Period;
}

/** No zone has ever been ahead of or behind UTC by more (RFC 8536 allows 26 hours). */
export const OFFSET_MAX_MS = 26 * HOUR_MS;

const FOREVER: Period = { offsetMs: 0, untilMs: Infinity };
export const UTC: Zone = { offsetAt: () => 0, periodAt: () => FOREVER };

/** Zones are asked for these years only; before and after, clocks are not changed. */
const FIRST_MS = dayOfDate(1880, 1, 1) * DAY_MS;
const LAST_MS = dayOfDate(2200, 1, 1) * DAY_MS;
const BLOCK_MS = 366 * DAY_MS;
/** Two changes that undo each other are always further apart: the shortest known is a summer time of five weeks. */
const PROBE_MS = 6 * DAY_MS;

/** By names in lower case: the platform does not tell them apart, and there are only so many. */
const known = new Map<string, Zone>();

/** A zone of the IANA database; none, `UTC` and `Local` are UTC. undefined: unknown. */
export function namedZone(name: string): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC;
  const key = name.toLowerCase();
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const offset = platformOffset(name);
  if (offset === undefined) return undefined;
  const zone = tabulated(offset);
  known.set(key, zone);
  return zone;
}

/** undefined: an unknown zone. */
function platformOffset(name: string): Offset | undefined {
  // Offsets without a name are not names of zones.
  if (!/^[A-Za-z]/u.test(name)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset', hour: 'numeric' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return (atMs) => parseOffset(format.format(atMs));
}

/** Of a time that ends in `GMT`, `GMT+05:45` or, long ago, `GMT-00:44:30`. */
function parseOffset(text: string): number {
  const parts = /GMT(?<sign>[+-])(?<hours>\d\d):(?<minutes>\d\d)(?::(?<seconds>\d\d))?/u.exec(text)?.groups;
  const { sign, hours = 0, minutes = 0, seconds = 0 } = parts ?? {};
  const offsetMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return sign === '-' ? -offsetMs : offsetMs;
}

/** The zone with that offset, which is asked for each stretch of time only once. */
export function tabulated(offset: Offset): Zone {
  const blocks = new Map<number, readonly Period[]>();
  const first: Period = { offsetMs: offset(FIRST_MS), untilMs: FIRST_MS };
  const last: Period = { offsetMs: offset(LAST_MS), untilMs: Infinity };
  const periodAt = (atMs: number): Period => {
    if (atMs < FIRST_MS) return first;
    if (atMs >= LAST_MS) return last;
    const number = Math.floor(atMs / BLOCK_MS);
    let periods = blocks.get(number);
    if (periods === undefined) {
      periods = periodsOf(number * BLOCK_MS, (number + 1) * BLOCK_MS, offset);
      blocks.set(number, periods);
    }
    return periods.find(({ untilMs }) => atMs < untilMs) ?? last;
  };
  return { offsetAt: (atMs) => periodAt(atMs).offsetMs, periodAt };
}

function periodsOf(fromMs: number, toMs: number, offset: Offset): Period[] {
  const periods: Period[] = [];
  let offsetMs = offset(fromMs);
  for (let atMs = fromMs; atMs < toMs; atMs += PROBE_MS) {
    const nextMs = Math.min(atMs + PROBE_MS, toMs);
    const thenMs = offset(nextMs);
    if (thenMs === offsetMs) continue;
    periods.push({ offsetMs, untilMs: changeBetween(atMs, nextMs, offset) });
    offsetMs = thenMs;
  }
  // A change at the very end belongs to the next block, which begins with it.
  if (periods.at(-1)?.untilMs !== toMs) periods.push({ offsetMs, untilMs: toMs });
  return periods;
}

/** The first moment, in whole seconds, at which the offset is no longer what it was at `fromMs`. */
function changeBetween(fromMs: number, toMs: number, offset: Offset): number {
  const beforeMs = offset(fromMs);
  let same = Math.floor(fromMs / SECOND_MS);
  let changed = Math.ceil(toMs / SECOND_MS);
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (offset(middle * SECOND_MS) === beforeMs) same = middle;
    else changed = middle;
  }
  return changed * SECOND_MS;
}
