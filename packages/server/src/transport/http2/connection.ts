// One HTTP/2 connection (RFC 9113), the part that server and client share: frames in, stream state, flow control,
// settings, pings, errors. Who opens streams and what a stream means is decided by the subclasses in grpc/.
//
// It touches its socket, its HPACK tables and its streams. It never waits: everything happens in the socket's data
// event or in a call of a stream's owner. A broken rule is a thrown ConnectionError and ends the connection, or an
// RST_STREAM where the damage is limited to one stream (section 5.4).

import type { Duplex } from 'node:stream';
import { ClosedStreams } from './closed-streams.ts';
import { ConnectionError, ErrorCode } from './errors.ts';
import { FloodGuard } from './flood-guard.ts';
import { ReceiveWindow } from './flow-control.ts';
import { FrameReader } from './frame-reader.ts';
import {
  Flag,
  FRAME_HEADER_BYTES,
  FRAME_PAYLOAD_BYTES_MAX,
  FrameType,
  readUint31,
  readUint32,
  WINDOW_BYTES_DEFAULT,
} from './frames.ts';
import { HeaderAssembly } from './header-assembly.ts';
import type { HeaderBlock } from './header-field.ts';
import { HpackDecoder } from './hpack/decoder.ts';
import { HpackEncoder } from './hpack/encoder.ts';
import { Output } from './output.ts';
import { SendQueue } from './send-queue.ts';
import type { PeerSettings } from './settings.ts';
import { defaultPeerSettings, encodeSettings, parseSettings } from './settings.ts';
import type { Http2Stream } from './stream.ts';

/** What the peer may send on all streams together before we read on; large enough for a fast link. */
const CONNECTION_WINDOW_BYTES = 8_388_608;
/** How long the peer may take to read a GOAWAY and close. */
const LINGER_MS = 1000;
const PING_BYTES = 8;
/** A header block this many times the limit of a list ends the connection; up to it, only its request is refused. */
const HEADER_BLOCK_LISTS_MAX = 4;

export interface ConnectionLimits {
  readonly headerListBytesMax: number;
  readonly concurrentStreamsMax: number;
  readonly sendBufferBytesMax: number;
}

export abstract class Http2Connection {
  readonly socket: Duplex;
  readonly streams = new Map<number, Http2Stream>();
  readonly encoder = new HpackEncoder();
  readonly peerSettings: PeerSettings = defaultPeerSettings();
  readonly output: Output;
  readonly sendQueue: SendQueue;
  readonly guard: FloodGuard;
  readonly limits: ConnectionLimits;
  /** Monotonic, read once per chunk. */
  nowMs = performance.now();
  /** No more frames are read or sent. */
  dead = false;
  /** The peer's mistake that ended the connection. */
  protected failure: ConnectionError | undefined;
  protected lastPeerStreamId = 0;
  protected readonly closedStreams = new ClosedStreams();
  protected readonly reader: FrameReader;
  private readonly decoder: HpackDecoder;
  private readonly receiveWindow = new ReceiveWindow(CONNECTION_WINDOW_BYTES);
  private readonly headers: HeaderAssembly;
  private sawSettings = false;
  private pingSentMs = 0;

  constructor(socket: Duplex, limits: ConnectionLimits) {
    this.socket = socket;
    this.limits = limits;
    this.output = new Output(socket, () => this.sendQueue.pump());
    this.sendQueue = new SendQueue(this);
    this.guard = new FloodGuard(limits.concurrentStreamsMax);
    this.decoder = new HpackDecoder(limits.headerListBytesMax);
    this.headers = new HeaderAssembly(HEADER_BLOCK_LISTS_MAX * limits.headerListBytesMax);
    this.reader = new FrameReader(this);
    socket.on('data', (chunk: Buffer) => this.chunk(chunk));
    socket.on('end', () => this.lost());
    // A peer that vanishes is no fault of ours; 'close' always follows and does what is to be done.
    socket.on('error', () => {});
    socket.on('close', () => this.lost());
  }

  /** True: the peer is the one that answers. */
  protected abstract readonly peerIsServer: boolean;
  /** A header block for a stream that is not open. */
  protected abstract unknownStreamHeaders(id: number, block: HeaderBlock, endStream: boolean): void;
  protected abstract isIdle(streamId: number): boolean;
  protected abstract settingsChanged(): void;
  protected abstract pinged(payload: Uint8Array): void;
  protected abstract goawayReceived(lastStreamId: number, code: number, debugText: string): void;
  /** All frames of a chunk have been seen. */
  protected abstract chunkEnded(): void;
  /** A stream has left `streams`. */
  protected abstract streamClosed(stream: Http2Stream): void;
  /** The socket is gone or going; all streams have been aborted. */
  protected abstract closed(): void;
  /** A bug of ours, not of the peer. */
  protected abstract unexpected(error: unknown): void;

