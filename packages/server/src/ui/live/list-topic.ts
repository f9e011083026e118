// The first page of a list, and how many there are of each status, as they change. What is shown is made again only when
// something in the namespace has changed, one after the other, and not so often that it takes much of the server's time.

import type { EventStream } from './event-stream.ts';
import { pause } from './pause.ts';
import { persist } from './persist.ts';
import type { Reads } from './reads.ts';
import type { Topic } from './topic.ts';

export interface ListTopicOptions {
  readonly stream: EventStream;
  readonly reads: Reads;
  readonly query: string;
  readonly pageSize: number;
  /** The first page, as it was a moment ago. */
  readonly page: ReadonlyMap<string, string>;
  /** The filter of what is counted; undefined: nothing is. */
  readonly counted: string | undefined;
  /** A number that changes with the namespace. */
  readonly changes: () => number;
  /** That number, before the page was read. */
  readonly changesBefore: number;
}

/** Changes that follow each other faster are shown together. */
const EVERY_MS = 1000;
/** A query that takes long is made so much less often. */
const REST_RATIO = 10;

export class ListTopic implements Topic {
  readonly name = 'list';
  readonly #options: ListTopicOptions;
  #page: ReadonlyMap<string, string> = new Map();
  #counts = '';

  constructor(options: ListTopicOptions) {
    this.#options = options;
  }

  /** Returns when the stream has ended. */
  async follow(): Promise<void> {
    const { stream, reads, query, pageSize, changes, changesBefore } = this.#options;
    await this.#showPage(this.#options.page, true);
    let costMs = await this.#timed(() => this.#count());
    let seen = changesBefore;
    while (!stream.signal.aborted) {
      await pause(Math.max(EVERY_MS, REST_RATIO * costMs), stream.signal);
      const now = changes();
      if (now === seen) continue;
      seen = now;
      costMs = await this.#timed(async () => {
        const page = await persist(stream.signal, () => reads.list(query, pageSize));
        if (page !== undefined) await this.#showPage(page, false);
        await this.#count();
      });
    }
  }

  async #showPage(page: ReadonlyMap<string, string>, isFirst: boolean): Promise<void> {
    const before = this.#page;
    this.#page = page;
    const changed = [...page].filter(([runId, json]) => before.get(runId) !== json).map(([, json]) => json);
    const order = [...page.keys()];
    const isSameOrder = order.length === before.size && [...before.keys()].every((runId, at) => runId === order[at]);
    if (!isFirst && changed.length === 0 && isSameOrder) return;
    const removed = [...before.keys()].filter((runId) => !page.has(runId));
    const parts = [
      ...(isFirst ? ['"full":true'] : []),
      `"changed":[${changed.join(',')}]`,
      `"removed":${JSON.stringify(removed)}`,
      ...(isSameOrder && !isFirst ? [] : [`"order":${JSON.stringify(order)}`]),
    ];
    await this.#options.stream.send('list', `{${parts.join(',')}}`);
  }

  async #count(): Promise<void> {
    const { stream, reads, counted } = this.#options;
    if (counted === undefined) return;
    const counts = await persist(stream.signal, () => reads.countByStatus(counted));
    if (counts === undefined || counts === this.#counts) return;
    this.#counts = counts;
    await stream.send('counts', counts);
  }

  async #timed(work: () => Promise<void>): Promise<number> {
    const startedMs = performance.now();
    await work();
    return performance.now() - startedMs;
  }
}
