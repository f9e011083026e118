// What the exit code of the command says, and errors that choose it.

export const exitCode = {
  OK: 0,
  FAILED: 1,
  /** The command line is wrong. */
  USAGE: 2,
  NOT_FOUND: 3,
  /** The workflow, activity or batch job that was waited for did not complete. */
  WORKFLOW_FAILED: 4,
  TIMEOUT: 5,
  DENIED: 6,
  /** Ctrl-C: 128 and the number of the signal. */
  INTERRUPTED: 130,
} as const;

/** Something that the command itself found. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;
  /** The same for programs, under `error.details`. */
  readonly details: unknown;

  constructor(message: string, exit: number, details?: unknown) {
    super(message);
    this.exitCode = exit;
    this.details = details;
  }
}
