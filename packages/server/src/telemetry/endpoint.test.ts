import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createLogger, silentLogger } from '../logging/logger.ts';
import { startMetricsEndpoint } from './endpoint.ts';
import { Registry } from './registry.ts';

async function serve(t: TestContext, registry = new Registry(), log = silentLogger) {
  const endpoint = await startMetricsEndpoint({ host: '127.0.0.1', port: 0, registry, log });
  t.after(() => endpoint.close());
  const { port } = endpoint.address;
  const ask = async (path: string, options: { method?: string; headers?: Record<string, string> } = {}) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false, ...options }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return response;
  };
  return { endpoint, port, ask };
}

function counting(): Registry {
  const registry = new Registry();
  registry.counter({ name: 'calls', help: 'How often.', labels: [] }).of().add(7);
  return registry;
}

const PAGE = '# HELP calls How often.\n# TYPE calls counter\ncalls 7\n';

test('GET /metrics is the page, with or without a query, and HEAD is its head', async (t) => {
  const { ask } = await serve(t, counting());
  for (const path of ['/metrics', '/metrics?name=calls']) {
    const response = await ask(path);
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(await text(response), PAGE);
  }
  const head = await ask('/metrics', { method: 'HEAD' });
  assert.equal(head.statusCode, 200);
  assert.equal(head.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(await text(head), '');
});

test('everything else is refused', async (t) => {
  const { ask } = await serve(t);
  for (const path of ['/', '/metrics/', '/metricsx', '/x?/metrics']) {
    const response = await ask(path);
    assert.equal(response.statusCode, 404, path);
    assert.match(await text(response), /The metrics are at \/metrics/);
  }
  const post = await ask('/metrics', { method: 'POST' });
  assert.equal(post.statusCode, 405);
  assert.equal(post.headers['allow'], 'GET, HEAD');
  post.resume();
});

test('a name that a web page can have is refused on a loopback address', async (t) => {
  const { ask } = await serve(t, counting());
  const refused = await ask('/metrics', { headers: { host: 'evil.example.com' } });
  assert.equal(refused.statusCode, 403);
  refused.resume();
  const served = await ask('/metrics', { headers: { host: 'localhost:9090' } });
  assert.equal(await text(served), PAGE);
});

test('a scraper that does not read is not waited for', async (t) => {
  const registry = new Registry();
  registry.counter({ name: 'calls', help: 'x'.repeat(20_000_000), labels: [] });
  // Longer than a busy machine needs to make the page, for a connection is idle meanwhile as well.
  const options = { host: '127.0.0.1', port: 0, registry, log: silentLogger, sendTimeoutMs: 500 };
  const endpoint = await startMetricsEndpoint(options);
  t.after(() => endpoint.close());
  const deaf = connect(endpoint.address.port, '127.0.0.1');
  // It may be reset while it reads nothing yet.
  deaf.on('error', () => deaf.destroy());
  const closed = new Promise((resolve) => deaf.once('close', resolve));
  deaf.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(deaf, 'readable');
  // Of a connection with something to send, Node looks twice whether it moves; an idle one is closed at the first look. So
  // after three of those, one after the other, the deaf one is closed.
  for (let i = 0; i < 3; i++) {
    const idle = connect(endpoint.address.port, '127.0.0.1');
    idle.resume();
    await once(idle, 'close');
  }
  let received = 0;
  deaf.on('data', (chunk: Buffer) => (received += chunk.length));
  await closed;
  assert.ok(received > 0 && received < 20_000_000, `${received} bytes`);
});

test('the page is compressed if the scraper asks for it', async (t) => {
  const { ask } = await serve(t, counting());
  const encodings: [string, boolean][] = [
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['x-gzip', true],
    ['identity', false],
    ['gzip;q=0', false],
    ['gzip;q=0.000', false],
    ['notgzip', false],
    ['', false],
  ];
  for (const [accepted, compressed] of encodings) {
    const response = await ask('/metrics', { headers: { 'Accept-Encoding': accepted } });
    const body = Buffer.concat(await response.toArray());
    assert.equal(response.headers['content-encoding'], compressed ? 'gzip' : undefined, accepted);
    assert.equal((compressed ? gunzipSync(body) : body).toString(), PAGE);
  }
});

test('scrapers that come together are given the same page, the next one a new page', async (t) => {
  const registry = new Registry();
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let pages = 0;
  registry.beforeScrape(async () => {
    pages++;
    asked.resolve();
    await gate.promise;
  });
  registry.collected('gauge', { name: 'page', help: '', labels: [] }, (report) => report(pages));
  const { port, ask } = await serve(t, registry);
  const socket = connect(port, '127.0.0.1');
  // In one packet, so that the server has both before it goes on with the first.
  const scrape = (connection: string) => `GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\n\r\n`;
  socket.write(scrape('keep-alive') + scrape('close'));
  await asked.promise;
  gate.resolve();
  assert.deepEqual((await text(socket)).match(/^page \d+$/gm), ['page 1', 'page 1']);
  assert.match(await text(await ask('/metrics')), /^page 2$/m);
});

test('a page that cannot be made is logged, and the next one is tried anew', async (t) => {
  const lines: string[] = [];
  const registry = new Registry();
  let broken = true;
  registry.collected('gauge', { name: 'fine', help: '', labels: [] }, (report) => {
    if (broken) throw new Error('the gauge is broken');
    report(1);
  });
  const log = createLogger({ level: 'error', format: 'text', write: (line) => lines.push(line) });
  const { ask } = await serve(t, registry, log);
  await assert.rejects(ask('/metrics'));
  assert.match(lines.join(''), /the metrics cannot be shown.*the gauge is broken/s);
  broken = false;
  assert.match(await text(await ask('/metrics')), /^fine 1$/m);
});

test('a port that is taken is an error that names it', async (t) => {
  const { port } = await serve(t);
  const second = startMetricsEndpoint({ host: '127.0.0.1', port, registry: new Registry(), log: silentLogger });
  await assert.rejects(second, { code: 'EADDRINUSE', port });
});

test('neither a scraper that stays connected nor a scrape under way holds up the end', async () => {
  const registry = new Registry();
  const asked = Promise.withResolvers<void>();
  registry.beforeScrape(() => {
    asked.resolve();
    return new Promise(() => undefined);
  });
  const endpoint = await startMetricsEndpoint({ host: '127.0.0.1', port: 0, registry, log: silentLogger });
  const sockets = await Promise.all(['/', '/metrics'].map((path) => connectAndAsk(endpoint.address.port, path)));
  await asked.promise;
  const ended = sockets.map((socket) => once(socket, 'close'));
  await endpoint.close();
  await Promise.all(ended);
});

async function connectAndAsk(port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.resume().write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return socket;
}
