// A list in the order of a search attribute, put together from three kinds of lists: runs that have the attribute come
// from a walk through its index, many with the same value are a list of their own in what is left of the order, and so are
// those that do not have it.
import type { Filter, FilterValue, Order } from '@perdure/core/visibility';
import type { RunListCursor, RunListQuery } from '../../contract.ts';
import { compareInOrder } from '../../order.ts';
import type { Row } from '../codec/values.ts';
import type { Walk, WalkedRun, WalkTerm } from './attribute_walk.ts';
import { isBehindRun, isBeyond, isFrom, walked, walkSql } from './attribute_walk.ts';
import type { Sql } from './filter_sql.ts';
import { yes } from './filter_sql.ts';
import type { Plan, Planner } from './plan.ts';

/** What it needs of those who read. */
export interface ListReader {
  list(query: RunListQuery): Iterable<Row>;
  rowOf(key: number): Row[];
  /** The place of a run in an order. */
  placeOf(key: number, orderBy: Order): RunListCursor;
  read(conditions: readonly Filter[], statement: Sql): Iterable<Row>;
}

type Ordered = RunListQuery & { readonly orderBy: NonNullable<Order> };

export class AttributeOrder {
  readonly #reader: ListReader;
  readonly #planner: Planner;

  constructor(reader: ListReader, planner: Planner) {
    this.#reader = reader;
    this.#planner = planner;
  }

  *list(plan: Plan, term: WalkTerm, query: Ordered): Generator<Row> {
    const field = this.#planner.field(plan.namespace, plan.kind, term.field);
    const isAmongNulls = query.after !== undefined && query.after.values?.[0] === undefined;
    const isAmongValues = query.after !== undefined && !isAmongNulls;
    const valued = (left: number) =>
      field === undefined ? [] : this.#withValue({ plan, term, field }, { ...query, limit: left });
    const nulls = (left: number) => {
      const isNone = field !== undefined && this.#planner.sizeOfField(field) === plan.total;
      return isNone ? [] : this.#reader.list(without(plan, query, isAmongNulls, left));
    };
    const sequences = term.descending ? [nulls, valued] : [valued, nulls];
    const isPastFirst = term.descending ? isAmongValues : isAmongNulls;
    let left = query.limit;
    for (const rows of isPastFirst ? sequences.slice(1) : sequences) {
      if (left === 0) return;
      for (const row of rows(left)) {
        left--;
        yield row;
      }
    }
  }

  *#withValue(walk: Walk, query: Ordered): Generator<Row> {
    const { term } = walk;
    const { after, orderBy } = query;
    const value = after?.values?.[0];
    const isIndexOrder = term.descending && orderBy.length === 1;
    let isBehind = yes;
    let { limit: left } = query;
    if (after !== undefined && value !== undefined) {
      isBehind = isIndexOrder ? isBehindRun(value, after) : isBeyond(value, term);
      if (!isIndexOrder) {
        for (const row of this.#ofValue(walk, query, value, left, after)) {
          left--;
          yield row;
        }
      }
    }
    while (left > 0) {
      // One more than wanted tells whether there are more with the last value.
      const found = this.#walk(walk, isBehind, isIndexOrder ? left : left + 1);
      const last = found.at(-1)?.values[0];
      const isAll = isIndexOrder || found.length <= left;
      const whole = isAll ? found : found.filter(({ values }) => values[0] !== last);
      for (const key of isIndexOrder ? whole.map((run) => run.key) : this.#inOrder(whole, orderBy)) {
        left--;
        yield* this.#reader.rowOf(key);
      }
      if (isAll || last === undefined) return;
      isBehind = isFrom(last, term);
      if (whole.length > 0) continue;
      for (const row of this.#ofValue(walk, query, last, left)) {
        left--;
        yield row;
      }
      isBehind = isBeyond(last, term);
    }
  }

  #walk(walk: Walk, isBehind: Sql, limit: number): WalkedRun[] {
    const conditions: Filter[] = [];
    const statement = walkSql(walk, isBehind, limit, conditions);
    return Array.from(this.#reader.read(conditions, statement), (row) => walked(row, walk.term));
  }

  #inOrder(found: readonly WalkedRun[], orderBy: NonNullable<Order>): number[] {
    const isPlaced = orderBy.length === 1;
    const places = isPlaced ? found : found.map(({ key }) => this.#reader.placeOf(key, orderBy));
    return places.toSorted(compareInOrder(orderBy)).map(({ key }) => key);
  }

  /** Runs with one value, in what is left of the order. */
  #ofValue(
    { plan, term: { field } }: Walk,
    query: Ordered,
    value: FilterValue,
    limit: number,
    after?: RunListCursor,
  ): Iterable<Row> {
    return this.#reader.list(restOf(plan, query, { op: 'compare', field, comparison: '=', value }, limit, after));
  }
}

/** Runs without a value, in what is left of the order. */
function without(plan: Plan, query: Ordered, isAmongThem: boolean, limit: number): RunListQuery {
  const [term] = query.orderBy;
  if (term === undefined) throw new Error('there is no order');
  return restOf(plan, query, { op: 'isNull', field: term.field }, limit, isAmongThem ? query.after : undefined);
}

/** What is left of the order among the runs of a filter. */
export function restOf(plan: Plan, query: Ordered, filter: Filter, limit: number, after?: RunListCursor): RunListQuery {
  const orderBy = query.orderBy.slice(1);
  return {
    namespaceId: query.namespaceId,
    kinds: [plan.kind],
    filter: { op: 'and', of: [filter, ...plan.filters] },
    limit,
    ...(orderBy.length > 0 && { orderBy }),
    ...(after && { after: placeInRest(after, orderBy) }),
  };
}

function placeInRest(
  { closeMs, startMs, key, values = [] }: RunListCursor,
  orderBy: readonly unknown[],
): RunListCursor {
  const position = { closeMs, startMs, key };
  return orderBy.length === 0 ? position : { ...position, values: values.slice(1) };
}
