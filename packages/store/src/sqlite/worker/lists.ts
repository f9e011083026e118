// Lists and counts, by the ways that the planner chooses: the open runs, then the closed ones.
import type { Filter, FilterField, Order } from '@perdure/core/visibility';
import { isOpenStatus } from '../../check.ts';
import type { EntityKind as Kind, RunCountQuery, RunListCursor, RunListQuery, RunQuery } from '../../contract.ts';
import { EntityKind } from '../../contract.ts';
import { listCursor } from '../../fields.ts';
import { compareInOrder } from '../../order.ts';
import { decodeFoundRun } from '../codec/rows.ts';
import type { Row } from '../codec/values.ts';
import { openCloseMs } from './attribute_index.ts';
import type { Part } from './columns.ts';
import { indexOf, isKind, runColumns } from './columns.ts';
import { Conditions } from './conditions.ts';
import type { Sql } from './filter_sql.ts';
import { both, bound, either, FilterSql, isNever, list, no, sql, yes } from './filter_sql.ts';
import type { GroupRow, Plan } from './plan.ts';
import { fieldsOf, isGroupField, Planner } from './plan.ts';
import type { Statements } from './prepared.ts';

const parts: readonly Part[] = ['open', 'closed'];

const workflowRuns: readonly Kind[] = [EntityKind.WORKFLOW_RUN];
/** More are joined in a balanced tree: SQLite bounds the depth of an expression. */
const conjunctsMax = 20;

/** Columns that say where in the list a row is. */
interface Position {
  readonly closeMs: string;
  readonly startMs: string;
  readonly key: string;
}

const inRun: Position = { closeMs: 'close_ms', startMs: 'start_ms', key: 'key' };
const inAttribute: Position = { closeMs: 'list_close_ms', startMs: 'list_start_ms', key: 'run_key' };

