// Removes what is left of deleted namespaces: their runs, schedules and batch operations, open and closed, at a bounded
// rate, and then the namespace itself. That a removal has begun is written in the namespace's row, so it goes on after a crash; how far it has come is
// written nowhere: what is still listed is still to be removed.

import { EVERY_KIND, type RunRow, type Store } from '@perdure/store';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from './clock.ts';
import type { Engine } from './engine.ts';
import { REMOVAL_PAGE, RemovalPace } from './removal-batch.ts';

export interface RemovedNamespace {
  readonly id: string;
  readonly name: string;
  /** The row stays until then. */
  readonly rowUntilMs: number;
}

export interface NamespaceRemoverOptions {
  readonly store: Pick<Store, 'listRuns'>;
  readonly engine: Pick<Engine, 'removeRuns' | 'stopNamespace'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly runsPerSecond: number;
  /** Those whose removal has begun. */
  readonly namespaces: () => readonly RemovedNamespace[];
  /** Nothing but the row of the namespace is left. */
  readonly forget: (id: string) => Promise<void>;
}

/** How long to wait after something went wrong. */
const RETRY_MS = 5000;
/** Longer waits are taken in steps: the clock may be set, or stand still while the machine sleeps. */
const STEP_MS = 60_000;

export class NamespaceRemover {
  readonly #options: NamespaceRemoverOptions;
  readonly #pace: RemovalPace;
  /** Of one namespace: what is to be removed next. */
  #found: readonly RunRow[] = [];
  /** The namespace that they are of, or were. */
  #foundIn = '';
  #timer: NodeJS.Timeout | undefined;
  /** The removal under way; resolves when nothing is left to do now. */
  #working: Promise<void> | undefined;
  /** Another removal has begun since that one looked. */
  #again = false;
  #stopped = false;

  constructor(options: NamespaceRemoverOptions) {
    this.#options = options;
    this.#pace = new RemovalPace(() => options.runsPerSecond, options.clock);
  }

  /** Goes on with what had begun before the server was started. */
  start(): void {
    this.#arm(0);
  }

  /** The namespace's removal has begun: nothing happens in it from now on. Resolves when that is so. */
  async begin(namespaceId: string): Promise<void> {
    await this.#options.engine.stopNamespace(namespaceId);
    this.#arm(0);
  }

  /** Resolves when nothing is on its way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  /**
   * Removes a slice of what was found, or finds more, and removes the rows of namespaces of which nothing else is left.
   * Returns after how long, ms, to go on; undefined: there is nothing to do.
   */
  async sweep(): Promise<number | undefined> {
    if (this.#stopped) return undefined;
    return this.#found.length > 0 ? this.#removeSlice() : this.#find();
  }

  async #removeSlice(): Promise<number> {
    const slice = this.#pace.take(this.#found);
    await this.#options.engine.removeRuns(slice);
    this.#found = this.#found.slice(slice.length);
    return this.#pace.pauseMs();
  }

  async #find(): Promise<number | undefined> {
    let waitMs = Number.POSITIVE_INFINITY;
    for (const namespace of this.#inTurn()) {
      if (this.#stopped) return undefined;
      const query = { namespaceId: namespace.id, kinds: EVERY_KIND, limit: REMOVAL_PAGE, upkeep: true };
      this.#found = await this.#options.store.listRuns(query);
      this.#foundIn = namespace.id;
      if (this.#found.length > 0) return this.#pace.pauseMs();
      waitMs = Math.min(waitMs, await this.#removeRow(namespace));
    }
    return Number.isFinite(waitMs) ? waitMs : undefined;
  }

  /** A page of each, so that a small namespace does not wait for a large one. */
  #inTurn(): readonly RemovedNamespace[] {
    const namespaces = this.#options.namespaces();
    const next = namespaces.findIndex(({ id }) => id === this.#foundIn) + 1;
    return [...namespaces.slice(next), ...namespaces.slice(0, next)];
  }

  /** Returns how long, ms, it must still stay; Infinity: it is gone. */
  async #removeRow({ id, name, rowUntilMs }: RemovedNamespace): Promise<number> {
    const { clock, forget, log } = this.#options;
    const leftMs = rowUntilMs - clock.now();
    if (leftMs > 0) return leftMs;
    await forget(id);
    log.info('a deleted namespace is removed', { namespace: name, namespaceId: id });
    return Number.POSITIVE_INFINITY;
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return;
    if (this.#working !== undefined) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ring(), Math.min(delayMs, STEP_MS));
    this.#timer.unref();
  }

  #ring(): void {
    this.#again = false;
    this.#working = this.sweep()
      .then(
        (delayMs) => delayMs,
        (error: unknown) => {
          if (!this.#stopped) this.#options.log.warn('removing a deleted namespace failed; trying again', { error });
          return RETRY_MS;
        },
      )
      .then((delayMs) => {
        this.#working = undefined;
        if (this.#again) this.#arm(0);
        else if (delayMs !== undefined) this.#arm(delayMs);
      });
  }
}
