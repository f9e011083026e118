// File descriptors of everything the server speaks, for gRPC reflection: look-ups by file, by symbol, by service.
// The set is decoded on the first call only; nothing else of the API needs it.
import { Reader, splitField } from './wire.ts';

export interface Descriptors {
  /** Full names of all services. */
  readonly services: readonly string[];
  /** Encoded google.protobuf.FileDescriptorProto; undefined: no such file. */
  file(name: string): Uint8Array | undefined;
  /** Name of the file that defines a message, enum, service or method, by full name without a leading dot. */
  fileContaining(symbol: string): string | undefined;
  /** The file and all that it imports, directly or not, each once, the file itself first. */
  withDependencies(name: string): readonly Uint8Array[];
}

// Field numbers of google/protobuf/descriptor.proto.
const setFile = 1;
const fileField = { name: 1, package: 2, dependency: 3, messageType: 4, enumType: 5, service: 6 } as const;
const messageField = { name: 1, nestedType: 3, enumType: 4 } as const;
const serviceField = { name: 1, method: 2 } as const;
const anyName = 1;

let loaded: Promise<Descriptors> | undefined;

export function loadDescriptors(): Promise<Descriptors> {
  loaded ??= import('@perdure/api/descriptor-set').then(({ base64 }) => index(Buffer.from(base64, 'base64')));
  return loaded;
}

function index(set: Uint8Array): Descriptors {
  const files = new Map<string, Uint8Array>();
  const symbols = new Map<string, string>();
  const services: string[] = [];
  for (const file of splitField(set, setFile)) {
    const name = text(file, fileField.name);
    const prefix = `${text(file, fileField.package)}.`;
    files.set(name, file);
    for (const message of splitField(file, fileField.messageType)) addMessage(message, prefix, name, symbols);
    for (const one of splitField(file, fileField.enumType)) symbols.set(prefix + text(one, anyName), name);
    for (const service of splitField(file, fileField.service)) {
      const fullName = prefix + text(service, serviceField.name);
      services.push(fullName);
      symbols.set(fullName, name);
      for (const method of splitField(service, serviceField.method))
        symbols.set(`${fullName}.${text(method, anyName)}`, name);
    }
  }
  return {
    services,
    file: (name) => files.get(name),
    fileContaining: (symbol) => symbols.get(symbol),
    withDependencies: (name) => closure(name, files),
  };
}

function addMessage(message: Uint8Array, prefix: string, file: string, symbols: Map<string, string>): void {
  const fullName = prefix + text(message, messageField.name);
  symbols.set(fullName, file);
  for (const nested of splitField(message, messageField.nestedType)) addMessage(nested, `${fullName}.`, file, symbols);
  for (const one of splitField(message, messageField.enumType)) symbols.set(`${fullName}.${text(one, anyName)}`, file);
}

function closure(name: string, files: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  // A set keeps insertion order and may grow while it is walked.
  const names = new Set([name]);
  const found: Uint8Array[] = [];
  for (const next of names) {
    const file = files.get(next);
    if (file === undefined) continue;
    found.push(file);
    for (const dependency of splitField(file, fileField.dependency)) names.add(Buffer.from(dependency).toString());
  }
  return found;
}

function text(message: Uint8Array, fieldNumber: number): string {
  const reader = new Reader(message);
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag === fieldNumber * 8 + 2) return reader.string();
    reader.skip(tag);
  }
  return '';
}
