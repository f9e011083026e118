// JSON text as a tree that keeps what JSON.parse loses: where each value stands, numbers as they were written, the order
// and the repetition of keys. A strict reader of RFC 8259; it is fed by anyone who can reach the port.

export type JsonNode =
  | { readonly kind: 'object'; readonly at: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | { readonly kind: 'number'; readonly at: number; readonly text: string }
  | { readonly kind: 'bool'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'null'; readonly at: number };

export interface JsonMember {
  readonly key: string;
  readonly at: number;
  readonly value: JsonNode;
}

/** Of a node that stands in no text. */
export const NOWHERE = -1;

/** The text is not JSON, or not the message that was expected. The position is in the message already. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** Found while reading a tree; who knows the text makes a JsonError of it. */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** The text is within its limit, and the message it makes is not: shorthand is shorter than what it stands for. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError';
}

/** Deeper arrays and objects are refused. */
export const JSON_DEPTH_MAX = 500;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Up to a quote, a backslash or a control character. */
// oxlint-disable-next-line no-control-regex -- those are what JSON forbids in strings
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;

/** @throws {JsonError} */
export function parseJson(text: string): JsonNode {
  try {
    return new Parser(text).whole();
  } catch (error) {
    throw error instanceof NodeError ? locate(error, text, 'syntax error ') : error;
  }
}

/** Says the line and the column of what was found, unless it stands nowhere. */
export function locate({ message, at }: NodeError, text: string, before = ''): JsonError {
  if (at === NOWHERE) return new JsonError(message);
  const lines = text.slice(0, at).split('\n');
  return new JsonError(`${before}(line ${lines.length}:${(lines.at(-1) ?? '').length + 1}): ${message}`);
}

class Parser {
  readonly #text: string;
  #pos = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonNode {
    this.#space();
    const node = this.#value(JSON_DEPTH_MAX);
    this.#space();
    if (this.#pos < this.#text.length) this.#unexpected('after the end of the value');
    return node;
  }

  #value(depthLeft: number): JsonNode {
    const at = this.#pos;
    switch (this.#text[at]) {
      case '{':
        return { kind: 'object', at, members: this.#members(depthLeft - 1) };
      case '[':
        return { kind: 'array', at, items: this.#items(depthLeft - 1) };
      case '"':
        return { kind: 'string', at, value: this.#string() };
      case 't':
        return this.#word('true', { kind: 'bool', at, value: true });
      case 'f':
        return this.#word('false', { kind: 'bool', at, value: false });
      case 'n':
        return this.#word('null', { kind: 'null', at });
      default:
        return { kind: 'number', at, text: this.#match(NUMBER) || this.#unexpected('where a value must be') };
    }
  }

  #members(depthLeft: number): JsonMember[] {
    const members: JsonMember[] = [];
    this.#list('}', depthLeft, () => {
      const at = this.#pos;
      if (this.#text[at] !== '"') this.#unexpected('where a key must be');
      const key = this.#string();
      this.#space();
      if (!this.#take(':')) this.#unexpected(`after the key ${JSON.stringify(key)}`);
      this.#space();
      members.push({ key, at, value: this.#value(depthLeft) });
    });
    return members;
  }

  #items(depthLeft: number): JsonNode[] {
    const items: JsonNode[] = [];
    this.#list(']', depthLeft, () => items.push(this.#value(depthLeft)));
    return items;
  }

  #list(close: string, depthLeft: number, one: () => void): void {
    if (depthLeft < 0) throw new NodeError(`nested deeper than ${JSON_DEPTH_MAX}`, this.#pos);
    this.#pos++;
    this.#space();
    if (this.#take(close)) return;
    do {
      this.#space();
      one();
      this.#space();
    } while (this.#take(','));
    if (!this.#take(close)) this.#unexpected(`where "," or "${close}" must be`);
  }

  #string(): string {
    const start = this.#pos++;
    let isPlain = true;
    for (;;) {
      this.#match(PLAIN);
      if (this.#take('"')) break;
      isPlain = false;
      if (this.#match(ESCAPE) === '') this.#unexpected('in a string');
    }
    const value = isPlain
      ? this.#text.slice(start + 1, this.#pos - 1)
      : (JSON.parse(this.#text.slice(start, this.#pos)) as string);
    if (!value.isWellFormed()) throw new NodeError('a string with half of a surrogate pair', start);
    return value;
  }

  #word(word: string, node: JsonNode): JsonNode {
    if (!this.#text.startsWith(word, this.#pos)) this.#unexpected('where a value must be');
    this.#pos += word.length;
    return node;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#pos;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#pos += found.length;
    return found;
  }

  #space(): void {
    this.#match(SPACE);
  }

  #take(character: string): boolean {
    if (this.#text[this.#pos] !== character) return false;
    this.#pos++;
    return true;
  }

  #unexpected(where: string): never {
    const found = this.#text.codePointAt(this.#pos);
    const what = found === undefined ? 'end of the text' : JSON.stringify(String.fromCodePoint(found));
    throw new NodeError(`unexpected ${what} ${where}`, this.#pos);
  }
}
