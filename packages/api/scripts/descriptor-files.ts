// File descriptors for gRPC reflection. The npm package has no file names, so each protobuf package becomes one file
// (its services a second one), under a name like the real one. What counts is that the files link.
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { bareName, type FieldModel, messageModel, packageOf } from './model.ts';
import { packageTypes, type Sources } from './sources.ts';

type Descriptor = Record<string, unknown>;

interface FileDescriptor extends Descriptor {
  readonly name: string;
  readonly dependency: readonly string[];
}

const scalarTypes: Readonly<Record<string, number>> = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
};
const typeMessage = 11;
const typeEnum = 14;
const labelOptional = 1;
const labelRepeated = 3;

/** google.protobuf's types are in files of their own; the rest of them are named like their type. */
const googleFiles: Readonly<Record<string, string>> = {
  FieldMask: 'field_mask',
  ListValue: 'struct',
  NullValue: 'struct',
  Value: 'struct',
};

/** An encoded google.protobuf.FileDescriptorSet. */
export function emitDescriptorSet(sources: Sources): Uint8Array {
  const files = new Map<
    string,
    { package: string; types: (protobuf.Type | protobuf.Enum)[]; services: protobuf.Service[] }
  >();
  const fileAt = (name: string, packageName: string) => {
    if (!files.has(name)) files.set(name, { package: packageName, types: [], services: [] });
    return files.get(name) as { types: (protobuf.Type | protobuf.Enum)[]; services: protobuf.Service[] };
  };
  for (const packageName of sources.packages) {
    for (const type of packageTypes(sources.root, packageName)) {
      if (type.parent instanceof protobuf.Type) continue;
      fileAt(fileOf(type), packageName).types.push(type);
    }
    for (const nested of (sources.root.lookup(packageName) as protobuf.Namespace).nestedArray) {
      if (nested instanceof protobuf.Service) fileAt(serviceFile(packageName), packageName).services.push(nested);
    }
  }
  const file = [...files].map(([name, { package: packageName, types, services }]): FileDescriptor => {
    const dependencies = new Set<string>();
    const use = (type: protobuf.ReflectionObject): string => {
      const from = fileOf(type);
      if (!files.has(from)) throw new Error(`${name} needs ${type.fullName}, which is in no file`);
      if (from !== name) dependencies.add(from);
      return type.fullName;
    };
    const messageType = types
      .filter((type) => type instanceof protobuf.Type)
      .map((type) => messageDescriptor(type, use));
    const service = services.map((one) => serviceDescriptor(one, use));
    return {
      name,
      package: packageName,
      dependency: [...dependencies].toSorted(),
      messageType,
      enumType: types.filter((type) => type instanceof protobuf.Enum).map(enumDescriptor),
      service,
      syntax: 'proto3',
    };
  });
  rejectCycles(file);
  const set = descriptor.FileDescriptorSet;
  return set.encode(set.fromObject({ file })).finish();
}

function fileOf(type: protobuf.ReflectionObject): string {
  let outer = type;
  while (outer.parent instanceof protobuf.Type) outer = outer.parent;
  const packageName = packageOf(type);
  const folder = packageName.replaceAll('.', '/');
  if (packageName === 'google.rpc') return 'google/rpc/status.proto';
  if (packageName === 'google.protobuf') {
    const own = googleFiles[outer.name] ?? outer.name.toLowerCase();
    return `google/protobuf/${own.endsWith('value') ? 'wrappers' : own}.proto`;
  }
  if (packageName.startsWith('grpc.')) return serviceFile(packageName);
  return `${folder}/${packageName.endsWith('service.v1') ? 'request_response' : 'message'}.proto`;
}

function serviceFile(packageName: string): string {
  const [first, name] = packageName.split('.');
  return `${packageName.replaceAll('.', '/')}/${first === 'grpc' ? name : 'service'}.proto`;
}

/** The members of a oneof one after the other: some tools refuse descriptors in which they are scattered. */
function oneofsTogether(fields: readonly FieldModel[]): FieldModel[] {
  const groups = new Map<string, FieldModel[]>();
  for (const field of fields) {
    const group = field.oneof ?? `.${field.protoName}`;
    groups.set(group, [...(groups.get(group) ?? []), field]);
  }
  return [...groups.values()].flat();
}

