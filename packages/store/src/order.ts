// The orders in which runs are read, stated once.
import type { FilterValue, Order } from '@perdure/core/visibility';
import { compareValues } from '@perdure/core/visibility';
import type { RunCount, RunListCursor } from './contract.ts';

/** Position among the runs that have something to do. */
export interface WakePosition {
  readonly wakeAtMs: number | undefined;
  readonly key: number;
}

/** Open first, then by close time, start time and key, all descending. */
export function compareListOrder(a: RunListCursor, b: RunListCursor): number {
  if (a.closeMs !== b.closeMs) {
    if (a.closeMs === undefined) return -1;
    if (b.closeMs === undefined) return 1;
    return b.closeMs - a.closeMs;
  }
  return b.startMs - a.startMs || b.key - a.key;
}

/** By the values of an order, then in the list order. */
export function compareInOrder(orderBy: Order): (a: RunListCursor, b: RunListCursor) => number {
  return (a, b) => {
    for (const [i, { descending }] of (orderBy ?? []).entries()) {
      const order = compareValues(a.values?.[i], b.values?.[i]);
      if (order !== 0) return descending ? -order : order;
    }
    return compareListOrder(a, b);
  };
}

/** The largest groups of a count, by value, those without one at the end. */
export function sortedGroups(
  counts: ReadonlyMap<FilterValue | undefined, number>,
  groupsMax = Infinity,
): RunCount['groups'] {
  const groups = Array.from(counts, ([value, count]) => ({ value, count }));
  groups.sort((a, b) => compareValues(a.value, b.value));
  if (groups.length <= groupsMax) return groups;
  const largest = groups.toSorted((a, b) => b.count - a.count).slice(0, groupsMax);
  return largest.sort((a, b) => compareValues(a.value, b.value));
}

/** By wake-up time and key, ascending. Both have a wake-up time. */
export function compareWakeOrder(a: WakePosition, b: WakePosition): number {
  return (a.wakeAtMs as number) - (b.wakeAtMs as number) || a.key - b.key;
}
