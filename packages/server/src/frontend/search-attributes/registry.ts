// The search attributes that users register, per namespace. They are kept as the API shows them in a namespace's
// configuration: a field for each (`Keyword01`, which says the type), and the name that users gave to it.

import { invalidArgument } from '@perdure/api';
import { IndexedValueType as Type } from '@perdure/api/enums';
import { attributeTypeName, isReservedAttribute, isServerAttribute } from '@perdure/core';
import type { SearchAttributeLimits } from '../../config/config.ts';

/** From a field to the name that users gave to it. */
export type FieldNames = ReadonlyMap<string, string>;

/** The types that can be registered, by the names that users know. */
export const SEARCH_ATTRIBUTE_TYPES: ReadonlyMap<string, number> = new Map(
  [Type.TEXT, Type.KEYWORD, Type.INT, Type.DOUBLE, Type.BOOL, Type.DATETIME, Type.KEYWORD_LIST].map((type) => [
    attributeTypeName(type),
    type,
  ]),
);
const FIELD = /^([A-Z][A-Za-z]*)(?:0[1-9]|[1-9]\d)$/;

/** The names and types of what is registered. A field that stands for no type is nothing that can be set. */
export function customAttributes(fields: FieldNames): Map<string, number> {
  const custom = new Map<string, number>();
  for (const [field, name] of fields) {
    const type = SEARCH_ATTRIBUTE_TYPES.get(FIELD.exec(field)?.[1] ?? '');
    if (type !== undefined) custom.set(name, type);
  }
  return custom;
}

/** @throws INVALID_ARGUMENT a name is reserved, or there is no such type */
export function checkDefinitions(added: ReadonlyMap<string, number>): void {
  for (const [name, type] of added) {
    if (name === '') throw invalidArgument('The name of a search attribute is empty.');
    if (isReservedAttribute(name)) throw invalidArgument(`Search attribute ${name} is reserved by system.`);
    // That no type was given is found out later: there is no field for it.
    if (type !== Type.UNSPECIFIED && ![...SEARCH_ATTRIBUTE_TYPES.values()].includes(type)) {
      throw invalidArgument(`Unknown search attribute type: ${type}.`);
    }
  }
}

/**
 * The fields with these attributes added. A name that exists already stays as it is, of whatever type.
 * @throws INVALID_ARGUMENT the namespace has no field of the type left
 */
export function withAdded(
  fields: FieldNames,
  added: ReadonlyMap<string, number>,
  limits: SearchAttributeLimits,
): FieldNames {
  const known = new Set(fields.values());
  const result = new Map(fields);
  for (const [name, type] of added) {
    if (known.has(name)) continue;
    result.set(freeField(result, type, limits), name);
  }
  return result;
}

function freeField(fields: FieldNames, type: number, limits: SearchAttributeLimits): string {
  const typeName = attributeTypeName(type);
  const count = limits[typeName] ?? 0;
  for (let number = 1; number <= count; number++) {
    const field = `${typeName}${String(number).padStart(2, '0')}`;
    if (!fields.has(field)) return field;
  }
  throw invalidArgument(
    `Unable to create search attributes: cannot have more than ${count} search attribute of type ${typeName}.`,
  );
}

/**
 * The fields without these attributes; a name that nobody registered is passed over.
 * @throws INVALID_ARGUMENT a name is one of the system's
 */
export function withRemoved(fields: FieldNames, removed: readonly string[]): FieldNames {
  const fieldOf = new Map([...fields].map(([field, name]) => [name, field]));
  const result = new Map(fields);
  for (const name of removed) {
    const field = fieldOf.get(name);
    if (field !== undefined) result.delete(field);
    else if (isServerAttribute(name)) {
      throw invalidArgument(`Unable to remove non-custom search attributes: ${name}.`);
    }
  }
  return result;
}
