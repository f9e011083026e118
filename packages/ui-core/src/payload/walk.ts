// The payloads inside a request or an answer, wherever they stand. Those of search attributes are passed over: the server
// itself must be able to read them, so no codec ever changes them.
import type { Payload } from '../history/event.ts';

const SEARCH_ATTRIBUTES = 'indexedFields';
const FIELDS: ReadonlySet<string> = new Set(['metadata', 'data', 'externalPayloads']);

/** In the order in which they stand there. */
export function payloadsIn(value: unknown): readonly Payload[] {
  const found: Payload[] = [];
  withPayloads(value, (payload) => {
    found.push(payload);
    return payload;
  });
  return found;
}

/** The same with other payloads; what has none is the same object. */
export function withPayloads<T>(value: T, change: (payload: Payload) => Payload): T {
  if (typeof value !== 'object' || value === null) return value;
  if (isPayload(value)) return change(value) as T;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const changed = items.map((each) => withPayloads(each, change));
    return changed.every((each, at) => each === items[at]) ? value : (changed as T);
  }
  const entries = Object.entries(value);
  const changed = entries.map(
    ([name, each]) => [name, name === SEARCH_ATTRIBUTES ? each : withPayloads(each, change)] as const,
  );
  return changed.every(([, each], at) => each === entries[at]?.[1]) ? value : (Object.fromEntries(changed) as T);
}

/** Told by its fields: no other message of the API has only these, with bytes and texts in them. */
function isPayload(value: object): value is Payload {
  const { metadata, data } = value as { readonly metadata?: unknown; readonly data?: unknown };
  if (metadata === undefined && data === undefined) return false;
  return (
    Object.keys(value).every((name) => FIELDS.has(name)) &&
    (data === undefined || typeof data === 'string') &&
    (metadata === undefined || isTexts(metadata))
  );
}

function isTexts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string');
}
