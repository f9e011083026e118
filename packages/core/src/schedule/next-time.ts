// When a calendar matches next, and whether one does, in a time zone.
//
// A time matches if clocks on the wall show what the calendar asks for. So a local time that a change of the clocks skips
// never comes, and one that is passed twice comes twice.

import { SECOND_MS } from '../time/wall-clock.ts';
import { OFFSET_MAX_MS, type Zone } from '../time/zone.ts';
import { type CompiledCalendar, endOfMatch, matchesCalendar, nextOfCalendar } from './calendar.ts';

/** The first matching time, in whole seconds, after that one; undefined: there is none. */
export function nextInZone(calendar: CompiledCalendar, zone: Zone, afterMs: number): number | undefined {
  let fromMs: number | undefined = (Math.floor(afterMs / SECOND_MS) + 1) * SECOND_MS;
  while (fromMs !== undefined) {
    const { offsetMs, untilMs } = zone.periodAt(fromMs);
    const localMs = nextOfCalendar(calendar, fromMs + offsetMs, untilMs + offsetMs);
    if (localMs !== undefined) return localMs - offsetMs;
    if (untilMs === Infinity) return undefined;
    fromMs = skipAhead(calendar, untilMs);
  }
  return undefined;
}

/**
 * Over years in which nothing matches, whatever clocks show: so that changes of the clocks in these years are of no
 * interest, and need not be known.
 */
function skipAhead(calendar: CompiledCalendar, fromMs: number): number | undefined {
  const localMs = nextOfCalendar(calendar, fromMs - OFFSET_MAX_MS, Infinity);
  return localMs === undefined ? undefined : Math.max(fromMs, localMs - OFFSET_MAX_MS);
}

/**
 * If one of the calendars matches: the end of the time for which it certainly goes on to do so. undefined: none does.
 */
export function endOfMatchInZone(calendars: readonly CompiledCalendar[], zone: Zone, atMs: number): number | undefined {
  const { offsetMs, untilMs } = zone.periodAt(atMs);
  const localMs = atMs + offsetMs;
  let endMs: number | undefined;
  for (const calendar of calendars) {
    if (!matchesCalendar(calendar, localMs)) continue;
    const calendarEndMs = Math.min(endOfMatch(calendar, localMs) - offsetMs, untilMs);
    endMs = Math.max(calendarEndMs, endMs ?? calendarEndMs);
  }
  return endMs;
}
