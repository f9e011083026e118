// Lists in the order of a column without sorting all that is there: by an index that has the column first, or, where the
// column is one that groups agree in, one group of equal values after the other.
import type { FilterField, FilterValue, Order } from '@perdure/core/visibility';
import { compareValues } from '@perdure/core/visibility';
import { isOpenStatus } from '../../check.ts';
import type { RunListCursor, RunListQuery } from '../../contract.ts';
import { EntityKind } from '../../contract.ts';
import { restOf } from './attribute_order.ts';
import type { Part } from './columns.ts';
import type { Plan } from './plan.ts';
import { fieldsOf, isGroupField, sizeOf } from './plan.ts';

type Ordered = RunListQuery & { readonly orderBy: NonNullable<Order> };
type Column = Extract<FilterField, { kind: 'column' }>['column'];

/** Runs of workflows by these columns, in every namespace. */
const indexes: Readonly<Partial<Record<Column, string>>> = { startTime: 'run_by_start', workflowId: 'run_by_workflow' };
/** Every run has them, whatever its state is. */
const everPresent: ReadonlySet<Column> = new Set<Column>([
  ...(['workflowId', 'runId', 'workflowType', 'taskQueue', 'status', 'startTime', 'executionTime'] as const),
]);

/** Whether the column is NULL in no row of the part. */
export function isNeverNull(field: FilterField, part: Part): boolean {
  if (field.kind !== 'column') return false;
  return everPresent.has(field.column) || (field.column === 'closeTime' && part === 'closed');
}

/** An index to walk in the order; undefined: what is found by the plan has to be sorted. */
export function orderIndex({ kind, groups, way }: Plan, part: Part, orderBy: Order): string | undefined {
  const field = orderBy?.[0]?.field;
  if (kind !== EntityKind.WORKFLOW_RUN || way.by !== 'list' || field?.kind !== 'column') return undefined;
  // The index has both parts: past the few rows of a small one the walk would be long.
  const inPart = groups.filter(({ status }) => isOpenStatus(status) === (part === 'open'));
  return 2 * sizeOf(inPart) >= sizeOf(groups) ? indexes[field.column] : undefined;
}

/** Whether there are so many of few values that a list of each is quicker than sorting all of them. */
export function isInValueOrder({ groups, way }: Plan, orderBy: NonNullable<Order>, fewMax: number): boolean {
  const field = orderBy[0]?.field;
  if (field === undefined || !isGroupField(field) || (way.by !== 'list' && way.by !== 'groups')) return false;
  return way.size > Math.max(fewMax, groups.length);
}

/** One list for each value, in the order of the values. */
export function* listsOfValues(plan: Plan, query: Ordered): Generator<(left: number) => RunListQuery> {
  const [term] = query.orderBy;
  if (term === undefined) return;
  const { field, descending } = term;
  const compare = (a: FilterValue, b: FilterValue) => (descending ? -compareValues(a, b) : compareValues(a, b));
  const found = plan.groups.flatMap((group) => fieldsOf(group)(field) ?? []);
  const after = query.after?.values?.[0];
  for (const value of [...new Set(found)].sort(compare)) {
    const place = after === undefined ? 1 : compare(value, after);
    if (place < 0) continue;
    const behind: RunListCursor | undefined = place === 0 ? query.after : undefined;
    yield (left) => restOf(plan, query, { op: 'compare', field, comparison: '=', value }, left, behind);
  }
}
