// When a schedule acts, as the API's JSON has it (ScheduleSpec). The server stores only structured calendars and intervals:
// cron strings and calendars as text come back as those.

export interface Range {
  readonly start?: number;
  readonly end?: number;
  readonly step?: number;
}

export interface StructuredCalendar {
  readonly second?: readonly Range[];
  readonly minute?: readonly Range[];
  readonly hour?: readonly Range[];
  readonly dayOfMonth?: readonly Range[];
  readonly month?: readonly Range[];
  readonly year?: readonly Range[];
  readonly dayOfWeek?: readonly Range[];
  readonly comment?: string;
}

export interface IntervalSpec {
  /** "2700s" */
  readonly interval?: string;
  readonly phase?: string;
}

export interface ScheduleSpec {
  readonly structuredCalendar?: readonly StructuredCalendar[];
  readonly cronString?: readonly string[];
  readonly interval?: readonly IntervalSpec[];
  readonly excludeStructuredCalendar?: readonly StructuredCalendar[];
  readonly startTime?: string;
  readonly endTime?: string;
  readonly jitter?: string;
  readonly timezoneName?: string;
  /** A time zone file, base64. */
  readonly timezoneData?: string;
}

export type CalendarField = Exclude<keyof StructuredCalendar, 'comment'>;

export interface FieldLimits {
  readonly words: string;
  readonly min: number;
  readonly max: number;
  /** What no range at all means. */
  readonly whenEmpty: 'zero' | 'all';
}

export const YEAR_MAX = 2100;

export const CALENDAR_FIELDS: Readonly<Record<CalendarField, FieldLimits>> = {
  second: { words: 'Second', min: 0, max: 59, whenEmpty: 'zero' },
  minute: { words: 'Minute', min: 0, max: 59, whenEmpty: 'zero' },
  hour: { words: 'Hour', min: 0, max: 23, whenEmpty: 'zero' },
  dayOfMonth: { words: 'Day of the month', min: 1, max: 31, whenEmpty: 'all' },
  month: { words: 'Month', min: 1, max: 12, whenEmpty: 'all' },
  dayOfWeek: { words: 'Day of the week', min: 0, max: 6, whenEmpty: 'all' },
  year: { words: 'Year', min: 2000, max: YEAR_MAX, whenEmpty: 'all' },
};

export interface Bounds {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** JSON leaves out what is 0, and the API what follows from the rest. */
export function boundsOf({ start = 0, end = 0, step = 0 }: Range): Bounds {
  return { start, end: Math.max(start, end), step: Math.max(1, step) };
}

/** Does it match all values, so that there is no choice of them? */
export function isEvery(field: CalendarField, ranges: readonly Range[] = []): boolean {
  const { min, max, whenEmpty } = CALENDAR_FIELDS[field];
  if (ranges.length === 0) return whenEmpty === 'all';
  return ranges.some((range) => {
    const { start, end, step } = boundsOf(range);
    return start <= min && end >= max && step === 1;
  });
}

/** All values, in order, each once. */
export function valuesOfField(field: CalendarField, ranges: readonly Range[] = []): readonly number[] {
  const { min, max, whenEmpty } = CALENDAR_FIELDS[field];
  if (ranges.length === 0) return whenEmpty === 'zero' ? [0] : span(min, max, 1);
  const values = ranges.map(boundsOf).flatMap(({ start, end, step }) => span(start, Math.min(end, max), step));
  return [...new Set(values)].sort((a, b) => a - b);
}

function span(start: number, end: number, step: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.floor((end - start) / step) + 1) }, (_, at) => start + at * step);
}
