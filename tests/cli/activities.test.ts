// `perdure activity` and `perdure batch`: activities of workflows, one by one and many at once.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import proto from '@temporalio/proto';
import { Group } from '../e2e/batch-hand.ts';
import { EventType, type Hand, hand, millis, scheduleActivity, seconds, sharedRaw, texts } from '../e2e/hand.ts';
import { eventually, sharedServer } from '../e2e/harness.ts';
import { commandOf } from './command.ts';

const { PENDING_ACTIVITY_STATE_PAUSED: PAUSED, PENDING_ACTIVITY_STATE_SCHEDULED: SCHEDULED } =
  proto.temporal.api.enums.v1.PendingActivityState;

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

/** A workflow whose activity `a1` waits for a worker. */
async function scheduled(w?: Hand): Promise<Hand> {
  const started = w ?? (await hand());
  if (w === undefined) await started.start();
  await started.step(scheduleActivity(started.taskQueue, { startToCloseTimeout: seconds(60) }));
  return started;
}

const of = ({ workflowId }: Hand) => ['--activity-id', 'a1', '--workflow-id', workflowId];

describe('an activity of a workflow', { concurrency: true }, () => {
  it('is completed with a result', async () => {
    const w = await scheduled();
    await w.activityTask();
    const wrong = await cli.run(['activity', 'complete', ...of(w), '--result', 'yes']);
    assert.deepEqual([wrong.exitCode, /--result is not JSON/.test(wrong.stderr)], [2, true]);
    assert.equal(
      await cli.text('activity', 'complete', ...of(w), '--result', '{"ok":true}'),
      'Activity a1 completed\n',
    );
    const { activityTaskCompletedEventAttributes: answered } = await w.event(
      EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    );
    assert.deepEqual<unknown>(texts(answered?.result), [{ ok: true }]);
  });

  it('is failed for good', async () => {
    const w = await scheduled();
    await w.activityTask();
    await cli.text('activity', 'fail', ...of(w), '--reason', 'not approved', '--detail', '[1]', '--identity', 'Ada');
    const { activityTaskFailedEventAttributes: failed } = await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED);
    assert.equal(failed?.failure?.message, 'not approved');
    assert.equal(failed?.failure?.applicationFailureInfo?.nonRetryable, true);
    assert.deepEqual<unknown>(texts(failed?.failure?.applicationFailureInfo?.details), [[1]]);
    assert.equal(failed?.identity, 'Ada');
  });

  it('is paused, reset and unpaused', async () => {
    const w = await scheduled();
    assert.equal(await cli.text('activity', 'pause', ...of(w), '--reason', 'closed'), 'Activity a1 paused\n');
    const paused = await w.pendingActivity();
    assert.equal(paused.state, PAUSED);
    assert.equal(paused.pauseInfo?.manual?.reason, 'closed');
    assert.deepEqual(await cli.json('activity', 'reset', ...of(w), '--keep-paused'), { keepPaused: true });
    assert.equal((await w.pendingActivity()).state, PAUSED);
    assert.equal(await cli.text('activity', 'unpause', ...of(w)), 'Activity a1 unpaused\n');
    assert.equal((await w.pendingActivity()).state, SCHEDULED);
    await cli.text('activity', 'pause', ...of(w));
    assert.deepEqual(await cli.json('activity', 'reset', ...of(w)), { keepPaused: false });
    assert.equal((await w.pendingActivity()).state, SCHEDULED);
  });

  it('gets other options, and its own back', async () => {
    const w = await scheduled();
    const updated = await cli.json<Record<string, unknown>>(
      ...['activity', 'update-options', ...of(w), '--start-to-close-timeout', '2m', '--task-queue', 'other'],
      ...['--retry-maximum-attempts', '7', '--retry-initial-interval', '1500ms'],
    );
    assert.equal(updated['TaskQueue'], 'other');
    assert.equal(updated['StartToCloseTimeout'], 120_000_000_000, 'in nanoseconds');
    assert.deepEqual([updated['MaximumAttempts'], updated['InitialInterval']], [7, 1_500_000_000]);
    const text = await cli.text('activity', 'update-options', ...of(w), '--restore-original-options');
    assert.match(text, new RegExp(`^  TaskQueue +${w.taskQueue}$`, 'm'));
    assert.match(text, /^  StartToCloseTimeout +1m$/m);
    assert.match(text, /^  MaximumAttempts +unlimited$/m);
    assert.equal(millis((await w.pendingActivity()).activityOptions?.startToCloseTimeout), 60_000);
    for (const [args, message] of [
      [[], /there is nothing to change/],
      [['--start-delay', '1m'], /--start-delay is for standalone activities/],
      [['--task-queue', 'q', '--rps', '1'], /--rps goes with --query only/],
    ] as const) {
      const { exitCode, stderr } = await cli.run(['activity', 'update-options', ...of(w), ...args]);
      assert.equal(exitCode, 2);
      assert.match(stderr, message);
    }
  });
});

