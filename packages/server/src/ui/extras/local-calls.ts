// RPCs that this process asks of itself on behalf of a request: the same handlers, checks and limits as for any client,
// with what the request says of who it is.

import type { IncomingMessage } from 'node:http';
import { code, StatusError } from '@perdure/api';
import { methodByPath } from '@perdure/api/services';
import type { Init, MessageType } from '@perdure/api/wire';
import { HttpCall } from '../../transport/http/http-call.ts';
import { metadataOf } from '../../transport/http/metadata.ts';
import type { RpcHandler, RpcMetadata } from '../../transport/rpc.ts';

export interface Messages<Request, Response> {
  readonly request: MessageType<Request>;
  readonly response: MessageType<Response>;
}

/** Longer than any handler waits, so that an empty answer comes before. */
const TIMEOUT_MS = 90_000;
const SERVICES = ['workflowservice.v1.WorkflowService', 'operatorservice.v1.OperatorService'];

export class LocalCalls {
  readonly #handler: RpcHandler;
  readonly #metadata: RpcMetadata;
  readonly #peer: string;
  readonly #signal: AbortSignal | undefined;
  readonly #onError: (error: unknown, path: string) => void;

  /** @param signal aborts the calls that are under way */
  constructor(
    handler: RpcHandler,
    request: IncomingMessage,
    onError: (error: unknown, path: string) => void,
    signal?: AbortSignal,
  ) {
    this.#handler = handler;
    this.#metadata = metadataOf(request.headers);
    this.#peer = `${request.socket.remoteAddress}:${request.socket.remotePort}`;
    this.#onError = onError;
    this.#signal = signal;
  }

  /** @throws {StatusError} and whatever else goes wrong */
  async call<Request, Response>(
    method: string,
    messages: Messages<Request, Response>,
    request: Init<Request>,
  ): Promise<Response> {
    const path = pathOf(method);
    const signal = this.#signal;
    const call = new HttpCall({
      path,
      metadata: this.#metadata,
      body: messages.request.encode(request),
      timeoutMs: TIMEOUT_MS,
      peer: this.#peer,
      onError: (error) => this.#onError(error, path),
    });
    const leave = () => call.cancel(new StatusError(code.CANCELLED, 'the client has left'));
    if (signal?.aborted) leave();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return messages.response.decode(await call.answer((one) => this.#handler.unary(one)));
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }
}

function pathOf(method: string): string {
  const paths = SERVICES.map((service) => `/temporal.api.${service}/${method}`);
  const path = paths.find((each) => methodByPath.has(each));
  if (path === undefined) throw new TypeError(`there is no RPC ${method}`);
  return path;
}
