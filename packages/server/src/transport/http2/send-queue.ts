// DATA that waits for flow control or for the socket (RFC 9113 section 5.2).
//
// Streams with something to send and a window to send it in take turns, one frame each. A stream whose window is used
// up leaves the queue until its peer reads, so a slow reader holds up nobody else. Frames are made only while the
// socket keeps up; what waits here are references to messages, not copies.

import type { Http2Connection } from './connection.ts';
import {
  Flag,
  FRAME_HEADER_BYTES,
  FRAME_PAYLOAD_BYTES_MAX,
  FrameType,
  WINDOW_BYTES_DEFAULT,
  WINDOW_BYTES_MAX,
} from './frames.ts';
import type { Http2Stream } from './stream.ts';

/** Framed bytes that may wait for the socket before framing pauses. */
export const SOCKET_WAITING_BYTES_MAX = 262_144;

export class SendQueue {
  private readonly connection: Http2Connection;
  private readonly ready = new Set<Http2Stream>();
  /** The connection's send window. */
  window = WINDOW_BYTES_DEFAULT;
  /** Unframed bytes of all streams. */
  pendingBytes = 0;

  constructor(connection: Http2Connection) {
    this.connection = connection;
  }

  /** Whether `bytes` of DATA may go out at once, without passing those that wait. */
  fits(stream: Http2Stream, bytes: number): boolean {
    return (
      bytes <= FRAME_PAYLOAD_BYTES_MAX &&
      bytes <= stream.sendWindow &&
      bytes <= this.window &&
      stream.pending === undefined &&
      this.ready.size === 0 &&
      this.connection.output.waitingBytes < SOCKET_WAITING_BYTES_MAX
    );
  }

  enqueue(stream: Http2Stream, bytes: Uint8Array, onSent: (() => void) | undefined): void {
    stream.pending ??= [];
    stream.pending.push({ bytes, onSent });
    this.pendingBytes += bytes.length;
    if (stream.sendWindow > 0) this.ready.add(stream);
  }

  /** Sends what windows and socket allow. */
  pump(): void {
    for (const stream of this.ready) {
      if (this.window <= 0 || this.connection.output.waitingBytes >= SOCKET_WAITING_BYTES_MAX) return;
      // To the back of the queue; iterating a Set visits re-added elements again.
      this.ready.delete(stream);
      this.sendFrame(stream);
      if (stream.pending !== undefined && stream.sendWindow > 0) this.ready.add(stream);
    }
  }

  /** False: the window would exceed its maximum. */
  widenConnection(increment: number): boolean {
    this.window += increment;
    if (this.window > WINDOW_BYTES_MAX) return false;
    this.pump();
    return true;
  }

  /** `increment` is negative when the peer lowers its initial window. False: the window would exceed its maximum. */
  widenStream(stream: Http2Stream, increment: number): boolean {
    stream.sendWindow += increment;
    if (stream.sendWindow > WINDOW_BYTES_MAX) return false;
    if (stream.pending === undefined) return true;
    if (stream.sendWindow > 0) this.ready.add(stream);
    else this.ready.delete(stream);
    return true;
  }

  /** The stream is gone: what it had to say is dropped. */
  drop(stream: Http2Stream): void {
    if (stream.pending === undefined) return;
    this.ready.delete(stream);
    this.pendingBytes += stream.pendingOffset;
    for (const segment of stream.pending) this.pendingBytes -= segment.bytes.length;
    stream.pending = undefined;
  }

  private sendFrame(stream: Http2Stream): void {
    const { output } = this.connection;
    const segments = stream.pending!;
    const room = Math.min(FRAME_PAYLOAD_BYTES_MAX, stream.sendWindow, this.window);
    output.reserve(FRAME_HEADER_BYTES + room);
    // The header is written once the length is known.
    const headerAt = output.position;
    output.position += FRAME_HEADER_BYTES;
    let length = 0;
    let finished = 0;
    while (finished < segments.length && length < room) {
      const { bytes } = segments[finished]!;
      const taken = Math.min(bytes.length - stream.pendingOffset, room - length);
      output.bytes(bytes, stream.pendingOffset, stream.pendingOffset + taken);
      length += taken;
      stream.pendingOffset += taken;
      if (stream.pendingOffset < bytes.length) break;
      finished++;
      stream.pendingOffset = 0;
    }
    const done = segments.splice(0, finished);
    const isLast = segments.length === 0;
    if (isLast) stream.pending = undefined;
    stream.sendWindow -= length;
    this.window -= length;
    this.pendingBytes -= length;
    const flags = isLast && stream.end === 'withData' ? Flag.endStream : 0;
    const endAt = output.position;
    output.position = headerAt;
    output.frameHeader(length, FrameType.data, flags, stream.id);
    output.position = endAt;
    this.connection.guard.dataSent();
    if (isLast && stream.end !== undefined) this.finish(stream);
    for (const segment of done) segment.onSent?.();
  }

  private finish(stream: Http2Stream): void {
    if (stream.end !== 'withData')
      this.connection.writeHeaderBlock(stream.id, stream.end!.bytesFor(this.connection.encoder), true);
    this.connection.localEnded(stream);
  }
}
