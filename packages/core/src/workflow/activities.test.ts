// Activities: their timeouts, retries, heartbeats and cancellation, as the history and the next worker see them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StatusError } from '@perdure/api';
import { EventType, RetryStateNames, TimeoutType } from '@perdure/api/enums';
import { Failure, type Failure as FailureMessage } from '@perdure/api/failure';
import type { ActivityTaskScheduledEventAttributes } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import {
  activityPriority,
  cancelActivity,
  completeActivity,
  findActivityToComplete,
  findStartedActivity,
  heartbeatActivity,
  isActivityReady,
  nextDeadline,
} from '../index.ts';

type Options = Parameters<typeof c.scheduleActivity>[1];
const NO_BYTES = new Uint8Array();
const bytes = (text: string) => new TextEncoder().encode(text);
const retry = (more: object) => ({
  initialInterval: 1000,
  backoffCoefficient: 2,
  maximumInterval: 0,
  maximumAttempts: 0,
  nonRetryableErrorTypes: [],
  ...more,
});
const application = (info: Init<NonNullable<FailureMessage['applicationFailureInfo']>>, message = 'odd') =>
  Failure.encode({ message, applicationFailureInfo: info });

function scheduled(options: Options, runTimeoutMs = 0): Run {
  const run = new Run().start({ runTimeoutMs });
  run.step([c.scheduleActivity('a1', options)]);
  return run;
}

function started(options: Options): Run {
  const run = scheduled(options);
  run.startActivity('a1');
  return run;
}

function isPending(run: Run): boolean {
  return run.state.activityIds.has('a1');
}

/** How the activity closed. */
function close(run: Run) {
  const event = run.history.find(
    ({ eventType }) => eventType === EventType.ACTIVITY_TASK_FAILED || eventType === EventType.ACTIVITY_TASK_TIMED_OUT,
  );
  const a = event?.activityTaskFailedEventAttributes ?? event?.activityTaskTimedOutEventAttributes;
  const failure = Failure.decode(a?.failure ?? NO_BYTES);
  return {
    eventType: event?.eventType,
    retryState: RetryStateNames.name(a?.retryState ?? 0),
    message: failure.message,
    timeoutType: failure.timeoutFailureInfo?.timeoutType,
    heartbeatDetails: failure.timeoutFailureInfo?.lastHeartbeatDetails,
    cause: failure.cause === undefined ? undefined : Failure.decode(failure.cause),
  };
}

describe('the retry policy of an activity', () => {
  it('takes what it leaves out from the limits', () => {
    const activityRetryDefaults = {
      initialIntervalMs: 3000,
      backoffCoefficient: 4,
      maximumIntervalCoefficient: 5,
      maximumAttempts: 6,
    };
    const run = new Run({ activityRetryDefaults }).start();
    run.step([c.scheduleActivity('a1')]);
    assert.deepEqual(run.activity('a1').retryPolicy, {
      initialIntervalMs: 3000,
      backoffCoefficient: 4,
      maximumIntervalMs: 15_000,
      maximumAttempts: 6,
      nonRetryableErrorTypes: [],
    });
  });
});

describe('timeouts of an activity, as the event records them', () => {
  const s = 1000;
  const CASES: readonly [Options, number, readonly number[]][] = [
    [{ startToCloseTimeout: 5 * s }, 0, [0, 0, 5 * s, 0]],
    [{ startToCloseTimeout: 5 * s }, 60 * s, [60 * s, 60 * s, 5 * s, 0]],
    [{ startToCloseTimeout: 90 * s, heartbeatTimeout: 80 * s }, 60 * s, [60 * s, 60 * s, 60 * s, 60 * s]],
    [{ startToCloseTimeout: 5 * s, scheduleToStartTimeout: 90 * s }, 60 * s, [60 * s, 60 * s, 5 * s, 0]],
    [{ startToCloseTimeout: 0, scheduleToCloseTimeout: 7 * s }, 0, [7 * s, 7 * s, 7 * s, 0]],
    [
      { startToCloseTimeout: 9 * s, scheduleToStartTimeout: 8 * s, scheduleToCloseTimeout: 7 * s },
      0,
      [7 * s, 7 * s, 7 * s, 0],
    ],
    [
      { startToCloseTimeout: 3 * s, scheduleToStartTimeout: 2 * s, scheduleToCloseTimeout: 7 * s },
      0,
      [7 * s, 2 * s, 3 * s, 0],
    ],
    [{ startToCloseTimeout: 5 * s, heartbeatTimeout: 6 * s }, 0, [0, 0, 5 * s, 5 * s]],
    [{ startToCloseTimeout: 0, scheduleToCloseTimeout: 90 * s }, 60 * s, [60 * s, 60 * s, 60 * s, 0]],
  ];
  for (const [options, runTimeoutMs, expected] of CASES) {
    it(`${JSON.stringify(options)} in a run of ${runTimeoutMs} ms`, () => {
      const a = scheduled(options, runTimeoutMs).event(5)
        .activityTaskScheduledEventAttributes as ActivityTaskScheduledEventAttributes;
      assert.deepEqual(
        [a.scheduleToCloseTimeout, a.scheduleToStartTimeout, a.startToCloseTimeout, a.heartbeatTimeout],
        expected,
      );
    });
  }

  it('come with a retry policy in any case', () => {
    const a = scheduled({}).event(5).activityTaskScheduledEventAttributes;
    assert.deepEqual(a?.retryPolicy, retry({ maximumInterval: 100_000 }));
  });
});

