import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import protobuf from 'protobufjs';
import { emitModule } from '../scripts/codec.ts';
import { emitDeclarations } from '../scripts/declarations.ts';
import { enumModel, type ModuleModel, messageModel, type TypeRef, typesBelow } from '../scripts/model.ts';

const wire = pathToFileURL(join(import.meta.dirname, './wire.ts')).href;

/** What the API itself does not use, and a private schema may. */
const schema = `
  syntax = "proto3";
  package test.v1;
  enum Colour { COLOUR_UNSPECIFIED = 0; COLOUR_RED = 1; COLOUR_8_BIT = 2; }
  message Outer {
    message Inner { int32 x = 1; Outer back = 2; }
    optional int32 maybe_count = 1;
    optional string maybe_text = 2;
    oneof choice { string text = 3; bool flag = 4; Inner inner = 5; Colour colour = 16; }
    repeated sint32 packed_ints = 6;
    repeated fixed64 wide = 7;
    repeated double doubles = 8;
    repeated bool flags = 9;
    repeated Colour colours = 10;
    map<int32, Inner> by_number = 11;
    map<bool, bytes> by_flag = 12;
    optional bytes maybe_bytes = 13;
    map<string, Colour> colour_names = 14;
    sfixed32 fixed = 15;
  }
`;

interface Codec {
  decode(bytes: Uint8Array): Record<string, unknown>;
  encode(message: object): Uint8Array;
}

function moduleOf(root: protobuf.Root): { module: ModuleModel; refs: Map<string, TypeRef> } {
  const types = typesBelow(root.lookup('test.v1') as protobuf.Namespace);
  const messages = types.filter((type) => type instanceof protobuf.Type).map(messageModel);
  const enums = types.filter((type) => type instanceof protobuf.Enum).map(enumModel);
  const home = 'core' as const;
  const refs = new Map([...messages, ...enums].map(({ fullName, name }) => [fullName, { module: 'test', home, name }]));
  return { module: { file: 'test', home, messages, enums }, refs };
}

const { root } = protobuf.parse(schema);
root.resolveAll();
const { module, refs } = moduleOf(root);
const directory = mkdtempSync(join(tmpdir(), 'perdure-api-'));
writeFileSync(
  join(directory, 'test.mjs'),
  emitModule(module, refs, wire, new Set(['test.v1.Outer', 'test.v1.Outer.Inner'])),
);
const generated = (await import(pathToFileURL(join(directory, 'test.mjs')).href)) as { Outer: Codec; Colour: object };
rmSync(directory, { recursive: true });
const theirs = root.lookupType('test.v1.Outer');
const { Outer } = generated;

test('an explicitly set optional or oneof scalar is written, whatever its value', () => {
  const bytes = Outer.encode({ maybeCount: 0, maybeText: '', maybeBytes: new Uint8Array(0), flag: false });
  assert.deepEqual(theirs.toObject(theirs.decode(bytes)), {
    maybeCount: 0,
    maybeText: '',
    maybeBytes: new Uint8Array(0),
    flag: false,
  });
  const decoded = Outer.decode(bytes);
  assert.equal(decoded['maybeCount'], 0);
  assert.equal(decoded['flag'], false);
  assert.equal(decoded['text'], undefined);
  assert.equal(Outer.decode(new Uint8Array(0))['maybeCount'], undefined);
});

test('repeated scalars are written packed and read in both forms', () => {
  const message = {
    packedInts: [0, -1, 5],
    wide: [1, 2 ** 40],
    doubles: [0.5, -0],
    flags: [true, false],
    colours: [1, -7],
  };
  const bytes = Outer.encode(message);
  assert.deepEqual(bytes, new Uint8Array(theirs.encode(message).finish()));
  const decoded = Outer.decode(bytes);
  for (const [name, values] of Object.entries(message)) assert.deepEqual(decoded[name], values);
  assert.deepEqual(Outer.decode(Uint8Array.from([48, 1, 50, 2, 2, 3, 48, 4]))['packedInts'], [-1, 1, -2, 2]);
});

test('map entries may lack key or value', () => {
  const { byNumber, byFlag } = Outer.decode(Uint8Array.from([90, 0, 90, 2, 8, 3, 98, 2, 8, 1, 98, 3, 18, 1, 7]));
  const empty = { x: 0, back: undefined };
  assert.deepEqual(
    byNumber,
    new Map([
      [0, empty],
      [3, empty],
    ]),
  );
  assert.deepEqual(
    byFlag,
    new Map([
      [true, new Uint8Array(0)],
      [false, Uint8Array.from([7])],
    ]),
  );
});

test('a map entry that repeats its key replaces the earlier one', () => {
  assert.deepEqual(
    Outer.decode(Uint8Array.from([98, 5, 8, 1, 18, 1, 7, 98, 5, 8, 1, 18, 1, 8]))['byFlag'],
    new Map([[true, Uint8Array.from([8])]]),
  );
});

/** The messages on the wire one after the other, read as one. */
function concat(...messages: object[]): Record<string, unknown> {
  return Outer.decode(Buffer.concat(messages.map((message) => Outer.encode(message))));
}

test('a oneof keeps its last member only, and merges a message that comes again', () => {
  const last = concat({ text: 'a' }, { inner: { x: 1 } }, { colour: 1 });
  assert.deepEqual([last['text'], last['inner'], last['colour']], [undefined, undefined, 1]);
  const nested = concat({ inner: { back: { text: 'a' } } }, { inner: { x: 2, back: { flag: true } } });
  const inner = nested['inner'] as { x: number; back: Record<string, unknown> };
  assert.deepEqual([inner.x, inner.back['text'], inner.back['flag']], [2, undefined, true]);
});

test('an enum loses the prefix only where what is left is a name', () => {
  assert.deepEqual(generated.Colour, { COLOUR_UNSPECIFIED: 0, COLOUR_RED: 1, COLOUR_8_BIT: 2 });
});

test('declarations say what may be absent', () => {
  const text = emitDeclarations(module, refs, '@perdure/api/wire');
  for (const line of [
    'maybeCount: number | undefined;',
    'byNumber: Map<number, Outer_Inner>;',
    'packedInts: number[];',
    'fixed: number;',
    'inner: Outer_Inner | undefined;',
    'colourNames: Map<string, Colour>;',
  ]) {
    assert.ok(text.includes(`  ${line}\n`), line);
  }
});
