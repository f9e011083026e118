// Removes runs for good that nobody uses: those in memory by a decision of their own, so that they are not used any more
// from then on; the others unread, while nobody may read them back.

import type { RunRow } from '@perdure/store';
import type { CommitQueue } from './commit-queue.ts';
import type { Run } from './run.ts';
import type { RunCache } from './run-cache.ts';
import type { RunLoader } from './run-loader.ts';

export interface RunRemoverOptions {
  readonly cache: RunCache;
  readonly loader: RunLoader;
  readonly commits: CommitQueue;
  readonly now: () => number;
  /** Decides that the run, which is in memory, is removed. */
  readonly leave: (run: Run) => Promise<unknown>;
}

export class RunRemover {
  readonly #options: RunRemoverOptions;

  constructor(options: RunRemoverOptions) {
    this.#options = options;
  }

  /** What is still in use is left alone. Resolves when the removal of the others is durable. */
  async remove(rows: readonly RunRow[]): Promise<void> {
    const { cache, loader, now, leave } = this.#options;
    const done: Promise<unknown>[] = [];
    const outside: RunRow[] = [];
    for (const row of rows) {
      const run = cache.get(row.runId);
      if (run === undefined) {
        if (!loader.isLoading(row.runId)) outside.push(row);
      } else if (!run.isOpen && !run.isLeaving && run.isEvictable(now())) {
        done.push(leave(run));
      }
    }
    if (outside.length > 0) done.push(this.#removeOutside(outside));
    await Promise.all(done);
  }

  async #removeOutside(rows: readonly RunRow[]): Promise<void> {
    const { loader, commits } = this.#options;
    const runIds = rows.map(({ runId }) => runId);
    loader.forbid(runIds);
    try {
      await commits.addPatiently(rows.map(({ key }) => ({ kind: 'deleteRun', run: key })));
    } finally {
      loader.allow(runIds);
    }
  }
}
