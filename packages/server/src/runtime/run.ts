// A run in memory: its state, the newest part of its history, and who waits for it. Everything here can be dropped and
// read back from the journal, except waiters, queries and updates that nobody has accepted, whose clients would have to
// ask again.

import {
  isActivityReady,
  isPaused,
  isRunning,
  isTaskWaiting,
  newWorkflowState,
  nextDeadline,
  type WorkflowState,
} from '@perdure/core';
import type { RunKey } from '@perdure/store';
import { HistoryTail } from './history-tail.ts';
import type { QueryRegistry } from './query-registry.ts';
import type { UpdateRegistry } from './update-registry.ts';
import type { Sleeper } from './wakeups.ts';

/** What an empty run costs in memory, about. */
const RUN_BYTES = 3000;
/** What a pending activity, timer, child or message costs, about. */
const PENDING_BYTES = 600;
/** What it costs to know that a signal has been here. */
const SIGNAL_BYTES = 150;
/** What it costs to know where the outcome of an update is. */
const UPDATE_BYTES = 250;

export class Run implements Sleeper {
  readonly key: RunKey;
  readonly state: WorkflowState;
  readonly history = new HistoryTail();
  /** Of the last transition decided. */
  seq = 0;
  /** Id after the last event that is durable: only those may be shown. */
  committedNextEventId = 1;
  /** Its closing event is durable: no event will follow `committedNextEventId`. */
  closedDurably = false;
  /** Resolves when all that was decided so far is durable; undefined: it is. */
  lastCommit: Promise<void> | undefined;
  pendingCommits = 0;
  /** The wake-up time in the store, a lower bound; Infinity: none. */
  storedWakeMs = Number.POSITIVE_INFINITY;
  heapIndex = -1;
  wakeAtMs = 0;
  /** Bytes counted for the cache's bound. */
  cachedBytes = 0;
  /** Its removal is decided: nothing may be decided on it any more. */
  isLeaving = false;
  /** Its state was lost with a failed commit: whoever holds it must look it up again. */
  dropped = false;
  /** A decision on it is being made, further up the stack. */
  deciding = false;
  /** Messages of its outbox that are on their way. */
  readonly delivering = new Set<number>();
  /** Completion callbacks whose requests wait or are under way. */
  readonly calling = new Set<number>();
  queries: QueryRegistry | undefined;
  updates: UpdateRegistry | undefined;
  /** It has closed, and goes on as another run. */
  continues = false;
  readonly #waiters = new Set<() => void>();

  constructor(key: RunKey, namespaceId: string, workflowId: string, runId: string) {
    this.key = key;
    this.state = newWorkflowState(namespaceId, workflowId, runId);
  }

  get ref(): { namespaceId: string; workflowId: string; runId: string } {
    const { namespaceId, workflowId, runId } = this.state;
    return { namespaceId, workflowId, runId };
  }

  get isOpen(): boolean {
    return isRunning(this.state);
  }

  /** Nothing but its journal would be lost if it left the memory now. */
  isEvictable(nowMs: number): boolean {
    if (this.pendingCommits > 0 || this.#waiters.size > 0) return false;
    if (this.queries?.isEmpty === false || this.updates?.isEmpty === false) return false;
    if (this.hasMessages || this.hasCallbacks) return false;
    // What is due is about to be woken.
    return !this.hasWaitingTask(nowMs) && (nextDeadline(this.state) ?? Number.POSITIVE_INFINITY) > nowMs;
  }

  /** A task waits for a worker: the run stays, so that its timeouts keep running. O(pending activities). */
  hasWaitingTask(nowMs: number): boolean {
    if (isPaused(this.state)) return false;
    if (isTaskWaiting(this.state)) return true;
    for (const activity of this.state.activities.values()) if (isActivityReady(activity, nowMs)) return true;
    return false;
  }

  /** Requests to completion callbacks are to be made now, or under way. */
  get hasCallbacks(): boolean {
    return this.state.scheduledCallbackCount > 0;
  }

  /** It has something to tell other runs: it stays until they have heard it. */
  get hasMessages(): boolean {
    return this.state.outbox.size > 0;
  }

  get bytes(): number {
    const { activities, timers, children, outbox, callbacks, signalCount, updates, bufferedBytes } = this.state;
    const pending = (activities.size + timers.size + children.size + outbox.size + callbacks.size) * PENDING_BYTES;
    const known = signalCount * SIGNAL_BYTES + updates.size * UPDATE_BYTES + (this.updates?.bytes ?? 0);
    return RUN_BYTES + this.history.bytes + pending + known + bufferedBytes;
  }

  /**
   * When it has something to do; `-Infinity`: a task waits for a worker, or a message for its receiver, so after a
   * restart it must be read at once; undefined: nothing until someone calls.
   */
  nextWakeMs(): number | undefined {
    const waits = isTaskWaiting(this.state) || this.hasMessages || this.hasCallbacks;
    return waits ? Number.NEGATIVE_INFINITY : nextDeadline(this.state);
  }

  /** Called once after the next commit that adds events or closes the run, or when the run is dropped. */
  addWaiter(waiter: () => void): void {
    this.#waiters.add(waiter);
  }

  removeWaiter(waiter: () => void): void {
    this.#waiters.delete(waiter);
  }

  notifyWaiters(): void {
    if (this.#waiters.size === 0) return;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter();
  }
}