interface Started {
  readonly batchJobId: string;
}

describe('activities of many workflows', () => {
  it('are changed, reset and unpaused by batch jobs, whose progress can be seen', async () => {
    const group = new Group(await sharedRaw());
    const members = await group.addMany(3);
    for (const w of members) await scheduled(w);
    const found = ['--query', group.query];
    const unasked = await cli.run(['activity', 'reset', ...found]);
    assert.equal(unasked.exitCode, 2);
    assert.match(unasked.stderr, /Start batch against approximately 3 workflow\(s\)\?/);
    const both = await cli.run(['activity', 'reset', ...found, '-a', 'a1']);
    assert.match(both.stderr, /--activity-id does not go with --query/);
    const neither = await cli.run(['activity', 'unpause']);
    assert.match(neither.stderr, /--activity-id must be given .* or --query/);

    const { batchJobId } = await cli.json<Started>(
      ...['activity', 'update-options', ...found, '--heartbeat-timeout', '5s', '--yes', '--reason', 'silent workers'],
    );
    await completed(batchJobId, 3);
    for (const w of members) assert.equal(millis((await w.pendingActivity()).activityOptions?.heartbeatTimeout), 5000);
    const text = await cli.text('batch', 'describe', batchJobId);
    for (const line of [
      ...['State +Completed', 'Type +UpdateActivityOptions', 'Progress +100 %', 'CompletedCount +3/3'],
      ...['FailureCount +0/3', 'Reason +silent workers'],
    ]) {
      assert.match(text, new RegExp(`^  ${line}$`, 'm'));
    }

    for (const { workflowId } of members) await cli.text('activity', 'pause', '-a', 'a1', '-w', workflowId);
    const reset = await cli.json<Started>('activity', 'reset', ...found, '--keep-paused', '--yes');
    await completed(reset.batchJobId, 3);
    for (const w of members) assert.equal((await w.pendingActivity()).state, PAUSED);
    const unpaused = await cli.run(['activity', 'unpause', ...found, '--jitter', '1ms', '--rps', '100', '-y']);
    const jobId = /^Started batch for job ID: (\S+)\n$/.exec(unpaused.stdout)?.[1] ?? '';
    assert.equal(unpaused.stderr, `'perdure batch describe ${jobId}' shows how far it is.\n`);
    await completed(jobId, 3);
    for (const w of members) {
      await eventually('the activity can run', async () =>
        (await w.pendingActivity()).state === SCHEDULED ? true : undefined,
      );
    }

    const jobs = await eventually('all jobs in the list', async () => {
      const listed = await cli.json<{ jobId: string; state: string }[]>('batch', 'list');
      return listed.length >= 3 ? listed : undefined;
    });
    for (const id of [batchJobId, reset.batchJobId, jobId]) assert(jobs.some((job) => job.jobId === id));
    assert.equal((await cli.json<unknown[]>('batch', 'list', '--limit', '1')).length, 1);
    assert.match(
      await cli.text('batch', 'list', '-o', 'csv'),
      /^JobId,State,Type,StartTime,CloseTime\n.*,Completed,\w+Activity\w*,/,
    );
  });

  it('are left alone from when a job is terminated', async () => {
    const group = new Group(await sharedRaw());
    for (const w of await group.addMany(3)) await scheduled(w);
    const found = ['--query', group.query];
    // So slow that it waits after the first.
    const { batchJobId } = await cli.json<Started>('activity', 'reset', ...found, '--rps', '0.01', '-y');
    const stopped = await cli.text('batch', 'terminate', '--job-id', batchJobId, '--reason', 'wrong query');
    assert.equal(stopped, `Terminated Batch Job '${batchJobId}'\n`);
    const job = await cli.json<{ state: string; completeOperationCount?: string }>('batch', 'describe', batchJobId);
    assert.equal(job.state, 'BATCH_OPERATION_STATE_FAILED');
    assert(Number(job.completeOperationCount ?? 0) < 3);
    const unknown = await cli.run(['batch', 'describe', '--job-id', 'none', '-o', 'json']);
    assert.deepEqual(
      [unknown.exitCode, JSON.parse(unknown.stderr)],
      [3, { error: { code: 'NOT_FOUND', message: "could not find Batch Job 'none'" } }],
    );
  });
});

