// Lists and counts: the open runs, then the closed ones; each part of each kind has an index in its order.
import type { Filter, Order } from '@perdure/core/visibility';
import type { EntityKind as Kind, RunCountQuery, RunListCursor, RunListQuery, RunQuery } from '../../contract.ts';
import { EntityKind } from '../../contract.ts';
import { listCursor } from '../../fields.ts';
import { compareInOrder } from '../../order.ts';
import { decodeFoundRun } from '../codec/rows.ts';
import type { Row } from '../codec/values.ts';
import type { Part } from './columns.ts';
import { indexOf, inNamespace, isKind, runColumns } from './columns.ts';
import { Conditions } from './conditions.ts';
import type { Sql } from './filter_sql.ts';
import { both, bound, either, FilterSql, isNever, no, sql, yes } from './filter_sql.ts';
import type { Statements } from './prepared.ts';

const parts: readonly Part[] = ['open', 'closed'];

const workflowRuns: readonly Kind[] = [EntityKind.WORKFLOW_RUN];
/** More are joined in a balanced tree: SQLite bounds the depth of an expression. */
const conjunctsMax = 20;
const listOrder = { open: 'start_ms DESC, key DESC', closed: 'close_ms DESC, start_ms DESC, key DESC' } as const;

export class Lists {
  readonly #statements: Statements;
  readonly #conditions: Conditions;

  constructor(statements: Statements) {
    this.#statements = statements;
    this.#conditions = new Conditions(statements.db);
  }

  list(query: RunListQuery): Row[] {
    const { orderBy, limit } = query;
    if (orderBy !== undefined) {
      return this.#merge(
        parts.flatMap((part) => this.#ofKinds(part, query)),
        query,
      );
    }
    const open = this.#merge(this.#ofKinds('open', query), query);
    if (open.length >= limit) return open;
    const rest = { ...query, limit: limit - open.length };
    return open.concat(this.#merge(this.#ofKinds('closed', rest), rest));
  }

  count(query: RunCountQuery): Row[] {
    const { kinds = workflowRuns, groupBy } = query;
    return parts.flatMap((part) =>
      kinds.flatMap((kind) => {
        const filterSql = new FilterSql(part);
        const value = groupBy === undefined ? 'NULL' : filterSql.value(groupBy);
        const where = whereOf(filterSql, part, kind, query);
        return where === undefined
          ? []
          : this.#all(filterSql, sql`SELECT ${value}, count(*) FROM run ${where} GROUP BY 1`);
      }),
    );
  }

  /** The first rows of each kind, each list in order. */
  #ofKinds(part: Part, query: RunListQuery): Row[][] {
    const { after, orderBy, kinds = workflowRuns } = query;
    if (orderBy === undefined && part === 'open' && after?.closeMs !== undefined) return [];
    return kinds.map((kind) => this.#first(part, kind, query));
  }

  #first(part: Part, kind: Kind, query: RunListQuery): Row[] {
    const { after, orderBy, limit } = query;
    const filterSql = new FilterSql(part);
    const isBehind = after === undefined ? yes : isAfter(filterSql, part, after, orderBy);
    const where = whereOf(filterSql, part, kind, query, isBehind);
    if (where === undefined) return [];
    const order = [...orderTerms(filterSql, orderBy), listOrder[part]].join(', ');
    return this.#all(filterSql, sql`SELECT ${runColumns} FROM run ${where} ORDER BY ${order} LIMIT ${bound(limit)}`);
  }

  #merge(lists: readonly Row[][], { orderBy, limit }: RunListQuery): Row[] {
    const filled = lists.filter(({ length }) => length > 0);
    if (filled.length <= 1) return filled[0] ?? [];
    const compare = compareInOrder(orderBy);
    return filled
      .flat()
      .map((row) => ({ row, cursor: listCursor(decodeFoundRun(row), orderBy) }))
      .sort((a, b) => compare(a.cursor, b.cursor))
      .slice(0, limit)
      .map(({ row }) => row);
  }

  #all({ conditions }: FilterSql, { text, values }: Sql): Row[] {
    return this.#conditions.use(conditions, () => this.#statements.all(text, ...values));
  }
}

/** Undefined: no row satisfies it. */
function whereOf(
  filterSql: FilterSql,
  part: Part,
  kind: Kind,
  { namespaceId, filter }: RunQuery,
  isBehind: Sql = yes,
): Sql | undefined {
  const namespace: Sql = { text: inNamespace, values: [namespaceId] };
  let where = sql`${isKind(kind)} AND close_ms IS ${part === 'open' ? '' : 'NOT '}NULL AND ${namespace}`;
  for (const term of [...conjuncts(filter).map((each) => filterSql.condition(each)), isBehind]) {
    if (isNever(term)) return undefined;
    if (term !== yes) where = sql`${where} AND ${term}`;
  }
  return sql`INDEXED BY ${indexOf(kind, part)} WHERE ${where}`;
}

/** What has to hold, one by one: SQLite looks for its indexes among the outermost terms. */
function conjuncts(filter: Filter | undefined): readonly Filter[] {
  if (filter === undefined) return [];
  return filter.op === 'and' && filter.of.length <= conjunctsMax ? filter.of : [filter];
}

function orderTerms(filterSql: FilterSql, orderBy: Order): string[] {
  return (orderBy ?? []).map(({ field, descending }) => {
    return `${filterSql.value(field)} ${descending ? 'DESC NULLS FIRST' : 'ASC NULLS LAST'}`;
  });
}

function isAfter(filterSql: FilterSql, part: Part, after: RunListCursor, orderBy: Order, from = 0): Sql {
  const term = orderBy?.[from];
  if (term === undefined) return isAfterInList(part, after);
  const value = after.values?.[from];
  const field = filterSql.value(term.field);
  const rest = isAfter(filterSql, part, after, orderBy, from + 1);
  if (value === undefined) {
    const beyond = term.descending ? sql`${field} IS NOT NULL` : no;
    return either(beyond, both(sql`${field} IS NULL`, rest));
  }
  const beyond = term.descending
    ? sql`${field} < ${bound(value)}`
    : sql`(${field} > ${bound(value)} OR ${field} IS NULL)`;
  return either(beyond, both(sql`${field} = ${bound(value)}`, rest));
}

function isAfterInList(part: Part, { closeMs, startMs, key }: RunListCursor): Sql {
  if (part === 'open') {
    return closeMs === undefined ? sql`(start_ms, key) < (${bound(startMs)}, ${bound(key)})` : no;
  }
  if (closeMs === undefined) return yes;
  return sql`(close_ms, start_ms, key) < (${bound(closeMs)}, ${bound(startMs)}, ${bound(key)})`;
}
