// From the text of a list filter to its syntax: a condition in SQL, with AND, OR, NOT and parentheses that bind as in SQL,
// then GROUP BY and ORDER BY. What SQL has beyond that is refused by name. Nesting and size are limited here, so that
// whoever walks over the result may do so recursively.

import type { StatusError } from '@perdure/api';
import type { Comparison } from './filter.ts';
import { invalid, malformed, unsupported } from './problems.ts';
import type { Condition, Expression, Literal, OrderTerm, Query } from './syntax.ts';
import { type Token, Tokens } from './tokens.ts';

/** Parentheses and NOTs around a condition. */
export const NESTING_MAX = 100;
export const CONDITIONS_MAX = 1000;
/** In all IN lists together. */
export const LISTED_VALUES_MAX = 10_000;
export const ORDER_TERMS_MAX = 16;

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['=', '='],
  ['!=', '!='],
  ['<>', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', 'DIV', 'MOD']);
const PATTERN_OPERATORS: ReadonlySet<string> = new Set(['LIKE', 'REGEXP', 'RLIKE']);
/** What ends a condition, or cannot be a name without back-ticks. */
const RESERVED: ReadonlySet<string> = new Set(
  'AND OR NOT IN IS NULL TRUE FALSE BETWEEN LIKE REGEXP RLIKE GROUP ORDER BY LIMIT HAVING WHERE ASC DESC'.split(' '),
);

/** @throws {StatusError} INVALID_ARGUMENT, says what is not supported or not well formed */
export function parseQuery(text: string): Query {
  return new Parser(text).query();
}

class Parser {
  readonly #tokens: Tokens;
  #token: Token;
  #nesting = 0;
  #conditions = 0;
  #listedValues = 0;

  constructor(text: string) {
    this.#tokens = new Tokens(text);
    this.#token = this.#tokens.next();
  }

  query(): Query {
    const hasWhere = this.#token.kind !== 'end' && !['GROUP', 'ORDER', 'LIMIT'].includes(this.#word);
    const where = hasWhere ? this.#or() : undefined;
    const groupBy = this.#takeWord('GROUP') ? this.#groupBy() : [];
    const orderBy = this.#takeWord('ORDER') ? this.#orderBy() : [];
    if (this.#word === 'LIMIT') throw unsupported("'LIMIT' clause");
    if (this.#token.kind !== 'end') throw this.#unexpected();
    return { where, groupBy, orderBy };
  }

  // Clauses

  #groupBy(): string[] {
    this.#expectWord('BY');
    return this.#list(() => this.#clauseName());
  }

  #orderBy(): OrderTerm[] {
    this.#expectWord('BY');
    const terms = this.#list(() => {
      const name = this.#clauseName();
      const descending = this.#takeWord('DESC');
      if (!descending) this.#takeWord('ASC');
      return { name, descending };
    });
    if (terms.length > ORDER_TERMS_MAX) {
      throw unsupported(`'ORDER BY' clause with more than ${ORDER_TERMS_MAX} fields`);
    }
    return terms;
  }

  #clauseName(): string {
    const name = this.#name();
    if (this.#isSymbol('(')) throw unsupported('function expression');
    return name;
  }

  #list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.#takeSymbol(',')) items.push(item());
    return items;
  }

  // Expressions

  #or(): Expression {
    return this.#joined('or', 'OR', () => this.#and());
  }

  #and(): Expression {
    return this.#joined('and', 'AND', () => this.#not());
  }

  #joined(op: 'and' | 'or', word: string, operand: () => Expression): Expression {
    const first = operand();
    if (this.#word !== word) return first;
    const of = [first];
    while (this.#takeWord(word)) of.push(operand());
    return { op, of };
  }

  #not(): Expression {
    if (this.#takeWord('NOT')) return { op: 'not', of: this.#nested(() => this.#not()) };
    if (!this.#takeSymbol('(')) return this.#condition();
    const inner = this.#nested(() => this.#or());
    this.#expectSymbol(')');
    return inner;
  }

  #nested(parse: () => Expression): Expression {
    if (this.#nesting === NESTING_MAX) throw unsupported(`nesting of more than ${NESTING_MAX} levels`);
    this.#nesting++;
    const expression = parse();
    this.#nesting--;
    return expression;
  }

  // Conditions

  #condition(): Expression {
    if (this.#conditions === CONDITIONS_MAX) throw unsupported(`more than ${CONDITIONS_MAX} conditions`);
    this.#conditions++;
    const name = this.#name();
    this.#refuseArithmetic();
    if (this.#isSymbol('(')) throw unsupported('function expression');
    const comparison = this.#takeComparison();
    if (comparison !== undefined) return { op: 'compare', name, comparison, value: this.#literal() };
    if (this.#takeWord('IS')) return this.#isNull(name);
    if (!this.#takeWord('NOT')) return this.#wordCondition(name);
    return { op: 'not', of: this.#wordCondition(name) };
  }

  /** The conditions that can follow a NOT. */
  #wordCondition(name: string): Condition {
    if (this.#takeWord('IN')) return { op: 'in', name, values: this.#listedLiterals() };
    if (this.#takeWord('STARTS_WITH')) return { op: 'startsWith', name, value: this.#literal() };
    if (this.#takeWord('CONTAINS')) return { op: 'contains', name, value: this.#literal() };
    if (this.#takeWord('BETWEEN')) {
      const low = this.#literal();
      this.#expectWord('AND');
      return { op: 'between', name, low, high: this.#literal() };
    }
    throw this.#noOperator();
  }

  #noOperator(): StatusError {
    const word = this.#word;
    if (PATTERN_OPERATORS.has(word)) return unsupported(`operator '${word}' in comparison expression`);
    if (this.#token.kind === 'end' || this.#isSymbol(')') || RESERVED.has(word)) {
      return invalid('incomplete expression');
    }
    return this.#unexpected();
  }

  #isNull(name: string): Expression {
    const negated = this.#takeWord('NOT');
    if (!this.#takeWord('NULL')) throw invalid("'IS' operator can only be used as 'IS NULL' or 'IS NOT NULL'");
    const isNull = { op: 'isNull', name } as const;
    return negated ? { op: 'not', of: isNull } : isNull;
  }

  #listedLiterals(): Literal[] {
    this.#expectSymbol('(');
    const literals = this.#list(() => {
      if (this.#listedValues === LISTED_VALUES_MAX) throw unsupported(`more than ${LISTED_VALUES_MAX} values in lists`);
      this.#listedValues++;
      return this.#literal();
    });
    this.#expectSymbol(')');
    return literals;
  }

  // Names and values

  #name(): string {
    const { kind, text } = this.#token;
    const isName = kind === 'quotedName' || (kind === 'name' && !RESERVED.has(this.#word));
    if (isName && text === '') throw malformed('a name is empty');
    if (isName && this.#word !== 'SELECT') return this.#take().text;
    throw this.#noName();
  }

  #noName(): StatusError {
    const { kind, text, at } = this.#token;
    if (this.#word === 'SELECT') return unsupported('sub-select');
    if (kind === 'string' || kind === 'number') return invalid(`must be a column name but was '${text}'`);
    if (kind === 'name') return this.#tokens.syntaxError(at, ' (a name that is a keyword must be in back-ticks)');
    return this.#unexpected();
  }

  #literal(): Literal {
    const sign = this.#takeSign();
    const { kind, text } = this.#token;
    if (kind === 'number') {
      this.#take();
      this.#refuseArithmetic();
      return { kind, text: sign + text };
    }
    if (sign !== '') throw this.#unexpected();
    if (kind === 'string') {
      this.#take();
      this.#refuseArithmetic();
      return { kind, text };
    }
    if (this.#takeWord('TRUE')) return { kind: 'bool', value: true };
    if (this.#takeWord('FALSE')) return { kind: 'bool', value: false };
    throw this.#noLiteral();
  }

  #noLiteral(): StatusError {
    const { kind, text } = this.#token;
    if (this.#word === 'SELECT') return unsupported('sub-select');
    if (this.#word === 'NULL') return invalid('unexpected value NULL (IS NULL asks for what is missing)');
    if ((kind === 'name' && !RESERVED.has(this.#word)) || kind === 'quotedName') {
      this.#take();
      if (this.#isSymbol('(')) return unsupported('nested func');
      const hint = `(did you forget to quote '${text}'?)`;
      return unsupported(`column name on the right side of comparison expression ${hint}`);
    }
    if (!this.#takeSymbol('(')) return this.#unexpected();
    return this.#word === 'SELECT' ? unsupported('sub-select') : invalid('unexpected list of values');
  }

  #takeComparison(): Comparison | undefined {
    const comparison = this.#token.kind === 'symbol' ? COMPARISONS.get(this.#token.text) : undefined;
    if (comparison !== undefined) this.#take();
    return comparison;
  }

  #takeSign(): '' | '-' {
    if (this.#takeSymbol('-')) return '-';
    this.#takeSymbol('+');
    return '';
  }

  #refuseArithmetic(): void {
    const operator = this.#token.kind === 'symbol' ? this.#token.text : this.#word;
    if (ARITHMETIC.has(operator)) throw unsupported(`arithmetic expression with '${operator}'`);
  }

  // Tokens

  /** The current token as keywords are compared; empty: it is no word. */
  get #word(): string {
    return this.#token.kind === 'name' ? this.#token.text.toUpperCase() : '';
  }

  #take(): Token {
    const token = this.#token;
    this.#token = this.#tokens.next();
    return token;
  }

  #takeWord(word: string): boolean {
    if (this.#word !== word) return false;
    this.#take();
    return true;
  }

  #expectWord(word: string): void {
    if (!this.#takeWord(word)) throw this.#unexpected();
  }

  #isSymbol(text: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === text;
  }

  #takeSymbol(text: string): boolean {
    if (!this.#isSymbol(text)) return false;
    this.#take();
    return true;
  }

  #expectSymbol(text: string): void {
    if (!this.#takeSymbol(text)) throw this.#unexpected();
  }

  #unexpected(): StatusError {
    return this.#tokens.syntaxError(this.#token.at);
  }
}
