// Activities on the wire: what the worker is given, how attempts follow each other, and how each kind of end looks.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import type { Hand } from './hand.ts';
import {
  cancelActivity,
  completeWorkflow,
  EventType,
  hand,
  IDENTITY,
  millis,
  payloads,
  RetryState,
  scheduleActivity,
  seconds,
  startTimer,
  TimeoutType,
  texts,
} from './hand.ts';
import { NAMESPACE } from './harness.ts';

const { PendingActivityState } = proto.temporal.api.enums.v1;
type Attributes = temporal.api.command.v1.IScheduleActivityTaskCommandAttributes;

const QUICK_RETRIES = { initialInterval: seconds(0.05), backoffCoefficient: 1 };
const NO_RETRIES = { maximumAttempts: 1 };

async function withActivity(attributes: Attributes, workflowTimeoutSeconds = 0): Promise<Hand> {
  const w = await hand();
  await w.start(workflowTimeoutSeconds > 0 ? { workflowRunTimeout: seconds(workflowTimeoutSeconds) } : {});
  await w.step(scheduleActivity(w.taskQueue, attributes));
  return w;
}

async function timedOut(w: Hand) {
  const event = await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT);
  const attributes = event.activityTaskTimedOutEventAttributes;
  assert(attributes);
  return attributes;
}

async function failed(w: Hand) {
  const event = await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED);
  const attributes = event.activityTaskFailedEventAttributes;
  assert(attributes);
  return attributes;
}

describe('an activity task', { concurrency: true }, () => {
  it('says everything the worker needs to know', async () => {
    const w = await withActivity({
      input: payloads('x'),
      header: { fields: { trace: payloads('h').payloads?.[0] ?? {} } },
      heartbeatTimeout: seconds(3),
      scheduleToCloseTimeout: seconds(30),
    });
    const task = await w.activityTask();
    assert.equal(task.activityId, 'a1');
    assert.equal(task.activityType?.name, 'work');
    assert.equal(task.workflowExecution?.workflowId, w.workflowId);
    assert.equal(task.workflowType?.name, 'by-hand');
    assert.equal(task.workflowNamespace, NAMESPACE);
    assert.deepEqual(texts(task.input), ['x']);
    assert.deepEqual(texts({ payloads: [task.header?.fields?.['trace'] ?? {}] }), ['h']);
    assert.equal(task.attempt, 1);
    assert.equal(millis(task.startToCloseTimeout), 10_000);
    assert.equal(millis(task.scheduleToCloseTimeout), 30_000);
    assert.equal(millis(task.heartbeatTimeout), 3_000);
    assert.equal(millis(task.retryPolicy?.initialInterval), 1_000);
    assert.equal(task.retryPolicy?.backoffCoefficient, 2);
    assert(millis(task.scheduledTime) > 0 && millis(task.startedTime) >= millis(task.scheduledTime));
  });

  it('goes to the task queue of its own', async () => {
    const other = await hand();
    const w = await withActivity({ taskQueue: { name: other.taskQueue } });
    const task = await other.activityTask();
    assert.equal(task.workflowExecution?.workflowId, w.workflowId);
  });

  it('is scheduled with every timeout filled in', async () => {
    const onlyStartToClose = await withActivity({}, 60);
    const first = (await onlyStartToClose.history())[4]?.activityTaskScheduledEventAttributes;
    assert.equal(millis(first?.startToCloseTimeout), 10_000);
    assert.equal(millis(first?.scheduleToCloseTimeout), 60_000);
    assert.equal(millis(first?.scheduleToStartTimeout), 60_000);

    const onlyScheduleToClose = await withActivity({ startToCloseTimeout: null, scheduleToCloseTimeout: seconds(7) });
    const second = (await onlyScheduleToClose.history())[4]?.activityTaskScheduledEventAttributes;
    assert.equal(millis(second?.startToCloseTimeout), 7_000);
    assert.equal(millis(second?.scheduleToStartTimeout), 7_000);
    assert.equal(millis(second?.retryPolicy?.maximumInterval), 100_000);
    assert.equal(second?.retryPolicy?.maximumAttempts, 0);
  });

  it('heartbeats are limited to start-to-close', async () => {
    const w = await withActivity({ startToCloseTimeout: seconds(2), heartbeatTimeout: seconds(60) });
    assert.equal(millis((await w.activityTask()).heartbeatTimeout), 2_000);
  });
});

