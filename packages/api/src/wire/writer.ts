// Writes the protobuf wire format, front to back. The generated codecs drive it: one call for each field that is set.
// One buffer serves one message after another; what leaves is a copy. Values that have no encoding are bugs of the
// caller (RangeError), never cut silently; times outside the range of their type become its ends.
const initialBytes = 16 * 1024;
/** A larger buffer is not kept after its message. */
const keptBytesMax = 1024 * 1024;
/** Pooled messages share memory blocks of this size; larger ones than a quarter get memory of their own. */
const slabBytes = 64 * 1024;
/** Up to this length a loop beats the call into the runtime. */
const shortString = 40;
const two32 = 0x1_0000_0000;
/** Limits that google/protobuf/duration.proto and timestamp.proto state, in seconds. */
const durationSecondsMax = 315_576_000_000;
const timestampSecondsMin = -62_135_596_800;
const timestampSecondsMax = 253_402_300_799;

const scratchBytes = new Uint8Array(8);
const scratch = new DataView(scratchBytes.buffer);

/** Holds the writer that is not in use, if there is one. */
const idle: Writer[] = [];
let slab = new Uint8Array(slabBytes);
let slabUsed = 0;

/**
 * Writes one message front to back into a buffer that the next message uses again. A nested message gets one byte
 * for its length, and is moved when it turns out to need more.
 */
export class Writer {
  #buf: Buffer = Buffer.allocUnsafeSlow(initialBytes);
  #pos = 0;

  /** The process-wide writer, or a new one while that is in use (a getter that encodes, or after an exception). */
  static acquire(): Writer {
    return idle.pop() ?? new Writer();
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#pos;
  }

  /** Returns a copy of what was written, and gives the writer back: it must not be used afterwards. */
  finish(): Uint8Array {
    return this.#release(new Uint8Array(this.#pos));
  }

  /**
   * Like `finish`, but the copy is a piece of a larger block: several times cheaper, because memory of its own costs
   * more than writing a small message. For bytes that are soon gone: keeping them keeps the block.
   */
  finishPooled(): Uint8Array {
    const length = this.#pos;
    if (length > slabBytes / 4) return this.finish();
    if (slabUsed + length > slabBytes) {
      slab = new Uint8Array(slabBytes);
      slabUsed = 0;
    }
    const start = slabUsed;
    slabUsed += length;
    return this.#release(new Uint8Array(slab.buffer, start, length));
  }

