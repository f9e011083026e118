// Reads the protobuf wire format. The generated codecs drive it: a tag, then the value that the tag calls for.
// It trusts nothing: every length, varint and string is checked, and nesting is limited, because these bytes come from
// anyone who can reach the port. It never copies what it can show as a view, and never reads past `limit`.
import { isUtf8 } from 'node:buffer';
import { ProtobufError } from './error.ts';

/** Walks over a message up to `end`, as a reader of it would. */
export type Check = (reader: Reader, end: number) => void;

/** Deepest nesting of messages that is accepted. */
export const depthMax = 100;

const scratchBytes = new Uint8Array(8);
const scratch = new DataView(scratchBytes.buffer);
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const replacementCharacter = '\ufffd';
const emptyRoom = new Uint8Array(0);
const two28 = 0x1000_0000;
const two32 = 0x1_0000_0000;

// The runtime's native slice costs the same few ns for any length, a TextDecoder twice as much. It is not in the
// type declarations, though every release has it.
const utf8Slice = (
  Buffer.prototype as unknown as {
    utf8Slice: (this: Uint8Array, start: number, end: number) => string;
  }
).utf8Slice;

/** Walks over one encoded message. Every read is checked against the end of the input and throws ProtobufError. */
export class Reader {
  readonly buf: Uint8Array;
  readonly limit: number;
  pos = 0;
  #depthLeft = depthMax;
  readonly #strict: boolean;

  /** @param strict also look into what stays encoded */
  constructor(bytes: Uint8Array, strict = false) {
    this.buf = bytes;
    this.limit = bytes.length;
    this.#strict = strict;
  }

  /** The next field's tag: number * 8 + wire type. */
  tag(): number {
    if (this.pos < this.limit) {
      const first = this.buf[this.pos] as number;
      if (first < 128) {
        this.pos++;
        return first;
      }
    }
    return this.#tagSlow();
  }

