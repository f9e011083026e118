// What clocks show in a time zone, as the platform knows it, and when they show it.

const DAY_MS = 86_400_000;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** @throws {RangeError} there is no such zone */
function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const numeric = 'numeric';
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** What a clock there shows, as if it were UTC, in epoch milliseconds. */
export function localOf(ms: number, zone: string): number {
  const wholeMs = Math.floor(ms / 1000) * 1000;
  if (zone === 'UTC') return ms;
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of clockOf(zone).formatToParts(wholeMs)) parts[type] = value;
  const [hours, minutes, seconds] = [Number(parts.hour), Number(parts.minute), Number(parts.second)];
  const days = dayNumber(Number(parts.year), Number(parts.month), Number(parts.day));
  return days * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000 + (ms - wholeMs);
}

/** Of a zone at a moment: positive in the east. */
export function offsetMs(ms: number, zone: string): number {
  return localOf(ms, zone) - ms;
}

/**
 * When a clock there shows that. Of two such moments the earlier one; a time that clocks skip is taken as if they had
 * not been changed yet.
 */
export function instantOf(localMs: number, zone: string): number {
  const before = offsetMs(localMs - DAY_MS, zone);
  const after = offsetMs(localMs + DAY_MS, zone);
  const fits = [before, after].find((offset) => offsetMs(localMs - offset, zone) === offset);
  return localMs - (fits ?? before);
}

/** A day of the Gregorian calendar. */
export interface LocalDate {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
}

/** Days since 1970-01-01. A month after 12 or before 1 is one of another year. */
export function dayNumber(year: number, month: number, day: number): number {
  // Years that begin in March, so that the day that may be missing is the last.
  const months = year * 12 + (month - 3);
  const marchYear = Math.floor(months / 12);
  const leaps = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const daysBefore = Math.floor((153 * (months - marchYear * 12) + 2) / 5);
  return marchYear * 365 + leaps + daysBefore + day - 1 - 719_468;
}

/** The day of a moment that `localOf` gave. */
export function dateOf(localMs: number): LocalDate {
  const day = Math.floor(localMs / DAY_MS);
  let year = 1970 + Math.floor(day / 365.2425);
  while (dayNumber(year, 1, 1) > day) year -= 1;
  while (dayNumber(year + 1, 1, 1) <= day) year += 1;
  let month = 12;
  while (dayNumber(year, month, 1) > day) month -= 1;
  return { year, month, day: day - dayNumber(year, month, 1) + 1 };
}
