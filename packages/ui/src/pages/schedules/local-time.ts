// Moments as fields of type `datetime-local` have them, in the time zone that a person has chosen.
import { instantOf, localOf, parseTimestamp } from '@perdure/ui-core';

/** `2026-03-01T14:05`, with seconds if there are any; undefined as no text. */
export function localText(ms: number | undefined, zone: string): string {
  if (ms === undefined) return '';
  return new Date(Math.floor(localOf(ms, zone) / 1000) * 1000).toISOString().replace(/(?::00)?\.000Z$/, '');
}

/** RFC 3339, in UTC; undefined: no such time. */
export function instantText(local: string, zone: string): string | undefined {
  const localMs = parseTimestamp(`${local.length === 'yyyy-mm-ddThh:mm'.length ? `${local}:00` : local}Z`);
  return localMs === undefined ? undefined : new Date(instantOf(localMs, zone)).toISOString().replace('.000Z', 'Z');
}
