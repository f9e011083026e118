// The client against servers of other makes (grpc-js and node:http2, both on nghttp2), and against our own.

import assert from 'node:assert/strict';
import dns from 'node:dns';
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import grpc from '@grpc/grpc-js';
import { code, StatusError } from '@perdure/api';
import type { RpcTlsOptions } from './client.ts';
import { connectRpc, type RpcClient } from './index.ts';
import { AUTHORITY_CERT, CLIENT_CERT, CLIENT_KEY, SERVER_CERT, SERVER_KEY } from './testing/certificates.ts';
import { frame, GOAWAY, message, PREFACE, SETTINGS } from './testing/raw-client.ts';
import { BYTES, ECHO, ECHO_LATER, FAIL, METADATA, TestServer, WAIT } from './testing/test-server.ts';

function is(expected: number, text?: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(error.code, expected, error.message);
    if (text !== undefined) assert.match(error.message, text);
    return true;
  };
}

type Answer = (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void;

/** A server on node:http2 that answers by hand, and the port to reach it. */
async function nodeServer(
  answer: Answer,
  settings: http2.Settings = {},
): Promise<{ server: http2.Http2Server; port: number } & Disposable> {
  const server = http2.createServer({ settings });
  const sessions = new Set<http2.Http2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => stream.close());
    answer(stream, headers);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dispose = (): void => {
    for (const session of sessions) session.destroy();
    server.close();
  };
  return { server, port: (server.address() as net.AddressInfo).port, [Symbol.dispose]: dispose };
}

const GRPC_HEADERS = { ':status': 200, 'content-type': 'application/grpc' };

