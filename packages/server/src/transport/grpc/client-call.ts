import { code, StatusError } from '@perdure/api';
import { ErrorCode } from '../http2/errors.ts';
import type { HeaderBlock } from '../http2/header-field.ts';
import { Http2Stream } from '../http2/stream.ts';
import type { ClientConnection, UnaryRequest } from './client-connection.ts';
import type { DeadlineEntry } from './deadline-wheel.ts';
import { gunzipMessage } from './gzip.ts';
import type { MessageSink } from './message-reader.ts';
import { MessageReader } from './message-reader.ts';
import { codeOfReset, ResponseHead } from './response-head.ts';

/** One unary call as the client sees it. */
export class ClientCall extends Http2Stream implements MessageSink {
  private readonly client: ClientConnection;
  private readonly request: UnaryRequest;
  private readonly deadline: DeadlineEntry | undefined;
  private head: ResponseHead | undefined = undefined;
  private trailers: ResponseHead | undefined = undefined;
  private reader: MessageReader | undefined = undefined;
  private body: Buffer | undefined = undefined;
  private isPacked = false;
  private settled = false;

  constructor(id: number, client: ClientConnection, request: UnaryRequest) {
    super(id, client);
    this.client = client;
    this.request = request;
    const { deadlineAtMs } = request;
    this.deadline =
      deadlineAtMs === undefined
        ? undefined
        : client.deadlines.add(deadlineAtMs, performance.now(), () => this.expire());
  }

  receiveHeaders(block: HeaderBlock, endStream: boolean): void {
    if (block.tooLarge)
      return this.giveUp(new StatusError(code.RESOURCE_EXHAUSTED, 'the response headers are too large'));
    const head = ResponseHead.of(block);
    const isFirst = this.head === undefined;
    if (head.isMalformed || isFirst !== (head.httpStatus !== undefined) || (!isFirst && !endStream)) {
      return this.connection.failStream(this, ErrorCode.protocolError);
    }
    if (isFirst && head.isInformational && !endStream) return;
    if (endStream) this.trailers = head;
    if (!isFirst) return;
    this.head = head;
    if (!endStream && (head.httpStatus !== '200' || !head.isGrpc)) this.giveUp(head.httpError());
  }

  receiveData(buffer: Buffer, start: number, end: number): void {
    if (this.settled) return;
    if (this.head === undefined) return this.connection.failStream(this, ErrorCode.protocolError);
    try {
      this.reader ??= new MessageReader(this.client.messageBytesMax, this.client.messageBudget, this);
      this.reader.push(buffer, start, end);
    } catch (error) {
      this.giveUp(error);
    }
    this.release(end - start);
  }

  message(body: Buffer, isCompressed: boolean): void {
    if (this.body !== undefined)
      throw new StatusError(code.INTERNAL, 'more than one response message for a unary method');
    if (isCompressed && this.head?.isGzip !== true) {
      throw new StatusError(code.INTERNAL, 'a compressed message without a known grpc-encoding');
    }
    this.body = body;
    this.isPacked = isCompressed;
  }

  receiveEnd(): void {
    if (this.settled) return;
    if (this.trailers === undefined)
      return this.reject(new StatusError(code.INTERNAL, 'the server closed the stream without trailers'));
    const error = this.trailers.error();
    if (error !== undefined) return this.reject(error);
    const { body } = this;
    if (body === undefined || this.reader?.isBetweenMessages === false) {
      return this.reject(new StatusError(code.INTERNAL, 'the server answered OK without a complete message'));
    }
    this.settle();
    if (this.isPacked) gunzipMessage(body, this.client.messageBytesMax).then(this.request.resolve, this.request.reject);
    else this.request.resolve(body);
  }

  aborted(errorCode: number | undefined): void {
    if (this.settled) return;
    if (errorCode === undefined) this.reject(this.client.lostError());
    else this.reject(this.resetError(errorCode));
  }

  /** A server that keeps the deadline too may cancel before our own, coarser timer fires. */
  private resetError(errorCode: number): StatusError {
    const { deadlineAtMs } = this.request;
    const isLate = deadlineAtMs !== undefined && performance.now() >= deadlineAtMs;
    if (errorCode === ErrorCode.cancel && isLate) return deadlineError();
    return new StatusError(codeOfReset(errorCode), `the stream was reset with HTTP/2 error code ${errorCode}`);
  }

  private expire(): void {
    this.giveUp(deadlineError());
  }

  /** The rest of the answer is of no use. */
  giveUp(error: unknown): void {
    this.reject(error);
    this.connection.resetStream(this, ErrorCode.cancel);
  }

  private reject(error: unknown): void {
    this.settle();
    this.request.reject(error);
  }

  private settle(): void {
    this.settled = true;
    this.reader?.discard();
    this.client.guard.callAnswered();
    if (this.deadline !== undefined) this.client.deadlines.remove(this.deadline);
  }
}

function deadlineError(): StatusError {
  return new StatusError(code.DEADLINE_EXCEEDED, 'context deadline exceeded');
}