describe('an activity that runs out of time', () => {
  it('in the queue is not tried again', () => {
    const run = scheduled({ scheduleToStartTimeout: 2000 });
    run.pass(2000);
    const { retryState, message, timeoutType } = close(run);
    assert.deepEqual(
      [retryState, message, timeoutType],
      ['TIMEOUT', 'activity ScheduleToStart timeout', TimeoutType.SCHEDULE_TO_START],
    );
  });

  it('in the queue counts from the attempt, not from the beginning', () => {
    const run = scheduled({ scheduleToStartTimeout: 2000 });
    run.nowMs += 1900;
    run.startActivity('a1');
    run.failActivity('a1', Failure.encode({ message: 'once' }));
    run.pass(1000 + 1999);
    assert.ok(isPending(run));
    run.pass(1);
    assert.equal(close(run).timeoutType, TimeoutType.SCHEDULE_TO_START);
    assert.equal(close(run).cause?.message, 'once');
  });

  it('with a worker is tried again', () => {
    const run = started({ startToCloseTimeout: 3000 });
    run.pass(3000);
    const activity = run.activity('a1');
    assert.deepEqual([activity.attempt, activity.startedMs, activity.attemptScheduledMs - run.nowMs], [2, 0, 1000]);
    const failure = Failure.decode(activity.lastFailure ?? NO_BYTES);
    assert.equal(failure.message, 'activity StartToClose timeout');
    assert.equal(failure.timeoutFailureInfo?.timeoutType, TimeoutType.START_TO_CLOSE);
    assert.deepEqual(run.dispatches, []);
    run.pass(1000);
    assert.deepEqual(run.dispatches, [{ kind: 'activity', scheduledEventId: 5 }]);
  });

  it('with a worker is not tried again if its policy says so', () => {
    const nonRetryableErrorTypes = ['TemporalTimeout:StartToClose'];
    const run = started({ startToCloseTimeout: 3000, retryPolicy: retry({ nonRetryableErrorTypes }) });
    run.pass(3000);
    assert.deepEqual(
      [close(run).retryState, close(run).message],
      ['NON_RETRYABLE_FAILURE', 'activity StartToClose timeout'],
    );
  });

  it('without a heartbeat is tried again, counted from the last one', () => {
    const run = started({ heartbeatTimeout: 2000 });
    run.pass(1500);
    run.answer('a1', (tx, a) => heartbeatActivity(tx, a, bytes('half')));
    run.pass(1999);
    assert.notEqual(run.activity('a1').startedMs, 0);
    run.pass(1);
    const { attempt, heartbeatDetails } = run.activity('a1');
    assert.deepEqual([attempt, heartbeatDetails], [2, bytes('half')], 'the next attempt sees how far it came');
  });

  it('altogether is not tried again, and tells what was last known', () => {
    const run = started({ scheduleToCloseTimeout: 9000, startToCloseTimeout: 3000, heartbeatTimeout: 0 });
    run.answer('a1', (tx, a) => heartbeatActivity(tx, a, bytes('half')));
    run.failActivity('a1', Failure.encode({ message: 'first' }));
    run.pass(9000);
    const closed = close(run);
    assert.equal(closed.eventType, EventType.ACTIVITY_TASK_TIMED_OUT);
    assert.deepEqual([closed.retryState, closed.timeoutType], ['TIMEOUT', TimeoutType.SCHEDULE_TO_CLOSE]);
    assert.equal(closed.cause?.message, 'first');
    assert.deepEqual(closed.heartbeatDetails, bytes('half'));
  });

  it('so late that no other attempt fits says that', () => {
    const run = started({ scheduleToCloseTimeout: 3500, startToCloseTimeout: 3000 });
    run.pass(3000);
    const { timeoutType, message, retryState } = close(run);
    assert.equal(timeoutType, TimeoutType.SCHEDULE_TO_CLOSE);
    assert.equal(
      message,
      'Not enough time to schedule next retry before activity ScheduleToClose timeout, giving up retrying',
    );
    assert.equal(retryState, 'TIMEOUT');
  });
});

