// Cuts the bytes of a socket into frames.
//
// Frames that lie within one chunk are handed out in place; only a frame that spans chunks is copied together, into
// memory of its own and never reused, so that slices of a frame stay valid for whoever keeps them.

import { ConnectionError, ErrorCode } from './errors.ts';
import { FRAME_HEADER_BYTES, FRAME_PAYLOAD_BYTES_MAX, readUint24, readUint31 } from './frames.ts';

export interface FrameSink {
  /** The payload is `buffer[start, end)`. */
  frame(type: number, flags: number, streamId: number, buffer: Buffer, start: number, end: number): void;
}

export class FrameReader {
  private readonly sink: FrameSink;
  private readonly header = Buffer.alloc(FRAME_HEADER_BYTES);
  private headerBytes = 0;
  /** The frame under assembly, header included. */
  private partial: Buffer | undefined;
  private partialBytes = 0;
  private stopped = false;

  constructor(sink: FrameSink) {
    this.sink = sink;
  }

  /** No more frames are handed out, not even the rest of the chunk being read. */
  stop(): void {
    this.stopped = true;
    this.partial = undefined;
  }

  /** @throws {ConnectionError} FRAME_SIZE_ERROR, or whatever the sink throws */
  push(chunk: Buffer): void {
    let at = this.finishPartial(chunk);
    const length = chunk.length;
    while (length - at >= FRAME_HEADER_BYTES && !this.stopped) {
      const end = at + FRAME_HEADER_BYTES + payloadBytes(chunk, at);
      if (end > length) break;
      this.deliver(chunk, at, end);
      at = end;
    }
    if (at < length && !this.stopped) this.keepRest(chunk, at);
  }

  private deliver(buffer: Buffer, at: number, end: number): void {
    this.sink.frame(buffer[at + 3]!, buffer[at + 4]!, readUint31(buffer, at + 5), buffer, at + FRAME_HEADER_BYTES, end);
  }

  /** Returns how much of the chunk belonged to the frame left over from earlier chunks. */
  private finishPartial(chunk: Buffer): number {
    let at = 0;
    if (this.headerBytes > 0) {
      at = Math.min(FRAME_HEADER_BYTES - this.headerBytes, chunk.length);
      chunk.copy(this.header, this.headerBytes, 0, at);
      this.headerBytes += at;
      if (this.headerBytes < FRAME_HEADER_BYTES) return at;
      this.headerBytes = 0;
      this.startPartial(this.header, 0, FRAME_HEADER_BYTES);
    }
    const partial = this.partial;
    if (partial === undefined) return at;
    const taken = Math.min(partial.length - this.partialBytes, chunk.length - at);
    chunk.copy(partial, this.partialBytes, at, at + taken);
    this.partialBytes += taken;
    if (this.partialBytes === partial.length) {
      this.partial = undefined;
      this.deliver(partial, 0, partial.length);
    }
    return at + taken;
  }

  private keepRest(chunk: Buffer, at: number): void {
    if (chunk.length - at < FRAME_HEADER_BYTES) {
      this.headerBytes = chunk.copy(this.header, 0, at);
    } else {
      this.startPartial(chunk, at, chunk.length);
    }
  }

  private startPartial(from: Buffer, start: number, end: number): void {
    const frameBytes = FRAME_HEADER_BYTES + payloadBytes(from, start);
    this.partial = Buffer.allocUnsafe(frameBytes);
    this.partialBytes = from.copy(this.partial, 0, start, end);
  }
}

function payloadBytes(buffer: Buffer, at: number): number {
  const bytes = readUint24(buffer, at);
  if (bytes > FRAME_PAYLOAD_BYTES_MAX) {
    throw new ConnectionError(
      ErrorCode.frameSizeError,
      `frame of ${bytes} bytes, the limit is ${FRAME_PAYLOAD_BYTES_MAX}`,
    );
  }
  return bytes;
}
