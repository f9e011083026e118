// What the transitions of a run say has ended, told by what happened to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkflowTaskFailedCause as Cause, TimeoutType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import { cancelActivity, completeActivity, endingsOf } from '../index.ts';

const FAILURE = Failure.encode({ message: 'odd' });
const ATTEMPTS = (maximumAttempts: number) => ({
  retryPolicy: {
    initialInterval: 1000,
    backoffCoefficient: 1,
    maximumInterval: 0,
    maximumAttempts,
    nonRetryableErrorTypes: [],
  },
});

/** Everything that ended, in order: `activity timedOut 1`. */
function endings(run: Run): string[] {
  return run.rows
    .flatMap(endingsOf)
    .map(({ of, end, timeoutType }) => `${of} ${end}${timeoutType === 0 ? '' : ` ${timeoutType}`}`);
}

function started(options: Parameters<typeof c.scheduleActivity>[1]): Run {
  const run = new Run().start();
  run.step([c.scheduleActivity('a1', options)]);
  run.startActivity('a1');
  return run;
}

test('an activity completes, and nothing else has ended', () => {
  const run = started({});
  assert.deepEqual(endings(run), []);
  run.answer('a1', (tx, activity) => completeActivity(tx, activity, undefined, c.WORKER));
  assert.deepEqual(endings(run), ['activity completed']);
});

test('an attempt fails before the activity does', () => {
  const run = started(ATTEMPTS(2));
  run.failActivity('a1', FAILURE);
  assert.deepEqual(endings(run), ['attempt failed']);
  run.pass(1000);
  run.startActivity('a1');
  run.failActivity('a1', FAILURE);
  assert.deepEqual(endings(run), ['attempt failed', 'activity failed']);
});

test('an attempt times out before the activity does, each for its reason', () => {
  const run = started({ ...ATTEMPTS(2), startToCloseTimeout: 5000, heartbeatTimeout: 0 });
  run.pass(5000);
  assert.deepEqual(endings(run), [`attempt timedOut ${TimeoutType.START_TO_CLOSE}`]);
  run.pass(1000);
  run.startActivity('a1');
  run.pass(5000);
  assert.deepEqual(endings(run).slice(1), [`activity timedOut ${TimeoutType.START_TO_CLOSE}`]);
  const waiting = new Run().start();
  waiting.step([c.scheduleActivity('a1', { scheduleToStartTimeout: 500, startToCloseTimeout: 5000 })]);
  waiting.pass(500);
  assert.deepEqual(endings(waiting), [`activity timedOut ${TimeoutType.SCHEDULE_TO_START}`]);
});

test('an activity whose end had to wait for the workflow task is told once', () => {
  const run = started({});
  run.signal();
  run.poll();
  run.answer('a1', (tx, activity) => completeActivity(tx, activity, undefined, c.WORKER));
  assert.deepEqual(endings(run), []);
  run.complete();
  assert.deepEqual(endings(run), ['activity completed']);
});

test('an activity is cancelled', () => {
  const run = started({});
  run.signal();
  run.step([c.cancelActivityCommand(run.activity('a1').scheduledEventId)]);
  run.answer('a1', (tx, activity) => cancelActivity(tx, activity, undefined, c.WORKER));
  assert.deepEqual(endings(run), ['activity canceled']);
});

test('a workflow task fails, and fails again without a trace in the history', () => {
  const run = new Run().start();
  for (let attempt = 1; attempt <= 2; attempt++) {
    run.poll();
    run.failTask(Cause.WORKFLOW_WORKER_UNHANDLED_FAILURE);
  }
  assert.deepEqual(endings(run), ['workflowTask failed', 'workflowTask failed']);
  assert.equal(run.names.filter((name) => name.includes('TASK_FAILED')).length, 1);
});

test('a workflow task times out, and again without a trace, and on a sticky queue', () => {
  const run = new Run().start();
  for (let attempt = 1; attempt <= 2; attempt++) {
    run.poll();
    run.pass(60_000);
  }
  const timeout = `workflowTask timedOut ${TimeoutType.START_TO_CLOSE}`;
  assert.deepEqual(endings(run), [timeout, timeout]);
  const sticky = new Run().start();
  sticky.step([], { sticky: { taskQueue: 'sticky', scheduleToStartTimeoutMs: 5000 } });
  sticky.signal();
  sticky.pass(5000);
  assert.deepEqual(endings(sticky), [`workflowTask timedOut ${TimeoutType.SCHEDULE_TO_START}`]);
});
