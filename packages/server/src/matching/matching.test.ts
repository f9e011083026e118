import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { testMetrics } from '../telemetry/testing/metrics.ts';
import { Matching, QueueType } from './matching.ts';
import type { Poller, TaskRef } from './task.ts';

const nextTurn = promisify(setImmediate);

const NAMESPACE = 'namespace';
const NORMAL = 'normal';
const STICKY = 'sticky';

function workflowTask(scheduledEventId: number): Extract<TaskRef, { kind: 'workflow' }> {
  const run = { namespaceId: NAMESPACE, workflowId: 'workflow', runId: 'run' };
  return { kind: 'workflow', run, normalQueue: NORMAL, scheduledEventId, priority: undefined, sinceMs: 0 };
}

interface TestPoller extends Poller {
  outcome: string;
}

function poller(): TestPoller {
  const made: TestPoller = {
    identity: 'worker',
    requestId: 'request',
    sticky: false,
    cancelled: false,
    outcome: 'waits',
    deliver: () => {
      made.outcome = 'delivered';
    },
    fail: () => {
      made.outcome = 'failed';
    },
    expire: () => {
      made.outcome = 'expired';
    },
  };
  return made;
}

interface Bench {
  readonly matching: Matching;
  /** Queue event ids, in the order they were started. */
  readonly started: number[];
  /** Event ids of tasks that no longer exist. */
  readonly gone: Set<number>;
  readonly clock: { nowMs: number };
}

function bench(t: TestContext): Bench {
  const clock = { nowMs: 1_000_000 };
  const started: number[] = [];
  const gone = new Set<number>();
  const exists = (ref: TaskRef) => ref.kind !== 'query' && !gone.has(ref.scheduledEventId);
  const matching = new Matching({
    now: () => clock.nowMs,
    configOf: () => undefined,
    metrics: testMetrics().matching,
    start: async (ref, taker) => {
      if (ref.kind === 'query' || !exists(ref)) return false;
      started.push(ref.scheduledEventId);
      taker.deliver(undefined as never);
      return true;
    },
    stillWaits: exists,
  });
  t.after(() => matching.close());
  return { matching, started, gone, clock };
}

function poll(matching: Matching, name: string): TestPoller {
  const made = poller();
  const queue = matching.queue(NAMESPACE, QueueType.WORKFLOW, name);
  queue.notePoll(made.identity, undefined);
  queue.poll(made);
  return made;
}

const add = (matching: Matching, id: number) =>
  matching.add(QueueType.WORKFLOW, workflowTask(id), { sticky: STICKY, normal: NORMAL });
const backlog = (matching: Matching, name: string) =>
  matching.existing(NAMESPACE, QueueType.WORKFLOW, name)?.backlogCount ?? 0;

test('a sticky task waits for its worker while that one polls, and for any when it is gone', (t) => {
  const { matching, clock } = bench(t);
  add(matching, 1);
  assert.equal(backlog(matching, NORMAL), 1, 'the queue was never polled');
  const { outcome } = poll(matching, STICKY);
  assert.equal(outcome, 'waits');
  matching.existing(NAMESPACE, QueueType.WORKFLOW, STICKY)?.expireAll();
  clock.nowMs += 9_999;
  add(matching, 2);
  assert.equal(backlog(matching, STICKY), 1);
  clock.nowMs += 1;
  add(matching, 3);
  assert.equal(backlog(matching, STICKY), 1);
  assert.equal(backlog(matching, NORMAL), 2);
});

test('what waits for a worker that says goodbye goes to the normal queue, until it comes back', (t) => {
  const { matching } = bench(t);
  poll(matching, STICKY);
  matching.existing(NAMESPACE, QueueType.WORKFLOW, STICKY)?.expireAll();
  add(matching, 1);
  matching.abandonSticky(NAMESPACE, STICKY);
  assert.equal(backlog(matching, STICKY), 0);
  add(matching, 2);
  assert.equal(backlog(matching, NORMAL), 2);
  poll(matching, STICKY);
  assert.equal(matching.isStickyAlive(NAMESPACE, STICKY), true);
});

test('a poller that was given a task that no longer exists goes on to the next one', async (t) => {
  const { matching, started, gone } = bench(t);
  for (let id = 1; id <= 20; id++) add(matching, id);
  for (let id = 1; id <= 19; id++) gone.add(id);
  const { outcome, ...waiting } = poll(matching, NORMAL);
  assert.equal(outcome, 'waits');
  for (let i = 0; i < 5; i++) await nextTurn();
  assert.deepEqual(started, [20]);
  assert(waiting);
});

test('tasks of dead workers and queues that nobody uses do not stay for ever', (t) => {
  const { matching, gone, clock } = bench(t);
  for (let id = 1; id <= 50; id++) {
    const name = `sticky of worker ${id}`;
    const queue = matching.queue(NAMESPACE, QueueType.WORKFLOW, name);
    queue.notePoll(name, undefined);
    queue.add(workflowTask(id));
    gone.add(id);
  }
  add(matching, 51);
  clock.nowMs += 5 * 60_000 + 1;
  matching.tidy();
  assert.equal(matching.queueCount, 1);
  assert.equal(backlog(matching, NORMAL), 1);
});

test('when the server closes, polls end empty, also those that were about to get a task', async (t) => {
  const { matching, gone } = bench(t);
  const waiting = poll(matching, STICKY);
  gone.add(1);
  add(matching, 1);
  const between = poll(matching, NORMAL);
  matching.close();
  await nextTurn();
  assert.equal(waiting.outcome, 'expired');
  assert.equal(between.outcome, 'expired');
});
