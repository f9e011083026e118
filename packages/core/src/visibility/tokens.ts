// The words of a list filter, found one at a time: a parser that stops early has not read the rest of a long text.

import type { StatusError } from '@perdure/api';
import { malformed } from './problems.ts';

export interface Token {
  /** `quotedName` is one in back-ticks, which no keyword is. */
  readonly kind: 'name' | 'quotedName' | 'string' | 'number' | 'symbol' | 'end';
  /** Of a name, and of a string: without its quotes and escapes. */
  readonly text: string;
  /** Where it begins in the query, from 0. */
  readonly at: number;
}

const SPACE = /\s*/y;
/** A dot belongs to the name: attributes can be named so. */
const NAME = /[\p{L}_@][\p{L}\p{N}_@$]*(?:\.[\p{L}\p{N}_@$]+)*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /<=|>=|<>|!=|[=<>(),+*/%;-]/y;
const NAME_PART = /[\p{L}\p{N}_@$]/uy;

/** What a backslash makes of a letter; any other character stands for itself. */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
};

export class Tokens {
  readonly #query: string;
  #at = 0;

  constructor(query: string) {
    this.#query = query;
  }

  /** @throws INVALID_ARGUMENT what follows cannot be any token */
  next(): Token {
    this.#at += this.#match(SPACE).length;
    const at = this.#at;
    const first = this.#query.charAt(at);
    if (first === '') return { kind: 'end', text: '', at };
    if (first === "'" || first === '"') return { kind: 'string', text: this.#quoted(first, true), at };
    if (first === '`') return { kind: 'quotedName', text: this.#quoted(first, false), at };
    const name = this.#take(NAME);
    if (name !== '') return { kind: 'name', text: name, at };
    const number = this.#take(NUMBER);
    if (number !== '') return this.#number(number, at);
    const symbol = this.#take(SYMBOL);
    if (symbol === '') throw this.syntaxError(at);
    return { kind: 'symbol', text: symbol, at };
  }

  syntaxError(at: number, hint = ''): StatusError {
    const near = this.#query.slice(at, at + 20).toWellFormed();
    return malformed(`syntax error at position ${at + 1}${near === '' ? '' : ` near '${near}'`}${hint}`);
  }

  /** `5x` is neither a number nor a name. */
  #number(text: string, at: number): Token {
    if (this.#match(NAME_PART) !== '') throw this.syntaxError(at);
    return { kind: 'number', text, at };
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#query)?.[0] ?? '';
  }

  #take(pattern: RegExp): string {
    const text = this.#match(pattern);
    this.#at += text.length;
    return text;
  }

  /** What stands between quotes of one kind. A quote inside is doubled; where backslashes escape, it may have one. */
  #quoted(quote: string, hasEscapes: boolean): string {
    const begin = this.#at;
    const parts: string[] = [];
    for (let from = begin + 1; ; ) {
      const end = this.#endOfPart(from, quote, hasEscapes);
      if (end === undefined) throw this.syntaxError(begin, ': the quote is not closed');
      parts.push(this.#query.slice(from, end));
      const isEscape = this.#query.charAt(end) === '\\';
      const next = this.#query.charAt(end + 1);
      if (!isEscape && next !== quote) {
        this.#at = end + 1;
        return parts.join('');
      }
      parts.push(isEscape ? (ESCAPES[next] ?? next) : quote);
      from = end + 2;
    }
  }

  /** Where the next quote or escape is. */
  #endOfPart(from: number, quote: string, hasEscapes: boolean): number | undefined {
    for (let at = from; at < this.#query.length; at++) {
      const char = this.#query.charAt(at);
      if (char === quote || (hasEscapes && char === '\\')) return at;
    }
    return undefined;
  }
}