describe('a failed attempt', () => {
  const FINAL: readonly [string, Options, Uint8Array | undefined, string][] = [
    [
      'is the last one allowed',
      { retryPolicy: retry({ maximumAttempts: 1 }) },
      application({}),
      'MAXIMUM_ATTEMPTS_REACHED',
    ],
    ['says so itself', {}, application({ nonRetryable: true }), 'NON_RETRYABLE_FAILURE'],
    [
      'is of a type that the policy lists',
      { retryPolicy: retry({ nonRetryableErrorTypes: ['Fatal'] }) },
      application({ type: 'Fatal' }),
      'NON_RETRYABLE_FAILURE',
    ],
    ['was cancelled', {}, Failure.encode({ canceledFailureInfo: {} }), 'NON_RETRYABLE_FAILURE'],
    ['was terminated', {}, Failure.encode({ terminatedFailureInfo: {} }), 'NON_RETRYABLE_FAILURE'],
    [
      'is final for the server',
      {},
      Failure.encode({ serverFailureInfo: { nonRetryable: true } }),
      'NON_RETRYABLE_FAILURE',
    ],
    ['would be tried again too late', { scheduleToCloseTimeout: 999 }, application({}), 'TIMEOUT'],
    [
      'is not retryable and the last one',
      { retryPolicy: retry({ maximumAttempts: 1 }) },
      application({ nonRetryable: true }),
      'NON_RETRYABLE_FAILURE',
    ],
    [
      'is the last one and too late',
      { scheduleToCloseTimeout: 999, retryPolicy: retry({ maximumAttempts: 1 }) },
      application({}),
      'MAXIMUM_ATTEMPTS_REACHED',
    ],
  ];
  for (const [what, options, failure, retryState] of FINAL) {
    it(`fails the activity if it ${what}`, () => {
      const run = started(options);
      run.failActivity('a1', failure);
      assert.equal(isPending(run), false);
      assert.equal(close(run).eventType, EventType.ACTIVITY_TASK_FAILED);
      assert.equal(close(run).retryState, retryState);
    });
  }

  it('fails the activity once a cancel was requested, before all else', () => {
    const run = started({});
    run.signal();
    run.step([c.cancelActivityCommand(5)]);
    run.failActivity('a1', application({ nonRetryable: true }));
    assert.equal(close(run).retryState, 'CANCEL_REQUESTED');
  });

  const RETRIED: readonly [string, Options, Uint8Array | undefined, number][] = [
    ['after the initial interval', {}, application({}), 1000],
    ['without a failure', {}, undefined, 1000],
    ['exactly at the end of its time', { scheduleToCloseTimeout: 1000 }, application({}), 1000],
    [
      'when the application asks for it, whatever the policy',
      { retryPolicy: retry({ maximumInterval: 2000 }) },
      application({ nextRetryDelay: 7000 }),
      7000,
    ],
    ['if the last allowed is yet to come', { retryPolicy: retry({ maximumAttempts: 2 }) }, application({}), 1000],
  ];
  for (const [what, options, failure, delayMs] of RETRIED) {
    it(`is tried again ${what}`, () => {
      const run = started(options);
      run.failActivity('a1', failure);
      const activity = run.activity('a1');
      assert.equal(activity.attemptScheduledMs - run.nowMs, delayMs);
      assert.equal(isActivityReady(activity, run.nowMs + delayMs - 1), false);
      assert.equal(isActivityReady(activity, run.nowMs + delayMs), true);
    });
  }

  it('waits longer each time, up to the maximum', () => {
    const run = scheduled({ retryPolicy: retry({ backoffCoefficient: 1.5, maximumInterval: 3000 }) });
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      run.startActivity('a1');
      run.failActivity('a1', application({}));
      waits.push(run.activity('a1').attemptScheduledMs - run.nowMs);
      run.pass(3000);
    }
    assert.deepEqual(waits, [1000, 1500, 2250, 3000, 3000]);
  });

  it('may bring heartbeat details of its own', () => {
    const run = started({});
    run.answer('a1', (tx, a) => heartbeatActivity(tx, a, bytes('half')));
    run.failActivity('a1', application({}), bytes('two thirds'));
    assert.deepEqual(run.activity('a1').heartbeatDetails, bytes('two thirds'));
  });

  it('leaves one entry in the index of deadlines, not one for each attempt', () => {
    const run = scheduled({ scheduleToCloseTimeout: 3_600_000, startToCloseTimeout: 600_000 });
    for (let i = 0; i < 50; i++) {
      run.startActivity('a1');
      run.failActivity('a1', application({ nextRetryDelay: 1 }));
      run.pass(1);
    }
    assert.equal(run.activity('a1').attempt, 51);
    assert.ok(run.state.deadlines.size <= 3, `${run.state.deadlines.size} entries`);
  });

  it('is kept between attempts only in part if it is large', () => {
    const run = started({});
    const large = application({ type: 'T'.repeat(3000), nonRetryable: false }, 'é'.repeat(5000));
    run.failActivity('a1', large);
    const kept = run.activity('a1').lastFailure ?? NO_BYTES;
    assert.ok(kept.length <= 4096 + 100, `${kept.length} bytes`);
    const failure = Failure.decode(kept);
    assert.equal(failure.message, 'Failure exceeds size limit.');
    const cause = Failure.decode(failure.cause ?? NO_BYTES);
    assert.match(cause.message, /^é+$/);
    assert.equal(cause.applicationFailureInfo?.type.length, 3000);
  });
});

