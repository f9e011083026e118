// From the store into memory: finding runs, folding their journals, reading back after a start or a failed commit what
// was pending, and waking runs that sleep outside the memory.

import { dataLoss } from '@perdure/api';
import { foldTransition, reindex } from '@perdure/core';
import { EntityKind, type JournalRow, type RunRow, type Store, StoreUnavailableError } from '@perdure/store';
import type { Logger } from '../logging/logger.ts';
import type { RunRef } from '../matching/task.ts';
import type { RunMetrics } from '../telemetry/run-metrics.ts';
import type { Clock } from './clock.ts';
import { Run } from './run.ts';
import type { RunCache } from './run-cache.ts';

export interface RunLoaderOptions {
  readonly store: Store;
  readonly shard: number;
  readonly clock: Clock;
  readonly cache: RunCache;
  readonly log: Logger;
  readonly metrics: RunMetrics;
  /** Nothing happens in the namespace any more: its runs are not found, and not read back. */
  readonly isBeingRemoved: (namespaceId: string) => boolean;
  /** The run is in memory now; what it waits for must be set up. */
  readonly onLoaded: (run: Run) => void;
}

const PAGE = 200;
/** Journals of due runs that are read at a time. */
const LOADS_AT_A_TIME = 20;
/** How long to wait after the store could not be read. */
const RETRY_MS = 1000;
/** Longer waits are taken in steps: the clock may be set, or stand still while the machine sleeps. */
const STEP_MS = 1000;

/** A look into the store for a run of one workflow id. */
interface LookUp {
  readers: number;
  /** A run of the workflow id left the memory meanwhile: what was read may be from before it came. */
  outdated: boolean;
}

/** @throws DATA_LOSS: what is stored is not what was written; nobody who asks can help it */
function fold(run: Run, entry: JournalRow): void {
  try {
    foldTransition(run.state, entry);
  } catch (error) {
    const { workflowId, runId } = run.state;
    const reason = error instanceof Error ? error.message : String(error);
    throw dataLoss(
      `the stored history of workflow "${workflowId}", run "${runId}" is damaged at transition ${entry.seq}: ${reason}. Restore the database from a backup.`,
    );
  }
}

export class RunLoader {
  readonly #options: RunLoaderOptions;
  readonly #loading = new Map<string, Promise<Run | undefined>>();
  /** Runs whose removal is on its way to the store: they are not there any more. */
  readonly #forbidden = new Set<string>();
  /** All runs due up to this time have been looked at. */
  #scannedMs = Number.NEGATIVE_INFINITY;
  #nextOutsideMs = Number.POSITIVE_INFINITY;
  /** Of the runs that left the memory since the last scan began: just before the earliest wake-up. */
  #leftBeforeMs = Number.POSITIVE_INFINITY;
  /** Runs that left the memory since then. */
  readonly #left = new Set<string>();
  readonly #lookUps = new Map<string, LookUp>();
  #timer: NodeJS.Timeout | undefined;
  #scanning = false;
  /** No scan before this time: the store has just failed. */
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  /** Counts the times when everything had to be looked at again. */
  #recoveries = 0;
  #stopped = false;

  constructor(options: RunLoaderOptions) {
    this.#options = options;
  }

  inMemory(ref: RunRef): Run | undefined {
    const { cache, metrics } = this.#options;
    metrics.lookedUp();
    if (ref.runId === '') return cache.current(ref.namespaceId, ref.workflowId);
    const run = cache.get(ref.runId);
    return run?.state.workflowId === ref.workflowId && run.state.namespaceId === ref.namespaceId ? run : undefined;
  }

  /** @param ref with an empty run id: the newest run */
  async find(ref: RunRef): Promise<Run | undefined> {
    for (;;) {
      const here = this.inMemory(ref);
      if (here !== undefined) return here;
      const lookUp = this.#enter(ref);
      try {
        // A ref may be a message, whose kind is another one.
        const { namespaceId, workflowId, runId } = ref;
        const [row] = await this.#options.store.findRuns([{ namespaceId, workflowId, runId }]);
        const loads = row !== undefined && !lookUp.outdated && this.inMemory(ref) === undefined;
        if (loads) this.#options.metrics.missed();
        const loaded = loads ? await this.#load(row, ref.runId === '') : undefined;
        // It, or a newer one, may have been created or loaded meanwhile.
        const now = this.inMemory(ref);
        if (now !== undefined) return now;
        if (!lookUp.outdated) return loaded;
      } finally {
        this.#leave(ref, lookUp);
      }
    }
  }

