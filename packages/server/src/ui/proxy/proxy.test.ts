// The Web UI in front of another server: what reaches it, what comes back, and what happens when it does not answer.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import net from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { folderOf, INDEX, startSite } from '../testing/site.ts';
import { Proxy, type ProxyTimeouts } from './proxy.ts';
import { serveProxiedUi } from './serve.ts';

const folder = folderOf({ 'index.html': INDEX });

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return urlOf(server);
}

async function urlOf(server: net.Server): Promise<string> {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `http://127.0.0.1:${address.port}`;
}

async function inFrontOf(api: string): Promise<string> {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const port = await serveProxiedUi({ ui: { port: 0, folder }, host: '127.0.0.1', api: new URL(api), onError });
  after(async () => {
    await port.close(0);
    assert.deepEqual(errors, []);
  });
  return `http://127.0.0.1:${port.address.port}`;
}

/** A proxy alone, in front of whatever this server does with a connection. */
async function inFrontOfSocket(serve: (socket: net.Socket) => void, timeouts: Partial<ProxyTimeouts>): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => socket.destroy()));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  const proxy = new Proxy({
    api: new URL(await urlOf(server)),
    timeouts,
    onError: (error) => assert.fail(String(error)),
  });
  after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return listen((request, response) => void proxy.serve(request, response));
}

async function refusal(response: Response): Promise<[number, number, string]> {
  const { code, message } = (await response.json()) as { code: number; message: string };
  return [response.status, code, message];
}

test('the page is served here, the API by the other server, and nothing beyond it', async () => {
  const other = await startSite({ server: { httpPort: 0 } });
  const url = await inFrontOf(`http://127.0.0.1:${other.server.httpAddress?.port}/`);
  assert.match(await (await fetch(url)).text(), /csp-nonce/);
  const start = { method: 'POST', body: '{"workflowType":{"name":"order"},"taskQueue":{"name":"q"}}' };
  const made = await fetch(`${url}/api/v1/namespaces/default/workflows/w`, { ...start, headers: { origin: url } });
  assert.equal(made.status, 200);
  const described = await fetch(`${url}/api/v1/namespaces/default/workflows/w`);
  assert.equal(described.headers.get('content-type'), 'application/json');
  assert.match(await described.text(), /"workflowId":"w"/);
  assert.equal((await fetch(`${url}/ui-api/v1/info`)).status, 404);
  assert.equal((await fetch(url, { headers: { origin: 'http://evil.example.com' } })).status, 403);
  const missing = await refusal(await fetch(`${url}/api/v1/namespaces/nowhere/workflows`));
  assert.deepEqual(missing.slice(0, 2), [404, 5]);
});

test('what concerns one connection alone stays there', async () => {
  let seen: IncomingMessage | undefined;
  const other = await listen((request, response) => {
    seen = request;
    const cors = { 'access-control-allow-origin': '*', 'set-cookie': 'a=b' };
    response.writeHead(201, { 'x-own': '1', 'x-hop': '1', connection: 'x-hop', ...cors }).end('{}');
  });
  const url = await inFrontOf(`${other}/base/`);
  const { port } = new URL(url);
  const asked = httpRequest({
    ...{ host: '127.0.0.1', port, path: '/api/v1/a%2Fb?x=%20y', agent: false },
    headers: {
      ...{ authorization: 'Bearer t', cookie: 'c=d', origin: url, referer: url, 'x-forwarded-for': '1.2.3.4' },
      ...{ 'x-mine': '1', 'x-theirs': '1', connection: 'x-mine', 'accept-encoding': 'gzip' },
    },
  });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  assert.deepEqual([answer.statusCode, await text(answer)], [201, '{}']);
  const { headers } = answer;
  assert.deepEqual([headers['x-own'], headers['x-hop'], headers['set-cookie']], ['1', undefined, undefined]);
  assert.equal(headers['access-control-allow-origin'], undefined);
  assert.equal(seen?.url, '/base/api/v1/a%2Fb?x=%20y');
  assert.equal(seen.headers.host, new URL(other).host);
  assert.equal(seen.headers.authorization, 'Bearer t');
  assert.equal(seen.headers['x-theirs'], '1');
  for (const name of ['cookie', 'origin', 'referer', 'x-forwarded-for', 'x-mine']) {
    assert.equal(seen.headers[name], undefined, name);
  }
});

test('bodies go through as they come, in both directions', async () => {
  const other = await listen((request, response) => {
    response.write('first');
    buffer(request).then(
      (body) => response.end(`, ${body.length} bytes`),
      () => response.destroy(),
    );
  });
  const url = await inFrontOf(other);
  const { port } = new URL(url);
  const asked = httpRequest({ host: '127.0.0.1', port, path: '/api/v1/x', method: 'POST', agent: false });
  asked.write(Buffer.alloc(1_000_000));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const [first] = (await once(answer, 'data')) as [Buffer];
  assert.equal(first.toString(), 'first');
  asked.end(Buffer.alloc(2_000_000));
  assert.equal(await text(answer), ', 3000000 bytes');
});

