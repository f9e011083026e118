// A search cut into what its grammar is about. A token knows where it was, also one that was never finished.
import type { Comparison, Place } from './query.ts';

/** A piece of the text of a search. */
export type Token = Place &
  (
    | { readonly kind: '(' | ')' | '-' | 'or' | 'and' | 'not' }
    /** A field and what follows it; the value begins where the field ends. */
    | { readonly kind: 'field'; readonly name: string; readonly comparison: Comparison | ':' }
    | { readonly kind: 'word' | 'quoted' | 'regex' | 'wildcard'; readonly text: string; readonly finished: boolean }
  );

const FIELD = /([a-z]+)(!=|>=|<=|[:=<>])/iy;
const SPACE = /\s+/y;
const WORD = /[^\s()"]+/y;
const QUOTED = /"((?:\\[^]|[^"\\])*)("?)/y;
const REGEX = /\/((?:\\[^]|[^/\\\n])*)(\/?)/y;

/** All of the text but the spaces. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    at = matchAt(SPACE, text, at)?.end ?? at;
    if (at >= text.length) break;
    const token = tokenAt(text, at, tokens.at(-1));
    tokens.push(token);
    at = token.to;
  }
  return tokens;
}

function tokenAt(text: string, from: number, before: Token | undefined): Token {
  const character = text[from];
  const isValue = before?.kind === 'field' && before.to === from;
  if (character === '(' || character === ')') return { kind: character, from, to: from + 1 };
  if (!isValue && character === '-' && /[^\s)]/.test(text[from + 1] ?? ' ')) return { kind: '-', from, to: from + 1 };
  if (character === '"') return quoted(text, from);
  if (character === '/') return delimited(text, from);
  if (!isValue) {
    const field = matchAt(FIELD, text, from);
    if (field !== undefined) {
      const [, name = '', comparison] = field.groups;
      return { kind: 'field', name, comparison: comparison as Comparison | ':', from, to: field.end };
    }
  }
  if (character === '~' && text[from + 1] !== undefined && text[from + 1] !== ' ') return wildcard(text, from);
  return word(text, from, isValue);
}

function quoted(text: string, from: number): Token {
  const { groups, end } = found(QUOTED, text, from);
  return {
    kind: 'quoted',
    text: (groups[1] ?? '').replaceAll(/\\([^])/g, '$1'),
    finished: groups[2] === '"',
    from,
    to: end,
  };
}

/** What goes on behind the second slash is a path. */
function delimited(text: string, from: number): Token {
  const { groups, end } = found(REGEX, text, from);
  if (/[^\s()]/.test(text[end] ?? ' ')) return word(text, from, true);
  return { kind: 'regex', text: (groups[1] ?? '').replaceAll('\\/', '/'), finished: groups[2] === '/', from, to: end };
}

function wildcard(text: string, from: number): Token {
  const value = tokenAt(text, from + 1, { kind: 'field', name: '', comparison: ':', from, to: from + 1 });
  if (value.kind !== 'word' && value.kind !== 'quoted') return word(text, from, true);
  return { ...value, kind: 'wildcard', from };
}

const KEYWORDS: readonly string[] = ['or', 'and', 'not'];

function word(text: string, from: number, isValue: boolean): Token {
  const { groups, end } = found(WORD, text, from);
  const [typed = ''] = groups;
  const lower = typed.toLowerCase();
  if (!isValue && KEYWORDS.includes(lower)) return { kind: lower as 'or' | 'and' | 'not', from, to: end };
  return { kind: 'word', text: typed, finished: true, from, to: end };
}

interface Match {
  readonly groups: readonly (string | undefined)[];
  readonly end: number;
}

function matchAt(regex: RegExp, text: string, at: number): Match | undefined {
  regex.lastIndex = at;
  const match = regex.exec(text);
  return match === null ? undefined : { groups: match, end: at + match[0].length };
}

function found(regex: RegExp, text: string, at: number): Match {
  const match = matchAt(regex, text, at);
  if (match === undefined) throw new Error(`no token at ${at}`);
  return match;
}
