// The port of the HTTP API: connections, their limits and their end. It listens with node:net, which is loaded already;
// the HTTP server of the platform and the API itself are loaded when the first client connects, and take over the
// listening handle then. A start is not slower for a port that is rarely used.

import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { RpcHandler, TransportOptions } from '../rpc.ts';
import type { OriginPolicy } from './origins.ts';

export interface HttpTransportOptions {
  readonly handler: RpcHandler;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly tls?: TransportOptions['tls'];
  readonly origins: OriginPolicy;
  /** Largest request body. */
  readonly bodyBytesMax: number;
  /** Unexpected errors, which are masked on the wire. */
  readonly onError: (error: unknown, path: string) => void;
}

export interface HttpTransport {
  readonly address: { readonly host: string; readonly port: number };
  /** Takes no new connections, lets open requests finish until the grace period ends, then closes everything. */
  close(graceMs: number): Promise<void>;
}

const CONNECTIONS_MAX = 10_000;
const HEADER_BYTES_MAX = 64 * 1024;
/** From the first byte of a request to the end of its header, and of its body. */
const HEADER_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;
const IDLE_TIMEOUT_MS = 60_000;
const TIMEOUT_CHECK_MS = 5000;

export async function startHttpTransport(options: HttpTransportOptions): Promise<HttpTransport> {
  const listener = net.createServer({ noDelay: true, pauseOnConnect: true });
  const port = new HttpPort(listener, options);
  listener.maxConnections = CONNECTIONS_MAX;
  listener.listen(options.port, options.host);
  await once(listener, 'listening');
  listener.on('error', (error) => options.onError(error, ''));
  return port;
}

class HttpPort implements HttpTransport {
  readonly #listener: net.Server;
  readonly #options: HttpTransportOptions;
  /** Accepted before the HTTP server was loaded. */
  readonly #waiting = new Set<Socket>();
  #server: Promise<Server> | undefined;

  constructor(listener: net.Server, options: HttpTransportOptions) {
    this.#listener = listener;
    this.#options = options;
    listener.on('connection', (socket: Socket) => this.#accept(socket));
  }

  get address(): { host: string; port: number } {
    const { address, port } = this.#listener.address() as AddressInfo;
    return { host: address, port };
  }

  #accept(socket: Socket): void {
    this.#waiting.add(socket);
    this.#server ??= this.#load();
    this.#server.then(
      (server) => {
        this.#waiting.delete(socket);
        server.emit('connection', socket);
        socket.resume();
      },
      (error: unknown) => {
        this.#waiting.delete(socket);
        socket.destroy();
        this.#options.onError(error, '');
      },
    );
  }

  async #load(): Promise<Server> {
    const { tls, handler, origins, bodyBytesMax, onError } = this.#options;
    const [{ HttpApi }, { createServer }, https] = await Promise.all([
      import('./api.ts'),
      import('node:http'),
      tls === undefined ? undefined : import('node:https'),
    ]);
    const api = await HttpApi.load({ handler, origins, bodyBytesMax, onError });
    const serve: RequestListener = (request, response) => {
      response.once('close', () => server.listening || server.closeIdleConnections());
      api.serve(request, response).catch((error: unknown) => {
        onError(error, request.url ?? '');
        response.destroy();
      });
    };
    const settings = {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADER_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      noDelay: true,
    };
    const server =
      https === undefined ? createServer(settings, serve) : https.createServer({ ...settings, ...tls }, serve);
    server.maxConnections = CONNECTIONS_MAX;
    server.on('error', (error) => onError(error, ''));
    // The handle of the listener, which from here on gives its connections to this server.
    server.listen(this.#listener);
    await once(server, 'listening');
    return server;
  }

  async close(graceMs: number): Promise<void> {
    if (this.#server === undefined) {
      const closed = once(this.#listener, 'close');
      this.#listener.close();
      await closed;
      return;
    }
    const server = await this.#server;
    const closed = once(server, 'close');
    server.close();
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  }
}
