// Whether a row matches a filter, by looking at one value after the other: what the store in memory does, and what the
// tests of every other store compare with.

import { compareValues } from './compare.ts';
import type { Comparison, Filter, FilterField, FilterValue } from './filter.ts';
import type { StoredValue } from './stored-value.ts';
import { textWords } from './words.ts';

/** What a row has in a field, of the field's type; undefined: nothing. */
export type ReadField = (field: FilterField) => StoredValue | undefined;

/** undefined: unknown, as SQL has it. */
type Truth = boolean | undefined;

export function matches(filter: Filter, read: ReadField): boolean {
  return truthOf(filter, read) === true;
}

function truthOf(filter: Filter, read: ReadField): Truth {
  switch (filter.op) {
    case 'and':
      return all(filter.of, read);
    case 'or':
      return any(filter.of, read);
    case 'not':
      return not(truthOf(filter.of, read));
    case 'isNull':
      return read(filter.field) === undefined;
    default:
      return conditionOf(filter, read);
  }
}

/** False if one is false, otherwise unknown if one is unknown. */
function all(filters: readonly Filter[], read: ReadField): Truth {
  let result: Truth = true;
  for (const filter of filters) {
    const truth = truthOf(filter, read);
    if (truth === false) return false;
    if (truth === undefined) result = undefined;
  }
  return result;
}

/** True if one is true, otherwise unknown if one is unknown. */
function any(filters: readonly Filter[], read: ReadField): Truth {
  let result: Truth = false;
  for (const filter of filters) {
    const truth = truthOf(filter, read);
    if (truth === true) return true;
    if (truth === undefined) result = undefined;
  }
  return result;
}

function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

type Condition = Exclude<Filter, { readonly op: 'and' | 'or' | 'not' | 'isNull' }>;

function conditionOf(condition: Condition, read: ReadField): Truth {
  const { field } = condition;
  const stored = read(field);
  if (field.type === 'keywordList') return setCondition(condition, new Set(listOf(stored)), one);
  if (field.type === 'text') {
    const text = typeof stored === 'string' ? stored : '';
    if (condition.op === 'contains') return contains(text, condition.text);
    return setCondition(condition, new Set(textWords(text)), (value) => textWords(String(value)));
  }
  const value = isList(stored) ? undefined : stored;
  if (value !== undefined) return scalarCondition(condition, value);
  const isOpen = field.kind === 'column' && field.column === 'closeTime';
  return isOpen ? scalarCondition(condition, Infinity) : undefined;
}

function isList(stored: StoredValue | undefined): stored is readonly string[] {
  return Array.isArray(stored);
}

function listOf(stored: StoredValue | undefined): readonly string[] {
  return isList(stored) ? stored : [];
}

function one(value: FilterValue): readonly string[] {
  return [String(value)];
}

/** The conditions on what is a set; `membersOf` says what a value looks for. */
function setCondition(
  condition: Condition,
  members: ReadonlySet<string>,
  membersOf: (value: FilterValue) => readonly string[],
): boolean {
  const has = (value: FilterValue) => membersOf(value).some((member) => members.has(member));
  if (condition.op === 'in') {
    const wanted = setOf(condition, membersOf);
    return [...members].some((member) => wanted.has(member));
  }
  if (condition.op === 'compare' && condition.comparison === '=') return has(condition.value);
  if (condition.op === 'compare' && condition.comparison === '!=') return !has(condition.value);
  throw new TypeError(`a field of type ${condition.field.type} has no such condition: ${condition.op}`);
}

function scalarCondition(condition: Condition, value: FilterValue): boolean {
  switch (condition.op) {
    case 'compare':
      return HOLDS[condition.comparison](compareValues(value, condition.value));
    case 'in':
      return setOf(condition, (other) => [comparable(other)]).has(comparable(value));
    case 'between':
      return compareValues(value, condition.low) >= 0 && compareValues(value, condition.high) <= 0;
    case 'startsWith':
      return String(value).startsWith(condition.prefix);
    case 'contains':
      return contains(String(value), condition.text);
  }
}

/** Thousands of values are looked up for each of many rows. */
const sets = new WeakMap<Condition, ReadonlySet<FilterValue>>();

function setOf(
  condition: Extract<Condition, { readonly op: 'in' }>,
  membersOf: (value: FilterValue) => readonly FilterValue[],
): ReadonlySet<FilterValue> {
  let set = sets.get(condition);
  if (set === undefined) sets.set(condition, (set = new Set(condition.values.flatMap(membersOf))));
  return set;
}

/** Numbers that are equal are the same member of a set, whichever way they are written. */
function comparable(value: FilterValue): FilterValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value;
}

const HOLDS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function contains(text: string, part: string): boolean {
  return asciiLowered(text).includes(asciiLowered(part));
}

function asciiLowered(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
