// A field of a calendar as text, as cron writes it: `*`, `5`, `2-6`, `Mon-Fri`, each with a step (`*/15`; `5/10` goes on to
// the end), and lists of those.
import { boundsOf, CALENDAR_FIELDS, type CalendarField, type Range } from './spec.ts';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July'];
const NAMES: Partial<Record<CalendarField, readonly string[]>> = {
  month: [...MONTHS, 'August', 'September', 'October', 'November', 'December'],
  dayOfWeek: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};
const SHORT = 3;
/** Names are known by their beginnings: "Mo" is a day, "Ma" no month. */
const LETTERS_MIN: Partial<Record<CalendarField, number>> = { month: 3, dayOfWeek: 2 };
/** In text, Sunday is also the day after Saturday. */
const LAST_SUNDAY = 7;
const STEP_MAX = 2 ** 31 - 1;

/** A field that cannot be read; its message says why. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
}

/** "Mon", "Jan", or the number. */
export function valueName(field: CalendarField, value: number): string {
  return NAMES[field]?.[value - CALENDAR_FIELDS[field].min]?.slice(0, SHORT) ?? String(value);
}

/** What `parseRanges` reads as the same ranges. */
export function rangesText(field: CalendarField, ranges: readonly Range[] = []): string {
  const { min, max, whenEmpty } = CALENDAR_FIELDS[field];
  if (ranges.length === 0) return whenEmpty === 'all' ? '*' : '0';
  return ranges
    .map((range) => {
      const { start, end, step } = boundsOf(range);
      const one = valueName(field, start);
      const all = start === min && end === max;
      const shown = all ? '*' : end > start ? `${one}-${valueName(field, end)}` : one;
      return step > 1 && end > start ? `${shown}/${step}` : shown;
    })
    .join(',');
}

/**
 * Empty text is no ranges.
 * @throws {FieldError}
 */
export function parseRanges(field: CalendarField, text: string): readonly Range[] {
  if (text.trim() === '') return [];
  const parts = text.split(',').map((part) => part.trim());
  // All years, also those that nobody can choose.
  if (field === 'year' && parts.includes('*')) return [];
  return parts.flatMap((part) => parsePart(field, part));
}

function parsePart(field: CalendarField, part: string): readonly Range[] {
  const { words, min, max } = CALENDAR_FIELDS[field];
  const [bounds = '', stepText, ...more] = part.split('/');
  const [first = '', last, ...others] = bounds.split('-');
  if (more.length > 0 || others.length > 0) throw new FieldError(`${words}: "${part}" is no range`);
  const step = stepText === undefined ? 1 : numberOf(stepText);
  if (step === undefined || step < 1 || step > STEP_MAX) throw new FieldError(`${words}: "${part}" has no valid step`);
  if (bounds === '*') return [{ start: min, end: max, step }];
  const start = valueOf(field, first, part);
  if (last === undefined) return withSunday(field, start, stepText === undefined ? start : max, step);
  const end = valueOf(field, last, part);
  if (end < start) throw new FieldError(`${words}: "${part}" ends before it begins`);
  return withSunday(field, start, end, step);
}

function valueOf(field: CalendarField, text: string, part: string): number {
  const { words, min, max } = CALENDAR_FIELDS[field];
  const value = namedValue(field, text) ?? numberOf(text);
  const highest = field === 'dayOfWeek' ? LAST_SUNDAY : max;
  if (value === undefined) throw new FieldError(`${words}: "${part}" is not understood`);
  if (value < min || value > highest) throw new FieldError(`${words}: ${value} is not from ${min} to ${max}`);
  return value;
}

function namedValue(field: CalendarField, text: string): number | undefined {
  if (text.length < (LETTERS_MIN[field] ?? Number.POSITIVE_INFINITY)) return undefined;
  const at = NAMES[field]?.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase())) ?? -1;
  return at < 0 ? undefined : at + CALENDAR_FIELDS[field].min;
}

function numberOf(text: string): number | undefined {
  return /^\+?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Structured calendars know Sunday only as the first day. */
function withSunday(field: CalendarField, start: number, end: number, step: number): readonly Range[] {
  const { max } = CALENDAR_FIELDS[field];
  const sunday = { start: 0, end: 0, step: 1 };
  if (start > max) return [sunday];
  const range = { start, end: Math.min(end, max), step };
  const hasSunday = end > max && (end - start) % step === 0 && start !== 0;
  return hasSunday ? [range, sunday] : [range];
}
