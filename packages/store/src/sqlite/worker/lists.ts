// Lists and counts, by the ways that the planner chooses: the open runs, then the closed ones.
import type { FilterField, Order } from '@perdure/core/visibility';
import type { EntityKind as Kind, RunCountQuery, RunListCursor, RunListQuery, RunQuery } from '../../contract.ts';
import { EntityKind } from '../../contract.ts';
import { listCursor } from '../../fields.ts';
import { compareInOrder } from '../../order.ts';
import { decodeFoundRun } from '../codec/rows.ts';
import type { Row } from '../codec/values.ts';
import type { Part } from './columns.ts';
import { runColumns } from './columns.ts';
import { Conditions } from './conditions.ts';
import type { Sql } from './filter_sql.ts';
import { both, bound, either, FilterSql, no, sql, yes } from './filter_sql.ts';
import type { GroupRow, Plan } from './plan.ts';
import { fieldsOf, isGroupField, Planner } from './plan.ts';
import type { Statements } from './prepared.ts';
import type { Position, Source } from './sources.ts';
import { inRun, orderedSources, singleSource, whereOf } from './sources.ts';

const parts: readonly Part[] = ['open', 'closed'];

const workflowRuns: readonly Kind[] = [EntityKind.WORKFLOW_RUN];
export class Lists {
  readonly #statements: Statements;
  readonly #conditions: Conditions;
  readonly #planner: Planner;

  constructor(statements: Statements, planner = new Planner(statements)) {
    this.#statements = statements;
    this.#conditions = new Conditions(statements.db);
    this.#planner = planner;
  }

  list(query: RunListQuery): Row[] {
    const { orderBy, limit, after } = query;
    const plans = this.#plans(query, orderBy === undefined ? limit : undefined);
    if (orderBy !== undefined) return this.#first(parts, plans, query);
    const open = after?.closeMs === undefined ? this.#first(['open'], plans, query) : [];
    if (open.length >= limit) return open;
    return open.concat(this.#first(['closed'], plans, { ...query, limit: limit - open.length }));
  }

  count(query: RunCountQuery): Row[] {
    return this.#plans(query, undefined).flatMap((plan) => this.#count(plan, query.groupBy));
  }

  #plans({ namespaceId, kinds = workflowRuns, filter }: RunQuery, limit: number | undefined): Plan[] {
    const [row] = this.#statements.all('SELECT number FROM namespace WHERE id = ?', namespaceId);
    if (row === undefined) return [];
    return kinds.flatMap((kind) => this.#planner.plan(Number(row[0]), kind, filter, limit) ?? []);
  }

  #count(plan: Plan, groupBy: FilterField | undefined): Row[] {
    const { groups, rest, way } = plan;
    if (rest.length === 0 && (groupBy === undefined || isGroupField(groupBy))) {
      return groups.map((group) => [groupBy === undefined ? null : valueIn(group, groupBy), group.count]);
    }
    const isOnce = way.by === 'attributeRange' || (way.by === 'attribute' && !(way.isSet && way.values.length > 1));
    return parts.flatMap((part) => {
      const single = isOnce ? undefined : singleSource(plan, part);
      const sources = isOnce ? orderedSources(plan, part, groupBy !== undefined) : single === undefined ? [] : [single];
      return sources.flatMap((source) => this.#countIn(source, groupBy));
    });
  }

  #countIn(source: Source, groupBy: FilterField | undefined): Row[] {
    const filterSql = new FilterSql(source.part);
    const value = groupBy === undefined ? 'NULL' : filterSql.value(groupBy);
    const where = whereOf(source, filterSql);
    if (where === undefined) return [];
    return this.#all(filterSql, sql`SELECT ${value}, count(*) FROM ${source.from} WHERE ${where} GROUP BY 1`);
  }

