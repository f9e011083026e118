// When a schedule runs, in words: `at 09:30 on Mon-Fri`, `every 45m, shifted by 5m`.

import { durationText } from '../../output/durations.ts';

/** As proto JSON has it. */
export interface Range {
  readonly start?: number;
  readonly end?: number;
  readonly step?: number;
}

export interface Calendar {
  readonly second?: readonly Range[];
  readonly minute?: readonly Range[];
  readonly hour?: readonly Range[];
  readonly dayOfMonth?: readonly Range[];
  readonly month?: readonly Range[];
  readonly year?: readonly Range[];
  readonly dayOfWeek?: readonly Range[];
  readonly comment?: string;
}

export interface Spec {
  readonly structuredCalendar?: readonly Calendar[];
  readonly cronString?: readonly string[];
  readonly interval?: readonly { readonly interval?: string; readonly phase?: string }[];
  readonly excludeStructuredCalendar?: readonly Calendar[];
  readonly startTime?: string;
  readonly endTime?: string;
  readonly jitter?: string;
  readonly timezoneName?: string;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
/** So many times of the day are told one by one. */
const TIMES_MAX = 6;

/** Each of the parts of a specification, one in a line. */
export function specTexts({ structuredCalendar = [], cronString = [], interval = [] }: Spec): string[] {
  const intervals = interval.map(({ interval: every, phase }) => {
    const shifted = phase === undefined || phase === '0s' ? '' : `, shifted by ${durationText(phase)}`;
    return `every ${durationText(every)}${shifted}`;
  });
  return [...structuredCalendar.map(calendarText), ...cronString.map((cron) => `cron ${cron}`), ...intervals];
}

export function skipTexts({ excludeStructuredCalendar = [] }: Spec): string[] {
  return excludeStructuredCalendar.map(calendarText);
}

export function calendarText(calendar: Calendar): string {
  const words = [timeText(calendar), ...dateTexts(calendar)].join(' ');
  return calendar.comment ? `${words} (${calendar.comment})` : words;
}

function timeText({ second = [], minute = [], hour = [] }: Calendar): string {
  const onlySecond = singleOf(second);
  const onlyMinute = singleOf(minute);
  const isEveryHour = isFull(hour, 0, 23);
  const times = onlySecond === undefined || onlyMinute === undefined ? undefined : valuesOf(hour);
  if (times !== undefined && times.length <= TIMES_MAX) {
    const tail = onlySecond === 0 ? [onlyMinute] : [onlyMinute, onlySecond];
    return `at ${times.map((each) => [each, ...tail].map(twoDigits).join(':')).join(', ')}`;
  }
  if (isFull(second, 0, 59) && isFull(minute, 0, 59) && isEveryHour) return 'every second';
  const atSecond = onlySecond === 0 ? '' : `second ${rangesText(second, 0, 59)} of `;
  const step = stepOf(minute, 0, 59);
  if (step !== undefined && isEveryHour) return `${atSecond}every ${step > 1 ? `${step} minutes` : 'minute'}`;
  const ofHour = isEveryHour ? 'every hour' : `hour ${rangesText(hour, 0, 23)}`;
  return `${atSecond}minute ${rangesText(minute, 0, 59)} of ${ofHour}`;
}

/** Days, months and years, if there is a choice of them: none means all. */
function dateTexts({ dayOfWeek = [], dayOfMonth = [], month = [], year = [] }: Calendar): string[] {
  const isChosen = (ranges: readonly Range[], min: number, max: number) =>
    ranges.length > 0 && !isFull(ranges, min, max);
  return [
    ...(isChosen(dayOfWeek, 0, 6) ? [`on ${rangesText(dayOfWeek, 0, 6, (day) => DAYS[day % 7] ?? '')}`] : []),
    ...(isChosen(dayOfMonth, 1, 31) ? [`on day ${rangesText(dayOfMonth, 1, 31)} of the month`] : []),
    ...(isChosen(month, 1, 12) ? [`in ${rangesText(month, 1, 12, (one) => MONTHS[one - 1] ?? '')}`] : []),
    ...(year.length > 0 ? [`in ${rangesText(year, 0, Number.POSITIVE_INFINITY)}`] : []),
  ];
}

/** `1`, `1-5`, `0-30/10`; `*` for all. */
function rangesText(
  ranges: readonly Range[],
  min: number,
  max: number,
  name: (value: number) => string = String,
): string {
  if (ranges.length === 0) return name(min);
  const texts = ranges.map((range) => {
    const { start, end, step } = bounds(range);
    const span = start === min && end === max ? '*' : end > start ? `${name(start)}-${name(end)}` : name(start);
    return step > 1 ? `${span}/${step}` : span;
  });
  return texts.join(',');
}

function isFull(ranges: readonly Range[], min: number, max: number): boolean {
  return stepOf(ranges, min, max) === 1;
}

/** Undefined: there is more, or less, than one range over all values. */
function stepOf([range, ...others]: readonly Range[], min: number, max: number): number | undefined {
  if (range === undefined || others.length > 0) return undefined;
  const { start, end, step } = bounds(range);
  return start === min && end === max ? step : undefined;
}

/** No range at all means 0. */
function singleOf(ranges: readonly Range[]): number | undefined {
  const [value, ...others] = valuesOf(ranges);
  return others.length === 0 ? value : undefined;
}

function valuesOf(ranges: readonly Range[]): number[] {
  if (ranges.length === 0) return [0];
  return ranges.flatMap((range) => {
    const { start, end, step } = bounds(range);
    return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, at) => start + at * step);
  });
}

/** The API leaves out what follows from the rest. */
function bounds({ start = 0, end = 0, step = 0 }: Range) {
  return { start, end: Math.max(start, end), step: Math.max(1, step) };
}

function twoDigits(value: number | undefined): string {
  return String(value ?? 0).padStart(2, '0');
}
