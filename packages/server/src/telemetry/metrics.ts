// All that a server counts, always, whether or not somebody asks for it: a few numbers more on the way of a request.
//
// Prometheus clients look the labels of a series up each time it is counted, which takes longer than some of what is
// measured here. So the series are our own (series.ts), found once and held by those who count.

import { CommitMetrics } from './commit-metrics.ts';
import { MatchingMetrics } from './matching-metrics.ts';
import { NamespaceLabel, type NamespaceNames } from './namespace-label.ts';
import { Registry } from './registry.ts';
import { RpcMetrics } from './rpc-metrics.ts';
import { RunMetrics } from './run-metrics.ts';
import { StoreMetrics } from './store-metrics.ts';

export interface MetricsOptions {
  /** The namespaces that there are. */
  readonly namespaces: NamespaceNames;
  /** Milliseconds, with fractions, that never go back. */
  readonly elapsedMs?: () => number;
}

export class Metrics {
  readonly registry = new Registry();
  readonly namespaces: NamespaceLabel;
  readonly rpcs: RpcMetrics;
  readonly matching: MatchingMetrics;
  readonly runs: RunMetrics;
  readonly commits: CommitMetrics;
  readonly store: StoreMetrics;

  constructor({ namespaces, elapsedMs = () => performance.now() }: MetricsOptions) {
    this.namespaces = new NamespaceLabel(namespaces);
    this.rpcs = new RpcMetrics(this.registry, this.namespaces, elapsedMs);
    this.matching = new MatchingMetrics(this.registry, this.namespaces);
    this.runs = new RunMetrics(this.registry, this.namespaces);
    this.commits = new CommitMetrics(this.registry, elapsedMs);
    this.store = new StoreMetrics(this.registry, elapsedMs);
  }
}
