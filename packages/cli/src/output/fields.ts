// --fields: parts of what a command prints, named by their paths, as in `execution.workflowId`.

import { type JsonNode, parseJson } from '@perdure/api/json';
import { Message } from '../client/message.ts';
import { JsonNodeValue, type Printable, toJson } from './json.ts';
import { type PayloadJson, payloadValue } from './texts.ts';

/** Reads fields by their paths, and remembers which of them nothing had: their names may be wrong. */
export class FieldReader {
  readonly #missing = new Set<string>();
  readonly #found = new Set<string>();

  get missing(): readonly string[] {
    return [...this.#missing].filter((path) => !this.#found.has(path));
  }

  /** The fields that there are. */
  all(value: Message | Printable, paths: readonly string[]): Printable {
    return Object.fromEntries(paths.map((path) => [path, this.one(value, path) ?? null]));
  }

  one(value: Message | Printable, path: string): Printable {
    const found = fieldOf(value, path);
    (found === undefined ? this.#missing : this.#found).add(path);
    return found;
  }
}

function fieldOf(value: Message | Printable, path: string): Printable {
  let node: JsonNode | undefined = nodeOf(value);
  for (const name of path.split('.')) {
    if (node?.kind === 'array') node = node.items[Number(name)];
    else if (node?.kind === 'object') node = memberOf(node, name);
    else return undefined;
  }
  return node === undefined ? undefined : decoded(new JsonNodeValue(node));
}

/** Search attributes and memos hold what they are about one level deeper, which need not be said. */
function memberOf(node: JsonNode, name: string): JsonNode | undefined {
  if (node.kind !== 'object') return undefined;
  const { members } = node;
  const named = members.find(({ key }) => key === name) ?? members.find(({ key }) => isSameName(key, name));
  if (named !== undefined) return named.value;
  const [only, ...others] = members;
  const isMap = others.length === 0 && (only?.key === 'indexedFields' || only?.key === 'fields');
  return isMap ? memberOf(only.value, name) : undefined;
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The value of a payload that has more metadata than its encoding, as search attributes do. */
function decoded(value: JsonNodeValue): Printable {
  const { node } = value;
  if (node.kind !== 'object' || node.members.length !== 2) return value;
  if (!node.members.every(({ key }) => key === 'metadata' || key === 'data')) return value;
  return payloadValue(JSON.parse(toJson(value, { pretty: false, payloadShorthand: true })) as PayloadJson);
}

export function valueText(value: Printable): string {
  if (value === undefined || value === null) return '';
  if (value instanceof JsonNodeValue && value.node.kind === 'string') return value.node.value;
  return typeof value === 'string' ? value : toJson(value, { pretty: false, payloadShorthand: true });
}

function nodeOf(value: Message | Printable): JsonNode {
  if (value instanceof Message) return value.node(true);
  return parseJson(toJson(value, { pretty: false, payloadShorthand: true }));
}
