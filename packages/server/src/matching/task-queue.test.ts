import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Poller, StartedTask, TaskRef } from './task.ts';
import { POLLER_HISTORY_MS, TaskQueue } from './task-queue.ts';

class TestPoller implements Poller {
  readonly identity = 'test';
  readonly requestId = 'request';
  readonly sticky = false;
  cancelled = false;
  outcome = 'waits';

  deliver(_task: StartedTask): void {
    this.outcome = 'delivered';
  }

  fail(): void {
    this.outcome = 'failed';
  }

  expire(): void {
    this.outcome = 'expired';
  }
}

function task(scheduledEventId: number): TaskRef {
  const run = { namespaceId: 'namespace', workflowId: 'workflow', runId: 'run' };
  return { kind: 'activity', run, scheduledEventId, attempt: 1, stamp: 0, priority: undefined, sinceMs: 0 };
}

/** A queue whose tasks are only noted: event ids, in the order they were matched. */
function queueUnderTest(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  const matched: number[] = [];
  const queue = new TaskQueue(
    'queue',
    (_, ref) => matched.push(ref.kind === 'query' ? 0 : ref.scheduledEventId),
    Date.now,
  );
  const poll = (): TestPoller => {
    const poller = new TestPoller();
    queue.poll(poller);
    return poller;
  };
  return { queue, matched, poll, tick: (ms: number) => t.mock.timers.tick(ms) };
}

test('tasks are taken in the order in which they came, each by one poller', (t) => {
  const { queue, matched, poll } = queueUnderTest(t);
  for (let n = 1; n <= 200; n++) queue.add(task(n));
  for (let n = 1; n <= 150; n++) poll();
  assert.deepEqual(
    matched,
    Array.from({ length: 150 }, (_, n) => n + 1),
  );
  assert.equal(queue.backlogCount, 50);
});

test('the poller that has waited longest is reserved first; none while tasks wait', (t) => {
  const { queue, poll } = queueUnderTest(t);
  const [first, second] = [poll(), poll()];
  assert.equal(queue.reserve(), first);
  assert.equal(queue.reserve(), second);
  assert.equal(queue.reserve(), undefined);
  queue.add(task(1));
  queue.notePoll('slow', 0);
  poll();
  assert.equal(queue.reserve(), undefined);
});

test('a poller that has given up is given nothing', (t) => {
  const { queue, matched, poll } = queueUnderTest(t);
  const poller = poll();
  assert.equal(queue.removePoller(poller), true);
  assert.equal(queue.removePoller(poller), false);
  queue.add(task(1));
  assert.deepEqual(matched, []);
  const gone = new TestPoller();
  gone.cancelled = true;
  queue.poll(gone);
  assert.deepEqual(matched, []);
  assert.equal(queue.hasWaiting, false);
});

test('all polls end empty when the server closes', (t) => {
  const { queue, poll } = queueUnderTest(t);
  const pollers = [poll(), poll()];
  queue.expireAll();
  assert.deepEqual(
    pollers.map(({ outcome }) => outcome),
    ['expired', 'expired'],
  );
  assert.equal(queue.isIdle, true);
});

test('a rate lets through one second’s worth at once, and one past it only later', (t) => {
  const { queue, matched, poll, tick } = queueUnderTest(t);
  queue.notePoll('worker', 5);
  for (let n = 1; n <= 7; n++) queue.add(task(n));
  for (let n = 1; n <= 7; n++) poll();
  assert.equal(matched.length, 5);
  tick(199);
  assert.equal(matched.length, 5);
  tick(1);
  assert.equal(matched.length, 6);
  tick(200);
  assert.equal(matched.length, 7);
});

test('a rate holds for tasks that are handed over as they are created, too', (t) => {
  const { queue, poll, tick } = queueUnderTest(t);
  queue.notePoll('worker', 1);
  poll();
  poll();
  assert(queue.reserve());
  assert.equal(queue.reserve(), undefined);
  tick(1000);
  assert(queue.reserve());
});

test('a rate of nothing, or of less, stops the queue until another one is given', (t) => {
  for (const rate of [0, -1, Number.NEGATIVE_INFINITY]) {
    const { queue, matched, poll, tick } = queueUnderTest(t);
    queue.notePoll('worker', rate);
    queue.add(task(1));
    queue.add(task(2));
    poll();
    tick(3_600_000);
    assert.deepEqual(matched, [], `at ${rate}`);
    queue.notePoll('worker', 100);
    poll();
    assert.deepEqual(matched, [1, 2]);
    t.mock.timers.reset();
  }
});

test('a rate that is no number is no limit', (t) => {
  for (const rate of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const { queue, matched, poll } = queueUnderTest(t);
    queue.notePoll('worker', rate);
    for (let n = 0; n < 1000; n++) queue.add(task(n));
    for (let n = 0; n < 1000; n++) poll();
    assert.equal(matched.length, 1000);
    t.mock.timers.reset();
  }
});

test('a higher rate holds at once, also while the queue waits for the lower one', (t) => {
  const { queue, matched, poll, tick } = queueUnderTest(t);
  queue.notePoll('worker', 0.01);
  for (let n = 1; n <= 10; n++) {
    queue.add(task(n));
    poll();
  }
  assert.equal(matched.length, 1);
  queue.notePoll('worker', 2);
  poll();
  assert.equal(matched.length, 3);
  tick(1000);
  assert.equal(matched.length, 5);
});

test('what no longer waits is dropped, and pollers that have not come back are forgotten', (t) => {
  const { queue, matched, poll, tick } = queueUnderTest(t);
  for (let n = 1; n <= 100; n++) queue.add(task(n));
  for (let n = 1; n <= 100; n++) queue.notePoll(`worker ${n}`, undefined);
  tick(POLLER_HISTORY_MS + 1);
  queue.notePoll('worker', undefined);
  queue.tidy((ref) => ref.kind === 'activity' && ref.scheduledEventId % 10 === 0);
  assert.equal(queue.backlogCount, 10);
  assert.deepEqual(
    queue.pollers().map(({ identity }) => identity),
    ['worker'],
  );
  poll();
  assert.deepEqual(matched, [10]);
});

test('a configured rate is stronger than that of the workers, and theirs holds again without it', (t) => {
  const { queue, matched, poll } = queueUnderTest(t);
  queue.notePoll('worker', 50);
  assert.deepEqual(queue.rate, { perSecond: 50, configured: false });
  queue.configure({ tasksPerSecond: 0, fairnessWeights: new Map() });
  queue.notePoll('worker', 70);
  assert.deepEqual(queue.rate, { perSecond: 0, configured: true });
  queue.add(task(1));
  poll();
  assert.deepEqual(matched, []);
  queue.configure({ tasksPerSecond: undefined, fairnessWeights: new Map() });
  assert.deepEqual(queue.rate, { perSecond: 70, configured: false });
  assert.deepEqual(matched, [1], 'what waited goes on at once');
});
