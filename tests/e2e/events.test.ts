// The canonical event sequences: what a workflow's history looks like, event by event, in each basic situation.
// The worker is played by hand, so that nothing but the server decides what is written.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  cancelActivity,
  cancelTimer,
  cancelWorkflow,
  completeWorkflow,
  EventType,
  eventNames,
  hand,
  IDENTITY,
  marker,
  millis,
  payloads,
  scheduleActivity,
  seconds,
  startTimer,
  TaskQueueKind,
  TimeoutType,
  texts,
  WorkflowTaskFailedCause,
} from './hand.ts';

const FIRST_TASK = [
  'WorkflowExecutionStarted',
  'WorkflowTaskScheduled',
  'WorkflowTaskStarted',
  'WorkflowTaskCompleted',
] as const;
const TASK = ['WorkflowTaskScheduled', 'WorkflowTaskStarted', 'WorkflowTaskCompleted'] as const;

describe('the history of', { concurrency: true }, () => {
  it('a started workflow', async () => {
    const w = await hand();
    await w.start();
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowTaskScheduled');
  });

  it('a workflow with a start delay has no workflow task before the delay is over', async () => {
    const w = await hand();
    await w.start({ workflowStartDelay: seconds(1) });
    const [started] = await w.expectHistory('WorkflowExecutionStarted');
    assert.equal(millis(started?.workflowExecutionStartedEventAttributes?.firstWorkflowTaskBackoff), 1_000);
    await w.step(completeWorkflow());
    await w.expectHistory(...FIRST_TASK, 'WorkflowExecutionCompleted');
  });

  it('signal-with-start of a new workflow', async () => {
    const w = await hand();
    await w.raw.workflow.signalWithStartWorkflowExecution({ ...w.startRequest(), signalName: 'ping' });
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowExecutionSignaled', 'WorkflowTaskScheduled');
  });

  it('a signal to an idle workflow', async () => {
    const w = await hand();
    await w.start();
    await w.step();
    await w.signal();
    await w.expectHistory(...FIRST_TASK, 'WorkflowExecutionSignaled', 'WorkflowTaskScheduled');
  });

  it('signals before the first workflow task share it', async () => {
    const w = await hand();
    await w.start();
    await w.signal();
    await w.signal();
    await w.step(completeWorkflow());
    await w.expectHistory(
      ...([
        'WorkflowExecutionStarted',
        'WorkflowTaskScheduled',
        'WorkflowExecutionSignaled',
        'WorkflowExecutionSignaled',
      ] as const),
      ...(['WorkflowTaskStarted', 'WorkflowTaskCompleted', 'WorkflowExecutionCompleted'] as const),
    );
  });

  it('one activity', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    await w.completeActivity(await w.activityTask());
    await w.step(completeWorkflow());
    await w.expectHistory(
      ...FIRST_TASK,
      ...(['ActivityTaskScheduled', 'ActivityTaskStarted', 'ActivityTaskCompleted'] as const),
      ...TASK,
      'WorkflowExecutionCompleted',
    );
  });

  it('an activity that runs: its start is not written before its end', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    await w.activityTask();
    await w.expectHistory(...FIRST_TASK, 'ActivityTaskScheduled');
  });

  it('an activity that was retried shows only its last attempt', async () => {
    const w = await hand();
    await w.start();
    await w.step(
      scheduleActivity(w.taskQueue, { retryPolicy: { initialInterval: seconds(0.05), backoffCoefficient: 1 } }),
    );
    await w.failActivity(await w.activityTask(), {}, 'first');
    await w.failActivity(await w.activityTask(), {}, 'second');
    const third = await w.activityTask();
    assert.equal(third.attempt, 3);
    await w.completeActivity(third);
    const events = await w.expectHistory(
      ...FIRST_TASK,
      ...(['ActivityTaskScheduled', 'ActivityTaskStarted', 'ActivityTaskCompleted', 'WorkflowTaskScheduled'] as const),
    );
    const started = events[5]?.activityTaskStartedEventAttributes;
    assert.equal(started?.attempt, 3);
    assert.equal(started.lastFailure?.message, 'second');
  });

  it('an activity that nobody took in time', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue, { scheduleToStartTimeout: seconds(0.5) }));
    await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT);
    const events = await w.expectHistory(
      ...FIRST_TASK,
      'ActivityTaskScheduled',
      'ActivityTaskTimedOut',
      'WorkflowTaskScheduled',
    );
    const timedOut = events[5]?.activityTaskTimedOutEventAttributes;
    assert.equal(Number(timedOut?.scheduledEventId), 5);
    assert.equal(Number(timedOut?.startedEventId), 0);
    assert.equal(timedOut?.failure?.timeoutFailureInfo?.timeoutType, TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START);
  });

  it('an activity that is cancelled before it started', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    await w.signal();
    await w.step(cancelActivity(5));
    const events = await w.expectHistory(
      ...FIRST_TASK,
      ...(['ActivityTaskScheduled', 'WorkflowExecutionSignaled'] as const),
      ...TASK,
      ...(['ActivityTaskCancelRequested', 'ActivityTaskCanceled', 'WorkflowTaskScheduled'] as const),
    );
    const canceled = events[10]?.activityTaskCanceledEventAttributes;
    assert.deepEqual(texts(canceled?.details), ['ACTIVITY_ID_NOT_STARTED']);
    assert.equal(Number(canceled?.latestCancelRequestedEventId), 10);
  });

  it('an activity that is cancelled before it started, behind what else the workflow wants', async () => {
    for (const last of [marker('m'), completeWorkflow()]) {
      const w = await hand();
      await w.start();
      await w.step(scheduleActivity(w.taskQueue));
      await w.signal();
      await w.step(cancelActivity(5), last);
      const names = eventNames(await w.history()).slice(9);
      if (last.completeWorkflowExecutionCommandAttributes) {
        assert.deepEqual(names, ['ActivityTaskCancelRequested', 'WorkflowExecutionCompleted']);
      } else {
        const told = ['MarkerRecorded', 'ActivityTaskCanceled', 'WorkflowTaskScheduled'];
        assert.deepEqual(names, ['ActivityTaskCancelRequested', ...told]);
      }
    }
  });

  it('a timer', async () => {
    const w = await hand();
    await w.start();
    await w.step(startTimer('t', 0.2));
    await w.event(EventType.EVENT_TYPE_TIMER_FIRED);
    const events = await w.expectHistory(...FIRST_TASK, 'TimerStarted', 'TimerFired', 'WorkflowTaskScheduled');
    assert.equal(events[5]?.timerFiredEventAttributes?.timerId, 't');
    assert.equal(Number(events[5]?.timerFiredEventAttributes?.startedEventId), 5);
  });

  it('a timer that is started and cancelled by the same task', async () => {
    const w = await hand();
    await w.start();
    await w.step(startTimer('t', 60), cancelTimer('t'), completeWorkflow());
    await w.expectHistory(...FIRST_TASK, 'TimerStarted', 'TimerCanceled', 'WorkflowExecutionCompleted');
  });

  it('a marker', async () => {
    const w = await hand();
    await w.start();
    await w.step(marker('m'));
    const events = await w.expectHistory(...FIRST_TASK, 'MarkerRecorded');
    assert.equal(events[4]?.markerRecordedEventAttributes?.markerName, 'm');
    assert.equal(Number(events[4]?.markerRecordedEventAttributes?.workflowTaskCompletedEventId), 4);
  });
});

