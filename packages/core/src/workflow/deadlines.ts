// When a run must next be looked at. An index over the deadlines in the state, not part of the state: entries may be
// stale (the task finished, the timer was cancelled, the heartbeat moved it later). Whoever takes an entry asks the
// state again; so nothing has to be removed when things change, and adding one costs O(log n). What has an entry gets
// another only for an earlier time: an activity that is retried for a year must not leave one behind for each attempt.

export const DeadlineKind = {
  RUN_TIMEOUT: 1,
  EXECUTION_TIMEOUT: 2,
  FIRST_TASK: 3,
  WORKFLOW_TASK: 4,
  ACTIVITY: 5,
  ACTIVITY_RETRY: 6,
  TIMER: 7,
} as const;
export type DeadlineKind = (typeof DeadlineKind)[keyof typeof DeadlineKind];

export interface Deadline {
  readonly atMs: number;
  readonly kind: DeadlineKind;
  /** The scheduled event id (tasks, activities) or started event id (timers) it belongs to, 0 for the run. */
  readonly eventId: number;
}

/** A binary min-heap by time; equal times leave in the order of event ids, so that timers fire in the order started. */
export class DeadlineHeap {
  readonly #heap: Deadline[] = [];
  /** The earliest entry of each thing that has one. */
  readonly #earliest = new Map<number, number>();

  get size(): number {
    return this.#heap.length;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#earliest.clear();
  }

  peek(): Deadline | undefined {
    return this.#heap[0];
  }

  add(atMs: number, kind: DeadlineKind, eventId: number): void {
    const key = keyOf(kind, eventId);
    const indexedMs = this.#earliest.get(key);
    if (indexedMs !== undefined && indexedMs <= atMs) return;
    this.#earliest.set(key, atMs);
    const heap = this.#heap;
    const entry: Deadline = { atMs, kind, eventId };
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Deadline;
      if (!before(entry, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  pop(): Deadline | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top !== undefined) this.#forget(top);
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Deadline, heap[child] as Deadline)) child++;
      if (!before(heap[child] as Deadline, last)) break;
      heap[i] = heap[child] as Deadline;
      i = child;
    }
    heap[i] = last;
    return top;
  }

  #forget({ atMs, kind, eventId }: Deadline): void {
    const key = keyOf(kind, eventId);
    if (this.#earliest.get(key) === atMs) this.#earliest.delete(key);
  }
}

const KINDS = 8;

function keyOf(kind: DeadlineKind, eventId: number): number {
  return eventId * KINDS + kind;
}

function before(a: Deadline, b: Deadline): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.eventId < b.eventId);
}
