// A connection for commands that wait: when the server is restarted, it is made again, and what was asked is asked again.
// Only calls that say so last; of all others nobody knows whether they have happened.

import { code, StatusError } from '@perdure/api';
import type { RpcCallOptions, RpcClient } from '@perdure/server/rpc-client';
import { pause } from '../pause.ts';
import { RECONNECT_MS } from './reconnect.ts';

const RETRY_PAUSE_MS = 200;

export interface LastingCallOptions extends RpcCallOptions {
  /** Asked again when the connection is lost. */
  readonly lasts?: boolean;
  /** Told once whenever the connection is lost. */
  readonly onLost?: () => void;
}

export interface LastingRpcOptions {
  readonly rpc: RpcClient;
  readonly connect: (timeoutMs: number) => Promise<RpcClient>;
  readonly signal: AbortSignal;
  /** How long the server may be away. */
  readonly withinMs?: number;
}

export class LastingRpc {
  readonly #options: LastingRpcOptions;
  readonly #withinMs: number;
  /** Those before the last one may have answers on their way: a server that stops lets them finish. */
  readonly #connections: RpcClient[];
  #connecting: Promise<void> | undefined;
  #isAway = false;
  #isClosed = false;

  constructor(options: LastingRpcOptions) {
    this.#options = options;
    this.#withinMs = options.withinMs ?? RECONNECT_MS;
    this.#connections = [options.rpc];
  }

  /** @throws {StatusError} */
  async unary(path: string, body: Uint8Array, options: LastingCallOptions = {}): Promise<Uint8Array> {
    if (options.lasts !== true) return this.#last.unary(path, body, options);
    let giveUpAtMs: number | undefined;
    for (;;) {
      try {
        await this.#connected(giveUpAtMs);
        const reply = await this.#last.unary(path, body, options);
        this.#isAway = false;
        return reply;
      } catch (error) {
        if (!(error instanceof StatusError) || error.code !== code.UNAVAILABLE || this.#isClosed) throw error;
        giveUpAtMs ??= performance.now() + this.#withinMs;
        if (performance.now() >= giveUpAtMs) throw this.#gaveUp(error);
        this.#lost(options);
      }
      await pause(RETRY_PAUSE_MS, this.#options.signal);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections) connection.close();
  }

  get #last(): RpcClient {
    return this.#connections.at(-1) ?? this.#options.rpc;
  }

  #lost({ onLost }: LastingCallOptions): void {
    if (!this.#isAway) onLost?.();
    this.#isAway = true;
  }

  /** Calls that find the connection lost at the same time share the new one. */
  async #connected(giveUpAtMs: number | undefined): Promise<void> {
    if (this.#last.isOpen) return;
    const timeoutMs = giveUpAtMs === undefined ? this.#withinMs : giveUpAtMs - performance.now();
    this.#connecting ??= this.#connect(Math.max(1, timeoutMs)).finally(() => (this.#connecting = undefined));
    await this.#connecting;
  }

  async #connect(timeoutMs: number): Promise<void> {
    const connection = await this.#options.connect(timeoutMs);
    this.#connections.push(connection);
    if (this.#isClosed) connection.close();
  }

  #gaveUp({ message }: StatusError): StatusError {
    return new StatusError(
      code.UNAVAILABLE,
      `the connection was lost, and the server was not found again within ${this.#withinMs / 1000} s: ${message}`,
    );
  }
}