describe('while a workflow task is in flight', { concurrency: true }, () => {
  it('signals wait, and come after the events of the task, in order', async () => {
    const w = await hand();
    await w.start();
    const task = await w.workflowTask();
    await w.signal('first');
    await w.signal('second');
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowTaskStarted');
    await w.complete(task, [marker('m')]);
    const events = await w.expectHistory(
      ...FIRST_TASK,
      ...([
        'MarkerRecorded',
        'WorkflowExecutionSignaled',
        'WorkflowExecutionSignaled',
        'WorkflowTaskScheduled',
      ] as const),
    );
    assert.deepEqual(
      events.flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []),
      ['first', 'second'],
    );
  });

  it('the next task can be handed over in the answer', async () => {
    const w = await hand();
    await w.start();
    const task = await w.workflowTask();
    await w.signal();
    const { workflowTask } = await w.complete(task, [], { returnNewWorkflowTask: true });
    assert.equal(Number(workflowTask?.startedEventId), 7);
    assert.equal(Number(workflowTask?.previousStartedEventId), 3);
    await w.expectHistory(...FIRST_TASK, 'WorkflowExecutionSignaled', 'WorkflowTaskScheduled', 'WorkflowTaskStarted');
  });

  it('a signal prevents closing: the task fails, and the next one sees the signal', async () => {
    const w = await hand();
    await w.start();
    const task = await w.workflowTask();
    await w.signal();
    await assert.rejects(w.complete(task, [completeWorkflow()]), /UnhandledCommand/);
    const events = await w.expectHistory(
      ...(['WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowTaskStarted'] as const),
      ...(['WorkflowTaskFailed', 'WorkflowExecutionSignaled', 'WorkflowTaskScheduled'] as const),
    );
    assert.equal(
      events[3]?.workflowTaskFailedEventAttributes?.cause,
      WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
    );
    assert.equal(events[5]?.workflowTaskScheduledEventAttributes?.attempt, 1);
    await w.step(completeWorkflow());
  });

  it('a timer that fired is dropped again when the task cancels it', async () => {
    const w = await hand();
    await w.start();
    await w.step(startTimer('t', 1));
    await w.signal();
    const task = await w.workflowTask();
    // The buffered event is not in the history: only a later timer of another workflow tells that it is due.
    const clock = await hand();
    await clock.start();
    await clock.step(startTimer('t', 1.5));
    await clock.event(EventType.EVENT_TYPE_TIMER_FIRED);
    await w.complete(task, [cancelTimer('t'), completeWorkflow()]);
    await w.expectHistory(
      ...FIRST_TASK,
      ...(['TimerStarted', 'WorkflowExecutionSignaled'] as const),
      ...TASK,
      ...(['TimerCanceled', 'WorkflowExecutionCompleted'] as const),
    );
  });

  it('an activity may start and end; the end comes last', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    await w.signal();
    const task = await w.workflowTask();
    await w.completeActivity(await w.activityTask());
    await w.signal('late');
    await w.complete(task);
    await w.expectHistory(
      ...FIRST_TASK,
      ...(['ActivityTaskScheduled', 'WorkflowExecutionSignaled'] as const),
      ...TASK,
      // What closes an activity comes after everything else that waited.
      ...([
        'ActivityTaskStarted',
        'WorkflowExecutionSignaled',
        'ActivityTaskCompleted',
        'WorkflowTaskScheduled',
      ] as const),
    );
  });

  it('the workflow can keep the task alive by asking for another one', async () => {
    const w = await hand();
    await w.start();
    const task = await w.workflowTask();
    const { workflowTask } = await w.complete(task, [], {
      forceCreateNewWorkflowTask: true,
      returnNewWorkflowTask: true,
    });
    assert(workflowTask);
    assert.equal(Number(workflowTask.startedEventId), 6);
    await w.raw.workflow.respondWorkflowTaskCompleted({
      namespace: w.namespace,
      taskToken: workflowTask.taskToken ?? new Uint8Array(),
      commands: [completeWorkflow()],
    });
    await w.expectHistory(...FIRST_TASK, ...TASK, 'WorkflowExecutionCompleted');
  });
});

