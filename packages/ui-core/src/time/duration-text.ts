// Lengths of time as people type them, "1h 30m", and as the API has them, "5400s". Nothing is lost either way, down to
// milliseconds.
import { parseDuration } from './timestamp.ts';

const UNITS_MS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];
const PART = /(\d+(?:\.\d+)?)\s*(ms|d|h|m|s)/g;
const WHOLE = /^(?:\s*\d+(?:\.\d+)?\s*(?:ms|d|h|m|s))+\s*$/;

/** Milliseconds. undefined: not like "90s", "1h 30m" or "0". */
export function parseDurationText(text: string): number | undefined {
  if (text.trim() === '0') return 0;
  if (!WHOLE.test(text)) return undefined;
  let sumMs = 0;
  for (const [, amount, unit] of text.matchAll(PART)) sumMs += Number(amount) * (unitMs(unit) ?? Number.NaN);
  return Math.round(sumMs);
}

function unitMs(unit: string | undefined): number | undefined {
  return UNITS_MS.find(([name]) => name === unit)?.[1];
}

/** "1h 30m": exact, unlike words for people who only look. */
export function durationText(ms: number): string {
  if (ms < 0) return `-${durationText(-ms)}`;
  let restMs = Math.round(ms);
  const parts = UNITS_MS.flatMap(([unit, each]) => {
    const count = Math.floor(restMs / each);
    restMs -= count * each;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return parts.length === 0 ? '0s' : parts.join(' ');
}

/** "5400s" as "1h 30m"; undefined or empty as no text. */
export function durationTextOf(json: string | undefined): string {
  const ms = parseDuration(json);
  return ms === undefined ? '' : durationText(ms);
}

export function durationJson(ms: number): string {
  return `${ms / 1000}s`;
}
