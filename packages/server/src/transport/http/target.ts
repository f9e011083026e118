// What the first line of an HTTP request asks for: `/namespaces/default/workflows/a%2Fb?pretty`.

import { HttpRefusal } from './refusal.ts';

export interface RequestTarget {
  /** As it was sent, without the query. */
  readonly path: string;
  /** Decoded one by one, so that a workflow id may hold a slash. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

/** @throws {HttpRefusal} */
export function parseTarget(url: string): RequestTarget {
  // A client may send the whole URL, as it would to a proxy.
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)(?:\?(.*))?$/is.exec(url) ?? [];
  return { path, segments: path.split('/').slice(1).map(decode), query: new URLSearchParams(query) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw new HttpRefusal(400, `the path holds an escape that cannot be decoded: ${segment}`, { cause: error });
  }
}
