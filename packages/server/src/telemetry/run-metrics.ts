// What is counted of runs: how they end, what happens to their tasks, and whether they are found in memory.

import { WorkflowExecutionStatus as Status, TimeoutType } from '@perdure/api/enums';
import { type Ending, endingsOf, type JournalEntry, type WorkflowState } from '@perdure/core';
import { ByNamespace, type NamespaceLabel } from './namespace-label.ts';
import type { Registry, SeriesFamily } from './registry.ts';
import { BYTES, COUNTS, type Counter, type Histogram } from './series.ts';

const LABELS = ['namespace'] as const;
type CounterFamily = SeriesFamily<typeof LABELS, Counter>;
type HistogramFamily = SeriesFamily<typeof LABELS, Histogram>;
type TimeoutFamily = SeriesFamily<readonly ['namespace', 'operation'], Counter>;

interface Families {
  readonly transitions: CounterFamily;
  readonly closed: ReadonlyMap<number, CounterFamily>;
  readonly historySize: HistogramFamily;
  readonly historyCount: HistogramFamily;
  readonly activityEnds: Readonly<Record<Ending['end'], CounterFamily>>;
  /** Attempts, the last ones too. */
  readonly attemptEnds: Readonly<Record<'failed' | 'timedOut', CounterFamily>>;
  readonly failedWorkflowTasks: CounterFamily;
  readonly timeouts: ReadonlyMap<number, TimeoutFamily>;
}

/** What the service calls the timers that strike. */
const ACTIVITY_TIMEOUT = 'TimerActiveTaskActivityTimeout';
const WORKFLOW_TASK_TIMEOUT = 'TimerActiveTaskWorkflowTaskTimeout';

/** The series of one namespace, all there from the beginning: what never happened is 0. */
class NamespaceSeries {
  readonly transitions: Counter;
  readonly #closed: ReadonlyMap<number, Counter>;
  readonly #historySize: Histogram;
  readonly #historyCount: Histogram;
  readonly #activityEnds: Readonly<Record<Ending['end'], Counter>>;
  readonly #attemptEnds: Readonly<Record<'failed' | 'timedOut', Counter>>;
  readonly #failedWorkflowTasks: Counter;
  readonly #activityTimeouts: ReadonlyMap<number, Counter>;
  readonly #workflowTaskTimeouts: ReadonlyMap<number, Counter>;

  constructor({ activityEnds, attemptEnds, ...families }: Families, namespace: string) {
    this.transitions = families.transitions.of(namespace);
    this.#closed = mapValues(families.closed, (family) => family.of(namespace));
    this.#historySize = families.historySize.of(namespace);
    this.#historyCount = families.historyCount.of(namespace);
    this.#activityEnds = {
      completed: activityEnds.completed.of(namespace),
      failed: activityEnds.failed.of(namespace),
      timedOut: activityEnds.timedOut.of(namespace),
      canceled: activityEnds.canceled.of(namespace),
    };
    this.#attemptEnds = { failed: attemptEnds.failed.of(namespace), timedOut: attemptEnds.timedOut.of(namespace) };
    this.#failedWorkflowTasks = families.failedWorkflowTasks.of(namespace);
    this.#activityTimeouts = mapValues(families.timeouts, (family) => family.of(namespace, ACTIVITY_TIMEOUT));
    this.#workflowTaskTimeouts = mapValues(families.timeouts, (family) => family.of(namespace, WORKFLOW_TASK_TIMEOUT));
  }

  closed(state: WorkflowState): void {
    this.#closed.get(state.status)?.add();
    this.#historySize.observe(state.historySizeBytes);
    this.#historyCount.observe(state.nextEventId - 1);
  }

  ended(ending: Ending): void {
    if (ending.of === 'workflowTask') this.#workflowTaskEnded(ending);
    else this.#activityEnded(ending);
  }

  #workflowTaskEnded({ end, timeoutType }: Ending): void {
    if (end === 'failed') this.#failedWorkflowTasks.add();
    if (end === 'timedOut') this.#workflowTaskTimeouts.get(timeoutType)?.add();
  }

  #activityEnded({ of, end, timeoutType }: Ending): void {
    if (of === 'activity') this.#activityEnds[end].add();
    if (end === 'failed' || end === 'timedOut') this.#attemptEnds[end].add();
    if (end === 'timedOut') this.#activityTimeouts.get(timeoutType)?.add();
  }
}

