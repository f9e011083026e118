// Makes the requests of completion callbacks (core/workflow/callbacks.ts): after the close of the run is durable, a few
// at a time for each destination, so that one that hangs does not hold up the others. What came of a request is recorded
// in the run; a crash before that makes the request again. A run whose callbacks wait stays in memory.

import { Callback } from '@perdure/api/common';
import { type CallbackAnswer, type CompletionCallback, recordCallbackAttempt, scheduledCallbacks } from '@perdure/core';
import type { Engine } from './engine.ts';
import type { Run } from './run.ts';

/** Makes one request. Does not reject: what goes wrong is an answer. */
export type SendCallback = (run: Run, callback: CompletionCallback, signal: AbortSignal) => Promise<CallbackAnswer>;

/** Requests under way at a time, in all and to one destination. */
const REQUESTS_MAX = 100;
const REQUESTS_PER_DESTINATION_MAX = 10;

interface Job {
  readonly run: Run;
  readonly callback: CompletionCallback;
  readonly destination: string;
}

export class CallbackSender {
  readonly #engine: Pick<Engine, 'settled' | 'transact' | 'log'>;
  readonly #send: SendCallback;
  /** Requests that wait, by destination. */
  readonly #waiting = new Map<string, Job[]>();
  readonly #active = new Map<string, number>();
  readonly #stopping = new AbortController();
  #activeCount = 0;

  constructor(engine: Pick<Engine, 'settled' | 'transact' | 'log'>, send: SendCallback) {
    this.#engine = engine;
    this.#send = send;
  }

  /** The run has callbacks whose requests are to be made. */
  attend(run: Run): void {
    if (this.#stopping.signal.aborted) return;
    for (const callback of scheduledCallbacks(run.state)) {
      if (run.calling.has(callback.id)) continue;
      run.calling.add(callback.id);
      const destination = destinationOf(callback);
      const jobs = this.#waiting.get(destination) ?? [];
      jobs.push({ run, callback, destination });
      this.#waiting.set(destination, jobs);
    }
    this.#beginSome();
  }

  /** Requests under way are given up: they are made again after the next start. */
  stop(): void {
    this.#stopping.abort();
    this.#waiting.clear();
  }

  #beginSome(): void {
    for (const [destination, jobs] of this.#waiting) {
      while (this.#hasRoom(destination)) {
        const job = jobs.shift();
        if (job === undefined) break;
        this.#begin(job);
      }
      if (jobs.length === 0) this.#waiting.delete(destination);
    }
  }

  #hasRoom(destination: string): boolean {
    return this.#activeCount < REQUESTS_MAX && (this.#active.get(destination) ?? 0) < REQUESTS_PER_DESTINATION_MAX;
  }

  #begin(job: Job): void {
    const { run, callback } = job;
    this.#count(job.destination, 1);
    this.#carryOut(job).then(
      () => {
        this.#end(job);
        // Its back-off may have ended before this was durable.
        if (!run.dropped && run.state.callbacks.get(callback.id) !== callback) this.attend(run);
      },
      (error: unknown) => {
        this.#end(job);
        // If a commit failed the run is read back, with its callbacks.
        if (run.dropped || this.#stopping.signal.aborted) return;
        this.#engine.log.error('a completion callback could not be recorded', { ...run.ref, id: callback.id, error });
      },
    );
  }

  #end({ run, callback, destination }: Job): void {
    this.#count(destination, -1);
    run.calling.delete(callback.id);
    this.#beginSome();
  }

  async #carryOut({ run, callback }: Job): Promise<void> {
    const { signal } = this.#stopping;
    await this.#engine.settled(run);
    if (run.dropped || signal.aborted) return;
    const answer = await this.#send(run, callback, signal);
    if (run.dropped || signal.aborted) return;
    await this.#engine.transact(run, (tx) => recordCallbackAttempt(tx, callback.id, answer));
    if (answer.problem === undefined) return;
    const { problem, isRetryable } = answer;
    this.#engine.log.warn('a completion callback failed', { ...run.ref, id: callback.id, problem, isRetryable });
  }

  #count(destination: string, change: number): void {
    this.#activeCount += change;
    const active = (this.#active.get(destination) ?? 0) + change;
    if (active === 0) this.#active.delete(destination);
    else this.#active.set(destination, active);
  }
}

/** Scheme, host and port. */
function destinationOf({ callback }: CompletionCallback): string {
  return new URL(Callback.decode(callback).nexus?.url ?? '').origin;
}
