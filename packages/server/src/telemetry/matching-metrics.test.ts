import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Matching, QueueType } from '../matching/matching.ts';
import type { Poller, StartedTask, WorkflowTaskRef } from '../matching/task.ts';
import { addQueueGauges } from './queue-gauges.ts';
import { linesOf, testMetrics } from './testing/metrics.ts';

function task(queue: string, sinceMs: number, namespaceId = 'shop'): WorkflowTaskRef {
  const run = { namespaceId, workflowId: 'w', runId: 'r' };
  return { kind: 'workflow', run, normalQueue: queue, scheduledEventId: 2, priority: undefined, sinceMs };
}

function poller(sticky = false): Poller {
  const nothing = () => undefined;
  return {
    identity: 'w',
    requestId: 'r',
    sticky,
    cancelled: false,
    deliver: nothing,
    fail: nothing,
    expire: nothing,
  };
}

/** Matching in which no task is ever taken. */
function bench(t: TestContext) {
  const metrics = testMetrics();
  const clock = { nowMs: 10_000_000 };
  const matching = new Matching({
    now: () => clock.nowMs,
    configOf: () => undefined,
    start: () => new Promise(() => undefined),
    stillWaits: () => true,
    metrics: metrics.matching,
  });
  t.after(() => matching.close());
  addQueueGauges(metrics.registry, matching, metrics.namespaces, () => clock.nowMs);
  const add = (ref: WorkflowTaskRef, sticky?: string) =>
    matching.add(QueueType.WORKFLOW, ref, { normal: ref.normalQueue, sticky });
  const poll = (name: string, sticky = false): void => {
    const queue = matching.queue('shop', QueueType.WORKFLOW, name);
    queue.notePoll('w', undefined);
    queue.poll(poller(sticky));
  };
  return { matching, metrics, clock, add, poll, lines: (beginning: string) => linesOf(metrics.registry, beginning) };
}

test('a backlog is as large as what waits, and as old as the task that is next', (t) => {
  const { add, lines, clock } = bench(t);
  add(task('orders', clock.nowMs - 2500));
  add(task('orders', clock.nowMs - 500));
  const labels = '{namespace="shop",taskqueue="orders",task_type="Workflow"}';
  assert.deepEqual(lines('approximate_backlog_count{'), [`approximate_backlog_count${labels} 2`]);
  assert.deepEqual(lines('approximate_backlog_age_seconds{'), [`approximate_backlog_age_seconds${labels} 2.5`]);
});

test('the hundred largest backlogs have series of their own, the others are summed', (t) => {
  const { add, lines, clock } = bench(t);
  for (let queue = 1; queue <= 102; queue++) {
    const tasks = queue <= 2 ? 1 : 3;
    for (let n = 0; n < tasks; n++) add(task(`queue-${queue}`, clock.nowMs));
  }
  const series = lines('approximate_backlog_count{');
  assert.equal(series.length, 101);
  assert(series.includes('approximate_backlog_count{namespace="shop",taskqueue="_other_",task_type="Workflow"} 2'));
  assert(!series.some((line) => line.includes('"queue-1"')));
});

test('sticky queues are summed', (t) => {
  const { add, poll, matching, lines, clock } = bench(t);
  for (const name of ['sticky-1', 'sticky-2']) {
    poll(name, true);
    matching.existing('shop', QueueType.WORKFLOW, name)?.expireAll();
    add(task('orders', clock.nowMs), name);
  }
  assert.deepEqual(lines('approximate_backlog_count{'), [
    'approximate_backlog_count{namespace="shop",taskqueue="__sticky__",task_type="Workflow"} 2',
  ]);
});

test('queues and waiting polls are counted by the type of their tasks', (t) => {
  const { poll, matching, lines } = bench(t);
  poll('orders');
  poll('orders');
  matching.queue('shop', QueueType.ACTIVITY, 'orders');
  assert.deepEqual(lines('waiting_polls{'), [
    'waiting_polls{task_type="Workflow"} 2',
    'waiting_polls{task_type="Activity"} 0',
  ]);
  assert.deepEqual(lines('loaded_task_queue_count{'), [
    'loaded_task_queue_count{task_type="Workflow"} 1',
    'loaded_task_queue_count{task_type="Activity"} 1',
  ]);
});

test('a task without a worker is one that nobody has polled for in two minutes', (t) => {
  const { add, poll, matching, lines, clock } = bench(t);
  poll('orders');
  matching.existing('shop', QueueType.WORKFLOW, 'orders')?.expireAll();
  clock.nowMs += 119_999;
  const added = () => add(task('orders', clock.nowMs));
  added();
  assert.deepEqual(lines('no_poller_tasks{'), []);
  clock.nowMs++;
  added();
  assert.deepEqual(lines('no_poller_tasks{'), ['no_poller_tasks{namespace="shop",task_type="Workflow"} 1']);
});

test('what a worker is given is counted with how long it has waited, and how they met', (t) => {
  const { matching, clock, lines } = bench(t);
  const run = { state: { namespaceId: 'shop' } };
  const activity = { attemptScheduledMs: clock.nowMs - 4000, startedMs: clock.nowMs - 1000 };
  const workflowTask = { scheduledMs: clock.nowMs + 50, startedMs: clock.nowMs };
  matching.deliver(poller(), { kind: 'activity', run, activity } as unknown as StartedTask, 'async');
  // The clock was set back meanwhile.
  matching.deliver(poller(), { kind: 'workflow', run, task: workflowTask } as unknown as StartedTask, 'sync');
  const ofActivity = '{namespace="shop",task_type="Activity"}';
  const ofWorkflow = '{namespace="shop",task_type="Workflow"}';
  assert.deepEqual(lines('task_schedule_to_start_latency_sum'), [
    `task_schedule_to_start_latency_sum${ofActivity} 3`,
    `task_schedule_to_start_latency_sum${ofWorkflow} 0`,
  ]);
  assert(lines('asyncmatch_latency_sum').includes(`asyncmatch_latency_sum${ofActivity} 4`));
  assert(lines('asyncmatch_latency_count').includes(`asyncmatch_latency_count${ofWorkflow} 0`));
  assert(lines('syncmatch_latency_count').includes(`syncmatch_latency_count${ofWorkflow} 1`));
});

test('polls end with a task, with nothing, or because the worker has left, which is not counted', (t) => {
  const { metrics, lines } = bench(t);
  for (const end of ['task', 'task', 'nothing', 'left'] as const) metrics.matching.polled('shop', 2, end);
  assert.deepEqual(lines('poll_success'), ['poll_success{namespace="shop",task_type="Activity"} 2']);
  assert.deepEqual(lines('poll_timeouts'), ['poll_timeouts{namespace="shop",task_type="Activity"} 1']);
});
