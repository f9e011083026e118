// A list that is kept in order while things come in. What comes at the end, as nearly everything does, costs no more
// than that; what belongs further up is gathered and merged in when somebody looks. Nothing is ever sorted again.

/** A list by key. */
export class Ordered<Item> {
  readonly #keyOf: (item: Item) => number;
  #items: Item[] = [];
  #lastKey = Number.NEGATIVE_INFINITY;
  readonly #late = new Set<Item>();
  readonly #moved = new Set<Item>();

  /** @param keyOf of no two items the same */
  constructor(keyOf: (item: Item) => number) {
    this.#keyOf = keyOf;
  }

  add(item: Item): void {
    const key = this.#keyOf(item);
    if (key < this.#lastKey) {
      this.#late.add(item);
      return;
    }
    this.#items.push(item);
    this.#lastKey = key;
  }

  /** To be told of an item in the list whose key has become smaller. */
  moved(item: Item): void {
    if (this.#late.has(item)) return;
    this.#late.add(item);
    this.#moved.add(item);
  }

  /** By key. To be copied by whoever keeps it: it grows. */
  get items(): readonly Item[] {
    if (this.#late.size > 0) this.#merge();
    return this.#items;
  }

  #merge(): void {
    const late = [...this.#late].sort((a, b) => this.#keyOf(a) - this.#keyOf(b));
    const staying = this.#moved.size === 0 ? this.#items : this.#items.filter((item) => !this.#moved.has(item));
    this.#items = merged(staying, late, this.#keyOf);
    const last = this.#items.at(-1);
    this.#lastKey = last === undefined ? Number.NEGATIVE_INFINITY : this.#keyOf(last);
    this.#late.clear();
    this.#moved.clear();
  }
}

function merged<Item>(a: readonly Item[], b: readonly Item[], keyOf: (item: Item) => number): Item[] {
  const all: Item[] = [];
  let next = 0;
  for (const item of b) {
    const key = keyOf(item);
    for (let other = a[next]; other !== undefined && keyOf(other) < key; other = a[next]) {
      all.push(other);
      next += 1;
    }
    all.push(item);
  }
  return all.concat(a.slice(next));
}
