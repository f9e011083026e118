// HPACK encoder (RFC 7541): fields in, header block bytes out.
//
// Owns the dynamic table of the sending direction of one connection, so blocks must reach the wire in the order in
// which they were encoded here.

import { FIELD_OVERHEAD_BYTES, HeaderField } from '../header-field.ts';
import { huffmanEncode, huffmanEncodedBytes } from '../huffman.ts';
import { DynamicTable, TABLE_BYTES_DEFAULT } from './dynamic-table.ts';
import { STATIC_TABLE } from './static-table.ts';

export const Indexing = {
  /** Enters the table: for fields that will be sent again. */
  keep: 0,
  once: 1,
  /** Must never enter any table, also not at an intermediary (RFC 7541 section 7.1.3). */
  never: 2,
} as const;

export interface OutgoingField {
  readonly name: string;
  readonly value: string;
  readonly indexing: number;
}

const STATIC_COUNT = STATIC_TABLE.length;
const STATIC_BY_NAME = new Map<string, number>();
const STATIC_BY_PAIR = new Map<string, number>();
STATIC_TABLE.forEach((field, i) => {
  if (!STATIC_BY_NAME.has(field.name)) STATIC_BY_NAME.set(field.name, i + 1);
  STATIC_BY_PAIR.set(pairKey(field.name, field.value), i + 1);
});

function pairKey(name: string, value: string): string {
  return `${name}\n${value}`;
}

let scratch = Buffer.allocUnsafeSlow(16_384);

export class HpackEncoder {
  private readonly table = new DynamicTable(TABLE_BYTES_DEFAULT);
  /** Insertion numbers; those of evicted entries linger until the next clean-up. */
  private readonly numberByPair = new Map<string, number>();
  private readonly numberByName = new Map<string, number>();
  /** Smallest limit since the last block, which the peer must be told before the final one (RFC 7541 section 4.2). */
  private lowestLimit: number | undefined;
  private position = 0;
  private readonly huffman: boolean;

  constructor(options: { readonly huffman?: boolean } = {}) {
    this.huffman = options.huffman ?? true;
  }

  /** A block may be sent again unchanged while this stays the same. */
  get generation(): number {
    return this.table.generation;
  }

  get dynamicBytes(): number {
    return this.table.sizeBytes;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. More than the default is not used. */
  setPeerLimit(bytes: number): void {
    const limit = Math.min(bytes, TABLE_BYTES_DEFAULT);
    if (limit === this.table.limitBytes) return;
    this.lowestLimit = Math.min(limit, this.lowestLimit ?? limit);
    this.table.resize(limit);
  }

  /** The returned bytes are overwritten by the next call of any encoder. */
  encode(fields: readonly OutgoingField[]): Uint8Array {
    this.position = 0;
    if (this.lowestLimit !== undefined) this.writeSizeUpdates(this.lowestLimit);
    for (const field of fields) this.writeField(field);
    return scratch.subarray(0, this.position);
  }

  private writeSizeUpdates(lowest: number): void {
    this.lowestLimit = undefined;
    // A block with a size update must not be sent twice.
    this.table.generation++;
    if (lowest < this.table.limitBytes) this.writeInteger(0x20, 5, lowest);
    this.writeInteger(0x20, 5, this.table.limitBytes);
  }

  private writeField(field: OutgoingField): void {
    reserve(this.position, field.name.length + field.value.length + 32);
    if (field.indexing !== Indexing.never) {
      const index = this.indexOfPair(field);
      if (index > 0) {
        this.writeInteger(0x80, 7, index);
        return;
      }
    }
    const keep = field.indexing === Indexing.keep && this.fitsTable(field);
    const nameIndex = this.indexOfName(field.name);
    if (keep) this.writeInteger(0x40, 6, nameIndex);
    else this.writeInteger(field.indexing === Indexing.never ? 0x10 : 0x00, 4, nameIndex);
    if (nameIndex === 0) this.writeString(field.name);
    this.writeString(field.value);
    if (keep) this.insert(field);
  }

  /** A larger field would only empty the table. */
  private fitsTable({ name, value }: OutgoingField): boolean {
    return name.length + value.length + FIELD_OVERHEAD_BYTES <= this.table.limitBytes;
  }

  private insert(field: OutgoingField): void {
    this.table.insert(new HeaderField(field.name, field.value));
    if (this.numberByPair.size > 2 * this.table.count + 64) this.forgetEvicted();
    this.numberByPair.set(pairKey(field.name, field.value), this.table.inserted - 1);
    this.numberByName.set(field.name, this.table.inserted - 1);
  }

  private forgetEvicted(): void {
    const oldest = this.table.inserted - this.table.count;
    for (const map of [this.numberByPair, this.numberByName]) {
      for (const [key, number] of map) if (number < oldest) map.delete(key);
    }
  }

  private indexOfPair(field: OutgoingField): number {
    const key = pairKey(field.name, field.value);
    return STATIC_BY_PAIR.get(key) ?? this.dynamicIndex(this.numberByPair.get(key));
  }

  private indexOfName(name: string): number {
    return STATIC_BY_NAME.get(name) ?? this.dynamicIndex(this.numberByName.get(name));
  }

  /** 0 when there is none. */
  private dynamicIndex(number: number | undefined): number {
    if (number === undefined) return 0;
    const age = this.table.inserted - 1 - number;
    return age < this.table.count ? STATIC_COUNT + 1 + age : 0;
  }

  private writeInteger(flags: number, prefixBits: number, value: number): void {
    const prefixMax = (1 << prefixBits) - 1;
    if (value < prefixMax) {
      scratch[this.position++] = flags | value;
      return;
    }
    scratch[this.position++] = flags | prefixMax;
    let rest = value - prefixMax;
    while (rest >= 0x80) {
      scratch[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    scratch[this.position++] = rest;
  }

  private writeString(text: string): void {
    const huffmanBytes = this.huffman ? huffmanEncodedBytes(text) : 0;
    if (huffmanBytes > 0 && huffmanBytes <= text.length) {
      this.writeInteger(0x80, 7, huffmanBytes);
      this.position = huffmanEncode(text, scratch, this.position);
    } else {
      this.writeInteger(0, 7, text.length);
      this.position += scratch.write(text, this.position, 'latin1');
    }
  }
}

function reserve(position: number, bytes: number): void {
  if (position + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, position + bytes));
  larger.set(scratch.subarray(0, position));
  scratch = larger;
}

/** A block that is sent often: encoded again only when the table has changed. */
export class PreparedBlock {
  private readonly fields: readonly OutgoingField[];
  private bytes: Uint8Array | undefined;
  private generation = -1;

  constructor(fields: readonly OutgoingField[]) {
    this.fields = fields;
  }

  /** The returned bytes are good until the next call of any encoder. */
  bytesFor(encoder: HpackEncoder): Uint8Array {
    if (this.bytes !== undefined && this.generation === encoder.generation) return this.bytes;
    const before = encoder.generation;
    const encoded = encoder.encode(this.fields);
    if (encoder.generation !== before) return encoded;
    this.generation = before;
    return (this.bytes = Uint8Array.from(encoded));
  }
}
