// The port of the HTTP API with a handler of its own: what a client on a socket sees, whatever it does.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { notFound, StatusError, workflowExecutionAlreadyStarted } from '@perdure/api';
import {
  DescribeNamespaceResponse,
  GetSystemInfoResponse,
  StartWorkflowExecutionRequest,
  StartWorkflowExecutionResponse,
} from '@perdure/api/workflowservice';
import { wildcards } from '../../config/wildcards.ts';
import type { RpcCall } from '../rpc.ts';
import { AUTHORITY_CERT, SERVER_CERT, SERVER_KEY } from '../testing/certificates.ts';
import { type HttpTransport, type HttpTransportOptions, startHttpTransport } from './http-transport.ts';

const BODY_BYTES_MAX = 4 * 1024 * 1024;
const INFO = GetSystemInfoResponse.encode({ serverVersion: '1.2.3' });
const open = new Set<HttpTransport>();
after(() => Promise.all([...open].map((port) => port.close(0))));

type Unary = (call: RpcCall) => Promise<Uint8Array> | Uint8Array;

async function listen(unary: Unary = () => INFO, options: Partial<HttpTransportOptions> = {}) {
  const errors: unknown[] = [];
  const port = await startHttpTransport({
    handler: { unary, isStream: () => false, stream: () => Promise.reject(new Error('no streams')) },
    host: '127.0.0.1',
    port: 0,
    origins: { allowedHosts: wildcards(['*']), allowedOrigins: wildcards(['https://ui.example.com']) },
    limits: { bodyBytesMax: BODY_BYTES_MAX },
    onError: (error) => errors.push(error),
    ...options,
  });
  open.add(port);
  const url = `http://127.0.0.1:${port.address.port}`;
  return { port, url, errors, get: (path: string, init?: RequestInit) => fetch(url + path, init) };
}

const server = await listen();
const INFO_JSON = '{"serverVersion":"1.2.3"}\n';

/** Sends the text, and returns all that comes back until the server closes the connection. */
async function raw(port: HttpTransport, request: string): Promise<string> {
  const socket = net.connect(port.address.port, '127.0.0.1');
  socket.write(request);
  return text(socket);
}

