// RFC 9113 section 6.8: how the server says goodbye, seen from a raw socket that does not help it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ACK,
  callFrames,
  DATA,
  type Frame,
  frame,
  GOAWAY,
  PING,
  RawClient,
  RST_STREAM,
} from '../testing/raw-client.ts';
import { ECHO, TestServer, WAIT } from '../testing/test-server.ts';

const REFUSED_STREAM = 7;
const GRACE_MS = 60_000;

function lastStream({ payload }: Frame): number {
  return payload.readUInt32BE(0);
}

async function startDrain(client: RawClient, server: TestServer): Promise<{ closed: Promise<void>; ping: Frame }> {
  const closed = server.transport.close(GRACE_MS);
  const goaway = await client.next((f) => f.type === GOAWAY);
  assert.equal(lastStream(goaway), 0x7fff_ffff);
  assert.equal(goaway.payload.readUInt32BE(4), 0);
  return { closed, ping: await client.next((f) => f.type === PING && f.flags === 0) };
}

describe('a drain', () => {
  it('closes an idle connection', async () => {
    const server = await TestServer.start();
    using client = await RawClient.open(server.port);
    client.send(callFrames(1, ECHO));
    await client.next((f) => f.type === DATA);
    const { closed, ping } = await startDrain(client, server);
    client.send(frame(PING, ACK, 0, ping.payload));
    assert.equal(lastStream(await client.next((f) => f.type === GOAWAY)), 1);
    await Promise.all([client.closed, closed]);
  });

  it('serves what was on its way before the client knew, refuses the rest, and closes after the last answer', async () => {
    const server = await TestServer.start();
    using client = await RawClient.open(server.port);
    client.send(callFrames(1, WAIT, 'first'));
    await server.until(() => server.waiting.length === 1);
    const { closed, ping } = await startDrain(client, server);
    client.send(callFrames(3, WAIT, 'crossed'), frame(PING, ACK, 0, ping.payload));
    assert.equal(lastStream(await client.next((f) => f.type === GOAWAY)), 3);
    client.send(callFrames(5, ECHO, 'too late'));
    const reset = await client.next((f) => f.type === RST_STREAM);
    assert.deepEqual([reset.stream, reset.payload.readUInt32BE(0)], [5, REFUSED_STREAM]);
    server.release();
    const bodies = [await client.next((f) => f.type === DATA), await client.next((f) => f.type === DATA)];
    assert.deepEqual(
      bodies.map(({ payload }) => payload.subarray(5).toString()),
      ['first', 'crossed'],
    );
    await Promise.all([client.closed, closed]);
  });

  it('does not wait for ever for the answer to its ping', async () => {
    const server = await TestServer.start();
    using client = await RawClient.open(server.port);
    const { closed } = await startDrain(client, server);
    await Promise.all([client.closed, closed]);
  });
});
