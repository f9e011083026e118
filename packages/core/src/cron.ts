// Cron schedules of workflows: five fields (minute, hour, day of month, month, day of week) with names, ranges, lists and
// steps; @hourly, @daily ... and `@every 90s`; before any of them a time zone, `CRON_TZ=Europe/Berlin `. Without one, UTC.
//
// The fields are compared with what clocks on the wall show, minute by minute: a time that a change to summer time skips
// does not occur on that day, one that is passed twice occurs twice. The naive search in cron.test.ts says the same.

import { expandShorthand } from './cron-shorthands.ts';
import { parseDuration } from './duration.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type WallTime, wallTime } from './time/wall-clock.ts';
import { namedZone, type Offset } from './time/zone.ts';

/**
 * The first time of those that follow `sinceMs` that has not passed at `nowMs`; undefined: there is none within five
 * years. Epoch ms.
 */
export type Cron = (sinceMs: number, nowMs: number) => number | undefined;

/** Intervals are nanoseconds of 64 bits, in the services whose schedules these are. */
const INTERVAL_MAX_MS = 2 ** 63 / 1e6;
const YEARS_MAX = 5;

/** What is wrong with a schedule (texts that clients know), or undefined. */
export function checkCron(spec: string, nowMs: number): string | undefined {
  if (spec === '') return undefined;
  const cron = parseCron(spec);
  if (cron === undefined) return 'invalid CronSchedule.';
  if (cron(nowMs, nowMs) === undefined) return 'invalid CronSchedule, no time can be found to satisfy the schedule';
  return undefined;
}

/**
 * How long to wait for the next time, in whole seconds, as ms; undefined: there is none.
 * @param sinceMs the time that the last run was meant for: times that have passed since are left out
 */
export function cronBackoff(spec: string, sinceMs: number, nowMs: number): number | undefined {
  const cron = parseCron(spec);
  const nextMs = cron !== undefined && nowMs < sinceMs ? sinceMs : cron?.(sinceMs, nowMs);
  return nextMs === undefined ? undefined : Math.ceil((nextMs - nowMs) / SECOND_MS) * SECOND_MS;
}

/** undefined: not a schedule. */
export function parseCron(spec: string): Cron | undefined {
  const zoned = /^(?:CRON_)?TZ=(?<zone>\S*)\s(?<rest>.*)$/su.exec(spec)?.groups;
  if (zoned === undefined && /^(?:CRON_)?TZ=/u.test(spec)) return undefined;
  const zone = namedZone(zoned?.['zone'] ?? '');
  const schedule = (zoned?.['rest'] ?? spec).trim();
  if (zone === undefined) return undefined;
  if (schedule.startsWith(EVERY)) return every(schedule.slice(EVERY.length));
  const fields = parseFields(expandShorthand(schedule));
  return fields === undefined
    ? undefined
    : (sinceMs, nowMs) => search(fields, zone.offsetAt, Math.max(sinceMs, nowMs - 1));
}

const EVERY = '@every ';

/** An interval in whole seconds, at least one, counted from the time before. */
function every(text: string): Cron | undefined {
  const intervalMs = text.includes('d') ? undefined : parseDuration(text);
  if (intervalMs === undefined || intervalMs >= INTERVAL_MAX_MS) return undefined;
  const wholeMs = Math.max(1, Math.floor(intervalMs / SECOND_MS)) * SECOND_MS;
  return (sinceMs, nowMs) => {
    const fromMs = Math.floor(sinceMs / SECOND_MS) * SECOND_MS;
    return fromMs + Math.max(1, Math.ceil((nowMs - fromMs) / wholeMs)) * wholeMs;
  };
}

/** The values that a field allows. */
interface Field {
  readonly values: ReadonlySet<number>;
  /** A star without a step: it leaves the choice of the day to the other field for days. */
  readonly star: boolean;
}

interface Fields {
  readonly minute: Field;
  readonly hour: Field;
  readonly dayOfMonth: Field;
  readonly month: Field;
  readonly dayOfWeek: Field;
}

