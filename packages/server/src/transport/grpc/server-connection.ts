// The server's side of one connection: opens a call for each request, refuses what is not one, drains on shutdown.

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Http2Connection } from '../http2/connection.ts';
import { ConnectionError, ErrorCode } from '../http2/errors.ts';
import { CLIENT_PREFACE, Setting, STREAM_ID_MAX } from '../http2/frames.ts';
import type { HeaderBlock } from '../http2/header-field.ts';
import { PreparedBlock } from '../http2/hpack/encoder.ts';
import type { Http2Stream } from '../http2/stream.ts';
import { STREAM_WINDOW_BYTES } from '../http2/stream.ts';
import { MessageBudget } from './message-reader.ts';
import { type AnsweredRefusal, RefusedCall } from './refused-call.ts';
import { RequestHead } from './request-head.ts';
import type { ServerCall } from './server-call.ts';
import type { GrpcService } from './service.ts';
import { OK_TRAILERS, RESPONSE_HEADERS } from './status-fields.ts';
import { StreamCall } from './stream-call.ts';
import { UnaryCall } from './unary-call.ts';

const UNFINISHED_BYTES_MAX = 128 * 1024 * 1024;
const PREFACE_TIMEOUT_MS = 10_000;
/** How long to wait for the answer to the ping between the two GOAWAYs of a drain. */
const DRAIN_PING_MS = 1000;
const DRAIN_PAYLOAD = Buffer.from('draining', 'latin1');
const HTTP1_ANSWER =
  'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\nThis port speaks gRPC over HTTP/2.\n';

export class ServerConnection extends Http2Connection {
  readonly peer: string;
  readonly service: GrpcService;
  readonly messageBudget: MessageBudget;
  readonly okTrailers = new PreparedBlock(OK_TRAILERS);
  protected override readonly peerIsServer = false;
  private readonly responseHeaders = new PreparedBlock(RESPONSE_HEADERS);
  private readonly onClosed: () => void;
  private readonly complete: UnaryCall[] = [];
  private prefaceBytes = 0;
  private readonly prefaceTimer: NodeJS.Timeout;
  private drainTimer: NodeJS.Timeout | undefined;
  /** Streams above it are refused; set by the second GOAWAY of a drain. */
  private lastServedId = Infinity;
  private isDraining = false;

  constructor(socket: Socket | TLSSocket, service: GrpcService, onClosed: () => void) {
    const { limits } = service;
    super(socket, {
      headerListBytesMax: limits.headerListBytesMax,
      concurrentStreamsMax: limits.concurrentStreamsMax,
      sendBufferBytesMax: limits.connectionSendBufferBytesMax,
    });
    this.peer = `${socket.remoteAddress}:${socket.remotePort}`;
    this.service = service;
    this.messageBudget = new MessageBudget(Math.max(UNFINISHED_BYTES_MAX, 2 * limits.messageBytesMax));
    this.onClosed = onClosed;
    this.prefaceTimer = setTimeout(() => socket.destroy(), PREFACE_TIMEOUT_MS);
    this.prefaceTimer.unref();
  }

  // ---- the start

  protected override receive(chunk: Buffer): void {
    if (this.prefaceBytes === CLIENT_PREFACE.length) {
      this.reader.push(chunk);
      return;
    }
    const taken = Math.min(chunk.length, CLIENT_PREFACE.length - this.prefaceBytes);
    if (CLIENT_PREFACE.compare(chunk, 0, taken, this.prefaceBytes, this.prefaceBytes + taken) !== 0)
      return this.refusePreface(chunk);
    this.prefaceBytes += taken;
    if (this.prefaceBytes < CLIENT_PREFACE.length) return;
    clearTimeout(this.prefaceTimer);
    this.writeSettings([
      [Setting.maxConcurrentStreams, this.limits.concurrentStreamsMax],
      [Setting.initialWindowSize, STREAM_WINDOW_BYTES],
      [Setting.maxHeaderListSize, this.limits.headerListBytesMax],
    ]);
    if (this.isDraining) this.announceDrain();
    if (taken < chunk.length) this.reader.push(chunk.subarray(taken));
  }

