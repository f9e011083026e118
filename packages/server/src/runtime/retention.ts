// Removes closed runs when their namespace's retention is over: in the background, a few at a time, in commits of their
// own. The store finds them by an index; what is in memory, or still has something to do, is left for the next time.

import { EntityKind, type RunRow, type Store } from '@perdure/store';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';

export interface RetentionOptions {
  readonly store: Pick<Store, 'listRuns'>;
  readonly engine: Pick<Engine, 'removeClosed'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly namespaces: () => readonly { readonly id: string; readonly retentionMs: number }[];
}

/** Schedules do not close. */
const KINDS = [EntityKind.WORKFLOW_RUN, EntityKind.BATCH_OPERATION];
/** Runs that one commit removes at most, and their events: it must not keep other commits waiting. */
const BATCH = 50;
const BATCH_EVENTS = 5000;
const PAUSE_BETWEEN_PAGES_MS = 20;
const TICK_MS = 1000;
const INTERVAL_MAX_MS = 60_000;

export class Retention {
  readonly #options: RetentionOptions;
  /** How far the pass under way has come in each namespace. */
  readonly #after = new Map<string, RunRow>();
  #lastPassMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#arm(TICK_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Looks at one page of each namespace, and removes what is over. False: that was all. */
  async sweep(): Promise<boolean> {
    const { store, engine, clock, namespaces } = this.#options;
    let hasMore = false;
    for (const { id, retentionMs } of namespaces()) {
      const newest = { closeMs: clock.now() - retentionMs, startMs: Number.MIN_SAFE_INTEGER, key: 0 };
      const after = this.#after.get(id) ?? newest;
      const rows = await store.listRuns({ namespaceId: id, after, limit: BATCH, kinds: KINDS, upkeep: true });
      if (this.#stopped) return false;
      const taken = firstOf(rows);
      await engine.removeClosed(taken.filter((row) => row.wakeAtMs === undefined));
      const last = taken.at(-1);
      if (last !== undefined && (rows.length === BATCH || taken.length < rows.length)) {
        this.#after.set(id, last);
        hasMore = true;
      } else {
        this.#after.delete(id);
      }
    }
    return hasMore;
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#tick().then(
        (hasMore) => this.#arm(hasMore ? PAUSE_BETWEEN_PAGES_MS : TICK_MS),
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
  async #tick(): Promise<boolean> {
    const nowMs = this.#options.clock.now();
    if (nowMs < this.#lastPassMs + this.#intervalMs()) return false;
    const hasMore = await this.sweep();
    if (!hasMore) this.#lastPassMs = nowMs;
    return hasMore;
  }

  /** Nobody minds a run that stays a tenth of its time longer. */
  #intervalMs(): number {
    return Math.min(...this.#options.namespaces().map(({ retentionMs }) => retentionMs / 10), INTERVAL_MAX_MS);
  }
}

/** Those at the beginning that have not too many events together; at least one. */
function firstOf(rows: readonly RunRow[]): readonly RunRow[] {
  let events = 0;
  const end = rows.findIndex(({ historyLength }, i) => (events += historyLength) > BATCH_EVENTS && i > 0);
  return end === -1 ? rows : rows.slice(0, end);
}
