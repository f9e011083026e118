// GET /metrics: the one page of this HTTP server, for scrapers on a port of their own.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Logger } from '../logging/logger.ts';
import { hostsOf } from '../transport/http/origins.ts';
import { CONTENT_TYPE, exposition } from './exposition.ts';
import type { Registry } from './registry.ts';

export const METRICS_PATH = '/metrics';
const SEND_TIMEOUT_MS = 30_000;
/** Each may hold a page in memory. */
const CONNECTIONS_MAX = 100;

export interface EndpointOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly registry: Registry;
  readonly log: Logger;
  /** A scraper that takes nothing of the page for so long has left. */
  readonly sendTimeoutMs?: number;
}

export interface MetricsEndpoint {
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/** @throws the error of `listen`, which names the port */
export async function startMetricsEndpoint(options: EndpointOptions): Promise<MetricsEndpoint> {
  const { host, port, registry, log, sendTimeoutMs = SEND_TIMEOUT_MS } = options;
  const hosts = hostsOf(host);
  const page = new Page(registry);
  const server = createServer((request, response) => {
    if (!hosts.test(request.headers.host ?? '')) return refuse(response, 403, 'Host not allowed');
    respond(page, request, response).catch((error: unknown) => {
      log.error('the metrics cannot be shown', { error });
      response.destroy();
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.setTimeout(sendTimeoutMs);
  server.listen(port, host);
  await once(server, 'listening');
  server.on('error', (error) => log.error('the metrics port has a problem', { error }));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return {
    address: { host: address.address, port: address.port },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function respond(page: Page, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '', headers } = request;
  // A scrape has no body; whatever comes is not waited for.
  request.resume();
  if (url.split('?', 1)[0] !== METRICS_PATH)
    return refuse(response, 404, `Not found. The metrics are at ${METRICS_PATH}`);
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return refuse(response, 405, 'Only GET and HEAD are allowed');
  }
  response.setHeader('Content-Type', CONTENT_TYPE);
  response.setHeader('Vary', 'Accept-Encoding');
  if (method === 'HEAD') {
    response.end();
    return;
  }
  const text = await page.text();
  if (!acceptsGzip(headers['accept-encoding'])) {
    response.end(text);
    return;
  }
  response.setHeader('Content-Encoding', 'gzip');
  response.end(await promisify(gzip)(text));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '')
    .toLowerCase()
    .split(',');
  return codings.some((coding) => /^\s*(x-)?gzip\s*(;\s*q=(1(\.0*)?|0\.\d*[1-9]\d*)\s*)?$/.test(coding));
}

/** The page as it is now. Scrapers that ask at the same time are given the same one. */
class Page {
  readonly #registry: Registry;
  #making: Promise<string> | undefined;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  text(): Promise<string> {
    this.#making ??= this.#make().finally(() => (this.#making = undefined));
    return this.#making;
  }

  async #make(): Promise<string> {
    await this.#registry.prepare();
    let text = '';
    for (const piece of exposition(this.#registry.families)) {
      text += piece;
      await nextTurn();
    }
    return text;
  }
}
