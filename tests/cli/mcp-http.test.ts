// `perdure mcp --http`: who may use it, and what it answers to what is no request.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { atEnd, eventually, sharedServer } from '../e2e/harness.ts';
import { callOf } from './agent.ts';
import { MAIN, perdure } from './command.ts';
import { silentServer } from './stub.ts';

interface Served {
  readonly child: ChildProcess;
  readonly url: URL;
}

async function serve(address: string, ...args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [MAIN, 'mcp', '--http', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', PERDURE_ADDRESS: address },
  });
  atEnd(async () => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { child, url: new URL(/http:\S+/.exec(line)?.[0] ?? '') };
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const CALL_ID = 1;
const BODY_BYTES_MAX = 4 * 1024 * 1024;

function toolCall(name: string, input: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', id: CALL_ID, method: 'tools/call', params: { name, arguments: input } });
}

/** With headers that `fetch` would not let one set. */
async function ask({ url }: Served, { method = 'POST', path = '/mcp', headers = {}, body = '' }: Asked) {
  const { hostname, port } = url;
  const sent = request({ hostname, port, method, path, headers: { ...JSON_HEADERS, ...headers } });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

test('tools over HTTP, for those who have the token', async () => {
  const server = await sharedServer();
  const served = await serve(server.address, '--token', 's3cret');
  const authorization = 'Bearer s3cret';
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(served.url, { requestInit: { headers: { authorization } } }));
  assert.match(await callOf(client, 'workflow_count', {}), /^Total: \d+/);
  await client.close();
  for (const wrong of [{}, { authorization: 'Bearer s3cre' }, { authorization: 's3cret' }]) {
    const { status, headers } = await ask(served, { headers: wrong, body: toolCall('workflow_count') });
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer']);
  }
  served.child.kill('SIGINT');
  const [exitCode] = (await once(served.child, 'exit')) as [number];
  assert.equal(exitCode, 0);
});

test('only names and pages of this machine are let in', async () => {
  const { address } = await sharedServer();
  const served = await serve(address);
  const statusOf = async (headers: Readonly<Record<string, string>>) =>
    (await ask(served, { headers, body: toolCall('workflow_count') })).status;
  for (const host of ['localhost', 'localhost:80', '127.0.0.1:7333', '[::1]:7333', 'app.localhost', 'LOCALHOST']) {
    assert.equal(await statusOf({ host }), 200, host);
  }
  for (const host of ['example.com', 'localhost.example.com', '127.0.0.1.example.com', '192.168.1.2', 'host']) {
    assert.equal(await statusOf({ host }), 403, host);
  }
  for (const origin of ['http://localhost:6274', 'https://127.0.0.1', 'http://[::1]:80']) {
    assert.equal(await statusOf({ origin }), 200, origin);
  }
  for (const origin of [
    'https://example.com',
    'http://localhost.example.com',
    'null',
    'http://localhost@example.com',
  ]) {
    assert.equal(await statusOf({ origin }), 403, origin);
  }
});

test('garbage is answered, and the next request as well', async () => {
  const { address } = await sharedServer();
  const served = await serve(address);
  for (const [asked, status] of [
    [{ body: 'garbage' }, 400],
    [{ body: '' }, 400],
    [{ body: '[]' }, 400],
    [{ body: '{"jsonrpc":"2.0"}' }, 400],
    [{ body: toolCall('workflow_count'), headers: { 'content-type': 'text/plain' } }, 415],
    [{ body: toolCall('workflow_count'), headers: { accept: 'text/html' } }, 406],
    [{ method: 'GET' }, 405],
    [{ method: 'DELETE' }, 405],
    [{ path: '/', body: toolCall('workflow_count') }, 404],
    [{ body: `"${'x'.repeat(BODY_BYTES_MAX - 2)}"` }, 400],
    [{ headers: { 'content-length': String(BODY_BYTES_MAX + 1) } }, 413],
  ] as const satisfies readonly (readonly [Asked, number])[]) {
    const answer = await ask(served, asked);
    assert.equal(answer.status, status, JSON.stringify(asked).slice(0, 200));
    assert.equal(typeof (JSON.parse(answer.body) as { error: { message: string } }).error.message, 'string');
  }
  const unknown = await ask(served, { body: toolCall('nothing') });
  assert.match(unknown.body, /nothing not found/);
  const socket = connect(Number(served.url.port), served.url.hostname);
  socket.end('garbage\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 400 /);
  const { status } = await ask(served, { body: toolCall('workflow_count') });
  assert.equal(status, 200);
});

test('as many requests as it takes are answered at once, and no more; who leaves makes room, and ends his call', async () => {
  const requestsMax = 32;
  const silent = await silentServer('CountWorkflowExecutions', requestsMax);
  const served = await serve(silent.address);
  const leaving = new AbortController();
  const body = toolCall('workflow_count');
  const waiting = Array.from({ length: requestsMax }, () =>
    fetch(served.url, { method: 'POST', headers: JSON_HEADERS, body, signal: leaving.signal }).then((response) =>
      response.text(),
    ),
  );
  const ended = Promise.allSettled(waiting);
  await silent.called;
  const status = async () => (await ask(served, { body: toolCall('nothing') })).status;
  assert.equal(await status(), 503);
  leaving.abort();
  await silent.givenUp;
  assert.ok((await ended).every((one) => one.status === 'rejected'));
  await eventually('room for one more', async () => ((await status()) === 200 ? true : undefined));
});

test('over HTTP for everyone it wants a token', async () => {
  const { exitCode, stderr } = await perdure(['mcp', '--http', '--ip', '0.0.0.0']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /--token must be given/);
});
