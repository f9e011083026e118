// The server as @grpc/grpc-js sees it.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import grpc from '@grpc/grpc-js';
import { AUTHORITY_CERT, CLIENT_CERT, CLIENT_KEY, SERVER_CERT, SERVER_KEY } from '../testing/certificates.ts';
import {
  BYTES,
  CRASH,
  ECHO,
  ECHO_LATER,
  ECHO_STREAM,
  FAIL,
  METADATA,
  TestServer,
  WAIT,
} from '../testing/test-server.ts';

function same(bytes: Buffer): Buffer {
  return bytes;
}

class GrpcJs implements Disposable {
  readonly client: grpc.Client;

  constructor(port: number, credentials = grpc.credentials.createInsecure(), options: grpc.ClientOptions = {}) {
    this.client = new grpc.Client(`127.0.0.1:${port}`, credentials, {
      'grpc.max_receive_message_length': -1,
      ...options,
    });
  }

  [Symbol.dispose](): void {
    this.client.close();
  }

  unary(path: string, body: string | Buffer = '', timeoutMs = 20_000, metadata = new grpc.Metadata()): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + timeoutMs };
      this.client.makeUnaryRequest(path, same, same, Buffer.from(body), metadata, options, (error, reply) =>
        error === null ? resolve(reply!) : reject(error),
      );
    });
  }
}

function hasCode(code: grpc.status, message?: RegExp): (error: unknown) => boolean {
  return (error) => {
    const { code: actual, details } = error as grpc.ServiceError;
    assert.equal(actual, code, details);
    if (message !== undefined) assert.match(details, message);
    return true;
  };
}

