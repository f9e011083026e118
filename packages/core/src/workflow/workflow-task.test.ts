// The life of a workflow task: attempts, transient tasks, sticky queues, heartbeats, what a worker is told.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowTaskFailedCause as Cause } from '@perdure/api/enums';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import { checkTaskRef, nextDeadline } from '../index.ts';

const FAILED = Cause.WORKFLOW_WORKER_UNHANDLED_FAILURE;
const sticky = { taskQueue: 'sticky-1', scheduleToStartTimeoutMs: 5000 };
const MINUTE_MS = 60_000;

function fail(run: Run, times: number): void {
  for (let i = 0; i < times; i++) {
    run.poll();
    run.failTask(FAILED);
  }
}

describe('attempts of a workflow task', () => {
  it('stretch the timeout from the fourth on, up to a maximum', () => {
    const run = new Run().start();
    const timeouts: (number | undefined)[] = [];
    for (let attempt = 1; attempt <= 12; attempt++) {
      timeouts.push(run.state.task?.timeoutMs);
      fail(run, 1);
    }
    const stretched = [5, 10, 20, 40, 80, 160, 320, 600, 600].map((s) => 10_000 + s * 1000);
    assert.deepEqual(timeouts, [10_000, 10_000, 10_000, ...stretched]);
  });

  it('begin again when new events arrive while the task waits', () => {
    const run = new Run().start();
    fail(run, 3);
    assert.equal(run.state.task?.attempt, 4);
    run.signal();
    run.poll();
    assert.deepEqual(run.names.slice(-3), [
      '5 WORKFLOW_EXECUTION_SIGNALED',
      '6 WORKFLOW_TASK_SCHEDULED',
      '7 WORKFLOW_TASK_STARTED',
    ]);
    assert.equal(run.state.task?.attempt, 1);
    run.failTask(FAILED);
    assert.equal(run.event().workflowTaskFailedEventAttributes?.startedEventId, 7, 'so its failure is in the history');
    assert.equal(run.state.task?.attempt, 2);
  });

  it('begin again when new events arrived while the worker had the task', () => {
    const run = new Run().start();
    fail(run, 2);
    run.poll();
    run.signal();
    run.failTask(FAILED);
    assert.deepEqual(run.names.slice(-2), ['5 WORKFLOW_EXECUTION_SIGNALED', '6 WORKFLOW_TASK_SCHEDULED']);
    assert.equal(run.state.task?.attempt, 1);
  });

  it('do not count while the worker had the workflow in its cache', () => {
    const run = new Run().start();
    run.step([], { sticky, forceCreateNewTask: true });
    run.poll(true);
    run.failTask(FAILED);
    assert.equal(run.state.sticky, undefined);
    assert.deepEqual([run.state.task?.attempt, run.state.task?.taskQueue], [1, 'orders']);
    fail(run, 1);
    assert.equal(run.state.task?.attempt, 2);
  });

  it('begin again after a reset', () => {
    const run = new Run().start();
    fail(run, 2);
    run.poll();
    run.failTask(Cause.RESET_WORKFLOW);
    assert.equal(run.state.task?.attempt, 1);
  });

  it('count when the worker is silent', () => {
    const run = new Run().start();
    run.poll();
    run.pass(9999);
    assert.notEqual(run.state.task?.startedEventId, 0);
    run.pass(1);
    assert.equal(run.state.task?.attempt, 2);
  });
});

describe('a transient workflow task', () => {
  it('is found again by the ids it will have', () => {
    const run = new Run().start();
    fail(run, 1);
    const task = run.poll();
    assert.deepEqual([task.scheduledEventId, task.startedEventId, task.transient], [5, 6, true]);
    assert.equal(checkTaskRef(run.state, task).attempt, 2);
    run.complete();
    assert.deepEqual(run.names.slice(4), [
      '5 WORKFLOW_TASK_SCHEDULED',
      '6 WORKFLOW_TASK_STARTED',
      '7 WORKFLOW_TASK_COMPLETED',
    ]);
  });

  it('is not answered for by the attempt before it', () => {
    const run = new Run().start();
    fail(run, 1);
    const stale = run.poll();
    run.pass(10_000);
    run.poll();
    assert.throws(() => checkTaskRef(run.state, stale), /^StatusError: Workflow task not found\.$/);
  });

  it('that fails again leaves nothing in the history, and slows down by its timeout', () => {
    const run = new Run().start();
    fail(run, 1);
    run.poll();
    const { nextEventId } = run.state;
    assert.match(
      run.complete([c.startTimer('', 1)]).error?.message ?? '',
      /BadStartTimerAttributes: TimerId is not set/,
    );
    assert.equal(run.state.nextEventId, nextEventId);
    assert.notEqual(run.state.task?.startedEventId, 0, 'the task is still with the worker');
    assert.equal(nextDeadline(run.state), run.nowMs + 10_000);
  });
});