  /** The first rows of some parts, of all kinds. */
  #first(of: readonly Part[], plans: readonly Plan[], query: RunListQuery): Row[] {
    const { orderBy, limit } = query;
    const sources = of.flatMap((part) => plans.flatMap((plan) => sourcesOf(plan, part, orderBy)));
    const [only] = sources;
    if (only === undefined) return [];
    if (sources.length === 1 && only.position === inRun) return this.#read(only, query, runColumns);
    // Where the rows of each source are, merged; then only those that the page shows.
    const compare = compareInOrder(orderBy);
    const found = sources.flatMap((source) => {
      if (orderBy !== undefined) return this.#read(source, query, runColumns).map((row) => placed(row, orderBy));
      const { key, startMs, closeMs } = source.position;
      return this.#read(source, query, `${key}, ${startMs}, ${closeMs}`).map((row) => atPosition(row, source.part));
    });
    return found
      .sort((a, b) => compare(a.cursor, b.cursor))
      .filter(({ cursor }, i, sorted) => cursor.key !== sorted[i - 1]?.cursor.key)
      .slice(0, limit)
      .flatMap(({ row, cursor }) => (row === undefined ? this.#byKey(cursor.key) : [row]));
  }

  #byKey(key: number): Row[] {
    return this.#statements.all(`SELECT ${runColumns} FROM run WHERE key = ?`, key);
  }

  #read(source: Source, { after, orderBy, limit }: RunListQuery, columns: string): Row[] {
    const { part } = source;
    const filterSql = new FilterSql(part);
    const isBehind = after === undefined ? yes : isAfter(filterSql, part, after, orderBy, source.position);
    const where = whereOf(source, filterSql, isBehind);
    if (where === undefined) return [];
    const order = [...orderTerms(filterSql, orderBy), listOrder(part, source.position)].join(', ');
    return this.#all(
      filterSql,
      sql`SELECT ${columns} FROM ${source.from} WHERE ${where} ORDER BY ${order} LIMIT ${bound(limit)}`,
    );
  }

  #all(filterSql: FilterSql | undefined, { text, values }: Sql): Row[] {
    return this.#conditions.use(filterSql?.conditions ?? [], () => this.#statements.all(text, ...values));
  }
}

interface Placed {
  /** Undefined: it has not been read. */
  readonly row: Row | undefined;
  readonly cursor: RunListCursor;
}

function placed(row: Row, orderBy: Order): Placed {
  return { row, cursor: listCursor(decodeFoundRun(row), orderBy) };
}

function atPosition(row: Row, part: Part): Placed {
  const [key, startMs, closeMs] = row;
  return {
    row: undefined,
    cursor: {
      key: Number(key),
      startMs: Number(startMs),
      closeMs: part === 'open' ? undefined : Number(closeMs),
    },
  };
}

function sourcesOf(plan: Plan, part: Part, orderBy: Order): Source[] {
  if (orderBy === undefined) return orderedSources(plan, part, false);
  const source = singleSource(plan, part);
  return source === undefined ? [] : [source];
}

/** Types and task queues are texts, a status a number. */
function valueIn(group: GroupRow, field: FilterField): string | number {
  return fieldsOf(group)(field) as string | number;
}

function listOrder(part: Part, { closeMs, startMs, key }: Position): string {
  return part === 'open' ? `${startMs} DESC, ${key} DESC` : `${closeMs} DESC, ${startMs} DESC, ${key} DESC`;
}

function orderTerms(filterSql: FilterSql, orderBy: Order): string[] {
  return (orderBy ?? []).map(({ field, descending }) => {
    return `${filterSql.value(field)} ${descending ? 'DESC NULLS FIRST' : 'ASC NULLS LAST'}`;
  });
}

function isAfter(
  filterSql: FilterSql,
  part: Part,
  after: RunListCursor,
  orderBy: Order,
  position: Position,
  from = 0,
): Sql {
  const term = orderBy?.[from];
  if (term === undefined) return isAfterInList(part, after, position);
  const value = after.values?.[from];
  const field = filterSql.value(term.field);
  const rest = isAfter(filterSql, part, after, orderBy, position, from + 1);
  if (value === undefined) {
    const beyond = term.descending ? sql`${field} IS NOT NULL` : no;
    return either(beyond, both(sql`${field} IS NULL`, rest));
  }
  const beyond = term.descending
    ? sql`${field} < ${bound(value)}`
    : sql`(${field} > ${bound(value)} OR ${field} IS NULL)`;
  return either(beyond, both(sql`${field} = ${bound(value)}`, rest));
}

function isAfterInList(part: Part, { closeMs, startMs, key }: RunListCursor, at: Position): Sql {
  const behind = sql`${bound(startMs)}, ${bound(key)}`;
  if (part === 'open') return closeMs === undefined ? sql`(${at.startMs}, ${at.key}) < (${behind})` : no;
  return closeMs === undefined ? yes : sql`(${at.closeMs}, ${at.startMs}, ${at.key}) < (${bound(closeMs)}, ${behind})`;
}
