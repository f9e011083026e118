// The moments at which runs in memory have something to do: an indexed binary heap of runs by time, and one timer for
// the earliest. A run's place is updated in place, so that nothing stale keeps a closed run alive.

export interface Sleeper {
  /** Place in the heap, -1 when not in it. Owned by Wakeups. */
  heapIndex: number;
  /** Epoch ms. Owned by Wakeups. */
  wakeAtMs: number;
}

/**
 * Longer sleeps are taken in steps: the clock may be set, or the machine may sleep, and timers of the platform know of
 * neither.
 */
const DELAY_MAX_MS = 1000;

export class Wakeups<T extends Sleeper> {
  readonly #heap: T[] = [];
  readonly #now: () => number;
  readonly #wake: (sleeper: T) => void;
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(now: () => number, wake: (sleeper: T) => void) {
    this.#now = now;
    this.#wake = wake;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Wakes the sleeper at this time, instead of any other time set before; undefined: never. */
  set(sleeper: T, atMs: number | undefined): void {
    if (atMs === undefined) {
      this.remove(sleeper);
      return;
    }
    if (sleeper.heapIndex === -1) {
      sleeper.wakeAtMs = atMs;
      sleeper.heapIndex = this.#heap.length;
      this.#heap.push(sleeper);
      this.#up(sleeper.heapIndex);
    } else {
      if (sleeper.wakeAtMs === atMs) return;
      const earlier = atMs < sleeper.wakeAtMs;
      sleeper.wakeAtMs = atMs;
      if (earlier) this.#up(sleeper.heapIndex);
      else this.#down(sleeper.heapIndex);
    }
    this.#arm();
  }

  remove(sleeper: T): void {
    const index = sleeper.heapIndex;
    if (index === -1) return;
    sleeper.heapIndex = -1;
    const last = this.#heap.pop() as T;
    if (last === sleeper) return;
    this.#heap[index] = last;
    last.heapIndex = index;
    this.#up(index);
    this.#down(last.heapIndex);
  }

  clear(): void {
    for (const sleeper of this.#heap) sleeper.heapIndex = -1;
    this.#heap.length = 0;
    this.stop();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
  }

  /** The timer is only ever moved earlier; one that fires for nothing sets itself again. */
  #arm(): void {
    const first = this.#heap[0];
    if (first === undefined || first.wakeAtMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = first.wakeAtMs;
    const delay = Math.min(Math.max(0, Math.ceil(first.wakeAtMs - this.#now())), DELAY_MAX_MS);
    this.#timer = setTimeout(() => this.#ring(), delay);
  }

  #ring(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const now = this.#now();
    for (let first = this.#heap[0]; first !== undefined && first.wakeAtMs <= now; first = this.#heap[0]) {
      this.remove(first);
      this.#wake(first);
    }
    this.#arm();
  }

  #up(start: number): void {
    const heap = this.#heap;
    const sleeper = heap[start] as T;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as T;
      if (above.wakeAtMs <= sleeper.wakeAtMs) break;
      heap[i] = above;
      above.heapIndex = i;
      i = parent;
    }
    heap[i] = sleeper;
    sleeper.heapIndex = i;
  }

  #down(start: number): void {
    const heap = this.#heap;
    const sleeper = heap[start] as T;
    let i = start;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as T).wakeAtMs < (heap[child] as T).wakeAtMs) child++;
      const below = heap[child] as T;
      if (below.wakeAtMs >= sleeper.wakeAtMs) break;
      heap[i] = below;
      below.heapIndex = i;
      i = child;
    }
    heap[i] = sleeper;
    sleeper.heapIndex = i;
  }
}
