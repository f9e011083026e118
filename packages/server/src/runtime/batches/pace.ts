// How fast one batch operation goes: operations per second, evenly, except that what timers are too coarse for comes in
// small bursts.

import { sleep } from './sleep.ts';

/** Timers are late by about this much. */
const BURST_MS = 20;

export class Pace {
  readonly #now: () => number;
  readonly #intervalMs: number;
  /** When the next operation may begin. */
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(ratePerSecond: number, now: () => number) {
    this.#now = now;
    this.#intervalMs = 1000 / ratePerSecond;
  }

  /** Resolves when it is the caller's turn, or when the signal aborts. */
  async next(signal: AbortSignal): Promise<void> {
    const nowMs = this.#now();
    // Time in which nobody came is lost: it does not add up to a burst later.
    const turnMs = Math.max(this.#nextMs, nowMs);
    this.#nextMs = turnMs + this.#intervalMs;
    const aheadMs = turnMs - nowMs;
    if (aheadMs > BURST_MS) await sleep(aheadMs, signal);
  }
}