  #release(bytes: Uint8Array): Uint8Array {
    const length = this.#pos;
    bytes.set(this.#buf.subarray(0, length));
    this.#pos = 0;
    if (this.#buf.length > keptBytesMax) this.#buf = Buffer.allocUnsafeSlow(initialBytes);
    if (idle.length === 0) idle.push(this);
    return bytes;
  }

  #reserve(count: number): void {
    const needed = this.#pos + count;
    if (needed <= this.#buf.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buf.length * 2));
    grown.set(this.#buf.subarray(0, this.#pos));
    this.#buf = grown;
  }

  /** Tag (number * 8 + wire type) or any other uint32; the caller has reserved 5 bytes. */
  #varint32(value: number): void {
    const buf = this.#buf;
    let pos = this.#pos;
    while (value > 127) {
      buf[pos++] = (value & 127) | 128;
      value >>>= 7;
    }
    buf[pos++] = value;
    this.#pos = pos;
  }

  #varint64(low: number, high: number): void {
    const buf = this.#buf;
    let pos = this.#pos;
    while (high > 0) {
      buf[pos++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#pos = pos;
    this.#varint32(low);
  }

  // Fields. `tag` is number * 8 + wire type, as the generated code spells it.

  uint32(tag: number, value: number): void {
    this.#reserve(10);
    this.#varint32(tag);
    this.#varint32(value >>> 0);
  }

  int32(tag: number, value: number): void {
    this.#reserve(15);
    this.#varint32(tag);
    this.int32Value(value);
  }

  sint32(tag: number, value: number): void {
    this.uint32(tag, (value << 1) ^ (value >> 31));
  }

  bool(tag: number, value: boolean): void {
    this.#reserve(6);
    this.#varint32(tag);
    this.#buf[this.#pos++] = value ? 1 : 0;
  }

  int64(tag: number, value: number): void {
    this.#reserve(15);
    this.#varint32(tag);
    this.int64Value(value);
  }

  uint64(tag: number, value: number): void {
    this.int64(tag, value);
  }

  sint64(tag: number, value: number): void {
    this.#reserve(15);
    this.#varint32(tag);
    this.sint64Value(value);
  }

  fixed32(tag: number, value: number): void {
    scratch.setUint32(0, value, true);
    this.#fixed(tag, 4);
  }

  sfixed32(tag: number, value: number): void {
    this.fixed32(tag, value);
  }

  fixed64(tag: number, value: number): void {
    const high = highWord(value);
    scratch.setUint32(0, value - high * two32, true);
    scratch.setUint32(4, high, true);
    this.#fixed(tag, 8);
  }

  sfixed64(tag: number, value: number): void {
    this.fixed64(tag, value);
  }

  float(tag: number, value: number): void {
    scratch.setFloat32(0, value, true);
    this.#fixed(tag, 4);
  }

  double(tag: number, value: number): void {
    scratch.setFloat64(0, value, true);
    this.#fixed(tag, 8);
  }

  #fixed(tag: number, count: number): void {
    this.#reserve(13);
    this.#varint32(tag);
    for (let index = 0; index < count; index++) this.#buf[this.#pos++] = scratchBytes[index] as number;
  }

  bytes(tag: number, value: Uint8Array): void {
    const length = value.length;
    this.#reserve(length + 10);
    this.#varint32(tag);
    this.#varint32(length);
    this.#buf.set(value, this.#pos);
    this.#pos += length;
  }

  string(tag: number, value: string): void {
    const length = value.length;
    // A UTF-16 unit becomes at most three bytes.
    this.#reserve(length * 3 + 10);
    this.#varint32(tag);
    if (length > shortString || !this.#shortAscii(value, length)) this.#utf8(value);
  }

  /** Length byte and characters, if all are ASCII; otherwise leaves the position alone. */
  #shortAscii(value: string, length: number): boolean {
    const buf = this.#buf;
    let pos = this.#pos;
    buf[pos++] = length;
    for (let index = 0; index < length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 127) return false;
      buf[pos++] = unit;
    }
    this.#pos = pos;
    return true;
  }

