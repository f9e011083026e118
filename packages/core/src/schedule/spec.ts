// When a schedule acts: the union of the times of its calendars and intervals, without those that calendars exclude, from
// its start to its end. `canonicalSpec` brings what clients write (cron strings, calendars as text) into the one form that
// is stored and shown; `compileSpec` answers when. Pure arithmetic: nothing here knows of workflows or of the present.

import { code, invalidArgument, StatusError } from '@perdure/api';
import type { CalendarSpec, IntervalSpec, ScheduleSpec, StructuredCalendarSpec } from '@perdure/api/schedule';
import { parseTimeZoneFile } from '../time/time-zone-file.ts';
import { SECOND_MS } from '../time/wall-clock.ts';
import { namedZone, type Zone } from '../time/zone.ts';
import { byteLength } from '../workflow/checks.ts';
import { type CompiledCalendar, compileCalendar } from './calendar.ts';
import { parseCronString } from './cron-string.ts';
import { parseCalendar } from './field-string.ts';
import { FIELDS, normalRanges, rangeProblems } from './fields.ts';
import { compileInterval, intervalProblem, nextOfInterval } from './interval.ts';
import { jitterOf } from './jitter.ts';
import { endOfMatchInZone, nextInZone } from './next-time.ts';

/** A time at which a schedule acts. */
export interface ScheduledTime {
  /** The time that the spec names, in whole seconds. Epoch ms. */
  readonly nominalMs: number;
  /** When to act: the nominal time and its jitter. Epoch ms. */
  readonly nextMs: number;
}

/** All times of a spec. */
export interface CompiledSpec {
  /**
   * The first time whose nominal time is later than `afterMs` (finite); undefined: there is none.
   * @param seed what the jitter depends on, besides the nominal time: it tells schedules with the same spec apart
   * @throws SearchGivenUpError
   */
  next(afterMs: number, seed: string): ScheduledTime | undefined;
  /**
   * The first times, at most `limit`, whose nominal times are from `startMs` to `endMs`, both included.
   * @throws SearchGivenUpError
   */
  between(startMs: number, endMs: number, limit: number, seed: string): readonly ScheduledTime[];
}

/**
 * How many excluded times are looked at before a search is given up: as many as a day has seconds, so that nobody else
 * has to wait for more than a fraction of a second.
 */
export const EXCLUDED_TIMES_MAX = 24 * 3600;
/** The same for all exclusions together: each may have to be looked at for each time. */
const EXCLUSIONS_MAX = 4 * EXCLUDED_TIMES_MAX;
/** Calendars, intervals and exclusions of a spec, which are all looked at to find a time. */
const PARTS_MAX = 1000;
const COMMENT_BYTES_MAX = 200;
const TOO_MANY_EXCLUSIONS =
  'the schedule calendar specification has too many exclusions. Please modify the specification.';

/** Too many times in turn are excluded. INVALID_ARGUMENT */
export class SearchGivenUpError extends StatusError {
  /** There is no other time up to this one than those that were found. Epoch ms. */
  readonly reachedMs: number;
  readonly found: readonly ScheduledTime[];

  constructor(reachedMs: number, found: readonly ScheduledTime[]) {
    super(code.INVALID_ARGUMENT, TOO_MANY_EXCLUSIONS);
    this.reachedMs = reachedMs;
    this.found = found;
  }
}

/**
 * The spec in the form in which it is stored and shown: only structured calendars, intervals, exclusions by structured
 * calendars and a time zone, with all defaults filled in.
 * @throws StatusError INVALID_ARGUMENT: what is wrong (without the prefix `Invalid schedule spec: `)
 */
export function canonicalSpec(spec: ScheduleSpec): ScheduleSpec {
  const cronStrings = spec.cronString.map(parseCronString);
  const canonical = {
    ...spec,
    structuredCalendar: [
      ...structured(spec.structuredCalendar, spec.calendar),
      ...cronStrings.flatMap(({ calendar }) => (calendar === undefined ? [] : [canonicalCalendar(calendar)])),
    ],
    interval: [...spec.interval, ...cronStrings.flatMap(({ interval }) => interval ?? [])],
    excludeStructuredCalendar: structured(spec.excludeStructuredCalendar, spec.excludeCalendar),
    timezoneName: agreedZone(
      spec,
      cronStrings.map(({ timezoneName }) => timezoneName),
    ),
    calendar: [],
    cronString: [],
    excludeCalendar: [],
  };
  const { structuredCalendar, interval: intervals, excludeStructuredCalendar } = canonical;
  if (structuredCalendar.length + intervals.length + excludeStructuredCalendar.length > PARTS_MAX) {
    throw invalidArgument(`more than ${PARTS_MAX} calendars, intervals and exclusions`);
  }
  for (const interval of intervals) {
    const problem = intervalProblem(interval);
    if (problem !== undefined) throw invalidArgument(problem);
  }
  zoneOf(canonical);
  return canonical;
}

function structured(calendars: readonly StructuredCalendarSpec[], texts: readonly CalendarSpec[]) {
  return [...calendars, ...texts.map(parseCalendar)].map(canonicalCalendar);
}

function canonicalCalendar(calendar: StructuredCalendarSpec): StructuredCalendarSpec {
  const problems = FIELDS.flatMap((field) => rangeProblems(field, calendar[field.name]));
  if (byteLength(calendar.comment) > COMMENT_BYTES_MAX) problems.push('comment is too long');
  if (problems.length > 0) throw invalidArgument(`invalid calendar spec: ${problems.join(', ')}`);
  const canonical = { ...calendar };
  for (const field of FIELDS) canonical[field.name] = normalRanges(field, calendar[field.name]);
  return canonical;
}

