// The wire format without generated code: a message as the raw values of its fields, and 64-bit integers exactly. What
// Reader and Writer round to numbers is kept as BigInt here, because JSON must show it to the last digit.

import { ProtobufError, Reader, type Writer } from '../wire.ts';
import type { FieldSchema } from './schema.ts';

/** What follows the tag of one occurrence of a field: the value, with its length if it has one. */
export interface RawValue {
  readonly wireType: number;
  readonly bytes: Uint8Array;
}

const LENGTH_DELIMITED = 2;
const WIRE_TYPES: Readonly<Record<FieldSchema['type'], number>> = {
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  sint32: 0,
  sint64: 0,
  bool: 0,
  enum: 0,
  fixed64: 1,
  sfixed64: 1,
  double: 1,
  string: LENGTH_DELIMITED,
  bytes: LENGTH_DELIMITED,
  message: LENGTH_DELIMITED,
  fixed32: 5,
  sfixed32: 5,
  float: 5,
};

export function tagOf({ number, type }: FieldSchema): number {
  return number * 8 + WIRE_TYPES[type];
}

export function isPackable({ type }: FieldSchema): boolean {
  return WIRE_TYPES[type] !== LENGTH_DELIMITED;
}

/** By field number, each in the order of the wire. @throws {ProtobufError} */
export function rawValues(message: Uint8Array): Map<number, RawValue[]> {
  const reader = new Reader(message);
  const found = new Map<number, RawValue[]>();
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    const start = reader.pos;
    reader.skip(tag);
    const value = { wireType: tag & 7, bytes: message.subarray(start, reader.pos) };
    const before = found.get(tag >>> 3);
    if (before === undefined) found.set(tag >>> 3, [value]);
    else before.push(value);
  }
  return found;
}

/** The values of a field that are of its type: a packed one holds many, others are ignored as unknown fields are. */
export function valuesOf(field: FieldSchema, raw: readonly RawValue[]): Uint8Array[] {
  const own = WIRE_TYPES[field.type];
  return raw.flatMap(({ wireType, bytes }) => {
    if (wireType === own) return [bytes];
    return field.repeated && wireType === LENGTH_DELIMITED && isPackable(field) ? unpack(own, bytes) : [];
  });
}

function unpack(wireType: number, packed: Uint8Array): Uint8Array[] {
  const values = new Reader(packed).bytes();
  const reader = new Reader(values);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.limit) {
    const start = reader.pos;
    reader.skip(8 + wireType);
    found.push(values.subarray(start, reader.pos));
  }
  return found;
}

/** What a length-delimited value holds. */
export function contentOf(value: Uint8Array): Uint8Array {
  return new Reader(value).bytes();
}

/** The last one counts; messages are merged, which is what joining their encodings does. */
export function messageContent(values: readonly Uint8Array[]): Uint8Array {
  if (values.length === 1) return contentOf(values[0] as Uint8Array);
  return Buffer.concat(values.map(contentOf));
}

/** An integer of 64 bits, exactly. */
export function readInt64(type: 'int64' | 'uint64' | 'sint64' | 'fixed64' | 'sfixed64', value: Uint8Array): bigint {
  if (type === 'fixed64' || type === 'sfixed64') {
    const view = new DataView(value.buffer, value.byteOffset, 8);
    return type === 'fixed64' ? view.getBigUint64(0, true) : view.getBigInt64(0, true);
  }
  let bits = 0n;
  for (let index = value.length - 1; index >= 0; index--) bits = (bits << 7n) | BigInt((value[index] as number) & 127);
  const unsigned = BigInt.asUintN(64, bits);
  if (type === 'uint64') return unsigned;
  if (type === 'int64') return BigInt.asIntN(64, unsigned);
  return (unsigned >> 1n) ^ -(unsigned & 1n);
}

/** Without a tag. */
export function writeInt64(
  writer: Writer,
  type: 'int64' | 'uint64' | 'sint64' | 'fixed64' | 'sfixed64',
  value: bigint,
): void {
  if (type === 'fixed64' || type === 'sfixed64') {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt.asUintN(64, value), true);
    writer.raw(new Uint8Array(view.buffer));
    return;
  }
  let bits = BigInt.asUintN(64, type === 'sint64' ? (value << 1n) ^ (value >> 63n) : value);
  const bytes: number[] = [];
  while (bits > 127n) {
    bytes.push(Number(bits & 127n) | 128);
    bits >>= 7n;
  }
  bytes.push(Number(bits));
  writer.raw(Uint8Array.from(bytes));
}

/** @throws {ProtobufError} */
export function checkDepth(depth: number, depthMax: number): void {
  if (depth >= depthMax) throw new ProtobufError(`messages are nested deeper than ${depthMax}`);
}
