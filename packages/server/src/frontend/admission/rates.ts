// One rate, shared by requests of several priorities. Every priority has a bucket of the whole rate; a request takes from
// its own and from those of all that is less urgent. So the urgent ones always have the whole rate, the others the rest.

import { RateLimit } from '../../matching/rate-limit.ts';

export class PriorityRate {
  readonly perSecond: number;
  readonly #buckets: readonly RateLimit[];
  readonly #operators: RateLimit;

  /** @param operatorRatio the part of the rate that operators have for themselves */
  constructor(perSecond: number, burst: number, priorities: number, operatorRatio: number, nowMs: number) {
    this.perSecond = perSecond;
    this.#buckets = Array.from({ length: priorities }, () => new RateLimit(perSecond, nowMs, burst));
    this.#operators = new RateLimit(perSecond * operatorRatio, nowMs, burst * operatorRatio);
  }

  /** Undefined: an operator's, before all others. */
  take(priority: number | undefined, nowMs: number): boolean {
    const deciding = priority === undefined ? this.#operators : this.#buckets[priority];
    if (deciding?.take(nowMs) !== true) return false;
    for (const bucket of this.#buckets.slice((priority ?? -1) + 1)) bucket.spend(nowMs);
    return true;
  }
}
