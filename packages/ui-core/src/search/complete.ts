// What can be typed next in a search: fields, and the values that fields have in the rows at hand, the frequent ones
// first.
import type { EventGroup } from '../groups/group.ts';
import { FIELDS, fieldOf, STATUS_WORDS, TYPE_WORDS } from './fields.ts';
import { wordText } from './print.ts';
import type { Field, Place } from './query.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Something that could be typed next. */
export interface Suggestion {
  /** What is typed for the user. */
  readonly text: string;
  /** What it is for, or how many rows have it. */
  readonly hint: string;
}

/** Suggestions, and the characters that the chosen one replaces. */
export interface Completion extends Place {
  readonly suggestions: readonly Suggestion[];
}

const SUGGESTIONS_MAX = 20;

/** @param groups those at hand: their values are suggested */
export function completeSearch(text: string, caret: number, groups: readonly EventGroup[]): Completion {
  const tokens = tokensOf(text.slice(0, caret));
  const last = tokens.at(-1);
  const before = tokens.at(-2);
  if (last === undefined || last.to < caret) return { from: caret, to: caret, suggestions: fieldSuggestions('') };
  if (last.kind === 'field') return { from: caret, to: caret, suggestions: valuesOf(last.name, '', groups) };
  // What is behind the caret in the same word is replaced as well.
  const whole = tokensOf(text).find(({ from }) => from === last.from);
  const place = { from: last.from, to: whole === undefined ? caret : Math.max(whole.to, caret) };
  if ('text' in last && before?.kind === 'field' && before.to === last.from) {
    return { ...place, suggestions: valuesOf(before.name, last.text, groups) };
  }
  const typed = typedWord(last);
  if (typed !== undefined) return { ...place, suggestions: fieldSuggestions(typed) };
  const isText = 'text' in last;
  return { from: caret, to: caret, suggestions: isText ? [] : fieldSuggestions('') };
}

/** What may be the beginning of a field. */
function typedWord(token: Token): string | undefined {
  if (token.kind === 'word') return token.text;
  return token.kind === 'or' || token.kind === 'and' || token.kind === 'not' ? token.kind : undefined;
}

function fieldSuggestions(typed: string): Suggestion[] {
  return (Object.keys(FIELDS) as Field[])
    .filter((field) => field.startsWith(typed.toLowerCase()))
    .map((field) => ({ text: `${field}${COMPARED.includes(field) ? '>' : ':'}`, hint: FIELDS[field] }));
}

const COMPARED: readonly Field[] = ['attempt', 'duration', 'queued', 'running', 'backoff', 'events'];

function valuesOf(name: string, typed: string, groups: readonly EventGroup[]): Suggestion[] {
  const field = fieldOf(name);
  const values = field && VALUES[field];
  if (values === undefined) return [];
  // In a list with commas, the last word is being typed.
  const isList = field === 'type' || field === 'status';
  const done = isList ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
  const wanted = typed.slice(done.length).toLowerCase();
  const counts = new Map<string, number>();
  for (const value of groups.flatMap(values)) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .filter(([value]) => value.toLowerCase().includes(wanted))
    .sort(([a, countA], [b, countB]) => rank(a, wanted) - rank(b, wanted) || countB - countA || (a < b ? -1 : 1))
    .slice(0, SUGGESTIONS_MAX)
    .map(([value, count]) => ({ text: done + (isList ? value : wordText(value)), hint: String(count) }));
}

/** What begins with the typed word comes before what only contains it. */
function rank(value: string, wanted: string): number {
  return value.toLowerCase().startsWith(wanted) ? 0 : 1;
}

const VALUES: Partial<Readonly<Record<Field, (group: EventGroup) => readonly string[]>>> = {
  type: ({ kind }) => [TYPE_WORDS[kind]],
  status: ({ status }) => [STATUS_WORDS[status]],
  name: ({ name }) => [name],
  label: ({ label }) => [label],
  instance: ({ instance }) => [instance],
  queue: ({ taskQueue }) => [taskQueue],
  workflow: ({ execution }) => (execution === undefined ? [] : [execution.workflowId]),
};
