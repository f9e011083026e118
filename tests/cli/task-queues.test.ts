// `perdure task-queue`: what waits, who polls, and limits.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { hand } from '../e2e/hand.ts';
import { sharedServer, unique } from '../e2e/harness.ts';
import { commandOf } from './command.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

interface Described {
  readonly pollers: readonly {
    readonly taskQueueType: string;
    readonly identity: string;
    readonly lastAccessTime: string;
  }[];
  readonly stats: readonly { readonly taskQueueType: string; readonly approximateBacklogCount: number }[];
  readonly reachability: readonly unknown[];
  readonly config?: Readonly<Record<string, unknown>>;
}

describe('a task queue', { concurrency: true }, () => {
  it('shows its backlog and its pollers, for each type of tasks', async () => {
    const w = await hand();
    await w.start();
    const waiting = await cli.json<Described>('task-queue', 'describe', '--task-queue', w.taskQueue);
    assert.deepEqual(
      waiting.stats.map(({ taskQueueType, approximateBacklogCount }) => [taskQueueType, approximateBacklogCount]),
      [
        ['workflow', 1],
        ['activity', 0],
      ],
    );
    assert.deepEqual([waiting.pollers, waiting.reachability, waiting.config], [[], [], undefined]);
    await w.workflowTask();
    const polled = await cli.json<Described>('task-queue', 'describe', w.taskQueue, '--task-queue-type', 'workflow');
    assert.deepEqual(
      polled.stats.map((stats) => stats.approximateBacklogCount),
      [0],
    );
    const [poller] = polled.pollers;
    assert.deepEqual([poller?.taskQueueType, poller?.identity], ['workflow', 'by-hand']);
    const text = await cli.text('task-queue', 'describe', w.taskQueue, '--time-format', 'raw');
    assert.match(
      text,
      /^Task Queue Statistics:\n  BuildID .*\n  UNVERSIONED  workflow       0 .*0s\n  UNVERSIONED  activity       0 .*0s\n\n/,
    );
    assert.match(text, /\nPollers:\n  BuildID .*\n  UNVERSIONED  workflow       by-hand   20.*Z  unlimited/);
    const without = await cli.text('task-queue', 'describe', w.taskQueue, '--disable-stats');
    assert.match(without, /^Pollers:\n/);
  });

  it('is limited, as can be seen, and no more', async () => {
    const queue = ['--task-queue', unique('tq'), '--task-queue-type', 'activity'];
    assert.equal(await cli.text('task-queue', 'config', 'get', ...queue), 'No configuration found for task queue\n');
    assert.deepEqual(await cli.json('task-queue', 'config', 'get', ...queue), {});
    const limits = ['--queue-rps-limit', '2.5', '--queue-rps-limit-reason', 'the bank', '--identity', 'Ada'];
    const weights = ['--fairness-key-weight', 'a=5', '--fairness-key-weight', 'b=0.5'];
    const set = await cli.text('task-queue', 'config', 'set', ...queue, ...limits, ...weights);
    assert.match(set, /^  Queue Rate Limit +2\.5 rps +the bank +Ada +\S+/m);
    assert.match(set, /^  Weight of a +5$/m);
    await cli.text('task-queue', 'config', 'set', ...queue, '--fairness-key-weight', 'a=default');
    const config = await cli.json<Record<string, unknown>>('task-queue', 'config', 'get', ...queue);
    assert.deepEqual(config['fairnessWeightOverrides'], { b: 0.5 });
    const described = await cli.json<Described>('task-queue', 'describe', ...queue, '--report-config');
    assert.deepEqual(described.config, { activity: config });
    const reported = await cli.text('task-queue', 'describe', ...queue, '--report-config');
    assert.match(reported, /^Configuration of activity tasks:\n  Setting .*\n  Queue Rate Limit +2\.5 rps/m);
    const stopping = await cli.run(['task-queue', 'config', 'set', ...queue, '--queue-rps-limit', '0']);
    assert.equal(stopping.stderr, 'Warning: --queue-rps-limit 0 stops the task queue.\n');
    const cleared = ['--queue-rps-limit', 'default', '--fairness-key-weight-clear-all'];
    const none = await cli.json<{ config: Record<string, unknown> }>(
      'task-queue',
      'config',
      'set',
      ...queue,
      ...cleared,
    );
    assert.equal(none.config['fairnessWeightOverrides'], undefined);
    assert.match(await cli.text('task-queue', 'config', 'get', ...queue), /^  Queue Rate Limit +Not Set/m);
  });

  it('is not limited by what makes no sense', async () => {
    const queue = ['--task-queue', 'orders', '--task-queue-type', 'activity'];
    for (const [args, message] of [
      [[], /there is nothing to set/],
      [['--queue-rps-limit', 'fast'], /--queue-rps-limit must be a number from 0 on, or default: fast/],
      [['--queue-rps-limit=-1'], /--queue-rps-limit must be/],
      [['--fairness-key-weight', 'a=0'], /--fairness-key-weight must be KEY=WEIGHT with a weight above 0/],
      [['--fairness-key-weight', 'a=1', '--fairness-key-weight', 'a=2'], /names a key twice/],
      [['--fairness-key-weight', 'a=1', '--fairness-key-weight-clear-all'], /does not go with/],
    ] as const) {
      const { exitCode, stderr } = await cli.run(['task-queue', 'config', 'set', ...queue, ...args]);
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, message);
    }
  });

  it('tells in the old way what it told then', async () => {
    const w = await hand();
    await w.start();
    await w.workflowTask();
    const { taskQueues, pollers } = await cli.json<{
      taskQueues: unknown[];
      pollers: { partition: number; identity: string }[];
    }>(...['task-queue', 'describe', w.taskQueue, '--legacy-mode', '--partitions-legacy', '1']);
    assert.deepEqual(taskQueues, [{ partition: 0 }]);
    assert.deepEqual(
      pollers.map(({ partition, identity }) => [partition, identity]),
      [[0, 'by-hand']],
    );
  });

  it('has no versions and partitions, as the server says', async () => {
    const t = ['--task-queue', 'orders'];
    const b = ['--build-id', '1.0'];
    const redirect = ['--source-build-id', '1.0', '--target-build-id', '1.1'];
    const calls: readonly (readonly [readonly string[], string])[] = [
      [['describe', ...t, '--select-build-id', '1.0'], 'DescribeTaskQueue with api_mode=ENHANCED is not implemented'],
      [['describe', ...t, '--report-reachability'], 'DescribeTaskQueue with api_mode=ENHANCED is not implemented'],
      [['list-partition', ...t], 'ListTaskQueuePartitions'],
      [['get-build-ids', ...t], 'GetWorkerBuildIdCompatibility'],
      [['get-build-id-reachability', ...b, '--reachability-type', 'open'], 'GetWorkerTaskReachability'],
      ...['add-new-default', 'promote-id-in-set', 'promote-set'].map(
        (name) => [['update-build-ids', name, ...t, ...b], 'UpdateWorkerBuildIdCompatibility'] as const,
      ),
      [
        ['update-build-ids', 'add-new-compatible', ...t, ...b, '--existing-compatible-build-id', '0.9'],
        'UpdateWorkerBuildIdCompatibility',
      ],
      [['versioning', 'get-rules', ...t], 'GetWorkerVersioningRules'],
      [['versioning', 'insert-assignment-rule', ...t, ...b, '--percentage', '10', '-y'], 'GetWorkerVersioningRules'],
      [['versioning', 'replace-assignment-rule', ...t, ...b, '-i', '0', '-y'], 'GetWorkerVersioningRules'],
      [['versioning', 'delete-assignment-rule', ...t, '-i', '0', '-y'], 'GetWorkerVersioningRules'],
      [['versioning', 'add-redirect-rule', ...t, ...redirect, '-y'], 'GetWorkerVersioningRules'],
      [['versioning', 'replace-redirect-rule', ...t, ...redirect, '-y'], 'GetWorkerVersioningRules'],
      [['versioning', 'delete-redirect-rule', ...t, '--source-build-id', '1.0', '-y'], 'GetWorkerVersioningRules'],
      [['versioning', 'commit-build-id', ...t, ...b, '-y'], 'GetWorkerVersioningRules'],
    ];
    for (const [args, what] of calls) {
      const { exitCode, stderr } = await cli.run(['task-queue', ...args]);
      const message = what.includes(' ') ? what : `${what} is not implemented by this server`;
      assert.deepEqual([exitCode, stderr], [1, `Error: ${message}\n`]);
    }
    const help = await cli.text('task-queue', '--help');
    assert.doesNotMatch(help, /versioning|build-id/, 'what is deprecated is not in the help');
  });
});
