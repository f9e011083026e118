// When clocks on a wall show what a calendar asks for. Local times, as if they were UTC, in epoch milliseconds.
import { dateOf, dayNumber } from '../axis/zone.ts';
import { isEvery, type StructuredCalendar, valuesOfField, YEAR_MAX } from './spec.ts';

export interface LocalCalendar {
  /** Each in order. */
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** undefined: all. */
  readonly years: ReadonlySet<number> | undefined;
}

const DAY_MS = 86_400_000;
/** 1970-01-01 */
const THURSDAY = 4;

export function localCalendar(spec: StructuredCalendar): LocalCalendar {
  return {
    seconds: valuesOfField('second', spec.second),
    minutes: valuesOfField('minute', spec.minute),
    hours: valuesOfField('hour', spec.hour),
    daysOfMonth: new Set(valuesOfField('dayOfMonth', spec.dayOfMonth)),
    daysOfWeek: new Set(valuesOfField('dayOfWeek', spec.dayOfWeek)),
    months: new Set(valuesOfField('month', spec.month)),
    years: isEvery('year', spec.year) ? undefined : new Set(valuesOfField('year', spec.year)),
  };
}

export function calendarMatches(calendar: LocalCalendar, localMs: number): boolean {
  return nextLocal(calendar, localMs) === localMs;
}

/** The first matching time from that one on, in whole seconds; undefined: there is none. */
export function nextLocal(calendar: LocalCalendar, fromMs: number): number | undefined {
  const today = Math.floor(fromMs / DAY_MS);
  const rest = isMatchingDay(calendar, today)
    ? nextSecondOfDay(calendar, Math.ceil((fromMs % DAY_MS) / 1000))
    : undefined;
  if (rest !== undefined) return today * DAY_MS + rest * 1000;
  const day = nextDay(calendar, today + 1);
  const first = nextSecondOfDay(calendar, 0);
  return day === undefined || first === undefined ? undefined : day * DAY_MS + first * 1000;
}

function isMatchingDay(calendar: LocalCalendar, day: number): boolean {
  const { year, month, day: dayOfMonth } = dateOf(day * DAY_MS);
  const { years, months, daysOfMonth, daysOfWeek } = calendar;
  return (
    year <= YEAR_MAX &&
    (years?.has(year) ?? true) &&
    months.has(month) &&
    daysOfMonth.has(dayOfMonth) &&
    daysOfWeek.has((day + THURSDAY) % 7)
  );
}

/** Month by month, and through the days only of months that match. */
function nextDay(calendar: LocalCalendar, from: number): number | undefined {
  let { year, month } = dateOf(from * DAY_MS);
  for (; year <= YEAR_MAX; [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1]) {
    if (!calendar.months.has(month) || calendar.years?.has(year) === false) continue;
    const end = dayNumber(year, month + 1, 1);
    for (let day = Math.max(from, dayNumber(year, month, 1)); day < end; day++) {
      if (isMatchingDay(calendar, day)) return day;
    }
  }
  return undefined;
}

/** Seconds since midnight. */
function nextSecondOfDay({ hours, minutes, seconds }: LocalCalendar, from: number): number | undefined {
  const [first, firstMinute] = [seconds[0], minutes[0]];
  if (first === undefined || firstMinute === undefined) return undefined;
  const [hour, minute, second] = [Math.floor(from / 3600), Math.floor(from / 60) % 60, from % 60];
  if (hours.includes(hour)) {
    const inMinute = minutes.includes(minute) ? seconds.find((each) => each >= second) : undefined;
    if (inMinute !== undefined) return hour * 3600 + minute * 60 + inMinute;
    const inHour = minutes.find((each) => each > minute);
    if (inHour !== undefined) return hour * 3600 + inHour * 60 + first;
  }
  const inDay = hours.find((each) => each > hour);
  return inDay === undefined ? undefined : inDay * 3600 + firstMinute * 60 + first;
}
