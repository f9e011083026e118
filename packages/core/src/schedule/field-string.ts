// The fields of a calendar as text: `*`, `5`, `2-6`, `MON-FRI`, each with a step (`*/15`, and `5/10`, which goes on to
// the end), and lists of those, separated by commas.

import { invalidArgument } from '@perdure/api';
import type { CalendarSpec, Range, StructuredCalendarSpec } from '@perdure/api/schedule';
import { FIELDS, type Field, type FieldName } from './fields.ts';

/** Names are recognised by their beginnings. */
interface Names {
  readonly names: readonly string[];
  readonly lettersMin: number;
  /** The number of the first name. */
  readonly first: number;
}

const MONTHS = 'january february march april may june july august september october november december';
const DAYS = 'sunday monday tuesday wednesday thursday friday saturday';
const NAMES: Partial<Record<FieldName, Names>> = {
  month: { names: MONTHS.split(' '), lettersMin: 3, first: 1 },
  dayOfWeek: { names: DAYS.split(' '), lettersMin: 2, first: 0 },
};
/** In text, Sunday is also the day after Saturday. */
const SUNDAY = 0;
const LAST_SUNDAY = 7;
const STEP_MAX = 2 ** 31 - 1;

/** @throws StatusError INVALID_ARGUMENT with what is wrong in all of its fields */
export function parseCalendar(calendar: CalendarSpec): StructuredCalendarSpec {
  const problems: string[] = [];
  const parse = (field: Field): Range[] => {
    const parsed = parseField(field, calendar[field.name]);
    if (typeof parsed !== 'string') return parsed;
    problems.push(parsed);
    return [];
  };
  const ranges = Object.fromEntries(FIELDS.map((field) => [field.name, parse(field)])) as Record<FieldName, Range[]>;
  if (problems.length > 0) throw invalidArgument(problems.join(', '));
  return { ...ranges, comment: calendar.comment };
}

/** The ranges, or what is wrong with the text. An empty one means the default, as no ranges do. */
function parseField(field: Field, text: string): Range[] | string {
  if (text === '') return [];
  const parts = text.split(',').map((part) => part.trim());
  const ranges: Range[] = [];
  for (const part of parts) {
    const parsed = parsePart(field, part);
    if (typeof parsed === 'string') return parsed;
    ranges.push(...parsed);
  }
  // All years, also those before the first that can be chosen.
  return field.whenEmpty === undefined && parts.includes('*') ? [] : ranges;
}

function parsePart(field: Field, part: string): Range[] | string {
  const { label, min } = field;
  const max = field.name === 'dayOfWeek' ? LAST_SUNDAY : field.max;
  const [bounds = '', stepText, ...moreSteps] = part.split('/');
  if (moreSteps.length > 0) return `${label} has too many slashes`;
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  if (step === undefined || step < 1 || step > STEP_MAX) return `${label} has invalid Step`;
  if (bounds === '*') return [{ start: min, end: field.max, step }];

  const [startText = '', endText, ...moreBounds] = bounds.split('-');
  if (moreBounds.length > 0) return `${label} has too many dashes`;
  const start = parseValue(field, startText);
  if (start === undefined || start < min || start > max) {
    return `${label} ${endText === undefined ? '' : 'Start '}is not in range [${min}-${max}]`;
  }
  if (endText === undefined) return withSunday(field, start, stepText === undefined ? start : field.max, step);
  const end = parseValue(field, endText);
  if (end === undefined || end < start || end > max) {
    return `${label} End is before Start or not in range [${min}-${max}]`;
  }
  return withSunday(field, start, end, step);
}

/** A range in which the Sunday after Saturday is the Sunday that structured calendars know. */
function withSunday(field: Field, start: number, end: number, step: number): Range[] {
  if (start > field.max) return [{ start: SUNDAY, end: SUNDAY, step: 1 }];
  const range = { start, end: Math.min(end, field.max), step };
  const hasSunday = end > field.max && (end - start) % step === 0 && start !== SUNDAY;
  return hasSunday ? [range, { start: SUNDAY, end: SUNDAY, step: 1 }] : [range];
}

function parseValue({ name }: Field, text: string): number | undefined {
  return parseName(NAMES[name], text.toLowerCase()) ?? parseNumber(text);
}

function parseName(known: Names | undefined, text: string): number | undefined {
  if (known === undefined || text.length < known.lettersMin) return undefined;
  const index = known.names.findIndex((name) => name.startsWith(text));
  return index === -1 ? undefined : known.first + index;
}

function parseNumber(text: string): number | undefined {
  return /^\+?\d{1,15}$/u.test(text) ? Number(text) : undefined;
}
