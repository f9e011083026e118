// Runs made out of others: what is copied, what begins anew, what is recorded once more.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkerVersionStamp } from '@perdure/api/common';
import { WorkflowTaskFailedCause as Cause, ResetReapplyExcludeType as Exclude, RetryState } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import { ResetPoints } from '@perdure/api/workflow';
import { CheckedRun } from '../../test/checked-run.ts';
import * as c from '../../test/run.ts';
import { completeActivity, isReapplied, requestCancelRun, toWireResetPoints } from '../index.ts';

const FRESH = { requestId: 'reset-1', reason: 'bad build' };

function forked(base: CheckedRun, finishEventId: number): CheckedRun {
  const fork = base.forkTo(new CheckedRun(), finishEventId, FRESH);
  fork.check();
  return fork;
}

/** 2 scheduled, 3 started, 4 completed, 5 activity a, 6 timer t, 7 signal, 8 scheduled. */
function busy(): CheckedRun {
  const base = new CheckedRun().start();
  base.step([c.scheduleActivity('a'), c.startTimer('t', 5000)]);
  base.signal('go', 's1');
  return base;
}

describe('a reset', () => {
  it('fails the workflow task with its reason, repeats signals, and schedules a first attempt', () => {
    const fork = forked(busy(), 4);
    assert.deepEqual(fork.namesFrom(3), [
      '3 WORKFLOW_TASK_STARTED',
      '4 WORKFLOW_TASK_FAILED',
      '5 WORKFLOW_EXECUTION_SIGNALED',
      '6 WORKFLOW_TASK_SCHEDULED',
    ]);
    const failed = fork.event(4).workflowTaskFailedEventAttributes;
    assert.equal(failed?.cause, Cause.RESET_WORKFLOW);
    assert.equal(failed.baseRunId, 'base-1');
    assert.equal(failed.newRunId, fork.state.runId);
    assert.equal(Failure.decode(failed.failure ?? new Uint8Array()).message, 'bad build');
    assert.equal(fork.state.task?.attempt, 1);
    assert.equal(fork.state.activities.size, 0);
    assert.equal(fork.state.resetRequestId, 'reset-1');
    assert.equal(fork.state.startRequestId, 'start-request');
  });

  it('of a task that no worker has starts it, in order to fail it', () => {
    const fork = forked(new CheckedRun().start(), 3);
    assert.deepEqual(fork.namesFrom(2), [
      '2 WORKFLOW_TASK_SCHEDULED',
      '3 WORKFLOW_TASK_STARTED',
      '4 WORKFLOW_TASK_FAILED',
      '5 WORKFLOW_TASK_SCHEDULED',
    ]);
  });

  it('needs a pending workflow task at its point', () => {
    for (const finish of [2, 5, 6, 7, 8]) {
      assert.throws(() => busy().forkTo(new CheckedRun(), finish), {
        message: `Can only reset workflow to event ID in range [WorkflowTaskScheduled +1, WorkflowTaskStarted + 1]: ${finish}`,
      });
    }
  });

  it('keeps what is pending: activities begin anew, timers go on', () => {
    const base = busy();
    base.startActivity('a');
    base.failActivity('a', undefined);
    base.poll();
    base.pass(2000);
    const fork = forked(base, 9);
    const activity = fork.activity('a');
    assert.deepEqual([activity.attempt, activity.startedMs, activity.lastFailure], [1, 0, undefined]);
    assert.deepEqual([activity.firstScheduledMs, activity.attemptScheduledMs], [fork.nowMs, fork.nowMs]);
    assert.deepEqual(
      fork.dispatches.map(({ kind }) => kind),
      ['workflowTask', 'activity'],
    );
    fork.poll();
    fork.pass(3000);
    assert.equal(fork.state.timers.size, 0);
  });

  it('fails the activity whose end was cut off', () => {
    const base = busy();
    base.startActivity('a');
    base.answer('a', (tx, activity) => completeActivity(tx, activity, undefined, c.WORKER));
    base.poll();
    assert.deepEqual(base.namesFrom(9), [
      '9 ACTIVITY_TASK_STARTED',
      '10 ACTIVITY_TASK_COMPLETED',
      '11 WORKFLOW_TASK_STARTED',
    ]);
    const fork = forked(base, 10);
    const failed = fork.history.flatMap((event) => event.activityTaskFailedEventAttributes ?? []);
    assert.equal(failed.length, 1);
    assert.deepEqual(
      [failed[0]?.scheduledEventId, failed[0]?.startedEventId, failed[0]?.retryState],
      [5, 9, RetryState.NON_RETRYABLE_FAILURE],
    );
    assert.equal(fork.state.activities.size, 0);
  });

  it('copies ids that were taken again while their old owners ended', () => {
    const base = new CheckedRun().start();
    base.step([c.scheduleActivity('a'), c.startTimer('t', 5000)]);
    base.signal();
    base.startActivity('a');
    base.poll();
    base.answer('a', (tx, activity) => completeActivity(tx, activity, undefined, c.WORKER));
    base.pass(5000);
    base.complete([c.scheduleActivity('a'), c.startTimer('t', 7000)]);
    const fork = forked(base, base.state.nextEventId);
    assert.equal(fork.activity('a').scheduledEventId, base.activity('a').scheduledEventId);
    assert.deepEqual(fork.state.timers.get('t'), base.state.timers.get('t'));
  });

  it('counts timeouts of the run from now', () => {
    const base = new CheckedRun().start({ runTimeoutMs: 10_000, executionTimeoutMs: 20_000 });
    base.poll();
    base.pass(9000);
    const fork = forked(base, 4);
    assert.equal(fork.state.originalStartMs, c.START_MS);
    assert.equal(fork.state.startMs, c.START_MS + 9000);
    fork.pass(9999);
    assert.equal(fork.state.status, 1);
    fork.pass(1);
    assert.notEqual(fork.state.status, 1);
  });

  it('knows the request ids of repeated signals, and asks for no cancellation', () => {
    const base = busy();
    base.transition((tx) => requestCancelRun(tx, { reason: '', identity: '', requestId: '', links: [] }));
    const fork = forked(base, 4);
    assert(!fork.state.cancelRequested);
    const { nextEventId } = fork.state;
    fork.signal('go', 's1');
    assert.equal(fork.state.nextEventId, nextEventId);
  });

  it('leaves out what is excluded', () => {
    const signaled = busy().history.find((event) => event.workflowExecutionSignaledEventAttributes !== undefined);
    assert(signaled);
    assert(isReapplied(signaled, new Set([Exclude.UPDATE]), false));
    assert(!isReapplied(signaled, new Set([Exclude.SIGNAL]), true));
  });

  it('changes options last', () => {
    const base = busy();
    const optionsChanges = [{ options: { priority: { priorityKey: 2 } }, paths: ['priority'], identity: 'op' }];
    const fork = base.forkTo(new CheckedRun(), 4, { optionsChanges });
    fork.check();
    assert.deepEqual(fork.namesFrom(6), ['6 WORKFLOW_EXECUTION_OPTIONS_UPDATED', '7 WORKFLOW_TASK_SCHEDULED']);
    assert.equal(fork.state.priority?.priorityKey, 2);
    // Recorded again by the next reset.
    assert.equal(forked(fork, 4).state.priority?.priorityKey, 2);
  });
});

