// Times in texts: `5 minutes ago`, or as they are.

export type TimeFormat = 'relative' | 'iso' | 'raw';

const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [365 * 86_400_000, 'year'],
  [30 * 86_400_000, 'month'],
  [7 * 86_400_000, 'week'],
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** @param time RFC 3339, as proto JSON has it; undefined or empty: there is none */
export function timeText(time: string | undefined, format: TimeFormat, nowMs: number): string {
  if (time === undefined || time === '') return '';
  const ms = Date.parse(time);
  if (Number.isNaN(ms) || format === 'raw') return time;
  return format === 'iso' ? new Date(ms).toISOString().replace(/\.000Z$/, 'Z') : relative(ms - nowMs);
}

function relative(ms: number): string {
  for (const [unit, name] of UNITS) {
    const count = Math.floor(Math.abs(ms) / unit);
    if (count === 0) continue;
    const words = `${count} ${name}${count === 1 ? '' : 's'}`;
    return ms < 0 ? `${words} ago` : `in ${words}`;
  }
  return 'now';
}
