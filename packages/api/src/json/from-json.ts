// From JSON to an encoded message, for every message of the API, guided by the schema. The reverse of to-json.ts, and
// like it in two parts: messages and their fields, then the well-known types with forms of their own.
//
// It reads a tree (json-node.ts) rather than text: whoever has more to say than the text does, such as the path and the
// query of an HTTP request, adds to the tree first.

import { depthMax, Writer } from '../wire.ts';
import { type JsonNode, locate, MessageTooLargeError, NodeError, parseJson } from './json-node.ts';
import { PAYLOAD, PAYLOADS, payloadOfValue } from './payload-shorthand.ts';
import { enumFromJson, type ScalarValue, scalarFromJson, wrong } from './scalars.ts';
import type { FieldSchema, MessageSchema, ScalarType, Schema } from './schema.ts';
import { durationFromJson, timestampFromJson } from './times.ts';
import { isPackable, tagOf } from './wire-values.ts';

export interface FromJsonOptions {
  /** Whatever does not look like a payload is the value of one. */
  readonly payloadShorthand?: boolean;
  /** Members that the message does not have are left out; otherwise they are errors. */
  readonly ignoreUnknown?: boolean;
  /** A larger message is not made. */
  readonly bytesMax?: number;
}

interface Context {
  readonly schema: Schema;
  readonly writer: Writer;
  readonly payloadShorthand: boolean;
  readonly ignoreUnknown: boolean;
  readonly bytesMax: number;
}

/** @throws {JsonError} with the line and the column. @throws {MessageTooLargeError} */
export function messageFromJson(
  schema: Schema,
  typeName: string,
  text: string,
  options: FromJsonOptions = {},
): Uint8Array {
  const node = parseJson(text);
  try {
    return messageFromNode(schema, typeName, node, options);
  } catch (error) {
    throw error instanceof NodeError ? locate(error, text) : error;
  }
}

/** @throws {NodeError} @throws {MessageTooLargeError} */
export function messageFromNode(
  schema: Schema,
  typeName: string,
  node: JsonNode,
  { payloadShorthand = false, ignoreUnknown = false, bytesMax = Number.POSITIVE_INFINITY }: FromJsonOptions = {},
): Uint8Array {
  const writer = Writer.acquire();
  const context = { schema, writer, payloadShorthand, ignoreUnknown, bytesMax };
  writeMessage(context, schema.message(typeName), node, 0);
  checkSize(context);
  return writer.finish();
}

function checkSize({ writer, bytesMax }: Context): void {
  if (writer.length > bytesMax) throw new MessageTooLargeError(`the message is larger than ${bytesMax} bytes`);
}

/** The fields of the message, without tag and length. */
function writeMessage(context: Context, type: MessageSchema, node: JsonNode, depth: number): void {
  if (depth >= depthMax) throw new NodeError(`messages are nested deeper than ${depthMax}`, node.at);
  const special = specialForms.get(type.fullName);
  if (special !== undefined) return special(context, type, node, depth);
  if (context.payloadShorthand && writeShorthand(context, type, node, depth)) return;
  if (node.kind !== 'object') throw wrong(node, `an object (${type.fullName})`);
  writeFields(context, type, node, depth);
}

/** In the order of field numbers, as every codec writes them, whatever the order in the JSON is. */
function writeFields(context: Context, type: MessageSchema, node: JsonNode & { kind: 'object' }, depth: number): void {
  const given = [...membersByField(context, type, node)].sort(([a], [b]) => a.number - b.number);
  for (const [field, value] of given) writeField(context, field, value, depth);
}

