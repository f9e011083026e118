// Writing into and reading from one block of memory that is handed from thread to thread.

/** Appends to a buffer of its own, which grows when the first estimate was too small. */
export class ByteWriter {
  #bytes: Buffer<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Length, then the bytes. */
  bytes(value: Uint8Array): void {
    this.#reserve(4 + value.length);
    this.#view.setUint32(this.#length, value.length, true);
    this.#bytes.set(value, this.#length + 4);
    this.#length += 4 + value.length;
  }

  /** Length in bytes, then UTF-8. */
  text(value: string): void {
    this.#reserve(4 + value.length * 3);
    const written = this.#bytes.write(value, this.#length + 4, 'utf8');
    this.#view.setUint32(this.#length, written, true);
    this.#length += 4 + written;
  }

  /** Gives the memory away, cut to what was written; the writer is empty afterwards and must not be used. */
  finish(): ArrayBuffer {
    return this.#bytes.buffer.transfer(this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Reads what a ByteWriter wrote, in the same order. Byte strings are views, not copies. */
export class ByteReader {
  readonly #buffer: ArrayBuffer;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #offset = 0;

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
    this.#bytes = Buffer.from(buffer);
    this.#view = new DataView(buffer);
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#buffer.byteLength;
  }

  u8(): number {
    return this.#view.getUint8(this.#offset++);
  }

  u32(): number {
    const value = this.#view.getUint32(this.#offset, true);
    this.#offset += 4;
    return value;
  }

  f64(): number {
    const value = this.#view.getFloat64(this.#offset, true);
    this.#offset += 8;
    return value;
  }

  bytes(): Uint8Array {
    const start = this.#skip(this.u32());
    return new Uint8Array(this.#buffer, start, this.#offset - start);
  }

  text(): string {
    const start = this.#skip(this.u32());
    return this.#bytes.toString('utf8', start, this.#offset);
  }

  #skip(count: number): number {
    const start = this.#offset;
    this.#offset += count;
    return start;
  }
}
