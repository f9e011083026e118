// --fields: parts of what a command prints, named by their paths, as in `execution.workflowId`.

import { type JsonNode, parseJson } from '@perdure/api/json';
import { Message } from '../client/message.ts';
import { JsonNodeValue, type Printable, toJson } from './json.ts';

/** The fields that there are, by their paths. */
export function fieldsOf(value: Message | Printable, paths: readonly string[]): Printable {
  return Object.fromEntries(paths.map((path) => [path, fieldOf(value, path) ?? null]));
}

export function fieldOf(value: Message | Printable, path: string): Printable {
  let node: JsonNode | undefined = nodeOf(value);
  for (const name of path.split('.')) {
    if (node?.kind === 'array') node = node.items[Number(name)];
    else if (node?.kind === 'object') node = node.members.find(({ key }) => key === name)?.value;
    else return undefined;
  }
  return node === undefined ? undefined : new JsonNodeValue(node);
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