describe('timeouts', { concurrency: true }, () => {
  it('start-to-close', async () => {
    const w = await withActivity({ startToCloseTimeout: seconds(1), retryPolicy: NO_RETRIES });
    await w.activityTask();
    const end = await timedOut(w);
    assert.equal(end.failure?.timeoutFailureInfo?.timeoutType, TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE);
    assert.equal(end.failure?.message, 'activity StartToClose timeout');
    assert.equal(end.retryState, RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED);
    assert.equal(Number(end.scheduledEventId), 5);
    assert.equal(Number(end.startedEventId), 6);
  });

  it('heartbeat, with the last details', async () => {
    const w = await withActivity({ heartbeatTimeout: seconds(1), retryPolicy: NO_RETRIES });
    await w.heartbeat(await w.activityTask(), 'half way');
    const end = await timedOut(w);
    const info = end.failure?.timeoutFailureInfo;
    assert.equal(info?.timeoutType, TimeoutType.TIMEOUT_TYPE_HEARTBEAT);
    assert.deepEqual(texts(info?.lastHeartbeatDetails), ['half way']);
    assert.equal(end.failure?.message, 'activity Heartbeat timeout');
  });

  it('schedule-to-close, over all attempts', async () => {
    const w = await withActivity({
      scheduleToCloseTimeout: seconds(1.5),
      retryPolicy: { initialInterval: seconds(0.2), backoffCoefficient: 1 },
    });
    await w.failActivity(await w.activityTask());
    await w.activityTask();
    const end = await timedOut(w);
    assert.equal(end.failure?.timeoutFailureInfo?.timeoutType, TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE);
    assert.equal(end.failure?.cause?.message, 'broken');
  });

  it('a heartbeat keeps the attempt alive', async () => {
    const w = await withActivity({ heartbeatTimeout: seconds(1), retryPolicy: NO_RETRIES });
    const task = await w.activityTask();
    const clock = await hand();
    await clock.start();
    for (let beat = 0; beat < 4; beat++) {
      await w.heartbeat(task);
      await quietFor(clock, 0.4);
    }
    await w.completeActivity(task);
  });
});

/** Lets time pass on the server: one timer of another workflow. */
async function quietFor(clock: Hand, forSeconds: number): Promise<void> {
  // The first task comes at once, each later one when the timer of the one before has fired.
  const task = await clock.workflowTask();
  await clock.complete(task, [startTimer('t', forSeconds)]);
}

describe('attempts', { concurrency: true }, () => {
  it('show when the last heartbeat was, also of an earlier attempt', async () => {
    const w = await withActivity({ heartbeatTimeout: seconds(60), retryPolicy: QUICK_RETRIES });
    const first = await w.activityTask();
    await w.heartbeat(first);
    const { lastHeartbeatTime } = await w.pendingActivity();
    assert(lastHeartbeatTime);
    await w.failActivity(first);
    await w.activityTask();
    const second = await w.pendingActivity();
    assert.equal(second.attempt, 2);
    assert.deepEqual(second.lastHeartbeatTime, lastHeartbeatTime);
  });

  it('follow each other with the details of the last heartbeat', async () => {
    const w = await withActivity({ retryPolicy: QUICK_RETRIES });
    const first = await w.activityTask();
    await w.heartbeat(first, 'reached page 7');
    await w.failActivity(first);
    const second = await w.activityTask();
    assert.equal(second.attempt, 2);
    assert.deepEqual(texts(second.heartbeatDetails), ['reached page 7']);
    assert.notDeepEqual(second.taskToken, first.taskToken);
  });

  it('follow a timed-out one', async () => {
    const w = await withActivity({ startToCloseTimeout: seconds(1), retryPolicy: QUICK_RETRIES });
    await w.activityTask();
    assert.equal((await w.activityTask()).attempt, 2);
  });

  it('end at the maximum', async () => {
    const w = await withActivity({ retryPolicy: { ...QUICK_RETRIES, maximumAttempts: 2 } });
    await w.failActivity(await w.activityTask());
    await w.failActivity(await w.activityTask(), {}, 'last');
    const end = await failed(w);
    assert.equal(end.retryState, RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED);
    assert.equal(end.failure?.message, 'last');
    assert.equal(end.identity, IDENTITY);
  });

  it('end at a failure that is not retryable', async () => {
    const w = await withActivity({ retryPolicy: QUICK_RETRIES });
    await w.failActivity(await w.activityTask(), { nonRetryable: true });
    assert.equal((await failed(w)).retryState, RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE);
  });

  it('end at a failure type the policy names', async () => {
    const w = await withActivity({ retryPolicy: { ...QUICK_RETRIES, nonRetryableErrorTypes: ['Hopeless'] } });
    await w.failActivity(await w.activityTask(), { type: 'Hopeless' });
    assert.equal((await failed(w)).retryState, RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE);
  });

  it('end when the next one could not begin before schedule-to-close', async () => {
    const w = await withActivity({ scheduleToCloseTimeout: seconds(5), retryPolicy: { initialInterval: seconds(60) } });
    await w.failActivity(await w.activityTask());
    const end = await failed(w);
    assert.equal(end.retryState, RetryState.RETRY_STATE_TIMEOUT);
    assert.equal(end.failure?.message, 'broken');
  });

  it('come when the failure says so', async () => {
    const w = await withActivity({ retryPolicy: { initialInterval: seconds(600) } });
    await w.failActivity(await w.activityTask(), { nextRetryDelay: seconds(0.1) });
    assert.equal((await w.activityTask()).attempt, 2);
  });

  it('an old attempt cannot answer for the new one', async () => {
    const w = await withActivity({ startToCloseTimeout: seconds(1), retryPolicy: QUICK_RETRIES });
    const first = await w.activityTask();
    const second = await w.activityTask();
    await assert.rejects(w.completeActivity(first), /NOT_FOUND/);
    await w.completeActivity(second);
  });
});

