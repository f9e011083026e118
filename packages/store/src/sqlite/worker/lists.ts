// Lists and counts, by the ways that the planner chooses: the open runs, then the closed ones.
import type { Filter, FilterField, Order } from '@perdure/core/visibility';
import type { EntityKind as Kind, RunCountQuery, RunListCursor, RunListQuery, RunQuery } from '../../contract.ts';
import { EntityKind } from '../../contract.ts';
import { listCursor } from '../../fields.ts';
import { compareInOrder } from '../../order.ts';
import { TimeLimit } from '../../time_limit.ts';
import { decodeFoundRun } from '../codec/rows.ts';
import type { Row, Value } from '../codec/values.ts';
import type { ListReader } from './attribute_order.ts';
import { AttributeOrder } from './attribute_order.ts';
import { walkTerm } from './attribute_walk.ts';
import { isInValueOrder, isNeverNull, listsOfValues, orderIndex } from './column_order.ts';
import type { Part } from './columns.ts';
import { runColumns, runColumnsWithoutMemo } from './columns.ts';
import { Conditions } from './conditions.ts';
import type { Sql } from './filter_sql.ts';
import { both, bound, either, FilterSql, inTime, no, sql, yes } from './filter_sql.ts';
import type { GroupRow, Plan } from './plan.ts';
import { fieldsOf, isGroupField, Planner, sizeOf } from './plan.ts';
import type { Statements } from './prepared.ts';
import type { Position, Source } from './sources.ts';
import { inRun, orderedSources, singleSource, whereOf } from './sources.ts';

const parts: readonly Part[] = ['open', 'closed'];

const workflowRuns: readonly Kind[] = [EntityKind.WORKFLOW_RUN];
export class Lists {
  readonly #statements: Statements;
  readonly #conditions: Conditions;
  readonly #planner: Planner;
  readonly #order: AttributeOrder;

  constructor(statements: Statements, planner = new Planner(statements)) {
    this.#statements = statements;
    this.#conditions = new Conditions(statements);
    this.#planner = planner;
    const reader: ListReader = {
      list: (query) => this.#list(query),
      rowOf: (key) => this.#byKey(key),
      placeOf: (key, orderBy) => this.#placeOf(key, orderBy),
      read: (conditions, statement) => this.#each(conditions, statement),
    };
    this.#order = new AttributeOrder(reader, planner);
  }