function membersByField(
  { ignoreUnknown }: Context,
  type: MessageSchema,
  node: JsonNode & { kind: 'object' },
): ReadonlyMap<FieldSchema, JsonNode> {
  const given = new Map<FieldSchema, JsonNode>();
  const oneofs = new Map<string, FieldSchema>();
  for (const { key, at, value } of node.members) {
    const field = type.byName.get(key);
    if (field === undefined) {
      if (ignoreUnknown) continue;
      throw new NodeError(`unknown field ${JSON.stringify(key)} (${type.fullName} has no such field)`, at);
    }
    if (given.has(field)) throw new NodeError(`duplicate field ${JSON.stringify(key)}`, at);
    // Null is the same as absent, except where it is a value.
    if (value.kind === 'null' && !isNullable(field)) continue;
    if (field.oneof !== undefined) {
      const other = oneofs.get(field.oneof);
      if (other !== undefined) {
        throw new NodeError(
          `only one of ${JSON.stringify(other.name)} and ${JSON.stringify(field.name)} may be set`,
          at,
        );
      }
      oneofs.set(field.oneof, field);
    }
    given.set(field, value);
  }
  return given;
}

function isNullable({ typeName, repeated }: FieldSchema): boolean {
  return !repeated && (typeName === 'google.protobuf.Value' || typeName === 'google.protobuf.NullValue');
}

function writeField(context: Context, field: FieldSchema, node: JsonNode, depth: number): void {
  const { schema, writer } = context;
  if (!field.repeated) {
    if (field.type === 'message') return writeNested(context, field, node, depth);
    const value = scalar(context, field, node);
    if (value.isDefault && !field.presence) return;
    writer.uint32Value(tagOf(field));
    return value.write(writer);
  }
  const entry = field.type === 'message' ? schema.message(field.typeName) : undefined;
  if (entry?.isMapEntry) return writeMap(context, field, entry, node, depth);
  if (node.kind !== 'array') throw wrong(node, `an array (${field.name})`);
  if (field.type === 'message') {
    for (const item of node.items) writeNested(context, field, item, depth);
    return;
  }
  const values = node.items.map((item) => scalar(context, field, item));
  if (isPackable(field)) writePacked(writer, field, values);
  else for (const value of values) writeTagged(writer, field, value);
}

function writeTagged(writer: Writer, field: FieldSchema, value: ScalarValue): void {
  writer.uint32Value(tagOf(field));
  value.write(writer);
}

function writePacked(writer: Writer, { number }: FieldSchema, values: readonly ScalarValue[]): void {
  if (values.length === 0) return;
  const start = writer.open(number * 8 + 2);
  for (const value of values) value.write(writer);
  writer.close(start);
}

function writeNested(context: Context, field: FieldSchema, node: JsonNode, depth: number): void {
  const { schema, writer } = context;
  const start = writer.open(tagOf(field));
  writeMessage(context, schema.message(field.typeName), node, depth + 1);
  writer.close(start);
  checkSize(context);
}

function scalar({ schema }: Context, field: FieldSchema, node: JsonNode): ScalarValue {
  if (field.type === 'message') throw new Error(`${field.name} is a message`);
  if (field.type !== 'enum') return scalarFromJson(field.type, node);
  if (field.typeName === 'google.protobuf.NullValue' && node.kind === 'null') {
    return { isDefault: false, write: (writer) => writer.int32Value(0) };
  }
  return enumFromJson(schema.enumeration(field.typeName), node);
}

function writeMap(context: Context, field: FieldSchema, entry: MessageSchema, node: JsonNode, depth: number): void {
  if (node.kind !== 'object') throw wrong(node, `an object (${field.name})`);
  const [keyField, valueField] = entry.fields as [FieldSchema, FieldSchema];
  const { writer } = context;
  const seen = new Set<string>();
  for (const { key, at, value } of node.members) {
    if (seen.has(key)) throw new NodeError(`duplicate key ${JSON.stringify(key)}`, at);
    seen.add(key);
    const start = writer.open(tagOf(field));
    writeTagged(writer, keyField, scalarFromJson(keyField.type as ScalarType, keyNode(keyField, key, at)));
    if (valueField.type === 'message') writeNested(context, valueField, value, depth);
    else writeTagged(writer, valueField, scalar(context, valueField, value));
    writer.close(start);
  }
}

/** Keys are strings in JSON, whatever they are in the map. */
function keyNode({ type }: FieldSchema, key: string, at: number): JsonNode {
  if (type === 'bool' && /^(true|false)$/.test(key)) return { kind: 'bool', at, value: key === 'true' };
  return { kind: 'string', at, value: key };
}

