// Cron strings of schedules: 5 fields, 6 (with a year) or 7 (with a second before them), `@daily` and its like,
// `@every 8h/15m`; before them `CRON_TZ=Europe/Berlin `, after them `# a comment`.
import { durationJson, parseDurationText } from '../time/duration-text.ts';
import { FieldError, parseRanges } from './ranges-text.ts';
import type { CalendarField, IntervalSpec, StructuredCalendar } from './spec.ts';

export interface CronSchedule {
  /** undefined: it names none. */
  readonly timezoneName?: string;
  readonly calendar?: StructuredCalendar;
  readonly interval?: IntervalSpec;
}

const SHORTHANDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const ZONE = /^(?:CRON_)?TZ=(\S*)(?:\s+|$)/;
const FIELDS: readonly CalendarField[] = ['second', 'minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek', 'year'];

/** @throws {FieldError} */
export function parseCron(text: string): CronSchedule {
  const [before = '', ...comments] = text.split('#');
  const zone = ZONE.exec(before.trim());
  const schedule = before.trim().slice(zone?.[0].length ?? 0);
  const timezone = zone?.[1] ? { timezoneName: zone[1] } : {};
  if (schedule.startsWith('@every')) return { ...timezone, interval: everyOf(schedule) };
  const comment = comments.join('#').trim();
  return { ...timezone, calendar: { ...calendarOf(schedule), ...(comment === '' ? {} : { comment }) } };
}

function calendarOf(schedule: string): StructuredCalendar {
  const texts = (SHORTHANDS[schedule] ?? schedule).split(/\s+/).filter((field) => field !== '');
  if (texts.length < 5 || texts.length > 7) {
    throw new FieldError('Cron has 5 fields: minute, hour, day of the month, month, day of the week');
  }
  const all = texts.length === 7 ? texts : ['0', ...texts];
  return Object.fromEntries(FIELDS.map((field, at) => [field, parseRanges(field, all[at] ?? '*')]));
}

function everyOf(schedule: string): IntervalSpec {
  const [interval = '', phase] = schedule.slice('@every'.length).split('/');
  const [intervalMs, phaseMs] = [parseDurationText(interval), phase === undefined ? 0 : parseDurationText(phase)];
  if (!interval.startsWith(' ') || intervalMs === undefined || phaseMs === undefined) {
    throw new FieldError('@every is followed by a duration: "@every 8h", or "@every 8h/15m" with a shift');
  }
  return { interval: durationJson(intervalMs), ...(phaseMs === 0 ? {} : { phase: durationJson(phaseMs) }) };
}
