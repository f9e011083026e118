// The runs in memory, bounded in bytes. The newest run of each workflow id that is here is known to be the newest: all
// starts go through this node. Least recently used runs leave first; one that is open leaves only after its true
// wake-up time is in the store. Of the closed ones only the latest stay, for those who wait for results: whoever dies
// young costs the garbage collector nothing.

import type { Run } from './run.ts';

/** Closed runs that stay in memory. */
const CLOSED_MAX = 1000;

export interface RunCacheOptions {
  readonly now: () => number;
  readonly bytesMax: number;
  /** Makes an open run's wake-up time durable; resolves when it may leave. */
  readonly beforeEvict: (run: Run) => Promise<void>;
  readonly onEvicted: (run: Run) => void;
}

export class RunCache {
  /** By run id, least recently used first. */
  readonly #runs = new Map<string, Run>();
  readonly #current = new Map<string, Run>();
  readonly #evicting = new Set<Run>();
  /** Longest closed or unused first. */
  readonly #closed = new Set<Run>();
  readonly #options: RunCacheOptions;
  #bytes = 0;

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
    this.#count(run);
    if (!run.isOpen) this.#limitClosed(run);
    this.#shrink();
  }

  /** Was used: it leaves later, and its size may have changed. */
  touch(run: Run): void {
    const { runId } = run.state;
    if (this.#runs.get(runId) !== run) return;
    this.#runs.delete(runId);
    this.#runs.set(runId, run);
    this.#count(run);
    if (!run.isOpen) this.#limitClosed(run);
    this.#shrink();
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

  #limitClosed(used: Run): void {
    this.#closed.delete(used);
    this.#closed.add(used);
    if (this.#closed.size <= CLOSED_MAX) return;
    const [oldest] = this.#closed;
    if (oldest === undefined) return;
    this.#closed.delete(oldest);
    if (oldest.isEvictable(this.#options.now())) this.#remove(oldest);
    else this.#closed.add(oldest);
  }

  #count(run: Run): void {
    const bytes = run.bytes;
    this.#bytes += bytes - run.cachedBytes;
    run.cachedBytes = bytes;
  }

  #shrink(): void {
    if (this.#bytes <= this.#options.bytesMax) return;
    let excess = this.#bytes - this.#options.bytesMax;
    for (const run of this.#runs.values()) {
      if (excess <= 0) return;
      if (this.#evicting.has(run)) {
        excess -= run.cachedBytes;
        continue;
      }
      // Those that are in use now are used again soon: look no further once they begin.
      if (!run.isEvictable(this.#options.now())) continue;
      excess -= run.cachedBytes;
      this.#evict(run);
    }
  }

  #evict(run: Run): void {
    const seq = run.seq;
    this.#evicting.add(run);
    this.#options.beforeEvict(run).then(
      () => {
        if (!this.#evicting.delete(run)) return;
        if (run.seq === seq && run.isEvictable(this.#options.now())) this.#remove(run);
      },
      // The failed commit has dropped all runs already.
      () => this.#evicting.delete(run),
    );
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
