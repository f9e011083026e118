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
  /** Made with the first entry: most runs never have one. */
  #map: Map<K, V> | undefined;
  #bytes = 0;
  readonly #log: UndoLog;
  readonly #sizeOf: (value: V) => number;

  /** @param sizeOf bytes of a value, about */
  constructor(log: UndoLog, sizeOf: (value: V) => number) {
    this.#log = log;
    this.#sizeOf = sizeOf;
  }

  /** Of all values. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#map?.size ?? 0;
  }

  get(key: K): V | undefined {
    return this.#map?.get(key);
  }

  has(key: K): boolean {
    return this.#map?.has(key) ?? false;
  }

  set(key: K, value: V): void {
    this.#map ??= new Map();
    const map = this.#map;
    const before = map.get(key);
    if (this.#log.active) {
      const bytes = this.#bytes;
      this.#log.push(() => {
        if (before === undefined) map.delete(key);
        else map.set(key, before);
        this.#bytes = bytes;
      });
    }
    map.set(key, value);
    this.#bytes += this.#sizeOf(value) - (before === undefined ? 0 : this.#sizeOf(before));
  }

  delete(key: K): void {
    const map = this.#map;
    const before = map?.get(key);
    if (map === undefined || before === undefined) return;
    if (this.#log.active) {
      const bytes = this.#bytes;
      this.#log.push(() => {
        map.set(key, before);
        this.#bytes = bytes;
      });
    }
    map.delete(key);
    this.#bytes -= this.#sizeOf(before);
  }

  clear(): void {
    const before = this.#map;
    if (before === undefined) return;
    if (this.#log.active) {
      const bytes = this.#bytes;
      this.#log.push(() => {
        this.#map = before;
        this.#bytes = bytes;
      });
    }
    this.#map = undefined;
    this.#bytes = 0;
  }

  values(): Iterable<V> {
    return this.#map?.values() ?? [];
  }

  keys(): Iterable<K> {
    return this.#map?.keys() ?? [];
  }

  entries(): Iterable<readonly [K, V]> {
    return this.#map ?? [];
  }
}

export class TrackedSet<K> {
  #set: Set<K> | undefined;
  readonly #log: UndoLog;

  constructor(log: UndoLog) {
    this.#log = log;
  }

  get size(): number {
    return this.#set?.size ?? 0;
  }

  has(key: K): boolean {
    return this.#set?.has(key) ?? false;
  }

  add(key: K): void {
    this.#set ??= new Set();
    const set = this.#set;
    if (set.has(key)) return;
    if (this.#log.active) this.#log.push(() => set.delete(key));
    set.add(key);
  }

  delete(key: K): void {
    const set = this.#set;
    if (set === undefined || !set.has(key)) return;
    if (this.#log.active) this.#log.push(() => set.add(key));
    set.delete(key);
  }

  clear(): void {
    const before = this.#set;
    if (before === undefined) return;
    if (this.#log.active) {
      this.#log.push(() => {
        this.#set = before;
      });
    }
    this.#set = undefined;
  }

  values(): Iterable<K> {
    return this.#set?.values() ?? [];
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
