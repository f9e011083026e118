// A server for transport tests: methods whose behaviour is in their name, and a record of what happened to the calls.

import { code, StatusError } from '@perdure/api';
import type { RpcCall, RpcHandler, RpcStream, Transport, TransportOptions } from '../index.ts';
import { startTransport } from '../index.ts';

export const ECHO = '/test.Service/Echo';
export const ECHO_LATER = '/test.Service/EchoLater';
/** Replies with as many bytes as the message says, as a decimal number. */
export const BYTES = '/test.Service/Bytes';
/** Replies with the metadata field whose name is the message. */
export const METADATA = '/test.Service/Metadata';
/** Waits until it is cancelled or `release` is called. */
export const WAIT = '/test.Service/Wait';
export const FAIL = '/test.Service/Fail';
export const CRASH = '/test.Service/Crash';
/** Streams back what comes in. */
export const ECHO_STREAM = '/test.Service/EchoStream';
/** Streams messages of 1 kB until cancelled. */
export const ENDLESS_STREAM = '/test.Service/EndlessStream';

export class TestServer implements RpcHandler, AsyncDisposable {
  transport!: Transport;
  readonly errors: unknown[] = [];
  readonly waiting: RpcCall[] = [];
  /** Paths of cancelled calls, once for each call of onCancel. */
  readonly cancelled: string[] = [];
  calls = 0;
  private readonly observers = new Set<() => void>();
  private readonly releases: (() => void)[] = [];

  static async start(options: Partial<TransportOptions> = {}): Promise<TestServer> {
    const server = new TestServer();
    server.transport = await startTransport({
      handler: server,
      host: '127.0.0.1',
      port: 0,
      onError: (error) => server.errors.push(error),
      ...options,
    });
    return server;
  }

  get port(): number {
    return this.transport.address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport.close(0);
  }

  /** Resolves as soon as the condition holds; checked whenever a call starts or is cancelled. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const observer = (): void => {
          this.observers.delete(observer);
          resolve();
        };
        this.observers.add(observer);
      });
    }
  }

  /** Lets all waiting calls answer. */
  release(): void {
    for (const release of this.releases.splice(0)) release();
  }

  isStream(path: string): boolean {
    return path === ECHO_STREAM || path === ENDLESS_STREAM;
  }

  unary(call: RpcCall): Uint8Array | Promise<Uint8Array> {
    this.calls++;
    this.notify();
    switch (call.path) {
      case ECHO:
        return call.body;
      case ECHO_LATER:
        return new Promise((resolve) => setImmediate(() => resolve(call.body)));
      case BYTES:
        return bytesOf(Buffer.from(call.body).toString());
      case METADATA:
        return Buffer.from(call.metadata.get(Buffer.from(call.body).toString()) ?? '');
      case WAIT:
        return this.wait(call);
      case FAIL:
        throw new StatusError(code.NOT_FOUND, 'nö: 100% gone\n', [
          { typeUrl: 'type.googleapis.com/test.Detail', value: Uint8Array.of(1, 2, 3) },
        ]);
      case CRASH:
        throw new Error('a secret');
      default:
        throw new StatusError(code.UNIMPLEMENTED, `unknown method ${call.path}`);
    }
  }

  async stream(call: RpcStream): Promise<void> {
    this.calls++;
    call.onCancel = () => this.noteCancelled(call.path);
    this.notify();
    if (call.path === ECHO_STREAM) {
      for await (const message of call.messages) await call.send(message);
      return;
    }
    const message = Buffer.alloc(1024);
    for (;;) await call.send(message);
  }

  private wait(call: RpcCall): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.waiting.push(call);
      this.releases.push(() => resolve(call.body));
      call.onCancel = () => {
        this.noteCancelled(call.path);
        reject(new StatusError(code.CANCELLED, 'cancelled'));
      };
      this.notify();
    });
  }

  private noteCancelled(path: string): void {
    this.cancelled.push(path);
    this.notify();
  }

  private notify(): void {
    for (const observer of [...this.observers]) observer();
  }
}

function bytesOf(text: string): Uint8Array {
  if (!/^[0-9]{1,8}$/.test(text)) throw new StatusError(code.INVALID_ARGUMENT, 'not a number of bytes');
  return Buffer.alloc(Number(text), 'x');
}
