/** A token bucket that holds one second's worth: how fast a task queue may hand out tasks. */
export class RateLimit {
  /** At least 0, finite. */
  readonly perSecond: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.perSecond = perSecond;
    this.#tokens = Math.max(1, perSecond);
    this.#atMs = nowMs;
  }

  /** Takes a token if there is one. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Milliseconds until there is a token; Infinity if never (a rate of 0 stops the queue). */
  waitMs(nowMs: number): number {
    this.#refill(nowMs);
    if (this.#tokens >= 1) return 0;
    return this.perSecond === 0 ? Number.POSITIVE_INFINITY : ((1 - this.#tokens) / this.perSecond) * 1000;
  }

  #refill(nowMs: number): void {
    const elapsed = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#tokens = Math.min(Math.max(1, this.perSecond), this.#tokens + (elapsed / 1000) * this.perSecond);
    if (this.perSecond === 0) this.#tokens = 0;
  }
}
