// Resetting a workflow to an earlier point, by hand: the exact events, and what is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import {
  type Command,
  CommandType,
  completeWorkflow,
  EventType,
  eventNames,
  type Hand,
  type HistoryEvent,
  hand,
  long,
  scheduleActivity,
  seconds,
  startTimer,
  texts,
  WorkflowTaskFailedCause,
} from './hand.ts';
import { unique } from './harness.ts';
import { Code, fails, failure } from './raw.ts';

type ResetRequest = temporal.api.workflowservice.v1.IResetWorkflowExecutionRequest;

async function reset(w: Hand, finishEventId: number, request: ResetRequest = {}): Promise<string> {
  const { runId } = await w.raw.workflow.resetWorkflowExecution({
    namespace: w.namespace,
    workflowExecution: { workflowId: w.workflowId },
    reason: 'bad build',
    workflowTaskFinishEventId: long(finishEventId),
    requestId: unique('reset'),
    ...request,
  });
  return runId;
}

function of(w: Hand, runId: string) {
  return { workflowExecution: { workflowId: w.workflowId, runId } };
}

function describeRun(w: Hand, runId: string) {
  return w.raw.workflow.describeWorkflowExecution({
    namespace: w.namespace,
    execution: { workflowId: w.workflowId, runId },
  });
}

/** Without what differs from run to run: times, and ids that the server has made up. */
function comparable(events: readonly HistoryEvent[]): unknown {
  const made = new Set(['eventTime', 'taskId', 'requestId', 'newRunId', 'baseRunId', 'historySizeBytes']);
  return JSON.parse(JSON.stringify(events, (key, value: unknown) => (made.has(key) ? undefined : value)));
}

function continueAsNew(): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
    continueAsNewWorkflowExecutionCommandAttributes: { workflowType: { name: 'by-hand' }, taskQueue: {} },
  };
}

