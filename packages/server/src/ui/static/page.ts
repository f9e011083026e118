// The one page of the Web UI: index.html with where it lies and what it may do. It has a new nonce each time, so it is
// never taken from a cache.

import { createHash, randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { SAFE_HEADERS } from '../safe-headers.ts';
import type { StaticFiles } from './files.ts';

export interface Page {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly html: string;
}

/** In index.html: what the build leaves open (`html.cspNonce` of Vite). */
const NONCE_PLACEHOLDER = /__CSP_NONCE__/g;
const INLINE_SCRIPT = /<script(?![^>]*\ssrc\s*=)[^>]*>([\s\S]*?)<\/script\s*>/gi;
const BASE = /<base\b[^>]*>/gi;

/** @param basePath with a slash at both ends */
export async function makePage(files: StaticFiles, basePath: string): Promise<Page> {
  const found = await files.find(['index.html'], undefined);
  if (found === undefined) return notBuilt();
  const source = await text(found.handle.createReadStream());
  const nonce = randomBytes(16).toString('base64');
  const html = withHead(source.replaceAll(BASE, '').replaceAll(NONCE_PLACEHOLDER, nonce), [
    `<base href="${basePath}">`,
    // Where scripts that add styles find it.
    `<meta property="csp-nonce" nonce="${nonce}">`,
  ]);
  return { status: 200, headers: headers(policy(nonce, inlineScripts(html))), html };
}

/** The base first: whatever has an address comes after it. */
function withHead(html: string, tags: readonly string[]): string {
  const [head = ''] = /<head\b[^>]*>/i.exec(html) ?? [];
  return head === '' ? tags.join('') + html : html.replace(head, () => head + tags.join(''));
}

function inlineScripts(html: string): string[] {
  return [...html.matchAll(INLINE_SCRIPT)].map(([, script = '']) => {
    return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  });
}

/**
 * Scripts are those of the build alone, styles those and what they add. Whom the page may talk to cannot be said here: the
 * codec server that decodes payloads is chosen in the browser, and may be anywhere; so any http(s) address, by fetch alone.
 */
function policy(nonce: string, scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(' '),
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self' https: http:",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function headers(contentSecurityPolicy: string): OutgoingHttpHeaders {
  return {
    ...SAFE_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy,
    'cross-origin-opener-policy': 'same-origin',
  };
}

function notBuilt(): Page {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Perdure</title></head>
<body>
<h1>The Web UI is not built</h1>
<p>The folder of the Web UI has no index.html. In a checkout of the source, <code>npm run build</code> makes it;
<code>--ui-asset-path FOLDER</code> takes one from elsewhere; <code>--headless</code> does without.</p>
<p>The API is served all the same, below <code>api/v1/</code>.</p>
</body>
</html>
`;
  return { status: 503, headers: headers("default-src 'none'; frame-ancestors 'none'"), html };
}
