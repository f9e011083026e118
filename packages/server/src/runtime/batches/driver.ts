// Carries one batch operation out: page after page, several executions at a time. Before anything is done to a page it is
// in the journal which executions are in it, and what is done to each carries a request id made of the batch operation
// and the execution: so whoever resumes after a crash takes up the same page, and what was done already is not done again.

import { code, StatusError } from '@perdure/api';
import {
  addProgress,
  type BatchChange,
  type BatchPage,
  type BatchProgress,
  type BatchState,
  type BatchTarget,
  beginPage,
  endPage,
  FAILURES_MAX,
  failBatch,
  NO_PROGRESS,
} from '@perdure/core';
import type { Logger } from '../../logging/logger.ts';
import type { Clock } from '../clock.ts';
import type { Entity } from '../entities/entity.ts';
import type { EntityHost } from '../entities/host.ts';
import { Pace } from './pace.ts';
import { sleep } from './sleep.ts';
import type { Turnstile } from './turnstile.ts';
import { BatchImpossibleError, type BatchJob, type BatchWork, requestIdOf } from './work.ts';

export interface DriverOptions {
  readonly host: EntityHost<BatchState, BatchChange>;
  readonly entity: Entity<BatchState>;
  readonly work: BatchWork;
  readonly turnstile: Turnstile;
  readonly clock: Clock;
  readonly log: Logger;
}

/** After the store could not be read. */
const RETRY_MS = 1000;
/** One execution is tried this often, with longer and longer pauses, when it is busy or the server is. */
const ATTEMPTS_MAX = 6;
const BACKOFF_MS = 50;

export class BatchDriver {
  readonly #options: DriverOptions;
  readonly #halt = new AbortController();
  readonly #pace: Pace;
  #progress: BatchProgress = NO_PROGRESS;
  readonly #done: Promise<void>;

  /** Begins at once. */
  constructor(options: DriverOptions) {
    this.#options = options;
    const { work, entity, clock } = options;
    const { perSecondMax } = work.speed(entity.namespaceId);
    const { rateMax } = entity.state;
    this.#pace = new Pace(rateMax > 0 ? Math.min(rateMax, perSecondMax) : perSecondMax, clock.now);
    this.#done = this.#run();
  }

  /** Of the page under way. */
  get progress(): BatchProgress {
    return this.#progress;
  }

  /** Nothing new is begun from now on; resolves when nothing is under way any more. */
  async halt(): Promise<void> {
    this.#halt.abort();
    await this.#done;
  }

  get #isOver(): boolean {
    const { entity } = this.#options;
    return this.#halt.signal.aborted || entity.dropped || entity.state.closeMs !== undefined;
  }

  async #run(): Promise<void> {
    // Whoever creates it decides more in this turn.
    await Promise.resolve();
    while (!this.#isOver) {
      try {
        await this.#nextPage();
      } catch (error) {
        if (this.#isOver) return;
        if (error instanceof BatchImpossibleError) return this.#giveUp(error);
        this.#options.log.error('a batch operation cannot go on for the moment', { ...this.#identity, error });
        await sleep(RETRY_MS, this.#halt.signal);
      }
    }
  }

  async #nextPage(): Promise<void> {
    const { host, entity } = this.#options;
    const page = entity.state.page ?? (await this.#beginPage());
    if (page === undefined) return;
    await this.#carryOut(page);
    if (this.#isOver) return;
    const progress = this.#progress;
    this.#progress = NO_PROGRESS;
    host.decide(entity, (tx) => endPage(tx, progress));
    if (entity.state.closeMs !== undefined) this.#tellOfFailures();
  }

  async #beginPage(): Promise<BatchPage | undefined> {
    const { host, entity, work } = this.#options;
    const page = await work.page(this.#job);
    if (this.#isOver) return undefined;
    if (page === undefined) await host.remove(entity);
    else host.decide(entity, (tx) => beginPage(tx, page));
    return page;
  }

  async #carryOut(page: BatchPage): Promise<void> {
    this.#progress = NO_PROGRESS;
    const { work, entity, turnstile } = this.#options;
    const { concurrency } = work.speed(entity.namespaceId);
    const targets = page.targets.values();
    const worker = async () => {
      for (const target of targets) {
        await this.#pace.next(this.#halt.signal);
        await turnstile.enter();
        try {
          if (this.#isOver) return;
          await this.#deal(target);
        } finally {
          turnstile.leave();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, page.targets.length) }, worker));
  }

  /** Counts what has become of it; when the batch operation is halted before it is known, nothing. */
  async #deal(target: BatchTarget): Promise<void> {
    const { entity, work } = this.#options;
    const requestId = requestIdOf(entity, target);
    for (let attempt = 1; ; attempt++) {
      try {
        await work.act(this.#job, target, requestId);
        return this.#count({ ...NO_PROGRESS, completed: 1 });
      } catch (error) {
        // Its state was lost: whoever reads it back does it again.
        if (entity.dropped) return;
        if (error instanceof StatusError && error.code === code.NOT_FOUND) {
          return this.#count({ ...NO_PROGRESS, completed: 1 });
        }
        if (!isWorthAnotherTry(error) || attempt === ATTEMPTS_MAX) return this.#countFailure(target, error);
        await sleep(BACKOFF_MS * 2 ** (attempt - 1), this.#halt.signal);
        if (this.#isOver) return;
      }
    }
  }

  #countFailure(target: BatchTarget, error: unknown): void {
    if (!(error instanceof StatusError)) {
      this.#options.log.error('an operation of a batch failed unexpectedly', { ...this.#identity, ...target, error });
    }
    const message = error instanceof Error ? error.message : String(error);
    const failures = this.#progress.failures.length < FAILURES_MAX ? [{ target, message }] : [];
    this.#count({ completed: 0, failed: 1, failures });
  }

  #count(more: BatchProgress): void {
    this.#progress = addProgress(this.#progress, more);
  }

  #giveUp(error: BatchImpossibleError): void {
    const { host, entity, log } = this.#options;
    log.error('a batch operation has failed', { ...this.#identity, error });
    host.decide(entity, (tx) => failBatch(tx, error.message));
  }

  #tellOfFailures(): void {
    const { failed, failures } = this.#options.entity.state.progress;
    if (failed === 0) return;
    const some = failures.slice(0, 3).map(({ target, message }) => `${target.workflowId}: ${message}`);
    this.#options.log.warn('a batch operation is complete, but not for all', { ...this.#identity, failed, some });
  }

  get #job(): BatchJob {
    const { namespaceId, id, runId, state } = this.#options.entity;
    return { namespaceId, id, runId, state };
  }

  get #identity(): { readonly namespaceId: string; readonly jobId: string } {
    const { namespaceId, id } = this.#options.entity;
    return { namespaceId, jobId: id };
  }
}

/** The workflow is about to close, or the server could not write for a moment. */
function isWorthAnotherTry(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false;
  return error.code === code.UNAVAILABLE || error.code === code.RESOURCE_EXHAUSTED || error.code === code.ABORTED;
}