describe('grpc-js', () => {
  let server: TestServer;
  let js: GrpcJs;
  beforeEach(async () => {
    server = await TestServer.start();
    js = new GrpcJs(server.port);
  });
  afterEach(async () => {
    js[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  it('gets replies, with metadata both short and long', async () => {
    const metadata = new grpc.Metadata();
    metadata.set('client-name', 'temporal-test');
    metadata.set('long', 'x'.repeat(7000));
    metadata.set('data-bin', Buffer.from([0, 255]));
    assert.equal((await js.unary(ECHO, 'hello')).toString(), 'hello');
    assert.equal((await js.unary(METADATA, 'client-name', 20_000, metadata)).toString(), 'temporal-test');
    assert.equal((await js.unary(METADATA, 'long', 20_000, metadata)).length, 7000);
    assert.equal((await js.unary(METADATA, 'data-bin', 20_000, metadata)).toString().replace(/=+$/, ''), 'AP8');
  });

  it('makes 1,000 calls at once on one connection', async () => {
    const replies = Array.from({ length: 1000 }, (_, i) => js.unary(i % 2 === 0 ? ECHO : ECHO_LATER, `call ${i}`));
    for (const [i, reply] of (await Promise.all(replies)).entries()) assert.equal(reply.toString(), `call ${i}`);
    assert.equal(server.transport.stats.connections, 1);
  });

  it('holds 1,000 calls open at once', async () => {
    const replies = Array.from({ length: 1000 }, (_, i) => js.unary(WAIT, `call ${i}`));
    await server.until(() => server.waiting.length === 1000);
    assert.equal(server.transport.stats.calls, 1000);
    server.release();
    assert.equal((await Promise.all(replies)).length, 1000);
    assert.equal(server.transport.stats.calls, 0);
  });

  it('sends and receives large messages', async () => {
    const large = Buffer.alloc(4 * 1024 * 1024, 'abc');
    assert.deepEqual(await js.unary(ECHO, large), large);
    assert.equal((await js.unary(BYTES, '20000000')).length, 20_000_000);
  });

  it('is told when its message is too large', async () => {
    const tooLarge = js.unary(ECHO, Buffer.alloc(4 * 1024 * 1024 + 1));
    const text = /^grpc: received message larger than max \(4194305 vs. 4194304\)$/;
    await assert.rejects(tooLarge, hasCode(grpc.status.RESOURCE_EXHAUSTED, text));
    assert.equal((await js.unary(ECHO, 'next')).toString(), 'next');
  });

  it('compresses its messages', async () => {
    using packing = new GrpcJs(server.port, undefined, { 'grpc.default_compression_algorithm': 2 });
    const body = Buffer.alloc(100_000, 'compressible');
    assert.deepEqual(await packing.unary(ECHO, body), body);
  });

  it('gets code, message and details of errors', async () => {
    await assert.rejects(js.unary(FAIL), (error: grpc.ServiceError) => {
      assert.equal(error.details, 'nö: 100% gone\n');
      const [details] = error.metadata.get('grpc-status-details-bin');
      assert.match(Buffer.from(details!).toString('latin1'), /test\.Detail/);
      return hasCode(grpc.status.NOT_FOUND)(error);
    });
    await assert.rejects(
      js.unary(CRASH),
      hasCode(grpc.status.INTERNAL, /^something went wrong, please retry \([0-9a-f]{8}\)$/),
    );
    await assert.rejects(js.unary('/test.Service/Nothing'), hasCode(grpc.status.UNIMPLEMENTED));
  });

  it('keeps its deadline, and its calls are cancelled', async () => {
    await assert.rejects(js.unary(WAIT, '', 50), hasCode(grpc.status.DEADLINE_EXCEEDED));
    await server.until(() => server.cancelled.length === 1);
  });

  it('cancels', async () => {
    const call = js.client.makeUnaryRequest(WAIT, same, same, Buffer.alloc(0), () => {});
    await server.until(() => server.waiting.length === 1);
    call.cancel();
    await server.until(() => server.cancelled.length === 1);
  });

  it('streams both ways', async () => {
    const call = js.client.makeBidiStreamRequest(ECHO_STREAM, same, same);
    const received: string[] = [];
    call.on('data', (reply: Buffer) => {
      received.push(reply.toString());
      if (received.length < 100) call.write(Buffer.from(`message ${received.length}`));
      else call.end();
    });
    const status = new Promise<grpc.StatusObject>((resolve) => call.on('status', resolve));
    call.write(Buffer.from('message 0'));
    assert.equal((await status).code, grpc.status.OK);
    assert.deepEqual(
      received,
      Array.from({ length: 100 }, (_, i) => `message ${i}`),
    );
  });

  it('streams messages larger than the window', async () => {
    const call = js.client.makeBidiStreamRequest(ECHO_STREAM, same, same);
    call.end(Buffer.alloc(3_000_000, 'z'));
    const [reply] = (await call.toArray()) as Buffer[];
    assert.equal(reply!.length, 3_000_000);
  });

  it('streams more than the window while the reader lags', async () => {
    const call = js.client.makeBidiStreamRequest(ECHO_STREAM, same, same);
    for (let i = 0; i < 2000; i++) call.write(Buffer.alloc(5000, i));
    call.end();
    const replies = (await call.toArray()) as Buffer[];
    assert.equal(replies.length, 2000);
    assert.ok(replies.every((reply, i) => reply.length === 5000 && reply[0] === i % 256));
  });

  it('survives a shutdown with a call open, and the call is answered', async () => {
    const open = js.unary(WAIT, 'last');
    await server.until(() => server.waiting.length === 1);
    const closed = server.transport.close(10_000);
    server.release();
    assert.equal((await open).toString(), 'last');
    await closed;
    assert.deepEqual(server.transport.stats, { connections: 0, calls: 0 });
  });
});

describe('grpc-js over TLS', () => {
  it('calls', async () => {
    await using server = await TestServer.start({ tls: { cert: SERVER_CERT, key: SERVER_KEY } });
    using js = new GrpcJs(server.port, grpc.credentials.createSsl(Buffer.from(AUTHORITY_CERT)));
    assert.equal((await js.unary(ECHO, 'secret')).toString(), 'secret');
    assert.equal((await js.unary(BYTES, '5000000')).length, 5_000_000);
  });

  it('needs a client certificate where one is asked for', async () => {
    const tls = { cert: SERVER_CERT, key: SERVER_KEY, ca: AUTHORITY_CERT, requestCert: true };
    await using server = await TestServer.start({ tls });
    const authority = Buffer.from(AUTHORITY_CERT);
    using without = new GrpcJs(server.port, grpc.credentials.createSsl(authority));
    await assert.rejects(without.unary(ECHO, '', 2000), /UNAVAILABLE|DEADLINE_EXCEEDED/);
    const credentials = grpc.credentials.createSsl(authority, Buffer.from(CLIENT_KEY), Buffer.from(CLIENT_CERT));
    using known = new GrpcJs(server.port, credentials);
    assert.equal((await known.unary(ECHO, 'known')).toString(), 'known');
  });
});
