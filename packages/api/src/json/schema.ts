// The schema of the API at run time: messages, fields and enums by name, read from the same descriptors that gRPC
// reflection serves. Only what reads or writes messages without a generated codec needs it (JSON, OpenAPI), so it loads
// on first use, and a message is parsed when it is first asked for.

import { Reader, splitField } from '../wire.ts';

export type ScalarType =
  | 'double'
  | 'float'
  | 'int64'
  | 'uint64'
  | 'int32'
  | 'fixed64'
  | 'fixed32'
  | 'bool'
  | 'string'
  | 'bytes'
  | 'uint32'
  | 'sfixed32'
  | 'sfixed64'
  | 'sint32'
  | 'sint64';

export interface FieldSchema {
  /** As in JSON: `workflowId`. */
  readonly name: string;
  readonly quotedName: string;
  /** As in the .proto file: `workflow_id`. */
  readonly protoName: string;
  readonly number: number;
  readonly type: ScalarType | 'message' | 'enum';
  /** Full name of the message or enum, without a leading dot; otherwise empty. */
  readonly typeName: string;
  /** Also of maps, which are repeated entries on the wire. */
  readonly repeated: boolean;
  /** Absent is told apart from the default: messages, oneof members, `optional`. */
  readonly presence: boolean;
  /** The oneof it belongs to. */
  readonly oneof: string | undefined;
  readonly deprecated: boolean;
}

export interface MessageSchema {
  readonly fullName: string;
  /** By ascending number, the order in which they are written. */
  readonly fields: readonly FieldSchema[];
  readonly byNumber: ReadonlyMap<number, FieldSchema>;
  /** By both names. */
  readonly byName: ReadonlyMap<string, FieldSchema>;
  /** An entry of a map: `key` is 1, `value` is 2. */
  readonly isMapEntry: boolean;
}

export interface EnumSchema {
  readonly fullName: string;
  readonly nameOf: ReadonlyMap<number, string>;
  /** Of the full name; or of the name without prefix, in any case and without underscores. */
  numberOf(name: string): number | undefined;
}

export interface Schema {
  /** @throws for a type that the API does not have */
  message(fullName: string): MessageSchema;
  findMessage(fullName: string): MessageSchema | undefined;
  enumeration(fullName: string): EnumSchema;
}

// Field numbers of google/protobuf/descriptor.proto.
const SET_FILE = 1;
const FILE = { package: 2, messageType: 4, enumType: 5 } as const;
const MESSAGE = { name: 1, field: 2, nestedType: 3, enumType: 4, options: 7, oneof: 8 } as const;
const FIELD = {
  name: 1,
  number: 3,
  label: 4,
  type: 5,
  typeName: 6,
  options: 8,
  oneofIndex: 9,
  jsonName: 10,
  proto3Optional: 17,
} as const;
const ENUM = { name: 1, value: 2 } as const;
const VALUE = { name: 1, number: 2 } as const;
const ONEOF_NAME = 1;
const OPTION_MAP_ENTRY = 7;
const OPTION_DEPRECATED = 3;
const LABEL_REPEATED = 3;

/** By their number in FieldDescriptorProto.Type; groups (10) are not used. */
const TYPES: readonly (FieldSchema['type'] | undefined)[] = [
  ...([undefined, 'double', 'float', 'int64', 'uint64', 'int32', 'fixed64', 'fixed32', 'bool', 'string'] as const),
  ...([undefined, 'message', 'bytes', 'uint32', 'enum', 'sfixed32', 'sfixed64', 'sint32', 'sint64'] as const),
];

let loaded: Promise<Schema> | undefined;

export function loadSchema(): Promise<Schema> {
  loaded ??= import('@perdure/api/descriptor-set').then(({ base64 }) => index(Buffer.from(base64, 'base64')));
  return loaded;
}

function index(set: Uint8Array): Schema {
  const descriptors = { messages: new Map<string, Uint8Array>(), enums: new Map<string, Uint8Array>() };
  for (const file of splitField(set, SET_FILE)) {
    const prefix = `${text(file, FILE.package)}.`;
    for (const one of splitField(file, FILE.messageType)) addMessage(one, prefix, descriptors);
    for (const one of splitField(file, FILE.enumType)) descriptors.enums.set(prefix + text(one, ENUM.name), one);
  }
  const message = cached(descriptors.messages, parseMessage);
  const enumeration = cached(descriptors.enums, parseEnum);
  return { message: required(message), findMessage: message, enumeration: required(enumeration) };
}

