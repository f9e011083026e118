// Two JSON values: what was added, removed and changed, as a tree of the places where they differ. Numbers are compared as
// they were written, so that none is rounded away. Lists are aligned: an element that was put in moves those behind it.
import { type ExactJson, ExactNumber } from '../payload/view.ts';
import { stretches } from './edits.ts';
import { type TextPart, textDiff } from './text-diff.ts';

export type ValueDiff =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly a: ExactJson; readonly b: ExactJson }
  /** Of two long texts. */
  | { readonly kind: 'text'; readonly parts: readonly TextPart[] }
  | { readonly kind: 'list' | 'object'; readonly entries: readonly DiffEntry[] };

/** One element or field. Its name is a field's, or a place in the list as a number; a list may have it at two places. */
export type DiffEntry =
  | { readonly change: 'same'; readonly name: string; readonly value: ExactJson }
  | { readonly change: 'removed'; readonly name: string; readonly value: ExactJson }
  | { readonly change: 'added'; readonly name: string; readonly value: ExactJson }
  | { readonly change: 'inside'; readonly name: string; readonly aName: string; readonly diff: ValueDiff };

export interface ChangeCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** Why two values are not compared. */
export type DiffLimit = 'large' | 'deep';

export const DIFF_VALUES_MAX = 100_000;
export const DIFF_DEPTH_MAX = 200;
/** Shorter texts are told as one and the other. */
const TEXT_LENGTH_MIN = 40;

export function valueDiff(a: ExactJson, b: ExactJson): ValueDiff | DiffLimit {
  const identities = new Identities();
  try {
    identities.add(a);
    identities.add(b);
  } catch (error) {
    if (error instanceof LimitError) return error.limit;
    throw error;
  }
  return diffOf(a, b, identities);
}

export function changeCounts(diff: ValueDiff): ChangeCounts {
  if (diff.kind === 'same') return { added: 0, removed: 0, changed: 0 };
  if (diff.kind === 'changed' || diff.kind === 'text') return { added: 0, removed: 0, changed: 1 };
  let [added, removed, changed] = [0, 0, 0];
  for (const entry of diff.entries) {
    if (entry.change === 'added') added += 1;
    if (entry.change === 'removed') removed += 1;
    if (entry.change !== 'inside') continue;
    const inside = changeCounts(entry.diff);
    [added, removed, changed] = [added + inside.added, removed + inside.removed, changed + inside.changed];
  }
  return { added, removed, changed };
}

function diffOf(a: ExactJson, b: ExactJson, identities: Identities): ValueDiff {
  if (identities.of(a) === identities.of(b)) return { kind: 'same' };
  if (isList(a) && isList(b)) return { kind: 'list', entries: listEntries(a, b, identities) };
  if (isObject(a) && isObject(b)) return { kind: 'object', entries: objectEntries(a, b, identities) };
  if (typeof a === 'string' && typeof b === 'string' && Math.max(a.length, b.length) >= TEXT_LENGTH_MIN) {
    return { kind: 'text', parts: textDiff(a, b) };
  }
  return { kind: 'changed', a, b };
}

/** Where some elements took the place of others, the first is compared with the first, and so on. */
function listEntries(a: readonly ExactJson[], b: readonly ExactJson[], identities: Identities): readonly DiffEntry[] {
  const entries: DiffEntry[] = [];
  const numbers = (list: readonly ExactJson[]) => list.map((each) => identities.of(each));
  for (const { same, aFrom, aTo, bFrom, bTo } of stretches(numbers(a), numbers(b))) {
    const pairs = same ? aTo - aFrom : Math.min(aTo - aFrom, bTo - bFrom);
    for (let at = 0; at < pairs; at += 1) {
      const [aName, name] = [String(aFrom + at), String(bFrom + at)];
      const [value, other] = [a[aFrom + at] ?? null, b[bFrom + at] ?? null];
      if (same) entries.push({ change: 'same', name, value });
      else entries.push({ change: 'inside', name, aName, diff: diffOf(value, other, identities) });
    }
    for (let at = aFrom + pairs; at < aTo; at += 1) {
      entries.push({ change: 'removed', name: String(at), value: a[at] ?? null });
    }
    for (let at = bFrom + pairs; at < bTo; at += 1) {
      entries.push({ change: 'added', name: String(at), value: b[at] ?? null });
    }
  }
  return entries;
}

type JsonObject = { readonly [key: string]: ExactJson };

/** In the order of `a`; what only `b` has comes last. */
function objectEntries(a: JsonObject, b: JsonObject, identities: Identities): readonly DiffEntry[] {
  const entries = Object.entries(a).map(([name, value]): DiffEntry => {
    const other = Object.hasOwn(b, name) ? b[name] : undefined;
    if (other === undefined) return { change: 'removed', name, value };
    const diff = diffOf(value, other, identities);
    return diff.kind === 'same' ? { change: 'same', name, value } : { change: 'inside', name, aName: name, diff };
  });
  const added = Object.entries(b).filter(([name]) => !Object.hasOwn(a, name));
  return [...entries, ...added.map(([name, value]): DiffEntry => ({ change: 'added', name, value }))];
}

function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}

function isObject(value: ExactJson): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

class LimitError extends Error {
  readonly limit: DiffLimit;
  constructor(limit: DiffLimit) {
    super(limit);
    this.limit = limit;
  }
}

/** A number for each value: the same for values that are the same, whatever the order of their fields. */
class Identities {
  readonly #numbers = new Map<string, number>();
  /** Of lists and objects, so that no value is looked at twice. */
  readonly #known = new Map<object, number>();
  #values = 0;

  /** @throws {LimitError} */
  add(value: ExactJson, depth = 0): number {
    this.#values += 1;
    if (this.#values > DIFF_VALUES_MAX) throw new LimitError('large');
    if (depth > DIFF_DEPTH_MAX) throw new LimitError('deep');
    const number = this.#numberOf(this.#text(value, depth));
    if (typeof value === 'object' && value !== null) this.#known.set(value, number);
    return number;
  }

  of(value: ExactJson): number {
    const known = typeof value === 'object' && value !== null ? this.#known.get(value) : undefined;
    return known ?? this.#numberOf(leafText(value));
  }

  #numberOf(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }

  #text(value: ExactJson, depth: number): string {
    if (isList(value)) return `[${value.map((each) => this.add(each, depth + 1)).join(',')}`;
    if (!isObject(value)) return leafText(value);
    const fields = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}:${this.add(each, depth + 1)}`);
    return `{${fields.sort().join(',')}`;
  }
}

/** Of what is no list and no object: as JSON has it, in which no two values of different types are the same. */
function leafText(value: ExactJson): string {
  return value instanceof ExactNumber ? value.text : JSON.stringify(value);
}
