// How moments and lengths of time are written, by the one format and zone that a person has chosen.
import { durationWords, relativeWords } from '@perdure/ui-core';
import { type Preferences, timeZoneOf } from '../settings/preferences.ts';

/** `2026-03-01 14:05:09.120` in the chosen zone. */
export function exactTime(ms: number, preferences: Preferences, withMilliseconds = false): string {
  const parts = new Map(
    formatter(preferences)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? '';
  const fraction = withMilliseconds ? `.${String(Math.trunc(((ms % 1000) + 1000) % 1000)).padStart(3, '0')}` : '';
  const dayPeriod = preferences.hour12 ? ` ${part('dayPeriod')}` : '';
  const time = `${part('hour')}:${part('minute')}:${part('second')}${fraction}${dayPeriod}`;
  return `${part('year')}-${part('month')}-${part('day')} ${time}`;
}

/** As chosen: "3 min ago", or the exact time. */
export function shownTime(ms: number, nowMs: number, preferences: Preferences): string {
  return preferences.timeFormat === 'relative' ? relativeWords(ms, nowMs) : exactTime(ms, preferences);
}

export { durationWords };

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than using it a thousand times. */
function formatter(preferences: Preferences): Intl.DateTimeFormat {
  const timeZone = timeZoneOf(preferences);
  const key = `${timeZone} ${preferences.hour12}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    hourCycle: preferences.hour12 ? 'h12' : 'h23',
  });
  formatters.set(key, made);
  return made;
}
