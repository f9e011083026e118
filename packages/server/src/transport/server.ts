// The gRPC server: listens, and keeps the list of connections. What happens on a connection is in grpc/ and http2/.

import type { AddressInfo, Socket } from 'node:net';
import net from 'node:net';
import type { TLSSocket } from 'node:tls';
import tls from 'node:tls';
import { DeadlineWheel } from './grpc/deadline-wheel.ts';
import { ServerConnection } from './grpc/server-connection.ts';
import type { GrpcService } from './grpc/service.ts';
import { LIMITS_DEFAULT } from './grpc/service.ts';
import type { Transport, TransportOptions } from './rpc.ts';

/** As Temporal's frontend does: a peer silent for a minute is asked, and has some seconds to answer. */
const KEEPALIVE_SILENT_MS = 60_000;
const KEEPALIVE_ANSWER_MS = 10_000;
const KEEPALIVE_CHECK_MS = 5000;

export async function startTransport(options: TransportOptions): Promise<Transport> {
  const service: GrpcService = {
    handler: options.handler,
    limits: { ...LIMITS_DEFAULT, ...options.limits },
    deadlines: new DeadlineWheel(),
    onError: options.onError ?? (() => {}),
    openCalls: 0,
  };
  const server = new GrpcServer(service);
  await server.listen(options);
  return server;
}

class GrpcServer implements Transport {
  address = { host: '', port: 0 };
  private readonly service: GrpcService;
  private readonly connections = new Set<ServerConnection>();
  /** All accepted sockets. */
  private readonly sockets = new Set<Socket>();
  /** Those still in their TLS handshake, by peer. */
  private readonly handshakes = new Map<string, Socket>();
  private listener: net.Server | undefined;
  private keepalive: NodeJS.Timeout | undefined;
  private onEmpty: (() => void) | undefined;

  constructor(service: GrpcService) {
    this.service = service;
  }

  get stats(): { connections: number; calls: number } {
    return { connections: this.connections.size, calls: this.service.openCalls };
  }

  async listen(options: TransportOptions): Promise<void> {
    const listener = options.tls === undefined ? this.plainListener() : this.tlsListener(options.tls);
    // Before the listener that accepts plain sockets.
    listener.prependListener('connection', (socket: Socket) => {
      this.sockets.add(socket);
      const peer = peerOf(socket);
      this.handshakes.set(peer, socket);
      socket.once('close', () => this.forget(socket, peer));
    });
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(options.port, options.host, () => {
        listener.off('error', reject);
        resolve();
      });
    });
    // Accepting can fail later (out of file descriptors); the server goes on with the connections it has.
    listener.on('error', (error) => this.service.onError(error, ''));
    const { address, port } = listener.address() as AddressInfo;
    this.address = { host: address, port };
    this.listener = listener;
    this.keepalive = setInterval(() => this.checkAlive(), KEEPALIVE_CHECK_MS);
    this.keepalive.unref();
  }

  private plainListener(): net.Server {
    return net.createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  private tlsListener(options: NonNullable<TransportOptions['tls']>): net.Server {
    const { cert, key, ca, requestCert = false } = options;
    const listener = tls.createServer(
      {
        cert,
        key,
        ...(ca === undefined ? {} : { ca }),
        requestCert,
        rejectUnauthorized: requestCert,
        ALPNProtocols: ['h2'],
        noDelay: true,
      },
      (socket) => {
        // RFC 9113 section 3.2: over TLS, HTTP/2 must be agreed on.
        if (socket.alpnProtocol === 'h2') this.accept(socket);
        else socket.destroy();
      },
    );
    // A handshake that fails (no or wrong certificate, not TLS) concerns its peer alone.
    listener.on('tlsClientError', (_error, socket) => socket.destroy());
    return listener;
  }

  private accept(socket: Socket | TLSSocket): void {
    this.handshakes.delete(peerOf(socket));
    const connection = new ServerConnection(socket, this.service, () => this.connections.delete(connection));
    this.connections.add(connection);
  }

  private forget(socket: Socket, peer: string): void {
    this.sockets.delete(socket);
    if (this.handshakes.get(peer) === socket) this.handshakes.delete(peer);
    if (this.sockets.size === 0) this.onEmpty?.();
  }

  private checkAlive(): void {
    for (const connection of this.connections) connection.checkAlive(KEEPALIVE_SILENT_MS, KEEPALIVE_ANSWER_MS);
  }

  async close(graceMs: number): Promise<void> {
    const { listener } = this;
    if (listener === undefined) return;
    this.listener = undefined;
    clearInterval(this.keepalive);
    const released = new Promise<void>((resolve) => listener.close(() => resolve()));
    for (const connection of this.connections) connection.drain();
    for (const socket of this.handshakes.values()) socket.destroy();
    if (graceMs > 0) await this.emptyWithin(graceMs);
    for (const socket of this.sockets) socket.destroy();
    await this.emptyWithin(undefined);
    await released;
  }

  /** Resolves when all sockets have closed, or after that time. */
  private async emptyWithin(timeoutMs: number | undefined): Promise<void> {
    if (this.sockets.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
      this.onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress}:${socket.remotePort}`;
}
