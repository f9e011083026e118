// One request of a completion callback over HTTP, and what its answer means: success, to be tried again, or never.

import type { CallbackAnswer } from '@perdure/core';
import type { CallbackRequest } from './completion.ts';

/** Bytes of an answer that are looked at. */
const ANSWER_MAX = 64 * 1024;

const SUCCEEDED: CallbackAnswer = { problem: undefined, isRetryable: false };

/** By status code: the name of the Nexus handler error, and whether the same request may succeed later. */
const HANDLER_ERRORS: ReadonlyMap<number, readonly [string, boolean]> = new Map([
  [400, ['BAD_REQUEST', false]],
  [401, ['UNAUTHENTICATED', false]],
  [403, ['UNAUTHORIZED', false]],
  [404, ['NOT_FOUND', false]],
  [408, ['REQUEST_TIMEOUT', true]],
  [409, ['CONFLICT', false]],
  [429, ['RESOURCE_EXHAUSTED', true]],
  [500, ['INTERNAL', true]],
  [501, ['NOT_IMPLEMENTED', false]],
  [503, ['UNAVAILABLE', true]],
  [520, ['UPSTREAM_TIMEOUT', true]],
]);

/** Does not reject. */
export async function postCallback(
  request: CallbackRequest,
  timeoutMs: number,
  stop: AbortSignal,
): Promise<CallbackAnswer> {
  const { url, headers, body } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const signal = AbortSignal.any([timeout, stop]);
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    const text = await readText(response);
    return response.ok ? SUCCEEDED : problemOf(response, text);
  } catch (error) {
    const reason = timeout.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error);
    return { problem: `POST ${url}: ${reason}`, isRetryable: true };
  }
}

function problemOf(response: Response, text: string): CallbackAnswer {
  const { status, statusText, headers } = response;
  const [type, byStatus] = HANDLER_ERRORS.get(status) ?? [undefined, true];
  const override = headers.get('nexus-request-retryable')?.toLowerCase();
  const isRetryable = override === 'true' || (override !== 'false' && byStatus);
  const message = messageIn(headers, text) ?? `unexpected response status: "${`${status} ${statusText}`.trim()}"`;
  return { problem: type === undefined ? message : `handler error (${type}): ${message}`, isRetryable };
}

/** Handlers say what is wrong as a Nexus failure. */
function messageIn(headers: Headers, text: string): string | undefined {
  if (!(headers.get('content-type') ?? '').startsWith('application/json')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const message = typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined;
  return typeof message === 'string' && message !== '' ? message : undefined;
}

/** The beginning of the body; the rest is not waited for. */
async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  const body: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
  if (body === undefined) return '';
  for await (const chunk of body) {
    size += chunk.length;
    text += decoder.decode(chunk, { stream: true });
    if (size > ANSWER_MAX) break;
  }
  return text;
}

/** The platform says "fetch failed" and keeps the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
