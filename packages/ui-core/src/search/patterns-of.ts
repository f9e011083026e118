// The texts that a search looks for: in payloads, which must be read for them, and in what rows say, to mark it there.
import type { TextPattern } from './patterns.ts';
import type { Condition, Place, SearchNode } from './query.ts';

/** Those that are looked for in payloads; each once. */
export function payloadPatterns(node: SearchNode | undefined): readonly TextPattern[] {
  const found = new Map<string, TextPattern>();
  for (const { condition } of conditionsOf(node)) {
    if ('pattern' in condition && looksIntoPayloads(condition.field))
      found.set(keyOf(condition.pattern), condition.pattern);
  }
  return [...found.values()];
}

/** Does a field stand for what is in payloads, among other things? */
export function looksIntoPayloads(field: Condition['field']): boolean {
  return field === undefined || field === 'text' || field === 'payload';
}

const IN_LABELS: ReadonlySet<Condition['field']> = new Set(['name', 'label', 'instance']);

/** Texts that what was found has: those of wildcards and regular expressions are not known, and of "not" there are none. */
export function markedTexts(node: SearchNode | undefined): readonly string[] {
  const texts = conditionsOf(node)
    .filter(({ isNegated, condition: { field } }) => !isNegated && (looksIntoPayloads(field) || IN_LABELS.has(field)))
    .flatMap(({ condition }) => ('pattern' in condition ? [condition.pattern] : []))
    .filter(({ kind, text }) => (kind === 'contains' || kind === 'equals') && text !== '')
    .map(({ text }) => text.toLowerCase());
  return [...new Set(texts)];
}

/** Where a text has one of these, in order and apart from each other. */
export function marksIn(text: string, wanted: readonly string[]): readonly Place[] {
  const lower = text.toLowerCase();
  // A letter that changes its length with its case would move all that follow.
  if (lower.length !== text.length) return [];
  const places = wanted.flatMap((one) => placesOf(lower, one)).sort((a, b) => a.from - b.from);
  const apart: { from: number; to: number }[] = [];
  for (const { from, to } of places) {
    const last = apart.at(-1);
    if (last === undefined || from > last.to) apart.push({ from, to });
    else last.to = Math.max(last.to, to);
  }
  return apart;
}

/** A line around the first of these in a text. undefined: it has none. @param around characters on each side */
export function excerptOf(text: string, wanted: readonly string[], around: number): string | undefined {
  const lower = text.toLowerCase();
  const [first] = wanted
    .map((one) => ({ from: lower.indexOf(one), length: one.length }))
    .filter(({ from }) => from >= 0)
    .sort((a, b) => a.from - b.from);
  if (first === undefined) return undefined;
  const from = Math.max(0, first.from - around);
  const to = Math.min(text.length, first.from + first.length + around);
  const line = text.slice(from, to).replaceAll(/\s+/g, ' ').trim();
  return `${from > 0 ? '…' : ''}${line}${to < text.length ? '…' : ''}`;
}

function placesOf(lower: string, wanted: string): Place[] {
  const places: Place[] = [];
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) {
    places.push({ from: at, to: at + wanted.length });
  }
  return places;
}

interface Found {
  readonly condition: Condition;
  readonly isNegated: boolean;
}

function conditionsOf(node: SearchNode | undefined, isNegated = false): readonly Found[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'condition':
      return [{ condition: node.condition, isNegated }];
    case 'not':
      return conditionsOf(node.node, !isNegated);
    case 'and':
    case 'or':
      return node.nodes.flatMap((one) => conditionsOf(one, isNegated));
  }
}

function keyOf({ kind, text }: TextPattern): string {
  return `${kind} ${text}`;
}
