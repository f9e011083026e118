// What can be said of payloads without a codec: how many, how large, and the text of those that are plain JSON.
import { base64Bytes } from '../payload/base64.ts';
import { payloadEncoding } from '../payload/view.ts';
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

/** The value of a payload of plain JSON. undefined: another encoding, or bytes that are not what they say. */
export function jsonValue(payload: Payload | undefined): unknown {
  if (payload?.data === undefined || !payloadEncoding(payload).startsWith('json/')) return undefined;
  try {
    return JSON.parse(textOf(payload.data)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function textOf(base64: string): string {
  return new TextDecoder().decode(base64Bytes(base64));
}

/** "0 B", "999 B", "1.5 kB", "3 MB". Cut, not rounded. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [unit, size]: [string, number] = bytes < 1_000_000 ? ['kB', 1000] : ['MB', 1_000_000];
  return `${Math.floor((bytes / size) * 10) / 10} ${unit}`;
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
  return textOf(payload.data ?? '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
}
