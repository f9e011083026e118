// The HTTP/JSON API: one request in, one response out. It finds the RPC, makes its message, calls the same handler as
// gRPC does, and shows the answer as JSON. Sockets and their limits are in http-transport.ts.
//
// Loaded with all that it needs when the first request comes; a server that nobody asks over HTTP pays nothing.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { code, invalidArgument, StatusError } from '@perdure/api';
import { loadSchema, messageToJson, type Schema, type ToJsonOptions } from '@perdure/api/json';
import { methods } from '@perdure/api/services';
import { parseTimeoutMs } from '../grpc/timeout.ts';
import { maskedError } from '../masked-error.ts';
import type { RpcHandler } from '../rpc.ts';
import { HttpCall } from './http-call.ts';
import type { HttpLimits } from './limits.ts';
import { metadataOf } from './metadata.ts';
import { findDocument } from './openapi/documents.ts';
import { admitOrigin, type OriginPolicy, preflightHeaders } from './origins.ts';
import { type BodyBudget, readBody } from './read-body.ts';
import { HttpRefusal } from './refusal.ts';
import { requestMessage } from './request-message.ts';
import { createRoutes, type RouteMatch, type Routes } from './routes.ts';
import { httpStatusOf, statusToJson } from './status.ts';
import { parseTarget, type RequestTarget } from './target.ts';

export interface HttpApiOptions {
  readonly handler: RpcHandler;
  readonly origins: OriginPolicy;
  readonly limits: Pick<HttpLimits, 'bodyBytesMax' | 'sendTimeoutMs'>;
  readonly onError: (error: unknown, path: string) => void;
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** Of a call whose client sets no timeout: longer than any handler waits, so that an empty answer comes before. */
const TIMEOUT_DEFAULT_MS = 90_000;
/** Bodies that are being received, of all requests together. */
const BODY_BYTES_TOTAL_MAX = 256 * 1024 * 1024;
const JSON_TYPE = 'application/json';

export class HttpApi {
  readonly #options: HttpApiOptions;
  readonly #schema: Schema;
  readonly #routes: Routes = createRoutes(methods);
  readonly #budget: BodyBudget;

  private constructor(options: HttpApiOptions, schema: Schema) {
    this.#options = options;
    this.#schema = schema;
    const { bodyBytesMax } = options.limits;
    this.#budget = { bodyBytesMax, totalBytesMax: BODY_BYTES_TOTAL_MAX, usedBytes: 0 };
  }

  static async load(options: HttpApiOptions): Promise<HttpApi> {
    return new HttpApi(options, await loadSchema());
  }

  /** Answers the request, whatever happens; nothing when the client has left. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let cors: OutgoingHttpHeaders = {};
    let answer: Answer;
    const form = formOf(request);
    try {
      cors = admitOrigin(request.headers, this.#options.origins);
      answer = await this.#answer(request, response, form);
    } catch (error) {
      answer = this.#failure(error, request, form);
    }
    if (response.destroyed) return;
    response.writeHead(answer.status, {
      'content-type': JSON_TYPE,
      'x-content-type-options': 'nosniff',
      // Data of users stays out of the caches of browsers, and of whatever is between.
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(answer.body),
      ...cors,
      ...answer.headers,
    });
    response.setTimeout(this.#options.limits.sendTimeoutMs, () => response.destroy());
    response.end(answer.body);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, form: ToJsonOptions): Promise<Answer> {
    const target = parseTarget(request.url ?? '');
    const verb = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    const document = findDocument(target.path);
    const verbs = document === undefined ? this.#routes.verbsOf(target.segments) : ['GET'];
    if (verbs.length === 0) throw new HttpRefusal(404, 'Not Found');
    if (verb === 'OPTIONS')
      return { status: 204, headers: { allow: allowed(verbs), ...preflightHeaders(request.headers) }, body: '' };
    const match = this.#routes.find(verb, target.segments);
    if (match !== undefined) return this.#call(request, response, target, match, form);
    if (document === undefined || verb !== 'GET') {
      response.setHeader('allow', allowed(verbs));
      throw new HttpRefusal(405, 'Method Not Allowed');
    }
    const { contentType, text } = await document();
    return { status: 200, headers: { 'content-type': contentType }, body: text };
  }

  async #call(
    request: IncomingMessage,
    response: ServerResponse,
    { query }: RequestTarget,
    match: RouteMatch,
    form: ToJsonOptions,
  ): Promise<Answer> {
    const { method, binding } = match.route;
    const timeoutMs = timeoutOf(request);
    const [requestType, responseType] = await Promise.all([method.requestType(), method.responseType()]);
    const body = binding.body === '' ? '' : await readBody(request, this.#budget);
    const payloadShorthand = !(request.headers['content-type'] ?? '').includes('+no-payload-shorthand');
    const parts = { match, query, body, payloadShorthand, bytesMax: this.#budget.bodyBytesMax };
    const message = requestMessage(this.#schema, requestType.typeName, parts);
    const { handler, onError } = this.#options;
    const call = new HttpCall({
      path: method.path,
      metadata: metadataOf(request.headers),
      body: message,
      timeoutMs,
      peer: `${request.socket.remoteAddress}:${request.socket.remotePort}`,
      onError: (error) => onError(error, method.path),
    });
    const leave = () => call.cancel(new StatusError(code.CANCELLED, 'the client has left'));
    // Of the connection, not of the response: one that waits for its turn on a connection does not hear of its end.
    const { socket } = request;
    if (socket.destroyed) leave();
    socket.once('close', leave);
    const reply = await call.answer((one) => handler.unary(one)).finally(() => socket.off('close', leave));
    return { status: 200, headers: {}, body: `${messageToJson(this.#schema, responseType.typeName, reply, form)}\n` };
  }

  #failure(error: unknown, request: IncomingMessage, form: ToJsonOptions): Answer {
    const status =
      error instanceof HttpRefusal ? new StatusError(error.code, error.message) : this.#statusOf(error, request);
    return {
      status: error instanceof HttpRefusal ? error.status : httpStatusOf(status),
      headers: {},
      body: `${statusToJson(this.#schema, status, form)}\n`,
    };
  }

  #statusOf(error: unknown, { url = '' }: IncomingMessage): StatusError {
    if (error instanceof StatusError) return error;
    this.#options.onError(error, url);
    return maskedError(error);
  }
}

/** By the query, or as Temporal's own media types in `Accept`. */
function formOf({ url = '', headers: { accept = '' } }: IncomingMessage): ToJsonOptions {
  const query = new URLSearchParams(/\?(.*)$/s.exec(url)?.[1] ?? '');
  return {
    pretty: query.has('pretty') || accept.includes('+pretty'),
    payloadShorthand: !query.has('noPayloadShorthand') && !accept.includes('+no-payload-shorthand'),
  };
}

function allowed(verbs: readonly string[]): string {
  return [...verbs, ...(verbs.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

function timeoutOf({ headers }: IncomingMessage): number {
  const given = headers['grpc-timeout'];
  if (given === undefined) return TIMEOUT_DEFAULT_MS;
  const timeoutMs = parseTimeoutMs(String(given));
  if (timeoutMs === undefined) throw invalidArgument(`invalid grpc-timeout: ${String(given)}`);
  return timeoutMs;
}