describe('a reset by hand', { concurrency: true }, () => {
  it('makes one run of a run for one request, also when another reset came between', async () => {
    const w = await hand();
    const base = await w.start();
    await w.step();
    const again = () => reset(w, 4, { ...of(w, base), requestId: 'again' });
    const first = await again();
    assert.equal(await again(), first);
    const second = await reset(w, 4, of(w, base));
    assert.notEqual(second, first);
    assert.equal(await again(), first);
    const current = (await w.describe()).workflowExecutionInfo?.execution?.runId;
    assert.equal(current, second);
  });

  it('terminates the open run and begins another one with its history up to there', async () => {
    const w = await hand();
    const base = await w.start({ workflowRunTimeout: seconds(100), workflowExecutionTimeout: seconds(200) });
    await w.step(startTimer('t', 100), scheduleActivity(w.taskQueue));
    await w.signal('one', 'first');
    await w.step();
    await w.signal('two', 'second');
    const before = await w.history(base);
    const next = await reset(w, 4);
    assert.notEqual(next, base);

    const ended = (await w.history(base)).at(-1)?.workflowExecutionTerminatedEventAttributes;
    assert.equal(ended?.reason, 'bad build');
    assert.equal(ended?.identity, 'history-resetter');
    const events = await w.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskFailed',
      'WorkflowExecutionSignaled',
      'WorkflowExecutionSignaled',
      'WorkflowTaskScheduled',
    );
    assert.deepEqual(comparable(events.slice(0, 3)), comparable(before.slice(0, 3)));
    const failed = events[3]?.workflowTaskFailedEventAttributes;
    assert.equal(failed?.cause, WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW);
    assert.equal(failed?.baseRunId, base);
    assert.equal(failed?.newRunId, next);
    assert.equal(failed?.identity, 'history-service');
    assert.equal(failed?.failure?.message, 'bad build');
    assert(failed?.failure?.resetWorkflowFailureInfo);
    const inputs = events.slice(4, 6).map((event) => texts(event.workflowExecutionSignaledEventAttributes?.input)[0]);
    assert.deepEqual(inputs, ['first', 'second']);

    const description = await w.describe();
    const { workflowExecutionInfo: info, workflowExtendedInfo: extended } = description;
    assert.equal(info?.execution?.runId, next);
    assert.equal(info?.firstRunId, base);
    assert.equal(description.pendingActivities.length, 0);
    assert.deepEqual(extended?.lastResetTime, info?.startTime);
    assert.deepEqual(extended?.originalStartTime, events[0]?.eventTime);
    const left = Number(extended?.runExpirationTime?.seconds) - Number(info?.startTime?.seconds);
    assert(left >= 99 && left <= 101, `${left} s`);
    assert.equal((await describeRun(w, base)).workflowExtendedInfo?.resetRunId, next);

    await w.step(completeWorkflow('again'));
    assert.equal((await w.history(next)).at(-1)?.eventType, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
  });

  it('of a closed run, with what is pending at that point scheduled again', async () => {
    const w = await hand();
    const base = await w.start();
    await w.step(startTimer('t', 3), scheduleActivity(w.taskQueue));
    const task = await w.activityTask();
    await w.failActivity(task);
    await w.signal();
    await w.step(completeWorkflow());
    const point = (await w.history(base)).findLast((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
    const next = await reset(w, Number(point), of(w, base));
    assert.equal((await w.describe()).workflowExecutionInfo?.execution?.runId, next);
    const again = await w.activityTask();
    assert.equal(again.attempt, 1);
    assert.equal(again.workflowExecution?.runId, next);
    await w.completeActivity(again);
    await w.event(EventType.EVENT_TYPE_TIMER_FIRED);
    await w.step(completeWorkflow());
  });

  it('repeats what reached the runs that followed by continue-as-new', async () => {
    const w = await hand();
    const base = await w.start({});
    await w.signal('one', 'first');
    await w.step(continueAsNew());
    await w.signal('two', 'second');
    await w.step(continueAsNew());
    // Waits in the buffer of the open run.
    const task = await w.workflowTask();
    await w.signal('three', 'third');
    await reset(w, 4, of(w, base));
    const events = await w.history();
    const names = events.flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
    assert.deepEqual(names, ['one', 'two', 'three']);
    assert.equal((await failure(w.complete(task))).code, Code.NOT_FOUND);
    await w.step(completeWorkflow());
  });

  it('leaves out what it is told to', async () => {
    const { ResetReapplyType, ResetReapplyExcludeType } = await import('@temporalio/proto').then(
      ({ default: proto }) => proto.temporal.api.enums.v1,
    );
    const cases: [ResetRequest, number][] = [
      [{}, 1],
      [{ resetReapplyType: ResetReapplyType.RESET_REAPPLY_TYPE_SIGNAL }, 1],
      [{ resetReapplyType: ResetReapplyType.RESET_REAPPLY_TYPE_NONE }, 0],
      [{ resetReapplyType: ResetReapplyType.RESET_REAPPLY_TYPE_ALL_ELIGIBLE }, 1],
      [{ resetReapplyExcludeTypes: [ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL] }, 0],
      [{ resetReapplyExcludeTypes: [ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE] }, 1],
    ];
    for (const [request, count] of cases) {
      const w = await hand();
      await w.start();
      await w.step();
      await w.signal();
      await reset(w, 4, request);
      const signals = (await w.history()).filter((event) => event.workflowExecutionSignaledEventAttributes);
      assert.equal(signals.length, count, JSON.stringify(request));
    }
  });

  it('changes options when it is told to', async () => {
    const w = await hand();
    await w.start();
    await w.step();
    await w.signal();
    const updateWorkflowOptions = {
      workflowExecutionOptions: { priority: { priorityKey: 2 } },
      updateMask: { paths: ['priority'] },
    };
    await reset(w, 4, { postResetOperations: [{ updateWorkflowOptions }] });
    const names = eventNames(await w.history());
    assert.deepEqual(names.slice(4), [
      'WorkflowExecutionSignaled',
      'WorkflowExecutionOptionsUpdated',
      'WorkflowTaskScheduled',
    ]);
    assert.equal((await w.describe()).workflowExecutionInfo?.priority?.priorityKey, 2);
    const signalWorkflow = { signalName: 'x' };
    await fails(
      reset(w, 4, { postResetOperations: [{ signalWorkflow }] }),
      Code.INVALID_ARGUMENT,
      'unsupported post reset operation: *workflow.PostResetOperation_SignalWorkflow_',
    );
  });

  it('changes options a hundred times at the most', async () => {
    const w = await hand();
    await w.start();
    await w.step();
    const operation = (_: unknown, n: number) => ({
      updateWorkflowOptions: {
        workflowExecutionOptions: { priority: { priorityKey: 1 + (n % 2) } },
        updateMask: { paths: ['priority'] },
      },
    });
    const operations = (length: number) => ({ postResetOperations: Array.from({ length }, operation) });
    await fails(
      reset(w, 4, operations(101)),
      Code.INVALID_ARGUMENT,
      'too many post reset operations: got 101, maximum 100',
    );
    await reset(w, 4, operations(100));
    const changes = (await w.history()).filter((event) => event.workflowExecutionOptionsUpdatedEventAttributes);
    assert.equal(changes.length, 100);
  });

  it('is made once for each request id', async () => {
    const w = await hand();
    const base = await w.start();
    await w.step();
    const request = { ...of(w, base), requestId: unique('reset') };
    const next = await reset(w, 4, request);
    assert.equal(await reset(w, 4, request), next);
    const other = await reset(w, 4, of(w, base));
    assert.notEqual(other, next);
    assert.equal((await describeRun(w, base)).workflowExtendedInfo?.resetRunId, other);
  });

  it('may be made of a run that was made by one', async () => {
    const w = await hand();
    const first = await w.start();
    await w.step();
    await w.signal();
    const second = await reset(w, 4);
    await w.step(scheduleActivity(w.taskQueue));
    await w.signal();
    const third = await reset(w, 8);
    const events = await w.history();
    assert.equal(events.filter((event) => event.workflowExecutionSignaledEventAttributes).length, 2);
    assert.equal(events[7]?.workflowTaskFailedEventAttributes?.baseRunId, second);
    const info = (await w.describe()).workflowExecutionInfo;
    assert.equal(info?.execution?.runId, third);
    assert.equal(info?.firstRunId, first);
  });

  it('says what is wrong with the request', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    const outOfRange = 'Workflow task finish ID must be > 1 && <= workflow last event ID.';
    for (const id of [-1, 0, 1, 6]) await fails(reset(w, id), Code.INVALID_ARGUMENT, outOfRange);
    // The official server refuses some of these by another check, with a text of its own.
    assert.equal((await failure(reset(w, 5))).code, Code.INVALID_ARGUMENT);
    await fails(reset(w, 4, { requestId: '' }), Code.INVALID_ARGUMENT, 'RequestId is not set on request.');
    await fails(reset(w, 4, { requestId: 'r'.repeat(1001) }), Code.INVALID_ARGUMENT, 'RequestId length exceeds limit.');
    await reset(w, 4, { requestId: unique('r').padEnd(1000, 'r') });
    assert.equal(
      (await failure(reset(w, 4, { workflowExecution: { workflowId: unique('nobody') } }))).code,
      Code.NOT_FOUND,
    );
    await fails(
      reset(w, 4, { workflowExecution: { workflowId: w.workflowId, runId: 'x' } }),
      Code.INVALID_ARGUMENT,
      'Invalid RunId.',
    );
  });
});

describe('auto reset points', { concurrency: true }, () => {
  it('are shown for each build, and handed on', async () => {
    const w = await hand();
    const first = await w.start();
    const workerVersionStamp = (buildId: string) => ({
      workerVersionStamp: { buildId },
      binaryChecksum: `${buildId}-sum`,
    });
    await w.complete(await w.workflowTask(), [], workerVersionStamp('one'));
    await w.signal();
    await w.complete(await w.workflowTask(), [], workerVersionStamp('two'));
    await w.signal();
    await w.complete(await w.workflowTask(), [continueAsNew()], workerVersionStamp('two'));
    const points = async () =>
      (await w.describe()).workflowExecutionInfo?.autoResetPoints?.points?.map(
        ({ buildId, binaryChecksum, runId, firstWorkflowTaskCompletedId, resettable }) => [
          buildId,
          binaryChecksum,
          runId,
          Number(firstWorkflowTaskCompletedId),
          resettable,
        ],
      );
    const expected = [
      ['one', 'one-sum', first, 4, true],
      ['two', 'two-sum', first, 8, true],
    ];
    assert.deepEqual(await points(), expected);
    assert((await w.history())[0]?.workflowExecutionStartedEventAttributes?.prevAutoResetPoints?.points?.length === 2);
    const next = await reset(w, 8, of(w, first));
    // They follow from the copied history: they are points of the new run.
    assert.deepEqual(await points(), [['one', 'one-sum', next, 4, true]]);
  });
});
