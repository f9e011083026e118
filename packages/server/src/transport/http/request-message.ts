// The request message of an RPC from what an HTTP request says in three places: its body, its path, its query. All of it
// becomes one JSON tree first, so that it is read and checked by one codec.

import { invalidArgument } from '@perdure/api';
import {
  type FieldSchema,
  JsonError,
  type JsonNode,
  locate,
  type MessageSchema,
  MessageTooLargeError,
  messageFromNode,
  NOWHERE,
  NodeError,
  parseJson,
  type Schema,
} from '@perdure/api/json';
import { HttpRefusal } from './refusal.ts';
import type { RouteMatch } from './routes.ts';

export interface RequestParts {
  readonly match: RouteMatch;
  readonly query: URLSearchParams;
  /** Empty: none was sent. */
  readonly body: string;
  readonly payloadShorthand: boolean;
  /** Of the message, which may be much larger than the body that it is made of. */
  readonly bytesMax: number;
}

type ObjectNode = JsonNode & { readonly kind: 'object' };

const EMPTY: ObjectNode = { kind: 'object', at: NOWHERE, members: [] };
const WRAPPER = /^google\.protobuf\.(?:Double|Float|Int64|UInt64|Int32|UInt32|Bool|String|Bytes)Value$/;
const TEXT_FORMS = new Set(['Timestamp', 'Duration', 'FieldMask'].map((name) => `google.protobuf.${name}`));
const TRUE = /^(?:1|t|T|TRUE|true|True)$/;
const FALSE = /^(?:0|f|F|FALSE|false|False)$/;

/** The encoded request. @throws {StatusError} INVALID_ARGUMENT. @throws {HttpRefusal} it is too large */
export function requestMessage(schema: Schema, typeName: string, parts: RequestParts): Uint8Array {
  try {
    const type = schema.message(typeName);
    const node = withPath(schema, type, ofBodyOrQuery(schema, type, parts), parts.match);
    const { payloadShorthand, bytesMax } = parts;
    return messageFromNode(schema, typeName, node, { payloadShorthand, bytesMax });
  } catch (error) {
    if (error instanceof MessageTooLargeError) {
      throw new HttpRefusal(413, `the request is larger than ${parts.bytesMax} bytes once its values are payloads`);
    }
    if (error instanceof JsonError) throw invalidArgument(error.message);
    if (error instanceof NodeError) throw invalidArgument(locate(error, parts.body).message);
    throw error;
  }
}

function ofBodyOrQuery(schema: Schema, type: MessageSchema, { match, query, body }: RequestParts): ObjectNode {
  const { binding, fields } = match.route;
  if (binding.body === '') return ofQuery(schema, type, query, fields);
  const node = body.trim() === '' ? EMPTY : parseJson(body);
  if (binding.body !== '*') return { ...EMPTY, members: [{ key: binding.body, at: NOWHERE, value: node }] };
  if (node.kind !== 'object') throw new NodeError('the body must be a JSON object', node.at);
  return node;
}

/** Whatever is not a field of the request is left alone, as are the fields that the path holds. */
function ofQuery(
  schema: Schema,
  type: MessageSchema,
  query: URLSearchParams,
  pathFields: readonly string[],
): ObjectNode {
  let node = EMPTY;
  for (const name of new Set(query.keys())) {
    const path = resolve(schema, type, name);
    const field = path?.at(-1);
    if (path === undefined || field === undefined) continue;
    if (pathFields.includes(path.map(({ protoName }) => protoName).join('.'))) continue;
    node = withField(node, path, leaf(schema, field, name, query.getAll(name)));
  }
  return node;
}

function withPath(schema: Schema, type: MessageSchema, node: ObjectNode, { route, values }: RouteMatch): ObjectNode {
  return route.fields.reduce((tree, name, index) => {
    const path = resolve(schema, type, name);
    const field = path?.at(-1);
    if (path === undefined || field === undefined) throw new Error(`${type.fullName} has no field ${name}`);
    return withField(tree, path, leaf(schema, field, name, values.slice(index, index + 1)));
  }, node);
}

/** The fields on the way to a nested one; undefined: there is none of that name. */
function resolve(schema: Schema, type: MessageSchema, name: string): FieldSchema[] | undefined {
  const path: FieldSchema[] = [];
  let at: MessageSchema | undefined = type;
  for (const part of name.split('.')) {
    const field: FieldSchema | undefined = at?.byName.get(part);
    if (field === undefined) return undefined;
    path.push(field);
    at = field.type === 'message' && !field.repeated ? schema.message(field.typeName) : undefined;
  }
  return path;
}

/** Takes the place of what the tree has there. */
function withField(node: ObjectNode, path: readonly FieldSchema[], value: JsonNode): ObjectNode {
  const [field, ...rest] = path;
  if (field === undefined) throw new Error('the path is empty');
  const isIt = ({ key }: { readonly key: string }) => key === field.name || key === field.protoName;
  const others = node.members.filter((member) => !isIt(member));
  if (rest.length === 0) return { ...node, members: [...others, { key: field.name, at: NOWHERE, value }] };
  const inner = node.members.find(isIt)?.value ?? EMPTY;
  if (inner.kind !== 'object' && inner.kind !== 'null') throw new NodeError(`${field.name} is not an object`, inner.at);
  const changed = withField(inner.kind === 'null' ? EMPTY : inner, rest, value);
  return { ...node, members: [...others, { key: field.name, at: NOWHERE, value: changed }] };
}

function leaf(schema: Schema, field: FieldSchema, name: string, texts: readonly string[]): JsonNode {
  const nodes = texts.map((text) => textNode(schema, field, name, text));
  if (field.repeated) return { kind: 'array', at: NOWHERE, items: nodes };
  if (nodes.length > 1) throw new NodeError(`${name} may be given once only`, NOWHERE);
  return nodes[0] as JsonNode;
}

/** JSON reads numbers, times and names of enums from strings; only truth values are words. */
function textNode(schema: Schema, field: FieldSchema, name: string, text: string): JsonNode {
  if (field.type === 'message' && WRAPPER.test(field.typeName)) {
    return textNode(schema, schema.message(field.typeName).fields[0] as FieldSchema, name, text);
  }
  if (field.type === 'message' && !TEXT_FORMS.has(field.typeName)) {
    throw new NodeError(`${name} is a message: give its fields, as in ${name}.field=value`, NOWHERE);
  }
  if (field.type !== 'bool') return { kind: 'string', at: NOWHERE, value: text };
  if (!TRUE.test(text) && !FALSE.test(text))
    throw new NodeError(`${name} must be true or false, it is "${text}"`, NOWHERE);
  return { kind: 'bool', at: NOWHERE, value: TRUE.test(text) };
}
