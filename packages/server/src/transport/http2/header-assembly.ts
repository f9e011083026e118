import { ConnectionError, ErrorCode } from './errors.ts';
import { Flag } from './frames.ts';

/** Collects a header block that comes in HEADERS and CONTINUATION frames (RFC 9113 section 4.3). */
export class HeaderAssembly {
  /** The stream whose block is incomplete; 0: none. */
  streamId = 0;
  endStream = false;
  private buffer = Buffer.alloc(0);
  private length = 0;
  private readonly bytesMax: number;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  start(streamId: number, flags: number, from: Buffer, start: number, end: number): void {
    this.streamId = streamId;
    this.endStream = (flags & Flag.endStream) !== 0;
    this.length = 0;
    this.add(from, start, end);
  }

  /** @throws {ConnectionError} the block cannot be skipped without losing the HPACK state, so the connection ends */
  add(from: Buffer, start: number, end: number): void {
    const length = this.length + end - start;
    if (length > this.bytesMax) throw new ConnectionError(ErrorCode.enhanceYourCalm, 'header block too large');
    if (length > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.bytesMax, Math.max(2 * this.buffer.length, length)));
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
    }
    from.copy(this.buffer, this.length, start, end);
    this.length = length;
  }

  finish(): Buffer {
    const block = this.buffer.subarray(0, this.length);
    this.streamId = 0;
    this.length = 0;
    this.buffer = Buffer.alloc(0);
    return block;
  }
}
