// Whether search attributes may be set, with the error texts that clients know. Nothing is thrown: a client's request is
// refused for it, a workflow's command fails its task.

import { Payload } from '@perdure/api/common';
import type { Limits } from '../limits.ts';
import { attributeFields, attributeTypeName } from './fields.ts';
import { isReadOnlyAttribute, isServerAttribute, type SearchAttributeSchema, storedType } from './schema.ts';
import { isValueOf, shownValue } from './value.ts';

/** The first name that nobody has registered; the service looks for it before anything else. */
export function unknownAttributeProblem(encoded: Uint8Array, schema: SearchAttributeSchema): string | undefined {
  for (const name of attributeFields(encoded).keys()) {
    if (isServerAttribute(name) || schema.custom.has(name)) continue;
    return `Namespace ${schema.namespace} has no mapping defined for search attribute ${name}`;
  }
  return undefined;
}

/** Number, names and types. */
export function attributeProblem(
  encoded: Uint8Array,
  schema: SearchAttributeSchema,
  limits: Limits,
): string | undefined {
  const fields = attributeFields(encoded);
  const keysMax = limits.searchAttributeKeysMax;
  if (fields.size > keysMax) return `number of search attributes ${fields.size} exceeds limit ${keysMax}`;
  for (const [name, bytes] of fields) {
    if (isReadOnlyAttribute(name)) return `${name} attribute can't be set in SearchAttributes`;
    const type = storedType(name, schema);
    if (type === undefined) return `search attribute ${name} is not defined`;
    const payload = Payload.decode(bytes);
    if (isValueOf(type, payload)) continue;
    return `invalid value for search attribute ${name} of type ${attributeTypeName(type)}: ${shownValue(payload)}`;
  }
  return undefined;
}

/** Of single values and of all together. */
export function attributeSizeProblem(encoded: Uint8Array, limits: Limits): string | undefined {
  const { searchAttributeSizeMax: sizeMax, searchAttributesTotalSizeMax: totalMax } = limits;
  for (const [name, bytes] of attributeFields(encoded)) {
    const size = bytes.length > sizeMax ? Payload.decode(bytes).data.length : 0;
    if (size > sizeMax) return `search attribute ${name} value size ${size} exceeds size limit ${sizeMax}`;
  }
  if (encoded.length <= totalMax) return undefined;
  return `total size of search attributes ${encoded.length} exceeds size limit ${totalMax}`;
}

/** All of the above, in the order of the service. */
export function searchAttributeProblem(
  encoded: Uint8Array,
  schema: SearchAttributeSchema,
  limits: Limits,
): string | undefined {
  return (
    unknownAttributeProblem(encoded, schema) ??
    attributeProblem(encoded, schema, limits) ??
    attributeSizeProblem(encoded, limits)
  );
}
