// The tools over HTTP (Streamable HTTP). It keeps no sessions: every request stands for itself, so that nothing is lost when it
// is started again, and nothing piles up. A request whose client leaves is given up.
//
// Web pages have no business here, and neither do names that they can make mean this machine (DNS rebinding).

import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import type { Context } from '../../context.ts';
import { exitCode } from '../../exit.ts';

const PORT = 7333;
const LOOPBACK_IP = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;
const LOOPBACK_HOST = /^(?:(?:[a-z\d-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
/** What reaches another address by a name is known by its token. */
const ANY_HOST = /^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i;
const LOOPBACK_ORIGIN = /^https?:\/\/(?:(?:[a-z\d-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
/** Each request may hold a connection to the server for a minute. */
const REQUESTS_MAX = 32;
/** Streams that only wait for news of the tools, of which there are none. */
const SUBSCRIPTIONS_MAX = 16;
const BODY_BYTES_MAX = 4 * 1024 * 1024;

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Admission {
  readonly hosts: RegExp;
  readonly token: string | undefined;
}

export async function serveHttp(context: Context, factory: () => McpServer): Promise<number> {
  const { given, signal, terminal } = context;
  const ip = given.last('ip') ?? '127.0.0.1';
  const token = given.last('token');
  const isLoopback = LOOPBACK_IP.test(ip);
  if (token === undefined && !isLoopback) {
    throw context.wrong(`--token must be given with --ip ${ip}: whoever reaches the port can use the tools`);
  }
  const onerror = (error: Error) => void terminal.stderr.write(`${error.message}\n`);
  const handler = createMcpHandler(factory, {
    ...{ onerror, maxSubscriptions: SUBSCRIPTIONS_MAX, maxRequestBodySize: BODY_BYTES_MAX },
  });
  const handle = toNodeHandler(handler, { onerror, maxRequestBodySize: BODY_BYTES_MAX });
  const admission = { hosts: isLoopback ? LOOPBACK_HOST : ANY_HOST, token };
  let open = 0;
  const server = createServer((request, response) => {
    const refusal = refusalOf(request, admission) ?? (open >= REQUESTS_MAX ? BUSY : undefined);
    if (refusal !== undefined) return refuse(response, refusal);
    open++;
    response.once('close', () => open--);
    handle(request as Parameters<typeof handle>[0], response).catch(onerror);
  });
  server.listen(given.number('port') ?? PORT, ip);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  terminal.stdout.write(`MCP: http://${ip.includes(':') ? `[${ip}]` : ip}:${address.port}/mcp\n`);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  server.close();
  await handler.close();
  server.closeAllConnections();
  return exitCode.OK;
}

const BUSY: Refusal = {
  ...{ status: 503, message: `${REQUESTS_MAX} requests are being answered: try again` },
  headers: { 'Retry-After': '1' },
};

function refusalOf({ headers, url = '' }: IncomingMessage, { hosts, token }: Admission): Refusal | undefined {
  const { host = '', origin, authorization = '' } = headers;
  if (!hosts.test(host)) return { status: 403, message: 'Host not allowed: use localhost or 127.0.0.1' };
  if (origin !== undefined && !LOOPBACK_ORIGIN.test(origin)) return { status: 403, message: 'Origin not allowed' };
  if (token !== undefined && !isSame(authorization, `Bearer ${token}`)) {
    const message = 'The bearer token is missing or wrong';
    return { status: 401, message, headers: { 'WWW-Authenticate': 'Bearer' } };
  }
  return url.split('?', 1)[0] === '/mcp' ? undefined : { status: 404, message: 'The tools are at /mcp' };
}

/** As fast for a token that is nearly right. */
function isSame(a: string, b: string): boolean {
  const [hashA, hashB] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return hashA !== undefined && hashB !== undefined && timingSafeEqual(hashA, hashB);
}

/** What is not answered keeps its body: the connection cannot be used again. */
function refuse(response: ServerResponse, { status, message, headers }: Refusal): void {
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close', ...headers });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null }));
}
