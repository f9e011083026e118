// The server as nghttp2 sees it, through node:http2: compression tables of another make, flow control, GOAWAY, ALPN.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import { afterEach, beforeEach, describe, it } from 'node:test';
import tls from 'node:tls';
import fc from 'fast-check';
import { AUTHORITY_CERT, SERVER_CERT, SERVER_KEY } from '../testing/certificates.ts';
import { message, PREFACE, RawClient } from '../testing/raw-client.ts';
import { BYTES, ECHO, METADATA, TestServer, WAIT } from '../testing/test-server.ts';

interface Reply {
  readonly headers: http2.IncomingHttpHeaders;
  readonly trailers: http2.IncomingHttpHeaders;
  readonly body: Buffer;
}

function request(
  session: http2.ClientHttp2Session,
  path: string,
  more: http2.OutgoingHttpHeaders = {},
): http2.ClientHttp2Stream {
  return session.request({
    ':method': 'POST',
    ':path': path,
    te: 'trailers',
    'content-type': 'application/grpc',
    ...more,
  });
}

async function replyOf(stream: http2.ClientHttp2Stream): Promise<Reply> {
  let headers: http2.IncomingHttpHeaders = {};
  let trailers: http2.IncomingHttpHeaders = {};
  stream.on('response', (fields) => (headers = fields));
  stream.on('trailers', (fields: http2.IncomingHttpHeaders) => (trailers = fields));
  const body = Buffer.concat((await stream.toArray()) as Buffer[]);
  return { headers, trailers, body: body.subarray(5) };
}

async function call(
  session: http2.ClientHttp2Session,
  path: string,
  body = '',
  more: http2.OutgoingHttpHeaders = {},
): Promise<Reply> {
  const stream = request(session, path, more);
  stream.end(message(body));
  return replyOf(stream);
}

describe('node:http2', () => {
  let server: TestServer;
  let session: http2.ClientHttp2Session;
  beforeEach(async () => {
    server = await TestServer.start();
    session = http2.connect(`http://127.0.0.1:${server.port}`);
  });
  afterEach(async () => {
    session.destroy();
    await server[Symbol.asyncDispose]();
  });

  it('gets headers, a message and trailers', async () => {
    const { headers, trailers, body } = await call(session, ECHO, 'hello');
    assert.equal(headers[':status'], 200);
    assert.equal(trailers['grpc-status'], '0');
    assert.equal(body.toString(), 'hello');
  });

  it('sends any header fields through its own compression', async () => {
    const value = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
      minLength: 1,
      maxLength: 200,
    });
    const names = fc.constantFrom('x-a', 'x-b', 'authorization', 'user-agent', 'cookie2', 'x-'.padEnd(100, 'long'));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, value, { minKeys: 1 }), async (fields) => {
        for (const [name, expected] of Object.entries(fields)) {
          const { body } = await call(session, METADATA, name, fields);
          assert.equal(body.toString(), expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('that reads one large reply slowly gets others at once, and then the rest', async () => {
    const slow = request(session, BYTES);
    slow.end(message('10000000'));
    await once(slow, 'response');
    slow.pause();
    for (let i = 0; i < 20; i++) assert.equal((await call(session, ECHO, `quick ${i}`)).body.toString(), `quick ${i}`);
    assert.ok(slow.readableLength < 1_000_000);
    const body = Buffer.concat((await slow.toArray()) as Buffer[]);
    assert.equal(body.length, 10_000_005);
  });

  it('changes its window in the middle of a reply', async () => {
    const stream = request(session, BYTES);
    stream.end(message('300000'));
    await once(stream, 'response');
    for (const initialWindowSize of [0, 1, 1_000_000]) session.settings({ initialWindowSize });
    assert.equal((await replyOf(stream)).body.length, 300_000);
  });

  it('works without a compression table', async () => {
    const plain = http2.connect(`http://127.0.0.1:${server.port}`, { settings: { headerTableSize: 0 } });
    for (let i = 0; i < 3; i++) assert.equal((await call(plain, ECHO, 'x')).trailers['grpc-status'], '0');
    plain.settings({ headerTableSize: 100 });
    for (let i = 0; i < 3; i++) assert.equal((await call(plain, ECHO, 'x')).trailers['grpc-status'], '0');
    plain.destroy();
  });

  it('gets 415 for what is not gRPC', async () => {
    const stream = session.request({ ':path': '/' });
    const { headers } = await replyOf(stream.end());
    assert.equal(headers[':status'], 415);
  });

  it('is told of a drain, finishes what is open, and may open nothing new', async () => {
    const open = call(session, WAIT, 'last');
    await server.until(() => server.waiting.length === 1);
    const goaway = once(session, 'goaway');
    const closed = server.transport.close(10_000);
    assert.equal((await goaway)[0], 0);
    await assert.rejects(once(http2.connect(`http://127.0.0.1:${server.port}`), 'connect'), /ECONNREFUSED/);
    server.release();
    assert.equal((await open).body.toString(), 'last');
    await closed;
  });

  it('is cut off when the grace period of a drain ends', async () => {
    const open = request(session, WAIT);
    open.on('error', () => open.destroy());
    open.end(message('never'));
    await server.until(() => server.waiting.length === 1);
    const gone = once(open, 'close');
    await server.transport.close(20);
    await gone;
    assert.deepEqual(server.cancelled, [WAIT]);
  });
});

describe('TLS', () => {
  it('speaks h2 only with those that ask for it', async () => {
    await using server = await TestServer.start({ tls: { cert: SERVER_CERT, key: SERVER_KEY } });
    const options = { host: '127.0.0.1', port: server.port, ca: AUTHORITY_CERT };
    const h2 = tls.connect({ ...options, ALPNProtocols: ['http/1.1', 'h2'] });
    await once(h2, 'secureConnect');
    assert.equal(h2.alpnProtocol, 'h2');
    h2.destroy();
    const other = tls.connect({ ...options, ALPNProtocols: ['http/1.1'] });
    await assert.rejects(once(other, 'secureConnect'));
    const silent = tls.connect(options);
    await once(silent, 'close');
    using plain = new RawClient(server.port);
    plain.send(PREFACE);
    await plain.closed;
  });

  it('drains, and does not wait for connections that are still in their handshake', async () => {
    const server = await TestServer.start({ tls: { cert: SERVER_CERT, key: SERVER_KEY } });
    using dawdler = new RawClient(server.port);
    await once(dawdler.socket, 'connect');
    const session = http2.connect(`https://127.0.0.1:${server.port}`, { ca: AUTHORITY_CERT });
    await once(session, 'connect');
    assert.equal((await call(session, ECHO, 'x')).body.toString(), 'x');
    const closed = once(session, 'close');
    await server.transport.close(60_000);
    await Promise.all([closed, dawdler.closed]);
    assert.equal(server.transport.stats.connections, 0);
  });
});
