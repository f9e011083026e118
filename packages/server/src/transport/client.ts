// A lean gRPC client for unary calls: one HTTP/2 connection, no retries, no reconnecting. It shares framing, HPACK and
// flow control with the server, and works against any gRPC server.

import type { Socket } from 'node:net';
import net from 'node:net';
import type tls from 'node:tls';
import { code, StatusError } from '@perdure/api';
import { ClientConnection } from './grpc/client-connection.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const TCP_KEEPALIVE_MS = 30_000;
const MESSAGE_BYTES_MAX = 128 * 1024 * 1024;

export interface RpcClientOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: RpcTlsOptions;
  /** The :authority of the requests. Default: host and port. */
  readonly authority?: string | undefined;
  /** Default 10 s. */
  readonly connectTimeoutMs?: number | undefined;
  /** Gives up connecting; what is connected stays so. */
  readonly signal?: AbortSignal | undefined;
  /** Largest response message. Default 128 MiB. */
  readonly messageBytesMax?: number;
}

/** PEM texts. */
export interface RpcTlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Name that the certificate must have. Default: the host. */
  readonly servername?: string;
  /** False: any certificate will do, for tests only. Default true. */
  readonly rejectUnauthorized?: boolean;
}

export interface RpcCallOptions {
  readonly timeoutMs?: number;
  /** Header fields; pass the same object again and again where possible, its encoding is kept. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface RpcClient {
  /** False once no further call can succeed: connect anew. */
  readonly isOpen: boolean;
  /**
   * The response message. Rejects with StatusError: the server's status, DEADLINE_EXCEEDED, or UNAVAILABLE when the
   * connection is lost.
   */
  unary(path: string, body: Uint8Array, options?: RpcCallOptions): Promise<Uint8Array>;
  /** Open calls fail with CANCELLED. */
  close(): void;
}

/** @throws {StatusError} UNAVAILABLE: nothing answers, or it does not speak HTTP/2 */
export async function connectRpc(options: RpcClientOptions): Promise<RpcClient> {
  // It takes a while to load, which commands against a local server need not wait for.
  const connectTls = options.tls === undefined ? undefined : (await import('node:tls')).connect;
  const { host, port, connectTimeoutMs = CONNECT_TIMEOUT_MS, signal } = options;
  const authority = options.authority ?? `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const socket = openSocket(options, connectTls);
    const timer = setTimeout(() => socket.destroy(new Error('timed out')), connectTimeoutMs);
    const giveUp = () => socket.destroy(new Error('given up'));
    if (signal?.aborted) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
    let cause: Error | undefined;
    socket.once('error', (error) => (cause = error));
    const connection = new ClientConnection(
      socket,
      options.tls === undefined ? 'http' : 'https',
      authority,
      options.messageBytesMax ?? MESSAGE_BYTES_MAX,
      (error) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        if (error === undefined) resolve(new Client(connection));
        else
          reject(new StatusError(code.UNAVAILABLE, `cannot connect to ${host}:${port}: ${reasonOf(cause ?? error)}`));
      },
    );
  });
}

/** Where several addresses were tried, each has a reason of its own. */
function reasonOf(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message;
  return error.errors.map((each) => (each as Error).message).join(', ');
}

function openSocket(options: RpcClientOptions, connectTls: typeof tls.connect | undefined): Socket {
  const { host, port } = options;
  const common = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS };
  return connectTls === undefined
    ? net.connect(common)
    : connectTls({ ...common, ...options.tls, ALPNProtocols: ['h2'] });
}

class Client implements RpcClient {
  private readonly connection: ClientConnection;

  constructor(connection: ClientConnection) {
    this.connection = connection;
  }

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  unary(path: string, body: Uint8Array, options: RpcCallOptions = {}): Promise<Uint8Array> {
    const { timeoutMs, metadata } = options;
    const deadlineAtMs = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
    return new Promise((resolve, reject) => {
      this.connection.start({ path, body, timeoutMs, deadlineAtMs, metadata, resolve, reject });
    });
  }

  close(): void {
    this.connection.close();
  }
}
