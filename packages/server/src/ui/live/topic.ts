/** What a stream is about: a run, or a list. */
export interface Topic {
  readonly name: 'run' | 'list';
  /** Of a run. */
  readonly runId?: string;
  /** Returns when there is nothing more to tell, or the stream has ended. @throws what will not pass */
  follow(): Promise<void>;
}