function mapValues<A, B>(map: ReadonlyMap<number, A>, change: (value: A) => B): ReadonlyMap<number, B> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

export class RunMetrics {
  readonly #series: ByNamespace<NamespaceSeries>;
  readonly #lookUps: Counter;
  readonly #misses: Counter;

  constructor(registry: Registry, namespaces: NamespaceLabel) {
    const families = createFamilies(registry);
    this.#series = new ByNamespace(
      (id) => namespaces.ofId(id),
      (label) => new NamespaceSeries(families, label),
    );
    const ofCache = { labels: ['cache_type'] } as const;
    this.#lookUps = registry
      .counter({ name: 'cache_requests', help: 'Times that a run was looked for in memory.', ...ofCache })
      .of(RUN_CACHE);
    this.#misses = registry
      .counter({ name: 'cache_miss', help: 'Runs that had to be read from the store for a request.', ...ofCache })
      .of(RUN_CACHE);
  }

  /** A transition of a run is durable. */
  committed(namespaceId: string, journaled: JournalEntry): void {
    const series = this.#series.of(namespaceId);
    series.transitions.add();
    for (const ending of endingsOf(journaled)) series.ended(ending);
  }

  /** The end of a run is durable. */
  closed(state: WorkflowState): void {
    this.#series.of(state.namespaceId).closed(state);
  }

  lookedUp(): void {
    this.#lookUps.add();
  }

  missed(): void {
    this.#misses.add();
  }
}

/** What the service calls the cache of runs. */
export const RUN_CACHE = 'mutablestate';

function createFamilies(registry: Registry): Families {
  const counter = (name: string, help: string) => registry.counter({ name, help, labels: LABELS });
  const timeout = (name: string, which: string) =>
    registry.counter({
      name,
      help: `${which} timeouts of activity attempts and workflow tasks.`,
      labels: [...LABELS, 'operation'],
    });
  return {
    transitions: counter('state_transitions', 'Transitions of runs that were made durable.'),
    closed: new Map([
      [Status.COMPLETED, counter('workflow_success', 'Runs that completed.')],
      [Status.FAILED, counter('workflow_failed', 'Runs that failed.')],
      [Status.CANCELED, counter('workflow_cancel', 'Runs that were cancelled.')],
      [Status.TERMINATED, counter('workflow_terminate', 'Runs that were terminated.')],
      [Status.CONTINUED_AS_NEW, counter('workflow_continued_as_new', 'Runs that continued as new.')],
      [Status.TIMED_OUT, counter('workflow_timeout', 'Runs that timed out.')],
    ]),
    historySize: registry.histogram(
      { name: 'history_size', help: 'Bytes of the histories of runs, when they closed.', labels: LABELS },
      BYTES,
    ),
    historyCount: registry.histogram(
      { name: 'history_count', help: 'Events in the histories of runs, when they closed.', labels: LABELS },
      COUNTS,
    ),
    activityEnds: {
      completed: counter('activity_success', 'Activities that completed.'),
      failed: counter('activity_fail', 'Activities that failed for good.'),
      timedOut: counter('activity_timeout', 'Activities that timed out for good.'),
      canceled: counter('activity_cancel', 'Activities that were cancelled.'),
    },
    attemptEnds: {
      failed: counter('activity_task_fail', 'Attempts of activities that failed.'),
      timedOut: counter('activity_task_timeout', 'Attempts of activities that timed out.'),
    },
    failedWorkflowTasks: counter('failed_workflow_tasks', 'Workflow tasks that failed, every attempt.'),
    timeouts: new Map([
      [TimeoutType.START_TO_CLOSE, timeout('start_to_close_timeout', 'Start-to-close')],
      [TimeoutType.SCHEDULE_TO_START, timeout('schedule_to_start_timeout', 'Schedule-to-start')],
      [TimeoutType.SCHEDULE_TO_CLOSE, timeout('schedule_to_close_timeout', 'Schedule-to-close')],
      [TimeoutType.HEARTBEAT, timeout('heartbeat_timeout', 'Heartbeat')],
    ]),
  };
}
