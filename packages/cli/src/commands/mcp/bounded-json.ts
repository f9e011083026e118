// JSON that fits into the context of an agent, and is JSON also if not all of it fits: then values are left out, and a
// note beside them says which, and how to get them.

import { type JsonNode, NOWHERE } from '@perdure/api/json';
import { compactJson, fitted, type LeftOut, type Part, partOf } from './json-parts.ts';

export interface JsonBound {
  readonly bytesMax: number;
  /** What of the value is asked for. */
  readonly part: Part;
  /** How to see what is left out, as a sentence. */
  readonly how: (first: LeftOut) => string;
}

const NOTES_MAX = 3;
/** A path that is longer is not worth its room. */
const PATH_BYTES_MAX = 100;

/**
 * The value if it fits; otherwise `{leftOut: [...], next: ..., value: ...}`, all of which counts.
 * @throws {CommandError} it has no such part
 */
export function boundedJson(whole: JsonNode, { bytesMax, part, how }: JsonBound): string {
  const value = partOf(whole, part);
  const text = compactJson(value);
  if (Buffer.byteLength(text) <= bytesMax) return text;
  // The less of the value is shown, the more the note may say of it, so it takes some turns until both fit.
  let forValue = bytesMax;
  for (;;) {
    const { node, leftOut } = fitted(value, forValue, part);
    const shown = compactJson(withNote(node, leftOut, how));
    const over = Buffer.byteLength(shown) - bytesMax;
    if (over <= 0 || node === undefined) return shown;
    forValue -= over;
  }
}

function withNote(node: JsonNode | undefined, leftOut: readonly LeftOut[], how: JsonBound['how']): JsonNode {
  const [first] = leftOut;
  const notes = leftOut.slice(0, NOTES_MAX).map(({ path, what }) => `${what}${place(path)}`);
  if (leftOut.length > NOTES_MAX) notes.push(`and ${leftOut.length - NOTES_MAX} more`);
  return object({
    leftOut: { kind: 'array', at: NOWHERE, items: notes.map(string) },
    ...(first === undefined ? {} : { next: string(how(first)) }),
    ...(node === undefined ? {} : { value: node }),
  });
}

function place(path: string): string {
  if (path === '') return '';
  return isShort(path) ? ` at ${path}` : ' at a long path';
}

function isShort(path: string): boolean {
  return Buffer.byteLength(JSON.stringify(path)) <= PATH_BYTES_MAX;
}

/** How most tools show what they left out. */
export function askForPart(tool: string): JsonBound['how'] {
  return ({ path, from }) => {
    const where = isShort(path) ? JSON.stringify(path) : 'the path of what you want';
    return `Call ${tool} again with path ${where} and from ${from}.`;
  };
}

function string(value: string): JsonNode {
  return { kind: 'string', at: NOWHERE, value };
}

function object(members: Readonly<Record<string, JsonNode>>): JsonNode {
  return {
    kind: 'object',
    at: NOWHERE,
    members: Object.entries(members).map(([key, value]) => ({ key, at: NOWHERE, value })),
  };
}
