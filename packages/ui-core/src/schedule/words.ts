// When a schedule acts, in plain words: "Mon-Fri at 09:30", "every 15 minutes", "every 6h, shifted by 30m".

import { durationText } from '../time/duration-text.ts';
import { parseDuration } from '../time/timestamp.ts';
import { type CronSchedule, parseCron } from './cron.ts';
import { FieldError, valueName } from './ranges-text.ts';
import {
  boundsOf,
  CALENDAR_FIELDS,
  type CalendarField,
  type IntervalSpec,
  isEvery,
  type Range,
  type ScheduleSpec,
  type StructuredCalendar,
  valuesOfField,
} from './spec.ts';

export interface SpecWords {
  /** When it acts; together they say all. None: only when it is triggered. */
  readonly when: readonly string[];
  readonly except: readonly string[];
  /** "up to 5m later", "in Europe/Paris". Start and end are times: how these are written is the reader's choice. */
  readonly jitter: string | undefined;
  readonly zone: string;
}

/** So many times of a day are told one by one. */
const TIMES_MAX = 6;

export function specWords(spec: ScheduleSpec): SpecWords {
  const { structuredCalendar = [], cronString = [], interval = [], excludeStructuredCalendar = [] } = spec;
  const jitterMs = parseDuration(spec.jitter) ?? 0;
  return {
    when: [...structuredCalendar.map(calendarWords), ...cronString.map(cronWords), ...interval.map(intervalWords)],
    except: excludeStructuredCalendar.map(calendarWords),
    jitter: jitterMs === 0 ? undefined : `up to ${durationText(jitterMs)} later`,
    zone: spec.timezoneData ? 'a time zone of its own' : spec.timezoneName || cronZone(cronString) || 'UTC',
  };
}

/** In one line, for lists. */
export function specLine(spec: ScheduleSpec): string {
  const { when, except, jitter } = specWords(spec);
  if (when.length === 0) return 'only when triggered';
  const exceptions = except.length === 0 ? '' : `, except ${except.join(' and ')}`;
  const zone = spec.timezoneName && spec.timezoneName !== 'UTC' ? ` (${spec.timezoneName})` : '';
  return `${when.join('; ')}${exceptions}${jitter === undefined ? '' : `, ${jitter}`}${zone}`;
}

/** With the text itself, which is what was chosen. What cannot be read is only shown. */
function cronWords(text: string): string {
  const { calendar, interval } = readCron(text);
  if (calendar !== undefined) return `${calendarWords(calendar)}, cron ${text}`;
  return interval === undefined ? `cron ${text}` : `${intervalWords(interval)}, cron ${text}`;
}

function cronZone(texts: readonly string[]): string | undefined {
  return texts.map((text) => readCron(text).timezoneName).find((zone) => zone !== undefined);
}

function readCron(text: string): CronSchedule {
  try {
    return parseCron(text);
  } catch (error) {
    if (error instanceof FieldError) return {};
    throw error;
  }
}

export function intervalWords({ interval, phase }: IntervalSpec): string {
  const phaseMs = parseDuration(phase) ?? 0;
  const shift = phaseMs === 0 ? '' : `, shifted by ${durationText(phaseMs)}`;
  return `every ${durationText(parseDuration(interval) ?? 0)}${shift}`;
}

export function calendarWords(calendar: StructuredCalendar): string {
  const words = [...dateWords(calendar), timeWords(calendar)];
  return `${words.join(' ')}${calendar.comment ? ` (${calendar.comment})` : ''}`;
}

/** "every day" where there is no choice, unless the time says "every" already. */
function dateWords(calendar: StructuredCalendar): readonly string[] {
  const { dayOfWeek, dayOfMonth, month, year } = calendar;
  const days = [
    ...(isEvery('dayOfWeek', dayOfWeek) ? [] : [rangesWords('dayOfWeek', dayOfWeek)]),
    ...(isEvery('dayOfMonth', dayOfMonth) ? [] : [`day ${rangesWords('dayOfMonth', dayOfMonth)} of the month`]),
  ];
  const among = days.length === 2 ? [`${days[0]} that is ${days[1]}`] : days;
  const dates = [
    ...among,
    ...(isEvery('month', month) ? [] : [`in ${rangesWords('month', month)}`]),
    ...(isEvery('year', year) ? [] : [`in ${rangesWords('year', year)}`]),
  ];
  if (days.length === 0 && isTimeOfDay(calendar)) return ['every day', ...dates];
  return dates;
}

/** Said by the clock, rather than by how often. */
function isTimeOfDay({ hour, minute, second }: StructuredCalendar): boolean {
  const [minutes, seconds] = [valuesOfField('minute', minute), valuesOfField('second', second)];
  return minutes.length === 1 && seconds.length === 1 && valuesOfField('hour', hour).length <= TIMES_MAX;
}

function timeWords(calendar: StructuredCalendar): string {
  const { hour, minute, second } = calendar;
  const [seconds, minutes, hours] = [
    valuesOfField('second', second),
    valuesOfField('minute', minute),
    valuesOfField('hour', hour),
  ];
  if (isTimeOfDay(calendar)) {
    const tail = seconds[0] === 0 ? [minutes[0]] : [minutes[0], seconds[0]];
    return `at ${listWords(hours.map((each) => [each, ...tail].map(twoDigits).join(':')))}`;
  }
  const during = isEvery('hour', hour) ? '' : ` of hour ${rangesWords('hour', hour)}`;
  const atSecond = seconds.length === 1 && seconds[0] === 0 ? '' : `${oftenWords('second', second)} of `;
  if (isEvery('second', second) && isEvery('minute', minute)) return `every second${during}`;
  if (minutes.length === 1 && isEvery('hour', hour)) return `${atSecond}minute ${minutes[0]} of every hour`;
  const everyHour = during === '' && stepOf('minute', minute) === undefined ? ' of every hour' : during;
  return `${atSecond}${oftenWords('minute', minute)}${everyHour}`;
}

/** "every 15 minutes", "every minute", or "minute 0, 20". */
function oftenWords(field: 'minute' | 'second', ranges: readonly Range[] | undefined): string {
  const step = stepOf(field, ranges);
  // Of a step that does not divide the hour, "every" would not be true from one hour to the next.
  if (step !== undefined) return step === 1 ? `every ${field}` : `every ${step} ${field}s`;
  return `${field} ${rangesWords(field, ranges)}`;
}

function stepOf(field: CalendarField, ranges: readonly Range[] = []): number | undefined {
  const { min, max } = CALENDAR_FIELDS[field];
  const [range, ...others] = ranges;
  if (range === undefined || others.length > 0) return undefined;
  const { start, end, step } = boundsOf(range);
  return start === min && end === max && (max + 1) % step === 0 ? step : undefined;
}

/** "Mon-Fri", "1, 15", "every 3rd of 1-31". */
function rangesWords(field: CalendarField, ranges: readonly Range[] = []): string {
  const texts = ranges.map((range) => {
    const { start, end, step } = boundsOf(range);
    const span = end > start ? `${valueName(field, start)}-${valueName(field, end)}` : valueName(field, start);
    if (step === 1 || end === start) return [span];
    const values = valuesOfField(field, [range]);
    return values.length <= TIMES_MAX ? values.map((value) => valueName(field, value)) : [`${span} by ${step}`];
  });
  return texts.flat().join(', ');
}

function listWords(texts: readonly string[]): string {
  return texts.join(', ');
}

function twoDigits(value: number | undefined): string {
  return String(value ?? 0).padStart(2, '0');
}
