// When to stop: the first SIGINT or SIGTERM asks for it, a later one does not wait. Under npm one Ctrl-C arrives twice,
// from the terminal and from npm: what follows at once is the same request.

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** What a shell reports for a process that a signal has ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
/** A second signal within this time is an echo of the first. */
const ECHO_MS = 500;
/** A server that hangs is given up: everything that was acknowledged is on disk already. */
const STOP_WITHIN_MS = 3000;

export class Stop {
  readonly requested: Promise<{ readonly exitCode: number }>;
  readonly #resolve: (stop: { readonly exitCode: number }) => void;
  readonly #onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (!this.#isRequested) this.request(0);
    else if (performance.now() - this.#requestedMs > this.#echoMs) process.exit(EXIT_CODES[signal]);
  };
  #isRequested = false;
  #requestedMs = 0;
  readonly #echoMs: number;

  /** @param echoMs a signal within this time after the first is the same request */
  constructor(echoMs = ECHO_MS) {
    this.#echoMs = echoMs;
    const { promise, resolve } = Promise.withResolvers<{ readonly exitCode: number }>();
    this.requested = promise;
    this.#resolve = resolve;
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  request(exitCode: number): void {
    if (this.#isRequested) return;
    this.#isRequested = true;
    this.#requestedMs = performance.now();
    this.#resolve({ exitCode });
    setTimeout(giveUp, STOP_WITHIN_MS).unref();
  }

  /** Signals have their usual meaning again. */
  forget(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }
}

function giveUp(): void {
  console.error(`Error: the server did not stop within ${STOP_WITHIN_MS} ms and is ended.`);
  process.exit(1);
}
