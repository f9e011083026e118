// Many calls at once, but not too many.

export class Concurrency {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** @param max so many run at once, at least one */
  constructor(max: number) {
    this.#free = Math.max(1, max);
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  /** In the order of the items. */
  map<Item, T>(items: readonly Item[], work: (item: Item) => Promise<T>): Promise<T[]> {
    return Promise.all(items.map((item) => this.run(() => work(item))));
  }
}