  #utf8(value: string): void {
    const start = ++this.#pos;
    this.#pos += this.#buf.write(value, start);
    this.close(start);
  }

  /** Begins a nested message; what it returns belongs to `close`. */
  open(tag: number): number {
    this.#reserve(6);
    this.#varint32(tag);
    return ++this.#pos;
  }

  close(start: number): void {
    const length = this.#pos - start;
    if (length < 128) {
      this.#buf[start - 1] = length;
      return;
    }
    const extra = varintLength(length) - 1;
    this.#reserve(extra);
    this.#buf.copyWithin(start + extra, start, this.#pos);
    this.#pos = start - 1;
    this.#varint32(length);
    this.#pos += length;
  }

  /** Already encoded fields, verbatim. */
  raw(fields: Uint8Array): void {
    this.#reserve(fields.length);
    this.#buf.set(fields, this.#pos);
    this.#pos += fields.length;
  }

  // Values without a tag, for packed fields.

  uint32Value(value: number): void {
    this.#reserve(5);
    this.#varint32(value >>> 0);
  }

  int32Value(value: number): void {
    this.#reserve(10);
    if (value >= 0) this.#varint32(value >>> 0);
    else this.#varint64(value >>> 0, 0xffff_ffff);
  }

  sint32Value(value: number): void {
    this.uint32Value((value << 1) ^ (value >> 31));
  }

  boolValue(value: boolean): void {
    this.#reserve(1);
    this.#buf[this.#pos++] = value ? 1 : 0;
  }

  int64Value(value: number): void {
    this.#reserve(10);
    if (value >= 0 && value < two32) return this.#varint32(value >>> 0);
    const high = highWord(value);
    this.#varint64((value - high * two32) >>> 0, high >>> 0);
  }

  uint64Value(value: number): void {
    this.int64Value(value);
  }

  sint64Value(value: number): void {
    this.#reserve(10);
    // By halves: in one number the sign, which zigzag puts into the lowest bit, would be lost above 2^53.
    const high = highWord(value);
    const low = (value - high * two32) >>> 0;
    const sign = value < 0 ? -1 : 0;
    this.#varint64(((low << 1) ^ sign) >>> 0, (((high << 1) | (low >>> 31)) ^ sign) >>> 0);
  }

  fixed32Value(value: number): void {
    scratch.setUint32(0, value, true);
    this.raw(scratchBytes.subarray(0, 4));
  }

  sfixed32Value(value: number): void {
    this.fixed32Value(value);
  }

  fixed64Value(value: number): void {
    const high = highWord(value);
    scratch.setUint32(0, value - high * two32, true);
    scratch.setUint32(4, high, true);
    this.raw(scratchBytes);
  }

  sfixed64Value(value: number): void {
    this.fixed64Value(value);
  }

  floatValue(value: number): void {
    scratch.setFloat32(0, value, true);
    this.raw(scratchBytes.subarray(0, 4));
  }

  doubleValue(value: number): void {
    scratch.setFloat64(0, value, true);
    this.raw(scratchBytes);
  }

  // Well-known types.

  /** Epoch ms as google.protobuf.Timestamp, to the nearest ns; times outside the years 1 to 9999 become their ends. */
  timestamp(tag: number, epochMs: number): void {
    let seconds = Math.floor(finite(epochMs) / 1000);
    let nanos = Math.round((epochMs - seconds * 1000) * 1e6);
    if (nanos >= 1e9) {
      seconds++;
      nanos -= 1e9;
    }
    if (seconds < timestampSecondsMin) return this.#secondsAndNanos(tag, timestampSecondsMin, 0);
    if (seconds > timestampSecondsMax) return this.#secondsAndNanos(tag, timestampSecondsMax, 999_999_999);
    this.#secondsAndNanos(tag, seconds, nanos);
  }

  /** Ms as google.protobuf.Duration, to the nearest ns; beyond about 10,000 years it becomes the end of that range. */
  duration(tag: number, ms: number): void {
    let seconds = Math.trunc(finite(ms) / 1000);
    // Half a nanosecond is rounded away from zero, so that a duration and its negative stay mirror images.
    let nanos = Math.sign(ms) * Math.round(Math.abs(ms - seconds * 1000) * 1e6);
    if (nanos >= 1e9 || nanos <= -1e9) {
      seconds += Math.sign(ms);
      nanos = 0;
    }
    if (Math.abs(seconds) >= durationSecondsMax) {
      seconds = Math.sign(ms) * durationSecondsMax;
      nanos = 0;
    }
    this.#secondsAndNanos(tag, seconds, nanos);
  }

  #secondsAndNanos(tag: number, seconds: number, nanos: number): void {
    const start = this.open(tag);
    if (seconds !== 0) this.int64(8, seconds);
    if (nanos !== 0) this.int32(16, nanos);
    this.close(start);
  }
}

function varintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/** Upper 32 bits of a 64-bit integer, rounded towards minus infinity (two's complement). */
function highWord(value: number): number {
  const high = Math.floor(value / two32);
  if (!(high >= -0x8000_0000 && high < two32) || !Number.isInteger(value)) {
    throw new RangeError(`${value} is not a 64-bit integer`);
  }
  return high;
}

function finite(ms: number): number {
  if (!Number.isFinite(ms)) throw new RangeError(`${ms} is not a time`);
  return ms;
}
