// The runs in memory, asked at each scrape.

import type { Registry } from './registry.ts';
import { RUN_CACHE } from './run-metrics.ts';

export interface CacheState {
  readonly runs: number;
  readonly bytes: number;
}

export function addRunGauges(registry: Registry, cache: () => CacheState, bytesMax: number): void {
  const ofCache = { labels: ['cache_type'] } as const;
  registry.collected(
    'gauge',
    { name: 'cache_usage', help: 'Bytes of the runs in memory, about.', ...ofCache },
    (report) => report(cache().bytes, RUN_CACHE),
  );
  registry.collected(
    'gauge',
    { name: 'cache_size', help: 'Bytes of runs that may be in memory.', ...ofCache },
    (report) => report(bytesMax, RUN_CACHE),
  );
  registry.collected('gauge', { name: 'cached_runs', help: 'Runs in memory.', labels: [] }, (report) =>
    report(cache().runs),
  );
}
