// The clocks of a time zone: what they show at a moment, and how long they go on without a change.
import { offsetMs } from '../axis/zone.ts';

export interface Stretch {
  /** How far clocks are ahead of UTC, ms. */
  readonly offset: number;
  /** Until then they are not changed; then they may be. */
  readonly untilMs: number;
}

/** Two changes that undo each other are always further apart: the shortest summer time known had five weeks. */
const PROBE_MS = 6 * 86_400_000;
const PROBES = 30;
const SECOND_MS = 1000;

export class Clock {
  readonly #zone: string;
  #fromMs = Number.POSITIVE_INFINITY;
  #stretch: Stretch = { offset: 0, untilMs: Number.NEGATIVE_INFINITY };

  constructor(zone: string) {
    this.#zone = zone;
  }

  localAt(ms: number): number {
    return ms + this.stretchAt(ms).offset;
  }

  stretchAt(ms: number): Stretch {
    if (ms >= this.#fromMs && ms < this.#stretch.untilMs) return this.#stretch;
    this.#stretch = this.#look(ms);
    this.#fromMs = ms;
    return this.#stretch;
  }

  #look(ms: number): Stretch {
    if (this.#zone === 'UTC') return { offset: 0, untilMs: Number.POSITIVE_INFINITY };
    const offset = offsetMs(ms, this.#zone);
    let fromMs = ms;
    for (let probe = 0; probe < PROBES; probe++) {
      const thenMs = fromMs + PROBE_MS;
      if (offsetMs(thenMs, this.#zone) !== offset) return { offset, untilMs: this.#changeBetween(fromMs, thenMs) };
      fromMs = thenMs;
    }
    return { offset, untilMs: fromMs };
  }

  /** The first whole second with another offset. */
  #changeBetween(fromMs: number, toMs: number): number {
    const before = offsetMs(fromMs, this.#zone);
    let same = Math.floor(fromMs / SECOND_MS);
    let changed = Math.ceil(toMs / SECOND_MS);
    while (changed - same > 1) {
      const middle = Math.floor((same + changed) / 2);
      if (offsetMs(middle * SECOND_MS, this.#zone) === before) same = middle;
      else changed = middle;
    }
    return changed * SECOND_MS;
  }
}
