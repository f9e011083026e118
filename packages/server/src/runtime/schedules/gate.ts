// Lets a few in at a time: of very many that are due in the same second, each gets its share of the event loop, and the
// rest of the process keeps its own.

export class Gate {
  readonly #atATime: number;
  #inside = 0;
  #waiting: (() => void)[] = [];
  /** Of those that wait, the first that has not been let in. */
  #first = 0;

  constructor(atATime: number) {
    this.#atATime = atATime;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#atATime) this.#inside++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Places that are kept for those who wait or have waited: of the order of those who wait. */
  get places(): number {
    return this.#waiting.length;
  }

  /** Whoever comes next takes the place. */
  #leave(): void {
    const next = this.#waiting[this.#first];
    if (next === undefined) {
      this.#inside--;
      return;
    }
    this.#first++;
    // There may always be somebody who waits.
    if (this.#first * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    next();
  }
}
