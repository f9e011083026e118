// Garbage and damaged frames: whatever comes in, the server neither crashes nor hangs nor forgets to clean up.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { StatusError } from '@perdure/api';
import fc from 'fast-check';
import { connectRpc } from '../index.ts';
import {
  ACK,
  CONTINUATION,
  callFrames,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  GOAWAY,
  HEADERS,
  headerBlock,
  message,
  PADDED,
  PING,
  PREFACE,
  PRIORITY,
  RawClient,
  RST_STREAM,
  requestFields,
  SETTINGS,
  setting,
  uint32,
  WINDOW_UPDATE,
  WITH_PRIORITY,
} from '../testing/raw-client.ts';
import {
  BYTES,
  ECHO,
  ECHO_LATER,
  ECHO_STREAM,
  ENDLESS_STREAM,
  METADATA,
  TestServer,
  WAIT,
} from '../testing/test-server.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);

const streamId = fc.constantFrom(0, 1, 1, 1, 3, 3, 5, 7, 2, 0x7fff_ffff);
const path = fc.constantFrom(ECHO, ECHO_LATER, ECHO_STREAM, ENDLESS_STREAM, METADATA, WAIT, BYTES, '/a.B/C', '*');
const timeout = fc.constantFrom({}, { 'grpc-timeout': '5m' }, { 'grpc-timeout': '1S' }, { 'grpc-encoding': 'gzip' });
const block = fc.tuple(path, timeout).map(([to, more]) => headerBlock(requestFields(to, more)));
const anyBytes = fc.uint8Array({ maxLength: 60 });
const messages = fc
  .array(
    fc.oneof(
      anyBytes.map((body) => message(body)),
      anyBytes,
    ),
    { maxLength: 3 },
  )
  .map((parts) => Buffer.concat(parts));

/** Frames that a client could send, more or less in order, some with a wrong length or on a wrong stream. */
const plausible: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(streamId, path, anyBytes).map(([id, to, body]) => callFrames(id, to, body)) },
  { weight: 3, arbitrary: fc.tuple(streamId, block).map(([id, fields]) => frame(HEADERS, END_HEADERS, id, fields)) },
  { weight: 3, arbitrary: fc.tuple(streamId, messages).map(([id, bytes]) => frame(DATA, 0, id, bytes)) },
  { weight: 2, arbitrary: fc.tuple(streamId, messages).map(([id, bytes]) => frame(DATA, END_STREAM, id, bytes)) },
  fc.tuple(streamId, anyBytes).map(([id, bytes]) => frame(DATA, PADDED, id, bytes)),
  fc.tuple(streamId, anyBytes).map(([id, bytes]) => frame(HEADERS, END_HEADERS | PADDED | WITH_PRIORITY, id, bytes)),
  fc
    .tuple(streamId, block, fc.nat(40))
    .map(([id, fields, cut]) =>
      Buffer.concat([
        frame(HEADERS, 0, id, fields.subarray(0, cut)),
        frame(CONTINUATION, END_HEADERS, id, fields.subarray(cut)),
      ]),
    ),
  fc.tuple(streamId, fc.nat(14)).map(([id, code]) => frame(RST_STREAM, 0, id, uint32(code))),
  fc.tuple(streamId, fc.nat(0x7fff_ffff)).map(([id, bytes]) => frame(WINDOW_UPDATE, 0, id, uint32(bytes))),
  fc.tuple(fc.nat(8), fc.nat(100_000)).map(([id, value]) => frame(SETTINGS, 0, 0, setting(id, value))),
  fc.constantFrom(
    frame(SETTINGS, ACK, 0),
    frame(PING, 0, 0, Buffer.alloc(8)),
    frame(PING, ACK, 0, Buffer.alloc(8)),
    frame(GOAWAY, 0, 0, Buffer.alloc(8)),
  ),
  streamId.map((id) => frame(PRIORITY, 0, id, Buffer.alloc(5))),
  fc
    .tuple(fc.nat(255), fc.nat(255), streamId, anyBytes)
    .map(([type, flags, id, bytes]) => frame(type, flags, id, bytes)),
);

