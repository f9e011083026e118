// How much of what is over is removed in one commit, and how fast one commit follows the other: those who use the server
// meanwhile must not notice. A large commit keeps others waiting; many small ones write the same pages again and again,
// since runs that closed one after the other lie together.

import type { RunRow } from '@perdure/store';
import type { Clock } from './clock.ts';

/** Runs that one commit removes at most. */
export const REMOVAL_BATCH = 10;
/** And their events. */
const BATCH_EVENTS = 1000;

/** Runs removed in a second beside those that make up for what is closed meanwhile. */
const BASE_PER_SECOND = 100;
const OBSERVED_MS = 1000;

/** Those at the beginning that have not too many events together; at least one. */
export function firstToRemove(rows: readonly RunRow[]): readonly RunRow[] {
  let events = 0;
  const end = rows.findIndex(({ historyLength }, i) => (events += historyLength) > BATCH_EVENTS && i > 0);
  return end === -1 ? rows : rows.slice(0, end);
}

/**
 * As many are removed as are closed, and some more: so what is over never gathers, and what has gathered goes slowly. What
 * is closed now is as good a measure as any of what was closed before and is over now.
 */
export class RemovalPace {
  readonly #closedCount: () => number;
  readonly #clock: Clock;
  #perSecond = BASE_PER_SECOND;
  #count: number;
  #atMs: number;

  /** @param closedCount how many runs have closed since the server was started */
  constructor(closedCount: () => number, clock: Clock) {
    this.#closedCount = closedCount;
    this.#clock = clock;
    this.#count = closedCount();
    this.#atMs = clock.now();
  }

  /** How long to wait after so many were removed. */
  pauseMs(removed: number): number {
    this.#observe();
    return (removed / this.#perSecond) * 1000;
  }

  #observe(): void {
    const passedMs = this.#clock.now() - this.#atMs;
    if (passedMs < OBSERVED_MS) return;
    const count = this.#closedCount();
    this.#perSecond = BASE_PER_SECOND + ((count - this.#count) / passedMs) * 1000;
    this.#count = count;
    this.#atMs += passedMs;
  }
}
