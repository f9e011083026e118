// What hostile or broken peers may cost: floods, rapid resets, and readers that do not read.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
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
  PING,
  PRIORITY,
  RawClient,
  RST_STREAM,
  requestFields,
  SETTINGS,
  setting,
  uint32,
  WINDOW_UPDATE,
} from '../testing/raw-client.ts';
import { BYTES, ECHO, ENDLESS_STREAM, TestServer, WAIT } from '../testing/test-server.ts';

const FLOW_CONTROL_ERROR = 3;
const REFUSED_STREAM = 7;
const ENHANCE_YOUR_CALM = 11;

function repeat(count: number, make: (i: number) => Uint8Array): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, i) => make(i)));
}

describe('limits', () => {
  let server: TestServer;
  let client: RawClient;
  beforeEach(async () => {
    server = await TestServer.start({ limits: { concurrentStreamsMax: 100, connectionSendBufferBytesMax: 2_000_000 } });
    client = await RawClient.open(server.port);
  });
  afterEach(async () => {
    client[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
    assert.deepEqual(server.errors, []);
    assert.deepEqual(server.transport.stats, { connections: 0, calls: 0 });
  });

  it('announces its limits in SETTINGS', () => {
    const [settings] = client.frames;
    assert.ok(settings!.payload.includes(setting(3, 100)));
    assert.ok(settings!.payload.includes(setting(6, 65_536)));
  });

  it('refuses streams above the limit, and serves again when some have ended', async () => {
    for (let i = 0; i < 101; i++) client.send(callFrames(2 * i + 1, WAIT));
    assert.equal(await client.streamError(201), REFUSED_STREAM);
    assert.equal(server.waiting.length, 100);
    server.release();
    await client.next((f) => f.type === HEADERS && f.stream === 199 && (f.flags & END_STREAM) !== 0);
    client.send(callFrames(203, ECHO));
    await client.next((f) => f.type === DATA && f.stream === 203);
  });

  it('ends a connection that resets its calls again and again', async () => {
    client.send(
      repeat(5000, (i) => Buffer.concat([callFrames(2 * i + 1, WAIT), frame(RST_STREAM, 0, 2 * i + 1, uint32(8))])),
    );
    assert.equal(await client.connectionError(), ENHANCE_YOUR_CALM);
    assert.ok(server.calls <= 1100, `${server.calls} handlers ran`);
    assert.equal(server.cancelled.length, server.calls);
  });

  it('ends a connection that makes the server reset its calls again and again', async () => {
    client.send(
      repeat(5000, (i) => Buffer.concat([callFrames(2 * i + 1, WAIT), frame(WINDOW_UPDATE, 0, 2 * i + 1, uint32(0))])),
    );
    assert.equal(await client.connectionError(), ENHANCE_YOUR_CALM);
  });

  it('allows a client to cancel all its calls now and then', async () => {
    for (let round = 0; round < 5; round++) {
      const ids = Array.from({ length: 100 }, (_, i) => 2 * (100 * round + i) + 1);
      client.send(...ids.map((id) => callFrames(id, WAIT)), ...ids.map((id) => frame(RST_STREAM, 0, id, uint32(8))));
    }
    await client.sync();
  });

  const FLOODS: readonly [what: string, flood: () => Uint8Array][] = [
    ['PING', () => repeat(1000, () => frame(PING, 0, 0, Buffer.alloc(8)))],
    ['PING acknowledgements', () => repeat(20_000, () => frame(PING, ACK, 0, Buffer.alloc(8)))],
    ['SETTINGS', () => repeat(1000, () => frame(SETTINGS, 0, 0, setting(4, 1)))],
    ['PRIORITY', () => repeat(20_000, () => frame(PRIORITY, 0, 9, Buffer.alloc(5)))],
    ['unknown frames', () => repeat(20_000, () => frame(0x77, 0, 0))],
    ['WINDOW_UPDATE', () => repeat(20_000, () => frame(WINDOW_UPDATE, 0, 0, uint32(1)))],
    [
      'empty DATA',
      () =>
        Buffer.concat([
          frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(ECHO))),
          repeat(20_000, () => frame(DATA, 0, 1)),
        ]),
    ],
    [
      'empty CONTINUATION',
      () => Buffer.concat([frame(HEADERS, 0, 1), repeat(20_000, () => frame(CONTINUATION, 0, 1))]),
    ],
    [
      'RST_STREAM for closed streams',
      () => Buffer.concat([callFrames(1, ECHO), repeat(20_000, () => frame(RST_STREAM, 0, 1, uint32(8)))]),
    ],
    ['malformed requests', () => repeat(5000, (i) => frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1))],
  ];
  for (const [what, flood] of FLOODS) {
    it(`ends a flood of ${what}`, async () => {
      client.send(flood());
      assert.equal(await client.connectionError(), ENHANCE_YOUR_CALM);
    });
  }

  it('tells a client that pings too much in the words that gRPC clients know', async () => {
    client.send(repeat(1000, () => frame(PING, 0, 0, Buffer.alloc(8))));
    const goaway = await client.next((f) => f.type === GOAWAY);
    assert.equal(goaway.payload.subarray(8).toString(), 'too_many_pings');
  });

  it('does not mind pings and window updates that go with calls', async () => {
    for (let i = 0; i < 3000; i++) {
      client.send(
        callFrames(2 * i + 1, ECHO),
        frame(PING, 0, 0, Buffer.alloc(8)),
        frame(WINDOW_UPDATE, 0, 0, uint32(100)),
      );
      await client.next((f) => f.type === DATA && f.stream === 2 * i + 1);
    }
    await client.sync();
  });

  it('resets a stream that is sent more than its handler reads', async () => {
    client.send(frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(ENDLESS_STREAM))));
    client.send(repeat(100, () => frame(DATA, 0, 1, message(Buffer.alloc(16_379)))));
    assert.equal(await client.streamError(1), FLOW_CONTROL_ERROR);
    await client.sync();
  });

  it('closes a connection that asks for much and reads nothing', async () => {
    client.socket.pause();
    for (let i = 0; i < 50; i++) client.send(callFrames(2 * i + 1, BYTES, '100000'));
    await server.until(() => server.calls >= 20);
    client.socket.resume();
    assert.equal(await client.connectionError(), ENHANCE_YOUR_CALM);
  });
});
