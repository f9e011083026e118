// An answer that goes on: server-sent events, as the HTML standard has them. Whoever sends waits while the client does not
// read, so that nothing gathers here but what is being sent; a client that reads nothing for long is dropped.

import type { ServerResponse } from 'node:http';
import { SAFE_HEADERS } from '../safe-headers.ts';

export interface EventStreamOptions {
  /** How often something is sent when nothing happens, so that the client, and whatever is between, see that it lives. */
  readonly heartbeatMs: number;
  /** A client that takes nothing for so long is dropped. */
  readonly sendTimeoutMs: number;
}

export const STREAM_DEFAULTS: EventStreamOptions = { heartbeatMs: 15_000, sendTimeoutMs: 30_000 };

/** How long a browser waits until it takes up a broken stream. */
const RETRY_MS = 2000;
const HEADERS = {
  ...SAFE_HEADERS,
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies must not gather what is to be seen at once.
  'x-accel-buffering': 'no',
} as const;

export class EventStream {
  readonly #response: ServerResponse;
  readonly #options: EventStreamOptions;
  readonly #ended = new AbortController();
  #heartbeat: NodeJS.Timeout | undefined;
  /** Resolves when the client has read what was sent, or is gone; undefined: it has. */
  #full: Promise<void> | undefined;

  constructor(response: ServerResponse, options: EventStreamOptions = STREAM_DEFAULTS) {
    this.#response = response;
    this.#options = options;
    response.once('close', () => this.#stop());
    if (response.destroyed) this.#stop();
  }

  /** Aborted when the client has left or the stream has ended. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** The answer begins. */
  open(): void {
    if (this.signal.aborted) return;
    this.#response.writeHead(200, HEADERS);
    this.#write(`retry: ${RETRY_MS}\n\n`);
    this.#heartbeat = setInterval(() => {
      if (this.#full === undefined) this.#write(': alive\n\n');
    }, this.#options.heartbeatMs);
  }

  /**
   * Resolves when it is on its way, or will never be.
   * @param data without line breaks
   * @param id asked for when it is written: until then others may be
   */
  async send(event: string, data: string, id?: () => string): Promise<void> {
    while (this.#full !== undefined) await this.#full;
    if (this.signal.aborted) return;
    this.#write(`${id === undefined ? '' : `id: ${id()}\n`}event: ${event}\ndata: ${data}\n\n`);
  }

  /** Resolves when the client has left or the stream has ended. */
  untilEnd(): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  /** An answer that has not begun is left to whoever would begin it. */
  end(): void {
    this.#stop();
    if (this.#response.headersSent) this.#response.end();
  }

  #write(text: string): void {
    if (this.#response.write(text)) return;
    this.#full = new Promise((resolve) => {
      const giveUp = setTimeout(() => this.#response.destroy(), this.#options.sendTimeoutMs);
      const go = () => {
        clearTimeout(giveUp);
        this.#response.off('drain', go);
        this.signal.removeEventListener('abort', go);
        this.#full = undefined;
        resolve();
      };
      this.#response.once('drain', go);
      this.signal.addEventListener('abort', go, { once: true });
    });
  }

  #stop(): void {
    clearInterval(this.#heartbeat);
    this.#ended.abort();
  }
}
