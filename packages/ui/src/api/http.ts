// One way to the server: the REST JSON of Temporal's API, with the paths that its definitions give.
//
// int64 fields are text there, so plain JSON.parse loses nothing; payloads are base64 and are opened elsewhere
// (payloads/). Paths are relative to the page's base, so that the UI works under any base path.

import { setAnswering } from './answering.ts';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Payloads with their metadata and bytes, rather than as the JSON that they may hold. */
const WHOLE_PAYLOADS = 'application/json+no-payload-shorthand';

const DOTS = 'No browser can ask for what is called "." or "..". The command "perdure" can.';

type QueryValue = string | number | boolean | readonly string[] | undefined;

/** What the server refused, or that it did not answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0: no answer. */
  readonly status: number;
  /** gRPC code; 14 (UNAVAILABLE) where there was no answer. */
  readonly code: number;
  readonly details: readonly unknown[];
  readonly request: string;

  constructor(message: string, facts: { status: number; code: number; details?: readonly unknown[]; request: string }) {
    super(message);
    this.status = facts.status;
    this.code = facts.code;
    this.details = facts.details ?? [];
    this.request = facts.request;
  }
}

export const GRPC = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/**
 * Calls the API.
 * @param rest after `/api/v1/`, its parts already encoded: see `path`
 * @throws {ApiError}
 */
export function api<T>(rest: string, request: ApiRequest = {}): Promise<T> {
  return call<T>(`api/v1/${rest}`, request);
}

/** Calls what only a Perdure server has. */
export function extra<T>(rest: string, request: ApiRequest = {}): Promise<T> {
  return call<T>(`ui-api/v1/${rest}`, request);
}

/** A path of literal text and encoded values: path`namespaces/${name}/workflows`. */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): string {
  return literals.reduce((text, literal, i) => text + encodeURIComponent(values[i - 1] ?? '') + literal);
}

/** The address of something on this server, under whatever base path it serves the UI. */
export function addressOf(relative: string, query: ApiRequest['query'] = {}): URL {
  const url = new URL(relative, document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== '') url.searchParams.append(name, String(each));
    }
  }
  return url;
}

async function call<T>(relative: string, { method = 'GET', query, body, headers, signal }: ApiRequest): Promise<T> {
  const url = addressOf(relative, query);
  const request = `${method} ${url.pathname}${url.search}`;
  // Browsers take them for steps in the path, escaped or not: something else would be asked, or deleted.
  if (/\/\.\.?(\/|$)/.test(relative)) throw new ApiError(DOTS, { status: 400, code: GRPC.invalidArgument, request });
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: WHOLE_PAYLOADS,
        ...(body === undefined ? {} : { 'content-type': WHOLE_PAYLOADS }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    text = await response.text();
    setAnswering(true);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    setAnswering(false);
    throw new ApiError('The server does not answer.', { status: 0, code: GRPC.unavailable, request });
  }
  if (!response.ok) throw refusal(response, text, request);
  return (text === '' ? {} : parsed(text, response, request)) as T;
}

function parsed(text: string, { status }: Response, request: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('The answer is not JSON: is this the address of the API?', { status, code: 13, request });
  }
}

function refusal({ status, statusText }: Response, text: string, request: string): ApiError {
  const fallback = { message: text.slice(0, 300) || statusText, code: status === 404 ? GRPC.notFound : 2 };
  let body: { readonly message?: string; readonly code?: number; readonly details?: readonly unknown[] } = fallback;
  try {
    body = { ...fallback, ...(JSON.parse(text) as typeof body) };
  } catch {
    // A proxy's own page: its text says what there is to say.
  }
  const { message = fallback.message, code = fallback.code, details = [] } = body;
  return new ApiError(message, { status, code, details, request });
}
