// Pause, unpause, reset and new options of an activity: what becomes of the attempt, of the worker that has it, of the
// deadlines and of the tasks that wait in queues.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StatusError } from '@perdure/api';
import { ActivityOptions } from '@perdure/api/activity';
import { Payload } from '@perdure/api/common';
import { EventType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import type { Init } from '@perdure/api/wire';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import { reload, snapshot } from '../../test/snapshot.ts';
import {
  type Activity,
  completeActivity,
  findStartedActivity,
  heartbeatActivity,
  isActivityReady,
  nextDeadline,
  pauseActivity,
  pauseRun,
  resetActivity,
  restoreActivityOptions,
  selectActivities,
  type Transition,
  unpauseActivity,
  unpauseRun,
  updateActivityOptions,
  type WorkflowState,
} from '../index.ts';
import { attributeFields } from '../search-attributes/fields.ts';

type Options = Parameters<typeof c.scheduleActivity>[1];
const RETRY = {
  initialInterval: 1000,
  backoffCoefficient: 2,
  maximumInterval: 0,
  maximumAttempts: 0,
  nonRetryableErrorTypes: ['Fatal'],
};
const DETAILS = new TextEncoder().encode('details');
const ODD = Failure.encode({ message: 'odd', applicationFailureInfo: { type: 'Odd' } });
const FATAL = Failure.encode({ message: 'fatal', applicationFailureInfo: { type: 'Fatal' } });
const ONCE = { resetAttempts: false, resetHeartbeat: false, delayMs: 0 };
const AGAIN = { requestId: '', resetHeartbeat: false, keepPaused: false, restoreOptions: false, delayMs: 0 };
const BY = { identity: 'operator', reason: 'why', requestId: 'p1' };

function scheduled(options: Options = {}): Run {
  const run = new Run().start();
  run.step([c.scheduleActivity('a1', { retryPolicy: RETRY, ...options })]);
  return run;
}

function started(options: Options = {}): Run {
  const run = scheduled(options);
  run.startActivity('a1');
  return run;
}

function on(run: Run, decide: (tx: Transition, activity: Activity) => unknown): Activity {
  run.transition((tx) => decide(tx, run.activity('a1')));
  return run.activity('a1');
}

const hold = (run: Run, requestId = 'p1') => on(run, (tx, a) => pauseActivity(tx, a, { ...BY, requestId }));
const unpause = (run: Run, more: Partial<typeof ONCE> = {}) =>
  on(run, (tx, a) => unpauseActivity(tx, a, { ...ONCE, ...more }));
const reset = (run: Run, more: Partial<typeof AGAIN> = {}) =>
  on(run, (tx, a) => resetActivity(tx, a, { ...AGAIN, ...more }));

function update(run: Run, given: Init<ActivityOptions>, ...fields: string[]): Activity {
  const change = { given: ActivityOptions.decode(ActivityOptions.encode(given)), fields: new Set(fields) };
  return on(run, (tx, a) => updateActivityOptions(tx, a, change));
}

function pauseInfo(state: WorkflowState): unknown {
  const encoded = attributeFields(state.searchAttributes).get('TemporalPauseInfo');
  return encoded && JSON.parse(new TextDecoder().decode(Payload.decode(encoded).data));
}

/** A worker is given the attempt within this time. */
function dispatchedWithin(run: Run, ms: number): boolean {
  run.pass(ms);
  return run.dispatches.some((dispatch) => dispatch.kind === 'activity');
}

function fails(act: () => unknown, text: string): void {
  assert.throws(act, (error) => error instanceof StatusError && error.message === text);
}

describe('a paused activity', () => {
  it('is not ready for a worker until it is unpaused, and then at once', () => {
    const run = scheduled();
    assert.ok(!isActivityReady(hold(run), run.nowMs));
    run.nowMs += 5000;
    assert.ok(isActivityReady(unpause(run), run.nowMs));
    assert.ok(dispatchedWithin(run, 0));
  });

  it('waits for its delay after it was unpaused', () => {
    const run = scheduled();
    hold(run);
    unpause(run, { delayMs: 700 });
    assert.ok(!dispatchedWithin(run, 699));
    assert.ok(dispatchedWithin(run, 1));
  });

  it('does not time out; what is overdue does so when it is unpaused', () => {
    const run = scheduled({ scheduleToCloseTimeout: 3000 });
    hold(run);
    assert.equal(nextDeadline(run.state), undefined);
    run.pass(10_000);
    unpause(run);
    run.pass(0);
    assert.ok(run.history.some(({ eventType }) => eventType === EventType.ACTIVITY_TASK_TIMED_OUT));
  });

  it('is cut off its back-off', () => {
    const run = started();
    run.failActivity('a1', ODD);
    hold(run);
    assert.equal(nextDeadline(run.state), undefined);
    assert.ok(!dispatchedWithin(run, 5000));
    assert.equal(unpause(run).attempt, 2);
    assert.ok(dispatchedWithin(run, 0));
  });

  it('is paused once: the same request again changes nothing, another one is refused', () => {
    const run = scheduled();
    hold(run);
    const rows = run.rows.length;
    hold(run);
    assert.equal(run.rows.length, rows);
    fails(() => hold(run, 'p2'), 'activity is already paused');
  });

  it('is named by type in a search attribute, as long as one of its type is paused', () => {
    const run = new Run().start();
    run.step(
      [
        ['a1', 'work'],
        ['a2', 'work'],
        ['b1', 'other'],
      ].map(([id = '', name]) => c.scheduleActivity(id, { activityType: { name } })),
    );
    const act = (id: string, decide: (tx: Transition, activity: Activity) => unknown) =>
      run.transition((tx) => decide(tx, run.activity(id)));
    const holdOne = (id: string) => act(id, (tx, a) => pauseActivity(tx, a, BY));
    const release = (id: string) => act(id, (tx, a) => unpauseActivity(tx, a, ONCE));
    const [work, other] = ['property:activityType=work', 'property:activityType=other'];
    run.startActivity('b1');
    for (const id of ['a1', 'a2', 'b1']) holdOne(id);
    assert.deepEqual(pauseInfo(run.state), [other, work]);
    const before = run.state.searchAttributes;
    release('a1');
    assert.equal(run.state.searchAttributes, before, 'written only when it changes');
    run.transition((tx) => pauseRun(tx, BY));
    assert.deepEqual(pauseInfo(run.state), ['Workflow:workflow-1', 'Reason:why', other, work]);
    run.transition((tx) => unpauseRun(tx, BY));
    release('a2');
    assert.deepEqual(pauseInfo(run.state), [other]);
    assert.deepEqual(pauseInfo(reload(run.rows, run.nowMs)), [other]);
    run.answer('b1', (tx, a) => completeActivity(tx, a, undefined, 'w'));
    assert.equal(pauseInfo(run.state), undefined);
    holdOne('a1');
    act('a1', (tx, a) => resetActivity(tx, a, { ...AGAIN, keepPaused: true }));
    assert.deepEqual(pauseInfo(run.state), [work]);
    act('a1', (tx, a) => resetActivity(tx, a, AGAIN));
    assert.equal(pauseInfo(run.state), undefined);
  });

  it('is reset once by one request', () => {
    const run = scheduled();
    reset(run, { requestId: 'r1' });
    const { control } = run.activity('a1');
    assert.equal(reset(run, { requestId: 'r1' }).control, control);
    assert.equal([...reload(run.rows, run.nowMs).activities.values()][0]?.control.resetRequestId, 'r1');
    assert.equal(reset(run).control.stamp, control.stamp + 1, 'one without an id always is');
    assert.equal(reset(run, { requestId: 'r1' }).control.stamp, control.stamp + 1, 'also when another came between');
    assert.equal(reset(run, { requestId: 'r2' }).control.stamp, control.stamp + 2);
  });

  it('is not unpaused twice', () => {
    const run = scheduled();
    const { control } = unpause(run);
    assert.equal(control.stamp, 0);
  });

  it('forgets attempts and heartbeat if asked to', () => {
    const run = started();
    run.answer('a1', (tx, a) => heartbeatActivity(tx, a, DETAILS));
    run.failActivity('a1', ODD);
    hold(run);
    const activity = unpause(run, { resetAttempts: true, resetHeartbeat: true });
    assert.equal(activity.attempt, 1);
    assert.equal(activity.heartbeatDetails, undefined);
    assert.equal(activity.lastHeartbeatMs, 0);
    assert.deepEqual(activity.lastFailure, ODD, 'why the last attempt failed is still known');
    assert.ok(dispatchedWithin(run, 0));
  });
});

describe('an activity that is paused while a worker has it', () => {
  it('may be completed', () => {
    const run = started();
    hold(run);
    run.answer('a1', (tx, a) => completeActivity(tx, a, undefined, c.WORKER));
    assert.equal(run.state.activities.size, 0);
  });

  it('waits when its attempt fails, even if that was the last one', () => {
    const run = started({ retryPolicy: { ...RETRY, maximumAttempts: 1 } });
    hold(run);
    run.failActivity('a1', ODD, DETAILS);
    const activity = run.activity('a1');
    assert.equal(activity.attempt, 2);
    assert.equal(activity.startedMs, 0);
    assert.deepEqual(activity.heartbeatDetails, DETAILS);
    assert.ok(!dispatchedWithin(run, 60_000));
    unpause(run);
    assert.ok(dispatchedWithin(run, 0));
  });

  it('fails for good if its failure is not to be retried', () => {
    const run = started();
    hold(run);
    run.failActivity('a1', FATAL);
    assert.equal(run.state.activities.size, 0);
  });

  it('keeps its worker when it is unpaused, and the clocks strike again', () => {
    const run = started({ startToCloseTimeout: 5000 });
    const { startedMs } = hold(run);
    assert.equal(nextDeadline(run.state), undefined);
    run.nowMs += 1000;
    assert.equal(unpause(run).startedMs, startedMs);
    assert.equal(nextDeadline(run.state), startedMs + 5000);
  });
});

describe('an activity that is reset', () => {
  it('begins with attempt 1, at once, without its failure', () => {
    const run = started();
    run.failActivity('a1', ODD);
    const activity = reset(run);
    assert.equal(activity.attempt, 1);
    assert.equal(activity.lastFailure, undefined);
    assert.ok(dispatchedWithin(run, 0));
    assert.ok(!dispatchedWithin(run, 60_000), 'the old back-off is void');
  });

  it('is unpaused, unless it shall stay paused', () => {
    const run = scheduled();
    hold(run);
    assert.ok(!isActivityReady(reset(run, { keepPaused: true }), run.nowMs));
    assert.ok(!dispatchedWithin(run, 0));
    assert.ok(isActivityReady(reset(run), run.nowMs));
    assert.ok(dispatchedWithin(run, 0));
  });

  it('is left to the worker that has it, which is told; the token stays good', () => {
    const run = started();
    run.failActivity('a1', ODD);
    run.pass(1000);
    const { startedAttempt: attempt, startedMs, scheduledEventId } = run.startActivity('a1');
    assert.equal(attempt, 2);
    const activity = reset(run);
    assert.equal(activity.attempt, 1);
    assert.ok(activity.control.resetRequested);
    assert.ok(findStartedActivity(run.state, { scheduledEventId, attempt, startedMs }));
    run.failActivity('a1', ODD);
    assert.equal(run.activity('a1').attempt, 2);
    assert.ok(!run.activity('a1').control.resetRequested);
    assert.equal(nextDeadline(run.state), run.nowMs + 1000, 'the interval after a first attempt');
  });

  it('loses its heartbeat details with the next attempt if a worker has it', () => {
    const run = started();
    run.answer('a1', (tx, a) => heartbeatActivity(tx, a, DETAILS));
    assert.deepEqual(reset(run, { resetHeartbeat: true }).heartbeatDetails, DETAILS);
    run.failActivity('a1', ODD, DETAILS);
    assert.equal(run.activity('a1').heartbeatDetails, undefined);
    assert.ok(!run.activity('a1').control.heartbeatReset);
  });

  it('has its own options again if asked to', () => {
    const run = scheduled({ startToCloseTimeout: 4000 });
    update(run, { startToCloseTimeout: 9000, taskQueue: { name: 'other' } }, 'startToCloseTimeout', 'taskQueue.name');
    const activity = reset(run, { restoreOptions: true });
    assert.deepEqual([activity.startToCloseMs, activity.taskQueue], [4000, 'orders']);
  });
});

describe('new options of an activity', () => {
  it('change what the mask names, and only that', () => {
    const run = scheduled({ startToCloseTimeout: 4000, priority: { priorityKey: 2, fairnessKey: 'k' } });
    const given = { startToCloseTimeout: 9000, heartbeatTimeout: 1000, priority: { priorityKey: 5 } };
    const activity = update(run, given, 'startToCloseTimeout', 'priority.priorityKey');
    assert.deepEqual([activity.startToCloseMs, activity.heartbeatMs], [9000, 0]);
    assert.deepEqual(activity.priority, { priorityKey: 5, fairnessKey: 'k', fairnessWeight: 0 });
    assert.deepEqual(activity.retryPolicy?.nonRetryableErrorTypes, ['Fatal']);
  });

  it('are normalised like those of a command', () => {
    const run = scheduled({ startToCloseTimeout: 4000 });
    const given = { scheduleToCloseTimeout: 3000, heartbeatTimeout: 60_000 };
    const activity = update(run, given, 'scheduleToCloseTimeout', 'heartbeatTimeout');
    const { scheduleToCloseMs, scheduleToStartMs, startToCloseMs, heartbeatMs } = activity;
    assert.deepEqual([scheduleToCloseMs, scheduleToStartMs, startToCloseMs, heartbeatMs], [3000, 3000, 3000, 3000]);
    assert.equal(nextDeadline(run.state), run.nowMs, 'the attempt goes to matching anew');
    run.pass(0);
    assert.equal(nextDeadline(run.state), activity.firstScheduledMs + 3000);
  });

  it('make what waits in the old queue void, and wait in the new one', () => {
    const run = scheduled();
    const before = run.activity('a1');
    const after = update(run, { taskQueue: { name: 'other' } }, 'taskQueue.name');
    assert.notEqual(after.control.stamp, before.control.stamp);
    assert.ok(dispatchedWithin(run, 0));
  });

  it('change the back-off under way', () => {
    const run = started();
    run.failActivity('a1', ODD);
    const failedMs = run.nowMs;
    run.nowMs += 200;
    const activity = update(run, { retryPolicy: { initialInterval: 300 } }, 'retryPolicy.initialInterval');
    assert.equal(activity.attemptScheduledMs, failedMs + 300);
    assert.ok(!dispatchedWithin(run, 99));
    assert.ok(dispatchedWithin(run, 1));
  });

  it('leave a whole policy with its defaults', () => {
    const { retryPolicy } = update(scheduled(), { retryPolicy: { maximumAttempts: 4 } }, 'retryPolicy');
    assert.deepEqual(retryPolicy, {
      initialIntervalMs: 1000,
      backoffCoefficient: 2,
      maximumIntervalMs: 100_000,
      maximumAttempts: 4,
      nonRetryableErrorTypes: ['Fatal'],
    });
  });

  it('are refused with the texts that clients know', () => {
    const run = scheduled();
    const before = snapshot(run.state);
    fails(() => update(run, {}, 'retryPolicy'), 'RetryPolicy is not provided');
    fails(() => update(run, {}, 'priority.fairnessKey'), 'Priority is not provided');
    fails(() => update(run, {}, 'taskQueue.name'), 'TaskQueue is not provided');
    fails(() => update(run, { taskQueue: {} }, 'taskQueue.name'), 'missing task queue name');
    fails(
      () => update(run, {}, 'startToCloseTimeout'),
      'a valid StartToCloseTimeout or ScheduleToCloseTimeout must be set on the activity. ActivityId=a1 ActivityType=charge',
    );
    fails(
      () => update(run, { retryPolicy: { backoffCoefficient: 0.5 } }, 'retryPolicy.backoffCoefficient'),
      'BackoffCoefficient cannot be less than 1 on retry policy.',
    );
    fails(() => update(run, {}, 'startDelay'), 'startDelay is not an option of an activity that can be updated.');
    assert.deepEqual(snapshot(run.state), before);
  });

  it('go when the original ones are restored', () => {
    const run = scheduled({ startToCloseTimeout: 4000 });
    const given = { startToCloseTimeout: 9000, priority: { priorityKey: 1 } };
    update(run, given, 'startToCloseTimeout', 'priority');
    update(run, { startToCloseTimeout: 8000 }, 'startToCloseTimeout');
    const activity = on(run, restoreActivityOptions);
    assert.equal(activity.startToCloseMs, 4000);
    assert.equal(activity.priority, undefined);
    assert.equal(activity.control.original, undefined);
  });
});

describe('a selection of activities', () => {
  const run = scheduled();
  run.signal();
  run.step([c.scheduleActivity('b1', { activityType: { name: 'ship' } }), c.scheduleActivity('b2')]);
  const ids = (selection: Parameters<typeof selectActivities>[1]) =>
    selectActivities(run.state, selection).map(({ activityId }) => activityId);

  it('is one by its id, some by their type, or all', () => {
    assert.deepEqual(ids({ id: 'b1' }), ['b1']);
    assert.deepEqual(ids({ type: 'charge' }), ['a1', 'b2']);
    assert.deepEqual(ids({ all: true }), ['a1', 'b1', 'b2']);
  });

  it('is not empty', () => {
    const text = "Can't find pending activity with such ID. Invalid activityID or activity already completed";
    fails(() => ids({ id: 'charge' }), text);
    fails(() => ids({ type: 'b1' }), text);
  });
});

it('all of it survives a restart', () => {
  const run = started();
  run.answer('a1', (tx, a) => heartbeatActivity(tx, a, DETAILS));
  update(run, { heartbeatTimeout: 700, priority: { fairnessKey: 'k' } }, 'heartbeatTimeout', 'priority');
  hold(run);
  reset(run, { keepPaused: true, resetHeartbeat: true });
  assert.deepEqual(snapshot(reload(run.rows, run.nowMs)), snapshot(run.state));
  run.failActivity('a1', ODD);
  unpause(run, { delayMs: 300 });
  assert.deepEqual(snapshot(reload(run.rows, run.nowMs)), snapshot(run.state));
});