function writeShorthand(context: Context, type: MessageSchema, node: JsonNode, depth: number): boolean {
  if (type.fullName === PAYLOAD) {
    const payload = payloadOfValue(node);
    if (payload !== undefined) context.writer.raw(payload);
    return payload !== undefined;
  }
  if (type.fullName !== PAYLOADS || node.kind !== 'array') return false;
  for (const item of node.items) writeNested(context, type.fields[0] as FieldSchema, item, depth);
  return true;
}

type SpecialForm = (context: Context, type: MessageSchema, node: JsonNode, depth: number) => void;

const specialForms: ReadonlyMap<string, SpecialForm> = new Map<string, SpecialForm>([
  ['google.protobuf.Timestamp', ({ writer }, _type, node) => writer.raw(timestampFromJson(node))],
  ['google.protobuf.Duration', ({ writer }, _type, node) => writer.raw(durationFromJson(node))],
  ['google.protobuf.FieldMask', readFieldMask],
  ['google.protobuf.Any', readAny],
  ['google.protobuf.Struct', readOnlyField],
  ['google.protobuf.ListValue', readOnlyField],
  ['google.protobuf.Value', readJsonValue],
  ...'Double Float Int64 UInt64 Int32 UInt32 Bool String Bytes'
    .split(' ')
    .map((name): [string, SpecialForm] => [`google.protobuf.${name}Value`, readOnlyField]),
]);

/** The whole node is the value of the only field: of wrappers, structs and lists. */
function readOnlyField(context: Context, { fields }: MessageSchema, node: JsonNode, depth: number): void {
  writeField(context, fields[0] as FieldSchema, node, depth);
}

function readFieldMask({ writer }: Context, { fields }: MessageSchema, node: JsonNode): void {
  if (node.kind !== 'string') throw wrong(node, 'a string with the names of fields');
  const paths = node.value === '' ? [] : node.value.split(',');
  for (const path of paths) {
    const protoPath = path.trim().replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    writer.string(tagOf(fields[0] as FieldSchema), protoPath);
  }
}

const VALUE_MEMBERS = {
  null: 'nullValue',
  number: 'numberValue',
  string: 'stringValue',
  bool: 'boolValue',
  object: 'structValue',
  array: 'listValue',
} as const;

function readJsonValue(context: Context, { byName }: MessageSchema, node: JsonNode, depth: number): void {
  writeField(context, byName.get(VALUE_MEMBERS[node.kind]) as FieldSchema, node, depth);
}

function readAny(context: Context, { byName }: MessageSchema, node: JsonNode, depth: number): void {
  if (node.kind !== 'object') throw wrong(node, 'an object with "@type"');
  if (node.members.length === 0) return;
  const typeNode = node.members.find(({ key }) => key === '@type')?.value;
  if (typeNode?.kind !== 'string') throw new NodeError('"@type" must name the type of the message', node.at);
  const { schema } = context;
  const typeUrl = typeNode.value;
  const type = schema.findMessage(typeUrl.slice(typeUrl.lastIndexOf('/') + 1));
  const members = node.members.filter(({ key }) => key !== '@type');
  const [urlField, valueField] = [byName.get('typeUrl'), byName.get('value')] as [FieldSchema, FieldSchema];
  writeField(context, urlField, typeNode, depth);
  if (type !== undefined && !specialForms.has(type.fullName)) {
    return writeContent(context, valueField, type, { ...node, members }, depth);
  }
  const value = members.find(({ key }) => key === 'value')?.value;
  if (value === undefined || members.length > 1) {
    throw new NodeError(`${typeUrl} must have one member beside "@type": "value"`, node.at);
  }
  // The content of a type that nobody here knows is its bytes.
  if (type === undefined) writeField(context, valueField, value, depth);
  else writeContent(context, valueField, type, value, depth);
}

/** A message in a field of bytes, which is left out when it is empty. */
function writeContent(context: Context, field: FieldSchema, type: MessageSchema, node: JsonNode, depth: number): void {
  const writer = Writer.acquire();
  writeMessage({ ...context, writer }, type, node, depth + 1);
  const content = writer.finish();
  if (content.length > 0) context.writer.bytes(tagOf(field), content);
}
