// The Gregorian calendar as arithmetic on days since 1970-01-01. Nothing here knows of time zones: "local" milliseconds
// count what clocks on a wall show, as if these were never changed.

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** What clocks on the wall show. */
export interface WallTime extends CivilDate {
  /** 0 is Sunday. */
  readonly dayOfWeek: number;
  readonly hour: number;
  readonly minute: number;
  /** The beginning of the day, local. */
  readonly dayMs: number;
}

/** From 0000-03-01: years are counted from March on, so that the day that may be missing comes last. */
const EPOCH_DAY = 719_468;
const ERA_DAYS = 146_097;
const EPOCH_DAY_OF_WEEK = 4;

export function dateOfDay(day: number): CivilDate {
  const shifted = day + EPOCH_DAY;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const yearDays = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - yearDays;
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** The number of a day; a day past the end of its month is one of the next month. */
export function dayOfDate(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const marchMonth = month <= 2 ? month + 9 : month - 3;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * ERA_DAYS + yearOfEra * 365 + leaps + dayOfYear - EPOCH_DAY;
}

/** 0 is Sunday. */
export function dayOfWeek(day: number): number {
  return (((day + EPOCH_DAY_OF_WEEK) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function wallTime(localMs: number): WallTime {
  const day = Math.floor(localMs / DAY_MS);
  const dayMs = day * DAY_MS;
  return {
    ...dateOfDay(day),
    dayOfWeek: dayOfWeek(day),
    hour: Math.floor((localMs - dayMs) / HOUR_MS),
    minute: Math.floor((localMs - dayMs) / MINUTE_MS) % 60,
    dayMs,
  };
}