async function completed(jobId: string, count: number): Promise<void> {
  const job = await eventually('the end of the batch job', async () => {
    const described = await cli.json<Record<string, string>>('batch', 'describe', '--job-id', jobId);
    return described['state'] === 'BATCH_OPERATION_STATE_RUNNING' ? undefined : described;
  });
  assert.deepEqual([job['state'], job['completeOperationCount']], ['BATCH_OPERATION_STATE_COMPLETED', String(count)]);
}

describe('a standalone activity', () => {
  it('is what the server says it does not have', async () => {
    const a = ['--activity-id', 'a'];
    const start = [...a, '--type', 'Check', '--task-queue', 'orders', '--start-to-close-timeout', '1m', '--input', '1'];
    const calls: readonly (readonly [readonly string[], string])[] = [
      [['start', ...start], 'StartActivityExecution'],
      [
        ['execute', ...start, '--retry-maximum-attempts', '2', '--id-conflict-policy', 'UseExisting'],
        'StartActivityExecution',
      ],
      [['result', ...a], 'PollActivityExecution'],
      [['describe', ...a], 'DescribeActivityExecution'],
      [['list'], 'ListActivityExecutions'],
      [['count', '--query', "ActivityType = 'Check'"], 'CountActivityExecutions'],
      [['cancel', ...a], 'RequestCancelActivityExecution'],
      [['terminate', ...a, '--reason', 'why'], 'TerminateActivityExecution'],
      [['delete', ...a, '--yes'], 'DeleteActivityExecution'],
      [['pause', ...a], 'PauseActivityExecution'],
      [['unpause', ...a], 'UnpauseActivityExecution'],
      [['reset', ...a], 'ResetActivityExecution'],
      [['update-options', ...a, '--start-delay', '1m'], 'UpdateActivityExecutionOptions'],
    ];
    for (const [args, method] of calls) {
      const { exitCode, stderr, stdout } = await cli.run(['activity', ...args, '-o', 'jsonl']);
      assert.deepEqual([exitCode, stdout], [1, ''], method);
      const error = { code: 'UNIMPLEMENTED', message: `${method} is not implemented by this server` };
      assert.deepEqual(JSON.parse(stderr), { error });
    }
    const batch = await cli.run(['activity', 'terminate', '--query', "ActivityType = 'Check'", '--yes']);
    assert.match(batch.stderr, /^Error: batch operations on standalone activities are not implemented/);
    const unsure = await cli.run(['activity', 'delete', ...a]);
    assert.match(unsure.stderr, /Delete activity a\?/);
  });
});
