// Which schemas there are and which module each protobuf package goes to.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import protobuf from 'protobufjs';
import { enumModel, type Home, type ModuleModel, messageModel, type TypeRef, typesBelow } from './model.ts';

export interface Sources {
  readonly root: protobuf.Root;
  readonly modules: readonly ModuleModel[];
  /** Where a type's codec is, by full name. */
  readonly refs: ReadonlyMap<string, TypeRef>;
  /** Packages of the API, in the order of their modules. */
  readonly packages: readonly string[];
}

/** The messages of google.protobuf worth having; the rest describes schemas. */
const googleTypes = new Set(
  (
    'Any Duration Empty FieldMask ListValue NullValue Struct Timestamp Value ' +
    'BoolValue BytesValue DoubleValue FloatValue Int32Value Int64Value StringValue UInt32Value UInt64Value'
  ).split(' '),
);

const apiProtoDir = join(import.meta.dirname, '../proto');
/** Packages with schemas of their own. */
const HOMES: readonly Exclude<Home, 'api'>[] = ['core', 'server'];

export function loadSources(): Sources {
  const root = createRequire(import.meta.url)('@temporalio/proto/protos/json-module.js') as protobuf.Root;
  const ownPackages = new Map<string, { home: Home; file: string }>();
  for (const path of protoFiles(apiProtoDir)) parseInto(root, path);
  for (const home of HOMES) {
    for (const path of protoFiles(join(import.meta.dirname, '../..', home, 'proto'))) {
      ownPackages.set(parseInto(root, path), { home, file: basename(path, '.proto') });
    }
  }
  root.resolveAll();

  const packages = ['google.protobuf', 'google.rpc', 'grpc.health.v1', 'grpc.reflection.v1', 'grpc.reflection.v1alpha'];
  packages.push(...temporalPackages(root));
  const byModule = new Map<string, { home: Home; types: (protobuf.Type | protobuf.Enum)[] }>();
  const add = (file: string, home: Home, packageName: string) => {
    const entry = byModule.get(file) ?? { home, types: [] };
    entry.types.push(...packageTypes(root, packageName));
    byModule.set(file, entry);
  };
  for (const name of packages) add(moduleOf(name), 'api', name);
  for (const [name, { home, file }] of ownPackages) add(file, home, name);

  const modules: ModuleModel[] = [...byModule].map(([file, { home, types }]) => ({
    file,
    home,
    messages: types.filter((type) => type instanceof protobuf.Type).map(messageModel),
    enums: types.filter((type) => type instanceof protobuf.Enum).map(enumModel),
  }));
  const refs = new Map<string, TypeRef>();
  for (const { file: module, home, messages, enums } of modules) {
    for (const { fullName, name } of [...messages, ...enums]) refs.set(fullName, { module, home, name });
  }
  return { root, modules, refs, packages };
}

/** Messages and enums of one package that get a codec. */
export function packageTypes(root: protobuf.Root, packageName: string): (protobuf.Type | protobuf.Enum)[] {
  const types = typesBelow(root.lookup(packageName) as protobuf.Namespace);
  return packageName === 'google.protobuf' ? types.filter(isWanted) : types;
}

function isWanted(type: protobuf.ReflectionObject): boolean {
  let outer: protobuf.ReflectionObject = type;
  while (outer.parent instanceof protobuf.Type) outer = outer.parent;
  return googleTypes.has(outer.name);
}

/** `temporal.api.common.v1` is the module `common`. */
function moduleOf(packageName: string): string {
  if (packageName.startsWith('google.')) return 'google';
  if (packageName === 'grpc.reflection.v1alpha') return 'reflection-v1alpha';
  const parts = packageName.split('.');
  return parts[parts.length - 2] as string;
}

function temporalPackages(root: protobuf.Root): string[] {
  const api = root.lookup('temporal.api') as protobuf.Namespace;
  return api.nestedArray
    .filter((area) => area instanceof protobuf.Namespace && area.name !== 'cloud' && area.name !== 'export')
    .map((area) => `temporal.api.${area.name}.v1`)
    .toSorted();
}

function protoFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith('.proto'));
  return names.toSorted().map((name) => join(directory, name));
}

/** Returns the file's package. Imports are not followed: everything they could name is in the root already. */
function parseInto(root: protobuf.Root, path: string): string {
  const { package: name } = protobuf.parse(readFileSync(path, 'utf8'), root, { keepCase: false });
  if (name === undefined || name === null) throw new Error(`${path} has no package statement`);
  return name;
}
