// Tasks that are not brought by matching: activities in the answer to the workflow task that schedules them, and the
// first workflow task in the answer to the start.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import { eagerTask } from '../index.ts';

const EAGER = { requestEagerExecution: true };

function ids(run: Run, commands: Parameters<Run['step']>[0], eager = true): string[] {
  return run.step(commands, { eager }).eagerActivities.map(({ activityId }) => activityId);
}

describe('an activity that is wanted eagerly', () => {
  it('is started for the worker that schedules it, and not dispatched', () => {
    const run = new Run().start();
    const taken = ids(run, [c.scheduleActivity('a1', EAGER), c.scheduleActivity('a2')]);
    assert.deepEqual(taken, ['a1']);
    const { startedMs, identity, requestId, startedAttempt } = run.activity('a1');
    assert.deepEqual([startedMs, identity, requestId, startedAttempt], [run.nowMs, c.WORKER, 'eager-1', 1]);
    assert.deepEqual(run.dispatches, [{ kind: 'activity', scheduledEventId: run.activity('a2').scheduledEventId }]);
  });

  it('is dispatched where that is switched off', () => {
    const run = new Run().start();
    assert.deepEqual(ids(run, [c.scheduleActivity('a1', EAGER)], false), []);
    assert.equal(run.dispatches.length, 1);
  });

  it('is not started if the same task cancels it', () => {
    const run = new Run().start();
    assert.deepEqual(ids(run, [c.scheduleActivity('a1', EAGER), c.cancelActivityCommand(5)]), []);
    assert.equal(run.state.activities.size, 0);
  });

  it('is not started if the same task closes the run', () => {
    const run = new Run().start();
    assert.deepEqual(ids(run, [c.scheduleActivity('a1', EAGER), c.completeRun()]), []);
    assert.deepEqual(run.dispatches, []);
  });

  it('is not started if the task is refused', () => {
    const run = new Run().start();
    assert.deepEqual(ids(run, [c.scheduleActivity('a1', EAGER), c.scheduleActivity('a1', EAGER)]), []);
    assert.equal(run.state.activities.size, 0);
  });

  it('is tried again through matching', () => {
    const run = new Run().start();
    ids(run, [c.scheduleActivity('a1', { ...EAGER, startToCloseTimeout: 2000 })]);
    run.pass(2000);
    assert.equal(run.activity('a1').attempt, 2);
    run.pass(1000);
    assert.equal(run.dispatches.length, 1);
  });
});

describe('an eager start', () => {
  it('takes the first task at once', () => {
    const run = new Run().start({ eager: true });
    assert.deepEqual(run.names, [
      '1 WORKFLOW_EXECUTION_STARTED',
      '2 WORKFLOW_TASK_SCHEDULED',
      '3 WORKFLOW_TASK_STARTED',
    ]);
    assert.deepEqual(run.dispatches, []);
    assert.equal(run.event(1).workflowExecutionStartedEventAttributes?.eagerExecutionAccepted, true);
    const { identity, requestId } = run.event(3).workflowTaskStartedEventAttributes ?? {};
    assert.deepEqual([identity, requestId], [c.START.identity, c.START.requestId]);
    assert.equal(run.complete([c.completeRun()]).error, undefined);
  });

  it('is not accepted if the first task must wait', () => {
    const run = new Run().start({ eager: true, firstTaskBackoffMs: 1000 });
    assert.equal(run.event(1).workflowExecutionStartedEventAttributes?.eagerExecutionAccepted, false);
    run.pass(1000);
    assert.deepEqual(run.dispatches, [{ kind: 'workflowTask' }]);
  });

  it('returns its task again to the same request, until the task has ended', () => {
    const run = new Run().start({ eager: true });
    assert.equal(eagerTask(run.state, c.START.requestId)?.startedEventId, 3);
    assert.equal(eagerTask(run.state, 'another'), undefined);
    run.pass(c.START.workflowTaskTimeoutMs);
    assert.equal(eagerTask(run.state, c.START.requestId), undefined);
  });

  it('does not return a task that a worker has polled', () => {
    const run = new Run().start();
    run.poll();
    assert.equal(eagerTask(run.state, c.START.requestId), undefined);
  });
});
