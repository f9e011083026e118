// What is counted of tasks and the workers that take them. Task queues have no series here, but for the backlogs
// (queue-gauges.ts): there is one sticky queue for every worker.

import type { StartedTask } from '../matching/task.ts';
import { ByNamespace, type NamespaceLabel } from './namespace-label.ts';
import type { Registry, SeriesFamily } from './registry.ts';
import { type Counter, type Histogram, SECONDS } from './series.ts';

const LABELS = ['namespace', 'task_type'] as const;
type CounterFamily = SeriesFamily<typeof LABELS, Counter>;
type HistogramFamily = SeriesFamily<typeof LABELS, Histogram>;

/** By `TaskQueueType`. */
const TASK_TYPES = ['Unspecified', 'Workflow', 'Activity'] as const;

export function taskTypeLabel(type: number): string {
  return TASK_TYPES[type] ?? TASK_TYPES[0];
}

/** How a task and a worker met: while the task was being created, or after it had waited. */
export type Match = 'sync' | 'async';

/** The series of one kind of tasks in one namespace. */
class TaskSeries {
  readonly pollSuccess: Counter;
  readonly pollTimeouts: Counter;
  readonly noPoller: Counter;
  readonly scheduleToStart: Histogram;
  readonly latency: Readonly<Record<Match, Histogram>>;

  constructor(families: Families, namespace: string, type: string) {
    this.pollSuccess = families.pollSuccess.of(namespace, type);
    this.pollTimeouts = families.pollTimeouts.of(namespace, type);
    this.noPoller = families.noPoller.of(namespace, type);
    this.scheduleToStart = families.scheduleToStart.of(namespace, type);
    this.latency = { sync: families.sync.of(namespace, type), async: families.async.of(namespace, type) };
  }
}

interface Families {
  readonly pollSuccess: CounterFamily;
  readonly pollTimeouts: CounterFamily;
  readonly noPoller: CounterFamily;
  readonly scheduleToStart: HistogramFamily;
  readonly sync: HistogramFamily;
  readonly async: HistogramFamily;
}

/** What has become of a poll. */
export type PollEnd = 'task' | 'nothing' | 'left';

export class MatchingMetrics {
  /** By `TaskQueueType`, then by namespace id. */
  readonly #series: readonly ByNamespace<TaskSeries>[];

  constructor(registry: Registry, namespaces: NamespaceLabel) {
    const families = createFamilies(registry);
    const ofId = (id: string) => namespaces.ofId(id);
    this.#series = TASK_TYPES.map((type) => new ByNamespace(ofId, (label) => new TaskSeries(families, label, type)));
  }

  /** A poll has ended: with a task, empty, or because its client has left. */
  polled(namespaceId: string, type: number, end: PollEnd): void {
    if (end === 'task') this.#of(namespaceId, type).pollSuccess.add();
    else if (end === 'nothing') this.#of(namespaceId, type).pollTimeouts.add();
  }

  /** A task begins to wait in a queue that no worker has polled for a while. */
  noPoller(namespaceId: string, type: number): void {
    this.#of(namespaceId, type).noPoller.add();
  }

  /** A worker is given a task. Queries are not counted: nothing schedules them. */
  matched(started: StartedTask, how: Match, nowMs: number): void {
    if (started.kind === 'workflow') this.#matched(started.run.state.namespaceId, 1, started.task, how, nowMs);
    if (started.kind !== 'activity') return;
    const { attemptScheduledMs: scheduledMs, startedMs } = started.activity;
    this.#matched(started.run.state.namespaceId, 2, { scheduledMs, startedMs }, how, nowMs);
  }

  #matched(
    namespaceId: string,
    type: number,
    { scheduledMs, startedMs }: { readonly scheduledMs: number; readonly startedMs: number },
    how: Match,
    nowMs: number,
  ): void {
    const series = this.#of(namespaceId, type);
    // The clock of the machine may have been set back meanwhile.
    series.scheduleToStart.observe(Math.max(0, startedMs - scheduledMs) / 1000);
    series.latency[how].observe(Math.max(0, nowMs - scheduledMs) / 1000);
  }

  #of(namespaceId: string, type: number): TaskSeries {
    const series = this.#series[type];
    if (series === undefined) throw new Error(`no type of tasks: ${type}`);
    return series.of(namespaceId);
  }
}

function createFamilies(registry: Registry): Families {
  const counter = (name: string, help: string) => registry.counter({ name, help, labels: LABELS });
  const seconds = (name: string, help: string) => registry.histogram({ name, help, labels: LABELS }, SECONDS);
  return {
    pollSuccess: counter('poll_success', 'Polls that were answered with a task.'),
    pollTimeouts: counter('poll_timeouts', 'Polls that were answered with nothing, because no task came in time.'),
    noPoller: counter('no_poller_tasks', 'Tasks that came to a queue which no worker had polled for two minutes.'),
    scheduleToStart: seconds(
      'task_schedule_to_start_latency',
      'Seconds from when a task was ready until it was started for a worker. Eager tasks are not counted.',
    ),
    sync: seconds(
      'syncmatch_latency',
      'Seconds until a task was handed over for which a worker waited already when it was created: a commit.',
    ),
    async: seconds('asyncmatch_latency', 'Seconds until a task was handed over that had to wait for a worker.'),
  };
}
