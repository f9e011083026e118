// From an encoded message to JSON text, for every message of the API, guided by the schema. It reads the wire format
// itself, because the generated codecs leave payloads and events as bytes.
//
// Well-known types have forms of their own (the end of this file); payloads have a shorthand (payload-shorthand.ts).

import { depthMax, Reader } from '../wire.ts';
import { JsonWriter } from './json-writer.ts';
import { PAYLOAD, PAYLOADS, payloadValue } from './payload-shorthand.ts';
import { enumToJson, type ScalarJson, scalarToJson } from './scalars.ts';
import type { FieldSchema, MessageSchema, Schema } from './schema.ts';
import { durationToJson, timestampToJson } from './times.ts';
import { checkDepth, contentOf, messageContent, type RawValue, rawValues, tagOf, valuesOf } from './wire-values.ts';

/** Deeper than a request may be: an answer holds what requests have brought a few levels further down. */
const SHOWN_DEPTH_MAX = 2 * depthMax;
const NULL_VALUE = 'google.protobuf.NullValue';

export interface ToJsonOptions {
  /** Indented by two spaces. */
  readonly pretty?: boolean;
  /** Payloads of JSON are shown as their values. */
  readonly payloadShorthand?: boolean;
}

interface Context {
  readonly schema: Schema;
  readonly out: JsonWriter;
  readonly payloadShorthand: boolean;
}

/** @throws {ProtobufError} the bytes are not such a message */
export function messageToJson(
  schema: Schema,
  typeName: string,
  message: Uint8Array,
  { pretty = false, payloadShorthand = false }: ToJsonOptions = {},
): string {
  const out = new JsonWriter(pretty);
  writeMessage({ schema, out, payloadShorthand }, schema.message(typeName), message, 0);
  return out.text;
}

function writeMessage(context: Context, type: MessageSchema, message: Uint8Array, depth: number): void {
  writeMessageAt(context, type, new Reader(message), message.length, depth);
}

/** The message that the reader stands before and that ends at `end`; the reader is left behind it. */
function writeMessageAt(context: Context, type: MessageSchema, reader: Reader, end: number, depth: number): void {
  if (hasOwnForm(context, type) || !isInOrder(type, reader, end)) {
    const message = reader.buf.subarray(reader.pos, end);
    reader.pos = end;
    return writeWholeMessage(context, type, message, depth);
  }
  checkDepth(depth, SHOWN_DEPTH_MAX);
  context.out.open('{');
  writeInOrder(context, type, reader, end, depth);
  context.out.close('}');
}

function hasOwnForm({ payloadShorthand }: Context, { fullName }: MessageSchema): boolean {
  return specialForms.has(fullName) || (payloadShorthand && (fullName === PAYLOAD || fullName === PAYLOADS));
}

/**
 * Whether the fields stand as they are written: by ascending number, each once or together, of no oneof two. All that
 * ours and other common encoders make is like that, and needs neither gathering nor sorting. The reader stays where it is.
 */
function isInOrder({ byNumber }: MessageSchema, reader: Reader, end: number): boolean {
  const start = reader.pos;
  let before = 0;
  let oneof: string | undefined;
  let isSimple = true;
  while (isSimple && reader.pos < end) {
    const tag = reader.tag();
    const number = tag >>> 3;
    const field = byNumber.get(number);
    isSimple = number > before || (number === before && field?.repeated === true);
    if (field !== undefined) {
      // More than one oneof, or the same one again: rare enough to be looked at with care.
      if (tag !== tagOf(field) || (field.oneof !== undefined && oneof !== undefined)) isSimple = false;
      oneof ??= field.oneof;
    }
    before = number;
    reader.skip(tag);
  }
  // What runs past its end is told of by whoever reads the message by itself.
  isSimple &&= reader.pos === end;
  reader.pos = start;
  return isSimple;
}

