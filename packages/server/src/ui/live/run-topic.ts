// One run, as it goes on: its events from where the page is, what it waits for, and its end.
//
// The wait for new events keeps an open run in memory, so that its last transition can be asked for without reading
// anything. A run that has closed may leave the memory: then it is described once more, as it stays, or as gone.

import { WorkflowExecutionStatusNames } from '@perdure/api/enums';
import type { EventStream } from './event-stream.ts';
import { pause } from './pause.ts';
import { persist } from './persist.ts';
import type { Positions } from './positions.ts';
import type { Description, Reads, RunRef } from './reads.ts';
import type { Topic } from './topic.ts';

export interface RunTopicOptions {
  readonly stream: EventStream;
  readonly reads: Reads;
  /** The run itself, not "the current one". */
  readonly run: RunRef;
  /** Of all runs of the stream. */
  readonly positions: Positions;
  readonly afterEventId: number;
  /** As it was a moment ago. */
  readonly described: Description;
  /** Changes with the run, as long as it is in memory. */
  readonly lastTransition: (runId: string) => number | undefined;
}

/** Characters of the events that are sent together, about. */
const BATCH_LENGTH_MAX = 1024 * 1024;
/** Changes that follow each other faster are shown together. */
const DESCRIBE_EVERY_MS = 250;
const EMPTY_PAUSE_MS = 100;

export class RunTopic implements Topic {
  readonly name = 'run';
  readonly #options: RunTopicOptions;
  /** The description that was sent last. */
  #shown = '';
  #described: Promise<unknown> = Promise.resolve();
  /** The stream has ended, or one half of this has failed. */
  #isOver = false;

  constructor(options: RunTopicOptions) {
    this.#options = options;
  }

  get runId(): string {
    return this.#options.run.runId;
  }

  /** Returns when the stream has ended. */
  async follow(): Promise<void> {
    await this.#show(this.#options.described);
    try {
      await Promise.all([this.#followHistory(), this.#followState()]);
    } finally {
      this.#isOver = true;
    }
  }

  async #followHistory(): Promise<void> {
    const { stream, reads, run, positions, afterEventId } = this.#options;
    let nextEventId = afterEventId + 1;
    for (let isEnd = false; !isEnd; ) {
      const read = await persist(stream.signal, () => reads.eventsFrom(nextEventId, run));
      if (read === undefined) return;
      for (const batch of batches(read.events)) {
        nextEventId += batch.length;
        const lastEventId = nextEventId - 1;
        const data = `{"runId":"${run.runId}","events":[${batch.join(',')}]}`;
        await stream.send('history', data, () => positions.reach(run.runId, lastEventId));
      }
      isEnd = read.isEnd;
      // The wait was cut short: the run's state was lost, or the server stops.
      if (!isEnd && read.events.length === 0) await pause(EMPTY_PAUSE_MS, stream.signal);
    }
    // What it has come to is shown before its end.
    const { status } = (await this.#describe()) ?? {};
    if (status !== undefined)
      await stream.send(
        'closed',
        JSON.stringify({
          runId: run.runId,
          status: `WORKFLOW_EXECUTION_STATUS_${WorkflowExecutionStatusNames.name(status)}`,
        }),
      );
  }

  async #followState(): Promise<void> {
    const { stream, run, lastTransition } = this.#options;
    let seen: number | undefined;
    let wasHere = true;
    while (!stream.signal.aborted && !this.#isOver) {
      const now = lastTransition(run.runId);
      const isHere = now !== undefined;
      if (isHere ? now !== seen : wasHere) await this.#describe();
      wasHere = isHere;
      seen = now ?? seen;
      await pause(DESCRIBE_EVERY_MS, stream.signal);
    }
  }

  /** One after the other, so that the newest is shown last. Undefined: the stream has ended. */
  #describe(): Promise<Description | undefined> {
    const { stream, reads, run } = this.#options;
    const described = this.#described.then(async () => {
      const description = await persist(stream.signal, () => reads.describe(run));
      if (description !== undefined) await this.#show(description);
      return description;
    });
    // Whoever has asked hears of the failure.
    this.#described = Promise.allSettled([described]);
    return described;
  }

  async #show({ json }: Description): Promise<void> {
    if (json === this.#shown) return;
    this.#shown = json;
    await this.#options.stream.send('describe', json);
  }
}

export function batches(events: readonly string[], lengthMax = BATCH_LENGTH_MAX): string[][] {
  const all: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const event of events) {
    if (length + event.length > lengthMax) {
      all.push([]);
      length = 0;
    }
    all.at(-1)?.push(event);
    length += event.length;
  }
  return all;
}
