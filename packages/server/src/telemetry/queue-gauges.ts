// How much waits in the task queues, asked at each scrape. There may be any number of queues: those with the most
// waiting tasks have series of their own, the others are summed.

import type { Matching, QueueEntry } from '../matching/matching.ts';
import { taskTypeLabel } from './matching-metrics.ts';
import { type NamespaceLabel, OTHER } from './namespace-label.ts';
import type { Registry } from './registry.ts';

/** Queues with series of their own. */
const QUEUES_MAX = 100;
/** What the service calls all sticky queues together. */
const STICKY = '__sticky__';

const TYPES = ['Workflow', 'Activity'];
const BACKLOG_LABELS = ['namespace', 'taskqueue', 'task_type'] as const;

interface Backlog {
  readonly labels: readonly [namespace: string, taskQueue: string, taskType: string];
  readonly count: number;
  readonly oldestMs: number | undefined;
}

export function addQueueGauges(
  registry: Registry,
  matching: Matching,
  namespaces: NamespaceLabel,
  nowMs: () => number,
): void {
  const labels = BACKLOG_LABELS;
  registry.collected(
    'gauge',
    { name: 'approximate_backlog_count', help: 'Tasks that wait for a worker.', labels },
    (report) => {
      for (const backlog of backlogs(matching.queues(), namespaces)) report(backlog.count, ...backlog.labels);
    },
  );
  registry.collected(
    'gauge',
    { name: 'approximate_backlog_age_seconds', help: 'For how long the task that is next has waited.', labels },
    (report) => {
      for (const backlog of backlogs(matching.queues(), namespaces)) {
        const sinceMs = backlog.oldestMs ?? nowMs();
        report(Math.max(0, nowMs() - sinceMs) / 1000, ...backlog.labels);
      }
    },
  );
  registry.collected(
    'gauge',
    { name: 'loaded_task_queue_count', help: 'Task queues in memory, sticky ones too.', labels: ['task_type'] },
    (report) => perType(matching, () => 1, report),
  );
  registry.collected(
    'gauge',
    { name: 'waiting_polls', help: 'Polls that wait for a task.', labels: ['task_type'] },
    (report) => perType(matching, ({ queue }) => queue.waitingCount, report),
  );
}

function perType(
  matching: Matching,
  count: (entry: QueueEntry) => number,
  report: (value: number, taskType: string) => void,
): void {
  const totals = new Map(TYPES.map((type) => [type, 0]));
  for (const entry of matching.queues()) {
    const type = taskTypeLabel(entry.type);
    totals.set(type, (totals.get(type) ?? 0) + count(entry));
  }
  for (const [type, total] of totals) report(total, type);
}

/** One for each set of labels: the largest backlogs, and the sums of the others. */
function backlogs(queues: Iterable<QueueEntry>, namespaces: NamespaceLabel): Iterable<Backlog> {
  const normal: QueueEntry[] = [];
  const summed: QueueEntry[] = [];
  for (const entry of queues) (entry.queue.sticky ? summed : normal).push(entry);
  normal.sort((a, b) => b.queue.backlogCount - a.queue.backlogCount);
  const byLabels = new Map<string, Backlog>();
  for (const entry of normal.slice(0, QUEUES_MAX)) add(byLabels, entry, entry.queue.name, namespaces);
  for (const entry of normal.slice(QUEUES_MAX)) add(byLabels, entry, OTHER, namespaces);
  for (const entry of summed) add(byLabels, entry, STICKY, namespaces);
  return byLabels.values();
}

function add(
  sums: Map<string, Backlog>,
  { namespaceId, type, queue }: QueueEntry,
  taskQueue: string,
  namespaces: NamespaceLabel,
): void {
  const labels = [namespaces.ofId(namespaceId), taskQueue, taskTypeLabel(type)] as const;
  const key = labels.join('\0');
  const before = sums.get(key);
  const count = (before?.count ?? 0) + queue.backlogCount;
  sums.set(key, { labels, count, oldestMs: earlier(before?.oldestMs, queue.oldestMs) });
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
