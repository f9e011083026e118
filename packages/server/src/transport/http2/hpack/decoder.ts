// HPACK decoder (RFC 7541): header block bytes in, list of checked fields out.
//
// Owns the dynamic table of one direction of one connection. Every block the peer sends must pass through here, also
// those of refused or unknown streams, or the tables drift apart. All errors are connection errors.

import { ConnectionError, ErrorCode } from '../errors.ts';
import { HeaderBlock, HeaderField } from '../header-field.ts';
import { huffmanDecode, huffmanDecodedBytesMax } from '../huffman.ts';
import { BlockCache, CACHED_BLOCK_BYTES_MAX } from './block-cache.ts';
import { DynamicTable, TABLE_BYTES_DEFAULT } from './dynamic-table.ts';
import { STATIC_TABLE } from './static-table.ts';

const STATIC_COUNT = STATIC_TABLE.length;
const INTEGER_MAX = 0x0fff_ffff;

const scratch = Buffer.allocUnsafeSlow(4096);

export class HpackDecoder {
  private readonly table: DynamicTable;
  private readonly tableBytesMax: number;
  private readonly listBytesMax: number;
  private readonly cache = new BlockCache();
  private buffer: Buffer = scratch;
  private position = 0;
  private end = 0;
  private sawLiteral = false;

  /** `tableBytesMax`: what we announced as SETTINGS_HEADER_TABLE_SIZE. */
  constructor(listBytesMax: number, tableBytesMax: number = TABLE_BYTES_DEFAULT) {
    this.listBytesMax = listBytesMax;
    this.tableBytesMax = tableBytesMax;
    this.table = new DynamicTable(tableBytesMax);
  }

  /** @throws {ConnectionError} COMPRESSION_ERROR */
  decode(buffer: Buffer, start: number, end: number): HeaderBlock {
    const isShort = end - start <= CACHED_BLOCK_BYTES_MAX;
    if (isShort) {
      const known = this.cache.find(buffer, start, end, this.table.generation);
      if (known !== undefined) return known;
    }
    this.buffer = buffer;
    this.position = start;
    this.end = end;
    this.sawLiteral = false;
    const block = new HeaderBlock();
    const hasSizeUpdate = this.readSizeUpdates();
    while (this.position < end) this.readField(block);
    this.buffer = scratch;
    if (isShort && !this.sawLiteral && !hasSizeUpdate) this.cache.put(buffer, start, end, block);
    return block;
  }

  /** The dynamic table as (name, value) pairs, newest first: for tests. */
  dynamicEntries(): (readonly [string, string])[] {
    const entries: (readonly [string, string])[] = [];
    for (let i = 0; i < this.table.count; i++) {
      const field = this.table.get(i)!;
      entries.push([field.name, field.value]);
    }
    return entries;
  }

  get dynamicBytes(): number {
    return this.table.sizeBytes;
  }

  /** Size updates stand at the start of a block (RFC 7541 section 4.2). */
  private readSizeUpdates(): boolean {
    const start = this.position;
    while (this.position < this.end && this.buffer[this.position]! >> 5 === 1) {
      const sizeBytes = this.readInteger(5);
      if (sizeBytes > this.tableBytesMax) throw compressionError('table size update above the announced limit');
      this.table.resize(sizeBytes);
    }
    return this.position > start;
  }

  private readField(block: HeaderBlock): void {
    const first = this.buffer[this.position]!;
    if (first >= 0x80) {
      block.add(this.fieldAt(this.readInteger(7)), this.listBytesMax);
    } else if (first >= 0x40) {
      const field = this.readLiteral(6);
      this.table.insert(field);
      block.add(field, this.listBytesMax);
    } else if (first >= 0x20) {
      throw compressionError('table size update inside a header block');
    } else {
      block.add(this.readLiteral(4), this.listBytesMax);
    }
  }

  private readLiteral(prefixBits: number): HeaderField {
    this.sawLiteral = true;
    const index = this.readInteger(prefixBits);
    const name = index === 0 ? this.readString() : this.fieldAt(index).name;
    return new HeaderField(name, this.readString());
  }

  private fieldAt(index: number): HeaderField {
    const field = index <= STATIC_COUNT ? STATIC_TABLE[index - 1] : this.table.get(index - STATIC_COUNT - 1);
    if (field === undefined) throw compressionError(`no header field has index ${index}`);
    return field;
  }

  /** RFC 7541 section 5.1. */
  private readInteger(prefixBits: number): number {
    const prefixMax = (1 << prefixBits) - 1;
    let value = this.buffer[this.position++]! & prefixMax;
    if (value < prefixMax) return value;
    for (let shift = 0; shift <= 28; shift += 7) {
      if (this.position >= this.end) throw compressionError('header block ends inside an integer');
      const byte = this.buffer[this.position++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (value > INTEGER_MAX) break;
      if (byte < 0x80) return value;
    }
    throw compressionError('integer too large');
  }

  private readString(): string {
    if (this.position >= this.end) throw compressionError('header block ends before a string');
    const isHuffman = this.buffer[this.position]! >= 0x80;
    const length = this.readInteger(7);
    const start = this.position;
    const end = start + length;
    if (end > this.end) throw compressionError('header block ends inside a string');
    this.position = end;
    if (!isHuffman) return this.buffer.toString('latin1', start, end);
    const room = huffmanDecodedBytesMax(length);
    const out = room <= scratch.length ? scratch : Buffer.allocUnsafe(room);
    return out.toString('latin1', 0, huffmanDecode(this.buffer, start, end, out));
  }
}

function compressionError(message: string): ConnectionError {
  return new ConnectionError(ErrorCode.compressionError, message);
}
