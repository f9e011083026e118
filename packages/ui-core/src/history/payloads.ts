// What can be said of payloads without a codec: how many, how large, and the text of those that are plain JSON.
import { textOfBase64 } from '../payload/base64.ts';
import { payloadEncoding } from '../payload/encoding.ts';
import { jsonValue } from '../payload/json-value.ts';
import { sizeWords } from '../payload/size-words.ts';
import type { Payload, Payloads } from './event.ts';

/** The payloads of a field that holds one, several, or none. */
export function payloadsOf(field: object | undefined): readonly Payload[] {
  if (field === undefined) return [];
  if ('payloads' in field) return (field as Payloads).payloads ?? [];
  return 'data' in field || 'metadata' in field ? [field as Payload] : [];
}

/** Of the data, without its metadata. */
export function payloadBytes(payloads: readonly Payload[]): number {
  return payloads.reduce((sum, { data = '' }) => sum + bytesOfBase64(data), 0);
}

function bytesOfBase64(text: string): number {
  return Math.floor((text.replace(/=+$/, '').length * 3) / 4);
}

/** Are they the same bytes, with the same metadata? */
export function samePayloads(a: readonly Payload[], b: readonly Payload[]): boolean {
  return a.length === b.length && a.every((payload, at) => samePayload(payload, b[at] ?? {}));
}

function samePayload(a: Payload, b: Payload): boolean {
  const keys = new Set([...Object.keys(a.metadata ?? {}), ...Object.keys(b.metadata ?? {})]);
  return (a.data ?? '') === (b.data ?? '') && [...keys].every((key) => a.metadata?.[key] === b.metadata?.[key]);
}

/** The values themselves, `1, {"a":2}`, if they are JSON and no longer than this; otherwise how large they are. */
export function valuesOrSize(payloads: readonly Payload[], lengthMax: number): string {
  const values = payloads.map(jsonLine);
  const line = values.join(', ');
  const isShown = !values.includes(undefined) && line.length <= lengthMax;
  return isShown ? line : sizeWords(payloadBytes(payloads));
}

/** As it was written, so that numbers keep their digits; line breaks are never inside of a value. */
function jsonLine(payload: Payload): string | undefined {
  if (payloadEncoding(payload) === 'binary/null') return 'null';
  if (jsonValue(payload) === undefined) return undefined;
  return textOfBase64(payload.data ?? '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
}
