/** How far a stream has come with each of its runs, as its client says it when it takes the stream up again. */
export class Positions {
  /** By run id, the last event that was sent. */
  readonly #reached = new Map<string, number>();

  /** @returns the id of what is sent now: where all runs stand with it */
  reach(runId: string, eventId: number): string {
    this.#reached.set(runId, eventId);
    return [...this.#reached].map(([each, reached]) => `${reached}@${each}`).join(',');
  }
}
