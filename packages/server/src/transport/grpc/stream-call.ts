import { code, StatusError } from '@perdure/api';
import { STREAM_WINDOW_BYTES } from '../http2/stream.ts';
import type { RpcStream } from '../rpc.ts';
import { gunzipMessage } from './gzip.ts';
import { sendMessage, sendTrailers } from './message-writer.ts';
import { ServerCall } from './server-call.ts';

interface QueuedMessage {
  readonly body: Buffer;
  readonly isCompressed: boolean;
}

/** Messages both ways, in any order. */
export class StreamCall extends ServerCall implements RpcStream {
  private readonly queue: QueuedMessage[] = [];
  private queuedBytes = 0;
  private withheldBytes = 0;
  private isEnded = false;
  private wake: (() => void) | undefined = undefined;
  private readonly rejectSends = new Set<(error: StatusError) => void>();

  /** Runs the handler; the stream is open from its headers on. */
  async run(): Promise<void> {
    try {
      await this.service.handler.stream(this);
      this.finish();
    } catch (error) {
      this.fail(error);
    }
  }

  get messages(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.read() };
  }

  send(message: Uint8Array): Promise<void> {
    if (this.answered) return Promise.reject(cancelledError());
    if (!this.headersSent) {
      this.headersSent = true;
      this.server.writeResponseHeaders(this);
    }
    return new Promise((resolve, reject) => {
      this.rejectSends.add(reject);
      sendMessage(this.server, this, message, () => {
        this.rejectSends.delete(reject);
        resolve();
      });
    });
  }

  override receiveEnd(): void {
    if (!this.answered && !this.isBetweenMessages) {
      this.fail(new StatusError(code.INTERNAL, 'grpc: the request ended inside a message'));
      return;
    }
    this.isEnded = true;
    this.wake?.();
  }

  protected override accept(body: Buffer, isCompressed: boolean): void {
    this.queue.push({ body, isCompressed });
    this.queuedBytes += body.length;
    this.wake?.();
  }

  override receiveData(buffer: Buffer, start: number, end: number): void {
    super.receiveData(buffer, start, end);
    this.withheldBytes += end - start;
    this.releaseIfRoom();
  }

  /** A reader that lags behind stops the client; a message larger than the window must still get through. */
  private releaseIfRoom(): void {
    if (this.queuedBytes * 2 > STREAM_WINDOW_BYTES || this.withheldBytes === 0) return;
    this.release(this.withheldBytes);
    this.withheldBytes = 0;
  }

  protected override settle(): void {
    super.settle();
    for (const reject of this.rejectSends) reject(cancelledError());
    this.rejectSends.clear();
    this.wake?.();
  }

  private async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const message = this.queue.shift();
      if (message !== undefined) {
        yield await this.take(message);
      } else if (this.cancelled) {
        throw cancelledError();
      } else if (this.isEnded || this.answered) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    }
  }

  /** Only a message that is wanted is unpacked, and makes room for more. */
  private take({ body, isCompressed }: QueuedMessage): Uint8Array | Promise<Uint8Array> {
    this.queuedBytes -= body.length;
    if (!this.answered) this.letGo(body.length);
    this.releaseIfRoom();
    return isCompressed ? gunzipMessage(body, this.service.limits.messageBytesMax) : body;
  }

  private finish(): void {
    if (this.answered) return;
    this.settle();
    this.server.guard.callAnswered();
    if (!this.headersSent) this.server.writeResponseHeaders(this);
    sendTrailers(this.server, this, this.server.okTrailers);
  }
}

function cancelledError(): StatusError {
  return new StatusError(code.CANCELLED, 'context canceled');
}
