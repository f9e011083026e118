// One measurement's connections and background work. The generator plays a client that starts and signals workflows,
// and a worker, each on a connection of its own as in real life. Closing the session ends the worker's long polls on
// the server, so that no forgotten poll steals a task of the next measurement.
// An error in any background task fails the measurement; none is dropped.

import type { RpcClient } from '@perdure/server';

/** The server under test, as a measurement sees it. */
export interface Target {
  readonly namespace: string;
  connect(): Promise<RpcClient>;
  /** CPU time that the server has used, ms. Undefined when its process is not known. */
  readonly cpuMs: (() => number) | undefined;
}

/** The path of a method of WorkflowService. */
export function serviceMethod(name: string): string {
  return `/temporal.api.workflowservice.v1.WorkflowService/${name}`;
}

/** Generous: a slow server is to be measured, not to be given up. */
const callTimeoutMs = 60_000;
/** What the workers of the SDKs set. */
const pollTimeoutMs = 70_000;
/** UNAVAILABLE, RESOURCE_EXHAUSTED and ABORTED ask for a retry. Hundreds in a row mean a server that does not recover. */
const retryableCodes: ReadonlySet<unknown> = new Set([8, 10, 14]);
const attemptsMax = 200;
/** Longer than any call may take. */
const stallMs = 65_000;
const retryDelayMs = 20;

export class Session {
  readonly namespace: string;
  readonly #client: RpcClient;
  readonly #worker: RpcClient;
  readonly #failed = Promise.withResolvers<never>();
  /** Calls that were answered, polls not counted: these end by themselves even when nothing happens. */
  #answers = 0;
  #closed = false;

  static async open(target: Target): Promise<Session> {
    return new Session(target.namespace, await target.connect(), await target.connect());
  }

  private constructor(namespace: string, client: RpcClient, worker: RpcClient) {
    this.namespace = namespace;
    this.#client = client;
    this.#worker = worker;
    this.#failed.promise.catch(() => {
      // Whoever waits in during() gets it; before that, it is no unhandled rejection.
    });
  }

  /** A call of the client. */
  async call(method: string, request: Uint8Array): Promise<Uint8Array> {
    const response = await this.#unary(this.#client, method, request);
    this.#answers++;
    return response;
  }

  /** A call of the worker that reports the result of a task. */
  async respond(method: string, request: Uint8Array): Promise<Uint8Array> {
    const response = await this.#unary(this.#worker, method, request);
    this.#answers++;
    return response;
  }

  /** Keeps `pollers` long polls open for as long as the session lives. `onTask` gets every response, empty ones too. */
  poll(method: string, request: Uint8Array, pollers: number, onTask: (response: Uint8Array) => void): void {
    const loop = async () => {
      while (!this.#closed) {
        const response = await this.#pollOnce(method, request);
        if (response !== undefined) onTask(response);
      }
    };
    for (let poller = 0; poller < pollers; poller++) this.background(loop());
  }

  /** Work that nobody awaits: its error fails the measurement. */
  background(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#failed.reject(error));
  }

  /** The result of `work`, or the first error of the background, or that nothing happens any more. */
  async during<T>(work: Promise<T>): Promise<T> {
    let before = -1;
    const watch = setInterval(() => {
      if (this.#answers === before)
        this.#failed.reject(new Error(`no call was answered for ${stallMs} ms: a task was lost`));
      before = this.#answers;
    }, stallMs);
    try {
      return await Promise.race([work, this.#failed.promise]);
    } finally {
      clearInterval(watch);
    }
  }

  close(): void {
    this.#closed = true;
    this.#client.close();
    this.#worker.close();
  }

  async #pollOnce(method: string, request: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      return await this.#unary(this.#worker, method, request, pollTimeoutMs);
    } catch (error) {
      if (this.#closed) return undefined;
      throw error;
    }
  }

  async #unary(
    connection: RpcClient,
    method: string,
    request: Uint8Array,
    timeoutMs = callTimeoutMs,
  ): Promise<Uint8Array> {
    const path = serviceMethod(method);
    for (let attempt = 1; ; attempt++) {
      try {
        return await connection.unary(path, request, { timeoutMs });
      } catch (error) {
        if (this.#closed || attempt === attemptsMax || !retryableCodes.has(statusCode(error))) {
          throw new Error(`${method}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        }
        await delay(retryDelayMs);
      }
    }
  }
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function statusCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
