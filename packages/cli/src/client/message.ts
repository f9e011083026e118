// A message of the API as a command sees it: encoded, with its type, read as proto JSON. Nothing that the server says is
// lost between the wire and `-o json`: texts and tables read `value`, programs are given `node`.

import { type JsonNode, messageToJson, parseJson, type Schema } from '@perdure/api/json';
import { splitField } from '@perdure/api/wire';

/** `T`: what the command reads of it, in proto JSON without shorthand; everything may be missing. */
export class Message<T = unknown> {
  readonly typeName: string;
  readonly bytes: Uint8Array;
  readonly #schema: Schema;
  readonly #isRaw: boolean;
  #value: T | undefined;

  constructor(schema: Schema, typeName: string, bytes: Uint8Array, isRaw = false) {
    this.#schema = schema;
    this.typeName = typeName;
    this.bytes = bytes;
    this.#isRaw = isRaw;
  }

  /** The same, whose payloads are always printed as they are: metadata and data. */
  get raw(): Message<T> {
    return new Message<T>(this.#schema, this.typeName, this.bytes, true);
  }

  get value(): T {
    this.#value ??= JSON.parse(messageToJson(this.#schema, this.typeName, this.bytes)) as T;
    return this.#value;
  }

  /** The same with numbers as they are written, for printing. */
  node(payloadShorthand: boolean): JsonNode {
    const style = { payloadShorthand: payloadShorthand && !this.#isRaw };
    return parseJson(messageToJson(this.#schema, this.typeName, this.bytes, style));
  }

  /** The messages of a repeated field, or the one of a field that is not; empty if it is not set. */
  items<Item = unknown>(jsonName: string): Message<Item>[] {
    const field = this.#schema.message(this.typeName).byName.get(jsonName);
    if (field?.type !== 'message') throw new Error(`${this.typeName} has no message in ${jsonName}`);
    const { typeName, number } = field;
    return splitField(this.bytes, number).map((bytes) => new Message<Item>(this.#schema, typeName, bytes, this.#isRaw));
  }

  /** A field of bytes in base64, without reading the rest; empty if it is not set. */
  base64(jsonName: string): string {
    const field = this.#schema.message(this.typeName).byName.get(jsonName);
    if (field?.type !== 'bytes') throw new Error(`${this.typeName} has no bytes in ${jsonName}`);
    return Buffer.from(splitField(this.bytes, field.number).at(-1) ?? []).toString('base64');
  }

  item<Item = unknown>(jsonName: string): Message<Item> | undefined {
    return this.items<Item>(jsonName).at(-1);
  }
}
