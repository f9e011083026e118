// What keeps batch operations, however many there are, from starving everybody else: few operations begin in one turn of
// the event loop, and few are under way at once, the fewer the more requests there are. For all that is under way
// together is in one commit, for which requests wait as well. Whoever waits longest goes first, so that batch operations
// share what there is.

export interface TurnstileOptions {
  /** Operations that begin in one turn of the event loop. */
  readonly perTurn: number;
  /** Operations under way when nobody else wants anything. */
  readonly inFlightMax: number;
  /** Operations under way beside any number of requests. */
  readonly inFlightMin: number;
  readonly now: () => number;
}

/** Requests are counted for so long. */
const WINDOW_MS = 100;

export class Turnstile {
  readonly #options: TurnstileOptions;
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  #leftInTurn: number;
  #isArmed = false;
  #windowBeganMs = 0;
  /** In this window, and in the one before it. */
  #requests = 0;
  #requestsBefore = 0;

  constructor(options: TurnstileOptions) {
    this.#options = options;
    this.#leftInTurn = options.perTurn;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Somebody else wants something. */
  noteRequest(): void {
    this.#requests++;
  }

  /** Resolves when the operation may begin. Whoever enters leaves. */
  async enter(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#admit();
    });
  }

  leave(): void {
    this.#inFlight--;
    this.#admit();
  }

  #admit(): void {
    const limit = this.#limit();
    while (this.#waiting.length > 0 && this.#inFlight < limit && this.#leftInTurn > 0) {
      this.#leftInTurn--;
      this.#inFlight++;
      this.#waiting.shift()?.();
    }
    this.#nextTurn();
  }

  #limit(): number {
    const { now, inFlightMax, inFlightMin } = this.#options;
    const nowMs = now();
    if (nowMs - this.#windowBeganMs >= WINDOW_MS) {
      this.#windowBeganMs = nowMs;
      this.#requestsBefore = this.#requests;
      this.#requests = 0;
    }
    return Math.max(inFlightMin, inFlightMax - Math.max(this.#requests, this.#requestsBefore));
  }

  /** The next turn begins when the event loop has looked after everybody else. */
  #nextTurn(): void {
    if (this.#isArmed || this.#leftInTurn === this.#options.perTurn) return;
    this.#isArmed = true;
    setImmediate(() => {
      this.#isArmed = false;
      this.#leftInTurn = this.#options.perTurn;
      this.#admit();
    });
  }
}