/** Where to read: a FROM and a WHERE, of rows that come in the list order or are to be sorted. */
interface Source {
  readonly from: string;
  readonly where: Sql;
  readonly position: Position;
  readonly filters: readonly Filter[];
}

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
    if (
      way.by === 'attribute' &&
      way.filters.length === 0 &&
      groupBy === undefined &&
      !(way.isSet && way.values.length > 1)
    ) {
      const where = sql`field = ${bound(way.field)} AND value IN (${list(way.values)})`;
      return this.#all(undefined, sql`SELECT NULL, count(*) FROM attribute WHERE ${where}`);
    }
    return parts.flatMap((part) => {
      const filterSql = new FilterSql(part);
      const value = groupBy === undefined ? 'NULL' : filterSql.value(groupBy);
      const source = unorderedSource(plan, part);
      const where = source && whereOf(source, filterSql);
      if (where === undefined) return [];
      return this.#all(filterSql, sql`SELECT ${value}, count(*) FROM ${source?.from ?? ''} WHERE ${where} GROUP BY 1`);
    });
  }

  /** The first rows of some parts, of all kinds. */
  #first(of: readonly Part[], plans: readonly Plan[], query: RunListQuery): Row[] {
    const { orderBy, limit } = query;
    const asked = of.flatMap((part) =>
      plans.flatMap((plan) => sourcesOf(plan, part, orderBy).map((source) => ({ part, source }))),
    );
    const [only] = asked;
    if (only === undefined) return [];
    if (asked.length === 1) return this.#read(only.source, only.part, query, runColumns);
    // Where the rows of each source are, merged; then only those that the page shows.
    const { closeMs, startMs, key } = inRun;
    const compare = compareInOrder(orderBy);
    const found = asked.flatMap(({ part, source }) => {
      if (orderBy !== undefined) return this.#read(source, part, query, runColumns).map((row) => placed(row, orderBy));
      const columns = `${source.position.key} AS ${key}, ${startMs}, ${closeMs}`;
      return this.#read(source, part, query, columns).map(position);
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

  #read(source: Source, part: Part, { after, orderBy, limit }: RunListQuery, columns: string): Row[] {
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

function position(row: Row): Placed {
  const [key, startMs, closeMs] = row;
  return {
    row: undefined,
    cursor: { key: Number(key), startMs: Number(startMs), closeMs: closeMs === null ? undefined : Number(closeMs) },
  };
}

/** Types and task queues are texts, a status a number. */
function valueIn(group: GroupRow, field: FilterField): string | number {
  return fieldsOf(group)(field) as string | number;
}

function listOrder(part: Part, { closeMs, startMs, key }: Position): string {
  return part === 'open' ? `${startMs} DESC, ${key} DESC` : `${closeMs} DESC, ${startMs} DESC, ${key} DESC`;
}

/** What is read one after the other and merged, so that each part of it comes in the list order by itself. */
function sourcesOf(plan: Plan, part: Part, orderBy: Order): Source[] {
  const { way } = plan;
  if (orderBy === undefined && way.by === 'groups') {
    return groupsOf(way.groups, part).map(({ number }) => groupSource(plan, part, [number]));
  }
  if (orderBy === undefined && way.by === 'attribute') {
    const isOpen = part === 'open' ? '=' : '<';
    return way.values.map((value) => ({
      from: 'attribute CROSS JOIN run ON key = run_key',
      where: sql`field = ${bound(way.field)} AND value = ${list([value])} AND list_close_ms ${isOpen} ${bound(openCloseMs)}`,
      position: inAttribute,
      filters: way.filters,
    }));
  }
  const source = unorderedSource(plan, part);
  return source === undefined ? [] : [source];
}

/** Undefined: the part has nothing of it. */
function unorderedSource({ namespace, kind, way }: Plan, part: Part): Source | undefined {
  const { filters } = way;
  const inPart = `close_ms IS ${part === 'open' ? '' : 'NOT '}NULL`;
  switch (way.by) {
    case 'list': {
      const where = sql`${isKind(kind)} AND namespace = ${bound(namespace)} AND ${inPart}`;
      return { from: `run INDEXED BY ${indexOf(kind, part)}`, where, position: inRun, filters };
    }
    case 'groups': {
      const numbers = groupsOf(way.groups, part).map(({ number }) => number);
      return numbers.length === 0 ? undefined : groupSource({ way }, part, numbers);
    }
    case 'index':
      return { from: `run INDEXED BY ${way.index}`, where: sql`${way.terms} AND ${inPart}`, position: inRun, filters };
    case 'attribute':
    case 'attributeRange': {
      const values = way.by === 'attribute' ? sql`value IN (${list(way.values)})` : way.terms;
      const keys = sql`SELECT run_key FROM attribute WHERE field = ${bound(way.field)} AND ${values}`;
      return { from: 'run', where: sql`key IN (${keys}) AND ${inPart}`, position: inRun, filters };
    }
  }
}

function groupsOf(groups: readonly GroupRow[], part: Part): readonly GroupRow[] {
  return groups.filter(({ status }) => isOpenStatus(status) === (part === 'open'));
}

function groupSource({ way }: Pick<Plan, 'way'>, part: Part, numbers: readonly number[]): Source {
  const inPart = `close_ms IS ${part === 'open' ? '' : 'NOT '}NULL`;
  const where = sql`group_number IN (${list(numbers)}) AND ${inPart}`;
  return { from: 'run INDEXED BY run_in_group', where, position: inRun, filters: way.filters };
}

/** Undefined: no row satisfies it. */
function whereOf({ where, filters }: Source, filterSql: FilterSql, isBehind: Sql = yes): Sql | undefined {
  // SQLite looks for its indexes among the outermost terms.
  const terms = filters.length <= conjunctsMax ? filters : [{ op: 'and', of: filters } as const];
  let all = where;
  for (const term of [...terms.map((each) => filterSql.condition(each)), isBehind]) {
    if (isNever(term)) return undefined;
    if (term !== yes) all = sql`${all} AND ${term}`;
  }
  return all;
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