function writeInOrder(context: Context, type: MessageSchema, reader: Reader, end: number, depth: number): void {
  while (reader.pos < end) {
    const tag = reader.tag();
    const field = type.byNumber.get(tag >>> 3);
    if (field === undefined) reader.skip(tag);
    else if (field.repeated) writeRepeatedAt(context, field, reader, end, depth);
    else writeFieldAt(context, field, reader, depth);
  }
}

/** All that stand together; the reader is behind the tag of the first one. */
function writeRepeatedAt(context: Context, field: FieldSchema, reader: Reader, end: number, depth: number): void {
  const { out, schema } = context;
  const tag = tagOf(field);
  const entry = field.type === 'message' ? schema.message(field.typeName) : undefined;
  const hasAnother = () => {
    const { pos } = reader;
    if (pos < end && reader.tag() === tag) return true;
    reader.pos = pos;
    return false;
  };
  out.quotedKey(field.quotedName);
  if (entry?.isMapEntry) {
    const values: Uint8Array[] = [];
    do values.push(valueAt(reader, tag));
    while (hasAnother());
    return writeMap(context, entry, values, depth);
  }
  out.open('[');
  do {
    if (entry !== undefined) writeMessageAt(context, entry, reader, endAt(reader), depth + 1);
    else out.literal(scalar(context, field, valueAt(reader, tag)).json);
  } while (hasAnother());
  out.close(']');
}

function writeFieldAt(context: Context, field: FieldSchema, reader: Reader, depth: number): void {
  const { out, schema } = context;
  if (field.type === 'message') {
    out.quotedKey(field.quotedName);
    return writeMessageAt(context, schema.message(field.typeName), reader, endAt(reader), depth + 1);
  }
  const { json, isDefault } =
    commonScalar(context, field, reader) ?? scalar(context, field, valueAt(reader, tagOf(field)));
  if (isDefault && !field.presence) return;
  out.quotedKey(field.quotedName);
  out.literal(json);
}

/** What most fields are, read where it stands. */
function commonScalar({ schema }: Context, field: FieldSchema, reader: Reader): ScalarJson | undefined {
  const { pos } = reader;
  switch (field.type) {
    case 'string': {
      const text = reader.string();
      return { json: JSON.stringify(text), isDefault: text === '' };
    }
    case 'int32': {
      const integer = reader.int32();
      return { json: String(integer), isDefault: integer === 0 };
    }
    case 'int64': {
      const integer = reader.int64();
      if (Number.isSafeInteger(integer)) return { json: `"${integer}"`, isDefault: integer === 0 };
      break;
    }
    case 'enum': {
      const number = reader.int32();
      const name = schema.enumeration(field.typeName).nameOf.get(number);
      if (name !== undefined && field.typeName !== NULL_VALUE) return { json: `"${name}"`, isDefault: number === 0 };
      break;
    }
    default:
  }
  reader.pos = pos;
  return undefined;
}

/** Where the length-delimited value ends that the reader stands before. */
function endAt(reader: Reader): number {
  const length = reader.uint32();
  return reader.pos + length;
}

/** With its length, if it has one. */
function valueAt(reader: Reader, tag: number): Uint8Array {
  const start = reader.pos;
  reader.skip(tag);
  return reader.buf.subarray(start, reader.pos);
}

/** A message of any form, whatever the order of its fields is. */
function writeWholeMessage(context: Context, type: MessageSchema, message: Uint8Array, depth: number): void {
  checkDepth(depth, SHOWN_DEPTH_MAX);
  const special = specialForms.get(type.fullName);
  if (special !== undefined) return special(context, type, message, depth);
  if (context.payloadShorthand && writeShorthand(context, type, message)) return;
  context.out.open('{');
  writeFields(context, type, message, depth);
  context.out.close('}');
}

function writeFields(context: Context, type: MessageSchema, message: Uint8Array, depth: number): void {
  const raw = rawValues(message);
  // Messages have many fields, and few of them are set.
  for (const [number, given] of [...raw].sort(([a], [b]) => a - b)) {
    const field = type.byNumber.get(number);
    if (field !== undefined && isLastOfOneof(type, field, message, raw)) writeField(context, field, given, depth);
  }
}

