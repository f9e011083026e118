// Collections whose changes can be taken back. A transition records every change in one log; if it fails half-way
// (a bad command, an assertion) the log is run backwards and the state is as it was. Values are immutable: a change
// replaces them. Nothing here knows workflows.

/** Undo steps of the transition under way, in order. */
export class UndoLog {
  readonly #steps: (() => void)[] = [];
  #active = false;

  begin(): void {
    this.#active = true;
    this.#steps.length = 0;
  }

  get active(): boolean {
    return this.#active;
  }

  push(step: () => void): void {
    this.#steps.push(step);
  }

  /** Keeps the changes. */
  commit(): void {
    this.#active = false;
    this.#steps.length = 0;
  }

  /** Takes the changes back, newest first. */
  rollback(): void {
    this.#active = false;
    for (let i = this.#steps.length - 1; i >= 0; i--) this.#steps[i]?.();
    this.#steps.length = 0;
  }
}

export class TrackedMap<K, V> {
  #map = new Map<K, V>();
  readonly #log: UndoLog;

  constructor(log: UndoLog) {
    this.#log = log;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  set(key: K, value: V): void {
    if (this.#log.active) {
      const before = this.#map.get(key);
      this.#log.push(before === undefined ? () => this.#map.delete(key) : () => this.#map.set(key, before));
    }
    this.#map.set(key, value);
  }

  delete(key: K): void {
    const before = this.#map.get(key);
    if (before === undefined) return;
    if (this.#log.active) this.#log.push(() => this.#map.set(key, before));
    this.#map.delete(key);
  }

  clear(): void {
    const before = this.#map;
    if (this.#log.active) {
      this.#log.push(() => {
        this.#map = before;
      });
    }
    this.#map = new Map();
  }

  values(): IterableIterator<V> {
    return this.#map.values();
  }

  keys(): IterableIterator<K> {
    return this.#map.keys();
  }
}

export class TrackedSet<K> {
  #set = new Set<K>();
  readonly #log: UndoLog;

  constructor(log: UndoLog) {
    this.#log = log;
  }

  get size(): number {
    return this.#set.size;
  }

  has(key: K): boolean {
    return this.#set.has(key);
  }

  add(key: K): void {
    if (this.#set.has(key)) return;
    if (this.#log.active) this.#log.push(() => this.#set.delete(key));
    this.#set.add(key);
  }

  clear(): void {
    const before = this.#set;
    if (this.#log.active) {
      this.#log.push(() => {
        this.#set = before;
      });
    }
    this.#set = new Set();
  }

  values(): IterableIterator<K> {
    return this.#set.values();
  }
}

export class TrackedList<V> {
  #items: V[] = [];
  readonly #log: UndoLog;

  constructor(log: UndoLog) {
    this.#log = log;
  }

  get length(): number {
    return this.#items.length;
  }

  get items(): readonly V[] {
    return this.#items;
  }

  push(value: V): void {
    if (this.#log.active) {
      const list = this.#items;
      this.#log.push(() => list.pop());
    }
    this.#items.push(value);
  }

  replace(items: V[]): void {
    if (this.#log.active) {
      const before = this.#items;
      this.#log.push(() => {
        this.#items = before;
      });
    }
    this.#items = items;
  }
}
