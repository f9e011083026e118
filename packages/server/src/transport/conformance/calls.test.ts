// gRPC calls as they may arrive on the wire, sent by hand: framing, compression, deadlines, cancellation, refusals.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { HpackDecoder } from '../http2/hpack/decoder.ts';
import {
  CONTINUATION,
  callFrames,
  DATA,
  END_HEADERS,
  END_STREAM,
  type Frame,
  frame,
  HEADERS,
  headerBlock,
  message,
  PADDED,
  RawClient,
  RST_STREAM,
  requestFields,
  setting,
  uint32,
  WINDOW_UPDATE,
} from '../testing/raw-client.ts';
import { CRASH, ECHO, ECHO_STREAM, ENDLESS_STREAM, FAIL, METADATA, TestServer, WAIT } from '../testing/test-server.ts';

const WINDOW_BYTES = 200_000;
const GRPC_DEADLINE_EXCEEDED = '4';
const GRPC_RESOURCE_EXHAUSTED = '8';
const GRPC_UNIMPLEMENTED = '12';
const GRPC_INTERNAL = '13';

/** A client without a compression table, so that each header block stands alone. */
class Caller implements Disposable {
  readonly raw: RawClient;

  private constructor(raw: RawClient) {
    this.raw = raw;
  }

  static async open(port: number): Promise<Caller> {
    const raw = await RawClient.open(port, Buffer.concat([setting(1, 0), setting(4, WINDOW_BYTES)]));
    raw.send(frame(WINDOW_UPDATE, 0, 0, uint32(WINDOW_BYTES)));
    return new Caller(raw);
  }

  [Symbol.dispose](): void {
    this.raw[Symbol.dispose]();
  }

  headers(path: string, more: Readonly<Record<string, string>> = {}, stream = 1): void {
    this.raw.send(frame(HEADERS, END_HEADERS, stream, headerBlock(requestFields(path, more))));
  }

  data(bytes: Uint8Array, flags = END_STREAM, stream = 1): void {
    this.raw.send(frame(DATA, flags, stream, bytes));
  }

  /** The next header block of the stream. */
  async fields(stream = 1): Promise<Map<string, string>> {
    return fieldsOf(await this.raw.next((f) => f.type === HEADERS && f.stream === stream));
  }

  /** A reply: its message, after checking that headers and trailers say OK. */
  async reply(stream = 1): Promise<Buffer> {
    const headers = await this.fields(stream);
    assert.equal(headers.get(':status'), '200');
    assert.equal(headers.get('content-type'), 'application/grpc');
    assert.equal(headers.get('grpc-accept-encoding'), 'identity,gzip');
    const { payload } = await this.raw.next((f) => f.type === DATA && f.stream === stream);
    assert.equal(payload.readUInt32BE(1), payload.length - 5);
    assert.equal((await this.fields(stream)).get('grpc-status'), '0');
    return payload.subarray(5);
  }

  /** A trailers-only answer. */
  async failure(stream = 1): Promise<{ status: string | undefined; message: string; fields: Map<string, string> }> {
    const answer = await this.raw.next((f) => f.type === HEADERS && f.stream === stream);
    assert.equal(answer.flags, END_HEADERS | END_STREAM);
    const fields = fieldsOf(answer);
    return { status: fields.get('grpc-status'), message: decodeURIComponent(fields.get('grpc-message') ?? ''), fields };
  }
}

function fieldsOf({ payload }: Frame): Map<string, string> {
  const { fields } = new HpackDecoder(65_536).decode(payload, 0, payload.length);
  return new Map(fields.map(({ name, value }) => [name, value]));
}

