// What commands print for programs: objects of their own, with messages of the API inside.

import { type JsonNode, JsonWriter } from '@perdure/api/json';
import { Message } from '../client/message.ts';
import { visibleJson } from './visible.ts';

/** Messages are written with all their fields; undefined members are left out. */
export type Printable =
  | string
  | number
  | boolean
  | null
  | undefined
  | Message
  | JsonNodeValue
  | readonly Printable[]
  | { readonly [key: string]: Printable };

/** JSON that is at hand as a tree, such as a payload's value. */
export class JsonNodeValue {
  readonly node: JsonNode;

  constructor(node: JsonNode) {
    this.node = node;
  }
}

export interface JsonStyle {
  readonly pretty: boolean;
  readonly payloadShorthand: boolean;
}

export function toJson(value: Printable, style: JsonStyle): string {
  const writer = new JsonWriter(style.pretty);
  write(writer, value, style);
  return visibleJson(writer.text);
}

function write(writer: JsonWriter, value: Printable, style: JsonStyle): void {
  if (value instanceof Message) writer.node(value.node(style.payloadShorthand));
  else if (value instanceof JsonNodeValue) writer.node(value.node);
  else if (Array.isArray(value)) {
    writer.open('[');
    for (const item of value as readonly Printable[]) write(writer, item, style);
    writer.close(']');
  } else if (typeof value === 'object' && value !== null) {
    writer.open('{');
    for (const [key, member] of Object.entries(value as Readonly<Record<string, Printable>>)) {
      if (member === undefined) continue;
      writer.key(key);
      write(writer, member, style);
    }
    writer.close('}');
  } else {
    writer.literal(JSON.stringify(value) ?? 'null');
  }
}