  #enter(ref: RunRef): LookUp {
    const key = workflowKey(ref);
    let lookUp = this.#lookUps.get(key);
    if (lookUp === undefined) this.#lookUps.set(key, (lookUp = { readers: 0, outdated: false }));
    lookUp.readers++;
    return lookUp;
  }

  #leave(ref: RunRef, lookUp: LookUp): void {
    const key = workflowKey(ref);
    if (--lookUp.readers === 0 && this.#lookUps.get(key) === lookUp) this.#lookUps.delete(key);
  }

  #outdate(key: string, lookUp: LookUp): void {
    lookUp.outdated = true;
    this.#lookUps.delete(key);
  }

  isLoading(runId: string): boolean {
    return this.#loading.has(runId);
  }

  /** These are about to be removed: they are not found from now on. */
  forbid(runIds: readonly string[]): void {
    for (const runId of runIds) this.#forbidden.add(runId);
  }

  allow(runIds: readonly string[]): void {
    for (const runId of runIds) this.#forbidden.delete(runId);
  }

  /** Undefined: it was removed meanwhile. */
  async #load(row: RunRow, isCurrent: boolean): Promise<Run | undefined> {
    if (this.#forbidden.has(row.runId) || this.#options.isBeingRemoved(row.namespaceId)) return undefined;
    const loading = this.#loading.get(row.runId);
    if (loading !== undefined) return loading;
    const load = this.#read(row, isCurrent).finally(() => this.#loading.delete(row.runId));
    this.#loading.set(row.runId, load);
    return load;
  }

  async #read(row: RunRow, isCurrent: boolean): Promise<Run | undefined> {
    const { store, cache, clock } = this.#options;
    const journal = await store.readJournal(row.key);
    const here = cache.get(row.runId);
    if (here !== undefined) return here;
    // Every run has a journal as long as it is there. The deletion of its namespace may have begun meanwhile.
    if (journal.length === 0 || this.#options.isBeingRemoved(row.namespaceId)) return undefined;
    const run = new Run(row.key, row.namespaceId, row.workflowId, row.runId);
    for (const entry of journal) {
      fold(run, entry);
      run.seq = entry.seq;
      // A copy: the rows of a journal share one block of memory, which the newest of them must not keep alive.
      const bytes = entry.publicBytes.slice();
      run.history.push({ firstEventId: entry.firstEventId, eventCount: entry.eventCount, bytes });
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

  /**
   * Reads back every run that has something to do now, in the background.
   * @param afterMs not at once: the store has just failed
   */
  recover(afterMs = 0): void {
    for (const [key, lookUp] of this.#lookUps) this.#outdate(key, lookUp);
    this.#recoveries++;
    this.#scannedMs = Number.NEGATIVE_INFINITY;
    this.#nextOutsideMs = Number.NEGATIVE_INFINITY;
    this.#pausedUntilMs = this.#options.clock.now() + afterMs;
    this.#arm();
  }

  /** A run has left the memory. */
  left(run: Run): void {
    const { runId } = run.state;
    const key = workflowKey(run.state);
    const lookUp = this.#lookUps.get(key);
    if (lookUp !== undefined) this.#outdate(key, lookUp);
    if (this.#scanning) this.#left.add(runId);
    if (run.storedWakeMs === Number.POSITIVE_INFINITY) return;
    // While it was in memory a scan may have passed it by.
    const beforeMs = run.storedWakeMs - 1;
    this.#leftBeforeMs = Math.min(this.#leftBeforeMs, beforeMs);
    this.#scannedMs = Math.min(this.#scannedMs, beforeMs);
    this.#nextOutsideMs = Math.min(this.#nextOutsideMs, run.storedWakeMs);
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    if (this.#scanning || this.#stopped || this.#nextOutsideMs === Number.POSITIVE_INFINITY) return;
    clearTimeout(this.#timer);
    const untilDueMs = Math.max(this.#nextOutsideMs, this.#pausedUntilMs) - this.#options.clock.now();
    const delayMs = Math.max(0, Math.ceil(Math.min(untilDueMs, STEP_MS)));
    this.#timer = setTimeout(() => this.#ring(), delayMs);
  }

  #ring(): void {
    this.#scan().then(
      () => this.#arm(),
      (error: unknown) => {
        if (this.#stopped) return;
        this.#options.log.error('reading due runs failed; trying again', { error });
        this.#nextOutsideMs = Number.NEGATIVE_INFINITY;
        this.#pausedUntilMs = this.#options.clock.now() + RETRY_MS;
        this.#arm();
      },
    );
  }

  async #scan(): Promise<void> {
    const { store, shard, clock } = this.#options;
    if (Math.max(this.#nextOutsideMs, this.#pausedUntilMs) > clock.now()) return;
    this.#scanning = true;
    this.#left.clear();
    this.#leftBeforeMs = Number.POSITIVE_INFINITY;
    this.#nextOutsideMs = Number.POSITIVE_INFINITY;
    try {
      const untilMs = clock.now();
      const recoveries = this.#recoveries;
      const isCurrent = () => recoveries === this.#recoveries && !this.#stopped;
      let after = Number.isFinite(this.#scannedMs)
        ? { wakeAtMs: this.#scannedMs, key: Number.MAX_SAFE_INTEGER }
        : undefined;
      for (;;) {
        const rows = await store.dueRuns(shard, EntityKind.WORKFLOW_RUN, untilMs, after, PAGE);
        for (let i = 0; i < rows.length && isCurrent(); i += LOADS_AT_A_TIME) {
          await Promise.all(rows.slice(i, i + LOADS_AT_A_TIME).map((row) => this.#loadDue(row)));
        }
        // Everything has to be looked at again: the next scan does.
        if (!isCurrent()) return;
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) break;
        after = { wakeAtMs: last.wakeAtMs ?? untilMs, key: last.key };
      }
      const next = await store.nextWakeAt(shard, EntityKind.WORKFLOW_RUN, untilMs);
      if (!isCurrent()) return;
      this.#scannedMs = Math.min(untilMs, this.#leftBeforeMs);
      if (next !== undefined && next < this.#nextOutsideMs) this.#nextOutsideMs = next;
    } finally {
      this.#scanning = false;
      this.#left.clear();
    }
  }

  /** One run that cannot be read must not keep all the others from their work. */
  async #loadDue(row: RunRow): Promise<void> {
    if (this.#options.cache.get(row.runId) !== undefined) return;
    try {
      // What was read of it is out of date if it has been in memory since.
      if (this.#left.has(row.runId)) await this.find(row);
      else await this.#load(row, false);
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      const { workflowId, runId } = row;
      this.#options.log.error('a run cannot be read back', { workflowId, runId, error });
    }
  }
}

function workflowKey({ namespaceId, workflowId }: RunRef): string {
  return `${namespaceId}\0${workflowId}`;
}
