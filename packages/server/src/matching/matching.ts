// Matching: brings tasks and workers together. Queues come into being when first used and go when idle. It never
// decides whether a task may start: it asks the engine, which starts the task durably before the worker hears of it.

import type { MatchingMetrics } from '../telemetry/matching-metrics.ts';
import type { Poller, StartedTask, TaskRef } from './task.ts';
import { POLLER_HISTORY_MS, type PollerInfo, type QueueConfig, TaskQueue } from './task-queue.ts';

export const QueueType = { WORKFLOW: 1, ACTIVITY: 2 } as const;
export type QueueType = (typeof QueueType)[keyof typeof QueueType];

/** A sticky queue that nobody polled for this long is taken to have lost its worker. */
const STICKY_WORKER_GONE_MS = 10_000;
/** A task that comes to a queue that nobody polled for this long is counted. */
const NO_POLLER_MS = 2 * 60_000;

export interface MatchingOptions {
  readonly now: () => number;
  /** Starts the task for the poller. False: the task no longer exists, the poller is still free. */
  readonly start: (ref: TaskRef, poller: Poller) => Promise<boolean>;
  /** False: the task has ended in another way, or its run has. */
  readonly stillWaits: (ref: TaskRef) => boolean;
  /** What is configured for a queue; undefined: nothing. */
  readonly configOf: (namespaceId: string, type: QueueType, name: string) => QueueConfig | undefined;
  readonly metrics: MatchingMetrics;
}

/** A queue, and what it is known by. */
export interface QueueEntry {
  readonly namespaceId: string;
  readonly type: number;
  readonly queue: TaskQueue;
}

export class Matching {
  readonly #queues = new Map<string, TaskQueue>();
  readonly #options: MatchingOptions;
  readonly #startedMs: number;
  readonly #sweep: NodeJS.Timeout;
  readonly metrics: MatchingMetrics;
  #closed = false;

  constructor(options: MatchingOptions) {
    this.#options = options;
    this.metrics = options.metrics;
    this.#startedMs = options.now();
    this.#sweep = setInterval(() => this.tidy(), POLLER_HISTORY_MS);
    this.#sweep.unref();
  }

  queue(namespaceId: string, type: QueueType, name: string): TaskQueue {
    const key = `${namespaceId}\0${type}\0${name}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = new TaskQueue(name, (from, ref, poller) => this.#match(from, ref, poller), this.#options.now);
      const config = this.#options.configOf(namespaceId, type, name);
      if (config !== undefined) queue.configure(config);
      this.#queues.set(key, queue);
    }
    return queue;
  }

  existing(namespaceId: string, type: QueueType, name: string): TaskQueue | undefined {
    return this.#queues.get(`${namespaceId}\0${type}\0${name}`);
  }

  /** A waiting poller of this queue, taken; undefined: nobody waits. */
  reserve(namespaceId: string, type: QueueType, name: string): Poller | undefined {
    return this.existing(namespaceId, type, name)?.reserve();
  }

  /** A task waits for a worker. A sticky one whose worker is gone waits in the normal queue. */
  add(type: QueueType, ref: TaskRef, queues: { readonly sticky?: string | undefined; readonly normal: string }): void {
    const { namespaceId } = ref.run;
    const useSticky = queues.sticky !== undefined && this.isStickyAlive(namespaceId, queues.sticky);
    const name = useSticky ? queues.sticky : queues.normal;
    if (!this.wasPolled(namespaceId, type, name, NO_POLLER_MS)) this.metrics.noPoller(namespaceId, type);
    this.queue(namespaceId, type, name).add(ref);
  }

  /** The poller is given the task: one that was being created when it took it, or one that had waited. */
  deliver(poller: Poller, started: StartedTask, how: 'sync' | 'async'): void {
    this.metrics.matched(started, how, this.#options.now());
    poller.deliver(started);
  }

  isStickyAlive(namespaceId: string, name: string): boolean {
    const queue = this.existing(namespaceId, QueueType.WORKFLOW, name);
    if (queue === undefined || queue.abandoned) return false;
    return queue.hasWaiting || this.#options.now() - queue.lastPollMs < STICKY_WORKER_GONE_MS;
  }

  /** Was the queue polled within this time? A server that has just started gives workers the time to come back. */
  wasPolled(namespaceId: string, type: QueueType, name: string, withinMs: number): boolean {
    const now = this.#options.now();
    const queue = this.existing(namespaceId, type, name);
    const lastPollMs = Math.max(queue?.lastPollMs ?? 0, this.#startedMs);
    return queue?.hasWaiting === true || now - lastPollMs < withinMs;
  }

  pollers(namespaceId: string, type: QueueType, name: string): PollerInfo[] {
    return this.existing(namespaceId, type, name)?.pollers() ?? [];
  }

  /** A worker stops polling its sticky queue: what waits there must not wait for it. */
  abandonSticky(namespaceId: string, name: string): void {
    const queue = this.existing(namespaceId, QueueType.WORKFLOW, name);
    if (queue === undefined) return;
    queue.abandoned = true;
    for (const ref of queue.takeAll()) {
      if (ref.kind !== 'activity') this.queue(namespaceId, QueueType.WORKFLOW, ref.normalQueue).add(ref);
    }
  }

  /** Forgets all waiting tasks: their state was lost, and will be read again. Pollers keep waiting. */
  dropTasks(): void {
    for (const queue of this.#queues.values()) queue.takeAll();
  }

  /** The namespace is deleted: its polls end empty, and nothing waits in its queues. */
  dropNamespace(namespaceId: string): void {
    for (const [key, queue] of this.#queues) {
      if (!key.startsWith(`${namespaceId}\0`)) continue;
      queue.close();
      this.#queues.delete(key);
    }
  }

  /** Polls waiting now, for metrics and tests. */
  get waitingPolls(): number {
    let count = 0;
    for (const queue of this.#queues.values()) count += queue.waitingCount;
    return count;
  }

  /** Ends every poll empty; later polls end at once. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const queue of this.#queues.values()) queue.expireAll();
  }

  get closed(): boolean {
    return this.#closed;
  }

  #match(queue: TaskQueue, ref: TaskRef, poller: Poller): void {
    this.#options.start(ref, poller).then(
      (started) => {
        if (started || poller.cancelled) return;
        if (this.#closed) poller.expire();
        else queue.poll(poller);
      },
      (error: unknown) => poller.fail(error),
    );
  }

  /** Forgets what no longer waits in queues that nobody polls, and the queues themselves. Called now and then. */
  tidy(): void {
    const oldest = this.#options.now() - POLLER_HISTORY_MS;
    for (const [key, queue] of this.#queues) {
      queue.tidy(this.#options.stillWaits);
      if (queue.isIdle && queue.lastPollMs < oldest) this.#queues.delete(key);
    }
  }

  /** All queues that are in memory. */
  *queues(): Generator<QueueEntry> {
    for (const [key, queue] of this.#queues) {
      const [namespaceId = '', type] = key.split('\0', 2);
      yield { namespaceId, type: Number(type), queue };
    }
  }

  /** For tests. */
  get queueCount(): number {
    return this.#queues.size;
  }
}