test('a server that is not there, or breaks off, is said to be so in JSON', async () => {
  const gone = net.createServer().listen(0, '127.0.0.1');
  const api = await urlOf(gone);
  gone.close();
  const url = await inFrontOf(api);
  const [status, code, message] = await refusal(await fetch(`${url}/api/v1/system-info`));
  assert.deepEqual([status, code], [502, 14]);
  assert.match(message, /^the server at http:\/\/127\.0\.0\.1:\d+\/ cannot be asked: .*ECONNREFUSED/);
  const rude = await inFrontOfSocket((socket) => socket.once('data', () => socket.destroy()), {});
  assert.deepEqual((await refusal(await fetch(`${rude}/api/v1/x`))).slice(0, 2), [502, 14]);
  const nonsense = await inFrontOfSocket((socket) => socket.end('what?'), {});
  assert.deepEqual((await refusal(await fetch(`${nonsense}/api/v1/x`))).slice(0, 2), [502, 14]);
});

test('a server that says nothing is given up', async () => {
  const silent = await inFrontOfSocket(() => undefined, { silenceMs: 50 });
  const [status, code, message] = await refusal(await fetch(`${silent}/api/v1/x`));
  assert.deepEqual([status, code], [504, 4]);
  assert.match(message, /said nothing within 0.05 s/);
});

test('an answer that breaks off in the middle is not taken for a whole one', async () => {
  const halves = await inFrontOfSocket((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', () => socket.destroy());
    });
  }, {});
  await assert.rejects(async () => (await fetch(`${halves}/api/v1/x`)).text());
});

test('when the client leaves, so does the request', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<IncomingMessage>();
  const other = await listen((request) => arrive(request));
  const url = await inFrontOf(other);
  const leaving = new AbortController();
  const asked = fetch(`${url}/api/v1/x`, { signal: leaving.signal });
  const request = await arrived;
  leaving.abort();
  await Promise.all([assert.rejects(asked), once(request.socket, 'close')]);
});

test('what another server sends is data here, whatever it says it is, and no browser keeps it', async () => {
  const other = await listen((_request, response) => {
    response.writeHead(200, {
      ...{ 'content-type': 'text/html', 'content-security-policy': "script-src 'unsafe-inline'" },
      ...{ 'clear-site-data': '"*"', 'service-worker-allowed': '/', refresh: '0;url=http://evil.example.com/' },
    });
    response.end('<script>alert(document.domain)</script>');
  });
  const { headers } = await fetch(`${await inFrontOf(other)}/api/v1/x`);
  assert.equal(headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'; sandbox");
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
  for (const name of ['clear-site-data', 'service-worker-allowed', 'refresh'])
    assert.equal(headers.get(name), null, name);
});

test('nothing of the other server is asked for but its API', async () => {
  const seen: (string | undefined)[] = [];
  const other = await listen((request, response) => {
    seen.push(request.url);
    response.end('{}');
  });
  const url = await inFrontOf(`${other}/temporal/`);
  const { port } = new URL(url);
  const status = async (path: string) => {
    const asked = httpRequest({ host: '127.0.0.1', port, path, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    return answer.statusCode;
  };
  for (const path of ['/api/../../admin', '/api/v1/../../../admin', '/api/v1/%2e%2E/x', '/api/v1/.%2e', '/api/v1/.']) {
    assert.equal(await status(path), 400, path);
  }
  for (const path of ['/admin', '/metrics?x', '/apis/x', '/..']) assert.equal(await status(path), 404, path);
  for (const path of ['/api/v1/namespaces/a..b/workflows/...', '/api/v1/x?y=/../'])
    assert.equal(await status(path), 200, path);
  assert.deepEqual(seen, ['/temporal/api/v1/namespaces/a..b/workflows/...', '/temporal/api/v1/x?y=/../']);
});

test('the body of a request is no request of its own', async () => {
  const seen: string[] = [];
  const other = await listen((request, response) => {
    void text(request).then((body) => {
      seen.push(`${request.method} ${request.url} ${body}`);
      response.end('{}');
    });
  });
  const { port } = new URL(await inFrontOf(other));
  const hidden = 'POST /api/v1/hidden HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
  for (const method of ['GET', 'DELETE', 'POST']) {
    const headers = { 'transfer-encoding': 'chunked' };
    const asked = httpRequest({ host: '127.0.0.1', port, path: '/api/v1/x', method, headers, agent: false });
    asked.end(hidden);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 200, method);
    await text(answer);
  }
  assert.deepEqual(
    seen,
    ['GET', 'DELETE', 'POST'].map((method) => `${method} /api/v1/x ${hidden}`),
  );
});

test('a server that wants to speak another protocol is given up', async () => {
  const switching = await inFrontOfSocket(
    (socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      );
    },
    { silenceMs: 2000 },
  );
  assert.deepEqual((await refusal(await fetch(`${switching}/api/v1/x`))).slice(0, 2), [502, 14]);
});

test('no page of another origin is let in, not even one without a name', async () => {
  const url = await inFrontOf(await listen((_request, response) => response.end('{}')));
  const { port } = new URL(url);
  for (const origin of ['', 'null', 'http://evil.example.com']) {
    const asked = httpRequest({ host: '127.0.0.1', port, path: '/api/v1/x', headers: { origin }, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 403, origin);
    answer.resume();
  }
});
