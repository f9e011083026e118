// All payloads inside an encoded message of the API, changed together. Search attributes are left alone, and so are the
// values by which a count is grouped, which are search attributes: the server must be able to read them.

import { type MessageSchema, messageFromJson, messageToJson, type Schema } from '@perdure/api/json';

/** Proto JSON: bytes in base64. */
export interface PayloadJson {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly data?: string;
}

type Tree = { [key: string]: unknown };

const PAYLOAD = 'temporal.api.common.v1.Payload';
const SEARCH_ATTRIBUTES = 'temporal.api.common.v1.SearchAttributes';
/** Of the responses of all counts. */
const GROUP_OF_COUNT = 'Response.AggregationGroup';

/** @param change is given all of them at once, and returns as many; it is not called without any */
export async function mapPayloads(
  schema: Schema,
  typeName: string,
  message: Uint8Array,
  change: (payloads: readonly PayloadJson[]) => Promise<readonly PayloadJson[]>,
): Promise<Uint8Array> {
  const places: Place[] = [];
  const root: Tree = { message: JSON.parse(messageToJson(schema, typeName, message)) as unknown };
  collect({ schema, places }, schema.message(typeName), root, 'message');
  if (places.length === 0) return message;
  const changed = await change(places.map(({ parent, key }) => parent[key] as PayloadJson));
  for (const [at, { parent, key }] of places.entries()) parent[key] = changed[at];
  return messageFromJson(schema, typeName, JSON.stringify(root['message']));
}

/** Where a payload stands. */
interface Place {
  readonly parent: Tree;
  readonly key: string;
}

interface Walk {
  readonly schema: Schema;
  readonly places: Place[];
}

function collect(walk: Walk, type: MessageSchema, parent: Tree, key: string): void {
  if (type.fullName === SEARCH_ATTRIBUTES || type.fullName.endsWith(GROUP_OF_COUNT)) return;
  if (type.fullName === PAYLOAD) {
    walk.places.push({ parent, key });
    return;
  }
  const value = parent[key];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value as Tree)) {
    const field = type.byName.get(name);
    if (field?.type !== 'message') continue;
    const inner = walk.schema.message(field.typeName);
    const valueField = inner.isMapEntry ? inner.byNumber.get(2) : field;
    if (valueField?.type !== 'message') continue;
    const valueType = walk.schema.message(valueField.typeName);
    if (!field.repeated) collect(walk, valueType, value as Tree, name);
    else for (const each of Object.keys(member as Tree)) collect(walk, valueType, member as Tree, each);
  }
}
