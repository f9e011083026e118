// Single values of fields: from the wire to JSON and back, as proto3's JSON mapping says. Messages are not here.

import { Reader, type Writer } from '../wire.ts';
import { type JsonNode, NodeError } from './json-node.ts';
import type { EnumSchema, ScalarType } from './schema.ts';
import { readInt64, writeInt64 } from './wire-values.ts';

/** JSON text of a value, and whether it is the default, which is left out where absence means the same. */
export interface ScalarJson {
  readonly json: string;
  readonly isDefault: boolean;
}

const INT32 = { min: -(2n ** 31n), max: 2n ** 31n - 1n };
const UINT32 = { min: 0n, max: 2n ** 32n - 1n };
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const UINT64 = { min: 0n, max: 2n ** 64n - 1n };
const RANGES = {
  int32: INT32,
  sint32: INT32,
  sfixed32: INT32,
  uint32: UINT32,
  fixed32: UINT32,
  int64: INT64,
  sint64: INT64,
  sfixed64: INT64,
  uint64: UINT64,
  fixed64: UINT64,
} as const;

export function scalarToJson(type: ScalarType, value: Uint8Array): ScalarJson {
  const reader = new Reader(value);
  switch (type) {
    case 'string': {
      const text = reader.string();
      return { json: JSON.stringify(text), isDefault: text === '' };
    }
    case 'bytes': {
      const bytes = reader.bytes();
      return { json: `"${base64(bytes)}"`, isDefault: bytes.length === 0 };
    }
    case 'bool': {
      const isTrue = reader.bool();
      return { json: String(isTrue), isDefault: !isTrue };
    }
    case 'double':
    case 'float': {
      const number = reader[type]();
      return { json: type === 'double' ? numberText(number) : floatText(number), isDefault: Object.is(number, 0) };
    }
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64': {
      const integer = readInt64(type, value);
      return { json: `"${integer}"`, isDefault: integer === 0n };
    }
    default: {
      const integer = reader[type]();
      return { json: String(integer), isDefault: integer === 0 };
    }
  }
}

export function enumToJson({ nameOf }: EnumSchema, value: Uint8Array): ScalarJson {
  const number = new Reader(value).int32();
  const name = nameOf.get(number);
  return { json: name === undefined ? String(number) : `"${name}"`, isDefault: number === 0 };
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function numberText(number: number): string {
  if (!Number.isFinite(number)) return `"${number}"`;
  return Object.is(number, -0) ? '-0' : String(number);
}

/** The shortest text that is this float again. */
function floatText(number: number): string {
  if (!Number.isFinite(number) || number === 0) return numberText(number);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(number.toPrecision(digits));
    if (Object.is(Math.fround(short), number)) return numberText(short);
  }
  return numberText(Number(number.toPrecision(9)));
}

/** A value that has been read from JSON: written without a tag. */
export interface ScalarValue {
  readonly isDefault: boolean;
  write(writer: Writer): void;
}

/** @throws {NodeError} */
export function scalarFromJson(type: ScalarType, node: JsonNode): ScalarValue {
  switch (type) {
    case 'string': {
      if (node.kind !== 'string') throw wrong(node, 'a string');
      return lengthDelimited(Buffer.from(node.value));
    }
    case 'bytes':
      return lengthDelimited(bytesFrom(node));
    case 'bool': {
      if (node.kind !== 'bool') throw wrong(node, 'true or false');
      return { isDefault: !node.value, write: (writer) => writer.boolValue(node.value) };
    }
    case 'double':
    case 'float': {
      const number = numberFrom(type, node);
      const write = type === 'double' ? 'doubleValue' : 'floatValue';
      return { isDefault: Object.is(number, 0), write: (writer) => writer[write](number) };
    }
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64': {
      const integer = integerFrom(type, node);
      return { isDefault: integer === 0n, write: (writer) => writeInt64(writer, type, integer) };
    }
    default: {
      const integer = Number(integerFrom(type, node));
      return { isDefault: integer === 0, write: (writer) => writer[`${type}Value`](integer) };
    }
  }
}

