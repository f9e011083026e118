// JSON Schema of the API's messages and fields, as far as both versions of OpenAPI have it.

import type { FieldSchema, MessageSchema, Schema } from '@perdure/api/json';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const SCALARS: Readonly<Record<string, JsonObject>> = {
  double: { type: 'number', format: 'double' },
  float: { type: 'number', format: 'float' },
  int32: { type: 'integer', format: 'int32' },
  sint32: { type: 'integer', format: 'int32' },
  sfixed32: { type: 'integer', format: 'int32' },
  uint32: { type: 'integer', format: 'int64' },
  fixed32: { type: 'integer', format: 'int64' },
  // JSON numbers would lose digits.
  int64: { type: 'string', format: 'int64' },
  sint64: { type: 'string', format: 'int64' },
  sfixed64: { type: 'string', format: 'int64' },
  uint64: { type: 'string', format: 'uint64' },
  fixed64: { type: 'string', format: 'uint64' },
  bool: { type: 'boolean' },
  string: { type: 'string' },
  bytes: { type: 'string', format: 'byte' },
};

/** Messages that are something else than an object with their fields, by full name. */
const SPECIAL: Readonly<Record<string, JsonObject>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string', description: 'Seconds, as in "1.5s".', example: '10s' },
  'google.protobuf.FieldMask': { type: 'string', description: 'Names of fields, separated by commas.' },
  'google.protobuf.Any': {
    type: 'object',
    description: 'The fields of a message, and its type.',
    properties: { '@type': { type: 'string' } },
    additionalProperties: true,
  },
  'google.protobuf.Struct': { type: 'object', additionalProperties: true },
  'google.protobuf.ListValue': { type: 'array', items: {} },
  'google.protobuf.Value': { description: 'Any JSON value.' },
  'google.protobuf.DoubleValue': { type: 'number', format: 'double' },
  'google.protobuf.FloatValue': { type: 'number', format: 'float' },
  'google.protobuf.Int64Value': { type: 'string', format: 'int64' },
  'google.protobuf.UInt64Value': { type: 'string', format: 'uint64' },
  'google.protobuf.Int32Value': { type: 'integer', format: 'int32' },
  'google.protobuf.UInt32Value': { type: 'integer', format: 'int64' },
  'google.protobuf.BoolValue': { type: 'boolean' },
  'google.protobuf.StringValue': { type: 'string' },
  'google.protobuf.BytesValue': { type: 'string', format: 'byte' },
  'temporal.api.common.v1.Payload': {
    description:
      'Any JSON value, which stands for a payload with the encoding json/plain; or a whole payload: an object with "metadata" (an object of base64 strings, among them "encoding") and "data" (base64).',
  },
  'temporal.api.common.v1.Payloads': {
    description: 'An array of payloads, or of the JSON values that stand for them; or an object with "payloads".',
  },
};

const TEXT = /^google\.protobuf\.(?:Timestamp|Duration|FieldMask|\w+Value)$/;
const NO_TEXT = new Set(['google.protobuf.ListValue']);

/** A query can hold it: no message, or one whose JSON is a single value. */
export function isText({ type, typeName }: FieldSchema): boolean {
  return type !== 'message' || (TEXT.test(typeName) && !NO_TEXT.has(typeName));
}

/** Of one value of the field, without references: for parameters. */
export function textSchema(schema: Schema, { type, typeName }: FieldSchema): JsonObject {
  if (type === 'message') return SPECIAL[typeName] ?? { type: 'string' };
  if (type === 'enum') return { type: 'string', enum: [...schema.enumeration(typeName).nameOf.values()] };
  return SCALARS[type] as JsonObject;
}

/** Of the messages and of all that they contain, by full name. */
export function definitions(schema: Schema, roots: Iterable<string>, refPrefix: string): JsonObject {
  const found = new Map<string, JsonObject>();
  const pending = [...roots];
  for (let fullName = pending.pop(); fullName !== undefined; fullName = pending.pop()) {
    if (found.has(fullName)) continue;
    const type = schema.message(fullName);
    found.set(fullName, SPECIAL[fullName] ?? objectSchema(schema, type, refPrefix));
    if (SPECIAL[fullName] === undefined) pending.push(...contained(schema, type));
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function contained(schema: Schema, { fields }: MessageSchema): string[] {
  return fields.flatMap((field) => {
    if (field.type !== 'message') return [];
    const type = schema.message(field.typeName);
    return type.isMapEntry ? contained(schema, type) : [field.typeName];
  });
}

function objectSchema(schema: Schema, { fields }: MessageSchema, refPrefix: string): JsonObject {
  const properties = fields.map((field) => [field.name, fieldSchema(schema, field, refPrefix)] as const);
  return { type: 'object', ...(fields.length === 0 ? {} : { properties: Object.fromEntries(properties) }) };
}

function fieldSchema(schema: Schema, field: FieldSchema, refPrefix: string): JsonObject {
  const entry = field.type === 'message' ? schema.message(field.typeName) : undefined;
  const mapValue = entry?.isMapEntry ? entry.byName.get('value') : undefined;
  if (mapValue !== undefined) return { type: 'object', additionalProperties: fieldSchema(schema, mapValue, refPrefix) };
  const one = field.type === 'message' ? { $ref: refPrefix + field.typeName } : textSchema(schema, field);
  return field.repeated ? { type: 'array', items: one } : one;
}