describe('an answer about an activity', () => {
  const gone = /^invalid activityID or activity already timed out or invoking workflow is completed$/;
  const isGone = (error: unknown) => error instanceof StatusError && error.code === 5 && gone.test(error.message);

  it('is refused if it is about another attempt', () => {
    const run = started({});
    const { scheduledEventId, attempt, startedMs } = run.activity('a1');
    const ref = { scheduledEventId, attempt, startedMs };
    assert.equal(findStartedActivity(run.state, ref).activityId, 'a1');
    run.failActivity('a1', application({}));
    assert.throws(() => findStartedActivity(run.state, ref), isGone, 'the attempt is over');
    run.pass(1000);
    run.startActivity('a1');
    assert.throws(() => findStartedActivity(run.state, ref), isGone, 'another one has begun');
  });

  it('is refused if the activity or the run has closed', () => {
    const run = started({});
    run.answer('a1', (tx, a) => completeActivity(tx, a, undefined, c.WORKER));
    assert.throws(
      () => findStartedActivity(run.state, { activityId: 'a1' }),
      /cannot find pending activity with ActivityID a1/,
    );
    const past = { scheduledEventId: 5, attempt: 1, startedMs: run.nowMs };
    assert.throws(() => findStartedActivity(run.state, past), isGone);
    run.step([c.scheduleActivity('a2')]);
    run.startActivity('a2');
    run.signal();
    run.step([c.completeRun()]);
    assert.throws(() => findStartedActivity(run.state, { activityId: 'a2' }), /workflow execution already completed/);
  });

  it('that names its id completes it before a worker has taken it', () => {
    const run = new Run().start();
    run.step([c.scheduleActivity('a1')]);
    run.transition((tx) =>
      completeActivity(tx, findActivityToComplete(tx, { activityId: 'a1' }, 'me'), undefined, 'me'),
    );
    assert.deepEqual(run.namesFrom(6).slice(0, 2), ['6 ACTIVITY_TASK_STARTED', '7 ACTIVITY_TASK_COMPLETED']);
  });

  it('that it was cancelled is refused unless a cancel was requested', () => {
    const run = started({});
    const cancel = () => run.answer('a1', (tx, a) => cancelActivity(tx, a, bytes('d'), c.WORKER));
    assert.throws(cancel, /unable to mark activity as canceled without activity being request canceled first/);
    run.signal();
    run.step([c.cancelActivityCommand(5)]);
    cancel();
    const a = run.history.find((e) => e.activityTaskCanceledEventAttributes)?.activityTaskCanceledEventAttributes;
    assert.deepEqual([a?.scheduledEventId, a?.startedEventId, a?.latestCancelRequestedEventId], [5, 11, 10]);
  });
});

describe('the priority of an activity', () => {
  it('is what it says, and for the rest what its workflow says', () => {
    const run = new Run().start({ priority: { priorityKey: 1, fairnessKey: 'tenant', fairnessWeight: 2 } });
    run.step([
      c.scheduleActivity('a1'),
      c.scheduleActivity('a2', { priority: { priorityKey: 0, fairnessKey: 'other', fairnessWeight: 0 } }),
    ]);
    const priorityOf = (id: string) => activityPriority(run.state, run.activity(id));
    assert.deepEqual(priorityOf('a1'), { priorityKey: 1, fairnessKey: 'tenant', fairnessWeight: 2 });
    assert.deepEqual(priorityOf('a2'), { priorityKey: 1, fairnessKey: 'other', fairnessWeight: 2 });
    assert.equal(
      run.event(5).activityTaskScheduledEventAttributes?.priority,
      undefined,
      'the event holds what was sent',
    );
  });
});

describe('a heartbeat', () => {
  it('moves the deadline', () => {
    const run = started({ heartbeatTimeout: 2000 });
    run.nowMs += 500;
    run.answer('a1', (tx, a) => heartbeatActivity(tx, a, undefined));
    assert.equal(nextDeadline(run.state), run.nowMs + 2000);
  });
});
