// Lengths and distances in time as people say them. They are cut, never rounded up: "59s" is not yet a minute.

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** At most two units: "250ms", "1.2s", "3m 4s", "5h", "2d 3h". */
export function durationWords(ms: number): string {
  if (ms < 0) return `-${durationWords(-ms)}`;
  if (ms < SECOND_MS) return `${Math.floor(ms)}ms`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / 100) / 10}s`;
  if (ms < HOUR_MS) return twoUnits(ms, [MINUTE_MS, 'm'], [SECOND_MS, 's']);
  if (ms < DAY_MS) return twoUnits(ms, [HOUR_MS, 'h'], [MINUTE_MS, 'm']);
  return twoUnits(ms, [DAY_MS, 'd'], [HOUR_MS, 'h']);
}

function twoUnits(ms: number, [large, largeName]: [number, string], [small, smallName]: [number, string]): string {
  const rest = Math.floor((ms % large) / small);
  const first = `${Math.floor(ms / large)}${largeName}`;
  return rest === 0 ? first : `${first} ${rest}${smallName}`;
}

const STEPS: readonly (readonly [ms: number, name: string])[] = [
  [365 * DAY_MS, 'year'],
  [30 * DAY_MS, 'month'],
  [DAY_MS, 'day'],
  [HOUR_MS, 'hour'],
  [MINUTE_MS, 'minute'],
  [SECOND_MS, 'second'],
];

/** "5 minutes ago", "in 1 hour", "now" if less than a second away. */
export function relativeWords(timeMs: number, nowMs: number): string {
  const distanceMs = Math.abs(timeMs - nowMs);
  const step = STEPS.find(([ms]) => distanceMs >= ms);
  if (step === undefined) return 'now';
  const count = Math.floor(distanceMs / step[0]);
  const words = `${count} ${step[1]}${count === 1 ? '' : 's'}`;
  return timeMs < nowMs ? `${words} ago` : `in ${words}`;
}
