// Answers of the UI's own: JSON, and errors in the one form that clients of the HTTP API know.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { StatusError } from '@perdure/api';
import { HttpRefusal } from '../transport/http/refusal.ts';
import { httpStatusOf } from '../transport/http/status.ts';
import { maskedError } from '../transport/masked-error.ts';
import { SAFE_HEADERS } from './safe-headers.ts';

export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  const body = `${JSON.stringify(value)}\n`;
  response.writeHead(status, {
    ...SAFE_HEADERS,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** What went wrong, unless an answer has begun: then the connection ends, so that nobody takes it for a whole one. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  onError: (error: unknown, path: string) => void,
): void {
  if (response.headersSent || response.destroyed) {
    if (!response.destroyed) onError(error, request.url ?? '');
    response.destroy();
    return;
  }
  if (error instanceof HttpRefusal) {
    const { status, code, message, headers } = error;
    return sendJson(request, response, status, { code, message }, headers);
  }
  if (!(error instanceof StatusError)) onError(error, request.url ?? '');
  const status = error instanceof StatusError ? error : maskedError(error);
  sendJson(request, response, httpStatusOf(status), { code: status.code, message: status.message });
}
