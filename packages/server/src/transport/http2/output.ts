// What a connection sends: frames are written into a reused slab, and the slab goes to the socket once per turn of the
// event loop, with everything that all its streams had to say. This is the cheapest way measured: no allocation and
// one write per turn instead of several per call.

import type { Duplex } from 'node:stream';
import { FRAME_HEADER_BYTES } from './frames.ts';

export const SLAB_BYTES = 65_536;
const POOLED_SLABS_MAX = 32;
const NO_SLAB = Buffer.alloc(0);

const pool: Buffer[] = [];
const dirty: Output[] = [];

function flushDirty(): void {
  const outputs = dirty.splice(0);
  for (const output of outputs) output.flush();
}

export class Output {
  /** Public so that frame writers can store bytes without a call per byte; use only after `reserve`. */
  slab: Buffer = NO_SLAB;
  position = 0;
  private readonly socket: Duplex;
  private readonly onProgress: () => void;
  private readonly inFlight: Buffer[] = [];
  private readonly inFlightBytes: number[] = [];
  private bytesInFlight = 0;
  private isDirty = false;
  private closed = false;

  /** `onProgress` runs whenever the socket has taken some bytes. */
  constructor(socket: Duplex, onProgress: () => void) {
    this.socket = socket;
    this.onProgress = onProgress;
  }

  /** Bytes written here that the operating system has not taken yet. */
  get waitingBytes(): number {
    return this.bytesInFlight + this.position;
  }

  /** Makes room for `bytes` (at most a slab) and sees to it that they are sent at the end of this turn. */
  reserve(bytes: number): void {
    if (this.slab.length - this.position < bytes) {
      this.flush();
      this.slab = pool.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
    }
    if (!this.isDirty) {
      this.isDirty = true;
      if (dirty.push(this) === 1) setImmediate(flushDirty);
    }
  }

  frameHeader(length: number, type: number, flags: number, streamId: number): void {
    const slab = this.slab;
    const at = this.position;
    slab[at] = length >> 16;
    slab[at + 1] = length >> 8;
    slab[at + 2] = length;
    slab[at + 3] = type;
    slab[at + 4] = flags;
    slab[at + 5] = streamId >> 24;
    slab[at + 6] = streamId >> 16;
    slab[at + 7] = streamId >> 8;
    slab[at + 8] = streamId;
    this.position = at + FRAME_HEADER_BYTES;
  }

  uint32(value: number): void {
    const slab = this.slab;
    const at = this.position;
    slab[at] = value >>> 24;
    slab[at + 1] = value >>> 16;
    slab[at + 2] = value >>> 8;
    slab[at + 3] = value;
    this.position = at + 4;
  }

  bytes(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length <= 48) {
      // A native copy costs more than a few stores.
      const slab = this.slab;
      const at = this.position;
      for (let i = 0; i < length; i++) slab[at + i] = from[start + i]!;
    } else if (length === from.length) {
      this.slab.set(from, this.position);
    } else {
      this.slab.set(from.subarray(start, end), this.position);
    }
    this.position += length;
  }

  flush(): void {
    this.isDirty = false;
    const length = this.position;
    if (length === 0) return;
    const slab = this.slab;
    this.slab = NO_SLAB;
    this.position = 0;
    if (this.closed || !this.socket.writable) return;
    this.inFlight.push(slab);
    this.inFlightBytes.push(length);
    this.bytesInFlight += length;
    this.socket.write(slab.subarray(0, length), this.onWritten);
  }

  /** Drops what has not been handed to the socket. */
  close(): void {
    this.closed = true;
    this.slab = NO_SLAB;
    this.position = 0;
  }

  /** Only now may the slab be used again: until then the socket reads from it. */
  private readonly onWritten = (error?: Error | null): void => {
    const slab = this.inFlight.shift()!;
    this.bytesInFlight -= this.inFlightBytes.shift()!;
    // A failed write may still be read by the kernel; the connection's 'close' event handles the failure.
    if (error) return;
    if (pool.length < POOLED_SLABS_MAX) pool.push(slab);
    this.onProgress();
  };
}