describe('a sticky queue', () => {
  it('is given up when the task goes to a worker of the normal queue', () => {
    const run = new Run().start();
    run.step([], { sticky });
    run.signal();
    assert.equal(run.state.task?.taskQueue, 'sticky-1');
    run.poll(false);
    assert.equal(run.state.sticky, undefined);
  });

  it('is kept while its worker answers, and dropped when the worker keeps no cache any more', () => {
    const run = new Run().start();
    run.step([], { sticky, forceCreateNewTask: true });
    run.step([], { sticky });
    assert.deepEqual(run.state.sticky, sticky);
    run.signal();
    run.step();
    assert.equal(run.state.sticky, undefined);
  });

  it('has no limit to the waiting time if the worker gives none', () => {
    const run = new Run().start();
    run.step([], { sticky: { taskQueue: 's', scheduleToStartTimeoutMs: 0 }, forceCreateNewTask: true });
    assert.equal(nextDeadline(run.state), undefined);
  });
});

describe('heartbeats of a workflow task', () => {
  it('time out half an hour after the first task of the chain', () => {
    const run = new Run().start();
    const heartbeat = () => run.complete([], { sticky, forceCreateNewTask: true, returnNewTask: true });
    run.poll();
    for (let minute = 0; minute < 30; minute++) {
      for (let i = 0; i < 10; i++) {
        run.nowMs += MINUTE_MS / 10;
        assert.equal(heartbeat().error, undefined);
      }
    }
    assert.equal(run.state.task?.originalScheduledMs, c.START_MS);
    run.nowMs += 1;
    assert.match(heartbeat().error?.message ?? '', /^workflow task heartbeat timeout$/);
    assert.match(run.names.at(-2) ?? '', /WORKFLOW_TASK_TIMED_OUT/);
    assert.equal(run.state.task?.taskQueue, 'orders');
    assert.equal(run.state.task?.originalScheduledMs, run.nowMs, 'a new chain');
  });

  it('with commands are progress, not a heartbeat', () => {
    const run = new Run().start();
    run.poll();
    run.nowMs += 31 * MINUTE_MS;
    const { error } = run.complete([c.recordMarker('m')], { forceCreateNewTask: true });
    assert.equal(error, undefined);
    assert.equal(run.state.task?.originalScheduledMs, run.nowMs);
  });
});

describe('a started workflow task', () => {
  it('suggests to continue as new at the limit of events', () => {
    const suggested = (signals: number) => {
      const run = new Run({ historyCountSuggest: 5 }).start();
      for (let i = 0; i < signals; i++) run.signal();
      return run.poll().suggestContinueAsNew;
    };
    // The event that is being written counts.
    assert.equal(suggested(1), false);
    assert.equal(suggested(2), true);
  });

  it('suggests to continue as new at the limit of bytes', () => {
    const { historySizeBytes } = new Run().start().state;
    const suggested = (max: number) => new Run({ historySizeSuggest: max }).start().poll();
    assert.equal(suggested(historySizeBytes + 1).suggestContinueAsNew, false);
    const task = suggested(historySizeBytes);
    assert.equal(task.suggestContinueAsNew, true);
    assert.equal(task.historySizeBytes, historySizeBytes);
  });

  it('remembers that the workflow wants to close until a task ends otherwise', () => {
    const run = new Run().start();
    run.poll();
    run.signal();
    run.complete([c.completeRun()]);
    assert.equal(run.state.closeAttempted, true);
    run.step();
    assert.equal(run.state.closeAttempted, false);
  });

  it('names the last completed one, not the last started one', () => {
    const run = new Run().start();
    run.step([], { forceCreateNewTask: true });
    run.poll();
    run.pass(10_000);
    assert.equal(run.state.previousStartedEventId, 3);
  });
});