function addMessage(
  message: Uint8Array,
  prefix: string,
  to: { readonly messages: Map<string, Uint8Array>; readonly enums: Map<string, Uint8Array> },
): void {
  const fullName = prefix + text(message, MESSAGE.name);
  to.messages.set(fullName, message);
  for (const nested of splitField(message, MESSAGE.nestedType)) addMessage(nested, `${fullName}.`, to);
  for (const one of splitField(message, MESSAGE.enumType)) to.enums.set(`${fullName}.${text(one, ENUM.name)}`, one);
}

function cached<T>(descriptors: ReadonlyMap<string, Uint8Array>, parse: (fullName: string, bytes: Uint8Array) => T) {
  const parsed = new Map<string, T>();
  return (fullName: string): T | undefined => {
    const found = parsed.get(fullName);
    if (found !== undefined) return found;
    const descriptor = descriptors.get(fullName);
    if (descriptor === undefined) return undefined;
    const schema = parse(fullName, descriptor);
    parsed.set(fullName, schema);
    return schema;
  };
}

function required<T>(find: (fullName: string) => T | undefined): (fullName: string) => T {
  return (fullName) => {
    const found = find(fullName);
    if (found === undefined) throw new Error(`the API has no type ${fullName}`);
    return found;
  };
}

function parseMessage(fullName: string, message: Uint8Array): MessageSchema {
  const oneofs = [...splitField(message, MESSAGE.oneof)].map((oneof) => text(oneof, ONEOF_NAME));
  const fields = [...splitField(message, MESSAGE.field)].map((field) => parseField(field, oneofs));
  fields.sort((a, b) => a.number - b.number);
  const byName = new Map(fields.map((field) => [field.protoName, field]));
  for (const field of fields) byName.set(field.name, field);
  const isMapEntry = option(message, MESSAGE.options, OPTION_MAP_ENTRY);
  const byNumber = new Map(fields.map((field) => [field.number, field]));
  return { fullName, fields, byNumber, byName, isMapEntry };
}

function parseField(field: Uint8Array, oneofs: readonly string[]): FieldSchema {
  const type = TYPES[integer(field, FIELD.type) ?? 0];
  const protoName = text(field, FIELD.name);
  if (type === undefined) throw new Error(`the field ${protoName} has a type that is not supported`);
  const repeated = integer(field, FIELD.label) === LABEL_REPEATED;
  const oneofIndex = integer(field, FIELD.oneofIndex);
  const isOptional = integer(field, FIELD.proto3Optional) === 1;
  const name = text(field, FIELD.jsonName);
  return {
    ...{ name, quotedName: JSON.stringify(name) },
    protoName,
    number: integer(field, FIELD.number) ?? 0,
    type,
    typeName: text(field, FIELD.typeName).replace(/^\./, ''),
    repeated,
    presence: !repeated && (oneofIndex !== undefined || type === 'message'),
    oneof: oneofIndex === undefined || isOptional ? undefined : oneofs[oneofIndex],
    deprecated: option(field, FIELD.options, OPTION_DEPRECATED),
  };
}

function parseEnum(fullName: string, bytes: Uint8Array): EnumSchema {
  const nameOf = new Map<number, string>();
  const numbers = new Map<string, number>();
  const short = new Map<string, number>();
  const values = [...splitField(bytes, ENUM.value)].map(
    (value) => [text(value, VALUE.name), integer(value, VALUE.number) ?? 0] as const,
  );
  const prefix = commonPrefix(values.map(([name]) => name));
  for (const [name, number] of values) {
    if (!nameOf.has(number)) nameOf.set(number, name);
    numbers.set(name, number);
    short.set(bare(name.slice(prefix.length)), number);
  }
  return { fullName, nameOf, numberOf: (name) => numbers.get(name) ?? short.get(bare(name)) };
}

/** `WorkflowExecutionStarted` and `WORKFLOW_EXECUTION_STARTED` are the same. */
function bare(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** Up to and with an underscore. */
function commonPrefix(names: readonly string[]): string {
  let prefix = names.length > 1 ? (names[0] as string) : '';
  while (prefix !== '' && !names.every((name) => name.startsWith(prefix))) {
    prefix = prefix.slice(0, prefix.lastIndexOf('_', prefix.length - 2) + 1);
  }
  return prefix;
}

function text(message: Uint8Array, number: number): string {
  for (const bytes of splitField(message, number)) return Buffer.from(bytes).toString('utf8');
  return '';
}

function integer(message: Uint8Array, number: number): number | undefined {
  const reader = new Reader(message);
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag === number * 8) return reader.int32();
    reader.skip(tag);
  }
  return undefined;
}

function option(message: Uint8Array, optionsNumber: number, number: number): boolean {
  return [...splitField(message, optionsNumber)].some((options) => integer(options, number) === 1);
}