  /** Someone with a browser or plain curl gets a hint; everyone else the error of RFC 9113 section 3.4. */
  private refusePreface(chunk: Buffer): void {
    if (this.prefaceBytes > 0 || !/^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH) /.test(chunk.toString('latin1', 0, 8))) {
      throw new ConnectionError(ErrorCode.protocolError, 'not an HTTP/2 connection preface');
    }
    this.socket.write(HTTP1_ANSWER);
    this.endSocket();
  }

  // ---- requests

  protected override isIdle(streamId: number): boolean {
    return streamId > this.lastPeerStreamId || streamId % 2 === 0;
  }

  protected override unknownStreamHeaders(id: number, block: HeaderBlock, endStream: boolean): void {
    if (id % 2 === 0) throw new ConnectionError(ErrorCode.protocolError, 'clients open odd streams');
    if (id <= this.lastPeerStreamId) return this.headersOnClosedStream(id);
    this.lastPeerStreamId = id;
    if (id > this.lastServedId || this.streams.size >= this.limits.concurrentStreamsMax) {
      return this.refuseStream(id, ErrorCode.refusedStream);
    }
    if (block.tooLarge) return this.openRefused(id, { kind: 'headerList' }, endStream);
    const head = RequestHead.of(block);
    const { refusal } = head;
    if (refusal?.kind === 'malformed') return this.refuseStream(id, ErrorCode.protocolError);
    if (refusal !== undefined) return this.openRefused(id, refusal, endStream);
    if (this.service.handler.isStream(head.path)) this.openStream(id, block, head, endStream);
    else this.openUnary(id, block, head, endStream);
  }

  private headersOnClosedStream(id: number): void {
    if (this.closedStreams.wasResetByUs(id)) return;
    if (this.closedStreams.wasEnded(id))
      throw new ConnectionError(ErrorCode.streamClosed, 'HEADERS on a closed stream');
    throw new ConnectionError(ErrorCode.protocolError, 'stream identifiers must increase');
  }

  private openUnary(id: number, block: HeaderBlock, head: RequestHead, endStream: boolean): void {
    this.service.openCalls++;
    const call = new UnaryCall(id, this, block, head);
    this.streams.set(id, call);
    if (endStream) this.remoteEnded(call);
  }

  private openStream(id: number, block: HeaderBlock, head: RequestHead, endStream: boolean): void {
    this.service.openCalls++;
    const call = new StreamCall(id, this, block, head);
    this.streams.set(id, call);
    if (endStream) this.remoteEnded(call);
    if (!call.closed) void call.run();
  }

  private openRefused(id: number, why: AnsweredRefusal, endStream: boolean): void {
    this.service.openCalls++;
    const call = new RefusedCall(id, this, why);
    this.streams.set(id, call);
    call.remoteClosed = endStream;
    call.refuse();
  }

  /** The call's message is complete but its stream has not ended, as it usually does in the same chunk. */
  dispatchLater(call: UnaryCall): void {
    this.complete.push(call);
  }

  /** A client that keeps its side open gets its answer all the same, as from other servers. */
  protected override chunkEnded(): void {
    if (this.complete.length === 0) return;
    for (const call of this.complete.splice(0)) call.dispatch();
  }

  writeResponseHeaders(call: ServerCall): void {
    this.writeHeaderBlock(call.id, this.responseHeaders.bytesFor(this.encoder), false);
  }

  // ---- the end

  /**
   * Lets open calls finish. A first GOAWAY asks the client to stop opening streams; those already on their way are
   * still served, until the ping behind it is answered (RFC 9113 section 6.8).
   */
  drain(): void {
    if (this.isDraining || this.dead) return;
    this.isDraining = true;
    if (this.prefaceBytes === CLIENT_PREFACE.length) this.announceDrain();
    else this.endSocket();
  }

  private announceDrain(): void {
    this.writeGoaway(STREAM_ID_MAX, ErrorCode.noError, 'graceful_stop');
    this.writePing(DRAIN_PAYLOAD);
    this.drainTimer = setTimeout(() => this.finishDrain(), DRAIN_PING_MS);
    this.drainTimer.unref();
  }

  protected override pinged(payload: Uint8Array): void {
    if (this.isDraining && DRAIN_PAYLOAD.equals(payload)) this.finishDrain();
  }

  private finishDrain(): void {
    if (this.dead || this.lastServedId !== Infinity) return;
    clearTimeout(this.drainTimer);
    this.lastServedId = this.lastPeerStreamId;
    this.writeGoaway(this.lastServedId, ErrorCode.noError, 'graceful_stop');
    if (this.streams.size === 0) this.endSocket();
  }

  protected override streamClosed(_stream: Http2Stream): void {
    this.service.openCalls--;
    if (this.lastServedId !== Infinity && this.streams.size === 0 && !this.dead) this.endSocket();
  }

  protected override closed(): void {
    clearTimeout(this.prefaceTimer);
    clearTimeout(this.drainTimer);
    this.onClosed();
  }

  protected override settingsChanged(): void {}

  /** The client opens no more streams of its own accord; what is open goes on. */
  protected override goawayReceived(): void {}

  protected override unexpected(error: unknown): void {
    this.service.onError(error, '');
  }
}
