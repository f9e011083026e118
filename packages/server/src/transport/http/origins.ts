// Which web pages may use the API from a browser. A page of another origin may only if the operator has named it; the
// same pages may read the answers (CORS). Requests that no page makes have no Origin header, and are not concerned.
//
// Browsers send some cross-origin requests without asking first, and only hide the answers. A server on localhost has no
// other protection from the pages that its user visits, so such requests are refused, not just left unread.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { HttpRefusal } from './refusal.ts';

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/i;
/** An address, or a name that nobody can have on the internet: without a dot, or in a domain for private use. */
const LOCAL = /^(?:\d+(?:\.\d+){3}|\[[\da-f:.]+\]|[^.:]*|[^:]+\.(?:localhost|internal))(?::\d*)?$/i;
const ANY = /^/;
const VERBS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** How long a browser may keep the answer to its question, in seconds. */
const PREFLIGHT_VALID_SECONDS = 600;

export interface OriginPolicy {
  /** Of the header Host. */
  readonly allowedHosts: RegExp;
  /** Of the header Origin. */
  readonly allowedOrigins: RegExp;
}

/**
 * The hosts that requests may name, where the operator says nothing. A page can let its own name stand for 127.0.0.1 once
 * it is loaded (DNS rebinding): what it asks then comes from no other origin. So a server that only this machine can reach
 * listens to no such names.
 * @param listensOn an IP address
 */
export function hostsOf(listensOn: string): RegExp {
  return LOOPBACK.test(listensOn) ? LOCAL : ANY;
}

/** The header fields that let the page read the answer. @throws {HttpRefusal} */
export function admitOrigin(headers: IncomingHttpHeaders, policy: OriginPolicy): OutgoingHttpHeaders {
  const { host = '', origin } = headers;
  if (!policy.allowedHosts.test(host))
    throw new HttpRefusal(403, 'Host not allowed; frontend.httpAllowedHosts says which are');
  if (origin === undefined || isSameOrigin(origin, host)) return {};
  if (!policy.allowedOrigins.test(origin)) throw new HttpRefusal(403, `Origin ${origin} not allowed`);
  return { 'access-control-allow-origin': origin, vary: 'Origin' };
}

function isSameOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** The answer to the question of a browser whether a page may make a request. */
export function preflightHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  if (headers['access-control-request-method'] === undefined) return {};
  const asked = headers['access-control-request-headers'];
  return {
    'access-control-allow-methods': VERBS,
    ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
    'access-control-max-age': String(PREFLIGHT_VALID_SECONDS),
  };
}
