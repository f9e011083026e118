// The syntax of regular expressions, as far as a search knows it: characters, classes, groups, choices, repetitions,
// beginnings and ends of the text and of words.

/** An expression, or a part of one. */
export type RegexNode =
  | { readonly kind: 'character'; readonly fits: (character: string) => boolean }
  | { readonly kind: 'place'; readonly holds: (at: number, text: readonly string[]) => boolean }
  | { readonly kind: 'sequence'; readonly nodes: readonly RegexNode[] }
  /** At least one. */
  | { readonly kind: 'choice'; readonly nodes: readonly RegexNode[] }
  /** `max` undefined: without end. */
  | { readonly kind: 'repeat'; readonly node: RegexNode; readonly min: number; readonly max: number | undefined };

/** The message is a sentence about what is wrong. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
}

const PART = /\\[^]|\[(?:\\[^]|[^\]\\])*\]|\((?:\?:)?|\{\d+(?:,\d*)?\}|[^]/gu;

/** @throws {RegexError} it is none, or it would have more than `statesMax` states */
export function parseRegex(pattern: string, statesMax: number): RegexNode {
  const reader = new Reader(pattern.match(PART) ?? [], statesMax);
  const node = reader.choice();
  if (reader.part !== undefined) throw new RegexError('a regular expression closes a group that it did not open');
  return node;
}

class Reader {
  readonly #parts: readonly string[];
  readonly #statesMax: number;
  #at = 0;

  constructor(parts: readonly string[], statesMax: number) {
    this.#parts = parts;
    this.#statesMax = statesMax;
  }

  get part(): string | undefined {
    return this.#parts[this.#at];
  }

  choice(): RegexNode {
    const nodes = [this.#sequence()];
    while (this.part === '|') {
      this.#at += 1;
      nodes.push(this.#sequence());
    }
    return { kind: 'choice', nodes };
  }

  #sequence(): RegexNode {
    const nodes: RegexNode[] = [];
    while (this.part !== undefined && this.part !== '|' && this.part !== ')') nodes.push(this.#repeated());
    return { kind: 'sequence', nodes };
  }

  #repeated(): RegexNode {
    const node = this.#atom();
    const count = repetition(this.part);
    if (count === undefined) return node;
    if (node.kind === 'place') throw new RegexError('a regular expression cannot repeat a place');
    this.#at += 1;
    // Lazy or not, it fits the same texts.
    if (this.part === '?') this.#at += 1;
    if (repetition(this.part) !== undefined) throw new RegexError('a regular expression repeats a repetition');
    const repeat: RegexNode = { kind: 'repeat', node, ...count };
    if (size(repeat) > this.#statesMax) throw new RegexError('a regular expression repeats too much');
    return repeat;
  }

  #atom(): RegexNode {
    const part = this.part ?? '';
    this.#at += 1;
    if (part.startsWith('(')) return this.#group(part);
    if (repetition(part) !== undefined) throw new RegexError(`a regular expression has nothing before "${part}"`);
    const place = PLACES[part];
    if (place !== undefined) return { kind: 'place', holds: place };
    return { kind: 'character', fits: characterTest(part) };
  }

  #group(open: string): RegexNode {
    if (open === '(' && this.part === '?') throw new RegexError('a regular expression cannot look around here');
    const node = this.choice();
    if (this.part !== ')') throw new RegexError('a regular expression has a group that is never closed');
    this.#at += 1;
    return node;
  }
}

const COUNTED = /^\{(\d{1,3})(?:(,)(\d{0,3}))?\}$/;

function repetition(part: string | undefined): { readonly min: number; readonly max: number | undefined } | undefined {
  if (part === '*') return { min: 0, max: undefined };
  if (part === '+') return { min: 1, max: undefined };
  if (part === '?') return { min: 0, max: 1 };
  const [, least, comma, most = ''] = COUNTED.exec(part ?? '') ?? [];
  if (least === undefined) return undefined;
  const min = Number(least);
  if (comma === undefined) return { min, max: min };
  const max = most === '' ? undefined : Number(most);
  if (max !== undefined && max < min) throw new RegexError(`a regular expression counts down: "${part}"`);
  return { min, max };
}

function size(node: RegexNode): number {
  switch (node.kind) {
    case 'sequence':
    case 'choice':
      return node.nodes.reduce((sum, one) => sum + size(one), node.nodes.length);
    case 'repeat':
      return (size(node.node) + 1) * Math.max(1, node.max ?? node.min + 1);
    default:
      return 1;
  }
}

const WORD = /^\w$/u;

function isWordEdge(at: number, text: readonly string[]): boolean {
  return WORD.test(text[at - 1] ?? '') !== WORD.test(text[at] ?? '');
}

const PLACES: Readonly<Record<string, (at: number, text: readonly string[]) => boolean>> = {
  '^': (at) => at === 0,
  $: (at, text) => at === text.length,
  '\\b': isWordEdge,
  '\\B': (at, text) => !isWordEdge(at, text),
};

/** The platform knows what a class, an escape or a letter means. */
function characterTest(part: string): (character: string) => boolean {
  if (part === '.') return (character) => character !== '\n' && character !== '\r';
  if (part.length > 1 || part === '\\') return platformTest(part);
  if ('[]{}'.includes(part)) throw new RegexError(`in a regular expression "${part}" is written "\\${part}"`);
  const [lower, upper] = [part.toLowerCase(), part.toUpperCase()];
  return (character) => character === part || character === lower || character === upper;
}

function platformTest(part: string): (character: string) => boolean {
  if (/^\\[1-9k]/.test(part)) throw new RegexError('a regular expression cannot refer back to a group here');
  try {
    const regex = new RegExp(`^(?:${part})$`, 'iu');
    return (character) => regex.test(character);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RegexError(`a regular expression cannot have "${part}"`);
    throw error;
  }
}
