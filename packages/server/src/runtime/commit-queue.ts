// Group commit: while one commit is on its way to the disk, everything that is decided gathers for the next one, which
// takes it all in one transaction. When nothing is on its way, a commit starts at the end of this turn of the event
// loop: no artificial delay, but requests read from the sockets together go together.
//
// A failed commit fails everything gathered behind it, because that was decided on state that now never was.

import type { Store, Write } from '@perdure/store';
import type { CommitMetrics } from '../telemetry/commit-metrics.ts';

interface Batch {
  readonly writes: Write[];
  /** When the first of them came. */
  readonly sinceMs: number;
  /** How often something was added. */
  size: number;
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueueOptions {
  readonly store: Pick<Store, 'commit'>;
  readonly shard: number;
  readonly epoch: number;
  /**
   * Called once per failed commit, before anyone who waits for it hears of it.
   * @param failures how many have failed one after the other, this one included
   */
  readonly onFailure: (error: unknown, failures: number) => void;
  readonly metrics: CommitMetrics;
}

const PATIENCE_MS = 50;

export class CommitQueue {
  readonly #options: CommitQueueOptions;
  #gathering: Batch | undefined;
  /** What goes along with the next batch. */
  #patient: Batch | undefined;
  #patience: NodeJS.Timeout | undefined;
  #committing = false;
  #idle: (() => void)[] = [];
  /** Commits that have failed since the last one that did not. */
  #failures = 0;

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  /** Adds writes to the next commit; they stay together in one transaction. Resolves when they are durable. */
  add(writes: readonly Write[]): Promise<void> {
    let batch = this.#gathering;
    if (batch === undefined) {
      batch = newBatch(this.#options.metrics.nowMs);
      this.#gathering = batch;
      if (!this.#committing) {
        this.#committing = true;
        setImmediate(() => this.#run());
      }
    }
    if (writes.length > 0) batch.size++;
    for (const write of writes) batch.writes.push(write);
    return batch.done;
  }

  /**
   * The same for writes that nobody waits for: they go along with the next commit that is made anyway, so that no other
   * has to wait for them. When none is made for a while, they get one of their own.
   */
  addPatiently(writes: readonly Write[]): Promise<void> {
    if (this.#gathering !== undefined) return this.add(writes);
    this.#patient ??= newBatch(this.#options.metrics.nowMs);
    this.#patient.size++;
    for (const write of writes) this.#patient.writes.push(write);
    this.#patience ??= setTimeout(() => this.#losePatience(), PATIENCE_MS);
    return this.#patient.done;
  }

  #losePatience(): void {
    if (this.#patient !== undefined) void this.add([]);
  }

  /** Resolves when nothing is gathered or on its way. */
  drained(): Promise<void> {
    this.#losePatience();
    if (!this.#committing) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #run(): void {
    const batch = this.#gathering;
    if (batch === undefined) {
      this.#committing = false;
      const idle = this.#idle;
      this.#idle = [];
      for (const resolve of idle) resolve();
      return;
    }
    this.#gathering = undefined;
    this.#takeAlong(batch);
    const { store, shard, epoch, metrics } = this.#options;
    store.commit({ shard, epoch, writes: batch.writes }).then(
      () => {
        this.#failures = 0;
        metrics.committed(batch);
        batch.resolve();
        this.#run();
      },
      (error: unknown) => this.#fail(batch, error),
    );
  }

  #takeAlong(batch: Batch): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    const patient = this.#patient;
    if (patient === undefined) return;
    this.#patient = undefined;
    batch.size += patient.size;
    for (const write of patient.writes) batch.writes.push(write);
    batch.done.then(patient.resolve, patient.reject);
  }

  #fail(batch: Batch, error: unknown): void {
    const behind = this.#gathering;
    this.#gathering = undefined;
    this.#options.metrics.failed();
    try {
      this.#options.onFailure(error, ++this.#failures);
    } finally {
      batch.reject(error);
      behind?.reject(error);
      this.#run();
    }
  }
}

function newBatch(sinceMs: number): Batch {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {
    // Whoever added writes handles the rejection; a batch that nobody waits for is handled by onFailure.
  });
  return { writes: [], sinceMs, size: 0, done: promise, resolve, reject };
}
