// Decides by which index a list or a count finds its runs.
//
// A filter is taken apart at its outermost ANDs. Conditions on type, task queue and status choose among the groups, which
// are few; some others lead into an index. How many rows each of these ways would find is counted before, up to a bound: a
// way that finds few is taken, whatever the order. Otherwise one that walks in the list order until the page is full.
import type { Filter, FilterField, FilterValue } from '@perdure/core/visibility';
import { matches } from '@perdure/core/visibility';
import type { EntityKind as Kind } from '../../contract.ts';
import { EntityKind } from '../../contract.ts';
import { indexedValues } from './attribute_index.ts';
import type { Bound, Sql } from './filter_sql.ts';
import { FilterSql, list, sql } from './filter_sql.ts';
import type { Statements } from './prepared.ts';

/** Rows of a kind in a namespace that agree in type, task queue and status. */
export interface GroupRow {
  readonly number: number;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly status: number;
  readonly count: number;
}

/** One way to find the runs. What it does not decide is left in `filters`. */
export type Way = { readonly size: number; readonly filters: readonly Filter[] } & (
  | { readonly by: 'list' }
  | { readonly by: 'groups'; readonly groups: readonly GroupRow[] }
  /** An index of the table of runs, in another order than that of lists. */
  | { readonly by: 'index'; readonly index: string; readonly terms: Sql }
  /** Values of a search attribute, each in the list order; a run may have several if `isSet`. */
  | { readonly by: 'attribute'; readonly field: number; readonly values: readonly Bound[]; readonly isSet: boolean }
  | { readonly by: 'attributeRange'; readonly field: number; readonly terms: Sql }
);

export interface Plan {
  readonly namespace: number;
  readonly kind: Kind;
  /** All runs of the kind in the namespace; Infinity: it was not asked for. */
  readonly total: number;
  /** All that has to hold. */
  readonly filters: readonly Filter[];
  /** Those whose runs can match. */
  readonly groups: readonly GroupRow[];
  /** What the groups do not decide. */
  readonly rest: readonly Filter[];
  readonly way: Way;
  /** Of those that are left, the ones that the index of attributes can decide. */
  readonly matches: ReadonlyMap<Filter, AttributeMatch>;
}

/** A run matches if it has one of the values in the field. */
export interface AttributeMatch {
  readonly field: number;
  readonly values: readonly Bound[];
}

type Condition = Exclude<Filter, { readonly op: 'and' | 'or' | 'not' | 'isNull' }>;
export type AttributeField = Extract<FilterField, { kind: 'attribute' }>;

/** So many rows are found and sorted in some 20 ms; counting them takes 1 ms. */
const fewRows = 10_000;
/** What it costs to begin with one more group, in rows walked past. */
const rowsPerGroup = 10;

export class Planner {
  readonly #statements: Statements;
  readonly #fewMax: number;

  /** So many are sorted rather than walked in order. */
  get fewMax(): number {
    return this.#fewMax;
  }

  /** `fewMax`: tests try every way on few rows. */
  constructor(statements: Statements, fewMax = fewRows) {
    this.#statements = statements;
    this.#fewMax = fewMax;
  }

