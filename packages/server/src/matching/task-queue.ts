// One task queue: pollers that wait, or tasks that wait, never both for longer than a rate limit makes them. A cache:
// what waits is written in the runs; after a restart the queues fill again from there.

import { Backlog, type LevelStats } from './backlog.ts';
import { RateLimit } from './rate-limit.ts';
import type { Poller, TaskRef } from './task.ts';

export interface PollerInfo {
  readonly identity: string;
  lastAccessMs: number;
  ratePerSecond: number;
}

/** What operators set for a queue: stronger than what its workers say. */
export interface QueueConfig {
  readonly tasksPerSecond: number | undefined;
  /** Weights of fairness keys, instead of those that the tasks have. */
  readonly fairnessWeights: ReadonlyMap<string, number>;
}

/** Pollers not seen for this long are forgotten. */
export const POLLER_HISTORY_MS = 5 * 60_000;

export class TaskQueue {
  readonly name: string;
  readonly #waiting = new Set<Poller>();
  readonly #backlog = new Backlog((key) => this.#weights.get(key));
  #weights: ReadonlyMap<string, number> = new Map();
  readonly #pollers = new Map<string, PollerInfo>();
  readonly #match: (queue: TaskQueue, ref: TaskRef, poller: Poller) => void;
  readonly #now: () => number;
  #rateLimit: RateLimit | undefined;
  /** As the last worker said that said any. */
  #workerRate: number | undefined;
  #configuredRate: number | undefined;
  #drain: NodeJS.Timeout | undefined;
  lastPollMs = 0;
  /** Of one worker: it was polled as a sticky queue. */
  sticky = false;
  #closed = false;
  /** A worker has said that it will not poll this (sticky) queue again. */
  abandoned = false;

  constructor(name: string, match: (queue: TaskQueue, ref: TaskRef, poller: Poller) => void, now: () => number) {
    this.name = name;
    this.#match = match;
    this.#now = now;
  }

  get backlogCount(): number {
    return this.#backlog.length;
  }

  /** Since when the task has waited that is next in its level, epoch ms; undefined: none waits. */
  get oldestMs(): number | undefined {
    if (this.#backlog.length === 0) return undefined;
    return Math.min(...[...this.stats().values()].map(({ oldestMs = Number.POSITIVE_INFINITY }) => oldestMs));
  }

  /** What waits, by priority level. */
  stats(): ReadonlyMap<number, LevelStats> {
    return this.#backlog.stats();
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#backlog.length === 0;
  }

  /** Somebody polls: remembered for DescribeTaskQueue and for the fallback of sticky queues. */
  notePoll(identity: string, ratePerSecond: number | undefined): void {
    const now = this.#now();
    this.lastPollMs = now;
    this.abandoned = false;
    const info = this.#pollers.get(identity);
    if (info === undefined)
      this.#pollers.set(identity, { identity, lastAccessMs: now, ratePerSecond: ratePerSecond ?? 0 });
    else {
      info.lastAccessMs = now;
      info.ratePerSecond = ratePerSecond ?? info.ratePerSecond;
    }
    if (ratePerSecond === undefined) return;
    this.#workerRate = ratePerSecond;
    this.#obeyRate(now);
  }

  configure(config: QueueConfig): void {
    this.#weights = config.fairnessWeights;
    this.#configuredRate = config.tasksPerSecond;
    this.#obeyRate(this.#now());
    this.#drainBacklog();
  }

  /** The rate that holds, and whether it was configured; undefined: there is no limit. */
  get rate(): { readonly perSecond: number; readonly configured: boolean } | undefined {
    if (this.#rateLimit === undefined) return undefined;
    return { perSecond: this.#rateLimit.perSecond, configured: this.#configuredRate !== undefined };
  }

  /** The last one to say a rate is obeyed. Less than nothing is nothing; what is no number is no limit. */
  #obeyRate(nowMs: number): void {
    const perSecond = Math.max(0, this.#configuredRate ?? this.#workerRate ?? Number.POSITIVE_INFINITY);
    if (perSecond === this.#rateLimit?.perSecond) return;
    this.#rateLimit = Number.isFinite(perSecond) ? new RateLimit(perSecond, nowMs) : undefined;
    clearTimeout(this.#drain);
    this.#drain = undefined;
  }

  pollers(): PollerInfo[] {
    this.#forgetPollers();
    return [...this.#pollers.values()];
  }

  #forgetPollers(): void {
    const oldest = this.#now() - POLLER_HISTORY_MS;
    for (const [identity, info] of this.#pollers) if (info.lastAccessMs < oldest) this.#pollers.delete(identity);
  }

  /** Drops what is of no use any more: tasks that no longer wait, and pollers that have not come back. */
  tidy(stillWaits: (ref: TaskRef) => boolean): void {
    this.#backlog.keep(stillWaits);
    this.#forgetPollers();
  }

  /** Gives the poller the next task, or lets it wait. */
  poll(poller: Poller): void {
    if (poller.cancelled) return;
    if (this.#closed) {
      poller.expire();
      return;
    }
    this.sticky ||= poller.sticky;
    this.#waiting.add(poller);
    this.#drainBacklog();
  }

  /** A poller gives up. False: it does not wait here, it is being given a task. */
  removePoller(poller: Poller): boolean {
    return this.#waiting.delete(poller);
  }

  /** A waiting poller for a task that is being created right now; it no longer waits. */
  reserve(): Poller | undefined {
    if (this.#backlog.length > 0) return undefined;
    return this.#takePoller();
  }

  add(ref: TaskRef): void {
    this.#backlog.push(ref);
    this.#drainBacklog();
  }

  /** Takes all waiting tasks away (a sticky queue whose worker is gone). */
  takeAll(): TaskRef[] {
    return this.#backlog.takeAll();
  }

  /** For good: also a poll that is just being given a task, if that turns out to be gone, ends empty. */
  close(): void {
    this.#closed = true;
    this.takeAll();
    this.expireAll();
  }

  /** Ends every poll empty. */
  expireAll(): void {
    clearTimeout(this.#drain);
    const pollers = [...this.#waiting];
    this.#waiting.clear();
    for (const poller of pollers) poller.expire();
  }

  #drainBacklog(): void {
    while (this.#backlog.length > 0) {
      const poller = this.#takePoller();
      if (poller === undefined) return;
      this.#match(this, this.#backlog.shift() as TaskRef, poller);
    }
  }

  #takePoller(): Poller | undefined {
    const [poller] = this.#waiting;
    if (poller === undefined) return undefined;
    if (this.#rateLimit !== undefined && !this.#rateLimit.take(this.#now())) {
      this.#drainLater(this.#rateLimit);
      return undefined;
    }
    this.#waiting.delete(poller);
    return poller;
  }

  #drainLater(limit: RateLimit): void {
    if (this.#drain !== undefined) return;
    const waitMs = limit.waitMs(this.#now());
    if (!Number.isFinite(waitMs)) return;
    this.#drain = setTimeout(() => {
      this.#drain = undefined;
      this.#drainBacklog();
    }, Math.ceil(waitMs));
    this.#drain.unref();
  }
}