  /** Subclasses look at the preface first. */
  protected receive(chunk: Buffer): void {
    this.reader.push(chunk);
  }

  private chunk(chunk: Buffer): void {
    if (this.dead) return;
    this.nowMs = performance.now();
    try {
      this.receive(chunk);
      this.chunkEnded();
      this.checkSendBuffer();
    } catch (error) {
      if (!(error instanceof ConnectionError)) this.unexpected(error);
      this.fail(
        error instanceof ConnectionError ? error : new ConnectionError(ErrorCode.internalError, 'internal error'),
      );
    }
  }

  frame(type: number, flags: number, id: number, buffer: Buffer, start: number, end: number): void {
    if (this.headers.streamId !== 0 && (type !== FrameType.continuation || id !== this.headers.streamId)) {
      throw protocolError('a header block must be continued before any other frame');
    }
    if (!this.sawSettings) {
      if (type !== FrameType.settings || (flags & Flag.ack) !== 0)
        throw protocolError('the first frame must be SETTINGS');
      this.sawSettings = true;
    }
    switch (type) {
      case FrameType.data:
        return this.dataFrame(flags, id, buffer, start, end);
      case FrameType.headers:
        return this.headersFrame(flags, id, buffer, start, end);
      case FrameType.continuation:
        return this.continuationFrame(flags, id, buffer, start, end);
      case FrameType.windowUpdate:
        return this.windowUpdateFrame(id, buffer, start, end);
      case FrameType.rstStream:
        return this.rstStreamFrame(id, buffer, start, end);
      case FrameType.settings:
        return this.settingsFrame(flags, id, buffer, start, end);
      case FrameType.ping:
        return this.pingFrame(flags, id, buffer, start, end);
      case FrameType.goaway:
        return this.goawayFrame(id, buffer, start, end);
      case FrameType.priority:
        return this.priorityFrame(id, end - start);
      case FrameType.pushPromise:
        throw protocolError('PUSH_PROMISE is not welcome');
      default:
        this.guard.idleFrame(this.nowMs);
    }
  }

  // ---- frames that arrive

  private dataFrame(flags: number, id: number, buffer: Buffer, start: number, end: number): void {
    if (id === 0) throw protocolError('DATA on stream 0');
    const frameBytes = end - start;
    if (!this.receiveWindow.take(frameBytes))
      throw new ConnectionError(ErrorCode.flowControlError, 'connection window exceeded');
    const increment = this.receiveWindow.release(frameBytes);
    if (increment > 0) this.writeWindowUpdate(0, increment);
    const paddingBytes = paddingOf(flags, buffer, start, end);
    const stream = this.streams.get(id);
    if (stream === undefined || stream.remoteClosed) return this.dataOnClosedStream(id, stream);
    const dataStart = paddingBytes > 0 ? start + 1 : start;
    const dataEnd = paddingBytes > 0 ? end - paddingBytes + 1 : end;
    const isLast = (flags & Flag.endStream) !== 0;
    if (!isLast) {
      if (!stream.takeWindow(frameBytes)) return this.failStream(stream, ErrorCode.flowControlError);
      if (paddingBytes > 0) stream.release(paddingBytes);
      if (dataEnd === dataStart) this.guard.idleFrame(this.nowMs);
    }
    if (stream.contentLeft >= 0) {
      stream.contentLeft -= dataEnd - dataStart;
      if (stream.contentLeft < 0) return this.failStream(stream, ErrorCode.protocolError);
    }
    // Known before the data is looked at: an answer given right away then needs no RST_STREAM.
    stream.remoteClosed = isLast;
    if (dataEnd > dataStart) stream.receiveData(buffer, dataStart, dataEnd);
    if (isLast && !stream.closed) this.remoteEnded(stream);
  }

  private dataOnClosedStream(id: number, stream: Http2Stream | undefined): void {
    if (stream !== undefined) return this.failStream(stream, ErrorCode.streamClosed);
    if (this.isIdle(id)) throw protocolError('DATA on an idle stream');
    if (this.closedStreams.wasEnded(id)) {
      this.guard.streamReset(this.nowMs);
      this.writeReset(id, ErrorCode.streamClosed);
    }
  }