  /** Undefined: nothing can match. `limit` undefined: all are wanted, in any order. */
  plan(namespace: number, kind: Kind, filter: Filter | undefined, limit: number | undefined): Plan | undefined {
    const filters = conjuncts(filter).filter((each) => !this.#isSurelyNull(each, namespace, kind));
    const rest = filters.filter((each) => !isOfGroup(each));
    // There may be very many: they are looked at only if they have a say.
    if (rest.length === filters.length && limit !== undefined) return this.#planOfAll(namespace, kind, filters);
    const all = this.#groups(namespace, kind);
    const groups = all.filter((group) => filters.every((each) => !isOfGroup(each) || matches(each, fieldsOf(group))));
    if (groups.length === 0) return undefined;
    const total = sizeOf(all);
    const isAll = groups.length === all.length;
    const inList: Way = { by: 'list', size: total, filters: isAll ? rest : filters };
    const inGroups: Way = { by: 'groups', size: sizeOf(groups), groups, filters: rest };
    const narrow = this.#narrowest(namespace, kind, filters, isAll ? 0 : inGroups.size);
    const way = choose({ inList, inGroups, narrow, isAll, limit, fewMax: this.#fewMax });
    if (way.size === 0) return undefined;
    return { namespace, kind, total, filters, groups, rest, way, matches: this.#matches(namespace, kind, filters) };
  }

  /** Of a list that no group decides about. */
  #planOfAll(namespace: number, kind: Kind, filters: readonly Filter[]): Plan | undefined {
    const narrow = this.#narrowest(namespace, kind, filters, 0);
    const isFew = narrow !== undefined && (narrow.size <= this.#fewMax || isInListOrder(narrow));
    const way: Way = isFew ? narrow : { by: 'list', size: Infinity, filters };
    if (way.size === 0) return undefined;
    const found = { total: Infinity, filters, groups: [], rest: filters, way };
    return { namespace, kind, ...found, matches: this.#matches(namespace, kind, filters) };
  }

  /** The way that finds the fewest. */
  #narrowest(namespace: number, kind: Kind, filters: readonly Filter[], sizeMax: number): Way | undefined {
    let narrow: Way | undefined;
    let probed = 0;
    for (const each of filters) {
      const way = this.#wayOf(namespace, kind, each, filters, sizeMax);
      if (way === undefined) continue;
      if (way.size < (narrow?.size ?? Infinity)) narrow = way;
      if (++probed === probedMax) break;
    }
    return narrow;
  }

  #groups(namespace: number, kind: Kind): GroupRow[] {
    const rows = this.#statements.all(
      'SELECT number, workflow_type, task_queue, status, count FROM run_group WHERE namespace = ? AND kind = ? AND count > 0',
      namespace,
      kind,
    );
    return rows.map(([number, workflowType, taskQueue, status, count]) => ({
      number: Number(number),
      workflowType: String(workflowType),
      taskQueue: String(taskQueue),
      status: Number(status),
      count: Number(count),
    }));
  }

  /** Most namespaces have runs without some attribute that every list excludes. */
  #isSurelyNull(filter: Filter, namespace: number, kind: Kind): boolean {
    if (filter.op !== 'isNull' || filter.field.kind !== 'attribute') return false;
    const field = this.field(namespace, kind, filter.field);
    return field === undefined || this.#probe(sql`attribute WHERE field = ${list([field])}`, 1) === 0;
  }

  /** The number of an attribute in the index; undefined: no run has ever had it. */
  field(namespace: number, kind: Kind, { name, type }: AttributeField): number | undefined {
    const text = 'SELECT number FROM attribute_field WHERE namespace = ? AND kind = ? AND name = ? AND type = ?';
    const [row] = this.#statements.all(text, namespace, kind, name, type);
    return row && Number(row[0]);
  }

  /** How many runs have an attribute. */
  sizeOfField(field: number): number {
    return Number(this.#statements.all('SELECT count(*) FROM attribute WHERE field = ?', field)[0]?.[0]);
  }

  #matches(namespace: number, kind: Kind, filters: readonly Filter[]): Map<Filter, AttributeMatch> {
    const found = new Map<Filter, AttributeMatch>();
    for (const filter of filters) {
      const values = isCondition(filter) ? indexedEquality(filter) : undefined;
      if (values === undefined || !('field' in filter) || filter.field.kind !== 'attribute') continue;
      const field = this.field(namespace, kind, filter.field);
      if (field !== undefined) found.set(filter, { field, values });
    }
    return found;
  }

  /** `sizeMax`: how many it is worth to count. */
  #wayOf(namespace: number, kind: Kind, leaf: Filter, filters: readonly Filter[], sizeMax: number): Way | undefined {
    if (!isCondition(leaf)) return undefined;
    const { field } = leaf;
    if (field.kind === 'attribute') return this.#attributeWay(namespace, kind, leaf, field, filters, sizeMax);
    if (field.column === 'startTime') return this.#startWay(namespace, kind, filters);
    const index = indexOfColumn(kind, leaf);
    if (index === undefined) return undefined;
    const own = kind === EntityKind.WORKFLOW_RUN ? sql`kind = 0` : sql`kind > 0 AND kind = ${list([kind])}`;
    const where = sql`${own} AND namespace = ${list([namespace])} AND ${new FilterSql('closed').condition(leaf)}`;
    const size = this.#probe(sql`run INDEXED BY ${index} WHERE ${where}`);
    return { by: 'index', index, terms: where, size, filters: without(filters, leaf) };
  }

  /** All conditions on the start time at once: mostly there are two. */
  #startWay(namespace: number, kind: Kind, filters: readonly Filter[]): Way | undefined {
    if (kind !== EntityKind.WORKFLOW_RUN) return undefined;
    const ranges = filters.filter(
      (each) => isRange(each) && each.field.kind === 'column' && each.field.column === 'startTime',
    );
    if (ranges.length === 0 || ranges.length > rangesMax) return undefined;
    let where = sql`kind = 0 AND namespace = ${list([namespace])}`;
    for (const each of ranges) where = sql`${where} AND ${new FilterSql('closed').condition(each)}`;
    const size = this.#probe(sql`run INDEXED BY run_by_start WHERE ${where}`);
    const index = 'run_by_start';
    return { by: 'index', index, terms: where, size, filters: filters.filter((each) => !ranges.includes(each)) };
  }

  #attributeWay(
    namespace: number,
    kind: Kind,
    leaf: Condition,
    name: AttributeField,
    filters: readonly Filter[],
    sizeMax: number,
  ): Way | undefined {
    const values = indexedEquality(leaf);
    const isSet = name.type === 'keywordList' || name.type === 'text';
    if (values === undefined && (isSet || !isRange(leaf))) return undefined;
    const field = this.field(namespace, kind, name) ?? noField;
    const terms =
      values === undefined ? new FilterSql('closed').comparison('value', leaf) : sql`value IN (${list(values)})`;
    const max = Math.max(this.#fewMax, Math.min(sizeMax, countedMax)) + 1;
    const size = this.#probe(sql`attribute WHERE field = ${list([field])} AND ${terms}`, max);
    const left = without(filters, leaf);
    if (values === undefined) return { by: 'attributeRange', field, terms, size, filters: left };
    return { by: 'attribute', field, values, isSet, size, filters: left };
  }

  /** How many rows there are, up to a little more than is few. */
  #probe(from: Sql, max = this.#fewMax + 1): number {
    const { text, values } = sql`SELECT count(*) FROM (SELECT 1 FROM ${from} LIMIT ${list([max])})`;
    return Number(this.#statements.all(text, ...values)[0]?.[0]);
  }
}

