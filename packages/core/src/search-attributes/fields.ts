// Search attributes and memos as they travel: maps of payloads. A null value means that the key is removed.

import { Memo, Payload, SearchAttributes } from '@perdure/api/common';
import { IndexedValueTypeNames } from '@perdure/api/enums';
import { type SearchAttributeSchema, storedType } from './schema.ts';

const NO_BYTES = new Uint8Array(0);
const TYPE_KEY = 'type';
const utf8 = new TextEncoder();

type Fields = Map<string, Uint8Array>;

export function attributeFields(encoded: Uint8Array | undefined): Fields {
  return SearchAttributes.decode(encoded ?? NO_BYTES).indexedFields;
}

export function memoFields(encoded: Uint8Array | undefined): Fields {
  return Memo.decode(encoded ?? NO_BYTES).fields;
}

/** `KeywordList`, as payloads and error texts spell a type. */
export function attributeTypeName(type: number): string {
  return IndexedValueTypeNames.name(type)
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}

/**
 * The attributes with their types written on them: clients read them by these, and lists find them by these. A client that
 * has written another type on one is corrected.
 */
export function withTypes(encoded: Uint8Array, schema: SearchAttributeSchema): Uint8Array {
  const fields = attributeFields(encoded);
  let changed = false;
  for (const [name, bytes] of fields) {
    const type = storedType(name, schema);
    if (type === undefined) continue;
    const payload = Payload.decode(bytes);
    const typeName = attributeTypeName(type);
    const given = payload.metadata.get(TYPE_KEY);
    if (given !== undefined && equalsAscii(given, typeName)) continue;
    payload.metadata.set(TYPE_KEY, utf8.encode(typeName));
    fields.set(name, Payload.encode(payload));
    changed = true;
  }
  return changed ? SearchAttributes.encode({ indexedFields: fields }) : encoded;
}

/** What a new run begins with: the attributes that are not null, or nothing at all. */
export function setAttributes(encoded: Uint8Array | undefined): Uint8Array | undefined {
  return withoutNulls(encoded, attributeFields, (indexedFields) => SearchAttributes.encode({ indexedFields }));
}

/** What a new run begins with: the memo without nulls, or nothing at all. */
export function setMemo(encoded: Uint8Array | undefined): Uint8Array | undefined {
  return withoutNulls(encoded, memoFields, (fields) => Memo.encode({ fields }));
}

function withoutNulls(
  encoded: Uint8Array | undefined,
  decode: (bytes: Uint8Array) => Fields,
  encode: (fields: Fields) => Uint8Array,
): Uint8Array | undefined {
  if (encoded === undefined || encoded.length === 0) return undefined;
  const fields = decode(encoded);
  const { size } = fields;
  for (const [name, bytes] of fields) if (isNull(bytes)) fields.delete(name);
  if (fields.size === 0) return undefined;
  return fields.size === size ? encoded : encode(fields);
}

export function mergedAttributes(encoded: Uint8Array | undefined, changes: Uint8Array | undefined): Uint8Array {
  return SearchAttributes.encode({ indexedFields: merged(attributeFields(encoded), attributeFields(changes)) });
}

export function mergedMemo(encoded: Uint8Array | undefined, changes: Uint8Array | undefined): Uint8Array {
  return Memo.encode({ fields: merged(memoFields(encoded), memoFields(changes)) });
}

function merged(into: Fields, changes: ReadonlyMap<string, Uint8Array>): Fields {
  for (const [name, bytes] of changes) {
    if (isNull(bytes)) into.delete(name);
    else into.set(name, bytes);
  }
  return into;
}

/** No data, JSON null or []. */
function isNull(bytes: Uint8Array): boolean {
  const { data } = Payload.decode(bytes);
  return data.length === 0 || equalsAscii(data, 'null') || equalsAscii(data, '[]');
}

function equalsAscii(data: Uint8Array, text: string): boolean {
  return data.length === text.length && data.every((byte, i) => byte === text.charCodeAt(i));
}
