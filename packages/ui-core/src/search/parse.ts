// From the text of a search to its tree, by recursive descent:
//
//   or   := and { "or" and }
//   and  := not { ["and"] not }
//   not  := ("-" | "not") not | "(" or ")" | field comparison value | value
import {
  durationOf,
  FIELDS,
  fieldOf,
  isDurationField,
  isNumberField,
  isTextField,
  STATUS_WORDS,
  statusOf,
  TYPE_WORDS,
  typeOf,
} from './fields.ts';
import { regexProblem, type TextPattern } from './patterns.ts';
import type { Comparison, Condition, Field, Place, SearchError, SearchNode } from './query.ts';
import { type Token, tokensOf } from './tokens.ts';

/** No node and no error: nothing is asked for. */
export interface ParsedSearch {
  readonly node: SearchNode | undefined;
  readonly error: SearchError | undefined;
}

/** Reads the text of a search. It never throws: what is wrong is in the result. */
export function parseSearch(text: string): ParsedSearch {
  const parser = new Parser(tokensOf(text), text.length);
  if (parser.next === undefined) return { node: undefined, error: undefined };
  try {
    return { node: parser.parse(), error: undefined };
  } catch (error) {
    if (error instanceof Problem) return { node: undefined, error: { ...error.place, message: error.message } };
    throw error;
  }
}

class Problem extends Error {
  readonly place: Place;

  constructor({ from, to }: Place, message: string) {
    super(message);
    this.place = { from, to };
  }
}

const DEPTH_MAX = 50;

class Parser {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  get next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  parse(): SearchNode {
    const node = this.#or();
    if (this.next !== undefined) throw new Problem(this.next, 'nothing is open here that ")" could close');
    return node;
  }

  #or(): SearchNode {
    const nodes = [this.#and()];
    while (this.#take('or')) nodes.push(this.#and());
    return joined('or', nodes);
  }

  #and(): SearchNode {
    const nodes = [this.#not()];
    while (this.#take('and') || (this.next !== undefined && this.next.kind !== 'or' && this.next.kind !== ')')) {
      nodes.push(this.#not());
    }
    return joined('and', nodes);
  }

  #not(): SearchNode {
    const token = this.next;
    this.#at += 1;
    switch (token?.kind) {
      case undefined:
        throw new Problem(this.#end(), 'something must follow here');
      case '-':
      case 'not':
        return this.#nested(token, () => {
          const node = this.#not();
          return { kind: 'not', node, from: token.from, to: node.to };
        });
      case '(':
        return this.#nested(token, () => this.#closed(token));
      case ')':
      case 'or':
      case 'and':
        throw new Problem(token, `something must stand before this; as a text it is in quotes: "${token.kind}"`);
      case 'field':
        return this.#field(token);
      case 'word':
      case 'quoted':
      case 'regex':
      case 'wildcard':
        return { kind: 'condition', condition: { field: undefined, pattern: patternOf(token) }, ...placeOf(token) };
    }
  }

  #closed(open: Token): SearchNode {
    const node = this.#or();
    const { to } = this.next ?? open;
    if (!this.#take(')')) throw new Problem(open, 'this parenthesis is never closed');
    return { ...node, from: open.from, to };
  }

  #field(token: Token & { kind: 'field' }): SearchNode {
    const field = fieldOf(token.name);
    if (field === undefined) throw new Problem(token, unknownField(token.name));
    const value = this.next;
    if (value === undefined || value.from !== token.to || !('text' in value)) {
      throw new Problem(
        { from: token.to, to: token.to },
        `"${token.name}${token.comparison}" needs a value right behind it`,
      );
    }
    this.#at += 1;
    const condition = conditionOf(field, token.comparison, value);
    const node: SearchNode = { kind: 'condition', condition: condition.condition, from: token.from, to: value.to };
    return condition.negated ? { kind: 'not', node, from: token.from, to: value.to } : node;
  }

  #nested(place: Place, parse: () => SearchNode): SearchNode {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new Problem(place, `nothing is nested more than ${DEPTH_MAX} times`);
    const node = parse();
    this.#depth -= 1;
    return node;
  }

  #take(kind: Token['kind']): boolean {
    if (this.next?.kind !== kind) return false;
    this.#at += 1;
    return true;
  }

  #end(): Place {
    return { from: this.#length, to: this.#length };
  }
}

function joined(kind: 'and' | 'or', nodes: readonly SearchNode[]): SearchNode {
  const [first, ...rest] = nodes;
  if (first === undefined) throw new Error('a list of nodes has at least one');
  return rest.length === 0 ? first : { kind, nodes, from: first.from, to: rest.at(-1)?.to ?? first.to };
}

function placeOf({ from, to }: Place): Place {
  return { from, to };
}

function unknownField(name: string): string {
  return `there is no field "${name}"; there are ${Object.keys(FIELDS).join(', ')}. Text with a colon is put in quotes`;
}

type Value = Extract<Token, { readonly text: string }>;

interface Conditioned {
  readonly condition: Condition;
  readonly negated: boolean;
}

function conditionOf(field: Field, comparison: Comparison | ':', value: Value): Conditioned {
  if (isNumberField(field) || isDurationField(field)) {
    const compared = comparison === ':' ? '=' : comparison;
    return { condition: measured(field, compared, value), negated: false };
  }
  if (comparison !== ':' && comparison !== '=' && comparison !== '!=') {
    throw new Problem(value, `"${field}" is a text: it has no order, so only ":", "=" and "!=" can follow it`);
  }
  const negated = comparison === '!=';
  if (field === 'type') return { condition: { field, kinds: words(value, typeOf, TYPE_WORDS, 'type') }, negated };
  if (field === 'status')
    return { condition: { field, statuses: words(value, statusOf, STATUS_WORDS, 'status') }, negated };
  const pattern = patternOf(value);
  const isWhole = field === 'id' || (isTextField(field) && comparison !== ':');
  const exact: TextPattern = isWhole && pattern.kind === 'contains' ? { ...pattern, kind: 'equals' } : pattern;
  return { condition: { field, pattern: exact }, negated };
}

function measured(field: Field, comparison: Comparison, value: Value): Condition {
  if (isNumberField(field)) {
    if (!/^\d{1,9}$/.test(value.text)) throw new Problem(value, `"${field}" is a number: ${field}>3`);
    return { field, comparison, number: Number(value.text) };
  }
  const ms = durationOf(value.text);
  if (!isDurationField(field) || ms === undefined) {
    throw new Problem(value, `"${field}" is a length of time, in ms, s, m, h or d: ${field}>1m30s`);
  }
  return { field, comparison, ms };
}

/** One word, or several with commas between them. */
function words<Word extends string>(
  value: Value,
  find: (word: string) => Word | undefined,
  all: Readonly<Record<Word, string>>,
  what: string,
): Word[] {
  return value.text.split(',').map((typed) => {
    const word = find(typed);
    if (word !== undefined) return word;
    throw new Problem(value, `"${typed}" is no ${what}; there are ${Object.values(all).join(', ')}`);
  });
}

function patternOf(value: Value): TextPattern {
  const { kind, text, finished } = value;
  if (!finished)
    throw new Problem(value, kind === 'regex' ? 'the closing "/" is missing' : 'the closing quote is missing');
  if (kind === 'wildcard') return { kind, text };
  if (kind !== 'regex') return { kind: 'contains', text };
  const problem = regexProblem(text);
  if (problem !== undefined) throw new Problem(value, problem);
  return { kind, text };
}
