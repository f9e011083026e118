// Is a payload a value of a type? The rules are those of the service, which reads JSON into its own types: a list of one
// value counts as the value, null and an empty list mean that the attribute is removed.

import type { Payload } from '@perdure/api/common';
import { IndexedValueType as Type } from '@perdure/api/enums';
import { parseRfc3339 } from './datetime.ts';

// A lone byte that is not UTF-8 is replaced, as the service does; a byte order mark is no JSON.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isValueOf(type: number, payload: Payload): boolean {
  if (encodingOf(payload) === 'binary/null') return true;
  const json = jsonOf(payload);
  if (json === undefined) return false;
  if (json === null) return true;
  const isOne = (value: Json) => isSingle(type, value, payload);
  if (isOne(json)) return true;
  if (!isList(json) || json.length > 1) return false;
  const [only = null] = json;
  // [null] reads as a list of the type's empty value.
  return only === null || isOne(only);
}

function isSingle(type: number, value: Json, payload: Payload): boolean {
  switch (type) {
    case Type.TEXT:
    case Type.KEYWORD:
      return typeof value === 'string';
    case Type.INT:
      return typeof value === 'number' && int64Of(payload) !== undefined;
    case Type.DOUBLE:
      return typeof value === 'number' && Number.isFinite(value);
    case Type.BOOL:
      return typeof value === 'boolean';
    case Type.DATETIME:
      return typeof value === 'string' && parseRfc3339(value) !== undefined;
    case Type.KEYWORD_LIST:
      return isList(value) && value.every((item) => item === null || typeof item === 'string');
    default:
      return false;
  }
}

/** The only number in a JSON text, alone or in a list. 1.0 and 1e3 are no integers. */
const ONLY_INTEGER = /^[\s[]*(-?\d+)[\s\]]*$/;

/** The one integer of 64 bits that a payload holds, exactly. */
export function int64Of(payload: Payload): bigint | undefined {
  const [, digits] = ONLY_INTEGER.exec(utf8.decode(payload.data)) ?? [];
  if (digits === undefined) return undefined;
  const value = BigInt(digits);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function encodingOf(payload: Payload): string {
  return utf8.decode(payload.metadata.get('encoding'));
}

/** undefined: not of the encoding json/plain, or no JSON. */
export function jsonOf(payload: Payload): Json | undefined {
  if (encodingOf(payload) !== 'json/plain') return undefined;
  try {
    return JSON.parse(utf8.decode(payload.data)) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** How error texts show a value. Clients compare them: numbers, lists and maps look as in the service. */
export function shownValue(payload: Payload): string {
  const encoding = encodingOf(payload);
  if (encoding === 'binary/null') return '<nil>';
  if (encoding === 'binary/plain') return `[${payload.data.join(' ')}]`;
  const json = jsonOf(payload);
  if (json !== undefined && Number.isFinite(typeof json === 'number' ? json : 0)) return shownJson(json);
  const metadata = [...payload.metadata].map(([key, value]) => `metadata:{key:${quote(key)} value:${quoted(value)}}`);
  return `value from <${[...metadata, `data:${quoted(payload.data)}`].join(' ')}>`;
}

function shownJson(value: Json): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return shownNumber(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(shownJson).join(' ')}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${shownJson(item)}`).join(' ')}]`;
}

/** From this exponent on a number is shown with it: 1e+06. */
const EXPONENT_MAX = 6;
const EXPONENT_MIN = -4;

function shownNumber(value: number): string {
  const withExponent = value.toExponential();
  const exponent = Number(withExponent.slice(withExponent.indexOf('e') + 1));
  if (exponent >= EXPONENT_MIN && exponent < EXPONENT_MAX) return String(value);
  return withExponent.replace(/e([+-])(\d)$/, 'e$10$2');
}

function quoted(bytes: Uint8Array): string {
  return quote(utf8.decode(bytes));
}

function quote(text: string): string {
  return JSON.stringify(text);
}
