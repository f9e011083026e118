// Removes closed runs (and whatever else closes) when their namespace's retention is over: in the background, a few at a
// time (removal-batch.ts). The store finds them by an index, page by page, the namespaces in turn; what is in memory, or
// still has something to do, is left for the next time.

import { EVERY_KIND, type RunListCursor, type RunRow, type Store } from '@perdure/store';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import { ClosingRate, REMOVAL_PAGE, RemovalPace } from './removal-batch.ts';

interface RetainingNamespace {
  readonly id: string;
  readonly retentionMs: number;
}

export interface RetentionOptions {
  readonly store: Pick<Store, 'listRuns'>;
  readonly engine: Pick<Engine, 'removeRuns' | 'stats'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly namespaces: () => readonly RetainingNamespace[];
}

/** The last look into a namespace. */
interface Look {
  readonly atMs: number;
  readonly retentionMs: number;
  /** There may be more behind this one. */
  readonly last: RunRow | undefined;
}

const TICK_MS = 1000;
const INTERVAL_MAX_MS = 60_000;

export class Retention {
  readonly #options: RetentionOptions;
  readonly #pace: RemovalPace;
  /** By namespace id. */
  readonly #looks = new Map<string, Look>();
  /** Of one namespace: what is to be removed next, if its retention is still over then. */
  #found: readonly RunRow[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: RetentionOptions) {
    const { engine, clock } = options;
    const rate = new ClosingRate(() => engine.stats.closed, clock);
    this.#options = options;
    this.#pace = new RemovalPace(() => rate.perSecond, clock);
  }

  start(): void {
    this.#arm(TICK_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Removes a slice of what was found, or finds more. Returns after how long, ms, to go on; undefined: that was all for now. */
  async sweep(): Promise<number | undefined> {
    const found = this.#stillOver();
    if (found.length === 0) return (await this.#find()) ? 0 : undefined;
    const slice = this.#pace.take(found);
    await this.#options.engine.removeRuns(slice.filter(({ wakeAtMs }) => wakeAtMs === undefined));
    this.#found = found.slice(slice.length);
    return this.#pace.pauseMs();
  }

  /** The retention may have become longer since they were found, and the namespace may be gone. */
  #stillOver(): readonly RunRow[] {
    const [first] = this.#found;
    const namespace = first && this.#options.namespaces().find(({ id }) => id === first.namespaceId);
    if (namespace === undefined) return [];
    const endMs = this.#endMs(namespace);
    return this.#found.filter(({ closeMs }) => closeMs !== undefined && closeMs < endMs);
  }

  /** Looks at a page of the namespace whose turn it is. Returns false if it is nobody's. */
  async #find(): Promise<boolean> {
    const namespace = this.#nextNamespace();
    if (namespace === undefined) return false;
    const { store, clock } = this.#options;
    const { id, retentionMs } = namespace;
    const atMs = clock.now();
    const after = this.#position(namespace);
    const rows = await store.listRuns({
      namespaceId: id,
      kinds: EVERY_KIND,
      after,
      limit: REMOVAL_PAGE,
      upkeep: true,
    });
    this.#looks.set(id, { atMs, retentionMs, last: rows.length === REMOVAL_PAGE ? rows.at(-1) : undefined });
    this.#found = rows;
    return true;
  }

  /** The one that has waited longest. */
  #nextNamespace(): RetainingNamespace | undefined {
    const namespaces = this.#options.namespaces();
    if (this.#looks.size > namespaces.length) this.#forgetAllBut(namespaces);
    let next: RetainingNamespace | undefined;
    let nextMs = this.#options.clock.now();
    for (const namespace of namespaces) {
      const turnMs = turnOf(namespace, this.#looks.get(namespace.id));
      if (turnMs > nextMs || (next !== undefined && turnMs === nextMs)) continue;
      next = namespace;
      nextMs = turnMs;
    }
    return next;
  }

  #forgetAllBut(namespaces: readonly RetainingNamespace[]): void {
    const ids = new Set(namespaces.map(({ id }) => id));
    for (const id of this.#looks.keys()) if (!ids.has(id)) this.#looks.delete(id);
  }

  /** Nothing that was closed then or later is over. */
  #endMs({ retentionMs }: RetainingNamespace): number {
    return this.#options.clock.now() - retentionMs;
  }

  #position(namespace: RetainingNamespace): RunListCursor {
    const endMs = this.#endMs(namespace);
    const last = this.#looks.get(namespace.id)?.last;
    if (last?.closeMs !== undefined && last.closeMs < endMs) return last;
    return { closeMs: endMs, startMs: Number.MIN_SAFE_INTEGER, key: 0 };
  }

  /** A namespace may be registered, or its retention changed, at any time: so it is looked at often whether there is something to do. */
  #arm(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.sweep().then(
        (pauseMs) => this.#arm(pauseMs ?? TICK_MS),
        (error: unknown) => {
          if (this.#stopped) return;
          this.#options.log.warn('removing runs whose retention is over failed; trying again', { error });
          this.#arm(INTERVAL_MAX_MS);
        },
      );
    }, delayMs);
    this.#timer.unref();
  }
}

/** When to look into it again. Nobody minds a run that stays a tenth of its time longer. */
function turnOf({ retentionMs }: RetainingNamespace, look: Look | undefined): number {
  if (look === undefined) return Number.NEGATIVE_INFINITY;
  if (look.last !== undefined || look.retentionMs !== retentionMs) return look.atMs;
  return look.atMs + Math.min(retentionMs / 10, INTERVAL_MAX_MS);
}