test('an RPC is answered as JSON, to GET and to HEAD, on one connection as often as asked', async () => {
  for (const path of ['/system-info', '/api/v1/system-info']) {
    const response = await server.get(path);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(await response.text(), INFO_JSON);
  }
  const head = await server.get('/system-info', { method: 'HEAD' });
  assert.deepEqual(
    [head.status, head.headers.get('content-length'), await head.text()],
    [200, `${INFO_JSON.length}`, ''],
  );
  const twice = await raw(
    server.port,
    'GET /system-info HTTP/1.1\r\nHost: x\r\n\r\nGET /system-info?pretty HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  );
  assert.equal(twice.match(/HTTP\/1\.1 200 OK/g)?.length, 2);
  assert.ok(twice.endsWith('{\n  "serverVersion": "1.2.3"\n}\n'), twice);
});

test('the handler sees the request, the client and the deadline', async () => {
  const calls: RpcCall[] = [];
  const { get } = await listen((call) => {
    calls.push(call);
    return StartWorkflowExecutionResponse.encode({ runId: 'r' });
  });
  const headers = {
    authorization: 'Bearer x',
    'grpc-timeout': '5S',
    'grpc-metadata-caller-type': 'operator',
    cookie: 'c',
  };
  const response = await get('/namespaces/n/workflows/w', { method: 'POST', body: '{"input":[1]}', headers });
  assert.deepEqual(await response.json(), { runId: 'r' });
  const [call] = calls;
  assert.ok(call);
  assert.equal(call.path, '/temporal.api.workflowservice.v1.WorkflowService/StartWorkflowExecution');
  const { namespace, workflowId } = StartWorkflowExecutionRequest.decode(call.body);
  assert.deepEqual([namespace, workflowId], ['n', 'w']);
  const metadata = ['client-name', 'client-version', 'authorization', 'caller-type', 'cookie'].map((name) =>
    call.metadata.get(name),
  );
  assert.deepEqual(metadata, ['temporal-server-http', '1.32.0', 'Bearer x', 'operator', undefined]);
  assert.ok(call.deadlineMs !== undefined && call.deadlineMs - Date.now() <= 5000);
  assert.match(call.peer, /^127\.0\.0\.1:\d+$/);
  const named = { 'client-name': 'temporal-ui', 'client-version': '2.1.0' };
  await get('/system-info', { headers: named });
  assert.deepEqual(
    ['client-name', 'client-version'].map((name) => calls[1]?.metadata.get(name)),
    ['temporal-ui', '2.1.0'],
  );
  const bad = await get('/system-info', { headers: { 'grpc-timeout': 'soon' } });
  assert.deepEqual([bad.status, await bad.json()], [400, { code: 3, message: 'invalid grpc-timeout: soon' }]);
});

test('errors are google.rpc.Status with their details, and the status of HTTP that fits', async () => {
  const failures = [
    notFound('gone'),
    workflowExecutionAlreadyStarted('running', { runId: 'r' }),
    new StatusError(12, 'not built'),
  ];
  const { get, errors } = await listen(() => {
    throw failures.shift() ?? new TypeError('a secret');
  });
  const prefix = 'type.googleapis.com/temporal.api.errordetails.v1.';
  const expected = [
    [404, { code: 5, message: 'gone', details: [{ '@type': `${prefix}NotFoundFailure` }] }],
    [
      409,
      {
        code: 6,
        message: 'running',
        details: [{ '@type': `${prefix}WorkflowExecutionAlreadyStartedFailure`, runId: 'r' }],
      },
    ],
    [501, { code: 12, message: 'not built' }],
  ];
  for (const one of expected) {
    const response = await get('/system-info');
    assert.deepEqual([response.status, await response.json()], one);
  }
  const masked = await get('/system-info');
  assert.equal(masked.status, 500);
  assert.match(await masked.text(), /^\{"code":13,"message":"something went wrong, please retry \([0-9a-f]{8}\)"\}\n$/);
  assert.match(String(errors), /a secret/);
});

test('a path or a verb that is not there is said to be so', async () => {
  const missing = await server.get('/nobody');
  assert.deepEqual([missing.status, await missing.json()], [404, { code: 5, message: 'Not Found' }]);
  const verb = await server.get('/system-info', { method: 'DELETE' });
  assert.deepEqual([verb.status, verb.headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
  const document = await server.get('/openapi.yaml', { method: 'POST', body: 'x' });
  assert.deepEqual([document.status, document.headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
  const escape = await server.get('/namespaces/%ZZ/workflows');
  assert.deepEqual([escape.status, ((await escape.json()) as { code: number }).code], [400, 3]);
});

test('the documents are served', async () => {
  for (const [path, type, start] of [
    ['/openapi.yaml', 'application/vnd.oai.openapi;version=3.0', 'openapi: "3.0.3"\n'],
    ['/api/v1/swagger.json', 'application/vnd.oai.openapi+json;version=2.0', '{"swagger":"2.0"'],
  ] as const) {
    const response = await server.get(path);
    assert.equal(response.headers.get('content-type'), type);
    assert.ok((await response.text()).startsWith(start));
  }
});

test('a body may be as large as the limit, and not one byte larger', async () => {
  const { get } = await listen(() => StartWorkflowExecutionResponse.encode({}));
  const post = (bytes: number, chunked: boolean) => {
    const body = `{}${' '.repeat(bytes - 2)}`;
    const stream = new Blob([body]).stream();
    const init = chunked ? { body: stream, duplex: 'half' as const } : { body };
    return get('/namespaces/n/workflows/w', { method: 'POST', ...init });
  };
  for (const chunked of [false, true]) {
    assert.equal((await post(BODY_BYTES_MAX, chunked)).status, 200);
    const refused = await post(BODY_BYTES_MAX + 1, chunked);
    const message = 'the request body is larger than 4194304 bytes';
    assert.deepEqual([refused.status, await refused.json()], [413, { code: 3, message }]);
  }
  const gzip = await get('/namespaces/n/workflows/w', {
    method: 'POST',
    body: 'x',
    headers: { 'content-encoding': 'gzip' },
  });
  assert.equal(gzip.status, 415);
  const latin = await get('/namespaces/n/workflows/w', { method: 'POST', body: new Uint8Array([0x22, 0xe9, 0x22]) });
  assert.deepEqual(
    [latin.status, await latin.json()],
    [400, { code: 3, message: 'the request body is not valid UTF-8' }],
  );
});

test('a page of another origin is let in if it is allowed, and may read the answer', async () => {
  const ask = (origin: string, method = 'GET', headers: Readonly<Record<string, string>> = {}) =>
    server.get('/system-info', { method, headers: { origin, ...headers } });
  const allowed = await ask('https://ui.example.com');
  assert.deepEqual(
    [allowed.status, allowed.headers.get('access-control-allow-origin'), allowed.headers.get('vary')],
    [200, 'https://ui.example.com', 'Origin'],
  );
  for (const origin of ['https://evil.example.com', 'https://ui.example.com.evil.com', 'null']) {
    const refused = await ask(origin);
    assert.deepEqual(
      [refused.status, await refused.json()],
      [403, { code: 7, message: `Origin ${origin} not allowed` }],
    );
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
  }
  assert.equal((await ask(server.url)).status, 200, 'the same origin');
  const headers = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-y' };
  const preflight = await ask('https://ui.example.com', 'OPTIONS', headers);
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'content-type,x-y');
  assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /POST/);
  assert.equal((await ask('https://evil.example.com', 'OPTIONS', headers)).status, 403);
});

test('a host that is not allowed is refused', async () => {
  const { get, port } = await listen(() => INFO, {
    origins: { allowedHosts: wildcards(['localhost:*', '*.example.com']), allowedOrigins: wildcards([]) },
  });
  const refused = await get('/system-info');
  assert.deepEqual(
    [refused.status, await refused.json()],
    [403, { code: 7, message: 'Host not allowed; frontend.httpAllowedHosts says which are' }],
  );
  const asked = (host: string) => raw(port, `GET /system-info HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  assert.match(await asked('api.EXAMPLE.com'), /^HTTP\/1\.1 200/);
  assert.match(await asked('localhost:7243'), /^HTTP\/1\.1 200/);
  assert.match(await asked('example.com.evil.org'), /^HTTP\/1\.1 403/);
});

test('garbage is refused and harms nobody', async () => {
  for (const garbage of [
    'nonsense\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'GET /system-info HTTP/1.1\r\n\r\n',
    `GET /system-info HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`,
    'POST /namespaces/n/workflows/w HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
  ]) {
    assert.match(await raw(server.port, garbage), /^HTTP\/1\.1 4\d\d /, garbage.slice(0, 40));
  }
  assert.equal((await server.get('/system-info')).status, 200);
});

test('a handler that waits hears that its client has left', async () => {
  const left = Promise.withResolvers<void>();
  const waits = Promise.withResolvers<RpcCall>();
  const { get } = await listen((call) => {
    call.onCancel = () => left.resolve();
    waits.resolve(call);
    return new Promise<never>(() => undefined);
  });
  const abort = new AbortController();
  const response = get('/system-info', { signal: abort.signal });
  const call = await waits.promise;
  assert.equal(call.cancelled, false);
  abort.abort();
  await assert.rejects(response);
  await left.promise;
  assert.equal(call.cancelled, true);
});

test('a client that leaves in the middle of its body is forgotten', async () => {
  const { get, port, errors } = await listen(() => DescribeNamespaceResponse.encode({}));
  const socket = net.connect(port.address.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST /cluster/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"');
  socket.destroy();
  await once(socket, 'close');
  assert.equal((await get('/system-info')).status, 200);
  assert.deepEqual(errors, []);
});

test('a call ends at its deadline', async () => {
  const { get } = await listen(() => new Promise<never>(() => undefined));
  const response = await get('/system-info', { headers: { 'grpc-timeout': '20m' } });
  assert.deepEqual([response.status, await response.json()], [504, { code: 4, message: 'context deadline exceeded' }]);
});

test('with a certificate it speaks TLS, and nothing else', async () => {
  const { port, url } = await listen(undefined, { tls: { cert: SERVER_CERT, key: SERVER_KEY } });
  const secure = https.get(`${url.replace('http:', 'https:')}/system-info`, { ca: AUTHORITY_CERT, agent: false });
  const [response] = (await once(secure, 'response')) as [IncomingMessage];
  assert.equal(await text(response), INFO_JSON);
  await assert.rejects(
    raw(port, 'GET /system-info HTTP/1.1\r\nHost: x\r\n\r\n').then((answer) => assert.match(answer, /200/)),
  );
});

test('a client may end its side of the connection before the answer', async () => {
  const { port } = await listen(async () => {
    await new Promise(setImmediate);
    return INFO;
  });
  const socket = net.connect({ port: port.address.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end('GET /system-info HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 200 OK/);
});

test('whoever sends slowly, takes nothing or says nothing is not waited for', async () => {
  const limits = { headerTimeoutMs: 30, requestTimeoutMs: 60, sendTimeoutMs: 30, idleTimeoutMs: 30, checkEveryMs: 10 };
  const large = DescribeNamespaceResponse.encode({ namespaceInfo: { description: 'x'.repeat(30_000_000) } });
  const { port } = await listen(() => large, { limits });
  assert.match(await raw(port, 'GET /system-info HTTP/1.1\r\nHost:'), /^HTTP\/1\.1 408 /);
  const start = 'POST /cluster/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{';
  assert.match(await raw(port, start), /^HTTP\/1\.1 408 /);
  assert.match(await raw(port, 'OPTIONS /cluster HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1\.1 204 /);
  const deaf = net.connect(port.address.port, '127.0.0.1');
  deaf.write('GET /cluster/namespaces/n HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(deaf, 'readable');
  // When this one is closed for saying nothing, more than the time for sending has passed.
  await raw(port, 'OPTIONS /cluster HTTP/1.1\r\nHost: x\r\n\r\n');
  let received = 0;
  deaf.on('data', (chunk: Buffer) => (received += chunk.length));
  deaf.on('error', () => deaf.destroy());
  await new Promise((resolve) => deaf.once('close', resolve));
  assert.ok(received > 0 && received < large.length, `${received} bytes`);
});

test('there may be as many connections as the limit says, and no more', async () => {
  const { port } = await listen(undefined, { limits: { connectionsMax: 2 } });
  const connect = async () => {
    const socket = net.connect(port.address.port, '127.0.0.1');
    socket.write('GET /system-info HTTP/1.1\r\nHost: x\r\n\r\n');
    const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as unknown[];
    return { socket, served: Buffer.isBuffer(answer) };
  };
  const sockets = [await connect(), await connect(), await connect()];
  assert.deepEqual(
    sockets.map(({ served }) => served),
    [true, true, false],
  );
  for (const { socket } of sockets) socket.destroy();
});

test('of requests that follow each other unanswered on one connection, few are taken, and all end with it', async () => {
  const calls: RpcCall[] = [];
  const taken = Promise.withResolvers<void>();
  const { port } = await listen(
    (call) => {
      if (calls.push(call) === 2) taken.resolve();
      return new Promise<never>((_, reject) => (call.onCancel = () => reject(notFound('left'))));
    },
    { limits: { pipelinedMax: 2 } },
  );
  const request = 'GET /system-info HTTP/1.1\r\nHost: x\r\n\r\n';
  const two = net.connect(port.address.port, '127.0.0.1');
  two.write(request.repeat(2));
  await taken.promise;
  two.destroy();
  const three = net.connect(port.address.port, '127.0.0.1');
  three.write(request.repeat(3));
  await once(three, 'close');
  await port.close(60_000);
  assert.ok(calls.length <= 4, `${calls.length} calls`);
  assert.ok(calls.every(({ cancelled }) => cancelled));
});

test('a body that becomes a much larger message is refused', async () => {
  let calls = 0;
  const { get } = await listen(() => (calls++, INFO), { limits: { bodyBytesMax: 1000 } });
  const body = `{"input":[${'1,'.repeat(100)}1]}`;
  const response = await get('/namespaces/n/workflows/w', { method: 'POST', body });
  const message = 'the request is larger than 1000 bytes once its values are payloads';
  assert.deepEqual([response.status, await response.json()], [413, { code: 3, message }]);
  assert.equal(calls, 0);
});

test('closing takes no new connections and lets a request finish that is being answered', async () => {
  const answer = Promise.withResolvers<Uint8Array>();
  const asked = Promise.withResolvers<void>();
  const { port, get } = await listen(() => {
    asked.resolve();
    return answer.promise;
  });
  const response = get('/system-info');
  await asked.promise;
  const closed = port.close(60_000);
  await assert.rejects(get('/system-info'));
  answer.resolve(INFO);
  assert.equal(await (await response).text(), INFO_JSON);
  await closed;
});

test('closing does not wait for ever, nor for what never came', async () => {
  const asked = Promise.withResolvers<void>();
  const slow = await listen(() => {
    asked.resolve();
    return new Promise<never>(() => undefined);
  });
  const response = slow.get('/system-info');
  await asked.promise;
  await Promise.all([slow.port.close(10), assert.rejects(response)]);
  await (await listen()).port.close(60_000);
});

test('a port that is taken is named in the error', async () => {
  const { port } = server.port.address;
  await assert.rejects(listen(undefined, { port }), { code: 'EADDRINUSE', port });
});
