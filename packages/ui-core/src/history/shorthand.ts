// Payloads that a file has as their values: `["Ada", 42]`, as HTTP APIs write them for people, becomes what everything
// here reads, base64 with metadata. Which values are meant follows from the names of the fields they stand in.
import { textBase64 } from '../payload/text-base64.ts';
import { DEPTH_MAX } from './check-shape.ts';
import type { Payload } from './event.ts';

type Members = Readonly<Record<string, unknown>>;

/** Several payloads: a list of values instead of `{ "payloads": [...] }`. */
const LISTS = new Set([
  'input',
  'result',
  'details',
  'lastHeartbeatDetails',
  'lastCompletionResult',
  'args',
  'success',
]);
/** Payloads by names that somebody gave them. */
const MAPS = new Set(['fields', 'indexedFields']);
/** One payload, in whatever they stand. */
const SINGLE = new Set(['summary', 'encodedAttributes']);

/** The same event with whole payloads. What is deeper than histories are stays as it is. */
export function withWholePayloads(event: object): object {
  return members(event as Members, '', 1);
}

function members(value: Members, parent: string, depth: number): Members {
  if (depth > DEPTH_MAX) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, whole(name, inner, parent, depth)]));
}

function whole(name: string, value: unknown, parent: string, depth: number): unknown {
  if (isSingle(name, parent)) return payload(value);
  if (Array.isArray(value) && LISTS.has(name)) return { payloads: value.map(payload) };
  if (!isObject(value) || isPayload(value) || Array.isArray(value['payloads'])) return value;
  if (MAPS.has(name)) return mapped(value, payload);
  // Of markers: several payloads for each name.
  if (name === 'details')
    return mapped(value, (each) => (Array.isArray(each) ? { payloads: each.map(payload) } : each));
  return members(value, name, depth + 1);
}

function isSingle(name: string, parent: string): boolean {
  if (SINGLE.has(name)) return true;
  return parent === 'userMetadata' ? name === 'details' : parent.startsWith('nexus') && /^(input|result)$/.test(name);
}

function mapped(value: Members, change: (member: unknown) => unknown): Members {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member)]));
}

function payload(value: unknown): unknown {
  if (isPayload(value)) return value;
  const [encoding, data] = value === null ? ['binary/null', ''] : ['json/plain', JSON.stringify(value)];
  return { metadata: { encoding: textBase64(encoding) }, data: textBase64(data) } satisfies Payload;
}

function isPayload(value: unknown): boolean {
  if (!isObject(value) || !isObject(value['metadata'])) return false;
  const isKnown = Object.keys(value).every((name) => /^(metadata|data|externalPayloads)$/.test(name));
  return isKnown && typeof value['metadata']['encoding'] === 'string';
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
