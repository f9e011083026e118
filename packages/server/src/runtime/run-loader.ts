// From the store into memory: finding runs, folding their journals, reading back after a start or a failed commit what
// was pending, and waking runs that sleep outside the memory.

import { foldTransition, reindex } from '@perdure/core';
import type { RunRow, Store } from '@perdure/store';
import type { Logger } from '../logging/logger.ts';
import type { RunRef } from '../matching/task.ts';
import type { Clock } from './clock.ts';
import { Run } from './run.ts';
import type { RunCache } from './run-cache.ts';

export interface RunLoaderOptions {
  readonly store: Store;
  readonly shard: number;
  readonly clock: Clock;
  readonly cache: RunCache;
  readonly log: Logger;
  /** The run is in memory now; what it waits for must be set up. */
  readonly onLoaded: (run: Run) => void;
}

const PAGE = 200;
/** How long to wait after the store could not be read. */
const RETRY_MS = 1000;
const DELAY_MAX_MS = 2 ** 31 - 1;

export class RunLoader {
  readonly #options: RunLoaderOptions;
  readonly #loading = new Map<string, Promise<Run>>();
  /** All runs due up to this time have been looked at. */
  #scannedMs = Number.NEGATIVE_INFINITY;
  #nextOutsideMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #scanning = false;
  /** Counts the times when everything had to be looked at again. */
  #recoveries = 0;
  #stopped = false;

  constructor(options: RunLoaderOptions) {
    this.#options = options;
  }

  inMemory(ref: RunRef): Run | undefined {
    const { cache } = this.#options;
    if (ref.runId === '') return cache.current(ref.namespaceId, ref.workflowId);
    const run = cache.get(ref.runId);
    return run?.state.workflowId === ref.workflowId && run.state.namespaceId === ref.namespaceId ? run : undefined;
  }

  /** @param ref with an empty run id: the newest run */
  async find(ref: RunRef): Promise<Run | undefined> {
    const here = this.inMemory(ref);
    if (here !== undefined) return here;
    const [row] = await this.#options.store.findRuns([ref]);
    // It may have been created or loaded meanwhile.
    const now = this.inMemory(ref);
    if (now !== undefined || row === undefined) return now;
    return this.#load(row, ref.runId === '');
  }

  async #load(row: RunRow, isCurrent: boolean): Promise<Run> {
    const loading = this.#loading.get(row.runId);
    if (loading !== undefined) return loading;
    const load = this.#read(row, isCurrent).finally(() => this.#loading.delete(row.runId));
    this.#loading.set(row.runId, load);
    return load;
  }

  async #read(row: RunRow, isCurrent: boolean): Promise<Run> {
    const { store, cache, clock } = this.#options;
    const journal = await store.readJournal(row.key);
    const here = cache.get(row.runId);
    if (here !== undefined) return here;
    const run = new Run(row.key, row.namespaceId, row.workflowId, row.runId);
    for (const entry of journal) {
      foldTransition(run.state, entry);
      run.seq = entry.seq;
      run.history.push({ firstEventId: entry.firstEventId, eventCount: entry.eventCount, bytes: entry.publicBytes });
    }
    run.committedNextEventId = run.state.nextEventId;
    run.closedDurably = !run.isOpen;
    run.storedWakeMs = row.wakeAtMs ?? Number.POSITIVE_INFINITY;
    run.state.deadlines.clear();
    reindex(run.state, clock.now());
    const newer = cache.current(row.namespaceId, row.workflowId);
    cache.add(run, newer === undefined && (isCurrent || run.isOpen));
    this.#options.onLoaded(run);
    return run;
  }

  /** Reads back every run that has something to do now, in the background. */
  recover(): void {
    this.#recoveries++;
    this.#scannedMs = Number.NEGATIVE_INFINITY;
    this.sleepOutside(Number.NEGATIVE_INFINITY);
  }

  /** A run left the memory and wakes at this time. */
  sleepOutside(wakeAtMs: number): void {
    if (wakeAtMs < this.#nextOutsideMs) this.#nextOutsideMs = wakeAtMs;
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(delayMinMs = 0): void {
    if (this.#scanning || this.#stopped || this.#nextOutsideMs === Number.POSITIVE_INFINITY) return;
    clearTimeout(this.#timer);
    const delay = Math.min(Math.max(delayMinMs, this.#nextOutsideMs - this.#options.clock.now()), DELAY_MAX_MS);
    this.#timer = setTimeout(() => {
      this.#scan().catch((error: unknown) => {
        if (this.#stopped) return;
        this.#options.log.error('reading due runs failed; trying again', { error });
        this.sleepOutside(Number.NEGATIVE_INFINITY);
        this.#arm(RETRY_MS);
      });
    }, Math.ceil(delay));
  }

  async #scan(): Promise<void> {
    const { store, shard, clock } = this.#options;
    if (this.#nextOutsideMs > clock.now()) return this.#arm();
    this.#scanning = true;
    try {
      this.#nextOutsideMs = Number.POSITIVE_INFINITY;
      const untilMs = clock.now();
      const recoveries = this.#recoveries;
      let after = Number.isFinite(this.#scannedMs)
        ? { wakeAtMs: this.#scannedMs, key: Number.MAX_SAFE_INTEGER }
        : undefined;
      for (;;) {
        const rows = await store.dueRuns(shard, untilMs, after, PAGE);
        if (this.#stopped) return;
        for (const row of rows) if (this.#options.cache.get(row.runId) === undefined) await this.#load(row, false);
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) break;
        after = { wakeAtMs: last.wakeAtMs ?? untilMs, key: last.key };
      }
      if (recoveries === this.#recoveries) this.#scannedMs = untilMs;
      const next = await store.nextWakeAt(shard, untilMs);
      if (next !== undefined && next < this.#nextOutsideMs) this.#nextOutsideMs = next;
    } finally {
      this.#scanning = false;
    }
    this.#arm();
  }
}