const rangesMax = 10;
/** Ways of which it is found out how many rows they would find: each costs some milliseconds. */
const probedMax = 16;
const valuesMax = 100;
/** Counting so many takes 10 ms. */
const countedMax = 200_000;
/** Of a field that no run has ever had. */
const noField = 0;

interface Choice {
  readonly inList: Way;
  readonly inGroups: Extract<Way, { by: 'groups' }>;
  readonly narrow: Way | undefined;
  readonly isAll: boolean;
  readonly limit: number | undefined;
  readonly fewMax: number;
}

function choose({ inList, inGroups, narrow, isAll, limit, fewMax }: Choice): Way {
  if (narrow !== undefined && narrow.size <= Math.min(fewMax, inGroups.size)) return narrow;
  if (inGroups.size <= fewMax && !isAll) return inGroups;
  // Many either way.
  if (narrow?.by === 'attribute' && (isAll || narrow.size <= inGroups.size)) return narrow;
  if (narrow?.by === 'attributeRange' && narrow.filters.length === 0) return narrow;
  if (limit === undefined) return narrow ?? (isAll ? inList : inGroups);
  if (isAll) return inList;
  const walkedInList = (limit * inList.size) / inGroups.size;
  return walkedInList < inGroups.groups.length * rowsPerGroup ? inList : inGroups;
}

/** Ways that lead to many rows, but those of the page first, or no others. */
function isInListOrder(way: Way): boolean {
  return way.by === 'attribute' || (way.by === 'attributeRange' && way.filters.length === 0);
}

/** All that has to hold. */
function conjuncts(filter: Filter | undefined): readonly Filter[] {
  if (filter === undefined) return [];
  return filter.op === 'and' ? filter.of.flatMap(conjuncts) : [filter];
}

function without(filters: readonly Filter[], filter: Filter): readonly Filter[] {
  return filters.filter((each) => each !== filter);
}

function isCondition(filter: Filter): filter is Condition {
  return !('of' in filter) && filter.op !== 'isNull';
}

/** Whether it asks for nothing but what the runs of a group have in common. */
function isOfGroup(filter: Filter): boolean {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.of.every(isOfGroup);
    case 'not':
      return isOfGroup(filter.of);
    default:
      return isGroupField(filter.field);
  }
}

export function isGroupField(field: FilterField): boolean {
  return field.kind === 'column' && ['workflowType', 'taskQueue', 'status'].includes(field.column);
}

export function fieldsOf(group: GroupRow): (field: FilterField) => FilterValue | undefined {
  return (field) => {
    if (field.kind === 'column' && field.column === 'workflowType') return group.workflowType;
    return field.kind === 'column' && field.column === 'taskQueue' ? group.taskQueue : group.status;
  };
}

export function sizeOf(groups: readonly GroupRow[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

function indexOfColumn(kind: Kind, leaf: Condition): string | undefined {
  const column = leaf.field.kind === 'column' ? leaf.field.column : undefined;
  const isEquality = valuesOf(leaf) !== undefined;
  if (column === 'runId' && isEquality) return 'run_by_run_id';
  if (column !== 'workflowId' || !(isEquality || leaf.op === 'startsWith')) return undefined;
  return kind === EntityKind.WORKFLOW_RUN ? 'run_by_workflow' : 'entity_by_id';
}

function valuesOf(leaf: Condition): readonly FilterValue[] | undefined {
  if (leaf.op === 'in') return leaf.values;
  return leaf.op === 'compare' && leaf.comparison === '=' ? [leaf.value] : undefined;
}

/** The values in the index of attributes of which a run must have one. */
function indexedEquality(leaf: Condition): readonly Bound[] | undefined {
  const { type } = leaf.field;
  const indexed = valuesOf(leaf)?.flatMap((value) => {
    return indexedValues(type, type === 'keywordList' ? [String(value)] : value);
  });
  if (leaf.field.kind !== 'attribute' || indexed === undefined) return undefined;
  // To SQLite, a bigint is the same as the number that is equal to it.
  const distinct = [...new Set(indexed.map((each) => (typeof each === 'bigint' ? integerBound(each) : each)))];
  return distinct.length > valuesMax ? undefined : distinct;
}

/** A number if there is one that is exactly the same. */
function integerBound(value: bigint): Bound {
  const number = Number(value);
  return BigInt(number) === value ? number : value;
}

function isRange(filter: Filter): filter is Condition {
  if (filter.op === 'between' || filter.op === 'startsWith') return true;
  return filter.op === 'compare' && filter.comparison !== '!=';
}