  private headersFrame(flags: number, id: number, buffer: Buffer, start: number, end: number): void {
    if (id === 0) throw protocolError('HEADERS on stream 0');
    let from = start;
    let to = end;
    if ((flags & Flag.padded) !== 0) {
      to = end - (paddingOf(flags, buffer, start, end) - 1);
      from++;
    }
    if ((flags & Flag.priority) !== 0) from += 5;
    if (from > to) throw new ConnectionError(ErrorCode.frameSizeError, 'HEADERS too short for its flags');
    if ((flags & Flag.endHeaders) === 0) this.headers.start(id, flags, buffer, from, to);
    else this.headerBlock(id, buffer, from, to, (flags & Flag.endStream) !== 0);
  }

  private continuationFrame(flags: number, id: number, buffer: Buffer, start: number, end: number): void {
    if (this.headers.streamId === 0) throw protocolError('CONTINUATION without HEADERS');
    if (start === end) this.guard.idleFrame(this.nowMs);
    this.headers.add(buffer, start, end);
    if ((flags & Flag.endHeaders) === 0) return;
    const endStream = this.headers.endStream;
    const block = this.headers.finish();
    this.headerBlock(id, block, 0, block.length, endStream);
  }

  private headerBlock(id: number, buffer: Buffer, start: number, end: number, endStream: boolean): void {
    const block = this.decoder.decode(buffer, start, end);
    const stream = this.streams.get(id);
    if (stream === undefined) return this.unknownStreamHeaders(id, block, endStream);
    if (stream.remoteClosed) return this.failStream(stream, ErrorCode.streamClosed);
    stream.receiveHeaders(block, endStream);
    if (endStream && !stream.closed) this.remoteEnded(stream);
  }

  private windowUpdateFrame(id: number, buffer: Buffer, start: number, end: number): void {
    if (end - start !== 4) throw new ConnectionError(ErrorCode.frameSizeError, 'WINDOW_UPDATE must have 4 bytes');
    this.guard.idleFrame(this.nowMs);
    const increment = readUint31(buffer, start);
    if (id === 0) {
      if (increment === 0) throw protocolError('WINDOW_UPDATE by 0');
      if (!this.sendQueue.widenConnection(increment))
        throw new ConnectionError(ErrorCode.flowControlError, 'connection window overflow');
      return;
    }
    const stream = this.streams.get(id);
    if (stream === undefined) {
      if (this.isIdle(id)) throw protocolError('WINDOW_UPDATE on an idle stream');
      return;
    }
    if (increment === 0) return this.failStream(stream, ErrorCode.protocolError);
    if (!this.sendQueue.widenStream(stream, increment)) return this.failStream(stream, ErrorCode.flowControlError);
    this.sendQueue.pump();
  }

  private rstStreamFrame(id: number, buffer: Buffer, start: number, end: number): void {
    if (id === 0) throw protocolError('RST_STREAM on stream 0');
    if (end - start !== 4) throw new ConnectionError(ErrorCode.frameSizeError, 'RST_STREAM must have 4 bytes');
    const stream = this.streams.get(id);
    if (stream === undefined) {
      if (this.isIdle(id)) throw protocolError('RST_STREAM on an idle stream');
      this.guard.idleFrame(this.nowMs);
      return;
    }
    this.guard.streamReset(this.nowMs);
    this.forget(stream, false);
    stream.aborted(readUint32(buffer, start));
  }

  private settingsFrame(flags: number, id: number, buffer: Buffer, start: number, end: number): void {
    if (id !== 0) throw protocolError('SETTINGS on a stream');
    this.guard.settingsFrame(this.nowMs);
    if ((flags & Flag.ack) !== 0) {
      if (end > start) throw new ConnectionError(ErrorCode.frameSizeError, 'SETTINGS acknowledgement with content');
      return;
    }
    const windowBefore = this.peerSettings.initialWindowSize;
    parseSettings(buffer, start, end, this.peerIsServer, (name, value) => {
      this.peerSettings[name] = value;
      if (name === 'headerTableSize') this.encoder.setPeerLimit(value);
    });
    this.widenStreams(this.peerSettings.initialWindowSize - windowBefore);
    this.output.reserve(FRAME_HEADER_BYTES);
    this.output.frameHeader(0, FrameType.settings, Flag.ack, 0);
    this.settingsChanged();
    this.sendQueue.pump();
  }

