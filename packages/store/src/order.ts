// The two orders in which runs are read, stated once.
import type { RunListCursor } from './contract.ts';

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

/** By wake-up time and key, ascending. Both have a wake-up time. */
export function compareWakeOrder(a: WakePosition, b: WakePosition): number {
  return (a.wakeAtMs as number) - (b.wakeAtMs as number) || a.key - b.key;
}
