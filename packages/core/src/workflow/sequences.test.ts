// The histories that clients and replayers know, event by event.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonPayloads } from '@perdure/api';
import { Payloads } from '@perdure/api/common';
import { WorkflowTaskFailedCause as Cause, EventTypeNames, TaskQueueKind, TimeoutType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import {
  beginFirstTask,
  completeActivity,
  recordSignal,
  releaseFirstTask,
  requestCancelRun,
  signalRun,
  startRun,
  terminateRun,
} from '../index.ts';

const started = ['1 WORKFLOW_EXECUTION_STARTED', '2 WORKFLOW_TASK_SCHEDULED', '3 WORKFLOW_TASK_STARTED'];
const outside = { identity: 'client-1', links: [] };
const signal = { ...outside, signalName: 'go', input: undefined, header: undefined, requestId: '' };
const sticky = { taskQueue: 'sticky-1', scheduleToStartTimeoutMs: 5000 };

/** Names without ids, from this id on. */
function from(run: Run, eventId: number): string[] {
  return run.history.slice(eventId - 1).map((event) => EventTypeNames.name(event.eventType));
}

describe('the beginning', () => {
  it('schedules the first workflow task at once', () => {
    const run = new Run().start();
    assert.deepEqual(run.names, started.slice(0, 2));
    assert.deepEqual(run.dispatches, [{ kind: 'workflowTask' }]);
    const a = run.event(1).workflowExecutionStartedEventAttributes;
    assert.equal(a?.originalExecutionRunId, 'run-1');
    assert.equal(a?.firstExecutionRunId, 'run-1');
    assert.equal(a?.attempt, 1);
    assert.equal(a?.workflowId, 'workflow-1');
  });

  it('waits for the back-off of the first task', () => {
    const run = new Run().start({ firstTaskBackoffMs: 3000 });
    assert.deepEqual(run.names, started.slice(0, 1));
    assert.equal(run.event(1).workflowExecutionStartedEventAttributes?.firstWorkflowTaskBackoff, 3000);
    run.signal();
    run.pass(2999);
    assert.deepEqual(from(run, 2), ['WORKFLOW_EXECUTION_SIGNALED'], 'a signal does not cut the back-off short');
    run.pass(1);
    assert.deepEqual(from(run, 2), ['WORKFLOW_EXECUTION_SIGNALED', 'WORKFLOW_TASK_SCHEDULED']);
  });

  it('cuts the back-off short for a signal with start', () => {
    const run = new Run().start({ firstTaskBackoffMs: 3000 });
    run.transition((tx) => {
      recordSignal(tx, signal);
      releaseFirstTask(tx);
    });
    assert.deepEqual(from(run, 2), ['WORKFLOW_EXECUTION_SIGNALED', 'WORKFLOW_TASK_SCHEDULED']);
    run.pass(3000);
    assert.equal(run.state.nextEventId, 4);
  });

  it('writes the signal of a signal with start before the first task', () => {
    const run = new Run();
    run.transition((tx) => {
      startRun(tx, c.START);
      recordSignal(tx, signal);
      beginFirstTask(tx, c.START);
    });
    assert.deepEqual(from(run, 1), [
      'WORKFLOW_EXECUTION_STARTED',
      'WORKFLOW_EXECUTION_SIGNALED',
      'WORKFLOW_TASK_SCHEDULED',
    ]);
  });
});

describe('activities and timers', () => {
  it('writes an activity only when it closes', () => {
    const run = new Run().start();
    run.step([c.scheduleActivity('a1')]);
    run.startActivity('a1');
    assert.deepEqual(from(run, 5), ['ACTIVITY_TASK_SCHEDULED']);
    run.answer('a1', (tx, a) => completeActivity(tx, a, jsonPayloads(1), c.WORKER));
    assert.deepEqual(from(run, 5), [
      'ACTIVITY_TASK_SCHEDULED',
      'ACTIVITY_TASK_STARTED',
      'ACTIVITY_TASK_COMPLETED',
      'WORKFLOW_TASK_SCHEDULED',
    ]);
    assert.equal(run.rows.at(-1)?.eventCount, 3, 'in one transition');
    const completed = run.event(7).activityTaskCompletedEventAttributes;
    assert.deepEqual([completed?.scheduledEventId, completed?.startedEventId], [5, 6]);
    run.step([c.completeRun()]);
    assert.deepEqual(run.names.slice(-3), [
      '9 WORKFLOW_TASK_STARTED',
      '10 WORKFLOW_TASK_COMPLETED',
      '11 WORKFLOW_EXECUTION_COMPLETED',
    ]);
  });

  it('writes one started event for all attempts', () => {
    const run = new Run().start();
    run.step([c.scheduleActivity('a1')]);
    for (const wait of [1000, 2000]) {
      run.startActivity('a1');
      run.failActivity('a1', Failure.encode({ message: `after ${wait}` }));
      run.pass(wait);
    }
    run.startActivity('a1');
    run.answer('a1', (tx, a) => completeActivity(tx, a, undefined, c.WORKER));
    assert.deepEqual(from(run, 6), ['ACTIVITY_TASK_STARTED', 'ACTIVITY_TASK_COMPLETED', 'WORKFLOW_TASK_SCHEDULED']);
    const a = run.event(6).activityTaskStartedEventAttributes;
    assert.equal(a?.attempt, 3);
    assert.equal(Failure.decode(a?.lastFailure ?? new Uint8Array()).message, 'after 2000');
  });

  it('times out an activity that nobody takes', () => {
    const run = new Run().start();
    run.step([c.scheduleActivity('a1', { scheduleToStartTimeout: 2000 })]);
    run.pass(2000);
    assert.deepEqual(from(run, 6), ['ACTIVITY_TASK_TIMED_OUT', 'WORKFLOW_TASK_SCHEDULED']);
    assert.equal(run.event(6).activityTaskTimedOutEventAttributes?.startedEventId, 0);
  });

  it('cancels an activity at once that has not started', () => {
    const run = new Run().start();
    run.step([c.scheduleActivity('a1')]);
    run.signal();
    run.step([c.cancelActivityCommand(5)]);
    assert.deepEqual(from(run, 10), [
      'ACTIVITY_TASK_CANCEL_REQUESTED',
      'ACTIVITY_TASK_CANCELED',
      'WORKFLOW_TASK_SCHEDULED',
    ]);
    const a = run.event(11).activityTaskCanceledEventAttributes;
    assert.deepEqual([a?.scheduledEventId, a?.startedEventId, a?.latestCancelRequestedEventId], [5, 0, 10]);
    const [details] = Payloads.decode(a?.details ?? new Uint8Array()).payloads;
    assert.match(new TextDecoder().decode(details), /"ACTIVITY_ID_NOT_STARTED"/);
  });

  it('tells of such cancellations behind the events of all commands, and to nobody if one of them closes the run', () => {
    for (const closes of [false, true]) {
      const run = new Run().start();
      run.step([c.scheduleActivity('a1'), c.scheduleActivity('a2')]);
      run.signal();
      const last = closes ? c.completeRun() : c.startTimer('t1', 1000);
      run.step([c.cancelActivityCommand(5), c.cancelActivityCommand(6), last]);
      const requested = ['ACTIVITY_TASK_CANCEL_REQUESTED', 'ACTIVITY_TASK_CANCEL_REQUESTED'];
      const told = ['TIMER_STARTED', 'ACTIVITY_TASK_CANCELED', 'ACTIVITY_TASK_CANCELED', 'WORKFLOW_TASK_SCHEDULED'];
      assert.deepEqual(from(run, 11), [...requested, ...(closes ? ['WORKFLOW_EXECUTION_COMPLETED'] : told)]);
      assert.equal(run.state.buffered.length, 0);
    }
  });

  it('fires a timer at its time', () => {
    const run = new Run().start();
    run.step([c.startTimer('t1', 1000)]);
    run.pass(999);
    assert.equal(run.state.nextEventId, 6);
    run.pass(1);
    assert.deepEqual(from(run, 5), ['TIMER_STARTED', 'TIMER_FIRED', 'WORKFLOW_TASK_SCHEDULED']);
    assert.equal(run.event(6).timerFiredEventAttributes?.startedEventId, 5);
  });

  it('fires timers of the same moment in the order in which they were started', () => {
    const run = new Run().start();
    run.step([c.startTimer('b', 2000), c.startTimer('a', 1000), c.startTimer('c', 2000)]);
    run.pass(5000);
    assert.deepEqual(
      run.history.flatMap((e) => e.timerFiredEventAttributes?.timerId ?? []),
      ['a', 'b', 'c'],
    );
    assert.equal(from(run, 8).filter((name) => name === 'WORKFLOW_TASK_SCHEDULED').length, 1);
  });

  it('starts and cancels a timer in one task', () => {
    const run = new Run().start();
    run.step([c.startTimer('t1', 1000), c.cancelTimer('t1')]);
    run.pass(5000);
    assert.deepEqual(from(run, 5), ['TIMER_STARTED', 'TIMER_CANCELED']);
  });
});

describe('events that arrive while a worker has the task', () => {
  it('come after the events of the task', () => {
    const run = new Run().start();
    run.poll();
    run.signal();
    assert.deepEqual(run.names, started);
    run.complete([c.startTimer('t1', 1000)], { returnNewTask: true });
    assert.deepEqual(from(run, 4), [
      'WORKFLOW_TASK_COMPLETED',
      'TIMER_STARTED',
      'WORKFLOW_EXECUTION_SIGNALED',
      'WORKFLOW_TASK_SCHEDULED',
      'WORKFLOW_TASK_STARTED',
    ]);
    assert.equal(
      run.event(8).workflowTaskStartedEventAttributes?.requestId,
      'request-from-RespondWorkflowTaskCompleted',
    );
  });

  it('never let a close precede its start', () => {
    const run = new Run().start();
    run.step([c.scheduleActivity('a1'), c.scheduleActivity('a2'), c.startTimer('t1', 1000)]);
    run.signal();
    run.poll();
    run.startActivity('a1');
    run.answer('a1', (tx, a) => completeActivity(tx, a, undefined, c.WORKER));
    run.startActivity('a2');
    run.answer('a2', (tx, a) => completeActivity(tx, a, undefined, c.WORKER));
    run.pass(1000);
    run.complete();
    assert.deepEqual(from(run, 12), [
      'ACTIVITY_TASK_STARTED',
      'ACTIVITY_TASK_STARTED',
      'TIMER_FIRED',
      'ACTIVITY_TASK_COMPLETED',
      'ACTIVITY_TASK_COMPLETED',
      'WORKFLOW_TASK_SCHEDULED',
    ]);
    const completed = run.history.flatMap((e) => e.activityTaskCompletedEventAttributes ?? []);
    assert.deepEqual(
      completed.map((a) => [a.scheduledEventId, a.startedEventId]),
      [
        [5, 12],
        [6, 13],
      ],
    );
  });

  it('stop the workflow from closing', () => {
    const run = new Run().start();
    run.poll();
    run.signal();
    const { error } = run.complete([c.completeRun()]);
    assert.match(error?.message ?? '', /^UnhandledCommand$/);
    assert.deepEqual(from(run, 4), ['WORKFLOW_TASK_FAILED', 'WORKFLOW_EXECUTION_SIGNALED', 'WORKFLOW_TASK_SCHEDULED']);
    assert.equal(run.event(4).workflowTaskFailedEventAttributes?.cause, Cause.UNHANDLED_COMMAND);
    assert.equal(run.event(6).workflowTaskScheduledEventAttributes?.attempt, 1);
  });

  it('do not stop it if the only one is the firing of a timer that the task cancels', () => {
    const run = new Run().start();
    run.step([c.startTimer('t1', 1000)], { forceCreateNewTask: true });
    run.poll();
    run.pass(1000);
    assert.equal(run.state.buffered.length, 1);
    run.complete([c.cancelTimer('t1'), c.completeRun()]);
    assert.deepEqual(from(run, 8), ['WORKFLOW_TASK_COMPLETED', 'TIMER_CANCELED', 'WORKFLOW_EXECUTION_COMPLETED']);
    assert.equal(run.event(9).timerCanceledEventAttributes?.startedEventId, 5);
    assert.equal(run.state.bufferedBytes, 0);
  });

  it('take a signal with a known request id once', () => {
    const run = new Run().start();
    run.signal('go', 'r1');
    run.poll();
    run.signal('go', 'r1');
    run.signal('go', 'r2');
    run.signal('go', 'r2');
    run.complete();
    assert.equal(from(run, 1).filter((name) => name === 'WORKFLOW_EXECUTION_SIGNALED').length, 2);
  });
});

describe('the end', () => {
  it('terminates an idle run with one event', () => {
    const run = new Run().start();
    run.step([c.startTimer('t1', 1000), c.scheduleActivity('a1')]);
    run.transition((tx) => terminateRun(tx, { ...outside, reason: 'enough', details: undefined }));
    assert.deepEqual(from(run, 7), ['WORKFLOW_EXECUTION_TERMINATED']);
    assert.deepEqual([run.state.activities.size, run.state.timers.size], [0, 0]);
    run.pass(1_000_000);
    assert.equal(run.state.nextEventId, 8);
  });

  it('closes a started task first, and lets the buffer come to rest', () => {
    const run = new Run().start();
    run.poll();
    run.signal();
    run.transition((tx) => terminateRun(tx, { ...outside, reason: 'enough', details: undefined }));
    assert.deepEqual(from(run, 4), [
      'WORKFLOW_TASK_FAILED',
      'WORKFLOW_EXECUTION_SIGNALED',
      'WORKFLOW_EXECUTION_TERMINATED',
    ]);
    const failed = run.event(4).workflowTaskFailedEventAttributes;
    assert.deepEqual([failed?.cause, failed?.identity], [Cause.FORCE_CLOSE_COMMAND, 'history-service']);
  });

  it('drops a task that is only scheduled', () => {
    const run = new Run().start();
    run.transition((tx) => terminateRun(tx, { ...outside, reason: 'enough', details: undefined }));
    assert.deepEqual(from(run, 3), ['WORKFLOW_EXECUTION_TERMINATED']);
  });

  it('times out the run with its started task', () => {
    const run = new Run().start({ runTimeoutMs: 4000 });
    run.poll();
    run.pass(4000);
    assert.deepEqual(from(run, 4), ['WORKFLOW_TASK_FAILED', 'WORKFLOW_EXECUTION_TIMED_OUT']);
  });

  it('takes one cancel request per run', () => {
    const run = new Run().start();
    run.step();
    const request = { ...outside, reason: 'why', requestId: 'c1' };
    run.transition((tx) => requestCancelRun(tx, request));
    run.transition((tx) => requestCancelRun(tx, { ...request, requestId: 'c2' }));
    assert.deepEqual(from(run, 5), ['WORKFLOW_EXECUTION_CANCEL_REQUESTED', 'WORKFLOW_TASK_SCHEDULED']);
    assert.equal(run.event(5).workflowExecutionCancelRequestedEventAttributes?.cause, 'why');
    run.step([c.cancelRun()]);
    assert.deepEqual(from(run, 7), ['WORKFLOW_TASK_STARTED', 'WORKFLOW_TASK_COMPLETED', 'WORKFLOW_EXECUTION_CANCELED']);
  });

  it('keeps nothing of a closed run that only an open one needs', () => {
    const run = new Run().start();
    run.signal('go', 'r1');
    run.step([c.scheduleActivity('a1'), c.startTimer('t1', 5), c.completeRun()]);
    const { activities, activityIds, timers, timerIds, seenRequestIds, buffered } = run.state;
    const sizes = [activities.size, activityIds.size, timers.size, timerIds.size, seenRequestIds.size, buffered.length];
    assert.deepEqual(sizes, [0, 0, 0, 0, 0, 0]);
  });
});

describe('workflow tasks', () => {
  it('fail once in the history, then are transient until one completes', () => {
    const run = new Run().start();
    run.poll();
    run.failTask(Cause.WORKFLOW_WORKER_UNHANDLED_FAILURE);
    run.poll();
    run.failTask(Cause.WORKFLOW_WORKER_UNHANDLED_FAILURE);
    assert.deepEqual(from(run, 4), ['WORKFLOW_TASK_FAILED']);
    assert.equal(run.state.task?.attempt, 3);
    run.nowMs += 50;
    run.poll();
    run.nowMs += 50;
    run.complete();
    assert.deepEqual(from(run, 4), [
      'WORKFLOW_TASK_FAILED',
      'WORKFLOW_TASK_SCHEDULED',
      'WORKFLOW_TASK_STARTED',
      'WORKFLOW_TASK_COMPLETED',
    ]);
    assert.equal(run.event(5).workflowTaskScheduledEventAttributes?.attempt, 3);
    assert.deepEqual(
      [5, 6, 7].map((id) => (run.event(id).eventTime ?? 0) - c.START_MS),
      [0, 50, 100],
    );
    assert.equal(run.state.taskAttempt, 1);
  });

  it('time out once in the history', () => {
    const run = new Run().start();
    run.poll();
    run.pass(10_000);
    assert.equal(run.event(4).workflowTaskTimedOutEventAttributes?.timeoutType, TimeoutType.START_TO_CLOSE);
    run.poll();
    run.pass(10_000);
    assert.deepEqual(from(run, 4), ['WORKFLOW_TASK_TIMED_OUT']);
    run.step();
    assert.equal(run.event(5).workflowTaskScheduledEventAttributes?.attempt, 3);
  });

  it('leave a sticky queue that nobody polls', () => {
    const run = new Run().start();
    run.step([], { sticky, forceCreateNewTask: true });
    assert.equal(run.event(5).workflowTaskScheduledEventAttributes?.taskQueue?.kind, TaskQueueKind.STICKY);
    assert.equal(run.event(5).workflowTaskScheduledEventAttributes?.taskQueue?.normalName, 'orders');
    run.pass(5000);
    assert.deepEqual(from(run, 5), ['WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_TIMED_OUT', 'WORKFLOW_TASK_SCHEDULED']);
    assert.equal(run.event(6).workflowTaskTimedOutEventAttributes?.timeoutType, TimeoutType.SCHEDULE_TO_START);
    const next = run.event(7).workflowTaskScheduledEventAttributes;
    assert.deepEqual(
      [next?.attempt, next?.taskQueue?.name, next?.taskQueue?.kind],
      [1, 'orders', TaskQueueKind.NORMAL],
    );
  });

  it('continue as a heartbeat in the same answer', () => {
    const run = new Run().start();
    const { newTask } = run.step([], { forceCreateNewTask: true, returnNewTask: true });
    assert.deepEqual(from(run, 4), ['WORKFLOW_TASK_COMPLETED', 'WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_STARTED']);
    assert.deepEqual([newTask?.scheduledEventId, newTask?.startedEventId], [5, 6]);
    assert.deepEqual(run.dispatches, [], 'it is with the worker already');
  });

  it('fail and end the run when a payload is too large ever to be taken', () => {
    const run = new Run({ blobSizeMax: 100 }).start();
    run.poll();
    const { error } = run.complete([c.completeRun(new Uint8Array(101))]);
    assert.deepEqual(from(run, 4), ['WORKFLOW_TASK_FAILED', 'WORKFLOW_EXECUTION_TERMINATED']);
    const terminated = run.event(5).workflowExecutionTerminatedEventAttributes;
    assert.deepEqual([terminated?.reason, terminated?.identity], [error?.message, 'history-service']);
    assert.match(error?.message ?? '', /^BadCompleteWorkflowExecutionAttributes: /);
  });

  it('wake for a signal on an idle run', () => {
    const run = new Run().start();
    run.step();
    run.transition((tx) => signalRun(tx, signal));
    assert.deepEqual(from(run, 5), ['WORKFLOW_EXECUTION_SIGNALED', 'WORKFLOW_TASK_SCHEDULED']);
  });
});