describe('cancellation', { concurrency: true }, () => {
  it('is told by the heartbeat, and confirmed by the worker', async () => {
    const w = await withActivity({});
    const task = await w.activityTask();
    assert.equal((await w.heartbeat(task)).cancelRequested, false);
    await w.signal();
    await w.step(cancelActivity(5));
    assert.equal((await w.heartbeat(task)).cancelRequested, true);
    await w.raw.workflow.respondActivityTaskCanceled({
      namespace: NAMESPACE,
      taskToken: task.taskToken,
      details: payloads('stopped'),
      identity: IDENTITY,
    });
    const event = await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED);
    const canceled = event.activityTaskCanceledEventAttributes;
    assert.deepEqual(texts(canceled?.details), ['stopped']);
    assert.equal(Number(canceled?.scheduledEventId), 5);
    assert.equal(Number(canceled?.latestCancelRequestedEventId), 10);
  });

  it('ends the retries', async () => {
    const w = await withActivity({ retryPolicy: QUICK_RETRIES });
    const task = await w.activityTask();
    await w.signal();
    await w.step(cancelActivity(5));
    await w.failActivity(task);
    assert.equal((await failed(w)).retryState, RetryState.RETRY_STATE_CANCEL_REQUESTED);
  });
});

describe('answers by activity id', { concurrency: true }, () => {
  it('complete, fail and heartbeat', async () => {
    const w = await withActivity({ retryPolicy: QUICK_RETRIES });
    const target = { namespace: NAMESPACE, workflowId: w.workflowId, activityId: 'a1', identity: IDENTITY };
    await w.activityTask();
    await w.raw.workflow.recordActivityTaskHeartbeatById({ ...target, details: payloads('by id') });
    const failure = { message: 'by id', applicationFailureInfo: {} };
    await w.raw.workflow.respondActivityTaskFailedById({ ...target, failure });
    const second = await w.activityTask();
    assert.deepEqual(texts(second.heartbeatDetails), ['by id']);
    await w.raw.workflow.respondActivityTaskCompletedById({ ...target, result: payloads('by id') });
    const event = await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED);
    assert.deepEqual(texts(event.activityTaskCompletedEventAttributes?.result), ['by id']);
  });
});

describe('describe shows a pending activity', { concurrency: true }, () => {
  it('that waits, runs, failed and was asked to stop', async () => {
    const w = await withActivity({ retryPolicy: { ...QUICK_RETRIES, maximumAttempts: 9 } });
    const pending = async () => {
      const [activity] = (await w.describe()).pendingActivities ?? [];
      assert(activity);
      return activity;
    };
    assert.equal((await pending()).state, PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED);

    await w.failActivity(await w.activityTask());
    const task = await w.activityTask();
    await w.heartbeat(task, 'here');
    const running = await pending();
    assert.equal(running.state, PendingActivityState.PENDING_ACTIVITY_STATE_STARTED);
    assert.equal(running.activityId, 'a1');
    assert.equal(running.activityType?.name, 'work');
    assert.equal(running.attempt, 2);
    assert.equal(running.maximumAttempts, 9);
    assert.equal(running.lastFailure?.message, 'broken');
    assert.equal(running.lastWorkerIdentity, IDENTITY);
    assert.deepEqual(texts(running.heartbeatDetails), ['here']);

    await w.signal();
    await w.step(cancelActivity(5));
    assert.equal((await pending()).state, PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED);
    await w.completeActivity(task);
    assert.deepEqual((await w.describe()).pendingActivities, []);
  });
});

describe('when the workflow closes', { concurrency: true }, () => {
  it('a running activity learns it at its next heartbeat', async () => {
    const w = await withActivity({});
    const task = await w.activityTask();
    await w.signal();
    await w.step(completeWorkflow());
    await assert.rejects(w.heartbeat(task), /NOT_FOUND/);
    await assert.rejects(w.completeActivity(task), /NOT_FOUND/);
  });

  it('a waiting activity is not handed out any more', async () => {
    const w = await withActivity({});
    await w.signal();
    await w.step(completeWorkflow());
    const poll = await w.raw
      .as({ deadlineMs: 2_500 })
      .pollActivityTaskQueue({ namespace: NAMESPACE, taskQueue: { name: w.taskQueue } });
    assert.equal(poll.taskToken.length, 0);
  });
});
