// What is counted of the calls of a store, and the wrapper that counts them: one line for each method of the contract.

import type { Store } from '@perdure/store';
import type { Registry, SeriesFamily } from './registry.ts';
import { type Counter, type Histogram, SECONDS } from './series.ts';

const LABELS = ['operation'] as const;

/** The three figures of a kind of calls. */
interface Families {
  readonly requests: SeriesFamily<typeof LABELS, Counter>;
  readonly errors: SeriesFamily<typeof LABELS, Counter>;
  readonly errorsByType: SeriesFamily<readonly ['operation', 'error_type'], Counter>;
  readonly latency: SeriesFamily<typeof LABELS, Histogram>;
}

type AsyncMethod<Args extends unknown[], Result> = (...args: Args) => Promise<Result>;

export class StoreMetrics {
  readonly #persistence: Families;
  readonly #visibility: Families;
  readonly #elapsedMs: () => number;

  constructor(registry: Registry, elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
    this.#persistence = families(registry, 'persistence', 'Calls of the store');
    this.#visibility = families(registry, 'visibility_persistence', 'Lists and counts of runs that the store made');
  }

  /** The same store, with every call counted and timed. */
  measured(store: Store): Store {
    const { kind } = store;
    const call = this.#measuring(this.#persistence);
    const list = this.#measuring(this.#visibility);
    return {
      kind,
      acquireShard: call('AcquireShard', store.acquireShard.bind(store)),
      commit: call('Commit', store.commit.bind(store)),
      maxRunKey: call('MaxRunKey', store.maxRunKey.bind(store)),
      findRuns: call('FindRuns', store.findRuns.bind(store)),
      readJournal: call('ReadJournal', store.readJournal.bind(store)),
      readHistory: call('ReadHistory', store.readHistory.bind(store)),
      dueRuns: call('DueRuns', store.dueRuns.bind(store)),
      nextWakeAt: call('NextWakeAt', store.nextWakeAt.bind(store)),
      listRuns: list('ListRuns', store.listRuns.bind(store)),
      countRuns: list('CountRuns', store.countRuns.bind(store)),
      namespaces: call('Namespaces', store.namespaces.bind(store)),
      records: call('Records', store.records.bind(store)),
      sizeBytes: store.sizeBytes.bind(store),
      close: store.close.bind(store),
    };
  }

  #measuring({ requests, errors, errorsByType, latency }: Families) {
    const elapsedMs = this.#elapsedMs;
    return <Args extends unknown[], Result>(operation: string, method: AsyncMethod<Args, Result>) => {
      const requestCount = requests.of(operation);
      const errorCount = errors.of(operation);
      const seconds = latency.of(operation);
      return async (...args: Args): Promise<Result> => {
        requestCount.add();
        const beganMs = elapsedMs();
        try {
          return await method(...args);
        } catch (error) {
          errorCount.add();
          errorsByType.of(operation, error instanceof Error ? error.name : 'Unknown').add();
          throw error;
        } finally {
          seconds.observe((elapsedMs() - beganMs) / 1000);
        }
      };
    };
  }
}

function families(registry: Registry, prefix: string, calls: string): Families {
  const labels = LABELS;
  return {
    requests: registry.counter({ name: `${prefix}_requests`, help: `${calls}.`, labels }),
    errors: registry.counter({ name: `${prefix}_errors`, help: `${calls}, those that failed.`, labels }),
    errorsByType: registry.counter({
      name: `${prefix}_error_with_type`,
      help: `${calls}, those that failed, by what they failed with.`,
      labels: [...labels, 'error_type'],
    }),
    latency: registry.histogram(
      { name: `${prefix}_latency`, help: `${calls}: seconds that they took.`, labels },
      SECONDS,
    ),
  };
}
