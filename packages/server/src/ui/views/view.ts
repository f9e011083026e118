// A saved view as it is sent and kept: a JSON object with a name. What else is in it is the page's affair.

import { createHash } from 'node:crypto';
import { invalidArgument } from '@perdure/api';

/** Bytes of one, as it is sent. */
export const VIEW_BYTES_MAX = 64 * 1024;
const NAME_BYTES_MAX = 200;
const CONTROL = /\p{Cc}/u;

export interface View {
  readonly name: string;
  /** Of exactly what it holds: whoever changes it can say which one he has seen. */
  readonly etag: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** @throws {StatusError} INVALID_ARGUMENT */
export function checkViewName(name: string): void {
  if (Buffer.byteLength(name) > NAME_BYTES_MAX)
    throw invalidArgument(`the name of a view has at most ${NAME_BYTES_MAX} bytes`);
  if (CONTROL.test(name) || !name.isWellFormed()) throw invalidArgument('the name of a view has no control characters');
}

/** What is to be kept. @throws {StatusError} INVALID_ARGUMENT */
export function encodeView(name: string, text: string): Uint8Array {
  const given = parse(text);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalidArgument('a view must be a JSON object');
  }
  const { name: itsName = name, etag: _seen, ...members } = given as Readonly<Record<string, unknown>>;
  if (itsName !== name) throw invalidArgument(`the view is called ${JSON.stringify(itsName)}, and its path "${name}"`);
  if (members['query'] !== undefined && typeof members['query'] !== 'string') {
    throw invalidArgument('the query of a view must be text');
  }
  return Buffer.from(JSON.stringify(members));
}

export function decodeView(name: string, value: Uint8Array): View {
  const etag = `"${createHash('sha256').update(value).digest('base64url').slice(0, 22)}"`;
  return { name, etag, members: JSON.parse(Buffer.from(value).toString()) as Readonly<Record<string, unknown>> };
}

/** As it is shown; the tag may be sent back with it. */
export function shownView({ name, etag, members }: View) {
  return { name, ...members, etag };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw invalidArgument(`a view must be a JSON object: ${error instanceof Error ? error.message : String(error)}`);
  }
}
