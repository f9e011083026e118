// A found file as an answer: what may be kept for how long, whether the client has it already, then its bytes.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { SAFE_HEADERS } from '../safe-headers.ts';
import type { FoundFile } from './files.ts';
import { mediaTypeOf } from './media-types.ts';

/** Names of built files hold a hash of their content. */
const HASHED = /^\/assets\/.*-[\w-]{8,}\.\w+$/;
const FOREVER = 'public, max-age=31536000, immutable';

export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  file: FoundFile,
): Promise<void> {
  const { handle, stats, coding } = file;
  const etag = etagOf(file);
  const headers: OutgoingHttpHeaders = {
    ...SAFE_HEADERS,
    etag,
    vary: 'Accept-Encoding',
    'cache-control': HASHED.test(path) ? FOREVER : 'no-cache',
  };
  const isKnown = isNamed(request.headers['if-none-match'], etag);
  if (isKnown || request.method === 'HEAD') await handle.close();
  if (isKnown) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    'content-type': mediaTypeOf(path),
    'content-length': stats.size,
    ...(coding === undefined ? {} : { 'content-encoding': coding }),
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(handle.createReadStream(), response);
}

function etagOf({ stats, coding = 'identity' }: FoundFile): string {
  return `"${stats.size.toString(36)}-${Math.trunc(stats.mtimeMs).toString(36)}-${coding}"`;
}

function isNamed(header: string | undefined, etag: string): boolean {
  const names = (header ?? '').split(',').map((name) => name.trim().replace(/^W\//, ''));
  return names.includes(etag) || names.includes('*');
}
