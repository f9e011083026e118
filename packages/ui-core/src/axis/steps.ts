// The distances at which an axis has ticks, and where the next one is: at round times since a beginning, or at round
// times of the clock.
import { dateOf, dayNumber, instantOf, offsetMs } from './zone.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A distance between ticks. */
export interface Step {
  /** What it is called on a clock; within a unit, steps are the same number of it. */
  readonly unit: 'ms' | 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year';
  readonly count: number;
  /** Of months and years: the usual length. */
  readonly ms: number;
}

function steps(unit: Step['unit'], unitMs: number, counts: readonly number[]): Step[] {
  return counts.map((count) => ({ unit, count, ms: count * unitMs }));
}

const SHORT_STEPS: readonly Step[] = [
  ...steps('ms', 1, [1, 2, 5, 10, 20, 50, 100, 200, 500]),
  ...steps('second', SECOND_MS, [1, 2, 5, 10, 15, 30]),
  ...steps('minute', MINUTE_MS, [1, 2, 5, 10, 15, 30]),
  ...steps('hour', HOUR_MS, [1, 2, 3, 6, 12]),
];

const CLOCK_STEPS: readonly Step[] = [
  ...SHORT_STEPS,
  ...steps('day', DAY_MS, [1, 2, 7, 14]),
  ...steps('month', 30.44 * DAY_MS, [1, 3, 6]),
  ...steps('year', 365.25 * DAY_MS, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]),
];

const OFFSET_STEPS: readonly Step[] = [
  ...SHORT_STEPS,
  ...steps('day', DAY_MS, [1, 2, 7, 14, 28, 91, 182, 364, 728, 1820, 3640, 18_200, 36_400, 364_000]),
];

/** The smallest one that is not shorter than `ms`. */
export function stepFor(ms: number, by: 'clock' | 'offset'): Step {
  const all = by === 'clock' ? CLOCK_STEPS : OFFSET_STEPS;
  return all.find((step) => step.ms >= ms) ?? (all.at(-1) as Step);
}

/** The first multiple of the step since `beginMs` at or after `ms`. */
export function nextOffset(ms: number, step: Step, beginMs: number): number {
  return beginMs + Math.ceil((ms - beginMs) / step.ms) * step.ms;
}

/** The first round time of the clock at or after `ms`. */
export function nextOnClock(ms: number, step: Step, zone: string): number {
  if (step.unit === 'month' || step.unit === 'year') return nextMonths(ms, step, zone);
  return step.unit === 'day' ? nextDays(ms, step, zone) : nextShort(ms, step, zone);
}

/** Less than a day. Where clocks are changed, what is round afterwards counts. */
function nextShort(ms: number, step: Step, zone: string): number {
  const before = offsetMs(ms, zone);
  const next = Math.ceil((ms + before) / step.ms) * step.ms - before;
  const after = offsetMs(next, zone);
  if ((next + after) % step.ms === 0) return next;
  // The same time by the new clock, unless that clock was not in use yet.
  const sameTime = next + before - after;
  if (sameTime >= ms && offsetMs(sameTime, zone) === after) return sameTime;
  return Math.ceil((next + after) / step.ms) * step.ms - after;
}

/** Weeks begin on Mondays. */
function nextDays(ms: number, { count }: Step, zone: string): number {
  const phase = count % 7 === 0 ? MONDAY : 0;
  const day = Math.ceil((ms + offsetMs(ms, zone)) / DAY_MS);
  const first = Math.ceil((day - phase) / count) * count + phase;
  // Where clocks are changed at midnight, the day may have begun before it.
  return notBefore(ms, first, count, (at) => instantOf(at * DAY_MS, zone));
}

/** 1970-01-05 */
const MONDAY = 4;

function nextMonths(ms: number, { unit, count }: Step, zone: string): number {
  const { year, month } = dateOf(ms + offsetMs(ms, zone));
  const months = unit === 'year' ? count * 12 : count;
  const first = Math.floor((year * 12 + month - 1) / months) * months;
  return notBefore(ms, first, months, (at) => instantOf(dayNumber(0, 1 + at, 1) * DAY_MS, zone));
}

function notBefore(ms: number, first: number, count: number, instant: (at: number) => number): number {
  let at = first;
  while (instant(at) < ms) at += count;
  return instant(at);
}