/** Of two members of a oneof the one that came later counts. */
function isLastOfOneof(
  { byNumber }: MessageSchema,
  field: FieldSchema,
  message: Uint8Array,
  raw: ReadonlyMap<number, RawValue[]>,
): boolean {
  if (field.oneof === undefined) return true;
  const present = [...raw.keys()].filter((number) => byNumber.get(number)?.oneof === field.oneof);
  if (present.length === 1) return true;
  let last = 0;
  const reader = new Reader(message);
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (present.includes(tag >>> 3)) last = tag >>> 3;
    reader.skip(tag);
  }
  return last === field.number;
}

function writeField(context: Context, field: FieldSchema, raw: readonly RawValue[], depth: number): void {
  const values = valuesOf(field, raw);
  const last = values.at(-1);
  if (last === undefined) return;
  const { schema, out } = context;
  if (field.repeated) {
    out.key(field.name);
    const entry = field.type === 'message' ? schema.message(field.typeName) : undefined;
    if (entry?.isMapEntry) return writeMap(context, entry, values, depth);
    out.open('[');
    for (const value of values) writeValue(context, field, [value], depth);
    return out.close(']');
  }
  if (field.type === 'message') {
    out.key(field.name);
    return writeMessage(context, schema.message(field.typeName), messageContent(values), depth + 1);
  }
  const { json, isDefault } = scalar(context, field, last);
  if (isDefault && !field.presence) return;
  out.key(field.name);
  out.literal(json);
}

function writeValue(context: Context, field: FieldSchema, values: readonly Uint8Array[], depth: number): void {
  if (field.type === 'message') {
    writeMessage(context, context.schema.message(field.typeName), messageContent(values), depth + 1);
  } else {
    context.out.literal(scalar(context, field, values[0] as Uint8Array).json);
  }
}

function scalar({ schema }: Context, field: FieldSchema, value: Uint8Array) {
  if (field.type === 'enum' && field.typeName === NULL_VALUE) return { json: 'null', isDefault: false };
  if (field.type === 'enum') return enumToJson(schema.enumeration(field.typeName), value);
  if (field.type === 'message') throw new Error(`${field.name} is a message`);
  return scalarToJson(field.type, value);
}

/** Of entries with the same key the last one counts. */
function writeMap(context: Context, entry: MessageSchema, values: readonly Uint8Array[], depth: number): void {
  const [key, value] = entry.fields as [FieldSchema, FieldSchema];
  const entries = new Map(
    values.map((bytes) => {
      const raw = rawValues(contentOf(bytes));
      const keyBytes = valuesOf(key, raw.get(1) ?? []).at(-1);
      return [keyBytes === undefined ? defaultKey(key) : keyText(context, key, keyBytes), raw.get(2) ?? []] as const;
    }),
  );
  context.out.open('{');
  for (const [text, raw] of entries) {
    context.out.key(text);
    const given = valuesOf(value, raw);
    const last = given.at(-1) ?? absentValue(value);
    writeValue(context, value, value.type === 'message' && given.length > 0 ? given : [last], depth);
  }
  context.out.close('}');
}