describe('gRPC calls on the wire', () => {
  let server: TestServer;
  let caller: Caller;
  before(
    async () =>
      void (server = await TestServer.start({ limits: { messageBytesMax: 100_000, headerListBytesMax: 8192 } })),
  );
  after(() => server[Symbol.asyncDispose]());
  beforeEach(async (t) => {
    caller = await Caller.open(server.port);
    server.cancelled.length = 0;
    server.waiting.length = 0;
    assert.ok('after' in t);
    t.after(() => caller[Symbol.dispose]());
  });

  describe('messages', () => {
    it('split byte by byte over DATA frames', async () => {
      caller.headers(ECHO);
      const bytes = message('hello');
      for (const byte of bytes) caller.data(Buffer.from([byte]), 0);
      caller.data(Buffer.alloc(0));
      assert.equal((await caller.reply()).toString(), 'hello');
    });

    it('whose frames are split byte by byte over the socket', async () => {
      for (const byte of callFrames(1, ECHO, 'drip')) caller.raw.send(Buffer.from([byte]));
      assert.equal((await caller.reply()).toString(), 'drip');
    });

    it('of 0 bytes', async () => {
      caller.headers(ECHO);
      caller.data(message(''));
      assert.equal((await caller.reply()).length, 0);
    });

    it('of exactly the limit, over many frames', async () => {
      caller.headers(ECHO);
      const bytes = message(Buffer.alloc(100_000, 'a'));
      for (let at = 0; at < bytes.length; at += 16_384) caller.data(bytes.subarray(at, at + 16_384), 0);
      caller.data(Buffer.alloc(0));
      await caller.fields();
      assert.equal((await caller.fields()).get('grpc-status'), '0');
    });

    it('with so much padding that only giving it back keeps the window open', async () => {
      caller.headers(ECHO);
      const bytes = message(Buffer.alloc(90_000, 'p'));
      const padded: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += 16) {
        const part = Buffer.concat([Buffer.from([255]), bytes.subarray(at, at + 16), Buffer.alloc(255)]);
        padded.push(frame(DATA, PADDED, 1, part));
      }
      caller.raw.send(...padded, frame(DATA, END_STREAM, 1));
      await caller.fields();
      assert.equal((await caller.fields()).get('grpc-status'), '0');
    });

    it('above the limit: RESOURCE_EXHAUSTED as soon as the length is known, and the rest is not read', async () => {
      caller.headers(ECHO);
      caller.data(Buffer.concat([Buffer.from([0]), uint32(100_001)]), 0);
      const failure = await caller.failure();
      assert.equal(failure.status, GRPC_RESOURCE_EXHAUSTED);
      assert.equal(failure.message, 'grpc: received message larger than max (100001 vs. 100000)');
      assert.equal(await caller.raw.streamError(1), 0);
      for (let i = 0; i < 20; i++) caller.data(Buffer.alloc(16_384), 0);
      await caller.raw.sync();
      assert.equal(caller.raw.frames.filter((f) => f.type === RST_STREAM).length, 1);
    });

    it('missing: INTERNAL', async () => {
      caller.headers(ECHO);
      caller.data(Buffer.alloc(0));
      assert.equal((await caller.failure()).status, GRPC_INTERNAL);
    });

    it('cut off: INTERNAL', async () => {
      caller.headers(ECHO);
      caller.data(message('hello').subarray(0, 8));
      assert.equal((await caller.failure()).status, GRPC_INTERNAL);
    });

    it('two for a unary method: INTERNAL', async () => {
      caller.headers(WAIT);
      caller.data(Buffer.concat([message('a'), message('b')]));
      assert.equal((await caller.failure()).status, GRPC_INTERNAL);
    });

    it('with an unknown flag: INTERNAL', async () => {
      caller.headers(ECHO);
      caller.data(Buffer.from([2, 0, 0, 0, 0]));
      assert.equal((await caller.failure()).status, GRPC_INTERNAL);
    });

    it('are answered even when the client keeps its side open', async () => {
      caller.headers(ECHO);
      caller.data(message('open'), 0);
      assert.equal((await caller.reply()).toString(), 'open');
      assert.equal(await caller.raw.streamError(1), 0);
    });

    it('stay as they were while later ones arrive', async () => {
      for (let stream = 1; stream < 400; stream += 2) caller.raw.send(callFrames(stream, WAIT, `message ${stream}`));
      await server.until(() => server.waiting.length === 200);
      server.release();
      for (let stream = 1; stream < 400; stream += 2)
        assert.equal((await caller.reply(stream)).toString(), `message ${stream}`);
    });
  });

  describe('gzip', () => {
    it('is unpacked', async () => {
      caller.headers(ECHO, { 'grpc-encoding': 'gzip' });
      caller.data(message(gzipSync('squeezed'), true));
      assert.equal((await caller.reply()).toString(), 'squeezed');
    });

    it('may be announced and not used', async () => {
      caller.headers(ECHO, { 'grpc-encoding': 'gzip' });
      caller.data(message('plain'));
      assert.equal((await caller.reply()).toString(), 'plain');
    });

    it('bomb: RESOURCE_EXHAUSTED', async () => {
      caller.headers(ECHO, { 'grpc-encoding': 'gzip' });
      caller.data(message(gzipSync(Buffer.alloc(10_000_000)), true));
      const failure = await caller.failure();
      assert.equal(failure.status, GRPC_RESOURCE_EXHAUSTED);
      assert.match(failure.message, /after decompression larger than max 100000/);
    });

    it('to exactly the limit', async () => {
      caller.headers(ECHO, { 'grpc-encoding': 'gzip' });
      caller.data(message(gzipSync(Buffer.alloc(100_000)), true));
      assert.equal((await caller.fields()).get(':status'), '200');
      assert.equal((await caller.fields()).get('grpc-status'), '0');
    });

    for (const [what, packed] of [
      ['garbage', Buffer.from('no gzip')],
      ['cut off', gzipSync('hello').subarray(0, 15)],
    ] as const) {
      it(`${what}: INTERNAL`, async () => {
        caller.headers(ECHO, { 'grpc-encoding': 'gzip' });
        caller.data(message(packed, true));
        assert.equal((await caller.failure()).status, GRPC_INTERNAL);
      });
    }

    it('flag without grpc-encoding: INTERNAL', async () => {
      caller.headers(ECHO);
      caller.data(message(gzipSync('x'), true));
      const failure = await caller.failure();
      assert.equal(failure.status, GRPC_INTERNAL);
      assert.equal(failure.message, 'grpc: compressed flag set with identity or empty encoding');
    });

    it('other encodings: UNIMPLEMENTED, and the answer says which are accepted', async () => {
      caller.headers(ECHO, { 'grpc-encoding': 'snappy' });
      const failure = await caller.failure();
      assert.equal(failure.status, GRPC_UNIMPLEMENTED);
      assert.equal(failure.message, 'grpc: Decompressor is not installed for grpc-encoding "snappy"');
      assert.equal(failure.fields.get('grpc-accept-encoding'), 'identity,gzip');
    });

    it('on a stream keeps the order of messages', async () => {
      caller.headers(ECHO_STREAM, { 'grpc-encoding': 'gzip' });
      caller.data(Buffer.concat([message(gzipSync('1'), true), message('2'), message(gzipSync('3'), true)]));
      await caller.fields();
      const isData = (f: Frame): boolean => f.type === DATA;
      const bodies = [await caller.raw.next(isData), await caller.raw.next(isData), await caller.raw.next(isData)];
      assert.deepEqual(
        bodies.map(({ payload }) => payload.subarray(5).toString()),
        ['1', '2', '3'],
      );
      assert.equal((await caller.fields()).get('grpc-status'), '0');
    });
  });

  describe('header blocks', () => {
    it('split into CONTINUATION frames of one byte', async () => {
      const block = headerBlock(requestFields(ECHO));
      caller.raw.send(frame(HEADERS, 0, 1, block.subarray(0, 1)));
      for (let at = 1; at < block.length - 1; at++)
        caller.raw.send(frame(CONTINUATION, 0, 1, block.subarray(at, at + 1)));
      caller.raw.send(frame(CONTINUATION, END_HEADERS, 1, block.subarray(-1)));
      caller.data(message('pieces'));
      assert.equal((await caller.reply()).toString(), 'pieces');
    });

    it('with END_STREAM before their continuation', async () => {
      const block = headerBlock(requestFields(ECHO));
      caller.raw.send(
        frame(HEADERS, END_STREAM, 1, block.subarray(0, 9)),
        frame(CONTINUATION, END_HEADERS, 1, block.subarray(9)),
      );
      assert.equal((await caller.failure()).status, GRPC_INTERNAL);
    });

    it('above the limit: 431 and RESOURCE_EXHAUSTED for that call alone', async () => {
      const more = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x-${i}`, 'v'.repeat(1000)]));
      const block = headerBlock(requestFields(ECHO, more));
      caller.raw.send(
        frame(HEADERS, 0, 1, block.subarray(0, 16_384)),
        frame(CONTINUATION, END_HEADERS, 1, block.subarray(16_384)),
      );
      const failure = await caller.failure();
      assert.equal(failure.fields.get(':status'), '431');
      assert.equal(failure.status, GRPC_RESOURCE_EXHAUSTED);
      caller.raw.send(callFrames(3, ECHO, 'next'));
      assert.equal((await caller.reply(3)).toString(), 'next');
    });

    it('far above the limit: the connection ends', async () => {
      caller.raw.send(
        frame(HEADERS, 0, 1, Buffer.alloc(16_384)),
        frame(CONTINUATION, 0, 1, Buffer.alloc(16_384)),
        frame(CONTINUATION, 0, 1, Buffer.alloc(16_384)),
      );
      assert.equal(await caller.raw.connectionError(), 11);
    });

    it('metadata reaches the handler, repeated fields joined', async () => {
      const fields = [...requestFields(METADATA), ['x-many', 'a'], ['x-many', 'b']] as [string, string][];
      caller.raw.send(frame(HEADERS, END_HEADERS, 1, headerBlock(fields)));
      caller.data(message('x-many'));
      assert.equal((await caller.reply()).toString(), 'a,b');
    });
  });

  describe('deadlines', () => {
    it('past: DEADLINE_EXCEEDED, and the handler is cancelled once', async () => {
      caller.headers(WAIT, { 'grpc-timeout': '30m' });
      caller.data(message(''));
      const failure = await caller.failure();
      assert.equal(failure.status, GRPC_DEADLINE_EXCEEDED);
      assert.equal(failure.message, 'context deadline exceeded');
      assert.deepEqual(server.cancelled, [WAIT]);
      assert.equal(server.waiting[0]!.cancelled, true);
    });

    it('end streams too', async () => {
      caller.headers(ECHO_STREAM, { 'grpc-timeout': '30m' });
      assert.equal((await caller.failure()).status, GRPC_DEADLINE_EXCEEDED);
      assert.deepEqual(server.cancelled, [ECHO_STREAM]);
    });

    it('reset streams whose client does not read', async () => {
      caller.headers(ENDLESS_STREAM, { 'grpc-timeout': '30m' });
      assert.equal(await caller.raw.streamError(1), 8);
      assert.deepEqual(server.cancelled, [ENDLESS_STREAM]);
    });

    it('reach the handler as a time', async () => {
      const beforeMs = Date.now();
      caller.headers(WAIT, { 'grpc-timeout': '2H' });
      caller.data(message(''));
      await server.until(() => server.waiting.length === 1);
      const deadlineMs = server.waiting[0]!.deadlineMs!;
      assert.ok(deadlineMs >= beforeMs + 7_200_000 && deadlineMs <= Date.now() + 7_200_000);
    });

    it('malformed: INTERNAL', async () => {
      caller.headers(ECHO, { 'grpc-timeout': '5 minutes' });
      assert.equal((await caller.failure()).status, GRPC_INTERNAL);
    });
  });

  describe('cancellation', () => {
    it('by RST_STREAM calls onCancel once, and nothing is answered', async () => {
      caller.headers(WAIT);
      caller.data(message(''));
      await server.until(() => server.waiting.length === 1);
      caller.raw.send(frame(RST_STREAM, 0, 1, uint32(8)), frame(RST_STREAM, 0, 1, uint32(8)));
      await server.until(() => server.cancelled.length > 0);
      caller.raw.socket.destroy();
      await caller.raw.closed;
      assert.deepEqual(server.cancelled, [WAIT]);
      assert.ok(!caller.raw.frames.some((f) => f.stream === 1));
      assert.deepEqual(server.errors, []);
    });

    it('by the end of the connection calls onCancel of every open call', async () => {
      for (const stream of [1, 3, 5]) caller.raw.send(callFrames(stream, WAIT));
      await server.until(() => server.waiting.length === 3);
      caller.raw.socket.destroy();
      await server.until(() => server.cancelled.length === 3);
      assert.equal(server.transport.stats.calls, 0);
    });

    it('after the answer calls nothing', async () => {
      caller.headers(WAIT);
      caller.data(message('a'));
      await server.until(() => server.waiting.length === 1);
      server.release();
      await caller.reply();
      caller.raw.send(frame(RST_STREAM, 0, 1, uint32(8)));
      await caller.raw.sync();
      assert.deepEqual(server.cancelled, []);
    });

    it('a listener set on a cancelled call is called at once', async () => {
      caller.headers(WAIT);
      caller.data(message(''));
      await server.until(() => server.waiting.length === 1);
      caller.raw.send(frame(RST_STREAM, 0, 1, uint32(8)));
      await server.until(() => server.cancelled.length === 1);
      let calls = 0;
      server.waiting[0]!.onCancel = () => calls++;
      assert.equal(calls, 1);
    });

    it('of a stream ends a handler that sends', async () => {
      caller.headers(ENDLESS_STREAM);
      await caller.raw.next((f) => f.type === DATA);
      caller.raw.send(frame(RST_STREAM, 0, 1, uint32(8)));
      await server.until(() => server.cancelled.length === 1);
      await caller.raw.sync();
    });
  });

  describe('errors', () => {
    it('carry code, percent-encoded message and details', async () => {
      caller.raw.send(callFrames(1, FAIL));
      const { fields } = await caller.failure();
      assert.equal(fields.get(':status'), '200');
      assert.equal(fields.get('grpc-status'), '5');
      assert.equal(fields.get('grpc-message'), 'n%C3%B6: 100%25 gone%0A');
      const details = fields.get('grpc-status-details-bin')!;
      assert.ok(!details.includes('='));
      assert.match(Buffer.from(details, 'base64').toString('latin1'), /type\.googleapis\.com\/test\.Detail/);
    });

    it('that are bugs are masked and reported', async () => {
      caller.raw.send(callFrames(1, CRASH));
      const failure = await caller.failure();
      assert.equal(failure.status, GRPC_INTERNAL);
      assert.match(failure.message, /^something went wrong, please retry \([0-9a-f]{8}\)$/);
      assert.match(String(server.errors.pop()), /a secret/);
    });
  });

  describe('requests that are not gRPC', () => {
    const cases: readonly [what: string, fields: Record<string, string>, expected: Record<string, string>][] = [
      ['no content type', { 'content-type': '' }, { ':status': '415' }],
      ['JSON', { 'content-type': 'application/json' }, { ':status': '415' }],
      ['gRPC-Web', { 'content-type': 'application/grpc-web' }, { ':status': '415' }],
      ['another codec', { 'content-type': 'application/grpc+json' }, { ':status': '415' }],
      ['GET', { ':method': 'GET' }, { ':status': '405', allow: 'POST' }],
      [
        'a path without a method',
        { ':path': '/service' },
        { ':status': '200', 'grpc-status': GRPC_UNIMPLEMENTED, 'grpc-message': 'malformed method name: "/service"' },
      ],
      ['a path without a slash', { ':path': 'x' }, { ':status': '200', 'grpc-status': GRPC_UNIMPLEMENTED }],
    ];
    for (const [what, fields, expected] of cases) {
      it(what, async () => {
        const all = { ...Object.fromEntries(requestFields(ECHO)), ...fields };
        caller.raw.send(frame(HEADERS, END_HEADERS, 1, headerBlock(Object.entries(all))));
        const answer = await caller.failure();
        for (const [name, value] of Object.entries(expected)) assert.equal(answer.fields.get(name), value);
      });
    }

    it('application/grpc+proto and parameters are gRPC', async () => {
      const all = {
        ...Object.fromEntries(requestFields(ECHO)),
        'content-type': 'application/grpc+proto; charset=utf-8',
      };
      caller.raw.send(frame(HEADERS, END_HEADERS, 1, headerBlock(Object.entries(all))));
      caller.data(message('proto'));
      assert.equal((await caller.reply()).toString(), 'proto');
    });
  });
});
