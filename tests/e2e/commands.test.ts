// Bad commands: the workflow task fails with a cause that names what is wrong, nothing of the task takes effect, and
// the worker is told in words.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from './hand.ts';
import {
  cancelActivity,
  cancelTimer,
  completeWorkflow,
  eventNames,
  hand,
  marker,
  payloads,
  scheduleActivity,
  seconds,
  startTimer,
  WorkflowTaskFailedCause,
} from './hand.ts';
import { Code, fails, failure } from './raw.ts';

type Cause = keyof typeof WorkflowTaskFailedCause extends `WORKFLOW_TASK_FAILED_CAUSE_${infer C}` ? C : never;

const QUEUE = 'some-queue';

const refusals: readonly [string, readonly Command[], Cause, RegExp][] = [
  [
    'an activity without timeouts',
    [scheduleActivity(QUEUE, { startToCloseTimeout: null })],
    'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES',
    /^BadScheduleActivityAttributes: a valid StartToClose(Timeout)? or ScheduleToCloseTimeout/i,
  ],
  [
    'an activity with a negative timeout',
    [scheduleActivity(QUEUE, { startToCloseTimeout: seconds(-1) })],
    'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES',
    /^BadScheduleActivityAttributes: /,
  ],
  [
    'an activity without an id',
    [scheduleActivity(QUEUE, { activityId: '' })],
    'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES',
    /activityId is not set/i,
  ],
  [
    'an activity without a type',
    [scheduleActivity(QUEUE, { activityType: { name: '' } })],
    'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES',
    /activityType is not set/i,
  ],
  [
    'an activity on no task queue',
    [scheduleActivity('')],
    'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES',
    /missing task queue name/,
  ],
  [
    'an activity with a bad retry policy',
    [scheduleActivity(QUEUE, { retryPolicy: { backoffCoefficient: 0.1 } })],
    'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES',
    /BackoffCoefficient cannot be less than 1/,
  ],
  [
    'two activities of one id',
    [scheduleActivity(QUEUE), scheduleActivity(QUEUE)],
    'SCHEDULE_ACTIVITY_DUPLICATE_ID',
    /^ScheduleActivityDuplicateId/,
  ],
  [
    'cancelling no activity',
    [cancelActivity(99)],
    'BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES',
    /^BadRequestCancelActivityAttributes/,
  ],
  ['a timer without an id', [startTimer('', 1)], 'BAD_START_TIMER_ATTRIBUTES', /TimerId is not set/],
  ['a timer into the past', [startTimer('t', -1)], 'BAD_START_TIMER_ATTRIBUTES', /^BadStartTimerAttributes: /],
  [
    'two timers of one id',
    [startTimer('t', 60), startTimer('t', 60)],
    'START_TIMER_DUPLICATE_ID',
    /^StartTimerDuplicateId/,
  ],
  ['cancelling no timer', [cancelTimer('none')], 'BAD_CANCEL_TIMER_ATTRIBUTES', /^BadCancelTimerAttributes/],
  ['a marker without a name', [marker('')], 'BAD_RECORD_MARKER_ATTRIBUTES', /MarkerName is not set/],
];

describe('a bad command fails the workflow task:', { concurrency: true }, () => {
  for (const [name, commands, cause, text] of refusals) {
    it(name, async () => {
      const w = await hand();
      await w.start();
      const task = await w.workflowTask();
      await fails(w.complete(task, [marker('not to be seen'), ...commands]), Code.INVALID_ARGUMENT, text);
      const events = await w.history();
      assert.deepEqual(eventNames(events).slice(0, 4), [
        ...['WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowTaskStarted', 'WorkflowTaskFailed'],
      ]);
      const attributes = events[3]?.workflowTaskFailedEventAttributes;
      assert.equal(WorkflowTaskFailedCause[attributes?.cause ?? 0], `WORKFLOW_TASK_FAILED_CAUSE_${cause}`);
      assert.match(attributes?.failure?.message ?? '', text);
      const retried = await w.step(completeWorkflow());
      assert.equal(retried.attempt, 2);
    });
  }
});

describe('commands', { concurrency: true }, () => {
  it('after a closing one are refused, without a trace in the history', async () => {
    const w = await hand();
    await w.start();
    const task = await w.workflowTask();
    const error = await failure(w.complete(task, [completeWorkflow(), marker('too late')]));
    assert.equal(Code[error.code], 'INVALID_ARGUMENT');
    assert.match(error.text, /invalid command sequence: .*must be the last command/);
    assert.deepEqual(eventNames(await w.history()), [
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
    ]);
    await w.complete(task, [completeWorkflow()]);
  });

  it('of a second bad attempt leave no event', async () => {
    const w = await hand();
    await w.start();
    await failure(w.complete(await w.workflowTask(), [startTimer('', 1)]));
    const second = await w.workflowTask();
    assert.equal(second.attempt, 2);
    await fails(w.complete(second, [startTimer('', 1)]), Code.INVALID_ARGUMENT, /TimerId is not set/);
    const names = eventNames(await w.history());
    assert.equal(names.filter((name) => name === 'WorkflowTaskFailed').length, 1);
  });

  it('with a payload above 2 MiB terminate the workflow', async () => {
    const w = await hand();
    await w.start();
    const task = await w.workflowTask();
    const big = scheduleActivity(w.taskQueue, { input: payloads('x'.repeat(2 * 1024 * 1024)) });
    await w
      .complete(task, [big])
      .catch((error: unknown) => assert.match(String(error), /exceeds|limit|BadScheduleActivity/i));
    const events = await w.expectHistory(
      ...(['WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowTaskStarted'] as const),
      ...(['WorkflowTaskFailed', 'WorkflowExecutionTerminated'] as const),
    );
    assert.equal(events[4]?.workflowExecutionTerminatedEventAttributes?.identity, 'history-service');
  });

  it('can start a timer of length zero', async () => {
    const w = await hand();
    await w.start();
    await w.step(startTimer('now', 0));
    const next = await w.workflowTask();
    assert(eventNames(next.history?.events ?? []).includes('TimerFired'));
  });

  it('can start again a timer of an id that has fired', async () => {
    const w = await hand();
    await w.start();
    await w.step(startTimer('t', 0));
    await w.step(startTimer('t', 0));
    const next = await w.step(completeWorkflow());
    assert.equal(eventNames(next.history?.events ?? []).filter((name) => name === 'TimerFired').length, 2);
  });

  it('may be many in one task', async () => {
    const w = await hand();
    await w.start();
    await w.step(...Array.from({ length: 500 }, (_, index) => startTimer(`t${index}`, 600)));
    await w.signal();
    await w.step(...Array.from({ length: 500 }, (_, index) => cancelTimer(`t${index}`)), completeWorkflow());
    const names = eventNames(await w.history());
    assert.equal(names.filter((name) => name === 'TimerCanceled').length, 500);
    assert.equal(names.at(-1), 'WorkflowExecutionCompleted');
  });

  it('user metadata of a command is copied to its event', async () => {
    const w = await hand();
    await w.start();
    const summary = payloads('why this timer').payloads?.[0] ?? {};
    await w.step({ ...startTimer('t', 60), userMetadata: { summary } });
    const event = (await w.history())[4];
    assert.equal(Buffer.from(event?.userMetadata?.summary?.data ?? []).toString(), '"why this timer"');
  });
});