function messageDescriptor(type: protobuf.Type, use: (type: protobuf.ReflectionObject) => string): Descriptor {
  const fields = messageModel(type).fields;
  const real = type.oneofsArray.filter((oneof) => !oneof.isProto3Optional);
  // Synthetic oneofs, one for each `optional` field, come after the real ones.
  const optional = fields.filter((field) => field.proto3Optional);
  const oneofs = [...real.map((oneof) => oneof.name), ...optional.map((field) => `_${field.protoName}`)];
  const entries: Descriptor[] = [];
  const field: Descriptor[] = [];
  for (const model of oneofsTogether(fields)) {
    const resolved = (type.fieldsById[model.id] as protobuf.Field).resolvedType;
    const typeName = resolved === null ? undefined : use(resolved);
    const described = fieldDescriptor(model, typeName);
    const oneof = model.proto3Optional ? `_${model.protoName}` : model.oneof;
    if (oneof !== undefined) described['oneofIndex'] = oneofs.indexOf(oneof);
    if (model.mapKey !== undefined) {
      const entryName = entryNameOf(model.protoName);
      entries.push(entryDescriptor(entryName, model, typeName));
      Object.assign(described, { label: labelRepeated, type: typeMessage, typeName: `${type.fullName}.${entryName}` });
    }
    field.push(described);
  }
  return {
    name: type.name,
    field,
    nestedType: [
      ...type.nestedArray
        .filter((nested) => nested instanceof protobuf.Type)
        .map((nested) => messageDescriptor(nested, use)),
      ...entries,
    ],
    enumType: type.nestedArray.filter((nested) => nested instanceof protobuf.Enum).map(enumDescriptor),
    oneofDecl: oneofs.map((name) => ({ name })),
  };
}

function fieldDescriptor(field: FieldModel, typeName: string | undefined): Descriptor {
  const type = field.kind === 'scalar' ? scalarTypes[field.type] : field.kind === 'enum' ? typeEnum : typeMessage;
  return {
    name: field.protoName,
    jsonName: field.name,
    number: field.id,
    label: field.repeated ? labelRepeated : labelOptional,
    type,
    ...(typeName === undefined ? {} : { typeName }),
    ...(field.proto3Optional ? { proto3Optional: true } : {}),
    ...(field.deprecated ? { options: { deprecated: true } } : {}),
  };
}

/** `search_attributes` has the entry type `SearchAttributesEntry`. */
function entryNameOf(protoName: string): string {
  return protoName.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) + 'Entry';
}

function entryDescriptor(name: string, field: FieldModel, valueType: string | undefined): Descriptor {
  const key = {
    name: 'key',
    jsonName: 'key',
    number: 1,
    label: labelOptional,
    type: scalarTypes[field.mapKey as string],
  };
  const value: FieldModel = { ...field, name: 'value', protoName: 'value', id: 2, deprecated: false };
  return { name, field: [key, fieldDescriptor(value, valueType)], options: { mapEntry: true } };
}

function enumDescriptor(type: protobuf.Enum): Descriptor {
  const value = Object.entries(type.values).map(([name, number]) => ({ name, number }));
  const aliased = new Set(value.map((one) => one.number)).size < value.length;
  return { name: type.name, value, ...(aliased ? { options: { allowAlias: true } } : {}) };
}

function serviceDescriptor(service: protobuf.Service, use: (type: protobuf.ReflectionObject) => string): Descriptor {
  const method = service.methodsArray.map((one) => {
    one.resolve();
    return {
      name: one.name,
      inputType: use(one.resolvedRequestType as protobuf.Type),
      outputType: use(one.resolvedResponseType as protobuf.Type),
      clientStreaming: one.requestStream === true,
      serverStreaming: one.responseStream === true,
    };
  });
  return { name: bareName(service).slice(packageOf(service).length + 1), method };
}

/** Descriptor files that import each other cannot be linked. */
function rejectCycles(files: readonly FileDescriptor[]): void {
  const byName = new Map(files.map((file) => [file.name, file.dependency]));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw new Error(`files import each other: ${[...path, name].join(' > ')}`);
    if (done.has(name)) return;
    for (const dependency of byName.get(name) ?? []) visit(dependency, [...path, name]);
    done.add(name);
  };
  for (const name of byName.keys()) visit(name, []);
}
