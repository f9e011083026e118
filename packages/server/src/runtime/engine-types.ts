// What the engine is made of, what it is asked for, and what it answers.

import type { StatusError } from '@perdure/api';
import type { Journaled, Limits, Namespaces, Transition } from '@perdure/core';
import type { FencedError, Store } from '@perdure/store';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { SendCallback } from './callback-sender.ts';
import type { Clock } from './clock.ts';
import type { Run } from './run.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly shard: number;
  readonly epoch: number;
  readonly clock: Clock;
  readonly limitsOf: (namespaceId: string) => Limits;
  readonly namespaces: Namespaces;
  /** The namespace was deleted, and what is left of it is being removed. */
  readonly isBeingRemoved: (namespaceId: string) => boolean;
  readonly newRunId: () => string;
  readonly cacheBytesMax: number;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly sendCallback: SendCallback;
  /** Another owner has the shard: this process must stop serving it. */
  readonly onFenced: (error: FencedError) => void;
}

export interface NewRun {
  readonly namespaceId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** The beginning of its journal, if it is a copy of another run's history; `decide` comes after it. */
  readonly copied?: readonly Journaled[];
  readonly decide: (tx: Transition) => void;
  /** What else must be known of the run before anyone can hear of it. */
  readonly prepare?: (run: Run) => void;
}

/** What else happens in the transaction that creates a run. */
export interface ElsewhereToo {
  readonly run: Run;
  readonly decide: (tx: Transition) => void;
}

export interface Decided<T> {
  readonly result: T;
  /** The history had grown too long, and the run has ended instead. */
  readonly tooLong: StatusError | undefined;
  /** Rejects with UNAVAILABLE if the commit failed. */
  readonly durable: Promise<unknown>;
}

export interface EngineStats {
  readonly runs: number;
  readonly bytes: number;
  readonly sleeping: number;
  readonly closed: number;
}