function keyText(context: Context, key: FieldSchema, bytes: Uint8Array): string {
  const { json } = scalar(context, key, bytes);
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

function defaultKey({ type }: FieldSchema): string {
  if (type === 'string') return '';
  return type === 'bool' ? 'false' : '0';
}

/** An entry without a value has the default one. */
function absentValue({ type }: FieldSchema): Uint8Array {
  return new Uint8Array(
    type === 'double' || type.endsWith('fixed64') ? 8 : type === 'float' || type.endsWith('fixed32') ? 4 : 1,
  );
}

function writeShorthand({ out }: Context, { fullName }: MessageSchema, message: Uint8Array): boolean {
  if (fullName === PAYLOAD) {
    const value = payloadValue(message);
    if (value !== undefined) out.node(value);
    return value !== undefined;
  }
  if (fullName !== PAYLOADS) return false;
  const values = payloadsIn(message).map(payloadValue);
  const shown = values.filter((value) => value !== undefined);
  // All or none, so that a reader knows what to expect.
  if (shown.length < values.length) return false;
  out.open('[');
  for (const value of shown) out.node(value);
  out.close(']');
  return true;
}

function payloadsIn(payloads: Uint8Array): Uint8Array[] {
  return (rawValues(payloads).get(1) ?? []).map(({ bytes }) => contentOf(bytes));
}

type SpecialForm = (context: Context, type: MessageSchema, message: Uint8Array, depth: number) => void;

const specialForms: ReadonlyMap<string, SpecialForm> = new Map<string, SpecialForm>([
  ['google.protobuf.Timestamp', ({ out }, _type, message) => out.literal(timestampToJson(message))],
  ['google.protobuf.Duration', ({ out }, _type, message) => out.literal(durationToJson(message))],
  ['google.protobuf.FieldMask', writeFieldMask],
  ['google.protobuf.Any', writeAny],
  ['google.protobuf.Struct', writeOnlyField],
  ['google.protobuf.ListValue', writeOnlyField],
  ['google.protobuf.Value', writeJsonValue],
  ...'Double Float Int64 UInt64 Int32 UInt32 Bool String Bytes'
    .split(' ')
    .map((name): [string, SpecialForm] => [`google.protobuf.${name}Value`, writeWrapper]),
]);

function writeWrapper(context: Context, { fields }: MessageSchema, message: Uint8Array): void {
  const field = fields[0] as FieldSchema;
  const value = valuesOf(field, rawValues(message).get(1) ?? []).at(-1) ?? absentValue(field);
  context.out.literal(scalar(context, field, value).json);
}

function writeFieldMask({ out }: Context, type: MessageSchema, message: Uint8Array): void {
  const paths = (rawValues(message).get(1) ?? []).map(({ bytes }) => new Reader(bytes).string());
  out.string(paths.map((path) => path.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())).join(','));
}

/** A struct is the object of its only field, a list the array of it. */
function writeOnlyField(context: Context, { fields }: MessageSchema, message: Uint8Array, depth: number): void {
  const field = fields[0] as FieldSchema;
  const values = valuesOf(field, rawValues(message).get(field.number) ?? []);
  const entry = context.schema.message(field.typeName);
  if (entry.isMapEntry) return writeMap(context, entry, values, depth);
  context.out.open('[');
  for (const value of values) writeValue(context, field, [value], depth);
  context.out.close(']');
}

function writeJsonValue(context: Context, { fields }: MessageSchema, message: Uint8Array, depth: number): void {
  const raw = rawValues(message);
  const field = fields.findLast(({ number }) => raw.has(number));
  const values = field === undefined ? [] : valuesOf(field, raw.get(field.number) ?? []);
  if (field === undefined || values.length === 0) return context.out.literal('null');
  writeValue(context, field, field.type === 'message' ? values : values.slice(-1), depth);
}

function writeAny(context: Context, _type: MessageSchema, message: Uint8Array, depth: number): void {
  const { out, schema } = context;
  const raw = rawValues(message);
  const typeUrl = new Reader(raw.get(1)?.at(-1)?.bytes ?? new Uint8Array(1)).string();
  const value = contentOf(raw.get(2)?.at(-1)?.bytes ?? new Uint8Array(1));
  out.open('{');
  if (typeUrl !== '' || value.length > 0) {
    out.key('@type');
    out.string(typeUrl);
    const type = schema.findMessage(typeUrl.slice(typeUrl.lastIndexOf('/') + 1));
    if (type !== undefined && !specialForms.has(type.fullName)) {
      checkDepth(depth + 1, SHOWN_DEPTH_MAX);
      writeFields(context, type, value, depth + 1);
    } else {
      out.key('value');
      if (type === undefined) out.string(Buffer.from(value).toString('base64'));
      else writeMessage(context, type, value, depth + 1);
    }
  }
  out.close('}');
}
