/** A token bucket: how fast a task queue may hand out tasks, or requests may come. */
export class RateLimit {
  /** At least 0, finite. */
  readonly perSecond: number;
  /** As many as it holds. */
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: number, burst: number = perSecond) {
    this.perSecond = perSecond;
    this.#burst = Math.max(1, burst);
    this.#tokens = this.#burst;
    this.#atMs = nowMs;
  }

  /** Takes a token if there is one. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Takes a token that may not be there yet: whoever comes next waits for it. */
  spend(nowMs: number): void {
    this.#refill(nowMs);
    this.#tokens -= 1;
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
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed / 1000) * this.perSecond);
    if (this.perSecond === 0) this.#tokens = 0;
  }
}