const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
const cuts = fc.array(fc.nat(), { maxLength: 6 });

describe('fuzzing', () => {
  let server: TestServer;
  before(
    async () =>
      void (server = await TestServer.start({
        limits: { messageBytesMax: 100_000, connectionSendBufferBytesMax: 1_000_000 },
      })),
  );
  after(() => server[Symbol.asyncDispose]());

  /** Sends it, ends the connection, and checks that the server does the same and has nothing left of it. */
  async function survives(bytes: Buffer, cutsAt: readonly number[]): Promise<void> {
    using client = new RawClient(server.port);
    const edges = [0, ...cutsAt.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
    for (let i = 1; i < edges.length; i++) client.socket.write(bytes.subarray(edges[i - 1], edges[i]));
    client.socket.end();
    await client.closed;
    using other = await RawClient.open(server.port);
    await other.sync();
    assert.deepEqual(server.errors, []);
    const { connections, calls } = server.transport.stats;
    assert.ok(connections <= 2 && calls === 0, `${connections} connections, ${calls} calls`);
  }

  it('survives random bytes after the preface', async () => {
    const start = Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)]);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, at) =>
        survives(Buffer.concat([start, bytes]), at),
      ),
      { numRuns: RUNS },
    );
  });

  it('survives frames that make no sense together, damaged and cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(plausible, { maxLength: 30 }), damage, cuts, (frames, hits, at) => {
        const bytes = Buffer.concat([PREFACE, frame(SETTINGS, 0, 0), ...frames]);
        for (const [where, value] of hits) bytes[33 + (where % (bytes.length - 32))] = value;
        return survives(bytes, at);
      }),
      { numRuns: 3 * RUNS },
    );
  });

  it('does not grow with what it has survived', async () => {
    const beforeBytes = process.memoryUsage().heapUsed;
    const start = Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)]);
    // Each announces a message of almost the limit and sends little of it.
    const unfinished = Buffer.concat(
      Array.from({ length: 50 }, (_, i) =>
        Buffer.concat([
          frame(HEADERS, END_HEADERS, 2 * i + 1, headerBlock(requestFields(ECHO))),
          frame(DATA, 0, 2 * i + 1, Buffer.concat([Buffer.from([0]), uint32(99_999), Buffer.alloc(100)])),
        ]),
      ),
    );
    for (let i = 0; i < 100; i++) await survives(Buffer.concat([start, unfinished]), []);
    const grownBytes = process.memoryUsage().heapUsed - beforeBytes;
    assert.ok(grownBytes < 50_000_000, `grown by ${grownBytes} bytes`);
  });
});

describe('fuzzing the client', () => {
  it('settles every call, whatever the server says', async () => {
    let answer: Buffer = Buffer.alloc(0);
    const garbler = net.createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.write(frame(SETTINGS, 0, 0));
      socket.once('data', () => socket.end(answer));
    });
    garbler.listen(0, '127.0.0.1');
    await once(garbler, 'listening');
    const { port } = garbler.address() as net.AddressInfo;
    const response = headerBlock([
      [':status', '200'],
      ['content-type', 'application/grpc'],
    ]);
    const trailers = headerBlock([['grpc-status', '0']]);
    const answers = fc.oneof(
      plausible,
      fc.constantFrom(
        frame(HEADERS, END_HEADERS, 1, response),
        frame(DATA, 0, 1, message('x')),
        frame(HEADERS, END_HEADERS | END_STREAM, 1, trailers),
      ),
    );
    const run = async (frames: readonly Uint8Array[], hits: readonly (readonly [number, number])[]): Promise<void> => {
      answer = Buffer.concat([...frames, Buffer.alloc(1)]);
      for (const [where, value] of hits) answer[where % answer.length] = value;
      const client = await connectRpc({ host: '127.0.0.1', port });
      const [outcome] = await Promise.allSettled([client.unary(ECHO, Buffer.from('x'))]);
      if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof StatusError, String(outcome.reason));
      client.close();
    };
    await fc.assert(fc.asyncProperty(fc.array(answers, { maxLength: 20 }), damage, run), { numRuns: RUNS });
    garbler.close();
  });
});
