import type { Http2Connection } from './connection.ts';
import { ReceiveWindow } from './flow-control.ts';
import type { HeaderBlock } from './header-field.ts';
import type { PreparedBlock } from './hpack/encoder.ts';

/** Bytes waiting for the peer's flow-control window. */
export interface PendingSegment {
  readonly bytes: Uint8Array;
  /** Called when the last byte of the segment has been framed. */
  readonly onSent: (() => void) | undefined;
}

/** How the sending side ends once nothing is pending: trailers, or END_STREAM on the last DATA frame. */
export type StreamEnd = PreparedBlock | 'withData';

/** Announced to the peer; memory for a stream's unread bytes is bounded by it. */
export const STREAM_WINDOW_BYTES = 1_048_576;

/**
 * One HTTP/2 stream (RFC 9113 section 5.1). The connection keeps its state and calls the abstract methods as frames
 * arrive; a gRPC call, on either side, extends it, so that a call costs one object.
 */
export abstract class Http2Stream {
  readonly id: number;
  readonly connection: Http2Connection;
  /** We sent END_STREAM. */
  localClosed = false;
  /** The peer sent END_STREAM. */
  remoteClosed = false;
  /** No frame may be sent any more: both sides ended, or one was reset. */
  closed = false;
  sendWindow: number;
  pending: PendingSegment[] | undefined = undefined;
  /** How much of the first pending segment has been sent. */
  pendingOffset = 0;
  end: StreamEnd | undefined = undefined;
  /** Content-length bytes still to come; -1: the peer did not say. */
  contentLeft = -1;
  private receiveWindow: ReceiveWindow | undefined = undefined;

  constructor(id: number, connection: Http2Connection) {
    this.id = id;
    this.connection = connection;
    this.sendWindow = connection.peerSettings.initialWindowSize;
  }

  /** A header block after the first one of the client: response headers, trailers. */
  abstract receiveHeaders(block: HeaderBlock, endStream: boolean): void;
  /** Never empty. The receiver calls `release` for what it no longer holds. */
  abstract receiveData(buffer: Buffer, start: number, end: number): void;
  abstract receiveEnd(): void;
  /** The stream is gone before its end, with the code of the RST_STREAM; undefined: the connection is lost. */
  abstract aborted(code: number | undefined): void;

  /** Accounts for a DATA frame. False: more than the window allowed. */
  takeWindow(bytes: number): boolean {
    this.receiveWindow ??= new ReceiveWindow(STREAM_WINDOW_BYTES);
    return this.receiveWindow.take(bytes);
  }

  /** Lets the peer send that many bytes more. */
  release(bytes: number): void {
    if (this.remoteClosed || this.closed || this.receiveWindow === undefined) return;
    const increment = this.receiveWindow.release(bytes);
    if (increment > 0) this.connection.writeWindowUpdate(this.id, increment);
  }
}
