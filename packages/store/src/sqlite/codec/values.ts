// Rows of SQL values as bytes: the one shape in which data crosses between the threads, in both directions.
import type { ByteReader, ByteWriter } from './bytes.ts';

export type Value = null | number | string | Uint8Array;
export type Row = readonly Value[];

const tagNull = 0;
const tagNumber = 1;
const tagText = 2;
const tagBytes = 3;

export function writeValue(writer: ByteWriter, value: Value): void {
  if (typeof value === 'number') {
    writer.u8(tagNumber);
    writer.f64(value);
  } else if (typeof value === 'string') {
    writer.u8(tagText);
    writer.text(value);
  } else if (value === null) {
    writer.u8(tagNull);
  } else {
    writer.u8(tagBytes);
    writer.bytes(value);
  }
}

export function readValue(reader: ByteReader): Value {
  const tag = reader.u8();
  switch (tag) {
    case tagNull:
      return null;
    case tagNumber:
      return reader.f64();
    case tagText:
      return reader.text();
    case tagBytes:
      return reader.bytes();
    default:
      throw new Error(`unknown value tag ${tag}`);
  }
}

export function writeRow(writer: ByteWriter, row: Row): void {
  writer.u8(row.length);
  for (const value of row) writeValue(writer, value);
}

export function readRow(reader: ByteReader): Value[] {
  const row: Value[] = new Array<Value>(reader.u8());
  for (let i = 0; i < row.length; i++) row[i] = readValue(reader);
  return row;
}
