// What is understood of the list-filter language so far: equality of four attributes, joined by AND. Everything else is
// refused by name, never ignored: a filter that is half obeyed shows wrong results.

import { invalidArgument, type StatusError } from '@perdure/api';
import { WorkflowExecutionStatus, WorkflowExecutionStatusNames } from '@perdure/api/enums';
import type { Filter } from '@perdure/core';

/** The part of a store's query that a filter decides. */
export interface RunFilter {
  readonly workflowId?: string;
  readonly runId?: string;
  readonly workflowType?: string;
  readonly status?: number;
}

export function toFilter(asked: RunFilter): Filter {
  const of = (Object.entries(asked) as [Field, string | number][]).map(([column, value]): Filter => {
    const field = { kind: 'column', column, type: column === 'status' ? 'int' : 'keyword' } as const;
    return { op: 'compare', field, comparison: '=', value };
  });
  return { op: 'and', of };
}

type Field = keyof RunFilter;

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['WorkflowId', 'workflowId'],
  ['RunId', 'runId'],
  ['WorkflowType', 'workflowType'],
  ['ExecutionStatus', 'status'],
]);

interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'symbol';
  /** Of a string: its value. */
  readonly text: string;
}

/**
 * @returns undefined: the filter contradicts itself, no run can match
 * @throws {StatusError} INVALID_ARGUMENT, says what is not supported or not well formed
 */
export function parseQuery(query: string): RunFilter | undefined {
  const tokens = tokenize(query);
  const filter: { [F in Field]?: RunFilter[F] } = {};
  let contradicts = false;
  for (let at = 0; at < tokens.length; at += 4) {
    const [field, value] = condition(tokens, at);
    contradicts ||= filter[field] !== undefined && filter[field] !== value;
    Object.assign(filter, { [field]: value });
    const joint = tokens[at + 3];
    if (joint !== undefined && !isWord(joint, 'AND')) throw unsupported(phrase(joint));
    if (joint !== undefined && tokens.length === at + 4) throw malformed('a condition must follow AND');
  }
  return contradicts ? undefined : filter;
}

function condition(tokens: readonly Token[], at: number): readonly [Field, string | number] {
  const [name, operator, value] = tokens.slice(at, at + 3);
  if (name === undefined || name.kind !== 'name') throw unsupported(phrase(name));
  const field = FIELDS.get(name.text);
  if (field === undefined) {
    // `NOT`, `ORDER BY` and the like stand where a name is expected.
    throw unsupported(isKeyword(name) ? phrase(name) : `filter on search attribute '${name.text}'`);
  }
  if (operator === undefined) throw malformed(`a comparison must follow ${name.text}`);
  if (operator.text !== '=' || operator.kind !== 'symbol') throw unsupported(`${phrase(operator)} after ${name.text}`);
  if (value === undefined) throw malformed(`a value must follow ${name.text} =`);
  if (field === 'status') return [field, statusOf(value)];
  if (value.kind === 'name') {
    const hint = `(did you forget to quote '${value.text}'?)`;
    throw unsupported(`column name on the right side of comparison expression ${hint}`);
  }
  if (value.kind !== 'string') throw invalid(`the value of ${name.text} must be a quoted string`);
  return [field, value.text];
}

function statusOf(value: Token): number {
  const { kind, text } = value;
  if (kind === 'number') {
    if (WorkflowExecutionStatusNames.name(Number(text)) !== text) return Number(text);
  } else if (kind === 'string') {
    // `TimedOut` and `WORKFLOW_EXECUTION_STATUS_TIMED_OUT` are the same status.
    const shouted = text.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
    const status = WorkflowExecutionStatusNames.parse(shouted);
    if (status !== undefined && status !== WorkflowExecutionStatus.UNSPECIFIED) return status;
  }
  throw invalid(`invalid ExecutionStatus value '${text}'`);
}

const TOKEN =
  /\s*(?:(?<name>[A-Za-z_]\w*)|`(?<quoted>[^`]+)`|(?<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")|(?<number>-?\d+(?:\.\d+)?)|(?<symbol><=|>=|<>|!=|[=<>(),+*/;-]))/suy;

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  const end = query.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(query)?.groups;
    if (groups === undefined) throw syntaxError(query, at);
    tokens.push(tokenOf(groups));
  }
  return tokens;
}

function syntaxError(query: string, at: number): StatusError {
  const rest = query.slice(at).trimStart();
  return malformed(`syntax error at position ${query.length - rest.length + 1} near '${rest.slice(0, 20)}'`);
}

function tokenOf({ name, quoted, text, number, symbol }: Readonly<Record<string, string | undefined>>): Token {
  if (text !== undefined) return { kind: 'string', text: unquote(text) };
  if (number !== undefined) return { kind: 'number', text: number };
  if (symbol !== undefined) return { kind: 'symbol', text: symbol };
  return { kind: 'name', text: name ?? quoted ?? '' };
}

/** A quote inside is doubled or escaped; a backslash escapes any other character as well. */
function unquote(text: string): string {
  const quote = text.slice(0, 1);
  return text
    .slice(1, -1)
    .replaceAll(new RegExp(`\\\\(.)|${quote}${quote}`, 'gsu'), (_, escaped?: string) => escaped ?? quote);
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'name' && token.text.toUpperCase() === word;
}

const CLAUSES: Readonly<Record<string, string>> = {
  ORDER: "'ORDER BY' clause",
  GROUP: "'GROUP BY' clause",
  LIMIT: "'LIMIT' clause",
};
const KEYWORDS = ['AND', 'OR', 'NOT', 'IN', 'IS', 'BETWEEN', 'STARTS_WITH', 'LIKE', ...Object.keys(CLAUSES)];

function isKeyword(token: Token): boolean {
  return KEYWORDS.some((word) => isWord(token, word));
}

function phrase(token: Token | undefined): string {
  if (token === undefined) return 'an incomplete condition';
  const word = token.text.toUpperCase();
  if (token.kind === 'name' && Object.hasOwn(CLAUSES, word)) return CLAUSES[word] ?? word;
  if (token.text === '(' && token.kind === 'symbol') return 'parentheses';
  return token.kind === 'symbol' ? `operator '${token.text}'` : `'${isKeyword(token) ? word : token.text}'`;
}

function unsupported(what: string): StatusError {
  return invalidArgument(
    `invalid query: operation is not supported: ${what} (supported so far: WorkflowId, RunId, WorkflowType and ExecutionStatus with =, joined by AND)`,
  );
}

function malformed(what: string): StatusError {
  return invalidArgument(`invalid query: malformed SQL query: ${what}`);
}

function invalid(what: string): StatusError {
  return invalidArgument(`invalid query: invalid expression: ${what}`);
}
