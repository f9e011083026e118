// Removes closed runs (and whatever else closes) when their namespace's retention is over: in the background, a few at a time, in commits of their
// own. The store finds them by an index; what is in memory, or still has something to do, is left for the next time.

import { EVERY_KIND, type RunListCursor, type RunRow, type Store } from '@perdure/store';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import { firstToRemove, REMOVAL_BATCH, RemovalPace } from './removal-batch.ts';

export interface RetentionOptions {
  readonly store: Pick<Store, 'listRuns'>;
  readonly engine: Pick<Engine, 'removeRuns' | 'stats'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly namespaces: () => readonly { readonly id: string; readonly retentionMs: number }[];
}

const TICK_MS = 1000;
const INTERVAL_MAX_MS = 60_000;

export class Retention {
  readonly #options: RetentionOptions;
  readonly #pace: RemovalPace;
  /** How far the pass under way has come in each namespace. */
  readonly #after = new Map<string, RunRow>();
  #lastPassMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#pace = new RemovalPace(() => options.engine.stats.closed, options.clock);
  }

  start(): void {
    this.#arm(TICK_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Looks at one page of each namespace, and removes what is over. Returns how many are gone; undefined: that was all. */
  async sweep(): Promise<number | undefined> {
    const { store, engine, clock, namespaces } = this.#options;
    let hasMore = false;
    let removed = 0;
    for (const { id, retentionMs } of namespaces()) {
      const after = this.#position(id, clock.now() - retentionMs);
      const rows = await store.listRuns({
        namespaceId: id,
        kinds: EVERY_KIND,
        after,
        limit: REMOVAL_BATCH,
        upkeep: true,
      });
      if (this.#stopped) return undefined;
      const taken = firstToRemove(rows);
      await engine.removeRuns(taken.filter((row) => row.wakeAtMs === undefined));
      removed += taken.length;
      const last = taken.at(-1);
      if (last !== undefined && (rows.length === REMOVAL_BATCH || taken.length < rows.length)) {
        this.#after.set(id, last);
        hasMore = true;
      } else {
        this.#after.delete(id);
      }
    }
    return hasMore ? removed : undefined;
  }

  /** Nothing that was closed at `endMs` or later is over: the retention may have become longer since the last page. */
  #position(namespaceId: string, endMs: number): RunListCursor {
    const after = this.#after.get(namespaceId);
    if (after?.closeMs !== undefined && after.closeMs < endMs) return after;
    return { closeMs: endMs, startMs: Number.MIN_SAFE_INTEGER, key: 0 };
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#tick().then(
        (removed) => this.#arm(removed === undefined ? TICK_MS : this.#pace.pauseMs(removed)),
        (error: unknown) => {
          if (this.#stopped) return;
          this.#options.log.warn('removing runs whose retention is over failed; trying again', { error });
          this.#arm(INTERVAL_MAX_MS);
        },
      );
    }, delayMs);
    this.#timer.unref();
  }

  /** A namespace with a short retention may be registered at any time: so the time is looked at often. */
  async #tick(): Promise<number | undefined> {
    const nowMs = this.#options.clock.now();
    if (nowMs < this.#lastPassMs + this.#intervalMs()) return undefined;
    const removed = await this.sweep();
    if (removed === undefined) this.#lastPassMs = nowMs;
    return removed;
  }

  /** Nobody minds a run that stays a tenth of its time longer. */
  #intervalMs(): number {
    return Math.min(...this.#options.namespaces().map(({ retentionMs }) => retentionMs / 10), INTERVAL_MAX_MS);
  }
}
