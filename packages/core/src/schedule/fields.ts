// The fields of a calendar: what they are called in errors, which values they may have, and what they are if nothing is
// said about them.

import type { Range, StructuredCalendarSpec } from '@perdure/api/schedule';

export const YEAR_MIN = 2000;
/** The last year in which a schedule acts. */
export const YEAR_MAX = 2100;

export type FieldName = Exclude<keyof StructuredCalendarSpec, 'comment'>;

export interface Field {
  readonly name: FieldName;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** What an empty field means; undefined: it stays empty, and means all values. */
  readonly whenEmpty: Range | undefined;
}

export const FIELDS: readonly Field[] = [
  { name: 'second', label: 'Second', min: 0, max: 59, whenEmpty: { start: 0, end: 0, step: 1 } },
  { name: 'minute', label: 'Minute', min: 0, max: 59, whenEmpty: { start: 0, end: 0, step: 1 } },
  { name: 'hour', label: 'Hour', min: 0, max: 23, whenEmpty: { start: 0, end: 0, step: 1 } },
  { name: 'dayOfMonth', label: 'DayOfMonth', min: 1, max: 31, whenEmpty: { start: 1, end: 31, step: 1 } },
  { name: 'month', label: 'Month', min: 1, max: 12, whenEmpty: { start: 1, end: 12, step: 1 } },
  { name: 'year', label: 'Year', min: YEAR_MIN, max: YEAR_MAX, whenEmpty: undefined },
  { name: 'dayOfWeek', label: 'DayOfWeek', min: 0, max: 6, whenEmpty: { start: 0, end: 6, step: 1 } },
];

/** What is wrong with the ranges of a field, each of it. */
export function rangeProblems({ label, max, min }: Field, ranges: readonly Range[]): string[] {
  const problems: string[] = [];
  for (const { end, start, step } of ranges) {
    if (start < min || start > max) problems.push(`${label} Start is not in range [${min}-${max}]`);
    if (end !== 0 && (end < start || end > max)) {
      problems.push(`${label} End is before Start or not in range [${min}-${max}]`);
    }
    if (step < 0) problems.push(`${label} has invalid Step`);
  }
  return problems;
}

/** With an end and a step in each range, and a range at least where emptiness does not mean all. */
export function normalRanges({ whenEmpty }: Field, ranges: readonly Range[]): Range[] {
  if (ranges.length === 0) return whenEmpty === undefined ? [] : [{ ...whenEmpty }];
  return ranges.map(({ end, start, step }) => ({ start, end: Math.max(start, end), step: Math.max(1, step) }));
}
