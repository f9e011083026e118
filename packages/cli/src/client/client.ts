// Calls of the server in proto JSON: a command writes its request as the object that the API's documents show, and reads
// the reply the same way. A field that the API does not have is an error here, before anything is sent.

import { code, StatusError } from '@perdure/api';
import { JsonError, messageFromJson, type Schema } from '@perdure/api/json';
import { CommandError, exitCode } from '../exit.ts';
import type { LastingCallOptions } from './lasting-rpc.ts';
import { Message } from './message.ts';

export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** What encodes and decodes payloads on their way, if anything does. */
export interface PayloadCodec {
  encode(typeName: string, message: Uint8Array): Promise<Uint8Array>;
  decode(typeName: string, message: Uint8Array): Promise<Uint8Array>;
}

/** What carries the calls: a connection, or one that is made again. */
export interface Rpc {
  unary(path: string, body: Uint8Array, options?: LastingCallOptions): Promise<Uint8Array>;
  close(): void;
}

export interface ClientOptions {
  readonly rpc: Rpc;
  readonly schema: Schema;
  readonly namespace: string;
  readonly identity: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly codec?: PayloadCodec | undefined;
  readonly signal: AbortSignal;
  /** All calls last: see `Client.lasting`. */
  readonly lasts?: boolean;
  /** Told once whenever the connection is lost under a call that lasts. */
  readonly onLost?: (() => void) | undefined;
}

export interface CallOptions {
  readonly timeoutMs?: number;
  /** It is made again when the connection is lost: it only reads, or the server knows it again by an id. */
  readonly lasts?: boolean;
}

const SERVICES = {
  workflow: 'temporal.api.workflowservice.v1.WorkflowService',
  operator: 'temporal.api.operatorservice.v1.OperatorService',
  health: 'grpc.health.v1.Health',
} as const;
const CALL_TIMEOUT_MS = 10_000;
/** Of calls that wait for something: the server answers before that. */
const POLL_TIMEOUT_MS = 70_000;
/** After this, what was found is still true, or the call is worth another try. */
const RETRY_PAUSE_MS = 200;

export class Client {
  readonly namespace: string;
  readonly identity: string;
  readonly schema: Schema;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.namespace = options.namespace;
    this.identity = options.identity;
    this.schema = options.schema;
  }

  /**
   * Calls an RPC of the workflow service.
   * @param request proto JSON; undefined members are left out
   * @throws {StatusError} as the server says
   */
  call<T>(method: string, request: JsonObject, options?: CallOptions): Promise<Message<T>> {
    return this.#call<T>('workflow', method, request, options);
  }

  /** The same of the operator service. */
  operate<T>(method: string, request: JsonObject, options?: CallOptions): Promise<Message<T>> {
    return this.#call<T>('operator', method, request, options);
  }

  /** Whether the server takes requests. */
  checkHealth(): Promise<Message<{ readonly status?: string }>> {
    return this.#call('health', 'Check', {});
  }

  /**
   * The same client for commands that watch, and only read: a server that is away for a while does not end them.
   * @param onLost instead of that of this client
   */
  lasting(onLost = this.#options.onLost): Client {
    return new Client({ ...this.#options, lasts: true, onLost });
  }

  /**
   * A call that waits on the server: its end without an answer is not an error, but another try; neither is a
   * connection that is lost. It only reads, or has an id by which the server knows it again.
   */
  async poll<T>(method: string, request: JsonObject): Promise<Message<T>> {
    for (;;) {
      try {
        return await this.call<T>(method, request, { timeoutMs: POLL_TIMEOUT_MS, lasts: true });
      } catch (error) {
        if (!(error instanceof StatusError) || error.code !== code.DEADLINE_EXCEEDED) throw error;
        this.#options.signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
      }
    }
  }

  /** All pages of a list, as they come. */
  async *pages<T>(
    method: string,
    request: JsonObject,
    { service = 'workflow' }: { readonly service?: keyof typeof SERVICES } = {},
  ): AsyncGenerator<Message<T>> {
    let nextPageToken: string | undefined;
    do {
      const page = await this.#call<T & { nextPageToken?: string }>(service, method, { ...request, nextPageToken });
      yield page;
      nextPageToken = page.value.nextPageToken;
    } while (nextPageToken !== undefined && nextPageToken !== '');
  }

  close(): void {
    this.#options.rpc.close();
  }

  async #call<T>(
    service: keyof typeof SERVICES,
    method: string,
    request: JsonObject,
    { timeoutMs = CALL_TIMEOUT_MS, lasts = this.#options.lasts === true }: CallOptions = {},
  ): Promise<Message<T>> {
    const { rpc, schema, metadata, codec, signal, onLost } = this.#options;
    const name = SERVICES[service];
    // Of all services just this one names its messages otherwise.
    const prefix = `${name.slice(0, name.lastIndexOf('.'))}.${service === 'health' ? 'HealthCheck' : method}`;
    const message = encoded(schema, `${prefix}Request`, request);
    const body = codec === undefined ? message : await codec.encode(`${prefix}Request`, message);
    signal.throwIfAborted();
    const options = { timeoutMs, metadata, lasts, ...(onLost && { onLost }) };
    const reply = await untilAborted(rpc.unary(`/${name}/${method}`, body, options), signal);
    const decoded = codec === undefined ? reply : await codec.decode(`${prefix}Response`, reply);
    return new Message<T>(schema, `${prefix}Response`, decoded);
  }
}

/** @throws {CommandError} a number or a duration that the API has no room for */
function encoded(schema: Schema, typeName: string, request: JsonObject): Uint8Array {
  try {
    return messageFromJson(schema, typeName, JSON.stringify(request));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    // Where it stands in a text that nobody sees does not help.
    const what = error.message.replace(/^\(line \d+:\d+\): /, '');
    throw new CommandError(`the request cannot be made: ${what}`, exitCode.USAGE);
  }
}

/** @throws the reason of the signal */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    // Heard also when nobody waits any more: the call fails when the client is closed.
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
