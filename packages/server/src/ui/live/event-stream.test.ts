// Streams over real sockets: what a client reads, and what happens to one that does not.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { EventStream, type EventStreamOptions } from './event-stream.ts';

const MEGABYTE = 'x'.repeat(1024 * 1024);

/** A client that has asked, and the stream that answers it. */
async function connect(options: EventStreamOptions) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const client = net.connect(address.port, '127.0.0.1');
  client.on('error', () => client.destroy());
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  after(() => {
    client.destroy();
    server.close();
  });
  return { client, response, stream: new EventStream(response, options) };
}

test('a stream is a series of events, and says that it lives', async () => {
  const { client, stream } = await connect({ heartbeatMs: 5, sendTimeoutMs: 1000 });
  stream.open();
  await stream.send('one', '{}', () => '7@r');
  await stream.send('two', '[1]');
  let read = '';
  for await (const chunk of client) {
    read += String(chunk);
    if (read.includes(': alive')) break;
  }
  assert.match(read, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(read, /cache-control: no-store/i);
  assert.ok(read.includes('retry: 2000\n\n'));
  assert.ok(
    read.replaceAll(/\r\n[\da-f]+\r\n/g, '').includes('id: 7@r\nevent: one\ndata: {}\n\nevent: two\ndata: [1]\n\n'),
  );
});

test('whoever sends waits for a client that does not read, which is dropped when it goes on', async () => {
  const { client, response, stream } = await connect({ heartbeatMs: 10, sendTimeoutMs: 300 });
  client.pause();
  stream.open();
  let sent = 0;
  for (; !stream.signal.aborted && sent < 1000; sent++) await stream.send('big', MEGABYTE);
  assert.ok(stream.signal.aborted);
  assert.ok(response.destroyed);
  // What the kernel takes on both sides, and one more.
  assert.ok(sent < 20, `${sent} MB were taken`);
});

test('a client that reads slowly gets everything', async () => {
  const { client, response, stream } = await connect({ heartbeatMs: 10_000, sendTimeoutMs: 10_000 });
  const reading = text(client);
  stream.open();
  for (let sent = 0; sent < 20; sent++) {
    await stream.send('big', MEGABYTE);
    assert.ok(response.writableLength < 3 * MEGABYTE.length, 'no more than what is being sent waits here');
  }
  stream.end();
  response.socket?.end();
  assert.equal((await reading).match(/event: big/g)?.length, 20);
});

test('a stream ends when the client leaves, and whoever waits goes on', async () => {
  const { client, stream } = await connect({ heartbeatMs: 10_000, sendTimeoutMs: 60_000 });
  client.pause();
  stream.open();
  const sending = (async () => {
    while (!stream.signal.aborted) await stream.send('big', MEGABYTE);
  })();
  client.destroy();
  await Promise.all([sending, stream.untilEnd()]);
});
