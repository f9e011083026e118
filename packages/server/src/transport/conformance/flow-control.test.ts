// RFC 9113 section 5.2 and 6.9: the server never sends more than it may, and goes on as soon as it may.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  callFrames,
  DATA,
  END_HEADERS,
  END_STREAM,
  type Frame,
  frame,
  HEADERS,
  headerBlock,
  message,
  RawClient,
  RST_STREAM,
  requestFields,
  SETTINGS,
  setting,
  uint32,
  WINDOW_UPDATE,
} from '../testing/raw-client.ts';
import { BYTES, ECHO, ECHO_STREAM, ENDLESS_STREAM, TestServer, WAIT } from '../testing/test-server.ts';

const CONNECTION_WINDOW = 65_535;
/** What the server grants each stream. */
const STREAM_WINDOW = 1_048_576;

function dataBytes(frames: readonly Frame[], stream?: number): number {
  const data = frames.filter((f) => f.type === DATA && (stream === undefined || f.stream === stream));
  return data.reduce((sum, { payload }) => sum + payload.length, 0);
}

function endOf(stream: number): (frame: Frame) => boolean {
  return (f) => f.type === HEADERS && f.stream === stream && (f.flags & END_STREAM) !== 0;
}

/** Waits for so many bytes of data, and for what may follow them. A ping may overtake replies that wait for the socket. */
async function received(client: RawClient, bytes: number): Promise<void> {
  await client.next(() => dataBytes(client.frames) >= bytes);
  await client.sync();
  assert.equal(dataBytes(client.frames), bytes);
}

describe('flow control', () => {
  let server: TestServer;
  before(async () => void (server = await TestServer.start()));
  after(() => server[Symbol.asyncDispose]());

  it('of the connection holds for large replies', async () => {
    using client = await RawClient.open(server.port, setting(4, 1_000_000));
    client.send(callFrames(1, BYTES, '50000'), callFrames(3, BYTES, '50000'));
    await received(client, CONNECTION_WINDOW);
    client.send(frame(WINDOW_UPDATE, 0, 0, uint32(10)));
    await received(client, CONNECTION_WINDOW + 10);
    client.send(frame(WINDOW_UPDATE, 0, 0, uint32(100_000)));
    await client.next((f) => endOf(1)(f) || endOf(3)(f));
    await client.sync();
    assert.equal(dataBytes(client.frames), 100_010);
  });

  it('of the connection holds for many small replies', async () => {
    using client = await RawClient.open(server.port);
    for (let i = 0; i < 100; i++) client.send(callFrames(2 * i + 1, BYTES, '1000'));
    await received(client, CONNECTION_WINDOW);
    client.send(frame(WINDOW_UPDATE, 0, 0, uint32(100_000)));
    await client.next(endOf(199));
    assert.equal(dataBytes(client.frames), 100 * 1005);
  });

  it('of a stream holds for a reply, small or large, and stops no other stream', async () => {
    using client = await RawClient.open(server.port, setting(4, 50));
    client.send(callFrames(1, BYTES, '100'), callFrames(3, BYTES, '20000'), callFrames(5, BYTES, '45'));
    await client.next(endOf(5));
    await client.sync();
    assert.deepEqual(
      [1, 3, 5].map((id) => dataBytes(client.frames, id)),
      [50, 50, 50],
    );
    client.send(frame(WINDOW_UPDATE, 0, 3, uint32(20_000)), frame(WINDOW_UPDATE, 0, 1, uint32(55)));
    await client.next(endOf(3));
    await client.sync();
    assert.deepEqual(
      [1, 3].map((id) => dataBytes(client.frames, id)),
      [105, 20_005],
    );
  });

  it('of a stream holds for a stream of small messages', async () => {
    using client = await RawClient.open(server.port, setting(4, 5000));
    client.send(frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(ENDLESS_STREAM))));
    await client.next((f) => f.type === DATA);
    await received(client, 5000);
  });

  it('allows a window to become negative', async () => {
    using client = await RawClient.open(server.port, setting(4, 100));
    client.send(callFrames(1, BYTES, '295'));
    await client.sync();
    client.send(frame(SETTINGS, 0, 0, setting(4, 30)), frame(WINDOW_UPDATE, 0, 1, uint32(70)));
    await client.sync();
    assert.equal(dataBytes(client.frames), 100);
    client.send(frame(WINDOW_UPDATE, 0, 1, uint32(1)));
    await client.sync();
    assert.equal(dataBytes(client.frames), 101);
    client.send(frame(SETTINGS, 0, 0, setting(4, 1000)));
    await client.next(endOf(1));
    assert.equal(dataBytes(client.frames), 300);
  });

  it('gives every waiting stream its turn', async () => {
    using client = await RawClient.open(server.port, setting(4, 1_000_000));
    for (const id of [1, 3, 5]) client.send(callFrames(id, BYTES, '200000'));
    client.send(frame(WINDOW_UPDATE, 0, 0, uint32(16_384 * 20)));
    await received(client, CONNECTION_WINDOW + 16_384 * 20);
    const shares = [1, 3, 5].map((id) => dataBytes(client.frames, id));
    // The first had the connection's first 64 kB to itself.
    assert.ok(Math.min(...shares) > 75_000, shares.join());
  });

  it('a reset while a reply waits drops the reply and calls nobody', async () => {
    using client = await RawClient.open(server.port, setting(4, 2));
    client.send(callFrames(1, WAIT, 'a long reply'));
    await server.until(() => server.waiting.length === 1);
    server.release();
    await client.next((f) => f.type === DATA);
    client.send(frame(RST_STREAM, 0, 1, uint32(8)), frame(WINDOW_UPDATE, 0, 1, uint32(100)), callFrames(3, ECHO));
    await client.next((f) => f.type === DATA && f.stream === 3);
    assert.equal(dataBytes(client.frames, 1), 2);
    assert.deepEqual(server.cancelled, [ENDLESS_STREAM]);
  });

  it('stops a client whose stream is not read, and lets it go on when it is', async () => {
    using client = await RawClient.open(server.port);
    client.send(frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(ECHO_STREAM))));
    const granted = (): number => {
      const updates = client.frames.filter((f) => f.type === WINDOW_UPDATE && f.stream === 1);
      return updates.reduce((sum, { payload }) => sum + payload.readUInt32BE(0), STREAM_WINDOW);
    };
    const part = frame(DATA, 0, 1, message(Buffer.alloc(16_379)));
    // The handler waits for us to read its echo; nothing is read, so in the end nothing more may be sent.
    let sent = 0;
    while (sent + 16_384 <= granted()) {
      client.send(part);
      sent += 16_384;
      if (sent + 16_384 > granted()) await client.sync();
    }
    assert.ok(sent >= STREAM_WINDOW && sent <= 2 * STREAM_WINDOW, `${sent} bytes sent`);
    client.send(frame(WINDOW_UPDATE, 0, 0, uint32(5_000_000)), frame(WINDOW_UPDATE, 0, 1, uint32(5_000_000)));
    await client.next((f) => f.type === WINDOW_UPDATE && f.stream === 1 && granted() > sent + 16_384);
  });
});