  /** @throws {QueryTimeoutError} */
  list(query: RunListQuery, limit = new TimeLimit(Infinity)): Row[] {
    this.#conditions.begin(limit);
    return inTimeOf(limit, () => withinBytes(this.#list(query), query.bytesMax ?? Infinity));
  }

  *#list(query: RunListQuery): Generator<Row> {
    const { orderBy, limit, after } = query;
    const plans = this.#plans(query, orderBy === undefined ? limit : undefined);
    if (orderBy !== undefined) {
      const [plan] = plans;
      if (plans.length === 1 && plan !== undefined && isInValueOrder(plan, orderBy, this.#planner.fewMax)) {
        yield* this.#inValueOrder(plan, { ...query, orderBy });
        return;
      }
      const term = plans.length === 1 && plan !== undefined ? walkTerm(plan, orderBy, limit) : undefined;
      if (plan === undefined || term === undefined) yield* this.#first(parts, plans, query);
      else yield* this.#order.list(plan, term, { ...query, orderBy });
      return;
    }
    let left = limit;
    if (after?.closeMs === undefined) {
      for (const row of this.#first(['open'], plans, query)) {
        left--;
        yield row;
      }
    }
    if (left > 0) yield* this.#first(['closed'], plans, { ...query, limit: left });
  }

  *#inValueOrder(plan: Plan, query: RunListQuery & { readonly orderBy: NonNullable<Order> }): Generator<Row> {
    let { limit: left } = query;
    for (const ofValue of listsOfValues(plan, query)) {
      if (left === 0) return;
      for (const row of this.#list(ofValue(left))) {
        left--;
        yield row;
      }
    }
  }

  /** @throws {QueryTimeoutError} */
  count(query: RunCountQuery, limit = new TimeLimit(Infinity)): Row[] {
    this.#conditions.begin(limit);
    return inTimeOf(limit, () => this.#counted(query));
  }

  #counted(query: RunCountQuery): Row[] {
    const plans = this.#plans(query, undefined);
    const { groupBy, groupsMax = -1 } = query;
    const isOfGroups = groupBy === undefined || isGroupField(groupBy);
    if (isOfGroups && plans.every(({ rest }) => rest.length === 0)) {
      return plans.flatMap(({ groups }) =>
        groups.map((group) => [groupBy === undefined ? null : valueIn(group, groupBy), group.count, group.count]),
      );
    }
    if (groupBy !== undefined) return this.#countGroups(plans, groupBy, groupsMax);
    return plans.flatMap((plan) => this.#count(plan)).map(([count = 0]) => [null, count, count]);
  }

  #plans({ namespaceId, kinds = workflowRuns, filter }: RunQuery, limit: number | undefined): Plan[] {
    const [row] = this.#statements.all('SELECT number FROM namespace WHERE id = ?', namespaceId);
    if (row === undefined) return [];
    return kinds.flatMap((kind) => this.#planner.plan(Number(row[0]), kind, filter, limit) ?? []);
  }

  #count(plan: Plan): Row[] {
    const { groups, rest, way } = plan;
    if (rest.length === 0) return [[sizeOf(groups)]];
    const isOnce = way.by === 'attributeRange' || (way.by === 'attribute' && !(way.isSet && way.values.length > 1));
    const sources = parts.flatMap((part) => {
      return isOnce ? orderedSources(plan, part, false) : (singleSource(plan, part) ?? []);
    });
    return sources.flatMap((source) => {
      const filterSql = new FilterSql(source.part);
      const where = whereOf(source, filterSql);
      if (where === undefined) return [];
      return Array.from(this.#each(filterSql.conditions, sql`SELECT count(*) FROM ${source.from} WHERE ${where}`));
    });
  }

  /** All in one statement, since there may be a group for each run: no more of them are read than are wanted. */
  #countGroups(plans: readonly Plan[], groupBy: FilterField, groupsMax: number): Row[] {
    const conditions: Filter[] = [];
    const counts = plans.flatMap((plan) => this.#groupsOf(plan, groupBy, conditions));
    const [first, ...others] = counts;
    if (first === undefined) return [];
    const all = others.reduce((before, each) => sql`${before} UNION ALL ${each}`, first);
    const groups = sql`SELECT value, sum(size) AS size FROM (${all}) GROUP BY value HAVING sum(size) > 0`;
    const largest = sql`SELECT value, size, sum(size) OVER () FROM (${groups}) ORDER BY size DESC, value NULLS LAST LIMIT ${bound(groupsMax)}`;
    return Array.from(this.#each(conditions, largest), ([value = null, size = 0, sum = 0], i) => [
      value,
      size,
      i === 0 ? sum : 0,
    ]);
  }

  /** Statements that count parts of the groups. */
  #groupsOf(plan: Plan, groupBy: FilterField, conditions: Filter[]): Sql[] {
    const { namespace, kind, groups, way } = plan;
    if (groupBy.kind === 'attribute' && way.by === 'list' && way.filters.length === 0) {
      const field = bound(this.#planner.field(namespace, kind, groupBy) ?? noField);
      const total = bound(sizeOf(groups));
      return [
        sql`SELECT value, count(*) AS size FROM attribute WHERE field = ${field} GROUP BY value`,
        sql`SELECT NULL AS value, ${total} - (SELECT count(*) FROM attribute WHERE field = ${field}) AS size`,
      ];
    }
    return parts.flatMap((part) => {
      const source = singleSource(plan, part);
      if (source === undefined) return [];
      const filterSql = new FilterSql(part, conditions);
      const value = filterSql.value(groupBy);
      const where = whereOf(source, filterSql, inTime(source.position.key));
      if (where === undefined) return [];
      return [sql`SELECT ${value} AS value, count(*) AS size FROM ${source.from} WHERE ${where} GROUP BY 1`];
    });
  }

  /** The first rows of some parts, of all kinds. */
  *#first(of: readonly Part[], plans: readonly Plan[], query: RunListQuery): Generator<Row> {
    const { orderBy, limit } = query;
    const sources = of.flatMap((part) => plans.flatMap((plan) => sourcesOf(plan, part, orderBy)));
    const [only] = sources;
    if (only === undefined) return;
    if (sources.length === 1 && only.position === inRun && orderBy === undefined) {
      yield* this.#read(only, query, runColumns);
      return;
    }
    // Where the rows of each source are, merged; then only those that the page shows.
    const compare = compareInOrder(orderBy);
    const found = sources.flatMap((source) => {
      if (orderBy !== undefined) {
        return Array.from(this.#read(source, query, runColumnsWithoutMemo), (row) => placed(row, orderBy));
      }
      const { key, startMs, closeMs } = source.position;
      return Array.from(this.#read(source, query, `${key}, ${startMs}, ${closeMs}`), (row) =>
        positionOf(row, source.part),
      );
    });
    const shown = found
      .sort(compare)
      .filter(({ key }, i, sorted) => key !== sorted[i - 1]?.key)
      .slice(0, limit);
    for (const { key } of shown) yield* this.#byKey(key);
  }

  #byKey(key: number): Row[] {
    return this.#statements.all(`SELECT ${runColumns} FROM run WHERE key = ?`, key);
  }

