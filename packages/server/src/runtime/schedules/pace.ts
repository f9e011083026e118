// How fast the schedules of a namespace act: a few at a time, and no faster than its limit, if it has one.

import { RateLimit } from '../../matching/rate-limit.ts';
import type { Clock } from '../clock.ts';
import { Gate } from './gate.ts';

/** Schedules of a namespace that are at work at the same time. */
const AT_A_TIME = 256;
const WAIT_MAX_MS = 2 ** 31 - 1;

export class Pace {
  readonly #clock: Clock;
  /** 0: no limit. */
  readonly #startsPerSecond: (namespaceId: string) => number;
  readonly #gates = new Map<string, Gate>();
  readonly #limits = new Map<string, RateLimit>();

  constructor(clock: Clock, startsPerSecond: (namespaceId: string) => number) {
    this.#clock = clock;
    this.#startsPerSecond = startsPerSecond;
  }

  inTurn<T>(namespaceId: string, work: () => Promise<T>): Promise<T> {
    let gate = this.#gates.get(namespaceId);
    if (gate === undefined) this.#gates.set(namespaceId, (gate = new Gate(AT_A_TIME)));
    return gate.pass(work);
  }

  /** Resolves when the next workflow may be started. */
  async untilNext(namespaceId: string): Promise<void> {
    const perSecond = this.#startsPerSecond(namespaceId);
    if (perSecond === 0) return;
    const nowMs = this.#clock.now();
    let limit = this.#limits.get(namespaceId);
    if (limit?.perSecond !== perSecond) {
      limit = new RateLimit(perSecond, nowMs);
      this.#limits.set(namespaceId, limit);
    }
    const waitMs = limit.waitMs(nowMs);
    limit.spend(nowMs);
    // Timers of the platform do not wait at all for longer than they can.
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, WAIT_MAX_MS)).unref());
  }
}
