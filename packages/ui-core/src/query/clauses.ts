// A list's query as chips: `WorkflowType = "Order" AND ExecutionStatus IN ("Failed", "TimedOut")` is two clauses that a
// person can change one by one. The text is the truth: what is no simple clause stays as the text it was, so that
// clauses turned into text again mean the same as before.
import { type Token, tokenize } from './tokens.ts';

export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'IN'
  | 'NOT IN'
  | 'BETWEEN'
  | 'NOT BETWEEN'
  | 'STARTS_WITH'
  | 'NOT STARTS_WITH'
  | 'CONTAINS'
  | 'IS NULL'
  | 'IS NOT NULL';

/** A value as it stands in a query: with its quotes, or a bare number or word. */
export interface Value {
  readonly text: string;
  readonly quoted: boolean;
}

export interface FieldClause {
  readonly kind: 'field';
  readonly field: string;
  readonly operator: Operator;
  readonly values: readonly Value[];
}

/** What has no form of its own here: parentheses, OR, something mistyped. */
export interface TextClause {
  readonly kind: 'text';
  readonly text: string;
}

export type Clause = FieldClause | TextClause;

export interface Clauses {
  readonly clauses: readonly Clause[];
  /** `ORDER BY …`, if the query ends in it. */
  readonly order: string;
}

/** Never fails: what it does not understand becomes text. */
export function parseClauses(query: string): Clauses {
  const tokens = tokenize(query);
  const orderAt = tokens.findIndex((token, i) => isWord(token, 'ORDER') && isWord(tokens[i + 1], 'BY'));
  const filter = orderAt < 0 ? tokens : tokens.slice(0, orderAt);
  const order = orderAt < 0 ? '' : query.slice(tokens[orderAt]?.from).trim();
  if (filter.length === 0) return { clauses: [], order };
  return { clauses: conjuncts(filter).map((part) => clauseOf(part, query)), order };
}

/** What is found, whatever the order: counts and batches know none. */
export function withoutOrder(query: string): string {
  const { order } = parseClauses(query);
  return query
    .trimEnd()
    .slice(0, query.trimEnd().length - order.length)
    .trim();
}

/** The query that the clauses say. */
export function clausesText({ clauses, order }: Clauses): string {
  const parts = clauses.map((clause) => (clause.kind === 'text' ? textOf(clause, clauses.length) : fieldText(clause)));
  return [parts.join(' AND '), order].filter((part) => part !== '').join(' ');
}

export function fieldText({ field, operator, values }: FieldClause): string {
  const name = /^[A-Za-z_]\w*$/.test(field) ? field : `\`${field}\``;
  const texts = values.map(valueText);
  switch (operator) {
    case 'IS NULL':
    case 'IS NOT NULL':
      return `${name} ${operator}`;
    case 'IN':
    case 'NOT IN':
      return `${name} ${operator} (${texts.join(', ')})`;
    case 'BETWEEN':
    case 'NOT BETWEEN':
      return `${name} ${operator} ${texts[0] ?? ''} AND ${texts[1] ?? ''}`;
    default:
      return `${name} ${operator} ${texts[0] ?? ''}`;
  }
}

/** A text value with the quotes that it needs. */
export function quoted(text: string): Value {
  return { text, quoted: true };
}

/** What asks for one text in a field. */
export function equals(field: string, text: string): FieldClause {
  return { kind: 'field', field, operator: '=', values: [quoted(text)] };
}

/** The query with this clause instead of what it says of the same field; undefined: without any. */
export function withField(query: string, field: string, clause: FieldClause | undefined): string {
  const { clauses, order } = parseClauses(query);
  const at = clauses.findIndex((each) => each.kind === 'field' && each.field === field);
  const others = clauses.filter((each) => each.kind === 'text' || each.field !== field);
  const added = clause === undefined ? [] : [clause];
  const next = at < 0 ? [...others, ...added] : others.toSpliced(Math.min(at, others.length), 0, ...added);
  return clausesText({ clauses: next, order });
}

