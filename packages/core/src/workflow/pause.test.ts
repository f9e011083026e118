import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckedRun } from '../../test/checked-run.ts';
import * as c from '../../test/run.ts';
import { completeActivity, pauseRun, shownStatus, unpauseRun } from '../index.ts';

const BY = { identity: 'operator', reason: 'why', requestId: 'p1' };
const hold = (run: CheckedRun) => run.transition((tx) => pauseRun(tx, BY));
const release = (run: CheckedRun) => run.transition((tx) => unpauseRun(tx, BY));

describe('a paused run', () => {
  it('records what happens and schedules nothing', () => {
    const run = new CheckedRun().start();
    run.step([c.startTimer('t', 1000)]);
    hold(run);
    assert.equal(shownStatus(run.state), 8);
    run.signal();
    run.pass(1000);
    assert.deepEqual(run.namesFrom(6), [
      '6 WORKFLOW_EXECUTION_PAUSED',
      '7 WORKFLOW_EXECUTION_SIGNALED',
      '8 TIMER_FIRED',
    ]);
    release(run);
    assert.deepEqual(run.namesFrom(9), ['9 WORKFLOW_EXECUTION_UNPAUSED', '10 WORKFLOW_TASK_SCHEDULED']);
    assert.equal(shownStatus(run.state), 1);
  });

  it('keeps the workflow task that waits, and hands out everything when it is released', () => {
    const run = new CheckedRun().start();
    run.step([c.scheduleActivity('a')]);
    run.signal();
    const { task } = run.state;
    hold(run);
    release(run);
    assert.equal(run.state.task, task);
    assert.deepEqual(
      run.dispatches.map(({ kind }) => kind),
      ['workflowTask', 'activity'],
    );
  });

  it('lets a started workflow task end, and schedules none after it', () => {
    const run = new CheckedRun().start();
    run.poll();
    hold(run);
    assert.equal(run.state.buffered.length, 1);
    run.signal();
    run.complete([c.scheduleActivity('a')], { returnNewTask: true });
    assert.equal(run.state.task, undefined);
    assert.deepEqual(run.namesFrom(5), [
      '5 ACTIVITY_TASK_SCHEDULED',
      '6 WORKFLOW_EXECUTION_PAUSED',
      '7 WORKFLOW_EXECUTION_SIGNALED',
    ]);
  });

  it('refuses to extend a workflow task', () => {
    const run = new CheckedRun().start();
    run.poll();
    hold(run);
    assert.throws(() => run.complete([], { forceCreateNewTask: true }), { message: /force create/ });
  });

  it('records a failed or late workflow task, and waits', () => {
    const run = new CheckedRun().start();
    run.poll();
    hold(run);
    run.pass(10_000);
    assert.equal(run.namesFrom(5).at(-1), '5 WORKFLOW_EXECUTION_PAUSED');
    release(run);
    assert.equal(run.state.task?.attempt, 1);
  });

  it('takes the answers of activities', () => {
    const run = new CheckedRun().start();
    run.step([c.scheduleActivity('a')]);
    run.startActivity('a');
    hold(run);
    run.answer('a', (tx, activity) => completeActivity(tx, activity, undefined, c.WORKER));
    assert.equal(run.state.activities.size, 0);
    assert.equal(run.state.task, undefined);
  });

  it('ends its back-off, but begins only when it is released', () => {
    const run = new CheckedRun().start({ firstTaskBackoffMs: 5000 });
    hold(run);
    run.pass(5000);
    assert.equal(run.state.task, undefined);
    release(run);
    assert.notEqual(run.state.task, undefined);
  });

  it('that is released during its back-off goes on waiting', () => {
    const run = new CheckedRun().start({ firstTaskBackoffMs: 5000 });
    hold(run);
    release(run);
    assert.equal(run.state.task, undefined);
    run.pass(5000);
    assert.notEqual(run.state.task, undefined);
  });

  it('is paused by one request', () => {
    const run = new CheckedRun().start();
    hold(run);
    const rows = run.rows.length;
    hold(run);
    assert.equal(run.rows.length, rows);
    const again = { ...BY, requestId: 'p2' };
    assert.throws(() => run.transition((tx) => pauseRun(tx, again)), { message: 'workflow is already paused.' });
    release(run);
    assert.throws(() => release(run), { message: 'workflow is not paused.' });
  });
});
