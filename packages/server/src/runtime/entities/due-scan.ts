// Finds the entities outside the memory whose time has come: at a start, after a failed commit, and when one that has
// left the memory wakes. In pages, by the index of wake-up times.

import type { EntityKind, RunRow, Store } from '@perdure/store';
import type { Logger } from '../../logging/logger.ts';
import type { Clock } from '../clock.ts';

export interface DueScanOptions {
  readonly store: Pick<Store, 'dueRuns' | 'nextWakeAt'>;
  readonly shard: number;
  readonly kind: EntityKind;
  readonly clock: Clock;
  readonly log: Logger;
  readonly load: (row: RunRow) => Promise<void>;
}

const PAGE = 200;
/** Entities that are read at the same time. */
const LOADS_AT_A_TIME = 20;
/** Longer waits are taken in steps: the clock may be set, or stand still while the machine sleeps. */
const STEP_MS = 1000;
const RETRY_MS = 1000;
/** Until an entity that cannot be read is tried again. */
const UNREADABLE_MS = 60_000;
/** What is due soon is read at once: it is on time then. */
const AHEAD_MS = 5000;
/** Between two looks, so that many wake-ups shortly after each other are found together. Much less than AHEAD_MS. */
const PAUSE_MS = 1000;

export class DueScan {
  readonly #options: DueScanOptions;
  /** When the next look is worth it. */
  #nextMs = Number.POSITIVE_INFINITY;
  /** Those that wake up to this time have been looked at, and are in memory as long as they are not reported to have left. */
  #scannedMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #scanning = false;
  #stopped = false;

  constructor(options: DueScanOptions) {
    this.#options = options;
  }

  /** Looks at everything that is due. @param pauseMs not at once: the store has just failed */
  recover(pauseMs = 0): void {
    this.#scannedMs = Number.NEGATIVE_INFINITY;
    this.#lookAt(this.#options.clock.now() + pauseMs);
  }

  /** An entity has left the memory, and wakes then. */
  left(wakeAtMs: number | undefined): void {
    if (wakeAtMs === undefined) return;
    this.#scannedMs = Math.min(this.#scannedMs, wakeAtMs - 1);
    this.#lookAt(wakeAtMs - AHEAD_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #lookAt(atMs: number): void {
    this.#nextMs = Math.min(this.#nextMs, atMs);
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#scanning || this.#stopped || this.#nextMs === Number.POSITIVE_INFINITY) return;
    const untilMs = this.#nextMs - this.#options.clock.now();
    this.#timer = setTimeout(() => this.#ring(), Math.max(0, Math.ceil(Math.min(untilMs, STEP_MS))));
    this.#timer.unref();
  }

  #ring(): void {
    if (this.#nextMs > this.#options.clock.now()) return this.#arm();
    this.#scanning = true;
    this.#nextMs = Number.POSITIVE_INFINITY;
    this.#scan()
      .catch((error: unknown) => {
        if (this.#stopped) return;
        this.#options.log.error('reading what is due failed; trying again', { error });
        this.#scannedMs = Number.NEGATIVE_INFINITY;
        this.#nextMs = Math.min(this.#nextMs, this.#options.clock.now() + RETRY_MS);
      })
      .finally(() => {
        this.#scanning = false;
        this.#arm();
      });
  }

  async #scan(): Promise<void> {
    const { store, shard, kind, clock } = this.#options;
    const nowMs = clock.now();
    const untilMs = nowMs + AHEAD_MS;
    const fromMs = this.#scannedMs;
    this.#scannedMs = untilMs;
    let after = Number.isFinite(fromMs) ? { wakeAtMs: fromMs, key: Number.MAX_SAFE_INTEGER } : undefined;
    for (;;) {
      const rows = await store.dueRuns(shard, kind, untilMs, after, PAGE);
      for (let i = 0; i < rows.length && !this.#stopped; i += LOADS_AT_A_TIME) {
        await Promise.all(rows.slice(i, i + LOADS_AT_A_TIME).map((row) => this.#load(row)));
      }
      if (this.#stopped) return;
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) break;
      after = { wakeAtMs: last.wakeAtMs ?? untilMs, key: last.key };
    }
    const next = await store.nextWakeAt(shard, kind, untilMs);
    if (next !== undefined) this.#nextMs = Math.min(this.#nextMs, Math.max(next - AHEAD_MS, nowMs + PAUSE_MS));
  }
  /** One that cannot be read must not keep the others from their work. */
  async #load(row: RunRow): Promise<void> {
    const { load, log, clock } = this.#options;
    try {
      await load(row);
    } catch (error) {
      log.error('an entity cannot be read back', { id: row.workflowId, runId: row.runId, error });
      this.#scannedMs = Math.min(this.#scannedMs, (row.wakeAtMs ?? 0) - 1);
      this.#lookAt(clock.now() + UNREADABLE_MS);
    }
  }
}
