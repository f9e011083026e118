// Tasks that take turns by their fairness keys, by virtual time: each key has a clock that a task of it moves on by
// 1 / weight, and the key whose clock is earliest is next. So a key with a thousand tasks does not keep one with a
// single task waiting. A key that was away comes back at the present time: nobody saves up turns.

import { Fifo } from './fifo.ts';
import type { TaskRef } from './task.ts';

const WEIGHT_MIN = 0.001;
const WEIGHT_MAX = 1000;
/** Clocks of absent keys that are kept; past it those that are no longer ahead of the present are forgotten. */
const ABSENT_MAX = 1000;

interface Key {
  readonly name: string;
  readonly tasks: Fifo<TaskRef>;
  /** When its next task is due, in virtual time. */
  dueAt: number;
  /** Orders keys that are due at the same time: the one that came first goes first. */
  order: number;
  weight: number;
}

export class FairQueue {
  readonly #keys = new Map<string, Key>();
  /** A binary min-heap of the keys that have tasks. */
  readonly #heap: Key[] = [];
  /** When keys without tasks would be due: they must not come back earlier. */
  readonly #absent = new Map<string, number>();
  readonly #weightOf: (key: string) => number | undefined;
  #now = 0;
  #order = 0;
  #length = 0;

  /** @param weightOf a weight that overrides that of the tasks */
  constructor(weightOf: (key: string) => number | undefined) {
    this.#weightOf = weightOf;
  }

  get length(): number {
    return this.#length;
  }

  push(ref: TaskRef): void {
    const name = ref.priority?.fairnessKey ?? '';
    const key = this.#keys.get(name) ?? this.#enter(name);
    key.weight = ref.priority?.fairnessWeight || 1;
    key.tasks.push(ref);
    this.#length++;
  }

  peek(): TaskRef | undefined {
    return this.#heap[0]?.tasks.peek();
  }

  shift(): TaskRef | undefined {
    const key = this.#heap[0];
    if (key === undefined) return undefined;
    const ref = key.tasks.shift();
    this.#length--;
    this.#now = key.dueAt;
    const weight = this.#weightOf(key.name) ?? key.weight;
    key.dueAt += 1 / Math.min(WEIGHT_MAX, Math.max(WEIGHT_MIN, weight));
    key.order = ++this.#order;
    if (key.tasks.length === 0) this.#leave(key);
    this.#moveDown(0);
    return ref;
  }

  /** Keeps only these. O(n): for what happens rarely. */
  keep(predicate: (ref: TaskRef) => boolean): void {
    const kept: Key[] = [];
    this.#length = 0;
    for (const key of this.#heap) {
      key.tasks.keep(predicate);
      this.#length += key.tasks.length;
      if (key.tasks.length > 0) kept.push(key);
      else this.#keys.delete(key.name);
    }
    // A sorted list is a heap.
    this.#heap.splice(0, this.#heap.length, ...kept.sort((a, b) => (before(a, b) ? -1 : 1)));
  }

  #enter(name: string): Key {
    const dueAt = Math.max(this.#now, this.#absent.get(name) ?? 0);
    this.#absent.delete(name);
    const key: Key = { name, tasks: new Fifo(), dueAt, order: ++this.#order, weight: 1 };
    this.#keys.set(name, key);
    this.#heap.push(key);
    this.#moveUp(this.#heap.length - 1);
    return key;
  }

  /** The first key has no tasks left. */
  #leave(key: Key): void {
    this.#keys.delete(key.name);
    this.#absent.set(key.name, key.dueAt);
    const last = this.#heap.pop();
    if (last !== undefined && last !== key) this.#heap[0] = last;
    if (this.#heap.length === 0 || this.#absent.size > ABSENT_MAX) this.#forget();
  }

  /** When nobody waits, nobody is to be fair to. */
  #forget(): void {
    const nobodyWaits = this.#heap.length === 0;
    for (const [name, dueAt] of this.#absent) if (nobodyWaits || dueAt <= this.#now) this.#absent.delete(name);
  }

  #moveUp(at: number): void {
    let index = at;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, above)) return;
      index = above;
    }
  }

  #moveDown(at: number): void {
    let index = at;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const [a, b] = [this.#heap[left], this.#heap[right]];
      const child = a !== undefined && b !== undefined && before(b, a) ? right : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  /** Swaps two places of the heap if what is in the first is due before what is in the second. */
  #swapIfBefore(first: number, second: number): boolean {
    const [a, b] = [this.#heap[first], this.#heap[second]];
    if (a === undefined || b === undefined || !before(a, b)) return false;
    this.#heap[first] = b;
    this.#heap[second] = a;
    return true;
  }
}

function before(a: Key, b: Key): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);
}
