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
/** Nor are its cookies of this host's, nor whom it lets read its answers. */
const NOT_PASSED_BACK = /^(?:set-cookie|access-control-.*|strict-transport-security|alt-svc)$/;

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
      headers: passedOn(request.headers),
      agent: this.#agent,
    });
    asked.once('response', resolve);
    asked.once('error', reject);
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
  return { ...Object.fromEntries(passed), 'x-content-type-options': 'nosniff' };
}

/** Fields that the header Connection says to be of this connection. */
function namesIn(connection: string | undefined): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
