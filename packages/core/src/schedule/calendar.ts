// A structured calendar, made fit for searching: each field as a table or a mask of its values. Times here are local, what
// clocks on the wall show; next-time.ts knows the time zone. No search walks: a day is found by masks of a month, a time
// of the day by tables.

import type { Range, StructuredCalendarSpec } from '@perdure/api/schedule';
import {
  DAY_MS,
  dateOfDay,
  dayOfDate,
  dayOfWeek,
  daysInMonth,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
} from '../time/wall-clock.ts';
import { YEAR_MAX } from './fields.ts';

/** The first value of a field from a value on; -1: there is none. One entry more than the field has values. */
type NextValues = Int8Array;

export interface CompiledCalendar {
  readonly second: NextValues;
  readonly minute: NextValues;
  readonly hour: NextValues;
  /** By the day of the week on which a month begins: its days that match both fields for days. Bit 0 is the first. */
  readonly daysByFirst: readonly number[];
  /** Bit 1 is January. */
  readonly months: number;
  /** undefined: all. */
  readonly years: ReadonlySet<number> | undefined;
}

const MONTH_DAYS_MAX = 31;

/** @param calendar canonical */
export function compileCalendar(calendar: StructuredCalendarSpec): CompiledCalendar {
  const daysOfMonth = mask(calendar.dayOfMonth) >>> 1;
  const daysOfWeek = mask(calendar.dayOfWeek);
  return {
    second: nextValues(calendar.second, 60),
    minute: nextValues(calendar.minute, 60),
    hour: nextValues(calendar.hour, 24),
    daysByFirst: [0, 1, 2, 3, 4, 5, 6].map((first) => daysOfMonth & daysOfWeekInMonth(daysOfWeek, first)),
    months: mask(calendar.month),
    years: calendar.year.length === 0 ? undefined : new Set(valuesOf(calendar.year)),
  };
}

/** Whether a time matches. */
export function matchesCalendar(calendar: CompiledCalendar, localMs: number): boolean {
  const day = Math.floor(localMs / DAY_MS);
  const time = Math.floor((localMs - day * DAY_MS) / SECOND_MS);
  return (
    has(calendar.second, time % 60) &&
    has(calendar.minute, Math.floor(time / 60) % 60) &&
    has(calendar.hour, Math.floor(time / 3600)) &&
    nextDay(calendar, day, day) === day
  );
}

/** The first matching time from `fromMs` on that is before `untilMs`; undefined: there is none. */
export function nextOfCalendar(calendar: CompiledCalendar, fromMs: number, untilMs: number): number | undefined {
  const today = Math.floor(fromMs / DAY_MS);
  const lastDay = Math.floor((untilMs - 1) / DAY_MS);
  const second = nextTimeOfDay(calendar, Math.ceil((fromMs - today * DAY_MS) / SECOND_MS));
  const day = nextDay(calendar, second === undefined ? today + 1 : today, lastDay);
  if (day === undefined) return undefined;
  const time = day === today ? second : nextTimeOfDay(calendar, 0);
  if (time === undefined) return undefined;
  const foundMs = day * DAY_MS + time * SECOND_MS;
  return foundMs < untilMs ? foundMs : undefined;
}

/**
 * Of a matching time: until when all times match that follow it, or not quite so long. At least a second; whole minutes,
 * hours and days if all of their times match.
 */
export function endOfMatch({ hour, minute, second }: CompiledCalendar, localMs: number): number {
  const unitMs = !isFull(second) ? SECOND_MS : !isFull(minute) ? MINUTE_MS : !isFull(hour) ? HOUR_MS : DAY_MS;
  return (Math.floor(localMs / unitMs) + 1) * unitMs;
}

/** Seconds since midnight; undefined: not on this day any more. */
function nextTimeOfDay({ hour, minute, second }: CompiledCalendar, from: number): number | undefined {
  const fromHour = Math.floor(from / 3600);
  const fromMinute = Math.floor(from / 60) % 60;
  const thisHour = has(hour, fromHour);
  const thisMinute = has(minute, fromMinute);
  if (thisHour && thisMinute) {
    const inMinute = next(second, from % 60);
    if (inMinute !== -1) return from - (from % 60) + inMinute;
  }
  const firstSecond = next(second, 0);
  if (thisHour) {
    const inHour = next(minute, thisMinute ? fromMinute + 1 : fromMinute);
    if (inHour !== -1) return fromHour * 3600 + inHour * 60 + firstSecond;
  }
  const inDay = next(hour, thisHour ? fromHour + 1 : fromHour);
  return inDay === -1 ? undefined : inDay * 3600 + next(minute, 0) * 60 + firstSecond;
}

/** The first matching day from `from` to `to`, both included. */
function nextDay({ daysByFirst, months, years }: CompiledCalendar, from: number, to: number): number | undefined {
  const date = dateOfDay(from);
  let { month, year } = date;
  let fromBits = -1 << (date.day - 1);
  while (year <= YEAR_MAX) {
    const first = dayOfDate(year, month, 1);
    if (first > to) return undefined;
    const inYear = years === undefined || years.has(year);
    if (inYear && (months & (1 << month)) !== 0) {
      const days = (daysByFirst[dayOfWeek(first)] ?? 0) & monthMask(year, month) & fromBits;
      if (days !== 0) return atMost(first + lowestBit(days), to);
    }
    fromBits = -1;
    month = inYear && month < 12 ? month + 1 : 1;
    if (month === 1) year++;
  }
  return undefined;
}

function atMost(day: number, to: number): number | undefined {
  return day <= to ? day : undefined;
}

function monthMask(year: number, month: number): number {
  return -1 >>> (32 - daysInMonth(year, month));
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function next(values: NextValues, from: number): number {
  return values[from] ?? -1;
}

function has(values: NextValues, value: number): boolean {
  return values[value] === value;
}

function isFull(values: NextValues): boolean {
  return values.every((value, i) => value === i || i === values.length - 1);
}

function* valuesOf(ranges: readonly Range[]): Iterable<number> {
  for (const { end, start, step } of ranges) {
    for (let value = start; value <= end; value += step) yield value;
  }
}

function mask(ranges: readonly Range[]): number {
  let bits = 0;
  for (const value of valuesOf(ranges)) bits |= 1 << value;
  return bits;
}

function nextValues(ranges: readonly Range[], count: number): NextValues {
  const values = new Int8Array(count + 1).fill(-1);
  for (const value of valuesOf(ranges)) values[value] = value;
  for (let i = count - 1; i >= 0; i--) values[i] = has(values, i) ? i : next(values, i + 1);
  return values;
}

/** The days of a month that begins on the day of the week `first` that are on those days of the week. */
function daysOfWeekInMonth(daysOfWeek: number, first: number): number {
  let bits = 0;
  for (let i = 0; i < MONTH_DAYS_MAX; i++) if ((daysOfWeek & (1 << ((first + i) % 7))) !== 0) bits |= 1 << i;
  return bits;
}
