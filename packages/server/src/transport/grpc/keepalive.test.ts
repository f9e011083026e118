import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, it } from 'node:test';
import { ACK, frame, PING, RawClient } from '../testing/raw-client.ts';
import { TestServer } from '../testing/test-server.ts';
import { DeadlineWheel } from './deadline-wheel.ts';
import { ServerConnection } from './server-connection.ts';
import { LIMITS_DEFAULT } from './service.ts';

const NO_TIME_MS = -1;
const LONG_MS = 60_000;

async function connect(): Promise<{ connection: ServerConnection; client: RawClient; listener: net.Server }> {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const accepted = once(listener, 'connection') as Promise<[net.Socket]>;
  const opening = RawClient.open((listener.address() as net.AddressInfo).port);
  const [socket] = await accepted;
  const handler = new TestServer();
  const service = {
    handler,
    limits: LIMITS_DEFAULT,
    deadlines: new DeadlineWheel(),
    onError: assert.fail,
    openCalls: 0,
  };
  const connection = new ServerConnection(socket, service, () => {});
  return { connection, client: await opening, listener };
}

function isPing(f: { type: number; flags: number }): boolean {
  return f.type === PING && f.flags === 0;
}

describe('keepalive', () => {
  it('leaves a peer alone that has just been heard', async () => {
    const { connection, client, listener } = await connect();
    connection.checkAlive(LONG_MS, LONG_MS);
    await client.sync();
    assert.ok(!client.frames.some(isPing));
    client[Symbol.dispose]();
    listener.close();
  });

  it('asks a silent peer, and again after it has answered', async () => {
    const { connection, client, listener } = await connect();
    for (let round = 0; round < 3; round++) {
      connection.checkAlive(NO_TIME_MS, LONG_MS);
      const ping = await client.next(isPing);
      client.send(frame(PING, ACK, 0, ping.payload));
      await client.sync();
    }
    client[Symbol.dispose]();
    listener.close();
  });

  it('gives up on a peer that does not answer', async () => {
    const { connection, client, listener } = await connect();
    connection.checkAlive(NO_TIME_MS, LONG_MS);
    await client.next(isPing);
    connection.checkAlive(NO_TIME_MS, LONG_MS);
    await client.sync();
    connection.checkAlive(NO_TIME_MS, NO_TIME_MS);
    await client.closed;
    listener.close();
  });
});