/** All cron strings name the same time zone, or none does; one that they name is that of the spec. */
function agreedZone(spec: ScheduleSpec, cronZones: readonly string[]): string {
  const [cronZone = ''] = cronZones;
  const conflicts = cronZones.some((zone) => zone !== cronZone);
  const specConflicts = spec.timezoneData.length > 0 || (spec.timezoneName !== '' && spec.timezoneName !== cronZone);
  if (conflicts || (cronZone !== '' && specConflicts)) throw invalidArgument('conflicting timezone names');
  return cronZone === '' ? spec.timezoneName : cronZone;
}

/** A time zone that comes with the spec has precedence over one that is only named. */
function zoneOf({ timezoneData, timezoneName }: ScheduleSpec): Zone {
  const withData = timezoneData.length > 0;
  const zone = withData ? parseTimeZoneFile(timezoneData) : namedZone(timezoneName);
  if (zone !== undefined) return zone;
  throw invalidArgument(withData ? 'malformed time zone information' : `unknown time zone ${timezoneName}`);
}

/**
 * @param spec need not be canonical
 * @param excludedTimesMax how many excluded times are looked at before a search is given up
 * @throws StatusError INVALID_ARGUMENT, as `canonicalSpec` does
 */
export function compileSpec(spec: ScheduleSpec, excludedTimesMax = EXCLUDED_TIMES_MAX): CompiledSpec {
  const canonical = canonicalSpec(spec);
  const { startTime = -Infinity, endTime = Infinity, jitter = 0 } = canonical;
  const zone = zoneOf(canonical);
  const times: Times = {
    zone,
    parts: [...calendarParts(canonical.structuredCalendar, zone), ...canonical.interval.map(intervalPart)],
    exclusions: canonical.excludeStructuredCalendar.map(compileCalendar),
  };
  // The start itself is one of the times.
  const beforeStartMs = Math.ceil(startTime / SECOND_MS) * SECOND_MS - SECOND_MS;

  const newBudget = () => ({
    excludedTimes: Math.min(excludedTimesMax, Math.ceil(EXCLUSIONS_MAX / Math.max(1, times.exclusions.length))),
  });

  const search = (
    afterMs: number,
    untilMs: number,
    seed: string,
    budget: Budget,
    found: readonly ScheduledTime[],
  ): ScheduledTime | undefined => {
    const next = nextNominal(times, Math.max(afterMs, beforeStartMs), Math.min(untilMs, endTime), budget);
    if (next === undefined) return undefined;
    const { nominalMs } = next;
    if (next.isExcluded) throw new SearchGivenUpError(nominalMs, found);
    if (jitter <= 0) return { nominalMs, nextMs: nominalMs };
    // Whether or not it is excluded, the time that follows is not overtaken.
    const gapMs = (nextIncluded(times, nominalMs) ?? Infinity) - nominalMs;
    return { nominalMs, nextMs: nominalMs + jitterOf(nominalMs, seed, Math.min(jitter, gapMs)) };
  };

  const between = (startMs: number, endMs: number, limit: number, seed: string): readonly ScheduledTime[] => {
    const budget = newBudget();
    const found: ScheduledTime[] = [];
    for (let afterMs = startMs - 1; found.length < limit; ) {
      const time = search(afterMs, endMs, seed, budget, found);
      if (time === undefined) break;
      found.push(time);
      afterMs = time.nominalMs;
    }
    return found;
  };

  return {
    next: (afterMs, seed) => search(afterMs, Infinity, seed, newBudget(), []),
    between,
  };
}

/** How many excluded times may still be looked at to answer one question. */
interface Budget {
  excludedTimes: number;
}

/** The first time after that one, of a calendar or an interval; infinite: there is none. */
type Part = (afterMs: number) => number;

interface Times {
  readonly zone: Zone;
  readonly parts: readonly Part[];
  readonly exclusions: readonly CompiledCalendar[];
}

function calendarParts(calendars: readonly StructuredCalendarSpec[], zone: Zone): Part[] {
  return calendars.map(compileCalendar).map((calendar) => remembering((ms) => nextInZone(calendar, zone, ms)));
}

function intervalPart(spec: IntervalSpec): Part {
  const interval = compileInterval(spec);
  return (afterMs) => nextOfInterval(interval, afterMs) ?? Infinity;
}

/** A part that is not searched again before the time that it has found has come. */
function remembering(search: (afterMs: number) => number | undefined): Part {
  let fromMs = Infinity;
  let foundMs = -Infinity;
  return (afterMs) => {
    if (afterMs >= fromMs && afterMs < foundMs) return foundMs;
    foundMs = search(afterMs) ?? Infinity;
    fromMs = afterMs;
    return foundMs;
  };
}

interface NextNominal {
  readonly nominalMs: number;
  /** The budget was used up by the excluded times up to this one. */
  readonly isExcluded: boolean;
}

/** The first time after that one, not after the end, that is not excluded. */
function nextNominal(times: Times, afterMs: number, endMs: number, budget: Budget): NextNominal | undefined {
  let nominalMs = nextIncluded(times, afterMs);
  while (nominalMs !== undefined && nominalMs <= endMs) {
    const excludedUntilMs = endOfMatchInZone(times.exclusions, times.zone, nominalMs);
    if (excludedUntilMs === undefined) return { nominalMs, isExcluded: false };
    if (budget.excludedTimes === 0) return { nominalMs, isExcluded: true };
    budget.excludedTimes--;
    nominalMs = nextIncluded(times, excludedUntilMs - SECOND_MS);
  }
  return undefined;
}

/** The first time after that one, of any calendar or interval. */
function nextIncluded({ parts }: Times, afterMs: number): number | undefined {
  let firstMs = Infinity;
  for (const part of parts) firstMs = Math.min(firstMs, part(afterMs));
  return firstMs === Infinity ? undefined : firstMs;
}
