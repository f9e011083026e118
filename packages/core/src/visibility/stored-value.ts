import { Payload } from '@perdure/api/common';
import { parseRfc3339 } from '../search-attributes/datetime.ts';
import { attributeFields } from '../search-attributes/fields.ts';
import { int64Of, isList, type Json, jsonOf } from '../search-attributes/value.ts';
import type { FieldType, FilterValue } from './filter.ts';

/** What a row has in a field: a keyword list has its items. */
export type StoredValue = FilterValue | readonly string[];

const TYPE_KEY = 'type';
const utf8 = new TextDecoder();

/** The types by the names that payloads carry. */
const FIELD_TYPES: ReadonlyMap<string, FieldType> = new Map([
  ['Keyword', 'keyword'],
  ['Text', 'text'],
  ['Int', 'int'],
  ['Double', 'double'],
  ['Bool', 'bool'],
  ['Datetime', 'datetime'],
  ['KeywordList', 'keywordList'],
]);

/**
 * The value of a stored search attribute, an encoded Payload; undefined: none of this type. The service's rules hold: a
 * list of one counts as its item, and null in it as the empty value.
 */
export function readAttribute(encoded: Uint8Array, type: FieldType): StoredValue | undefined {
  return valueOf(Payload.decode(encoded), type);
}

/** All values of encoded SearchAttributes, by name, of the types that are written on them. What has none is left out. */
export function readAttributes(
  encoded: Uint8Array,
): Map<string, { readonly type: FieldType; readonly value: StoredValue }> {
  const values = new Map<string, { type: FieldType; value: StoredValue }>();
  for (const [name, bytes] of attributeFields(encoded)) {
    const payload = Payload.decode(bytes);
    const type = FIELD_TYPES.get(utf8.decode(payload.metadata.get(TYPE_KEY)));
    const value = type === undefined ? undefined : valueOf(payload, type);
    if (type !== undefined && value !== undefined) values.set(name, { type, value });
  }
  return values;
}

function valueOf(payload: Payload, type: FieldType): StoredValue | undefined {
  const json = jsonOf(payload);
  if (json === undefined || json === null) return undefined;
  if (type === 'keywordList') return keywords(json);
  if (!isList(json)) return single(json, type, payload);
  if (json.length !== 1) return undefined;
  const [only = null] = json;
  return only === null ? EMPTY_VALUES[type] : single(only, type, payload);
}

const EMPTY_VALUES = {
  keyword: '',
  text: '',
  int: 0,
  double: 0,
  bool: false,
  datetime: parseRfc3339('0001-01-01T00:00:00Z'),
} as const;

function keywords(json: Json): readonly string[] | undefined {
  if (!isList(json)) return undefined;
  const [only] = json;
  const items = json.length === 1 && only !== undefined && only !== null && isList(only) ? only : json;
  const strings = items.map((item) => (item === null ? '' : item));
  if (strings.length === 0 || !strings.every((item) => typeof item === 'string')) return undefined;
  return strings.map((item) => item.toWellFormed());
}

function single(json: Json, type: Exclude<FieldType, 'keywordList'>, payload: Payload): FilterValue | undefined {
  switch (type) {
    case 'keyword':
    case 'text':
      // Half of a surrogate pair, which JSON can spell, could be neither stored nor asked for.
      return typeof json === 'string' ? json.toWellFormed() : undefined;
    case 'int':
      return typeof json === 'number' ? exactInt(payload) : undefined;
    case 'double':
      return typeof json === 'number' && Number.isFinite(json) ? json : undefined;
    case 'bool':
      return typeof json === 'boolean' ? json : undefined;
    case 'datetime':
      return typeof json === 'string' ? parseRfc3339(json) : undefined;
  }
}

function exactInt(payload: Payload): FilterValue | undefined {
  const value = int64Of(payload);
  return value === undefined ? undefined : exactNumber(value);
}

/** As a number where that is exact. */
export function exactNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