describe('a workflow task that goes wrong', { concurrency: true }, () => {
  it('is written once; later attempts are written when one succeeds', async () => {
    const w = await hand();
    await w.start();
    await w.failTask(await w.workflowTask());
    // A read of the running workflow may show the next attempt, too, which is not written yet; a backward read does not.
    const written = await w.raw.workflow.getWorkflowExecutionHistoryReverse(w.execution);
    assert.deepEqual(eventNames(written.history?.events?.toReversed() ?? []), [
      ...['WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowTaskStarted', 'WorkflowTaskFailed'],
    ]);

    const second = await w.workflowTask();
    assert.equal(second.attempt, 2);
    assert.equal(Number(second.startedEventId), 6);
    assert.deepEqual(
      second.history?.events?.map((event) => Number(event.eventId)),
      [1, 2, 3, 4, 5, 6],
    );
    await w.failTask(second);

    const third = await w.workflowTask();
    assert.equal(third.attempt, 3);
    await w.complete(third, [completeWorkflow()]);
    const events = await w.expectHistory(
      ...(['WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowTaskStarted', 'WorkflowTaskFailed'] as const),
      ...TASK,
      'WorkflowExecutionCompleted',
    );
    assert.equal(events[3]?.workflowTaskFailedEventAttributes?.failure?.message, 'the workflow code is broken');
    assert.equal(events[4]?.workflowTaskScheduledEventAttributes?.attempt, 3);
  });

  it('starts over at attempt 1 when something happened in between', async () => {
    const w = await hand();
    await w.start();
    await w.failTask(await w.workflowTask());
    await w.signal();
    const task = await w.workflowTask();
    assert.equal(task.attempt, 1);
    await w.complete(task, [completeWorkflow()]);
    await w.expectHistory(
      ...(['WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowTaskStarted', 'WorkflowTaskFailed'] as const),
      ...(['WorkflowExecutionSignaled', ...TASK, 'WorkflowExecutionCompleted'] as const),
    );
  });

  it('times out when the worker stays silent', async () => {
    const w = await hand();
    await w.start({ workflowTaskTimeout: seconds(1) });
    await w.workflowTask();
    const retried = await w.workflowTask();
    assert.equal(retried.attempt, 2);
    await w.complete(retried, [completeWorkflow()]);
    const events = await w.expectHistory(
      ...([
        'WorkflowExecutionStarted',
        'WorkflowTaskScheduled',
        'WorkflowTaskStarted',
        'WorkflowTaskTimedOut',
      ] as const),
      ...TASK,
      'WorkflowExecutionCompleted',
    );
    const timedOut = events[3]?.workflowTaskTimedOutEventAttributes;
    assert.equal(timedOut?.timeoutType, TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE);
    assert.equal(Number(timedOut?.scheduledEventId), 2);
    assert.equal(Number(timedOut?.startedEventId), 3);
  });

  it('goes to the normal queue when the sticky one is silent', async () => {
    const w = await hand();
    const stickyName = `${w.taskQueue}-sticky`;
    const sticky = { name: stickyName, kind: TaskQueueKind.TASK_QUEUE_KIND_STICKY, normalName: w.taskQueue };
    await w.start();
    // A poller must have been seen on the sticky queue lately, or the server does not even try it.
    const poller = w.raw
      .as({ deadlineMs: 2_100 })
      .pollWorkflowTaskQueue({ namespace: w.namespace, taskQueue: sticky, identity: IDENTITY });
    const task = await w.workflowTask();
    await w.complete(task, [], { stickyAttributes: { workerTaskQueue: sticky, scheduleToStartTimeout: seconds(1) } });
    await poller;
    await w.signal();
    const onNormal = await w.workflowTask();
    assert.equal(onNormal.attempt, 1);
    assert.equal(onNormal.history?.events?.[0]?.eventType, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED);
    await w.complete(onNormal, [completeWorkflow()]);
    const events = await w.expectHistory(
      ...FIRST_TASK,
      ...(['WorkflowExecutionSignaled', 'WorkflowTaskScheduled', 'WorkflowTaskTimedOut'] as const),
      ...TASK,
      'WorkflowExecutionCompleted',
    );
    const scheduled = events[5]?.workflowTaskScheduledEventAttributes;
    assert.equal(scheduled?.taskQueue?.name, stickyName);
    assert.equal(scheduled?.taskQueue?.normalName, w.taskQueue);
    assert.equal(
      events[6]?.workflowTaskTimedOutEventAttributes?.timeoutType,
      TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START,
    );
    assert.equal(events[7]?.workflowTaskScheduledEventAttributes?.taskQueue?.name, w.taskQueue);
  });

  it('a sticky task carries only the news', async () => {
    const w = await hand();
    const sticky = {
      name: `${w.taskQueue}-sticky`,
      kind: TaskQueueKind.TASK_QUEUE_KIND_STICKY,
      normalName: w.taskQueue,
    };
    await w.start();
    const poller = w.workflowTask(sticky);
    await w.complete(await w.workflowTask(), [], {
      stickyAttributes: { workerTaskQueue: sticky, scheduleToStartTimeout: seconds(5) },
    });
    await w.signal();
    const task = await poller;
    assert.deepEqual(
      task.history?.events?.map((event) => Number(event.eventId)),
      [4, 5, 6, 7],
    );
    assert.equal(Number(task.previousStartedEventId), 3);
    await w.complete(task, [completeWorkflow()]);
  });
});

