// Payloads in the encodings that every SDK reads. The server itself carries payloads without looking inside; these
// helpers are for what it originates (search attributes, memos of schedules) and for tests.
import { Payload, Payloads } from '@perdure/api/common';
import { emptyBytes } from './wire.ts';

const encodingKey = 'encoding';
const utf8 = new TextEncoder();

function payload(encoding: string, data: Uint8Array, more: readonly (readonly [string, string])[] = []): Uint8Array {
  const metadata = new Map(
    [[encodingKey, encoding], ...more].map(([key, value]) => [key, utf8.encode(value)] as const),
  );
  return Payload.encode({ metadata, data });
}

/** Encoded Payload with `json/plain`; undefined becomes `binary/null`. `metadata` adds entries such as `type`. */
export function jsonPayload(value: unknown, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const more = Object.entries(metadata);
  return value === undefined
    ? payload('binary/null', emptyBytes, more)
    : payload('json/plain', utf8.encode(JSON.stringify(value)), more);
}

/** Encoded Payload with `binary/plain`. */
export function binaryPayload(data: Uint8Array): Uint8Array {
  return payload('binary/plain', data);
}

/** Encoded Payloads, one `json/plain` payload for each value. */
export function jsonPayloads(...values: readonly unknown[]): Uint8Array {
  return Payloads.encode({ payloads: values.map((value) => jsonPayload(value)) });
}

/** The encoding that a payload states, empty when it states none. */
export function payloadEncoding(encoded: Uint8Array): string {
  return new TextDecoder().decode(Payload.decode(encoded).metadata.get(encodingKey));
}

/** The value of a `json/plain` or `binary/null` payload. Throws for any other encoding and for invalid JSON. */
export function parseJsonPayload(encoded: Uint8Array): unknown {
  const encoding = payloadEncoding(encoded);
  if (encoding === 'binary/null') return undefined;
  if (encoding !== 'json/plain') throw new TypeError(`payload has encoding "${encoding}", expected json/plain`);
  return JSON.parse(new TextDecoder().decode(Payload.decode(encoded).data));
}
