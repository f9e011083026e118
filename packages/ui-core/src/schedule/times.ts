// The next times of a schedule spec, for a spec that the server does not know yet. The server's own answer has precedence
// where there is one; a test holds the two together.
//
// A time matches if clocks on the wall of the time zone show what a calendar asks for: one that a change of the clocks
// skips never comes, one that is passed twice comes twice.
import { dayNumber, offsetMs } from '../axis/zone.ts';
import { parseDuration, parseTimestamp } from '../time/timestamp.ts';
import { calendarMatches, type LocalCalendar, localCalendar, nextLocal } from './calendar-times.ts';
import { Clock } from './clock.ts';
import { parseCron } from './cron.ts';
import { FieldError } from './ranges-text.ts';
import { type IntervalSpec, type ScheduleSpec, type StructuredCalendar, YEAR_MAX } from './spec.ts';

export interface NextTimes {
  /** Epoch ms, whole seconds, in order; a jitter comes on top. */
  readonly times: readonly number[];
  /** undefined: these are the next ones, and all that there are if they are fewer than asked for. */
  readonly problem?: string;
}

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
const END_MS = dayNumber(YEAR_MAX + 1, 1, 1) * DAY_MS;
/** A search over more excluded times than that is given up. */
const EXCLUDED_MAX = 20_000;

/** At most `count` times after that one. It never throws: what cannot be told is a problem. */
export function nextTimes(spec: ScheduleSpec, afterMs: number, count: number): NextTimes {
  try {
    return search(compiled(spec), afterMs, count);
  } catch (error) {
    if (error instanceof FieldError) return { times: [], problem: error.message };
    throw error;
  }
}

type Next = (afterMs: number) => number | undefined;

interface Compiled {
  readonly parts: readonly Next[];
  readonly clock: Clock;
  readonly exclusions: readonly LocalCalendar[];
  /** The first time that is not too early. */
  readonly startMs: number;
  readonly endMs: number;
}

function search({ parts, clock, exclusions, startMs, endMs }: Compiled, afterMs: number, count: number): NextTimes {
  const times: number[] = [];
  let excluded = 0;
  let atMs = Math.max(afterMs, Math.ceil(startMs / SECOND_MS) * SECOND_MS - SECOND_MS);
  while (times.length < count) {
    const next = earliest(parts, atMs);
    if (next === undefined || next > endMs) break;
    atMs = next;
    const isExcluded = exclusions.some((calendar) => calendarMatches(calendar, clock.localAt(next)));
    if (!isExcluded) times.push(next);
    else if (++excluded > EXCLUDED_MAX) return { times, problem: 'Too many times in turn are excluded' };
  }
  return { times };
}

function earliest(parts: readonly Next[], afterMs: number): number | undefined {
  const found = parts.map((next) => next(afterMs)).filter((ms) => ms !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** @throws {FieldError} */
function compiled(spec: ScheduleSpec): Compiled {
  const { structuredCalendar = [], cronString = [], interval = [], excludeStructuredCalendar = [] } = spec;
  if (spec.timezoneData) throw new FieldError('The schedule has a time zone of its own, which only the server knows');
  const crons = cronString.map(parseCron);
  const clock = clockOf(agreedZone(spec.timezoneName ?? '', crons));
  const calendars = [...structuredCalendar, ...crons.flatMap(({ calendar }) => calendar ?? [])];
  const intervals = [...interval, ...crons.flatMap((cron) => cron.interval ?? [])];
  return {
    parts: [...calendars.map((calendar) => nextOfCalendar(calendar, clock)), ...intervals.map(nextOfInterval)],
    clock,
    exclusions: excludeStructuredCalendar.map(localCalendar),
    startMs: parseTimestamp(spec.startTime) ?? Number.NEGATIVE_INFINITY,
    endMs: parseTimestamp(spec.endTime) ?? Number.POSITIVE_INFINITY,
  };
}

/** Cron strings that name a zone name that of the spec. */
function agreedZone(own: string, crons: readonly { readonly timezoneName?: string }[]): string {
  const [first = ''] = crons.map(({ timezoneName = '' }) => timezoneName);
  const conflicts = crons.some(({ timezoneName = '' }) => timezoneName !== first);
  if (conflicts || (first !== '' && own !== '' && own !== first))
    throw new FieldError('Time zones contradict each other');
  return first === '' ? own : first;
}

/** As the server takes names: none, `UTC` and `Local` are UTC, and offsets are no names. */
function clockOf(zone: string): Clock {
  if (zone === '' || zone === 'UTC' || zone === 'Local') return new Clock('UTC');
  try {
    if (!/^[A-Za-z]/.test(zone)) throw new RangeError(zone);
    offsetMs(0, zone);
  } catch (error) {
    if (error instanceof RangeError) throw new FieldError(`There is no time zone ${zone}`);
    throw error;
  }
  return new Clock(zone);
}

function nextOfCalendar(spec: StructuredCalendar, clock: Clock): Next {
  const calendar = localCalendar(spec);
  let [searchedFromMs, foundMs]: [number, number | undefined] = [Number.POSITIVE_INFINITY, undefined];
  return (afterMs) => {
    // What was found before is still to come: there is nothing between.
    if (afterMs >= searchedFromMs && (foundMs === undefined || afterMs < foundMs)) return foundMs;
    [searchedFromMs, foundMs] = [afterMs, nextInZone(calendar, clock, afterMs)];
    return foundMs;
  };
}

/** From one stretch of unchanged clocks to the next; over those in which nothing can match, at once. */
function nextInZone(calendar: LocalCalendar, clock: Clock, afterMs: number): number | undefined {
  let fromMs = (Math.floor(afterMs / SECOND_MS) + 1) * SECOND_MS;
  for (;;) {
    const { offset, untilMs } = clock.stretchAt(fromMs);
    const local = nextLocal(calendar, fromMs + offset);
    if (local !== undefined && local - offset < untilMs) return local - offset;
    // Clocks are never more than that ahead or behind, so that no moment before shows a matching time.
    const ahead = nextLocal(calendar, untilMs - 2 * DAY_MS);
    if (ahead === undefined) return undefined;
    fromMs = Math.max(untilMs, ahead - 2 * DAY_MS);
  }
}

/** Counted from 1970-01-01 in UTC; fractions of a second are cut off. */
function nextOfInterval({ interval, phase }: IntervalSpec): Next {
  const [intervalMs, phaseMs] = [wholeSeconds(interval), wholeSeconds(phase)];
  if (intervalMs < SECOND_MS) throw new FieldError('An interval has at least a second');
  if (phaseMs >= intervalMs) throw new FieldError('A shift is shorter than its interval');
  return (afterMs) => {
    const nextMs = (Math.floor((afterMs - phaseMs) / intervalMs) + 1) * intervalMs + phaseMs;
    return nextMs < END_MS ? nextMs : undefined;
  };
}

function wholeSeconds(duration: string | undefined): number {
  return Math.floor((parseDuration(duration) ?? 0) / SECOND_MS) * SECOND_MS;
}
