// Lets a few in at a time: of very many that are due in the same second, each gets its share of the event loop, and the
// rest of the process keeps its own.

export class Gate {
  readonly #atATime: number;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];
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

  /** Whoever comes next takes the place. */
  #leave(): void {
    const next = this.#waiting[this.#first];
    if (next === undefined) {
      this.#inside--;
      return;
    }
    this.#first++;
    if (this.#first === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#first = 0;
    }
    next();
  }
}