function parseFields(text: string): Fields | undefined {
  const parts = text.split(/\s+/u).filter((part) => part !== '');
  const [minutes = '', hours = '', daysOfMonth = '', months = '', daysOfWeek = ''] = parts;
  const minute = parseField(minutes, 0, 59);
  const hour = parseField(hours, 0, 23);
  const dayOfMonth = parseField(daysOfMonth, 1, 31);
  const month = parseField(months, 1, 12, MONTHS);
  const dayOfWeek = parseField(daysOfWeek, 0, 6, DAYS);
  if (parts.length !== 5 || !minute || !hour || !dayOfMonth || !month || !dayOfWeek) return undefined;
  return { minute, hour, dayOfMonth, month, dayOfWeek };
}

const MONTHS = names('jan feb mar apr may jun jul aug sep oct nov dec', 1);
const DAYS = names('sun mon tue wed thu fri sat', 0);
const NO_NAMES: ReadonlyMap<string, number> = new Map();

function names(text: string, first: number): ReadonlyMap<string, number> {
  return new Map(text.split(' ').map((name, i) => [name, first + i]));
}

/** A list of ranges, separated by commas. */
function parseField(text: string, min: number, max: number, known = NO_NAMES): Field | undefined {
  const values = new Set<number>();
  let star = false;
  for (const part of text.split(',')) {
    if (part === '') continue;
    const range = parseRange(part, min, max, known);
    if (range === undefined) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
    star ||= range.star;
  }
  return { values, star };
}

/** `*`, `5`, `2-6`, each with a step or without: `*` and `?` are the whole range, `5/10` goes on to its end. */
function parseRange(part: string, min: number, max: number, known: ReadonlyMap<string, number>) {
  const [range = '', stepText, ...moreSteps] = part.split('/');
  const [low = '', high, ...moreBounds] = range.split('-');
  const whole = low === '*' || low === '?';
  const step = stepText === undefined ? 1 : number(stepText);
  const from = whole ? min : (known.get(low.toLowerCase()) ?? number(low));
  const last = high === undefined ? from : (known.get(high.toLowerCase()) ?? number(high));
  const to = whole || (high === undefined && stepText !== undefined) ? max : last;
  if (moreSteps.length > 0 || (!whole && moreBounds.length > 0)) return undefined;
  if (step === undefined || step === 0 || from === undefined || to === undefined) return undefined;
  if (from < min || to > max || from > to) return undefined;
  return { from, to, step, star: whole && step === 1 };
}

function number(text: string): number | undefined {
  return /^\+?\d{1,9}$/u.test(text) ? Number(text) : undefined;
}

/** Goes from minute to minute, but in steps of an hour or a day while those do not match. */
function search(fields: Fields, offset: Offset, afterMs: number): number | undefined {
  let atMs = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
  const yearMax = wallTime(atMs + offset(atMs)).year + YEARS_MAX;
  for (;;) {
    const localMs = atMs + offset(atMs);
    const wall = wallTime(localMs);
    if (wall.year > yearMax) return undefined;
    if (!matchesDay(fields, wall)) atMs = advance(atMs, wall.dayMs + DAY_MS, offset);
    else if (!fields.hour.values.has(wall.hour)) {
      atMs = advance(atMs, wall.dayMs + (wall.hour + 1) * HOUR_MS, offset);
    } else if (!fields.minute.values.has(wall.minute)) atMs += MINUTE_MS;
    else return atMs;
  }
}

function matchesDay({ dayOfMonth, dayOfWeek, month }: Fields, wall: WallTime): boolean {
  if (!month.values.has(wall.month)) return false;
  const ofMonth = dayOfMonth.values.has(wall.day);
  const ofWeek = dayOfWeek.values.has(wall.dayOfWeek);
  return dayOfMonth.star || dayOfWeek.star ? ofMonth && ofWeek : ofMonth || ofWeek;
}

/** On to when the wall shows this time, or not quite: clocks may be changed in between. At least one minute. */
function advance(atMs: number, localMs: number, offset: Offset): number {
  const guessMs = localMs - offset(atMs);
  const againMs = localMs - offset(guessMs);
  return Math.max(atMs + MINUTE_MS, Math.min(guessMs, againMs));
}
