// What unary and streaming calls share on the server: metadata, deadline, cancellation, and the answer when it is an
// error. A call is its HTTP/2 stream.

import { code, StatusError } from '@perdure/api';
import { ErrorCode } from '../http2/errors.ts';
import type { HeaderBlock } from '../http2/header-field.ts';
import { PreparedBlock } from '../http2/hpack/encoder.ts';
import { Http2Stream } from '../http2/stream.ts';
import { maskedError } from '../masked-error.ts';
import type { RpcMetadata } from '../rpc.ts';
import type { DeadlineEntry } from './deadline-wheel.ts';
import type { MessageSink } from './message-reader.ts';
import { MessageReader } from './message-reader.ts';
import { sendTrailers } from './message-writer.ts';
import type { RequestHead } from './request-head.ts';
import { areValidTrailers } from './request-head.ts';
import type { ServerConnection } from './server-connection.ts';
import type { GrpcService } from './service.ts';
import { RESPONSE_HEADERS, statusTrailers } from './status-fields.ts';

export abstract class ServerCall extends Http2Stream implements MessageSink {
  readonly path: string;
  readonly metadata: RpcMetadata;
  readonly deadlineMs: number | undefined;
  cancelled = false;
  protected readonly server: ServerConnection;
  protected readonly service: GrpcService;
  protected headersSent = false;
  protected answered = false;
  private readonly isGzip: boolean;
  private reader: MessageReader | undefined = undefined;
  private heldBytes = 0;
  private deadline: DeadlineEntry | undefined = undefined;
  private cancelListener: (() => void) | undefined = undefined;

  constructor(id: number, server: ServerConnection, block: HeaderBlock, head: RequestHead) {
    super(id, server);
    this.server = server;
    this.service = server.service;
    this.path = head.path;
    this.metadata = block;
    this.isGzip = head.isGzip;
    this.contentLeft = head.contentLength;
    const { timeoutMs } = head;
    this.deadlineMs = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
    if (timeoutMs !== undefined) {
      this.deadline = this.service.deadlines.add(server.nowMs + timeoutMs, server.nowMs, () => this.expire());
    }
  }

  get peer(): string {
    return this.server.peer;
  }

  get onCancel(): (() => void) | undefined {
    return this.cancelListener;
  }

  set onCancel(listener: (() => void) | undefined) {
    if (this.cancelled && listener !== undefined) this.callListener(listener);
    else this.cancelListener = listener;
  }

  /** One message has arrived. */
  protected abstract accept(body: Buffer, isCompressed: boolean): void;

  // ---- what the connection calls

  receiveHeaders(block: HeaderBlock, endStream: boolean): void {
    // Only trailers may follow, and they end the stream (RFC 9113 section 8.1). What they say does not matter to us.
    if (endStream && areValidTrailers(block)) return;
    this.connection.failStream(this, ErrorCode.protocolError);
  }

  receiveData(buffer: Buffer, start: number, end: number): void {
    if (this.answered) return;
    try {
      this.reader ??= new MessageReader(this.service.limits.messageBytesMax, this.server.messageBudget, this);
      this.reader.push(buffer, start, end);
    } catch (error) {
      this.fail(error);
    }
  }

  aborted(): void {
    this.cancel();
  }

  // ---- messages

  message(body: Buffer, isCompressed: boolean): void {
    this.hold(body.length);
    if (isCompressed && !this.isGzip) {
      throw new StatusError(code.INTERNAL, 'grpc: compressed flag set with identity or empty encoding');
    }
    this.accept(body, isCompressed);
  }

  protected get isBetweenMessages(): boolean {
    return this.reader === undefined || this.reader.isBetweenMessages;
  }

  protected hold(bytes: number): void {
    this.heldBytes += bytes;
    this.server.messageBudget.usedBytes += bytes;
  }

  protected letGo(bytes: number): void {
    this.heldBytes -= bytes;
    this.server.messageBudget.usedBytes -= bytes;
  }

  protected letGoAll(): void {
    this.letGo(this.heldBytes);
  }

  // ---- ends

  /** The call is answered or gone: nothing about it is held from here on. */
  protected settle(): void {
    this.answered = true;
    this.cancelListener = undefined;
    this.letGoAll();
    this.reader?.discard();
    if (this.deadline === undefined) return;
    this.service.deadlines.remove(this.deadline);
    this.deadline = undefined;
  }

  private cancel(): void {
    if (this.cancelled || this.answered) return;
    this.cancelled = true;
    const listener = this.cancelListener;
    this.settle();
    if (listener !== undefined) this.callListener(listener);
  }

  private callListener(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.service.onError(error, this.path);
    }
  }

  private expire(): void {
    this.deadline = undefined;
    if (this.answered) return;
    const listener = this.cancelListener;
    this.cancelled = true;
    if (this.pending === undefined) this.answer(new StatusError(code.DEADLINE_EXCEEDED, 'context deadline exceeded'));
    else this.abandon();
    if (listener !== undefined) this.callListener(listener);
  }

  /** The client reads too slowly to get trailers in time, and has passed its deadline too. */
  private abandon(): void {
    this.settle();
    this.connection.resetStream(this, ErrorCode.cancel);
  }

  /** Answers with the error, or with a mask for one that is none of the caller's business. */
  protected fail(error: unknown): void {
    if (error instanceof StatusError) {
      if (!this.answered) this.answer(error);
      return;
    }
    this.service.onError(error, this.path);
    if (!this.answered) this.answer(maskedError(error));
  }

  private answer(status: StatusError): void {
    this.settle();
    this.server.guard.callAnswered();
    const trailers = statusTrailers(status, this.connection.peerSettings.maxHeaderListSize);
    // Without a message, headers and trailers are one block ("Trailers-Only").
    sendTrailers(
      this.connection,
      this,
      new PreparedBlock(this.headersSent ? trailers : [...RESPONSE_HEADERS, ...trailers]),
    );
  }
}
