// Cron strings of schedules: 5 fields (minute, hour, day of month, month, day of week), 6 (and a year) or 7 (a second
// before them), `@daily` and its like, `@every 8h/15m`; before them a time zone, `CRON_TZ=Europe/Berlin `, after them a
// `# comment`. They are short for a calendar or an interval, and have the rules of these: unlike in other kinds of cron,
// a day must match both fields for days.

import { invalidArgument } from '@perdure/api';
import type { CalendarSpec, IntervalSpec, StructuredCalendarSpec } from '@perdure/api/schedule';
import { expandShorthand } from '../cron-shorthands.ts';
import { parseDuration } from '../duration.ts';
import { parseCalendar } from './field-string.ts';

interface CronString {
  /** Empty: none is named. */
  readonly timezoneName: string;
  readonly calendar?: StructuredCalendarSpec;
  readonly interval?: IntervalSpec;
}

const EVERY = '@every';

/** @throws StatusError INVALID_ARGUMENT: what is wrong */
export function parseCronString(text: string): CronString {
  const commentAt = text.indexOf('#');
  const comment = commentAt === -1 ? '' : text.slice(commentAt + 1).trim();
  const { schedule, timezoneName } = splitZone((commentAt === -1 ? text : text.slice(0, commentAt)).trim());
  if (schedule.startsWith(EVERY)) return { timezoneName, interval: parseEvery(schedule) };
  const fields = splitFields(expandShorthand(schedule));
  return { timezoneName, calendar: parseCalendar({ ...fields, comment }) };
}

function splitZone(text: string): { readonly schedule: string; readonly timezoneName: string } {
  if (!/^(?:CRON_)?TZ=/u.test(text)) return { schedule: text, timezoneName: '' };
  const [prefix = ''] = text.split(/\s/u);
  const schedule = text.slice(prefix.length).trim();
  if (schedule === '') throw invalidArgument('CronString has time zone but missing fields');
  return { schedule, timezoneName: prefix.slice(prefix.indexOf('=') + 1) };
}

function splitFields(text: string): Omit<CalendarSpec, 'comment'> {
  const fields = text.split(/\s+/u).filter((field) => field !== '');
  if (fields.length < 5 || fields.length > 7) throw invalidArgument('CronString does not have 5-7 fields');
  const second = fields.length === 7 ? (fields.shift() ?? '') : '0';
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '*'] = fields;
  return { second, minute, hour, dayOfMonth, month, dayOfWeek, year };
}

function parseEvery(text: string): IntervalSpec {
  const [interval = '', ...phase] = text.slice(EVERY.length).split('/');
  if (!/^\s+\S/u.test(interval)) throw invalidArgument('CronString does not have interval after @every');
  return {
    interval: durationOf(interval.trim()),
    phase: phase.length === 0 ? undefined : durationOf(phase.join('/').trim()),
  };
}

function durationOf(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === undefined || !Number.isFinite(durationMs)) {
    throw invalidArgument(`time: invalid duration ${JSON.stringify(text)}`);
  }
  return durationMs;
}
