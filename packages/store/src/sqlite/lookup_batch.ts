// Gathers the look-ups that different callers make in one turn of the event loop into one round trip.
import type { RunLookup, RunRow } from '../contract.ts';
import { EntityKind } from '../contract.ts';

type Found = (RunRow | undefined)[];

/** Kind, namespace id, workflow id, run id, one after the other. */
type FlatLookups = readonly (string | number)[];

interface Waiting {
  readonly count: number;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

export class LookupBatch {
  readonly #find: (lookups: FlatLookups) => Promise<Found>;
  #lookups: (string | number)[] = [];
  #waiting: Waiting[] = [];

  constructor(find: (lookups: FlatLookups) => Promise<Found>) {
    this.#find = find;
  }

  add(lookups: readonly RunLookup[]): Promise<Found> {
    if (lookups.length === 0) return Promise.resolve([]);
    if (this.#waiting.length === 0) setImmediate(() => this.flush());
    for (const { kind = EntityKind.WORKFLOW_RUN, namespaceId, workflowId, runId } of lookups) {
      this.#lookups.push(kind, namespaceId, workflowId, runId);
    }
    return new Promise((resolve, reject) => this.#waiting.push({ count: lookups.length, resolve, reject }));
  }

  /** Sends what has gathered. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    const lookups = this.#lookups;
    this.#waiting = [];
    this.#lookups = [];
    this.#find(lookups).then(
      (found) => {
        let from = 0;
        for (const { count, resolve } of waiting) {
          resolve(found.slice(from, from + count));
          from += count;
        }
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(error);
      },
    );
  }
}
