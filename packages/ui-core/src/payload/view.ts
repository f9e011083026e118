// What a payload is to a person: JSON with all its digits, text, Markdown, an image, or bytes.
import type { Payload } from '../history/event.ts';
import { base64Bytes } from './base64.ts';
import { payloadEncoding } from './encoding.ts';

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

/** A byte of the length that stands within. */
const ANY = -1;
const IMAGES: readonly (readonly [start: readonly number[], mediaType: string])[] = [
  [[0x89, 0x50, 0x4e, 0x47], 'image/png'],
  [[0xff, 0xd8, 0xff], 'image/jpeg'],
  [[0x47, 0x49, 0x46, 0x38], 'image/gif'],
  [[0x52, 0x49, 0x46, 0x46, ANY, ANY, ANY, ANY, 0x57, 0x45, 0x42, 0x50], 'image/webp'],
];
/** Levels of JSON inside each other that are shown as a tree. Deeper than any person reads, shallower than stacks end. */
export const JSON_DEPTH_MAX = 500;
const MARKDOWN = /^(#{1,6} |[-*] |\d+\. |> |```|\|.*\|$)|\*\*[^*\n]+\*\*|\[[^\]\n]+\]\([^)\n]+\)/m;

const BRACKETS_AND_STRINGS = /[[\]{}]|"(?:[^"\\]|\\.)*"/gs;

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

/** The value of a payload of JSON. undefined: it is of another encoding, not what it says, or deeper than anybody looks. */
export function payloadJson(payload: Payload): ExactJson | undefined {
  return payloadEncoding(payload).startsWith('json/') ? readJson(base64Bytes(payload.data ?? ''))?.value : undefined;
}

/** JSON text of a value, with numbers as they were written. */
export function exactJsonText(value: ExactJson, indent = 0): string {
  return write(value, indent, '');
}

function jsonView(bytes: Uint8Array<ArrayBuffer>, encoding: string): PayloadView {
  const json = readJson(bytes);
  if (json === undefined) return { kind: 'bytes', bytes, encoding };
  const { value, text } = json;
  if (value === undefined) return { kind: 'text', text, isMarkdown: false };
  // A long text is read more easily as text than as a JSON string.
  if (typeof value === 'string' && MARKDOWN.test(value) && value.includes('\n')) {
    return { kind: 'text', text: value, isMarkdown: true };
  }
  return { kind: 'json', value, text };
}

interface Json {
  readonly text: string;
  /** undefined: it is deeper than anybody looks. */
  readonly value: ExactJson | undefined;
}

/** undefined: it is no UTF-8 or no JSON. */
function readJson(bytes: Uint8Array): Json | undefined {
  try {
    const text = decodeUtf8(bytes, true);
    return { text, value: isDeeper(text, JSON_DEPTH_MAX) ? undefined : parseExactJson(text) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Before it is parsed: what walks a value calls itself for each level, and would run out of stack. */
function isDeeper(text: string, depthMax: number): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(BRACKETS_AND_STRINGS)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
}

function plainView(bytes: Uint8Array<ArrayBuffer>, encoding: string): PayloadView {
  const found = IMAGES.find(([start]) => start.every((byte, i) => byte === ANY || bytes[i] === byte));
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

/** @throws {TypeError} if it must be UTF-8 and is not */
function decodeUtf8(bytes: Uint8Array, fatal: boolean): string {
  return new TextDecoder('utf-8', { fatal }).decode(bytes);
}
