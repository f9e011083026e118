// The rule for all years to come at the end of a time zone file, in the form of the TZ variable of POSIX with the
// extensions of RFC 9636: `CET-1CEST,M3.5.0,M10.5.0/3`, `<+0545>-5:45`. Offsets in it are counted to the west.

import {
  DAY_MS,
  dateOfDay,
  dayOfDate,
  dayOfWeek,
  daysInMonth,
  HOUR_MS,
  isLeapYear,
  MINUTE_MS,
  SECOND_MS,
} from './wall-clock.ts';
import type { Period } from './zone.ts';

const NAME = '(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)';
const TIME = String.raw`[+-]?\d{1,3}(?::\d{1,2}){0,2}`;
const DATE = String.raw`M\d{1,2}\.\d\.\d|J\d{1,3}|\d{1,3}`;
const CHANGES = `,(?<start>${DATE})(?:/(?<startTime>${TIME}))?,(?<end>${DATE})(?:/(?<endTime>${TIME}))?`;
const RULE = new RegExp(`^${NAME}(?<west>${TIME})(?:${NAME}(?<summerWest>${TIME})?${CHANGES})?$`, 'u');

const OFFSET_HOURS_MAX = 24;
/** A change may be up to a week away from the day that names it. */
const TIME_HOURS_MAX = 167;
const CHANGE_TIME = '2';

/** The day of a change in some year. */
type YearlyDay = (year: number) => number;

/** A change that happens every year. */
interface YearlyChange {
  readonly day: YearlyDay;
  /** After the beginning of that day, on clocks that are still set as before. */
  readonly timeMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** undefined: no such rule, or one with a summer time that does not say when it is. */
export function parseTzString(text: string): ((atMs: number) => Period) | undefined {
  const groups = RULE.exec(text)?.groups;
  const westMs = parseTime(groups?.['west'] ?? '', OFFSET_HOURS_MAX);
  if (groups === undefined || westMs === undefined) return undefined;
  const { summerWest, start: startText, startTime = CHANGE_TIME, end: endText, endTime = CHANGE_TIME } = groups;
  // A zero, not a negative one.
  const standardMs = 0 - westMs;
  if (startText === undefined) return () => ({ offsetMs: standardMs, untilMs: Infinity });
  const summerWestMs = summerWest === undefined ? westMs - HOUR_MS : parseTime(summerWest, OFFSET_HOURS_MAX);
  const start = parseDay(startText);
  const end = parseDay(endText ?? '');
  const startMs = parseTime(startTime, TIME_HOURS_MAX);
  const endMs = parseTime(endTime, TIME_HOURS_MAX);
  if (summerWestMs === undefined || !start || !end || startMs === undefined || endMs === undefined) return undefined;
  const summerMs = 0 - summerWestMs;
  // A summer time that ends when the next one starts goes on: of two changes at the same moment the start comes last.
  return periodsBetween([
    { day: end, timeMs: endMs, beforeMs: summerMs, afterMs: standardMs },
    { day: start, timeMs: startMs, beforeMs: standardMs, afterMs: summerMs },
  ]);
}

/** `-5:45` as ms. undefined: out of range. */
function parseTime(text: string, hoursMax: number): number | undefined {
  if (text === '') return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/u, '').split(':').map(Number);
  if (hours > hoursMax || minutes > 59 || seconds > 59) return undefined;
  const sumMs = hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
  return text.startsWith('-') ? -sumMs : sumMs;
}

function parseDay(text: string): YearlyDay | undefined {
  if (text.startsWith('M')) return parseWeekday(text.slice(1));
  const withoutLeapDay = text.startsWith('J');
  const number = Number(withoutLeapDay ? text.slice(1) : text);
  if (text === '' || number > 365 || (withoutLeapDay && number === 0)) return undefined;
  if (!withoutLeapDay) return (year) => dayOfDate(year, 1, 1) + number;
  return (year) => dayOfDate(year, 1, 1) + number - 1 + (isLeapYear(year) && number >= 60 ? 1 : 0);
}

/** `10.5.0`: month, week of the month (5 is the last one), day of the week. */
function parseWeekday(text: string): YearlyDay | undefined {
  const [month = 0, week = 0, weekday = 0] = text.split('.').map(Number);
  if (month < 1 || month > 12 || week < 1 || week > 5 || weekday > 6) return undefined;
  return (year) => {
    const first = dayOfDate(year, month, 1);
    const day = first + ((weekday - dayOfWeek(first) + 7) % 7) + (week - 1) * 7;
    return day < first + daysInMonth(year, month) ? day : day - 7;
  };
}

function periodsBetween(changes: readonly YearlyChange[]): (atMs: number) => Period {
  return (atMs) => {
    const { year } = dateOfDay(Math.floor(atMs / DAY_MS));
    // The changes of a year may lie in the years beside it.
    const moments = [year - 1, year, year + 1]
      .flatMap((each) => changes.map((change) => ({ ...momentOf(change, each), offsetMs: change.afterMs })))
      .sort((a, b) => a.atMs - b.atMs);
    const last = moments.findLast((moment) => moment.atMs <= atMs) ?? moments[0];
    const next = moments.find((moment) => moment.atMs > atMs);
    if (last === undefined || next === undefined) throw new RangeError('a year has two changes');
    return { offsetMs: last.offsetMs, untilMs: next.atMs };
  };
}

function momentOf({ day, timeMs, beforeMs }: YearlyChange, year: number): { readonly atMs: number } {
  return { atMs: day(year) * DAY_MS + timeMs - beforeMs };
}
