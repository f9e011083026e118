// Activities through the official SDK: results, retries, each timeout as the failure type it becomes, heartbeats,
// cancellation, completion from elsewhere, and local activities.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActivityFailure, ApplicationFailure, TimeoutFailure, WorkflowFailedError } from '@temporalio/client';
import type { ActivityCancellationType, ActivityOptions } from '@temporalio/workflow';
import { unique } from './harness.ts';
import { noticed } from './sdk/notices.ts';
import { sharedClient, start } from './sdk/worker.ts';
import { cancelActivityAtSignal, go, manyActivities, runActivity, runLocalActivity } from './sdk/workflows.ts';

type Name = Parameters<typeof runActivity>[0];

const QUICK: ActivityOptions = { startToCloseTimeout: '10s', retry: { initialInterval: 50, backoffCoefficient: 1 } };
const ONCE = { maximumAttempts: 1 };

async function run(name: Name, options: ActivityOptions, ...args: unknown[]): Promise<unknown> {
  const handle = await start(runActivity, [name, options, ...args]);
  return handle.result();
}

/** The failure inside the activity failure inside the workflow failure. */
async function causeOf(result: Promise<unknown>): Promise<Error | undefined> {
  const error = await result.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert(error instanceof WorkflowFailedError, String(error));
  assert(error.cause instanceof ActivityFailure, String(error.cause));
  return error.cause.cause;
}

describe('an activity', { concurrency: true }, () => {
  it('returns its result', async () => {
    assert.equal(await run('echo', QUICK, 'hello'), 'hello');
  });

  it('is retried until it succeeds', async () => {
    assert.equal(await run('failUntil', QUICK, 3), 3);
  });

  it('is not retried after a failure that says so', async () => {
    const cause = await causeOf(run('failForGood', QUICK, 'Hopeless'));
    assert(cause instanceof ApplicationFailure);
    assert.equal(cause.type, 'Hopeless');
    assert.equal(cause.message, 'hopeless');
    assert.deepEqual(cause.details, ['a detail']);
    assert.equal(cause.nonRetryable, true);
  });

  it('is not retried after a failure the policy names', async () => {
    const retry = { ...QUICK.retry, nonRetryableErrorTypes: ['Hopeless'] };
    const cause = await causeOf(run('failWithType', { ...QUICK, retry }, 'Hopeless'));
    assert(cause instanceof ApplicationFailure);
    assert.equal(cause.type, 'Hopeless');
  });

  it('goes on where the heartbeat of its last attempt was', async () => {
    assert.deepEqual(await run('resume', QUICK, 4), [4, 4]);
  });

  it('in a hundred at once', async () => {
    const handle = await start(manyActivities, [100]);
    assert.equal(await handle.result(), 100);
  });
});

describe('a timeout', { concurrency: true }, () => {
  const timeouts: readonly [string, ActivityOptions][] = [
    ['START_TO_CLOSE', { startToCloseTimeout: '1s', retry: ONCE }],
    ['HEARTBEAT', { startToCloseTimeout: '1m', heartbeatTimeout: '1s', retry: ONCE }],
    ['SCHEDULE_TO_CLOSE', { scheduleToCloseTimeout: '1s', retry: ONCE }],
    [
      'SCHEDULE_TO_START',
      { startToCloseTimeout: '1m', scheduleToStartTimeout: '1s', taskQueue: unique('nobody'), retry: ONCE },
    ],
  ];
  for (const [type, options] of timeouts) {
    it(type, async () => {
      const cause = await causeOf(run('hang', options));
      assert(cause instanceof TimeoutFailure);
      assert.equal(cause.timeoutType, type);
    });
  }
});

describe('cancelling an activity', { concurrency: true }, () => {
  const types: readonly [ActivityCancellationType, boolean][] = [
    ['TRY_CANCEL', true],
    ['WAIT_CANCELLATION_COMPLETED', true],
    ['ABANDON', false],
  ];
  for (const [type, told] of types) {
    it(`${type}: the workflow goes on${told ? ', and the activity is told' : ' and tells nobody'}`, async () => {
      const workflowId = unique('cancel');
      const running = noticed(`running ${workflowId}`);
      const cancelled = noticed(`cancelled ${workflowId}`);
      const handle = await start(cancelActivityAtSignal, [type], { workflowId });
      await running;
      await handle.signal(go);
      assert.equal(await handle.result(), 'cancelled');
      if (told) await cancelled;
      const requested =
        (await handle.fetchHistory()).events?.map(
          (event) => event.activityTaskCancelRequestedEventAttributes !== null,
        ) ?? [];
      assert.equal(requested.includes(true), told);
    });
  }
});

describe('completing an activity from elsewhere', { concurrency: true }, () => {
  it('by its token', async () => {
    const key = unique('async');
    const token = noticed(`token ${key}`);
    const handle = await start(runActivity, ['completeLater', QUICK, key]);
    const [taskToken] = (await token) as [Uint8Array];
    const { activity } = await sharedClient();
    await activity.heartbeat(taskToken, 'on its way');
    await activity.complete(taskToken, 'from elsewhere');
    assert.equal(await handle.result(), 'from elsewhere');
  });

  it('by its id', async () => {
    const key = unique('async');
    const token = noticed(`token ${key}`);
    const handle = await start(runActivity, ['completeLater', QUICK, key]);
    const [, activityId] = (await token) as [Uint8Array, string];
    const { activity } = await sharedClient();
    await activity.complete({ workflowId: handle.workflowId, activityId }, 'by id');
    assert.equal(await handle.result(), 'by id');
  });

  it('with a failure', async () => {
    const key = unique('async');
    const token = noticed(`token ${key}`);
    const handle = await start(runActivity, ['completeLater', { ...QUICK, retry: ONCE }, key]);
    const [taskToken] = (await token) as [Uint8Array];
    await (await sharedClient()).activity.fail(taskToken, ApplicationFailure.nonRetryable('no'));
    const cause = await causeOf(handle.result());
    assert.equal(cause?.message, 'no');
  });
});

describe('a local activity', { concurrency: true }, () => {
  it('leaves a marker, and no activity', async () => {
    const handle = await start(runLocalActivity, ['echo', { startToCloseTimeout: '10s' }, 'local']);
    assert.equal(await handle.result(), 'local');
    const events = (await handle.fetchHistory()).events ?? [];
    assert.deepEqual(
      events.flatMap((event) => event.markerRecordedEventAttributes?.markerName ?? []),
      ['core_local_activity'],
    );
    assert(events.every((event) => !event.activityTaskScheduledEventAttributes));
  });

  it('is retried', async () => {
    const handle = await start(runLocalActivity, [
      'failUntil',
      { startToCloseTimeout: '10s', retry: { initialInterval: 10 } },
      3,
    ]);
    assert.equal(await handle.result(), 3);
  });

  it('may be longer than a workflow task: the worker keeps the task alive', async () => {
    const options = { startToCloseTimeout: '30s', retry: { initialInterval: 1_500, backoffCoefficient: 1 } };
    const handle = await start(runLocalActivity, ['failUntil', options, 2], { workflowTaskTimeout: '1s' });
    assert.equal(await handle.result(), 2);
    const events = (await handle.fetchHistory()).events ?? [];
    assert(events.filter((event) => event.workflowTaskCompletedEventAttributes).length > 1);
    assert(events.every((event) => !event.workflowTaskTimedOutEventAttributes));
  });
});