  /** Once per frame, not per parameter: a frame may repeat the parameter thousands of times. */
  private widenStreams(change: number): void {
    if (change === 0) return;
    for (const stream of this.streams.values()) {
      if (!this.sendQueue.widenStream(stream, change))
        throw new ConnectionError(ErrorCode.flowControlError, 'stream window overflow');
    }
  }

  private pingFrame(flags: number, id: number, buffer: Buffer, start: number, end: number): void {
    if (id !== 0) throw protocolError('PING on a stream');
    if (end - start !== PING_BYTES) throw new ConnectionError(ErrorCode.frameSizeError, 'PING must have 8 bytes');
    if ((flags & Flag.ack) !== 0) {
      this.guard.idleFrame(this.nowMs);
      this.pingSentMs = 0;
      this.pinged(buffer.subarray(start, end));
      return;
    }
    this.guard.ping(this.nowMs);
    this.output.reserve(FRAME_HEADER_BYTES + PING_BYTES);
    this.output.frameHeader(PING_BYTES, FrameType.ping, Flag.ack, 0);
    this.output.bytes(buffer, start, end);
  }

  private goawayFrame(id: number, buffer: Buffer, start: number, end: number): void {
    if (id !== 0) throw protocolError('GOAWAY on a stream');
    if (end - start < 8) throw new ConnectionError(ErrorCode.frameSizeError, 'GOAWAY must have at least 8 bytes');
    this.guard.idleFrame(this.nowMs);
    this.goawayReceived(
      readUint31(buffer, start),
      readUint32(buffer, start + 4),
      buffer.toString('latin1', start + 8, Math.min(end, start + 200)),
    );
  }

  /** Priorities are ignored, as RFC 9113 section 5.3.2 allows; the frame must be well formed all the same. */
  private priorityFrame(id: number, length: number): void {
    if (id === 0) throw protocolError('PRIORITY on stream 0');
    this.guard.idleFrame(this.nowMs);
    if (length === 5) return;
    const stream = this.streams.get(id);
    // An idle stream cannot be reset (section 6.4), so the connection pays.
    if (stream === undefined) throw new ConnectionError(ErrorCode.frameSizeError, 'PRIORITY must have 5 bytes');
    this.failStream(stream, ErrorCode.frameSizeError);
  }

  // ---- frames that leave

  writeSettings(entries: readonly (readonly [id: number, value: number])[]): void {
    const payload = encodeSettings(entries);
    this.output.reserve(FRAME_HEADER_BYTES + payload.length);
    this.output.frameHeader(payload.length, FrameType.settings, 0, 0);
    this.output.bytes(payload, 0, payload.length);
    this.writeWindowUpdate(0, CONNECTION_WINDOW_BYTES - WINDOW_BYTES_DEFAULT);
  }

  writeWindowUpdate(id: number, increment: number): void {
    this.output.reserve(FRAME_HEADER_BYTES + 4);
    this.output.frameHeader(4, FrameType.windowUpdate, 0, id);
    this.output.uint32(increment);
  }

  writePing(payload: Uint8Array): void {
    this.output.reserve(FRAME_HEADER_BYTES + PING_BYTES);
    this.output.frameHeader(PING_BYTES, FrameType.ping, 0, 0);
    this.output.bytes(payload, 0, PING_BYTES);
    this.pingSentMs = performance.now();
  }

  writeGoaway(lastStreamId: number, code: number, debugText: string): void {
    const debug = Buffer.from(debugText, 'latin1');
    this.output.reserve(FRAME_HEADER_BYTES + 8 + debug.length);
    this.output.frameHeader(8 + debug.length, FrameType.goaway, 0, 0);
    this.output.uint32(lastStreamId);
    this.output.uint32(code);
    this.output.bytes(debug, 0, debug.length);
  }

  writeHeaderBlock(id: number, block: Uint8Array, endStream: boolean): void {
    const { output } = this;
    let at = 0;
    let type: number = FrameType.headers;
    let flags: number = endStream ? Flag.endStream : 0;
    do {
      const end = Math.min(block.length, at + FRAME_PAYLOAD_BYTES_MAX);
      if (end === block.length) flags |= Flag.endHeaders;
      output.reserve(FRAME_HEADER_BYTES + end - at);
      output.frameHeader(end - at, type, flags, id);
      output.bytes(block, at, end);
      at = end;
      type = FrameType.continuation;
      flags = 0;
    } while (at < block.length);
  }