describe('ending from outside', { concurrency: true }, () => {
  it('terminate an idle workflow', async () => {
    const w = await hand();
    await w.start();
    await w.step();
    await w.raw.workflow.terminateWorkflowExecution({
      ...{ namespace: w.namespace, workflowExecution: { workflowId: w.workflowId } },
      ...{ reason: 'enough', identity: 'me', details: payloads('why') },
    });
    const events = await w.expectHistory(...FIRST_TASK, 'WorkflowExecutionTerminated');
    const terminated = events[4]?.workflowExecutionTerminatedEventAttributes;
    assert.equal(terminated?.reason, 'enough');
    assert.equal(terminated.identity, 'me');
    assert.deepEqual(texts(terminated.details), ['why']);
  });

  it('terminate with a workflow task in flight and a signal in the buffer', async () => {
    const w = await hand();
    await w.start();
    await w.workflowTask();
    await w.signal();
    await w.raw.workflow.terminateWorkflowExecution({
      namespace: w.namespace,
      workflowExecution: { workflowId: w.workflowId },
    });
    const events = await w.expectHistory(
      ...(['WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowTaskStarted'] as const),
      ...(['WorkflowTaskFailed', 'WorkflowExecutionSignaled', 'WorkflowExecutionTerminated'] as const),
    );
    assert.equal(
      events[3]?.workflowTaskFailedEventAttributes?.cause,
      WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
    );
  });

  it('the run timeout, with a workflow task in flight', async () => {
    const w = await hand();
    await w.start({ workflowRunTimeout: seconds(1) });
    await w.workflowTask();
    await w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT);
    const events = await w.history();
    assert.equal(events.at(-1)?.eventType, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT);
  });

  it('a cancel request wakes the workflow, once', async () => {
    const w = await hand();
    await w.start();
    await w.step();
    const request = { namespace: w.namespace, workflowExecution: { workflowId: w.workflowId } };
    await w.raw.workflow.requestCancelWorkflowExecution({
      ...request,
      requestId: 'r1',
      reason: 'changed my mind',
      identity: 'me',
    });
    await w.raw.workflow.requestCancelWorkflowExecution({ ...request, requestId: 'r2' });
    const events = await w.expectHistory(...FIRST_TASK, 'WorkflowExecutionCancelRequested', 'WorkflowTaskScheduled');
    const requested = events[4]?.workflowExecutionCancelRequestedEventAttributes;
    assert.equal(requested?.cause, 'changed my mind');
    assert.equal(requested.identity, 'me');
    await w.step(cancelWorkflow());
    assert.equal((await w.history()).at(-1)?.eventType, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED);
  });
});
