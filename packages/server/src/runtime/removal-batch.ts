// How fast what is over is removed, and how much of it in one commit: those who use the server meanwhile must not notice.
// Rows are looked up many at a time, and removed in slices of a few, evenly over time, so that none of the commits that
// they go along with grows by much.

import type { RunRow } from '@perdure/store';
import type { Clock } from './clock.ts';

/** Rows that are looked up at a time. */
export const REMOVAL_PAGE = 50;

/** Runs that one commit removes, as long as commits are made in time. */
const SLICE_RUNS = 3;
/** A run that has more events takes the place of several in its slice. */
const EVENTS_PER_RUN = 100;
/** When commits are made seldom, each removes what its time allows: for so long; what it could not remove before is not made up for. */
const CATCH_UP_MS = 60;

/** Runs removed in a second beside those that make up for what is closed meanwhile. */
const BASE_PER_SECOND = 100;
const OBSERVED_MS = 1000;

export class RemovalPace {
  readonly #perSecond: () => number;
  readonly #clock: Clock;
  /** Runs that may be removed now; below 0: more than were allowed have been. */
  #allowed = SLICE_RUNS;
  #atMs: number;

  constructor(perSecond: () => number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#atMs = clock.now();
  }

  /** The rows at the beginning that one commit may remove now; at least one, if there is any. They count as removed. */
  take(rows: readonly RunRow[]): readonly RunRow[] {
    this.#gather();
    const slice = rows.slice(0, sliceLength(rows, this.#allowed));
    this.#allowed -= slice.length;
    return slice;
  }

  /** How long to wait until there is a slice to take. */
  pauseMs(): number {
    const perSecond = this.#gather();
    return Math.max(0, ((SLICE_RUNS - this.#allowed) / perSecond) * 1000);
  }

  #gather(): number {
    const perSecond = this.#perSecond();
    const nowMs = this.#clock.now();
    const gathered = (Math.max(0, nowMs - this.#atMs) / 1000) * perSecond;
    const allowedMax = Math.max(SLICE_RUNS, (CATCH_UP_MS / 1000) * perSecond);
    this.#allowed = Math.min(this.#allowed + gathered, allowedMax);
    this.#atMs = nowMs;
    return perSecond;
  }
}

function sliceLength(rows: readonly RunRow[], allowed: number): number {
  let places = 0;
  const end = rows.findIndex(({ historyLength }, i) => {
    places += Math.max(1, historyLength / EVENTS_PER_RUN);
    return places > allowed && i > 0;
  });
  return end === -1 ? rows.length : end;
}

/**
 * As many are removed as are closed, and some more: so what is over never gathers, and what has gathered goes slowly. What
 * is closed now is as good a measure as any of what was closed before and is over now.
 */
export class ClosingRate {
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

  /** How many runs to remove in a second. */
  get perSecond(): number {
    const passedMs = this.#clock.now() - this.#atMs;
    if (passedMs >= OBSERVED_MS) {
      const count = this.#closedCount();
      this.#perSecond = BASE_PER_SECOND + ((count - this.#count) / passedMs) * 1000;
      this.#count = count;
      this.#atMs += passedMs;
    }
    return this.#perSecond;
  }
}