/** The values of a field for which the query asks with = or IN; empty: it does not. */
export function valuesOf(query: string, field: string): readonly string[] {
  const { clauses } = parseClauses(query);
  return clauses.flatMap((clause) =>
    clause.kind === 'field' && clause.field === field && ['=', 'IN'].includes(clause.operator)
      ? clause.values.map(({ text }) => text)
      : [],
  );
}

/** A top-level OR binds weaker than the AND that joins it with other clauses. */
function textOf({ text }: TextClause, count: number): string {
  const hasOr = tokenize(text).some((token) => isWord(token, 'OR') && token.depth === 0);
  return hasOr && count > 1 ? `(${text})` : text;
}

function valueText({ text, quoted: isQuoted }: Value): string {
  if (!isQuoted) return text;
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Splits at each AND that joins clauses: not the one of BETWEEN, not inside parentheses. A top-level OR: no parts. */
function conjuncts(tokens: readonly Token[]): readonly (readonly Token[])[] {
  if (tokens.some((token) => token.depth === 0 && isWord(token, 'OR'))) return [tokens];
  const parts: Token[][] = [[]];
  let between = false;
  for (const token of tokens) {
    if (isWord(token, 'BETWEEN')) between = true;
    if (token.depth === 0 && isWord(token, 'AND')) {
      if (!between) {
        parts.push([]);
        continue;
      }
      between = false;
    }
    parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

function clauseOf(tokens: readonly Token[], query: string): Clause {
  return fieldClause(tokens) ?? { kind: 'text', text: query.slice(tokens[0]?.from, tokens.at(-1)?.to) };
}

function fieldClause([name, ...rest]: readonly Token[]): FieldClause | undefined {
  if (name?.kind !== 'word' && name?.kind !== 'name') return undefined;
  const negated = isWord(rest[0], 'NOT');
  const [operator, ...operands] = negated ? rest.slice(1) : rest;
  if (operator === undefined) return undefined;
  const field = name.text;
  const word = operator.text.toUpperCase();
  if (operator.kind === 'operator') return negated ? undefined : comparison(field, operator.text, operands);
  if (word === 'IS') return nullCheck(field, operands);
  const values = OPERANDS[word]?.(operands);
  if (values === undefined || (negated && word === 'CONTAINS')) return undefined;
  return { kind: 'field', field, operator: `${negated ? 'NOT ' : ''}${word}` as Operator, values };
}

function comparison(field: string, operator: string, operands: readonly Token[]): FieldClause | undefined {
  const values = single(operands);
  const known = { '==': '=', '<>': '!=' }[operator] ?? operator;
  return values && { kind: 'field', field, operator: known as Operator, values };
}

function nullCheck(field: string, operands: readonly Token[]): FieldClause | undefined {
  const words = operands.map(({ text }) => text.toUpperCase()).join(' ');
  if (words !== 'NULL' && words !== 'NOT NULL') return undefined;
  return { kind: 'field', field, operator: `IS ${words}`, values: [] };
}

const OPERANDS: Readonly<Record<string, (operands: readonly Token[]) => readonly Value[] | undefined>> = {
  STARTS_WITH: single,
  CONTAINS: single,
  IN: listed,
  BETWEEN: ([from, and, to, ...more]) => {
    const ends = [from, to].flatMap((token) => single(token === undefined ? [] : [token]) ?? []);
    return isWord(and, 'AND') && ends.length === 2 && more.length === 0 ? ends : undefined;
  },
};

function single([token, ...more]: readonly Token[]): readonly Value[] | undefined {
  if (token === undefined || more.length > 0 || (token.kind !== 'text' && token.kind !== 'word')) return undefined;
  return [{ text: token.text, quoted: token.kind === 'text' }];
}

function listed(operands: readonly Token[]): readonly Value[] | undefined {
  if (operands[0]?.text !== '(' || operands.at(-1)?.text !== ')') return undefined;
  const inner = operands.slice(1, -1);
  const values = inner.flatMap((token, i) => (i % 2 === 0 ? (single([token]) ?? []) : []));
  const separated = inner.every((token, i) => (i % 2 === 0) !== (token.text === ',' && token.kind === 'mark'));
  return separated && values.length === Math.ceil(inner.length / 2) && values.length > 0 ? values : undefined;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}
