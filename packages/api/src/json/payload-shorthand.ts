// Payloads as people write them: `["Ada", 42]` instead of base64 with metadata. A payload is shown as its value when
// nothing is lost by it (plain JSON, JSON of a message, null), and whatever does not look like a payload is the value
// of one. Both directions follow what Temporal's HTTP API does.

import { Payload } from '@perdure/api/common';
import { JsonError, type JsonNode, NOWHERE, parseJson } from './json-node.ts';
import { nodeToText } from './json-writer.ts';

export const PAYLOAD = 'temporal.api.common.v1.Payload';
export const PAYLOADS = 'temporal.api.common.v1.Payloads';

/** Names the type of a value that is the JSON of a message. */
const MESSAGE_TYPE = '_protoMessageType';
const NULL: JsonNode = { kind: 'null', at: NOWHERE };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The value to show for an encoded payload; undefined: it must be shown as it is. */
export function payloadValue(encoded: Uint8Array): JsonNode | undefined {
  const { metadata, data, externalPayloads } = Payload.decode(encoded);
  if (externalPayloads.length > 0) return undefined;
  switch (textOf(metadata.get('encoding'))) {
    case 'binary/null':
      return NULL;
    case 'json/plain': {
      const value = metadata.size === 1 ? valueOf(data) : undefined;
      // Read back it would be taken for the payload that it looks like.
      return value === undefined || isWholePayload(value) || typeNameIn(value) !== undefined ? undefined : value;
    }
    case 'json/protobuf':
      return metadata.size === 2 ? withTypeName(valueOf(data), textOf(metadata.get('messageType'))) : undefined;
    default:
      return undefined;
  }
}

/** The encoded payload of a value; undefined: the node is a whole payload, not the value of one. */
export function payloadOfValue(node: JsonNode): Uint8Array | undefined {
  if (isWholePayload(node)) return undefined;
  if (node.kind === 'null') return encode({ encoding: 'binary/null' }, '');
  const messageType = typeNameIn(node);
  if (node.kind !== 'object' || messageType === undefined) return encode({ encoding: 'json/plain' }, nodeToText(node));
  const members = node.members.filter(({ key }) => key !== MESSAGE_TYPE);
  return encode({ encoding: 'json/protobuf', messageType }, nodeToText({ ...node, members }));
}

function encode(metadata: Readonly<Record<string, string>>, data: string): Uint8Array {
  const entries = Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value)] as const);
  return Payload.encode({ metadata: new Map(entries), data: Buffer.from(data) });
}

/** It has metadata that say how it is encoded, and no member that a payload does not have. */
function isWholePayload(node: JsonNode): boolean {
  if (node.kind !== 'object') return false;
  const known = node.members.every(({ key }) => /^(metadata|data|externalPayloads|external_payloads)$/.test(key));
  const metadata = node.members.find(({ key }) => key === 'metadata')?.value;
  if (!known || metadata?.kind !== 'object') return false;
  const isBase64 = metadata.members.every(({ value }) => value.kind === 'string' && /^[\w+/=-]*$/.test(value.value));
  return isBase64 && metadata.members.some(({ key }) => key === 'encoding');
}

function typeNameIn(node: JsonNode): string | undefined {
  if (node.kind !== 'object') return undefined;
  const value = node.members.find(({ key }) => key === MESSAGE_TYPE)?.value;
  return value?.kind === 'string' && value.value !== '' ? value.value : undefined;
}

function withTypeName(node: JsonNode | undefined, messageType: string | undefined): JsonNode | undefined {
  if (node?.kind !== 'object' || messageType === undefined || messageType === '') return undefined;
  if (node.members.some(({ key }) => key === MESSAGE_TYPE)) return undefined;
  const typeName: JsonNode = { kind: 'string', at: NOWHERE, value: messageType };
  return { ...node, members: [{ key: MESSAGE_TYPE, at: NOWHERE, value: typeName }, ...node.members] };
}

/** undefined: not JSON, whatever its metadata say. */
function valueOf(data: Uint8Array): JsonNode | undefined {
  const text = textOf(data);
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
