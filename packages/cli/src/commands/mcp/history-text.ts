// Parts of what `workflow show` prints, for those who cannot read all of it.

import { JsonNodeValue, type Printable, toJson } from '../../output/json.ts';
import { payloadValue } from '../../output/texts.ts';

interface PageOptions {
  readonly from: number;
  readonly limit: number;
  readonly containing: string | undefined;
}

const EVENT_LINE = /^\s*(\d+)\s/;

/** The heading and some lines of the table of events; the rest is told of. */
export function pageOf(output: string, { from, limit, containing }: PageOptions): string {
  const [heading = '', ...lines] = output.split('\n');
  const events = lines.flatMap((line) => {
    const id = Number(EVENT_LINE.exec(line)?.[1] ?? Number.NaN);
    return Number.isNaN(id) ? [] : [{ id, line }];
  });
  const matching = events.filter(({ id, line }) => id >= from && line.includes(containing ?? ''));
  const shown = matching.slice(0, limit);
  const next = matching[limit];
  const rest = next === undefined ? '' : `\n${matching.length - limit} more events from from_event ${next.id} on`;
  if (shown.length === 0) return `No such events; the last one is ${events.at(-1)?.id ?? 0}.`;
  return [heading, ...shown.map(({ line }) => line)].join('\n') + rest;
}

/** One of the events, which stand in a line each, with payloads as the values that they hold. */
export function eventOf(output: string, eventId: number): string {
  for (const line of output.split('\n')) {
    if (!line.includes(`"eventId":"${eventId}"`)) continue;
    const event = JSON.parse(line) as { readonly eventId?: string };
    if (event.eventId === String(eventId)) {
      return toJson(withValues(event), { pretty: true, payloadShorthand: true });
    }
  }
  return `There is no event ${eventId}.`;
}

function withValues(value: Printable): Printable {
  if (Array.isArray(value)) return (value as readonly Printable[]).map(withValues);
  if (typeof value !== 'object' || value === null || value instanceof JsonNodeValue) return value;
  const object = value as { readonly [key: string]: Printable };
  const { metadata, data } = object;
  if (isEncoded(metadata) && (data === undefined || typeof data === 'string')) {
    return payloadValue({ metadata, ...(data === undefined ? {} : { data }) });
  }
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, withValues(member)]));
}

function isEncoded(metadata: Printable): metadata is { readonly [key: string]: string } {
  return typeof metadata === 'object' && metadata !== null && 'encoding' in metadata;
}
