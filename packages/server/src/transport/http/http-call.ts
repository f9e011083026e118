// One unary call that came as an HTTP request: what its handler sees, and the ways in which it ends early.

import { code, StatusError } from '@perdure/api';
import type { RpcCall, RpcMetadata } from '../rpc.ts';

export interface HttpCallOptions {
  readonly path: string;
  readonly metadata: RpcMetadata;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
  readonly peer: string;
  /** A handler's listener failed. */
  readonly onError: (error: unknown) => void;
}

/** The longest delay of a timer of the platform. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export class HttpCall implements RpcCall {
  readonly path: string;
  readonly metadata: RpcMetadata;
  readonly body: Uint8Array;
  readonly deadlineMs: number;
  readonly peer: string;
  cancelled = false;
  readonly #timer: NodeJS.Timeout;
  readonly #early = Promise.withResolvers<never>();
  readonly #onError: (error: unknown) => void;
  #isOver = false;
  #cancelListener: (() => void) | undefined;

  constructor({ path, metadata, body, timeoutMs, peer, onError }: HttpCallOptions) {
    this.path = path;
    this.metadata = metadata;
    this.body = body;
    this.deadlineMs = Date.now() + timeoutMs;
    this.peer = peer;
    this.#onError = onError;
    const expired = new StatusError(code.DEADLINE_EXCEEDED, 'context deadline exceeded');
    this.#timer = setTimeout(() => this.cancel(expired), Math.min(timeoutMs, TIMER_MAX_MS));
  }

  get onCancel(): (() => void) | undefined {
    return this.#cancelListener;
  }

  set onCancel(listener: (() => void) | undefined) {
    if (this.cancelled && listener !== undefined) this.#call(listener);
    else this.#cancelListener = listener;
  }

  /** The handler's answer, or the reason for which the call was cancelled before it came. */
  async answer(serve: (call: RpcCall) => Promise<Uint8Array> | Uint8Array): Promise<Uint8Array> {
    try {
      return await Promise.race([serve(this), this.#early.promise]);
    } finally {
      this.#isOver = true;
      this.#cancelListener = undefined;
      clearTimeout(this.#timer);
    }
  }

  /** Nobody waits for the answer any more. */
  cancel(reason: StatusError): void {
    if (this.cancelled || this.#isOver) return;
    this.cancelled = true;
    const listener = this.#cancelListener;
    this.#cancelListener = undefined;
    this.#early.reject(reason);
    if (listener !== undefined) this.#call(listener);
  }

  #call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#onError(error);
    }
  }
}
