// The runs in memory, bounded in bytes. The newest run of each workflow id that is here is known to be the newest: all
// starts go through this node. Least recently used runs leave first, and only after their true wake-up time is in the
// store. Of the closed ones only the latest stay, for those who wait for results: whoever dies
// young costs the garbage collector nothing.
//
// A run leaves between two turns of the event loop, never inside one: whoever has just found a run can use it, as long
// as he waits for nothing but commits of that run.

import type { Run } from './run.ts';

/** Closed runs that stay in memory. */
const CLOSED_MAX = 1000;
/** Runs looked at in one go when some must leave: all may be in use, and looking at all each time would cost more and more. */
const LOOK_MAX = 256;

export interface RunCacheOptions {
  readonly now: () => number;
  readonly bytesMax: number;
  /** Makes the run's wake-up time durable; undefined: it is. */
  readonly beforeEvict: (run: Run) => Promise<void> | undefined;
  readonly onEvicted: (run: Run) => void;
}

export class RunCache {
  /** By run id, least recently used first. */
  readonly #runs = new Map<string, Run>();
  readonly #current = new Map<string, Run>();
  /** Their wake-up times are on the way to the store; with the transition at which they were found idle. */
  readonly #evicting = new Map<Run, number>();
  /** Longest closed or unused first. */
  readonly #closed = new Set<Run>();
  readonly #options: RunCacheOptions;
  #bytes = 0;
  #shrinksSoon = false;

  constructor(options: RunCacheOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#runs.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(runId: string): Run | undefined {
    return this.#runs.get(runId);
  }

  current(namespaceId: string, workflowId: string): Run | undefined {
    return this.#current.get(`${namespaceId}\0${workflowId}`);
  }

  /** @param isCurrent the newest run of its workflow id */
  add(run: Run, isCurrent: boolean): void {
    const { runId, namespaceId, workflowId } = run.state;
    this.#runs.set(runId, run);
    if (isCurrent) this.#current.set(`${namespaceId}\0${workflowId}`, run);
    this.#used(run);
  }

  /** Was used: it leaves later, and its size may have changed. */
  touch(run: Run): void {
    const { runId } = run.state;
    if (this.#runs.get(runId) !== run) return;
    this.#runs.delete(runId);
    this.#runs.set(runId, run);
    this.#used(run);
  }

  /** Takes all runs out. */
  clear(): Run[] {
    const runs = [...this.#runs.values()];
    this.#runs.clear();
    this.#current.clear();
    this.#evicting.clear();
    this.#closed.clear();
    this.#bytes = 0;
    return runs;
  }

  values(): Iterable<Run> {
    return this.#runs.values();
  }

  #used(run: Run): void {
    const bytes = run.bytes;
    this.#bytes += bytes - run.cachedBytes;
    run.cachedBytes = bytes;
    if (!run.isOpen) {
      this.#closed.delete(run);
      this.#closed.add(run);
    }
    if (this.#bytes > this.#options.bytesMax || this.#closed.size > CLOSED_MAX) this.#shrinkSoon();
  }

  #shrinkSoon(): void {
    if (this.#shrinksSoon) return;
    this.#shrinksSoon = true;
    setImmediate(() => {
      this.#shrinksSoon = false;
      this.#dropClosed();
      this.#shrink();
    });
  }

  #dropClosed(): void {
    for (const run of firstOf(this.#closed, this.#closed.size - CLOSED_MAX)) {
      this.#closed.delete(run);
      if (this.#evicting.has(run)) continue;
      if (run.isEvictable(this.#options.now())) this.#evict(run);
      else this.#closed.add(run);
    }
  }

  #shrink(): void {
    let excess = this.#bytes - this.#options.bytesMax;
    for (const run of this.#evicting.keys()) excess -= run.cachedBytes;
    if (excess <= 0) return;
    let evicted = 0;
    for (const run of firstOf(this.#runs.values(), LOOK_MAX)) {
      if (excess <= 0) return;
      if (this.#evicting.has(run) || !run.isEvictable(this.#options.now())) {
        // It is in use: others are looked at first.
        this.#runs.delete(run.state.runId);
        this.#runs.set(run.state.runId, run);
        continue;
      }
      excess -= run.cachedBytes;
      evicted++;
      this.#evict(run);
    }
    if (excess > 0 && evicted > 0) this.#shrinkSoon();
  }

  #evict(run: Run): void {
    const stored = this.#options.beforeEvict(run);
    if (stored === undefined) return this.#remove(run);
    this.#evicting.set(run, run.seq);
    stored.then(
      () => setImmediate(() => this.#finishEvicting(run)),
      () => {
        // The failed commit has dropped all runs already.
      },
    );
  }

  #finishEvicting(run: Run): void {
    const seq = this.#evicting.get(run);
    if (seq === undefined) return;
    this.#evicting.delete(run);
    if (run.seq === seq && run.isEvictable(this.#options.now())) this.#remove(run);
    else if (!run.isOpen) this.#closed.add(run);
  }

  /** It is removed for good. */
  remove(run: Run): void {
    this.#evicting.delete(run);
    this.#remove(run);
  }

  #remove(run: Run): void {
    const { runId, namespaceId, workflowId } = run.state;
    if (this.#runs.get(runId) !== run) return;
    this.#runs.delete(runId);
    this.#closed.delete(run);
    this.#bytes -= run.cachedBytes;
    run.cachedBytes = 0;
    const key = `${namespaceId}\0${workflowId}`;
    if (this.#current.get(key) === run) this.#current.delete(key);
    this.#options.onEvicted(run);
  }
}

/** A copy, so that the collection may change meanwhile. */
function firstOf<T>(items: Iterable<T>, count: number): T[] {
  const first: T[] = [];
  if (count <= 0) return first;
  for (const item of items) {
    first.push(item);
    if (first.length >= count) break;
  }
  return first;
}
