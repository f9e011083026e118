// When a run must next be looked at. An index over the deadlines in the state, not part of the state: entries may be
// stale (the task finished, the timer was cancelled, the heartbeat moved it later). Whoever takes an entry asks the
// state again; so nothing has to be removed when things change, and adding one costs O(log n). Everything has one
// entry at most: an activity that is retried for a year must not leave one behind for each attempt.

export const DeadlineKind = {
  RUN_TIMEOUT: 1,
  EXECUTION_TIMEOUT: 2,
  FIRST_TASK: 3,
  WORKFLOW_TASK: 4,
  ACTIVITY: 5,
  ACTIVITY_RETRY: 6,
  TIMER: 7,
  CALLBACK: 8,
} as const;
export type DeadlineKind = (typeof DeadlineKind)[keyof typeof DeadlineKind];

export interface Deadline {
  readonly atMs: number;
  readonly kind: DeadlineKind;
  /** The scheduled event id (tasks, activities) or started event id (timers) it belongs to, the callback's number, 0 for the run. */
  readonly eventId: number;
}

/** An entry that knows its place, so that it can be moved forward. */
interface Entry extends Deadline {
  atMs: number;
  index: number;
}

/** A binary min-heap by time; equal times leave in the order of event ids, so that timers fire in the order started. */
export class DeadlineHeap {
  readonly #heap: Entry[] = [];
  readonly #entries = new Map<number, Entry>();

  get size(): number {
    return this.#heap.length;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#entries.clear();
  }

  peek(): Deadline | undefined {
    return this.#heap[0];
  }

  /** A later time than the one it has changes nothing: whoever takes the entry asks the state again. */
  add(atMs: number, kind: DeadlineKind, eventId: number): void {
    const key = keyOf(kind, eventId);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { atMs, kind, eventId, index: this.#heap.length };
      this.#entries.set(key, entry);
      this.#heap.push(entry);
    } else if (atMs < entry.atMs) {
      entry.atMs = atMs;
    } else {
      return;
    }
    this.#moveUp(entry);
  }

  pop(): Deadline | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (top === undefined || last === undefined) return undefined;
    this.#entries.delete(keyOf(top.kind, top.eventId));
    if (last !== top) this.#moveDown(last);
    return top;
  }

  #moveUp(entry: Entry): void {
    const heap = this.#heap;
    let { index } = entry;
    while (index > 0) {
      const above = heap[(index - 1) >> 1] as Entry;
      if (!before(entry, above)) break;
      this.#put(above, index);
      index = (index - 1) >> 1;
    }
    this.#put(entry, index);
  }

  /** From the top, which is free. */
  #moveDown(entry: Entry): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      if (!before(heap[child] as Entry, entry)) break;
      this.#put(heap[child] as Entry, index);
      index = child;
    }
    this.#put(entry, index);
  }

  #put(entry: Entry, index: number): void {
    this.#heap[index] = entry;
    entry.index = index;
  }
}

const KINDS = 16;

function keyOf(kind: DeadlineKind, eventId: number): number {
  return eventId * KINDS + kind;
}

function before(a: Deadline, b: Deadline): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.eventId < b.eventId);
}