describe('auto reset points', () => {
  const completeAs = (run: CheckedRun, buildId: string) => {
    run.signal();
    run.poll();
    run.complete([], { workerVersion: WorkerVersionStamp.encode({ buildId }) });
  };
  const shown = (run: CheckedRun, pointsMax = 20) =>
    ResetPoints.decode(toWireResetPoints(run.state.resetPoints, pointsMax)).points;

  it('are the first completed workflow tasks of each build', () => {
    const run = new CheckedRun().start();
    for (const build of ['one', 'one', 'two', 'one', 'three']) completeAs(run, build);
    assert.deepEqual(
      shown(run).map(({ buildId, runId, resettable }) => [buildId, runId, resettable]),
      ['one', 'two', 'three'].map((build) => [build, 'run-1', true]),
    );
    for (const { firstWorkflowTaskCompletedId: id } of shown(run)) {
      assert(run.event(id).workflowTaskCompletedEventAttributes);
    }
    assert.deepEqual(
      shown(run, 2).map(({ buildId }) => buildId),
      ['two', 'three'],
    );
  });

  it('are bounded, and handed to the next run', () => {
    const run = new CheckedRun().start();
    for (let build = 0; build < 101; build++) completeAs(run, `b${build}`);
    assert.equal(run.state.resetPoints.length, 100);
    assert.equal(run.state.resetPoints[0]?.buildId, 'b1');
    run.signal();
    run.step([c.continueAsNew()]);
    const start = run.successor?.start;
    assert(start);
    const next = new CheckedRun().start(start);
    assert.deepEqual(shown(next), shown(run));
    assert.equal(next.state.resetPoints.length, 20);
  });
});
