// Page tokens of lists: opaque to clients, JSON to us. Whoever sends one back may have changed it, so it is checked.

import { invalidArgument } from '@perdure/api';

type Kinds = Readonly<Record<string, 'string' | 'number'>>;
type Content<K extends Kinds> = { readonly [Name in keyof K]: K[Name] extends 'string' ? string : number };

export function encodePageToken(content: Readonly<Record<string, string | number>>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(content));
}

/** @throws {StatusError} INVALID_ARGUMENT unless the token is an object with every member of `kinds` in its kind */
export function decodePageToken<K extends Kinds>(token: Uint8Array, kinds: K): Content<K> {
  const content = parse(token);
  for (const [name, kind] of Object.entries(kinds)) {
    if (typeof content[name] !== kind) throw invalidPageToken();
  }
  return content as Content<K>;
}

function parse(token: Uint8Array): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(token));
    if (typeof content === 'object' && content !== null) return content as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalidPageToken();
}

function invalidPageToken(): Error {
  return invalidArgument('Invalid NextPageToken.');
}
