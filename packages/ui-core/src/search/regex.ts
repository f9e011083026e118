// Regular expressions of people, run over every row while they type: in time linear in the text, whatever they wrote.
// A pattern becomes a graph of states, and all states that a text may be in are walked at once. There is no looking
// around and no referring back. Case is ignored.
import { parseRegex, type RegexNode } from './regex-syntax.ts';

export { RegexError } from './regex-syntax.ts';

type State =
  | { readonly kind: 'character'; readonly fits: (character: string) => boolean; readonly next: number }
  | { readonly kind: 'either'; first: number; readonly second: number }
  | { readonly kind: 'place'; readonly holds: (at: number, text: readonly string[]) => boolean; readonly next: number }
  | { readonly kind: 'end' };

/** Of one expression: counted repetitions multiply them. */
export const STATES_MAX = 1000;
const END = 0;

/**
 * Does the expression fit somewhere in a text?
 * @throws {RegexError} it is none, or too large
 */
export function compileRegex(pattern: string): (text: string) => boolean {
  const states: State[] = [{ kind: 'end' }];
  const begin = build(states, parseRegex(pattern, STATES_MAX), END);
  return (text) => fits(states, begin, Array.from(text));
}

/** The states of a node, before the state `next`. */
function build(states: State[], node: RegexNode, next: number): number {
  switch (node.kind) {
    case 'character':
      return states.push({ kind: 'character', fits: node.fits, next }) - 1;
    case 'place':
      return states.push({ kind: 'place', holds: node.holds, next }) - 1;
    case 'sequence':
      return node.nodes.reduceRight((after, one) => build(states, one, after), next);
    case 'choice':
      return node.nodes.map((one) => build(states, one, next)).reduce((first, second) => either(states, first, second));
    case 'repeat':
      return buildRepeat(states, node, next);
  }
}

function buildRepeat(states: State[], { node, min, max }: RegexNode & { kind: 'repeat' }, next: number): number {
  let begin = next;
  if (max === undefined) {
    begin = either(states, END, next);
    const loop = states[begin];
    const body = build(states, node, begin);
    if (loop?.kind === 'either') loop.first = body;
  } else {
    for (let count = min; count < max; count += 1) begin = either(states, build(states, node, begin), next);
  }
  for (let count = 0; count < min; count += 1) begin = build(states, node, begin);
  return begin;
}

function either(states: State[], first: number, second: number): number {
  return states.push({ kind: 'either', first, second }) - 1;
}

function fits(states: readonly State[], begin: number, text: readonly string[]): boolean {
  let current = new Set<number>();
  for (let at = 0; at <= text.length; at += 1) {
    // It may begin anywhere.
    if (enter(states, current, begin, at, text)) return true;
    const character = text[at];
    if (character === undefined) return false;
    const following = new Set<number>();
    for (const index of current) {
      const state = states[index];
      if (state?.kind !== 'character' || !state.fits(character)) continue;
      if (enter(states, following, state.next, at + 1, text)) return true;
    }
    current = following;
  }
  return false;
}

/** Adds a state and all that can be reached from it without a character. true: the end is one of them. */
function enter(
  states: readonly State[],
  entered: Set<number>,
  begin: number,
  at: number,
  text: readonly string[],
): boolean {
  const waiting = [begin];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (entered.has(index)) continue;
    entered.add(index);
    const state = states[index];
    if (state?.kind === 'end') return true;
    if (state?.kind === 'either') waiting.push(state.first, state.second);
    if (state?.kind === 'place' && state.holds(at, text)) waiting.push(state.next);
  }
  return false;
}
