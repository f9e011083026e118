// What is counted of group commits. How long the store takes for each is among its own figures.

import type { Registry } from './registry.ts';
import { COUNTS, type Counter, type Histogram, SECONDS } from './series.ts';

export class CommitMetrics {
  readonly #groupSize: Histogram;
  readonly #latency: Histogram;
  readonly #failures: Counter;
  readonly #elapsedMs: () => number;

  constructor(registry: Registry, elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
    this.#groupSize = registry
      .histogram({ name: 'commit_group_size', help: 'Changes that went into one commit together.', labels: [] }, COUNTS)
      .of();
    this.#latency = registry
      .histogram(
        {
          name: 'commit_latency',
          help: 'Seconds from the first change that waited for a commit until it was durable.',
          labels: [],
        },
        SECONDS,
      )
      .of();
    this.#failures = registry
      .counter({ name: 'commit_failures', help: 'Commits that failed; what was in memory is read back.', labels: [] })
      .of();
  }

  /** When the first change of a group came. */
  get nowMs(): number {
    return this.#elapsedMs();
  }

  committed(group: { readonly size: number; readonly sinceMs: number }): void {
    this.#groupSize.observe(group.size);
    this.#latency.observe((this.#elapsedMs() - group.sinceMs) / 1000);
  }

  failed(): void {
    this.#failures.add();
  }
}
