// Serves what is counted, and with it what is only asked for at a scrape.

import type { Logger } from '../logging/logger.ts';
import type { Matching } from '../matching/matching.ts';
import { type MetricsEndpoint, startMetricsEndpoint } from './endpoint.ts';
import type { Metrics } from './metrics.ts';
import { addProcessMetrics } from './process-metrics.ts';
import { addQueueGauges } from './queue-gauges.ts';
import { addRunGauges, type CacheState } from './run-gauges.ts';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly matching: Matching;
  readonly nowMs: () => number;
  readonly cache: () => CacheState;
  readonly cacheBytesMax: number;
}

export type ServedMetrics = MetricsEndpoint;

export async function startMetrics(options: MetricsServerOptions): Promise<ServedMetrics> {
  const { host, port, log, metrics, matching, nowMs, cache, cacheBytesMax } = options;
  const { registry, namespaces } = metrics;
  const endpoint = await startMetricsEndpoint({ host, port, registry, log });
  addRunGauges(registry, cache, cacheBytesMax);
  addQueueGauges(registry, matching, namespaces, nowMs);
  const stopWatching = addProcessMetrics(registry);
  return {
    address: endpoint.address,
    close: () => {
      stopWatching();
      return endpoint.close();
    },
  };
}
