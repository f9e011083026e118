// A command that cannot be carried out: the whole workflow task fails with this cause, and nothing of it takes effect.

/** Thrown while commands are decided; the caller rolls the transition back. */
export class BadCommand extends Error {
  override readonly name = 'BadCommand';
  /** WorkflowTaskFailedCause */
  override readonly cause: number;
  /** The payload is too large ever to succeed: the workflow is terminated, not retried. */
  readonly terminate: boolean;

  constructor(cause: number, message: string, terminate = false) {
    super(message);
    this.cause = cause;
    this.terminate = terminate;
  }
}
