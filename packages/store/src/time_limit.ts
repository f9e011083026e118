// How long one list or count may take: looked at while rows are walked, by whoever walks them.
import { hrtime } from 'node:process';
import { QueryTimeoutError } from './contract.ts';

const nsPerMs = 1e6;
/** What is called for every row looks at the clock once in so many rows. */
const rowsPerLook = 16;

/** Milliseconds of a clock that is the same in all threads of the process and that nobody sets. */
export function steadyMs(): number {
  return Number(hrtime.bigint()) / nsPerMs;
}

export class TimeLimit {
  readonly #untilMs: number;
  readonly #nowMs: () => number;
  #rows = 0;

  /** `untilMs`: the last moment at which the query may be under way, by the clock. */
  constructor(untilMs: number, nowMs: () => number = steadyMs) {
    this.#untilMs = untilMs;
    this.#nowMs = nowMs;
  }

  /** @throws {QueryTimeoutError} */
  check(): void {
    if (this.#nowMs() > this.#untilMs) throw new QueryTimeoutError();
  }

  /** @throws {QueryTimeoutError} */
  checkAtRow(): void {
    if (++this.#rows % rowsPerLook === 0) this.check();
  }
}

/** When a query that comes now has to be over. */
export function endOf({ timeoutMs = Infinity }: { readonly timeoutMs?: number }, nowMs = steadyMs): number {
  return nowMs() + timeoutMs;
}
