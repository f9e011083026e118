// What a payload is to a person: JSON with all its digits, text, Markdown, an image, or bytes.
import type { Payload } from '../history/event.ts';

export type PayloadView =
  | { readonly kind: 'json'; readonly value: ExactJson; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly isMarkdown: boolean }
  | { readonly kind: 'image'; readonly mediaType: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'nothing' }
  /** Of an encoding that only a codec or the code knows. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer>; readonly encoding: string };

export type ExactJson =
  | null
  | boolean
  | string
  | ExactNumber
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

/** A number as it was written: also those that JavaScript would round. */
export class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const IMAGES: readonly (readonly [start: readonly number[], mediaType: string])[] = [
  [[0x89, 0x50, 0x4e, 0x47], 'image/png'],
  [[0xff, 0xd8, 0xff], 'image/jpeg'],
  [[0x47, 0x49, 0x46, 0x38], 'image/gif'],
  [[0x52, 0x49, 0x46, 0x46], 'image/webp'],
];
const MARKDOWN = /^(#{1,6} |[-*] |\d+\. |> |```|\|.*\|$)|\*\*[^*\n]+\*\*|\[[^\]\n]+\]\([^)\n]+\)/m;

export function payloadView(payload: Payload): PayloadView {
  const encoding = payloadEncoding(payload);
  const bytes = base64Bytes(payload.data ?? '');
  if (encoding === 'binary/null' || (encoding === '' && bytes.length === 0)) return { kind: 'nothing' };
  if (encoding.startsWith('json/')) return jsonView(bytes, encoding);
  if (encoding === 'binary/plain' || encoding.startsWith('text/') || encoding.startsWith('image/')) {
    return plainView(bytes, encoding);
  }
  return { kind: 'bytes', bytes, encoding };
}

/** `json/plain`, `binary/encrypted` ...; empty if the payload does not say. */
export function payloadEncoding({ metadata }: Payload): string {
  const encoded = metadata?.['encoding'];
  return encoded === undefined ? '' : decodeUtf8(base64Bytes(encoded), false);
}

/** The metadata as text, without the encoding. */
export function payloadMetadata({ metadata = {} }: Payload): readonly (readonly [name: string, text: string])[] {
  return Object.entries(metadata)
    .filter(([name]) => name !== 'encoding')
    .map(([name, value]) => [name, decodeUtf8(base64Bytes(value), false)]);
}

/** @throws {SyntaxError} it is not JSON */
export function parseExactJson(text: string): ExactJson {
  return JSON.parse(text, exactly) as ExactJson;
}

/** JSON text of a value, with numbers as they were written. */
export function exactJsonText(value: ExactJson, indent = 0): string {
  return write(value, indent, '');
}

function jsonView(bytes: Uint8Array<ArrayBuffer>, encoding: string): PayloadView {
  try {
    const text = decodeUtf8(bytes, true);
    const value = parseExactJson(text);
    // A long text is read more easily as text than as a JSON string.
    if (typeof value === 'string' && MARKDOWN.test(value) && value.includes('\n')) {
      return { kind: 'text', text: value, isMarkdown: true };
    }
    return { kind: 'json', value, text };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return { kind: 'bytes', bytes, encoding };
    throw error;
  }
}

function plainView(bytes: Uint8Array<ArrayBuffer>, encoding: string): PayloadView {
  const found = IMAGES.find(([start]) => start.every((byte, i) => bytes[i] === byte));
  if (found !== undefined) return { kind: 'image', mediaType: found[1], bytes };
  try {
    const text = decodeUtf8(bytes, true);
    // oxlint-disable-next-line no-control-regex -- a text with these is no text
    if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return { kind: 'bytes', bytes, encoding };
    return { kind: 'text', text, isMarkdown: encoding === 'text/markdown' || MARKDOWN.test(text) };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'bytes', bytes, encoding };
    throw error;
  }
}

/** The platform hands over the source of each number; where it does not, numbers are as exact as JavaScript's. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new ExactNumber(context?.source ?? String(value)) : value;
}

function write(value: ExactJson, indent: number, before: string): string {
  if (value instanceof ExactNumber) return value.text;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = before + ' '.repeat(indent);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((each: ExactJson) => write(each, indent, inner))
    : Object.entries(value).map(
        ([key, each]) => `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${write(each, indent, inner)}`,
      );
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  if (indent === 0) return open + parts.join(',') + close;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${before}${close}`;
}

/** Bytes that are not base64 are none. */
function base64Bytes(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidCharacterError') return new Uint8Array();
    throw error;
  }
}

/** @throws {TypeError} if it must be UTF-8 and is not */
function decodeUtf8(bytes: Uint8Array, fatal: boolean): string {
  return new TextDecoder('utf-8', { fatal }).decode(bytes);
}
