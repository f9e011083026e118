// Decides when the log is copied into the database file, and keeps that work away from the commits.
//
// A checkpoint writes scattered pages and waits for the disk. So another thread does it while the writer goes on; the
// writer then copies the little that has come since, which lets the log start again from its beginning. Without that
// last step a busy log would never be caught up with, and would grow for ever.

/** Copies what is in the log as far as that is possible now. */
type Checkpoint = () => Promise<void>;

/** By estimate. A log twice as long saves few page writes and takes twice as long to copy. */
const logBytesMax = 8 << 20;
/** A write changes a page of the table, and often pages of indexes. */
const bytesPerWrite = 2 * 4096;

export class Checkpoints {
  readonly #inBackground: Checkpoint;
  readonly #byWriter: Checkpoint;
  #logBytes = 0;
  #isRunning = false;

  constructor(inBackground: Checkpoint, byWriter: Checkpoint) {
    this.#inBackground = inBackground;
    this.#byWriter = byWriter;
  }

  /** To be called with every commit. */
  note(writeCount: number, bytes: number): void {
    this.#logBytes += bytes + writeCount * bytesPerWrite;
    if (this.#logBytes < logBytesMax || this.#isRunning) return;
    this.#isRunning = true;
    this.#logBytes = 0;
    const done = (): void => {
      this.#isRunning = false;
    };
    // When the disk does not let it, nothing is lost: what is acknowledged is in the log, and a later checkpoint takes it
    // over. Should the fault last, or a thread have ended, commits say so themselves.
    this.#inBackground().then(this.#byWriter).then(done, done);
  }
}
