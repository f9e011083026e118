// The client's side of one connection: opens a stream for each call, within what the server allows.

import type { Socket } from 'node:net';
import { code, StatusError } from '@perdure/api';
import { Http2Connection } from '../http2/connection.ts';
import { ConnectionError, ErrorCode } from '../http2/errors.ts';
import { CLIENT_PREFACE, Setting, STREAM_ID_MAX } from '../http2/frames.ts';
import type { Http2Stream } from '../http2/stream.ts';
import { STREAM_WINDOW_BYTES } from '../http2/stream.ts';
import { CallHeaders } from './call-headers.ts';
import { ClientCall } from './client-call.ts';
import { DeadlineWheel } from './deadline-wheel.ts';
import { MessageBudget } from './message-reader.ts';
import { sendLastMessage } from './message-writer.ts';

const HEADER_LIST_BYTES_MAX = 65_536;
const SEND_BUFFER_BYTES_MAX = 256 * 1024 * 1024;
const UNFINISHED_BYTES_MAX = 1024 * 1024 * 1024;
const CONCURRENT_STREAMS_DEFAULT = 10_000;

export interface UnaryRequest {
  readonly path: string;
  readonly body: Uint8Array;
  readonly timeoutMs: number | undefined;
  /** The same on the monotonic clock, from the moment of the call. */
  readonly deadlineAtMs: number | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

export class ClientConnection extends Http2Connection {
  readonly deadlines = new DeadlineWheel();
  readonly messageBudget = new MessageBudget(UNFINISHED_BYTES_MAX);
  readonly messageBytesMax: number;
  protected override readonly peerIsServer = true;
  private readonly callHeaders: CallHeaders;
  private readonly onReady: (error: StatusError | undefined) => void;
  private nextId = 1;
  /** Calls beyond the server's limit of concurrent streams. */
  private readonly waiting = new Set<UnaryRequest>();
  /** Why no call can be made any more. */
  private refusal: StatusError | undefined;

  /** `onReady` is called once: when the server has sent its settings, or the connection is lost before. */
  constructor(
    socket: Socket,
    scheme: 'http' | 'https',
    authority: string,
    messageBytesMax: number,
    onReady: (error: StatusError | undefined) => void,
  ) {
    super(socket, {
      headerListBytesMax: HEADER_LIST_BYTES_MAX,
      concurrentStreamsMax: CONCURRENT_STREAMS_DEFAULT,
      sendBufferBytesMax: SEND_BUFFER_BYTES_MAX,
    });
    this.messageBytesMax = messageBytesMax;
    this.callHeaders = new CallHeaders(scheme, authority);
    this.onReady = onReady;
    this.output.reserve(CLIENT_PREFACE.length);
    this.output.bytes(CLIENT_PREFACE, 0, CLIENT_PREFACE.length);
    this.writeSettings([
      [Setting.enablePush, 0],
      [Setting.initialWindowSize, STREAM_WINDOW_BYTES],
      [Setting.maxHeaderListSize, HEADER_LIST_BYTES_MAX],
    ]);
  }

  get isOpen(): boolean {
    return this.refusal === undefined;
  }

  lostError(): StatusError {
    if (this.refusal !== undefined) return this.refusal;
    return new StatusError(
      code.UNAVAILABLE,
      this.failure === undefined ? 'the connection was lost' : `the server broke HTTP/2: ${this.failure.message}`,
    );
  }

  start(request: UnaryRequest): void {
    if (this.refusal !== undefined) request.reject(this.refusal);
    else if (this.streams.size >= this.peerSettings.maxConcurrentStreams) this.wait(request);
    else this.open(request);
  }

  private wait(request: UnaryRequest): void {
    this.waiting.add(request);
    if (request.deadlineAtMs === undefined) return;
    this.deadlines.add(request.deadlineAtMs, performance.now(), () => {
      if (this.waiting.delete(request))
        request.reject(new StatusError(code.DEADLINE_EXCEEDED, 'context deadline exceeded'));
    });
  }

  private open(request: UnaryRequest): void {
    const id = this.nextId;
    this.nextId += 2;
    if (this.nextId > STREAM_ID_MAX)
      this.refusal = new StatusError(code.UNAVAILABLE, 'the connection has used up its stream numbers');
    const call = new ClientCall(id, this, request);
    this.streams.set(id, call);
    const block = this.callHeaders.block(request.path, request.timeoutMs, request.metadata);
    this.writeHeaderBlock(id, block.bytesFor(this.encoder), false);
    sendLastMessage(this, call, request.body, 'withData');
  }

  private openWaiting(): void {
    for (const request of this.waiting) {
      if (this.dead || this.streams.size >= this.peerSettings.maxConcurrentStreams) return;
      this.waiting.delete(request);
      if (this.refusal !== undefined) request.reject(this.refusal);
      else this.open(request);
    }
  }

  protected override isIdle(streamId: number): boolean {
    return streamId % 2 === 0 || streamId >= this.nextId;
  }

  /** Frames of a call that was given up may still be on their way. */
  protected override unknownStreamHeaders(id: number): void {
    if (this.isIdle(id)) throw new ConnectionError(ErrorCode.protocolError, 'HEADERS on an idle stream');
  }

  protected override settingsChanged(): void {
    this.onReady(undefined);
    this.openWaiting();
  }

  protected override streamClosed(_stream: Http2Stream): void {
    this.openWaiting();
    if (this.refusal !== undefined && this.streams.size === 0 && !this.dead) this.endSocket();
  }

  /** Streams the server has not looked at may be tried again elsewhere: UNAVAILABLE. */
  protected override goawayReceived(lastStreamId: number, errorCode: number, debugText: string): void {
    this.refusal = new StatusError(
      code.UNAVAILABLE,
      `the server is closing the connection (HTTP/2 error code ${errorCode} ${debugText})`,
    );
    for (const stream of [...this.streams.values()]) {
      if (stream.id > lastStreamId && stream instanceof ClientCall) stream.giveUp(this.refusal);
    }
    this.rejectWaiting(this.refusal);
    if (this.streams.size === 0) this.endSocket();
  }

  /** Ends the connection; open calls fail. */
  close(): void {
    this.refusal ??= new StatusError(code.CANCELLED, 'the client was closed');
    if (this.dead) return;
    this.writeGoaway(0, ErrorCode.noError, '');
    this.endSocket();
  }

  protected override closed(): void {
    this.refusal = this.lostError();
    this.rejectWaiting(this.refusal);
    this.onReady(this.refusal);
  }

  private rejectWaiting(error: StatusError): void {
    for (const request of this.waiting) request.reject(error);
    this.waiting.clear();
  }

  protected override chunkEnded(): void {}

  protected override pinged(): void {}

  protected override unexpected(error: unknown): void {
    this.refusal = new StatusError(code.INTERNAL, `the client failed: ${String(error)}`);
  }
}