/** By name, also the short one (`Running`), or by number. @throws {NodeError} */
export function enumFromJson(type: EnumSchema, node: JsonNode): ScalarValue {
  const number = enumNumber(type, node);
  return { isDefault: number === 0, write: (writer) => writer.int32Value(number) };
}

function enumNumber(type: EnumSchema, node: JsonNode): number {
  if (node.kind === 'number' || (node.kind === 'string' && /^-?\d+$/.test(node.value))) {
    return Number(integerFrom('int32', node));
  }
  if (node.kind !== 'string') throw wrong(node, `a value of ${type.fullName}`);
  const number = type.numberOf(node.value);
  if (number === undefined) throw new NodeError(`${type.fullName} has no value ${JSON.stringify(node.value)}`, node.at);
  return number;
}

function lengthDelimited(bytes: Uint8Array): ScalarValue {
  return {
    isDefault: bytes.length === 0,
    write: (writer) => {
      writer.uint32Value(bytes.length);
      writer.raw(bytes);
    },
  };
}

/** Standard or URL-safe base64, padded or not. */
function bytesFrom(node: JsonNode): Uint8Array {
  if (node.kind !== 'string') throw wrong(node, 'a string in base64');
  const [, digits = '', padding = ''] = /^([A-Za-z0-9+/_-]*)(={0,2})$/.exec(node.value) ?? [undefined, '?'];
  const isWhole = digits.length % 4 !== 1 && (padding === '' || (digits.length + padding.length) % 4 === 0);
  if (digits === '?' || !isWhole) throw wrong(node, 'a string in base64');
  return Buffer.from(digits, 'base64');
}

function integerFrom(type: keyof typeof RANGES, node: JsonNode): bigint {
  const text = node.kind === 'string' ? node.value : node.kind === 'number' ? node.text : undefined;
  const value = text === undefined ? undefined : parseInteger(text);
  if (value === undefined) throw wrong(node, `a whole number (${type})`);
  const { min, max } = RANGES[type];
  if (value < min || value > max) throw wrong(node, `a whole number from ${min} to ${max} (${type})`);
  return value;
}

/** Also `1e3` and `5.0`, which are whole. */
function parseInteger(text: string): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponentText = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const exponent = Number(exponentText) - fraction.length;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return 0n;
  // Longer than any integer here, whatever its digits are.
  if (digits.length + exponent > 20) return sign === '-' ? INT64.min - 1n : UINT64.max + 1n;
  const dropped = exponent < 0 ? digits.slice(exponent) : '';
  if (/[1-9]/.test(dropped)) return undefined;
  const kept = exponent < 0 ? digits.slice(0, exponent) : digits + '0'.repeat(exponent);
  return BigInt(`${sign}${kept === '' ? '0' : kept}`);
}

function numberFrom(type: 'double' | 'float', node: JsonNode): number {
  if (node.kind === 'string' && /^(NaN|-?Infinity)$/.test(node.value)) return Number(node.value);
  const text = node.kind === 'number' ? node.text : node.kind === 'string' ? node.value : '';
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw wrong(node, `a number (${type})`);
  const number = Number(text);
  const rounded = type === 'float' ? Math.fround(number) : number;
  if (!Number.isFinite(rounded)) throw wrong(node, `within the range of a ${type}`);
  return rounded;
}

/** What stands there and what must. */
export function wrong(node: JsonNode, expected: string): NodeError {
  return new NodeError(`${describe(node)} is not ${expected}`, node.at);
}

function describe(node: JsonNode): string {
  switch (node.kind) {
    case 'string':
      return node.value.length <= 40 ? JSON.stringify(node.value) : `${JSON.stringify(node.value.slice(0, 40))}...`;
    case 'number':
      return node.text.slice(0, 40);
    case 'bool':
      return String(node.value);
    case 'null':
      return 'null';
    default:
      return `an ${node.kind}`;
  }
}