  private writeReset(id: number, code: number): void {
    this.output.reserve(FRAME_HEADER_BYTES + 4);
    this.output.frameHeader(4, FrameType.rstStream, 0, id);
    this.output.uint32(code);
  }

  // ---- ends of streams

  /** Our END_STREAM has been framed. A server that answers early need not read on: NO_ERROR (section 8.1). */
  localEnded(stream: Http2Stream): void {
    stream.localClosed = true;
    if (stream.remoteClosed) this.forget(stream, false);
    else if (!this.peerIsServer) this.resetStream(stream, ErrorCode.noError);
  }

  protected remoteEnded(stream: Http2Stream): void {
    if (stream.contentLeft > 0) return this.failStream(stream, ErrorCode.protocolError);
    stream.remoteClosed = true;
    stream.receiveEnd();
    if (stream.localClosed && !stream.closed) this.forget(stream, false);
  }

  /** Ends a stream on our own account; its owner knows. */
  resetStream(stream: Http2Stream, code: number): void {
    if (stream.closed) return;
    this.writeReset(stream.id, code);
    this.forget(stream, true);
  }

  /** The peer broke a rule on this stream (section 5.4.2). */
  failStream(stream: Http2Stream, code: number): void {
    this.guard.streamReset(this.nowMs);
    this.resetStream(stream, code);
    stream.aborted(code);
  }

  /** Refuses a stream that was never opened here. */
  protected refuseStream(id: number, code: number): void {
    this.guard.streamReset(this.nowMs);
    this.writeReset(id, code);
    this.closedStreams.add(id, true);
  }

  private forget(stream: Http2Stream, resetByUs: boolean): void {
    stream.closed = true;
    this.sendQueue.drop(stream);
    this.streams.delete(stream.id);
    this.closedStreams.add(stream.id, resetByUs);
    this.streamClosed(stream);
  }

  // ---- ends of the connection

  /** Closes when the peer leaves too much unread. */
  checkSendBuffer(): void {
    if (this.sendQueue.pendingBytes + this.output.waitingBytes <= this.limits.sendBufferBytesMax) return;
    this.fail(new ConnectionError(ErrorCode.enhanceYourCalm, 'too many bytes wait to be read'));
  }

  /** GOAWAY with the reason, then the end. */
  protected fail(error: ConnectionError): void {
    if (this.dead) return;
    this.failure = error;
    this.writeGoaway(this.lastPeerStreamId, error.code, error.message);
    this.endSocket();
  }

  /** Sends what is written, then closes; a peer that does not close too is cut off. */
  protected endSocket(): void {
    this.output.flush();
    this.socket.end();
    const cutOff = setTimeout(() => this.socket.destroy(), LINGER_MS);
    cutOff.unref();
    this.socket.once('close', () => clearTimeout(cutOff));
    this.lost();
  }

  private lost(): void {
    if (this.dead) return;
    this.dead = true;
    this.reader.stop();
    this.output.close();
    const streams = [...this.streams.values()];
    this.streams.clear();
    for (const stream of streams) {
      stream.closed = true;
      this.sendQueue.drop(stream);
      this.streamClosed(stream);
      stream.aborted(undefined);
    }
    this.closed();
  }

  /** Called now and then: asks a silent peer whether it is still there, and gives up on one that does not answer. */
  checkAlive(silentMs: number, answerMs: number): void {
    const nowMs = performance.now();
    if (this.dead || nowMs - this.nowMs < silentMs) return;
    if (this.pingSentMs === 0) this.writePing(KEEPALIVE_PAYLOAD);
    else if (nowMs - this.pingSentMs > answerMs) this.socket.destroy();
  }
}

const KEEPALIVE_PAYLOAD = Buffer.from('perdure?', 'latin1');

function protocolError(message: string): ConnectionError {
  return new ConnectionError(ErrorCode.protocolError, message);
}

/** Bytes of padding including the length byte; 0 without padding (section 6.1). */
function paddingOf(flags: number, buffer: Buffer, start: number, end: number): number {
  if ((flags & Flag.padded) === 0) return 0;
  if (start === end) throw new ConnectionError(ErrorCode.frameSizeError, 'padded frame without a padding length');
  const bytes = buffer[start]! + 1;
  if (bytes > end - start) throw protocolError('more padding than frame');
  return bytes;
}
