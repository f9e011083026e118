// Passes requests on to the HTTP API of another server, and its answers back: bodies as they come, in both directions.
// What concerns only one of the two connections stays there, and so does what the other server should not know.

import http, {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { HttpService } from '../../transport/http/http-port.ts';
import { HttpRefusal } from '../../transport/http/refusal.ts';
import { sendError } from '../answer.ts';
import { SAFE_HEADERS } from '../safe-headers.ts';

export interface ProxyOptions {
  /** Of the other server: http or https. */
  readonly api: URL;
  readonly timeouts?: Partial<ProxyTimeouts>;
  readonly onError: (error: unknown, path: string) => void;
}

export interface ProxyTimeouts {
  readonly connectMs: number;
  /** Nothing comes for so long. Longer than a long poll takes. */
  readonly silenceMs: number;
}

const TIMEOUTS: ProxyTimeouts = { connectMs: 10_000, silenceMs: 120_000 };
const CONNECTIONS_MAX = 256;
/** Of one connection, as HTTP has it. */
const HOP_BY_HOP = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'expect'],
];
/** The page is of this origin, which the other server does not know; cookies of this host are none of its business. */
const NOT_PASSED_ON = new Set([...HOP_BY_HOP, 'host', 'origin', 'referer', 'cookie', 'forwarded']);
/** Nor are its cookies of this host's, nor whom it lets read its answers, nor what else it tells browsers about itself. */
const NOT_PASSED_BACK = new RegExp(
  `^(?:${[
    ...[
      'set-cookie',
      'access-control-.*',
      'cross-origin-.*',
      'strict-transport-security',
      'alt-svc',
      'refresh',
      'link',
    ],
    ...['clear-site-data', 'service-worker-allowed', 'report-to', 'reporting-endpoints', 'nel'],
  ].join('|')})$`,
);
/** All that it sends is data: even what calls itself a page runs nothing here, and no browser keeps any of it. */
const DATA_HEADERS = {
  ...SAFE_HEADERS,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cache-control': 'no-store',
};
/** Whoever may use this page may use the API, and nothing else that the other host has. */
const API_PATH = /^\/api\//;
/** Parts of a path that are steps, in all the ways that servers understand them. */
const STEPS = /(?:^|[/\\])(?:\.|%2e){1,2}(?:$|[/\\])/i;

export class Proxy implements HttpService {
  readonly #options: ProxyOptions;
  readonly #timeouts: ProxyTimeouts;
  readonly #agent: http.Agent;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#timeouts = { ...TIMEOUTS, ...options.timeouts };
    const settings = { keepAlive: true, maxSockets: CONNECTIONS_MAX };
    this.#agent = options.api.protocol === 'https:' ? new https.Agent(settings) : new http.Agent(settings);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const abort = new AbortController();
    response.once('close', () => abort.abort());
    try {
      checkPath(request.url ?? '');
      const answer = await this.#ask(request, abort.signal);
      response.writeHead(answer.statusCode ?? 502, passedBack(answer.headers));
      await pipeline(answer, response);
    } catch (error) {
      // Whoever has left needs no answer.
      if (abort.signal.aborted) return;
      sendError(request, response, this.#refusal(error), this.#options.onError);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Resolves when the answer begins. */
  async #ask(request: IncomingMessage, signal: AbortSignal): Promise<IncomingMessage> {
    const { api } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const asked = (api.protocol === 'https:' ? https : http).request({
      ...{ protocol: api.protocol, hostname: api.hostname.replaceAll(/[[\]]/g, ''), port: api.port, signal },
      path: api.pathname.replace(/\/$/, '') + (request.url ?? '/'),
      method: request.method ?? 'GET',
      headers: { ...passedOn(request.headers), ...framing(request.headers) },
      agent: this.#agent,
    });
    asked.once('response', resolve);
    asked.once('error', reject);
    asked.once('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new Error('it wants to speak another protocol'));
    });
    this.#watch(asked);
    pipeline(request, asked).catch(reject);
    return promise;
  }

  #watch(asked: ClientRequest): void {
    const { connectMs, silenceMs } = this.#timeouts;
    const { host } = this.#options.api;
    const giveUp = (what: string, ms: number) => {
      asked.destroy(new HttpRefusal(504, `the server at ${host} ${what} within ${ms / 1000} s`));
    };
    asked.once('socket', (socket) => {
      asked.setTimeout(silenceMs, () => giveUp('said nothing', silenceMs));
      if (!socket.connecting) return;
      const timer = setTimeout(() => giveUp('could not be reached', connectMs), connectMs);
      socket.once('connect', () => clearTimeout(timer));
      asked.once('close', () => clearTimeout(timer));
    });
  }

  #refusal(error: unknown): unknown {
    if (error instanceof HttpRefusal || !(error instanceof Error)) return error;
    const reason = error.message === '' && 'code' in error ? String(error.code) : error.message;
    return new HttpRefusal(502, `the server at ${this.#options.api.href} cannot be asked: ${reason}`);
  }
}

/** @throws {HttpRefusal} */
function checkPath(url: string): void {
  const [path = ''] = url.split('?', 1);
  if (!API_PATH.test(path)) throw new HttpRefusal(404, 'Not Found');
  if (STEPS.test(path)) throw new HttpRefusal(400, 'the path must not lead upwards');
}

/**
 * A body whose length nobody knows is sent in chunks, whatever the method: without them it would be another request on
 * the same connection.
 */
function framing(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
}

function passedOn(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const own = namesIn(headers.connection);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => {
      return !NOT_PASSED_ON.has(name) && !own.has(name) && !name.startsWith('x-forwarded-') && !name.startsWith('sec-');
    }),
  );
}

function passedBack(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const own = namesIn(headers.connection);
  const passed = Object.entries(headers).filter(([name]) => {
    return !HOP_BY_HOP.includes(name) && !own.has(name) && !NOT_PASSED_BACK.test(name);
  });
  return { ...Object.fromEntries(passed), ...DATA_HEADERS };
}

/** Fields that the header Connection says to be of this connection. */
function namesIn(connection: string | undefined): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
