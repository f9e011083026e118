import { code, StatusError } from '@perdure/api';
import { readUint32 } from '../http2/frames.ts';
import type { RpcCall } from '../rpc.ts';
import { gunzipMessage } from './gzip.ts';
import { checkMessageBytes, keepBytes, MESSAGE_PREFIX_BYTES } from './message-reader.ts';
import { sendLastMessage } from './message-writer.ts';
import { ServerCall } from './server-call.ts';

const NO_BODY: Uint8Array = new Uint8Array(0);

/** One message in, one message out. */
export class UnaryCall extends ServerCall implements RpcCall {
  body: Uint8Array = NO_BODY;
  private bodies = 0;
  private isUnpacking = false;
  private dispatched = false;

  override receiveData(buffer: Buffer, start: number, end: number): void {
    // Nearly always one DATA frame holds the whole message: no reader is needed then.
    const length = end - start - MESSAGE_PREFIX_BYTES;
    if (
      length >= 0 &&
      buffer[start] === 0 &&
      readUint32(buffer, start + 1) === length &&
      this.bodies === 0 &&
      this.isBetweenMessages &&
      !this.answered
    ) {
      try {
        checkMessageBytes(length, this.service.limits.messageBytesMax);
        this.message(keepBytes(buffer, start + MESSAGE_PREFIX_BYTES, end), false);
      } catch (error) {
        this.fail(error);
      }
    } else {
      super.receiveData(buffer, start, end);
    }
    this.release(end - start);
  }

  override receiveEnd(): void {
    if (this.answered || this.dispatched || this.isUnpacking) return;
    if (this.bodies === 1 && this.isBetweenMessages) this.dispatch();
    else this.fail(new StatusError(code.INTERNAL, 'grpc: the request ended before its message was complete'));
  }

  protected override accept(body: Buffer, isCompressed: boolean): void {
    this.bodies++;
    if (this.bodies > 1) throw new StatusError(code.INTERNAL, 'grpc: more than one request message for a unary method');
    if (isCompressed) {
      void this.unpack(body);
      return;
    }
    this.body = body;
    if (!this.remoteClosed) this.server.dispatchLater(this);
  }

  private async unpack(packed: Buffer): Promise<void> {
    this.isUnpacking = true;
    try {
      this.body = await gunzipMessage(packed, this.service.limits.messageBytesMax);
      this.dispatch();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Hands the call to its handler, once. */
  dispatch(): void {
    if (this.dispatched || this.answered) return;
    this.dispatched = true;
    // From here on the message is the handler's.
    this.letGoAll();
    try {
      const reply = this.service.handler.unary(this);
      if (reply instanceof Uint8Array) {
        this.reply(reply);
        return;
      }
      reply.then(
        (message) => this.reply(message),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  private reply(message: Uint8Array): void {
    // The caller has left, or the deadline has passed: nobody waits for it.
    if (this.answered) return;
    if (!(message instanceof Uint8Array)) return this.fail(new TypeError('the handler returned no bytes'));
    const { server } = this;
    this.settle();
    server.guard.callAnswered();
    server.writeResponseHeaders(this);
    sendLastMessage(server, this, message, server.okTrailers);
  }
}
