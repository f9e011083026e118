import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Commit, Write } from '@perdure/store';
import { linesOf, type TestMetrics, testMetrics } from '../telemetry/testing/metrics.ts';
import { CommitQueue } from './commit-queue.ts';

const nextTurn = promisify(setImmediate);

interface Bench {
  readonly queue: CommitQueue;
  /** Runs in each commit that has reached the store. */
  readonly commits: number[][];
  /** Ends the oldest commit under way. */
  readonly end: (error?: Error) => Promise<void>;
  readonly failures: number[];
  readonly metrics: TestMetrics;
}

function bench(onFailure: (queue: CommitQueue) => void = () => {}): Bench {
  const commits: number[][] = [];
  const failures: number[] = [];
  const open: PromiseWithResolvers<void>[] = [];
  const commit = ({ writes, shard, epoch }: Commit) => {
    assert.deepEqual({ shard, epoch }, { shard: 7, epoch: 3 });
    commits.push(writes.map((write) => (write.kind === 'updateRun' ? write.run : 0)));
    const settled = Promise.withResolvers<void>();
    open.push(settled);
    return settled.promise;
  };
  const metrics = testMetrics();
  const queue: CommitQueue = new CommitQueue({
    store: { commit },
    shard: 7,
    epoch: 3,
    metrics: metrics.commits,
    onFailure: (_, count) => {
      failures.push(count);
      onFailure(queue);
    },
  });
  const end = async (error?: Error) => {
    const oldest = open.shift();
    if (error === undefined) oldest?.resolve();
    else oldest?.reject(error);
    await nextTurn();
  };
  return { queue, commits, end, failures, metrics };
}

const write = (run: number): Write => ({ kind: 'updateRun', run });

/** How each has ended so far. */
function watch(...all: Promise<void>[]): string[] {
  const states = all.map(() => 'pending');
  all.forEach((one, i) => {
    one.then(
      () => (states[i] = 'durable'),
      (error: Error) => (states[i] = error.message),
    );
  });
  return states;
}

test('what is added in one turn goes together; what comes while a commit is under way goes with the next', async () => {
  const { queue, commits, end } = bench();
  const states = watch(queue.add([write(1), write(2)]), queue.add([write(3)]));
  await nextTurn();
  states.push(...watch());
  const later = watch(queue.add([write(4)]), queue.add([write(5)]));
  await nextTurn();
  assert.deepEqual(commits, [[1, 2, 3]]);
  assert.deepEqual(states, ['pending', 'pending']);
  await end();
  assert.deepEqual(states, ['durable', 'durable']);
  assert.deepEqual(later, ['pending', 'pending']);
  assert.deepEqual(commits, [
    [1, 2, 3],
    [4, 5],
  ]);
  await end();
  assert.deepEqual(later, ['durable', 'durable']);
});

test('a failed commit takes with it what was decided behind it, and nothing after that', async () => {
  const { queue, commits, end, failures } = bench();
  const first = watch(queue.add([write(1)]));
  await nextTurn();
  const behind = watch(queue.add([write(2)]));
  await end(new Error('disk full'));
  assert.deepEqual([...first, ...behind], ['disk full', 'disk full']);
  assert.deepEqual(failures, [1]);
  const after = watch(queue.add([write(3)]));
  await nextTurn();
  await end();
  assert.deepEqual(after, ['durable']);
  assert.deepEqual(commits, [[1], [3]]);
});

test('failures are counted until one commit succeeds', async () => {
  const { queue, end, failures } = bench();
  for (const fails of [true, true, true, false, true]) {
    watch(queue.add([write(1)]));
    await nextTurn();
    await end(fails ? new Error('no') : undefined);
  }
  assert.deepEqual(failures, [1, 2, 3, 1]);
});

test('those who wait hear of a failure after everything in memory was dropped', async () => {
  const order: string[] = [];
  const { queue, end } = bench(() => order.push('dropped'));
  queue.add([write(1)]).catch(() => order.push('told'));
  await nextTurn();
  await end(new Error('no'));
  assert.deepEqual(order, ['dropped', 'told']);
});

test('what is decided on the dropped state itself starts a commit of its own', async () => {
  const states: string[][] = [];
  const { queue, commits, end } = bench((failed) => states.push(watch(failed.add([write(9)]))));
  watch(queue.add([write(1)]));
  await nextTurn();
  await end(new Error('no'));
  await nextTurn();
  await end();
  assert.deepEqual(commits, [[1], [9]]);
  assert.deepEqual(states, [['durable']]);
});

test('it is drained when the last commit has ended, whichever way', async () => {
  const { queue, end } = bench();
  await queue.drained();
  watch(queue.add([write(1)]));
  await nextTurn();
  watch(queue.add([write(2)]));
  const drained = watch(queue.drained());
  await end();
  assert.deepEqual(drained, ['pending']);
  await end(new Error('no'));
  assert.deepEqual(drained, ['durable']);
});

test('commits are measured: how much goes together, and how long the first of it waits', async () => {
  const { queue, end, metrics } = bench();
  const counted = (name: string) => linesOf(metrics.registry, name);
  watch(queue.add([write(1), write(2)]));
  await nextTurn();
  for (const run of [3, 4, 5]) watch(queue.add([write(run)]));
  metrics.clock.elapsedMs = 200;
  await end();
  assert.deepEqual(counted('commit_group_size_sum'), ['commit_group_size_sum 1']);
  metrics.clock.elapsedMs = 300;
  await end();
  assert.deepEqual(counted('commit_group_size_sum'), ['commit_group_size_sum 4']);
  assert.deepEqual(counted('commit_latency_sum'), ['commit_latency_sum 0.5']);
  watch(queue.add([write(6)]));
  await nextTurn();
  await end(new Error('the disk is full'));
  assert.deepEqual(counted('commit_failures'), ['commit_failures 1']);
  assert.deepEqual(counted('commit_group_size_count'), ['commit_group_size_count 2']);
});

test('patient writes go along with the next commit, behind what it is made for', async () => {
  const { queue, commits, end } = bench();
  const states = watch(queue.addPatiently([write(1)]), queue.addPatiently([write(2)]));
  await nextTurn();
  assert.deepEqual(commits, []);
  const urgent = watch(queue.add([write(3)]), queue.addPatiently([write(4)]));
  await nextTurn();
  assert.deepEqual(commits, [[3, 4, 1, 2]]);
  await end();
  assert.deepEqual([...states, ...urgent], ['durable', 'durable', 'durable', 'durable']);
});

test('patient writes get a commit of their own after a while, or when the queue is drained', async () => {
  const { queue, commits, end, metrics } = bench();
  const waiting = queue.addPatiently([write(1)]);
  while (commits.length === 0) await nextTurn();
  await end();
  await waiting;
  const last = watch(queue.addPatiently([write(2)]));
  const drained = queue.drained();
  await nextTurn();
  assert.deepEqual(commits, [[1], [2]]);
  await end();
  await drained;
  assert.deepEqual(last, ['durable']);
  assert.deepEqual(linesOf(metrics.registry, 'commit_group_size_sum'), ['commit_group_size_sum 2']);
});

test('patient writes fail with the commit that they went along with', async () => {
  const { queue, end } = bench();
  const states = watch(queue.addPatiently([write(1)]), queue.add([write(2)]));
  await nextTurn();
  await end(new Error('disk full'));
  assert.deepEqual(states, ['disk full', 'disk full']);
  await queue.drained();
});
