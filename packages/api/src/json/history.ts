// Histories as files: the JSON that `temporal workflow show --output json` prints and that the replayers of all SDKs
// read. Payloads are whole, never shorthand, so that what is read back is what was written, byte for byte.

import { messageFromNode } from './from-json.ts';
import { type JsonNode, locate, NOWHERE, NodeError, parseJson } from './json-node.ts';
import { loadSchema } from './schema.ts';
import { messageToJson } from './to-json.ts';

const HISTORY = 'temporal.api.history.v1.History';

/**
 * @param history an encoded temporal.api.history.v1.History
 * @throws {ProtobufError}
 */
export async function historyToJson(history: Uint8Array): Promise<string> {
  return `${messageToJson(await loadSchema(), HISTORY, history, { pretty: true })}\n`;
}

/**
 * The encoded History. The text is an object with `events`, or only their array; enums have their full names or the
 * short ones of older tools (`WorkflowExecutionStarted`); fields that are not known here are left out, as SDKs do.
 * @throws {JsonError} with the line and the column
 */
export async function historyFromJson(text: string): Promise<Uint8Array> {
  const schema = await loadSchema();
  const node = parseJson(text);
  try {
    return messageFromNode(schema, HISTORY, asHistory(node), { ignoreUnknown: true });
  } catch (error) {
    throw error instanceof NodeError ? locate(error, text) : error;
  }
}

function asHistory(node: JsonNode): JsonNode {
  if (node.kind === 'array') return { kind: 'object', at: NOWHERE, members: [{ key: 'events', at: 0, value: node }] };
  if (node.kind === 'object' && node.members.some(({ key }) => key === 'events')) return node;
  throw new NodeError('a history is an object with "events"', node.at);
}
