// A message as lines: each value with its path.

import type { JsonNode } from '@perdure/api/json';
import { valueText } from '../../output/fields.ts';
import { JsonNodeValue } from '../../output/json.ts';

/** `retryPolicy.maximumAttempts` and `3`. Lists of plain values are one line. */
export function flatFields(node: JsonNode, path = ''): [path: string, value: string][] {
  if (node.kind === 'object') {
    return node.members.flatMap(({ key, value }) => flatFields(value, path === '' ? key : `${path}.${key}`));
  }
  if (node.kind === 'array' && node.items.some(({ kind }) => kind === 'object')) {
    return node.items.flatMap((item, at) => flatFields(item, `${path}[${at}]`));
  }
  return [[path, valueText(new JsonNodeValue(node))]];
}