function ok(stream: http2.ServerHttp2Stream, ...parts: Uint8Array[]): void {
  stream.respond(GRPC_HEADERS, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  for (const part of parts) stream.write(part);
  stream.end();
}

async function withClient(port: number, body: (client: RpcClient) => Promise<void>): Promise<void> {
  const client = await connectRpc({ host: '127.0.0.1', port });
  try {
    await body(client);
  } finally {
    client.close();
  }
}

describe('the client and our server', () => {
  it('call each other, one at a time and many at once', async () => {
    await withServer(async (client) => {
      assert.equal(Buffer.from(await client.unary(ECHO, Buffer.from('hello'))).toString(), 'hello');
      const many = Array.from({ length: 1000 }, (_, i) =>
        client.unary(i % 2 === 0 ? ECHO : ECHO_LATER, Buffer.from(`${i}`), { timeoutMs: 20_000 }),
      );
      for (const [i, reply] of (await Promise.all(many)).entries()) assert.equal(Buffer.from(reply).toString(), `${i}`);
    });
  });

  it('exchange messages larger than any window', async () => {
    await withServer(async (client) => {
      const body = Buffer.alloc(4 * 1024 * 1024, 'abc');
      assert.ok(body.equals(await client.unary(ECHO, body)));
      assert.equal((await client.unary(BYTES, Buffer.from('30000000'))).length, 30_000_000);
      assert.equal((await client.unary(ECHO, new Uint8Array(0))).length, 0);
    });
  });

  it('pass metadata, whether it changes or not', async () => {
    await withServer(async (client) => {
      const same = { 'x-same': 'constant', authorization: 'Bearer x' };
      for (let i = 0; i < 5; i++) {
        assert.equal(
          Buffer.from(await client.unary(METADATA, Buffer.from('x-same'), { metadata: same })).toString(),
          'constant',
        );
        const metadata = { 'x-other': `value ${i}` };
        assert.equal(
          Buffer.from(
            await client.unary(METADATA, Buffer.from('x-other'), { metadata, timeoutMs: 1000 + i }),
          ).toString(),
          `value ${i}`,
        );
        assert.equal(
          Buffer.from(await client.unary(METADATA, Buffer.from('authorization'), { metadata: same })).toString(),
          'Bearer x',
        );
      }
    });
  });

  it('pass errors with message and details', async () => {
    await withServer(async (client) => {
      await assert.rejects(client.unary(FAIL, Buffer.alloc(0)), (error) => {
        assert.ok(error instanceof StatusError);
        assert.equal(error.message, 'nö: 100% gone\n');
        assert.deepEqual(
          error.details.map(({ typeUrl, value }) => [typeUrl, [...value]]),
          [['type.googleapis.com/test.Detail', [1, 2, 3]]],
        );
        return is(code.NOT_FOUND)(error);
      });
    });
  });

  it('end a call at its deadline, on both sides', async () => {
    await withServer(async (client, server) => {
      await assert.rejects(client.unary(WAIT, Buffer.alloc(0), { timeoutMs: 30 }), is(code.DEADLINE_EXCEEDED));
      await server.until(() => server.cancelled.length === 1);
    });
  });

  it('end open calls with CANCELLED when the client closes, UNAVAILABLE when the server is gone', async () => {
    await withServer(async (client, server) => {
      const open = client.unary(WAIT, Buffer.alloc(0));
      await server.until(() => server.waiting.length === 1);
      client.close();
      await assert.rejects(open, is(code.CANCELLED));
      await server.until(() => server.cancelled.length === 1);
      const other = await connectRpc({ host: '127.0.0.1', port: server.port });
      const lost = other.unary(WAIT, Buffer.alloc(0));
      await server.until(() => server.waiting.length === 2);
      await server.transport.close(0);
      await assert.rejects(lost, is(code.UNAVAILABLE));
      await assert.rejects(other.unary(ECHO, Buffer.alloc(0)), is(code.UNAVAILABLE));
      assert.equal(other.isOpen, false);
    });
  });

  it('drain: open calls finish, new ones are refused', async () => {
    await withServer(async (client, server) => {
      const open = client.unary(WAIT, Buffer.from('last'));
      await server.until(() => server.waiting.length === 1);
      const closed = server.transport.close(20_000);
      while (client.isOpen) await client.unary(ECHO, Buffer.alloc(0)).catch(is(code.UNAVAILABLE));
      server.release();
      assert.equal(Buffer.from(await open).toString(), 'last');
      await closed;
    });
  });

  it('keep to the number of streams that the server allows', async () => {
    await withServer(async (client, server) => {
      const calls = Array.from({ length: 10 }, (_, i) => client.unary(WAIT, Buffer.from(`${i}`)));
      const late = client.unary(WAIT, Buffer.alloc(0), { timeoutMs: 40 });
      await assert.rejects(late, is(code.DEADLINE_EXCEEDED));
      assert.equal(server.waiting.length, 4);
      for (let done = 4; done <= 12; done += 4) {
        await server.until(() => server.waiting.length === Math.min(done, 10));
        server.release();
      }
      assert.equal((await Promise.all(calls)).length, 10);
    }, 4);
  });

  it('speak TLS, with certificates on both sides', async () => {
    const tls = { cert: SERVER_CERT, key: SERVER_KEY, ca: AUTHORITY_CERT, requestCert: true };
    await using server = await TestServer.start({ tls });
    const { port } = server;
    const client = await connectRpc({
      host: 'localhost',
      port,
      tls: { ca: AUTHORITY_CERT, cert: CLIENT_CERT, key: CLIENT_KEY },
    });
    assert.equal(Buffer.from(await client.unary(ECHO, Buffer.from('both'))).toString(), 'both');
    await assert.rejects(connectRpc({ host: 'localhost', port, tls: {} }), is(code.UNAVAILABLE, /certificate/));
    const lost = client.unary(WAIT, Buffer.alloc(0));
    await server.until(() => server.waiting.length === 1);
    await server.transport.close(0);
    await assert.rejects(lost, is(code.UNAVAILABLE));
    assert.deepEqual(server.transport.stats, { connections: 0, calls: 0 });
  });

  it('check the name of the certificate, and nothing of it if told not to', async () => {
    await using server = await TestServer.start({ tls: { cert: SERVER_CERT, key: SERVER_KEY } });
    const connected = async (tls: RpcTlsOptions): Promise<void> => {
      (await connectRpc({ host: '127.0.0.1', port: server.port, tls })).close();
    };
    await connected({ ca: AUTHORITY_CERT });
    await connected({ ca: AUTHORITY_CERT, servername: 'localhost' });
    await assert.rejects(connected({ ca: AUTHORITY_CERT, servername: 'a.test' }), is(code.UNAVAILABLE, /altnames/));
    await assert.rejects(connected({ rejectUnauthorized: true }), is(code.UNAVAILABLE, /certificate/));
    await connected({ rejectUnauthorized: false });
    await connected({ servername: 'a.test', rejectUnauthorized: false });
  });

  it('name the server as told to, else by host and port', async () => {
    const seen: unknown[] = [];
    using server = await nodeServer((stream, headers) => {
      seen.push(headers[':authority']);
      ok(stream, message(new Uint8Array()));
    });
    const { port } = server;
    for (const authority of [undefined, 'a.test']) {
      const client = await connectRpc({ host: '127.0.0.1', port, authority });
      await client.unary('/a/b', new Uint8Array());
      client.close();
    }
    assert.deepEqual(seen, [`127.0.0.1:${port}`, 'a.test']);
  });
});

async function withServer(
  body: (client: RpcClient, server: TestServer) => Promise<void>,
  concurrentStreamsMax = 10_000,
): Promise<void> {
  await using server = await TestServer.start({ limits: { concurrentStreamsMax } });
  await withClient(server.port, (client) => body(client, server));
}

describe('the client and grpc-js', () => {
  it('call, with large messages, compression tables and errors of another make', async () => {
    const server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
    const same = (bytes: Buffer): Buffer => bytes;
    const method = (path: string): grpc.MethodDefinition<Buffer, Buffer> => ({
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    });
    const echo: grpc.handleUnaryCall<Buffer, Buffer> = (call, reply) => {
      const trailer = new grpc.Metadata();
      trailer.set('x-seen', call.metadata.get('x-given').join());
      if (call.request.toString() === 'fail') reply({ code: grpc.status.ABORTED, details: 'no — not now' });
      else reply(null, call.request, trailer);
    };
    server.addService({ Echo: method(ECHO) }, { Echo: echo });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    await withClient(port, async (client) => {
      const large = Buffer.alloc(2_000_000, 'xyz');
      assert.ok(large.equals(await client.unary(ECHO, large, { timeoutMs: 10_000 })));
      for (let i = 0; i < 200; i++) {
        const metadata = { 'x-given': `value-${i}`.repeat(20) };
        assert.equal(Buffer.from(await client.unary(ECHO, Buffer.from(`${i}`), { metadata })).toString(), `${i}`);
      }
      await assert.rejects(client.unary(ECHO, Buffer.from('fail')), is(code.ABORTED, /^no — not now$/));
      await assert.rejects(client.unary('/test.Service/Nothing', Buffer.alloc(0)), is(code.UNIMPLEMENTED));
    });
    server.forceShutdown();
  });
});

describe('the client and odd servers', () => {
  const ANSWERS: readonly [what: string, answer: Answer, expected: number, text?: RegExp][] = [
    ['an HTTP error', (stream) => stream.respond({ ':status': 503 }, { endStream: true }), code.UNAVAILABLE, /503/],
    [
      'HTML',
      (stream) => (stream.respond({ ':status': 200, 'content-type': 'text/html' }), stream.end('<html>')),
      code.UNKNOWN,
    ],
    [
      '404 with a body',
      (stream) => (stream.respond({ ':status': 404 }), stream.end('nothing here')),
      code.UNIMPLEMENTED,
    ],
    ['no trailers', (stream) => (stream.respond(GRPC_HEADERS), stream.end(message('x'))), code.INTERNAL],
    ['OK without a message', (stream) => ok(stream), code.INTERNAL],
    ['OK with half a message', (stream) => ok(stream, message('hello').subarray(0, 7)), code.INTERNAL],
    ['OK with two messages', (stream) => ok(stream, message('a'), message('b')), code.INTERNAL],
    ['a compressed message without its encoding', (stream) => ok(stream, message(gzipSync('x'), true)), code.INTERNAL],
    ['RST_STREAM REFUSED_STREAM', (stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM), code.UNAVAILABLE],
    ['RST_STREAM CANCEL', (stream) => stream.close(http2.constants.NGHTTP2_CANCEL), code.CANCELLED],
    [
      'RST_STREAM ENHANCE_YOUR_CALM',
      (stream) => stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM),
      code.RESOURCE_EXHAUSTED,
    ],
    ['RST_STREAM INTERNAL_ERROR', (stream) => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR), code.INTERNAL],
    [
      'a code that does not exist',
      (stream) =>
        stream.respond({ ...GRPC_HEADERS, 'grpc-status': '99', 'grpc-message': '%zz%41' }, { endStream: true }),
      code.UNKNOWN,
      /^%zzA$/,
    ],
    [
      'unreadable details',
      (stream) =>
        stream.respond({ ...GRPC_HEADERS, 'grpc-status': '5', 'grpc-status-details-bin': '////' }, { endStream: true }),
      code.NOT_FOUND,
    ],
    ['the end of the connection', (stream) => stream.session!.destroy(), code.UNAVAILABLE],
  ];
  for (const [what, answer, expected, text] of ANSWERS) {
    it(`gets ${what}`, async () => {
      using odd = await nodeServer(answer);
      await withClient(odd.port, (client) =>
        assert.rejects(client.unary(ECHO, Buffer.from('x'), { timeoutMs: 5000 }), is(expected, text)),
      );
    });
  }

  it('waits out informational headers, and unpacks gzip', async () => {
    using odd = await nodeServer((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</x>' });
      stream.respond({ ...GRPC_HEADERS, 'grpc-encoding': 'gzip' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(message(gzipSync('unpacked'), true));
    });
    await withClient(odd.port, async (client) => {
      assert.equal(Buffer.from(await client.unary(ECHO, Buffer.alloc(0))).toString(), 'unpacked');
    });
  });

  it('keeps to small windows and small frames', async () => {
    const bodies: Buffer[] = [];
    using odd = await nodeServer(
      (stream) => {
        stream.on('data', (chunk: Buffer) => bodies.push(chunk));
        stream.on('end', () => ok(stream, message('done')));
      },
      { initialWindowSize: 100 },
    );
    await withClient(odd.port, async (client) => {
      await client.unary(ECHO, Buffer.alloc(50_000, 'w'));
      assert.equal(Buffer.concat(bodies).length, 50_005);
    });
  });

  it('takes a cancellation after the deadline for the deadline', async () => {
    using odd = await nodeServer((stream) => void setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), 12));
    await withClient(odd.port, async (client) => {
      // The client's own timer works in steps of 16 ms.
      await assert.rejects(client.unary(ECHO, Buffer.alloc(0), { timeoutMs: 1 }), is(code.DEADLINE_EXCEEDED));
    });
  });

  it('gives up on calls that the server has not looked at', async () => {
    const server = net.createServer((socket) => {
      socket.write(frame(SETTINGS, 0, 0));
      socket.on('data', (chunk) => {
        // Longer than the preface with its SETTINGS and than their acknowledgement: a call.
        if (!chunk.subarray(0, 3).equals(PREFACE.subarray(0, 3)) && chunk.length > 30)
          socket.write(frame(GOAWAY, 0, 0, Buffer.alloc(8)));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await withClient((server.address() as net.AddressInfo).port, async (client) => {
      await assert.rejects(client.unary(ECHO, Buffer.alloc(0)), is(code.UNAVAILABLE, /closing/));
      assert.equal(client.isOpen, false);
    });
    server.close();
  });

  it('says why it cannot connect', async () => {
    const closed = net.createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as net.AddressInfo;
    closed.close();
    await once(closed, 'close');
    await assert.rejects(connectRpc({ host: '127.0.0.1', port }), is(code.UNAVAILABLE, /ECONNREFUSED/));
    const http1 = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(http1, 'listening');
    const there = (http1.address() as net.AddressInfo).port;
    await assert.rejects(connectRpc({ host: '127.0.0.1', port: there }), is(code.UNAVAILABLE, /HTTP\/2/));
    http1.close();
  });

  it('says of each address of a host why it cannot connect', async (t) => {
    type Found = (error: null, addresses: readonly { address: string; family: number }[]) => void;
    t.mock.method(dns, 'lookup', (_host: string, _options: unknown, found: Found) => {
      found(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '127.0.0.2', family: 4 },
      ]);
    });
    // Port 1 is nobody's.
    const failed = connectRpc({ host: 'two.test', port: 1 });
    await assert.rejects(failed, is(code.UNAVAILABLE, /127\.0\.0\.1:1, .*127\.0\.0\.2:1$/));
  });
});
