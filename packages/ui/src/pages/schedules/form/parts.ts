// The parts of a spec as a form has them: texts. What is left as it was is sent back as it was.
import {
  type CalendarField,
  durationJson,
  durationTextOf,
  FieldError,
  type IntervalSpec,
  isEvery,
  parseCron,
  parseRanges,
  type Range,
  rangesText,
  type ScheduleSpec,
  type StructuredCalendar,
} from '@perdure/ui-core';
import { durationMs } from '../../../system/problem.ts';

export interface CalendarPart {
  readonly kind: 'calendar';
  readonly key: string;
  /** `09:30`, `9-17:00`, `*:0-45/15`: hours, minutes, and seconds, each as cron writes it. */
  readonly time: string;
  /** As cron writes it; empty: every one. */
  readonly dayOfWeek: string;
  readonly dayOfMonth: string;
  readonly month: string;
  readonly year: string;
  readonly comment: string;
  readonly original?: StructuredCalendar;
}

export interface IntervalPart {
  readonly kind: 'interval';
  readonly key: string;
  /** `1h 30m` */
  readonly every: string;
  readonly phase: string;
  readonly original?: IntervalSpec;
}

export interface CronPart {
  readonly kind: 'cron';
  readonly key: string;
  readonly text: string;
}

export type Part = CalendarPart | IntervalPart | CronPart;

const DATE_FIELDS = ['dayOfWeek', 'dayOfMonth', 'month', 'year'] as const;

export function newPart(kind: Part['kind'], key: string): Part {
  switch (kind) {
    case 'calendar':
      return { kind, key, time: '09:00', dayOfWeek: '', dayOfMonth: '', month: '', year: '', comment: '' };
    case 'interval':
      return { kind, key, every: '1h', phase: '' };
    case 'cron':
      return { kind, key, text: '0 9 * * MON-FRI' };
  }
}

export function partsOf(spec: ScheduleSpec): readonly Part[] {
  const { structuredCalendar = [], cronString = [], interval = [] } = spec;
  return [
    ...structuredCalendar.map((calendar, at) => calendarPart(calendar, `calendar ${at}`)),
    ...cronString.map((text, at): Part => ({ kind: 'cron', key: `cron ${at}`, text })),
    ...interval.map((original, at): Part => {
      const [every, phase] = [durationTextOf(original.interval), durationTextOf(original.phase)];
      return { kind: 'interval', key: `interval ${at}`, every, phase: phase === '0s' ? '' : phase, original };
    }),
  ];
}

export function calendarPart(original: StructuredCalendar, key: string): CalendarPart {
  return { kind: 'calendar', key, ...calendarTexts(original), original };
}

function calendarTexts(calendar: StructuredCalendar) {
  const { hour, minute, second } = calendar;
  const seconds = twoDigits(rangesText('second', second));
  const time = [rangesText('hour', hour), rangesText('minute', minute)].map(twoDigits).join(':');
  const date = (field: CalendarField) =>
    isEvery(field, calendar[field as 'year']) ? '' : rangesText(field, calendar[field as 'year']);
  return {
    time: seconds === '00' ? time : `${time}:${seconds}`,
    dayOfWeek: date('dayOfWeek'),
    dayOfMonth: date('dayOfMonth'),
    month: date('month'),
    year: date('year'),
    comment: calendar.comment ?? '',
  };
}

/** @throws {FieldError} */
export function calendarOf({ original, ...part }: CalendarPart): StructuredCalendar {
  if (original !== undefined && isUnchanged(part, calendarTexts(original))) return original;
  const dates = DATE_FIELDS.map((field) => [field, parseRanges(field, part[field])] as const);
  return {
    ...original,
    ...parseTime(part.time),
    ...Object.fromEntries(dates),
    comment: part.comment,
  };
}

function isUnchanged(part: Readonly<Record<string, string>>, before: Readonly<Record<string, string>>): boolean {
  return Object.entries(before).every(([name, text]) => part[name] === text);
}

/** @throws {FieldError} */
export function parseTime(text: string): Readonly<Record<'hour' | 'minute' | 'second', readonly Range[]>> {
  const [hour = '', minute = '', second = '0', ...more] = text.split(':').map((part) => part.trim());
  if (hour === '' || minute === '' || second === '' || more.length > 0) {
    throw new FieldError('A time of day is like 09:30, 9-17:00 or *:*/15');
  }
  return {
    hour: parseRanges('hour', hour),
    minute: parseRanges('minute', minute),
    second: parseRanges('second', second),
  };
}

/** @throws {FieldError} */
export function intervalOf({ every, phase, original }: IntervalPart): IntervalSpec {
  const [everyMs, phaseMs] = [durationMs(every), phase.trim() === '' ? undefined : durationMs(phase)];
  if (everyMs < 1000) throw new FieldError('An interval has at least a second');
  if (phaseMs !== undefined && phaseMs >= everyMs) throw new FieldError('A shift is shorter than its interval');
  if (original !== undefined && durationTextOf(original.interval) === every) {
    const before = durationTextOf(original.phase);
    if (phase === (before === '0s' ? '' : before)) return original;
  }
  const { phase: _, ...rest } = original ?? {};
  return {
    ...rest,
    interval: durationJson(everyMs),
    ...(phaseMs === undefined ? {} : { phase: durationJson(phaseMs) }),
  };
}

/** @throws {FieldError} */
export function cronOf({ text }: CronPart): string {
  parseCron(text);
  return text.trim();
}

/** `9` as `09`; anything else as it is. */
function twoDigits(text: string): string {
  return /^\d$/.test(text) ? `0${text}` : text;
}
