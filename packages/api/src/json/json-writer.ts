// Writes JSON text piece by piece, compact or indented by two spaces.

import type { JsonNode } from './json-node.ts';

export class JsonWriter {
  readonly #pieces: string[] = [];
  #depth = 0;
  /** Nothing stands yet in the innermost object or array. */
  #isEmpty = true;
  /** A key was written, its value was not. */
  #awaitsValue = false;
  readonly #pretty: boolean;

  constructor(pretty: boolean) {
    this.#pretty = pretty;
  }

  get text(): string {
    return this.#pieces.join('');
  }

  open(bracket: '{' | '['): void {
    this.#separate();
    this.#pieces.push(bracket);
    this.#depth++;
    this.#isEmpty = true;
  }

  close(bracket: '}' | ']'): void {
    this.#depth--;
    if (!this.#isEmpty) this.#newLine();
    this.#pieces.push(bracket);
    this.#isEmpty = false;
  }

  key(key: string): void {
    this.quotedKey(JSON.stringify(key));
  }

  /** One whose quotes are there already. */
  quotedKey(key: string): void {
    this.#separate();
    this.#pieces.push(key, this.#pretty ? ': ' : ':');
    this.#awaitsValue = true;
  }

  string(value: string): void {
    this.literal(JSON.stringify(value));
  }

  /** A number, true, false, null, or a string with its quotes. */
  literal(text: string): void {
    this.#separate();
    this.#pieces.push(text);
    this.#isEmpty = false;
  }

  /** Numbers and the order of keys stay as they are. */
  node(node: JsonNode): void {
    switch (node.kind) {
      case 'object':
        this.open('{');
        for (const { key, value } of node.members) {
          this.key(key);
          this.node(value);
        }
        return this.close('}');
      case 'array':
        this.open('[');
        for (const item of node.items) this.node(item);
        return this.close(']');
      case 'string':
        return this.string(node.value);
      case 'number':
        return this.literal(node.text);
      case 'bool':
        return this.literal(String(node.value));
      case 'null':
        return this.literal('null');
    }
  }

  #separate(): void {
    if (this.#awaitsValue) {
      this.#awaitsValue = false;
      return;
    }
    if (this.#depth === 0) return;
    if (!this.#isEmpty) this.#pieces.push(',');
    this.#newLine();
    this.#isEmpty = false;
  }

  #newLine(): void {
    if (this.#pretty) this.#pieces.push(`\n${'  '.repeat(this.#depth)}`);
  }
}

export function nodeToText(node: JsonNode): string {
  const writer = new JsonWriter(false);
  writer.node(node);
  return writer.text;
}
