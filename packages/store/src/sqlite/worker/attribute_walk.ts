// ORDER BY a search attribute: a walk through the index of attributes, which has the runs by value. It goes only as far as
// the page needs, where evaluating and sorting would look at every run.
//
// The index has runs with the same value in the list order, backwards when values ascend.
import type { Filter, FilterValue, Order } from '@perdure/core/visibility';
import type { RunListCursor } from '../../contract.ts';
import type { Row } from '../codec/values.ts';
import { openCloseMs } from './attribute_index.ts';
import type { Sql } from './filter_sql.ts';
import { both, bound, FilterSql, inTime, sql, yes } from './filter_sql.ts';
import type { AttributeField, Plan } from './plan.ts';
import { conditionsOf, inAttribute, isDecidedByAttributes } from './sources.ts';

type Term = NonNullable<Order>[number];

/** The first term of an order that the index has. */
export interface WalkTerm extends Term {
  readonly field: AttributeField;
}

export interface Walk {
  readonly plan: Plan;
  readonly term: WalkTerm;
  /** In the index of attributes. */
  readonly field: number;
}

/** To evaluate a row and sort it costs as much as so many steps of a walk. */
const stepsPerSortedRow = 40;
/** To read the run at a step costs as much as to put so many keys into a set. */
const keysPerRead = 4;

/** Undefined: the index does not have the order, or so few rows are found that sorting them is quicker. */
export function walkTerm({ way, total }: Plan, orderBy: Order, limit: number): WalkTerm | undefined {
  const [term] = orderBy ?? [];
  if (term?.field.kind !== 'attribute') return undefined;
  const { field } = term;
  if (field.type === 'text' || field.type === 'keywordList') return undefined;
  return stepsOf(limit, way.size, total) < stepsPerSortedRow * way.size ? { ...term, field } : undefined;
}

/** Until a page is full, if those that match are spread evenly. */
function stepsOf(limit: number, size: number, total: number): number {
  return limit * (total / size);
}

/** The first `limit` runs in the order of the index, of those that match. */
export function walkSql({ plan, term, field }: Walk, isBehind: Sql, limit: number, conditions: Filter[]): Sql {
  const { closeMs, startMs, key } = inAttribute;
  const { matches } = plan;
  const isInGroups = groupKeys(plan, limit);
  const left = { filters: isInGroups === undefined ? plan.filters : plan.rest, matches };
  const from = isDecidedByAttributes(left) ? 'attribute' : 'attribute CROSS JOIN run ON key = attribute.run_key';
  const where = sql`field = ${bound(field)} AND ${isBehind} AND ${inTime(key)} AND ${isInGroups ?? yes} AND ${matching(left, conditions)}`;
  const direction = term.descending ? 'DESC' : 'ASC';
  const order = ['value', closeMs, startMs, key].map((column) => `${column} ${direction}`).join(', ');
  // What is stored as an integer is too large for a number.
  const value = "iif(typeof(value) = 'integer', CAST(value AS TEXT), value)";
  return sql`SELECT ${key}, ${startMs}, ${closeMs}, ${value} FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT ${bound(limit)}`;
}

/** Whether a run is in the groups that can match; undefined: it is quicker to read the runs that the walk comes to. */
function groupKeys({ way, total }: Plan, limit: number): Sql | undefined {
  if (way.by !== 'groups' || way.size > keysPerRead * stepsOf(limit, way.size, total)) return undefined;
  const numbers = JSON.stringify(way.groups.map(({ number }) => number));
  const keys = sql`SELECT key FROM run INDEXED BY run_in_group WHERE group_number IN (SELECT value FROM json_each(${bound(numbers)}))`;
  return sql`${inAttribute.key} IN (${keys})`;
}

/** Open and closed runs come mixed. */
function matching({ filters, matches }: Pick<Plan, 'filters' | 'matches'>, conditions: Filter[]): Sql {
  if (filters.length === 0) return yes;
  const [open, closed] = (['open', 'closed'] as const).map((part) => {
    const source = { part, position: inAttribute, filters, matches };
    return conditionsOf(source, new FilterSql(part, conditions)).reduce(both);
  });
  return sql`CASE WHEN ${inAttribute.closeMs} = ${bound(openCloseMs)} THEN ${open as Sql} ELSE ${closed as Sql} END`;
}

/** Behind a run, among those with its value and beyond; values descend. */
export function isBehindRun(value: FilterValue, { closeMs = openCloseMs, startMs, key }: RunListCursor): Sql {
  const columns = `value, ${inAttribute.closeMs}, ${inAttribute.startMs}, ${inAttribute.key}`;
  return sql`(${columns}) < (${bound(value)}, ${bound(closeMs)}, ${bound(startMs)}, ${bound(key)})`;
}

/** From a value on. */
export function isFrom(value: FilterValue, { descending }: WalkTerm): Sql {
  return descending ? sql`value <= ${bound(value)}` : sql`value >= ${bound(value)}`;
}

/** Beyond a value. */
export function isBeyond(value: FilterValue, { descending }: WalkTerm): Sql {
  return descending ? sql`value < ${bound(value)}` : sql`value > ${bound(value)}`;
}

/** Where a run is that the walk has found, by the first term of the order alone. */
export function walked([key, startMs, closeMs, value = null]: Row, { field }: WalkTerm): WalkedRun {
  return {
    key: Number(key),
    startMs: Number(startMs),
    closeMs: closeMs === openCloseMs ? undefined : Number(closeMs),
    values: [valueOf(value, field)],
  };
}

export interface WalkedRun extends RunListCursor {
  readonly values: readonly [FilterValue];
}

function valueOf(value: Row[number], { type }: AttributeField): FilterValue {
  if (value === null || value instanceof Uint8Array) throw new TypeError('the index of attributes holds no value');
  if (type === 'bool') return value !== 0;
  return type === 'int' && typeof value === 'string' ? BigInt(value) : value;
}
