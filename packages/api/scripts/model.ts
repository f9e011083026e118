// From protobufjs reflection to what the emitters need: modules of messages and enums, with every field classified.
// Reads npm packages and local .proto files; writes nothing.
import protobuf from 'protobufjs';
import { opaqueTypes } from './opaque.ts';

/** The package whose `generated` folder a codec goes to. */
export type Home = 'api' | 'core' | 'server';

export interface FieldModel {
  readonly name: string;
  /** Name as the .proto file writes it. */
  readonly protoName: string;
  readonly id: number;
  readonly kind: 'scalar' | 'enum' | 'message' | 'opaque' | 'timestamp' | 'duration';
  /** Scalar name, or full name of the enum or message without a leading dot. */
  readonly type: string;
  readonly repeated: boolean;
  /** Scalar name of the key, when the field is a map. */
  readonly mapKey: string | undefined;
  /** Absent is told apart from the default: messages, oneof members, `optional`. */
  readonly presence: boolean;
  /** Name of the real (not synthetic) oneof it belongs to. */
  readonly oneof: string | undefined;
  readonly proto3Optional: boolean;
  readonly deprecated: boolean;
}

export interface MessageModel {
  readonly fullName: string;
  /** Name in the module: nested ones are `Outer_Inner`. */
  readonly name: string;
  /** By ascending field number, the order in which they are written. */
  readonly fields: readonly FieldModel[];
  readonly oneofs: ReadonlyMap<string, readonly string[]>;
}

export interface EnumModel {
  readonly fullName: string;
  readonly name: string;
  readonly prefix: string;
  /** Stripped name and value. */
  readonly values: readonly (readonly [string, number])[];
}

export interface ModuleModel {
  /** File name without extension. */
  readonly file: string;
  /** `api`: generated beside the API; otherwise from a schema of that package. */
  readonly home: Home;
  readonly messages: readonly MessageModel[];
  readonly enums: readonly EnumModel[];
}

export interface TypeRef {
  readonly module: string;
  readonly home: Home;
  readonly name: string;
}

/** Without the leading dot that protobufjs puts before full names. */
export function bareName(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '');
}

export function packageOf(object: protobuf.ReflectionObject): string {
  let at: protobuf.ReflectionObject = object;
  while (!(at.constructor === protobuf.Namespace || at.constructor === protobuf.Root)) {
    if (at.parent === null) throw new Error(`${object.fullName} has no package`);
    at = at.parent;
  }
  return bareName(at);
}

/** `temporal.api.common.v1.Link.Activity` in package `temporal.api.common.v1` is `Link_Activity`. */
export function localName(object: protobuf.ReflectionObject): string {
  return bareName(object)
    .slice(packageOf(object).length + 1)
    .replaceAll('.', '_');
}

/** Every message type and enum below a namespace, outer ones first. */
export function typesBelow(namespace: protobuf.NamespaceBase): (protobuf.Type | protobuf.Enum)[] {
  const found: (protobuf.Type | protobuf.Enum)[] = [];
  for (const nested of namespace.nestedArray) {
    if (nested instanceof protobuf.Enum) found.push(nested);
    if (nested instanceof protobuf.Type) found.push(nested, ...typesBelow(nested));
  }
  return found;
}

export function messageModel(type: protobuf.Type): MessageModel {
  const oneofs = new Map<string, string[]>();
  const fields = type.fieldsArray.map(fieldModel).toSorted((a, b) => a.id - b.id);
  for (const field of fields) {
    if (field.oneof !== undefined) oneofs.set(field.oneof, [...(oneofs.get(field.oneof) ?? []), field.name]);
  }
  return { fullName: bareName(type), name: localName(type), fields, oneofs };
}

function fieldModel(field: protobuf.Field): FieldModel {
  field.resolve();
  const resolved = field.resolvedType;
  if (field.delimited || field.required)
    throw new Error(`${field.fullName}: groups and required fields are not supported`);
  const type = resolved === null ? field.type : bareName(resolved);
  const kind = resolved === null ? 'scalar' : resolved instanceof protobuf.Enum ? 'enum' : messageKind(type);
  const mapKey = field instanceof protobuf.MapField ? field.keyType : undefined;
  const synthetic = field.partOf?.isProto3Optional === true;
  const single = !field.repeated && mapKey === undefined;
  return {
    name: camelCase(field.name),
    protoName: field.protoName ?? snakeCase(field.name),
    id: field.id,
    kind,
    type,
    repeated: field.repeated,
    mapKey,
    presence: single && (field.partOf !== null || (kind !== 'scalar' && kind !== 'enum')),
    oneof: field.partOf === null || synthetic ? undefined : field.partOf.name,
    proto3Optional: synthetic,
    deprecated: field.options?.['deprecated'] === true,
  };
}

function messageKind(fullName: string): FieldModel['kind'] {
  if (fullName === 'google.protobuf.Timestamp') return 'timestamp';
  if (fullName === 'google.protobuf.Duration') return 'duration';
  return opaqueTypes.has(fullName) ? 'opaque' : 'message';
}

export function enumModel(type: protobuf.Enum): EnumModel {
  const names = Object.keys(type.values);
  const prefix = enumPrefix(type.name, names);
  const values = names.map((name) => [name.slice(prefix.length), type.values[name] as number] as const);
  return { fullName: bareName(type), name: localName(type), prefix, values };
}

/** The enum's own name in capitals where its values begin with it, else the longest common beginning up to a `_`. */
function enumPrefix(enumName: string, names: readonly string[]): string {
  const own = snakeCase(enumName).toUpperCase() + '_';
  const usable = (prefix: string) =>
    names.every((name) => name.startsWith(prefix) && /^[A-Za-z]/.test(name.slice(prefix.length)));
  if (usable(own)) return own;
  let prefix = names.length > 1 ? (names[0] as string) : '';
  while (prefix !== '' && !usable(prefix))
    prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('_', prefix.length - 2) + 1));
  return prefix;
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
