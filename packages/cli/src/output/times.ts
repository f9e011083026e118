// Times in texts: `5 minutes ago`, or as they are.

import { relativeWords } from '@perdure/ui-core/time-words';

export type TimeFormat = 'relative' | 'iso' | 'raw';

/** @param time RFC 3339, as proto JSON has it; undefined or empty: there is none */
export function timeText(time: string | undefined, format: TimeFormat, nowMs: number): string {
  if (time === undefined || time === '') return '';
  const ms = Date.parse(time);
  if (Number.isNaN(ms) || format === 'raw') return time;
  return format === 'iso' ? new Date(ms).toISOString().replace(/\.000Z$/, 'Z') : relativeWords(ms, nowMs);
}