  #placeOf(key: number, orderBy: Order): RunListCursor {
    const [row] = this.#statements.all(`SELECT ${runColumnsWithoutMemo} FROM run WHERE key = ?`, key);
    if (row === undefined) throw new Error(`the index of attributes has run ${key}, which is not there`);
    return placed(row, orderBy);
  }

  #read(source: Source, { after, orderBy, limit }: RunListQuery, columns: string): Iterable<Row> {
    const { part } = source;
    const filterSql = new FilterSql(part);
    const isBehind = after === undefined ? yes : isAfter(filterSql, part, after, orderBy, source.position);
    // All is read before it can be sorted.
    const isShown = orderBy === undefined ? isBehind : both(inTime(source.position.key), isBehind);
    const where = whereOf(source, filterSql, isShown);
    if (where === undefined) return [];
    const order = [...orderTerms(filterSql, part, orderBy), listOrder(part, source.position)].join(', ');
    return this.#each(
      filterSql.conditions,
      sql`SELECT ${columns} FROM ${source.from} WHERE ${where} ORDER BY ${order} LIMIT ${bound(limit)}`,
    );
  }

  /** Until all of its rows are read, no other statement with conditions may be read. */
  #each(conditions: readonly Filter[], { text, values }: Sql): Iterable<Row> {
    this.#conditions.use(conditions);
    return this.#statements.each(text, ...values);
  }
}

/** What SQLite makes of the end of the time does not always say so: sometimes it is an error without words. */
function inTimeOf<T>(limit: TimeLimit, read: () => T): T {
  try {
    return read();
  } catch (error) {
    limit.check();
    throw error;
  }
}

/** Of a field that no run has ever had. */
const noField = 0;

/** Until they are heavy enough, and one more. */
function withinBytes(rows: Iterable<Row>, bytesMax: number): Row[] {
  const taken: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    taken.push(row);
    if (bytes >= bytesMax) break;
    bytes += bytesOf(row[memoColumn]) + bytesOf(row[attributesColumn]);
  }
  return taken;
}

/** Where they are in `runColumns`. */
const memoColumn = 14;
const attributesColumn = 15;

function bytesOf(value: Value | undefined): number {
  return value instanceof Uint8Array ? value.byteLength : 0;
}

function placed(row: Row, orderBy: Order): RunListCursor {
  return listCursor(decodeFoundRun(row), orderBy);
}

function positionOf([key, startMs, closeMs]: Row, part: Part): RunListCursor {
  return { key: Number(key), startMs: Number(startMs), closeMs: part === 'open' ? undefined : Number(closeMs) };
}

function sourcesOf(plan: Plan, part: Part, orderBy: Order): Source[] {
  if (orderBy === undefined) return orderedSources(plan, part, false);
  const source = singleSource(plan, part);
  if (source === undefined) return [];
  const index = orderIndex(plan, part, orderBy);
  return [index === undefined ? source : { ...source, from: `run INDEXED BY ${index}` }];
}

/** Types and task queues are texts, a status a number. */
function valueIn(group: GroupRow, field: FilterField): string | number {
  return fieldsOf(group)(field) as string | number;
}

function listOrder(part: Part, { closeMs, startMs, key }: Position): string {
  return part === 'open' ? `${startMs} DESC, ${key} DESC` : `${closeMs} DESC, ${startMs} DESC, ${key} DESC`;
}

function orderTerms(filterSql: FilterSql, part: Part, orderBy: Order): string[] {
  return (orderBy ?? []).map(({ field, descending }) => {
    const value = filterSql.value(field);
    // SQLite takes an index for an order only if it says nothing of where NULLs go.
    if (isNeverNull(field, part)) return `${value} ${descending ? 'DESC' : 'ASC'}`;
    return `${value} ${descending ? 'DESC NULLS FIRST' : 'ASC NULLS LAST'}`;
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
  const isBehind = either(beyond, both(sql`${field} = ${bound(value)}`, rest));
  if (!isNeverNull(term.field, part)) return isBehind;
  // Says nothing new, but shows SQLite where in an index to begin.
  return both(sql`${field} ${term.descending ? '<=' : '>='} ${bound(value)}`, isBehind);
}

function isAfterInList(part: Part, { closeMs, startMs, key }: RunListCursor, at: Position): Sql {
  const behind = sql`${bound(startMs)}, ${bound(key)}`;
  if (part === 'open') return closeMs === undefined ? sql`(${at.startMs}, ${at.key}) < (${behind})` : no;
  return closeMs === undefined ? yes : sql`(${at.closeMs}, ${at.startMs}, ${at.key}) < (${bound(closeMs)}, ${behind})`;
}