  #tagSlow(): number {
    const start = this.pos;
    const tag = this.uint32();
    if (this.pos - start > 5) throw new ProtobufError('field tag is longer than 5 bytes');
    return tag;
  }

  uint32(): number {
    const buf = this.buf;
    let pos = this.pos;
    if (pos < this.limit) {
      const first = buf[pos] as number;
      if (first < 128) {
        this.pos = pos + 1;
        return first;
      }
    }
    let value = 0;
    // Five bytes carry the value; a sign-extended negative one has up to ten.
    for (let index = 0; index < 10; index++) {
      if (pos >= this.limit) throw truncated();
      const byte = buf[pos++] as number;
      if (index < 5) value |= (byte & 127) << (index * 7);
      if (byte < 128) {
        this.pos = pos;
        return value >>> 0;
      }
    }
    throw new ProtobufError('varint is longer than 10 bytes');
  }

  int32(): number {
    return this.uint32() | 0;
  }

  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  bool(): boolean {
    const first = this.pos < this.limit ? (this.buf[this.pos] as number) : 128;
    if (first < 128) {
      this.pos++;
      return first !== 0;
    }
    return this.#varint64(false) !== 0;
  }

  int64(): number {
    const first = this.pos < this.limit ? (this.buf[this.pos] as number) : 128;
    if (first < 128) {
      this.pos++;
      return first;
    }
    return this.#varint64(true);
  }

  uint64(): number {
    return this.#varint64(false);
  }

  sint64(): number {
    // Zigzag keeps the sign in the lowest bit, which a number above 2^53 no longer has: take it from the first byte.
    const negative = this.pos < this.limit && ((this.buf[this.pos] as number) & 1) === 1;
    const value = this.#varint64(false);
    return negative ? -(value + 1) / 2 : value / 2;
  }

  #varint64(signed: boolean): number {
    const buf = this.buf;
    let low = 0;
    let middle = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.pos >= this.limit) throw truncated();
      const byte = buf[this.pos++] as number;
      if (index < 4) low |= (byte & 127) << (index * 7);
      else if (index < 8) middle |= (byte & 127) << (index * 7 - 28);
      else high |= (byte & 127) << (index * 7 - 56);
      if (byte < 128) {
        if (index < 4) return low;
        high &= 255;
        if (signed && high > 127) high -= 256;
        // In this order every step of a small negative number is exact.
        return (high * two28 + middle) * two28 + low;
      }
    }
    throw new ProtobufError('varint is longer than 10 bytes');
  }

  fixed32(): number {
    return this.#view(4).getUint32(0, true);
  }

  sfixed32(): number {
    return this.#view(4).getInt32(0, true);
  }

  fixed64(): number {
    const view = this.#view(8);
    return view.getUint32(4, true) * two32 + view.getUint32(0, true);
  }

  sfixed64(): number {
    const view = this.#view(8);
    return view.getInt32(4, true) * two32 + view.getUint32(0, true);
  }

  float(): number {
    return this.#view(4).getFloat32(0, true);
  }

  double(): number {
    return this.#view(8).getFloat64(0, true);
  }

  /** Copies the next bytes to where a DataView can look at them; they are rare enough. */
  #view(count: number): DataView {
    const start = this.pos;
    if (count > this.limit - start) throw truncated();
    for (let index = 0; index < count; index++) scratchBytes[index] = this.buf[start + index] as number;
    this.pos = start + count;
    return scratch;
  }

  /** The end of a length-delimited field that starts here; `pos` is left at its first byte. */
  #end(): number {
    const length = this.uint32();
    if (length > this.limit - this.pos) throw new ProtobufError('length runs past the end of the message');
    return this.pos + length;
  }

  string(): string {
    const end = this.#end();
    const start = this.pos;
    this.pos = end;
    const length = end - start;
    if (length <= 8) {
      const short = asciiShort(this.buf, start, length);
      if (short !== undefined) return short;
    }
    const text = utf8Slice.call(this.buf, start, end);
    // Invalid bytes become U+FFFD, which may also be real text: then, rarely, ask the strict decoder.
    return text.includes(replacementCharacter) ? strictString(this.buf.subarray(start, end)) : text;
  }

  /** A view into the input, not a copy. */
  bytes(): Uint8Array {
    const end = this.#end();
    const start = this.pos;
    this.pos = end;
    return new Uint8Array(this.buf.buffer, this.buf.byteOffset + start, end - start);
  }

  /** An encoded message that stays encoded. Protobuf merges a repeated occurrence, which is what joining does. */
  opaque(check: Check | undefined, before?: Uint8Array): Uint8Array {
    const bytes = this.#strict && check !== undefined ? this.#checked(check) : this.bytes();
    return before === undefined ? bytes : this.#join(before, bytes);
  }

  #checked(check: Check): Uint8Array {
    const end = this.enter();
    const start = this.pos;
    check(this, end);
    return this.buf.subarray(start, end);
  }

  /** What was joined before has room behind it, so that many small pieces do not cost the square of their number. */
  #join(before: Uint8Array, bytes: Uint8Array): Uint8Array {
    const length = before.length + bytes.length;
    const isOwn = before.buffer !== this.buf.buffer && before.byteOffset === 0;
    let room = isOwn ? new Uint8Array(before.buffer) : emptyRoom;
    if (length > room.length) {
      room = new Uint8Array(2 * length);
      room.set(before);
    }
    room.set(bytes, before.length);
    return room.subarray(0, length);
  }

  /** Steps over a string. */
  checkString(): void {
    const end = this.#end();
    const start = this.pos;
    this.pos = end;
    for (let at = start; at < end; at++) {
      if ((this.buf[at] as number) < 128 && at - start < 32) continue;
      if (!isUtf8(this.buf.subarray(at, end))) throw new ProtobufError('string is not valid UTF-8');
      return;
    }
  }

  /** Enters a nested message: its end, which must be handed to `exit`. */
  enter(): number {
    if (--this.#depthLeft <= 0) throw new ProtobufError(`messages are nested deeper than ${depthMax}`);
    return this.#end();
  }

  /** Enters a message without fields that is not there: a map entry may lack its value. */
  enterNothing(): number {
    this.#depthLeft--;
    return this.pos;
  }

  /** Leaves a message; a last field that ran past its end is an error. */
  exit(end: number): void {
    if (this.pos !== end) throw new ProtobufError('field runs past the end of its message');
    this.#depthLeft++;
  }

  /** google.protobuf.Timestamp as epoch ms. */
  timestamp(): number {
    return this.#secondsAndNanos();
  }

  /** google.protobuf.Duration as ms. */
  duration(): number {
    return this.#secondsAndNanos();
  }

  #secondsAndNanos(): number {
    const end = this.enter();
    let seconds = 0;
    let nanos = 0;
    while (this.pos < end) {
      const tag = this.tag();
      if (tag === 8) seconds = this.int64();
      else if (tag === 16) nanos = this.int32();
      else this.skip(tag);
    }
    this.exit(end);
    return nanos === 0 ? seconds * 1000 : seconds * 1000 + nanos / 1e6;
  }

  /** Steps over a field that the schema does not know, whose tag was just read. */
  skip(tag: number): void {
    if (tag < 8) throw new ProtobufError('field number 0');
    switch (tag & 7) {
      case 0:
        this.#varint64(false);
        return;
      case 1:
        this.#advance(8);
        return;
      case 2:
        this.pos = this.#end();
        return;
      case 5:
        this.#advance(4);
        return;
      default:
        throw new ProtobufError(`wire type ${tag & 7} is not supported`);
    }
  }

  #advance(count: number): void {
    if (count > this.limit - this.pos) throw truncated();
    this.pos += count;
  }
}

function truncated(): ProtobufError {
  return new ProtobufError('message is truncated');
}

function strictString(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    throw new ProtobufError('string is not valid UTF-8', { cause: error });
  }
}

/** Up to 8 ASCII characters, without a call into the runtime; undefined when there are others. */
function asciiShort(buf: Uint8Array, start: number, length: number): string | undefined {
  if (length === 0) return '';
  let text = '';
  let at = start;
  const end = start + length;
  if (length >= 4) {
    const a = buf[at] as number;
    const b = buf[at + 1] as number;
    const c = buf[at + 2] as number;
    const d = buf[at + 3] as number;
    if ((a | b | c | d) > 127) return undefined;
    text = String.fromCharCode(a, b, c, d);
    at += 4;
  }
  while (at < end) {
    const byte = buf[at++] as number;
    if (byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
