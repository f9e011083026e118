// Random messages in three shapes at once: what our encode takes, what protobufjs takes, and what our decode must give.
// protobufjs, walking the same schema by itself, is the judge; only the classification of fields is shared.
import * as fc from 'fast-check';
import type protobuf from 'protobufjs';
import { type FieldModel, messageModel } from '../scripts/model.ts';

export interface Sample {
  readonly init: Record<string, unknown>;
  readonly theirs: Record<string, unknown>;
  readonly expected: Record<string, unknown>;
}

interface Value {
  readonly ours: unknown;
  readonly theirs: unknown;
  readonly expected: unknown;
}

type Gen = fc.GeneratorValue;

/** Deeper messages stay unset. */
const nestingMax = 4;
const int32 = fc.integer();
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const int64 = fc.oneof(fc.maxSafeInteger(), int32, fc.constantFrom(-1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32) - 1));
const uint64 = fc.maxSafeNat();
const double = fc.double();
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 12 }),
  fc.string({ minLength: 40, maxLength: 200 }),
);
const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: text,
  bytes: fc.uint8Array({ maxLength: 300 }),
  bool: fc.boolean(),
  int32,
  sint32: int32,
  sfixed32: int32,
  uint32,
  fixed32: uint32,
  int64,
  sint64: int64,
  sfixed64: int64,
  uint64,
  fixed64: uint64,
  double,
  float: fc.float(),
};

export function sampleMessage(gen: Gen, type: protobuf.Type, depth = 0): Sample {
  const model = messageModel(type);
  const chosen = new Map([...model.oneofs].map(([oneof, members]) => [oneof, gen(fc.constantFrom, ...members)]));
  const sample: Sample = { init: {}, theirs: {}, expected: {} };
  for (const field of model.fields) {
    const their = type.fieldsById[field.id] as protobuf.Field;
    const isOn =
      field.oneof === undefined ? gen(fc.integer, { min: 0, max: 2 }) > 0 : chosen.get(field.oneof) === field.name;
    const value = isOn ? sampleField(gen, field, their, depth) : undefined;
    sample.expected[field.name] = value?.expected ?? absent(field);
    if (value === undefined) {
      if (gen(fc.boolean)) sample.init[field.name] = undefined;
      continue;
    }
    sample.init[field.name] = value.ours;
    if (field.presence || !isDefault(value.theirs)) sample.theirs[their.name] = value.theirs;
  }
  return sample;
}

function sampleField(gen: Gen, field: FieldModel, their: protobuf.Field, depth: number): Value | undefined {
  if (field.kind === 'message' && depth >= nestingMax) return undefined;
  if (field.mapKey !== undefined) return sampleMap(gen, field, their, depth);
  if (!field.repeated) return sampleValue(gen, field, their, depth);
  const values = Array.from({ length: gen(fc.integer, { min: 0, max: 3 }) }, () =>
    sampleValue(gen, field, their, depth),
  );
  return {
    ours: values.map((v) => v.ours),
    theirs: values.map((v) => v.theirs),
    expected: values.map((v) => v.expected),
  };
}

function sampleMap(gen: Gen, field: FieldModel, their: protobuf.Field, depth: number): Value {
  const ours = new Map<unknown, unknown>();
  const theirs: Record<string, unknown> = {};
  const expected = new Map<unknown, unknown>();
  const count = gen(fc.integer, { min: 0, max: 3 });
  for (let index = 0; index < count; index++) {
    // A fixed first letter, and ascending numbers: objects, which protobufjs uses, reorder integer-like keys.
    const key = field.mapKey === 'string' ? `k${index}${gen(() => text)}` : index * 1000;
    const value = sampleValue(gen, field, their, depth);
    ours.set(key, value.ours);
    theirs[String(key)] = value.theirs;
    expected.set(key, value.expected);
  }
  return { ours, theirs, expected };
}

function sampleValue(gen: Gen, field: FieldModel, their: protobuf.Field, depth: number): Value {
  switch (field.kind) {
    case 'scalar': {
      const value = gen(() => scalars[field.type] as fc.Arbitrary<unknown>);
      return { ours: value, theirs: value, expected: value };
    }
    case 'enum': {
      // protobufjs passes values that it does not know, as proto3 asks.
      const value = gen(() => fc.oneof(fc.integer({ min: 0, max: 40 }), int32));
      return { ours: value, theirs: value, expected: value };
    }
    case 'timestamp':
      return sampleTime(gen(fc.integer, { min: -62_135_596_800_000, max: 253_402_300_799_999 }), Math.floor);
    case 'duration':
      return sampleTime(gen(fc.integer, { min: -315_576_000_000_000, max: 315_576_000_000_000 }), Math.trunc);
    case 'opaque': {
      const type = their.resolvedType as protobuf.Type;
      const { theirs } = sampleMessage(gen, type, depth + 1);
      const bytes = new Uint8Array(type.encode(theirs).finish());
      return { ours: bytes, theirs, expected: bytes };
    }
    default: {
      const { init, theirs, expected } = sampleMessage(gen, their.resolvedType as protobuf.Type, depth + 1);
      return { ours: init, theirs, expected };
    }
  }
}

function sampleTime(ms: number, towards: (value: number) => number): Value {
  const seconds = towards(ms / 1000);
  const nanos = (ms - seconds * 1000) * 1_000_000;
  const theirs = { ...(seconds === 0 ? {} : { seconds }), ...(nanos === 0 ? {} : { nanos }) };
  return { ours: ms, theirs, expected: ms };
}

function isDefault(value: unknown): boolean {
  if (value instanceof Uint8Array) return value.length === 0;
  return value === '' || value === false || Object.is(value, 0);
}

function absent(field: FieldModel): unknown {
  if (field.mapKey !== undefined) return new Map();
  if (field.repeated) return [];
  if (field.presence) return undefined;
  if (field.type === 'string') return '';
  if (field.type === 'bytes') return new Uint8Array(0);
  return field.type === 'bool' ? false : 0;
}
