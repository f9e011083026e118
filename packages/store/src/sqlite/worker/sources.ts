// Where lists and counts read: the FROM and WHERE of the way that the planner chose, for one part of the runs.
import type { Filter } from '@perdure/core/visibility';
import { isOpenStatus } from '../../check.ts';
import { openCloseMs } from './attribute_index.ts';
import type { Part } from './columns.ts';
import { indexOf, isKind } from './columns.ts';
import type { FilterSql, Sql } from './filter_sql.ts';
import { bound, inTime, isNever, list, sql, yes } from './filter_sql.ts';
import type { AttributeMatch, GroupRow, Plan } from './plan.ts';

/** Columns that say where in the list a row is. */
export interface Position {
  readonly closeMs: string;
  readonly startMs: string;
  readonly key: string;
}

export const inRun: Position = { closeMs: 'close_ms', startMs: 'start_ms', key: 'key' };
export const inAttribute: Position = {
  closeMs: 'attribute.list_close_ms',
  startMs: 'attribute.list_start_ms',
  key: 'attribute.run_key',
};

export interface Source {
  readonly part: Part;
  readonly from: string;
  readonly where: Sql;
  readonly position: Position;
  readonly filters: readonly Filter[];
  /** Those of the filters that the index of attributes can decide. */
  readonly matches: ReadonlyMap<Filter, AttributeMatch>;
}

/** More are joined in a balanced tree: SQLite bounds the depth of an expression. */
const conjunctsMax = 20;

/**
 * What is read one after the other and merged, so that each of it comes in the list order by itself. Together they may
 * find a run several times. `needsRow`: more is asked of what they find than where it is in the list.
 */
export function orderedSources(plan: Plan, part: Part, needsRow: boolean): Source[] {
  const { way, matches } = plan;
  switch (way.by) {
    case 'groups':
      return groupsOf(way.groups, part).map(({ number }) => groupSource(plan, way.filters, part, [number]));
    case 'attribute':
      return way.values.map((value) => attributeSource(plan, part, sql`value = ${bound(value)}`, needsRow));
    case 'attributeRange':
      return [attributeSource(plan, part, way.terms, needsRow)];
    case 'list':
    case 'index': {
      const source = singleSource(plan, part);
      return source === undefined ? [] : [{ ...source, matches }];
    }
  }
}

/** Everything at once, each run once, in any order. Undefined: the part has nothing of it. */
export function singleSource(plan: Plan, part: Part): Source | undefined {
  const { namespace, kind, way, matches } = plan;
  const { filters } = way;
  const common = { part, position: inRun, filters, matches };
  switch (way.by) {
    case 'list': {
      const where = sql`${isKind(kind)} AND namespace = ${bound(namespace)} AND ${isIn(part)}`;
      return { ...common, from: `run INDEXED BY ${indexOf(kind, part)}`, where };
    }
    case 'groups': {
      const numbers = groupsOf(way.groups, part).map(({ number }) => number);
      return numbers.length === 0 ? undefined : groupSource(plan, filters, part, numbers);
    }
    case 'index':
      return { ...common, from: `run INDEXED BY ${way.index}`, where: sql`${way.terms} AND ${isIn(part)}` };
    case 'attribute':
    case 'attributeRange': {
      const values = way.by === 'attribute' ? sql`value IN (${list(way.values)})` : way.terms;
      const keys = sql`SELECT run_key FROM attribute WHERE field = ${bound(way.field)} AND ${values}`;
      return { ...common, from: 'run', where: sql`key IN (${keys}) AND ${isIn(part)}` };
    }
  }
}

function attributeSource({ way, matches }: Plan, part: Part, values: Sql, needsRow: boolean): Source {
  const field = 'field' in way ? way.field : 0;
  const isEnough = !needsRow && isDecidedByAttributes({ filters: way.filters, matches });
  const isOpen = part === 'open' ? '=' : '<';
  return {
    part,
    from: isEnough ? 'attribute' : 'attribute CROSS JOIN run ON key = attribute.run_key',
    where: sql`field = ${bound(field)} AND ${values} AND attribute.list_close_ms ${isOpen} ${bound(openCloseMs)}`,
    position: inAttribute,
    filters: way.filters,
    matches,
  };
}

/** Whether nothing has to be read of the runs themselves. */
export function isDecidedByAttributes({ filters, matches }: Pick<Source, 'filters' | 'matches'>): boolean {
  return filters.length <= conjunctsMax && filters.every((each) => matches.has(each));
}

function groupSource({ matches }: Plan, filters: readonly Filter[], part: Part, numbers: readonly number[]): Source {
  // One parameter: there may be more groups than a statement can have of these.
  const isOne =
    numbers.length === 1
      ? sql`= ${list(numbers)}`
      : sql`IN (SELECT value FROM json_each(${bound(JSON.stringify(numbers))}))`;
  const where = sql`group_number ${isOne} AND ${isIn(part)}`;
  return { part, from: 'run INDEXED BY run_in_group', where, position: inRun, filters, matches };
}

function groupsOf(groups: readonly GroupRow[], part: Part): readonly GroupRow[] {
  return groups.filter(({ status }) => isOpenStatus(status) === (part === 'open'));
}

function isIn(part: Part): string {
  return `close_ms IS ${part === 'open' ? '' : 'NOT '}NULL`;
}

/** Undefined: no row satisfies it. */
export function whereOf(source: Source, filterSql: FilterSql, isBehind: Sql = yes): Sql | undefined {
  const { where, filters, position } = source;
  // An index alone is walked so fast (5 million rows in 0.3 s) that looking at the clock would double it.
  let all = filters.length === 0 ? where : sql`${where} AND ${inTime(position.key)}`;
  for (const term of [...conditionsOf(source, filterSql), isBehind]) {
    if (isNever(term)) return undefined;
    if (term !== yes) all = sql`${all} AND ${term}`;
  }
  return all;
}

type Conditioned = Pick<Source, 'part' | 'position' | 'filters' | 'matches'>;

/** All that has to hold beside the way to the rows. */
export function conditionsOf(source: Conditioned, filterSql: FilterSql): Sql[] {
  const { filters, matches } = source;
  // SQLite looks for its indexes among the outermost terms.
  const terms = filters.length <= conjunctsMax ? filters : [{ op: 'and', of: filters } as const];
  return terms.map((each) => {
    const match = matches.get(each);
    return match === undefined ? filterSql.condition(each) : hasAttribute(match, source);
  });
}

/** Asks the index of attributes, where all of a run's values are at the same position: cheaper than reading them. */
function hasAttribute({ field, values }: AttributeMatch, { part, position }: Conditioned): Sql {
  const closeMs = part === 'open' ? String(openCloseMs) : position.closeMs;
  const at = `(other.list_close_ms, other.list_start_ms, other.run_key) = (${closeMs}, ${position.startMs}, ${position.key})`;
  return sql`EXISTS (SELECT 1 FROM attribute AS other WHERE other.field = ${bound(field)} AND other.value IN (${list(values)}) AND ${at})`;
}
