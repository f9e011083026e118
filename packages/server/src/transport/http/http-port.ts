// A port that speaks HTTP/1.1: connections, their limits and their end. It listens with node:net, which is loaded already;
// the HTTP server of the platform and the service that answers are loaded when the first client connects, and take over
// the listening handle then. A start is not slower for a port that is rarely used.

import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { TransportOptions } from '../rpc.ts';
import { type HttpLimits, LIMITS_DEFAULT } from './limits.ts';

/** Answers requests, whatever happens. */
export interface HttpService {
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface HttpPortOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly tls?: TransportOptions['tls'];
  readonly limits?: Partial<HttpLimits>;
  /** Called when the first client connects; again with the next one if it fails. */
  readonly load: (limits: HttpLimits) => Promise<HttpService>;
  /** Unexpected errors, which are masked on the wire. */
  readonly onError: (error: unknown, path: string) => void;
}

export interface HttpPort {
  readonly address: { readonly host: string; readonly port: number };
  /** Takes no new connections, lets open requests finish until the grace period ends, then closes everything. */
  close(graceMs: number): Promise<void>;
}

/** @throws the error of `listen`, which names the port */
export async function startHttpPort(options: HttpPortOptions): Promise<HttpPort> {
  const listener = net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
  const port = new LazyPort(listener, options);
  listener.listen(options.port, options.host);
  await once(listener, 'listening');
  listener.on('error', (error) => options.onError(error, ''));
  return port;
}

class LazyPort implements HttpPort {
  readonly #listener: net.Server;
  readonly #options: HttpPortOptions;
  readonly #limits: HttpLimits;
  /** All that are open. The HTTP server does not count those that were accepted before it was loaded. */
  readonly #sockets = new Set<Socket>();
  /** How many requests of each are not answered yet. */
  readonly #waiting = new WeakMap<Socket, number>();
  #server: Promise<Server> | undefined;

  constructor(listener: net.Server, options: HttpPortOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#limits = { ...LIMITS_DEFAULT, ...options.limits };
    listener.on('connection', (socket: Socket) => this.#acceptEarly(socket));
  }

  get address(): { host: string; port: number } {
    const { address, port } = this.#listener.address() as AddressInfo;
    return { host: address, port };
  }

  /** Nothing has been read from it. */
  #acceptEarly(socket: Socket): void {
    // Until the HTTP server has it, which then hears of its errors itself.
    socket.on('error', () => socket.destroy());
    this.#server ??= this.#load();
    this.#server.then(
      (server) => {
        if (socket.destroyed) return;
        server.emit('connection', socket);
        socket.resume();
      },
      (error: unknown) => {
        socket.destroy();
        this.#server = undefined;
        this.#options.onError(error, '');
      },
    );
  }

  #track(socket: Socket): void {
    if (this.#sockets.size >= this.#limits.connectionsMax) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** False: the client has sent more than may wait, and its connection is closed. */
  #admit({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const waiting = (this.#waiting.get(socket) ?? 0) + 1;
    if (waiting > this.#limits.pipelinedMax) {
      socket.destroy();
      return false;
    }
    this.#waiting.set(socket, waiting);
    response.once('close', () => this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1));
    return true;
  }

  async #load(): Promise<Server> {
    const { tls, load, onError } = this.#options;
    const [service, { createServer }, https] = await Promise.all([
      load(this.#limits),
      import('node:http'),
      tls === undefined ? undefined : import('node:https'),
    ]);
    const serve: RequestListener = (request, response) => {
      if (!this.#admit(request, response)) return;
      response.once('close', () => server.listening || server.closeIdleConnections());
      service.serve(request, response).catch((error: unknown) => {
        onError(error, request.url ?? '');
        response.destroy();
      });
    };
    const settings = {
      maxHeaderSize: this.#limits.headerBytesMax,
      headersTimeout: this.#limits.headerTimeoutMs,
      requestTimeout: this.#limits.requestTimeoutMs,
      keepAliveTimeout: this.#limits.idleTimeoutMs,
      connectionsCheckingInterval: this.#limits.checkEveryMs,
      noDelay: true,
    };
    const server =
      https === undefined ? createServer(settings, serve) : https.createServer({ ...settings, ...tls }, serve);
    server.on('error', (error) => onError(error, ''));
    server.on('connection', (socket: Socket) => this.#track(socket));
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
    const timer = setTimeout(() => this.#destroyAll(), graceMs);
    await Promise.all([closed, ...[...this.#sockets].map(closing)]);
    clearTimeout(timer);
  }

  #destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
