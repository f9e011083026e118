// Cron schedules: runs that follow each other by the clock. By hand for the exact events, through the official SDK for
// what its users see, and across a killed server.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowContinuedAsNewError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { startChild } from './children-commands.ts';
import {
  type Command,
  CommandType,
  cancelWorkflow,
  completeWorkflow,
  EventType,
  failWorkflow,
  Hand,
  type HistoryEvent,
  hand,
  millis,
  payloads,
  RetryState,
  seconds,
  texts,
} from './hand.ts';
import { atEnd, eventually, TestServer } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';
import { sharedClient, start } from './sdk/worker.ts';
import { lastResult } from './sdk/workflows.ts';

const { ContinueAsNewInitiator: Initiator, WorkflowExecutionStatus: Status } = proto.temporal.api.enums.v1;
const CRON = { cronSchedule: '@every 1s' };

async function started(w: Hand, runId: string | null | undefined) {
  assert(runId, 'there is no next run');
  const [event] = await w.history(runId);
  assert(event?.workflowExecutionStartedEventAttributes);
  return event.workflowExecutionStartedEventAttributes;
}

async function lastEvent(w: Hand, runId: string): Promise<HistoryEvent> {
  const last = (await w.history(runId)).at(-1);
  assert(last);
  return last;
}

async function status(w: Hand, runId: string) {
  const execution = { workflowId: w.workflowId, runId };
  return (await w.raw.workflow.describeWorkflowExecution({ namespace: w.namespace, execution })).workflowExecutionInfo
    ?.status;
}

describe('a cron schedule by hand', { concurrency: true }, () => {
  it('lets also the first run wait for its time', async () => {
    const w = await hand();
    const runId = await w.start({ cronSchedule: '* * * * *' });
    const [event, ...more] = await w.history();
    assert.deepEqual(more, []);
    const a = event?.workflowExecutionStartedEventAttributes;
    assert.equal(a?.cronSchedule, '* * * * *');
    assert.equal(a.initiator, Initiator.CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE);
    assert.equal(a.attempt, 1);
    assert.equal(a.firstExecutionRunId, runId);
    const atMs = millis(event?.eventTime);
    const backoffMs = millis(a.firstWorkflowTaskBackoff);
    assert.equal(backoffMs % 1000, 0);
    const nextMinuteMs = (Math.floor(atMs / 60_000) + 1) * 60_000;
    assert(atMs + backoffMs >= nextMinuteMs && atMs + backoffMs < nextMinuteMs + 1000, `${atMs} + ${backoffMs}`);
    const { workflowExecutionInfo: info } = await w.describe();
    assert.equal(millis(info?.executionTime), millis(info?.startTime) + backoffMs);
  });

  it('begins the next run when one completes, with its result', async () => {
    const w = await hand();
    const first = await w.start({ ...CRON, input: payloads('same'), workflowRunTimeout: seconds(100) });
    await w.step(completeWorkflow('one'));
    const closed = (await lastEvent(w, first)).workflowExecutionCompletedEventAttributes;
    const a = await started(w, closed?.newExecutionRunId);
    assert.equal(a.initiator, Initiator.CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE);
    assert.equal(a.cronSchedule, '@every 1s');
    assert.equal(a.continuedExecutionRunId, first);
    assert.equal(a.firstExecutionRunId, first);
    assert.equal(a.attempt, 1);
    assert.deepEqual(texts(a.input), ['same']);
    assert.deepEqual(texts(a.lastCompletionResult), ['one']);
    assert.equal(a.continuedFailure ?? undefined, undefined);
    assert.equal(millis(a.workflowRunTimeout), 100_000);
    const backoffMs = millis(a.firstWorkflowTaskBackoff);
    assert(backoffMs >= 0 && backoffMs <= 1000, `${backoffMs} ms`);
    assert.equal(await status(w, first), 2);
    const task = await w.workflowTask();
    assert.equal(task.workflowExecution?.runId, closed?.newExecutionRunId);
    await w.complete(task, [completeWorkflow('two')]);
    const next = (await w.history(task.workflowExecution?.runId ?? '')).at(-1);
    const after = await started(w, next?.workflowExecutionCompletedEventAttributes?.newExecutionRunId);
    assert.deepEqual(texts(after.lastCompletionResult), ['two']);
    assert.equal(after.firstExecutionRunId, first);
  });

  it('goes on after a failure, which the next run knows besides the last result', async () => {
    const w = await hand();
    await w.start(CRON);
    await w.step(completeWorkflow('good'));
    const task = await w.workflowTask();
    await w.complete(task, [failWorkflow('bad')]);
    const failed = (await lastEvent(w, task.workflowExecution?.runId ?? '')).workflowExecutionFailedEventAttributes;
    assert.equal(failed?.retryState, RetryState.RETRY_STATE_RETRY_POLICY_NOT_SET);
    const a = await started(w, failed.newExecutionRunId);
    assert.equal(a.continuedFailure?.message, 'bad');
    assert.deepEqual(texts(a.lastCompletionResult), ['good']);
    // The failure of the one before is forgotten with the next success.
    await w.step(completeWorkflow('better'));
    const { workflowExecutionInfo: info } = await w.describe();
    const next = await started(w, info?.execution?.runId);
    assert.equal(next.continuedFailure ?? undefined, undefined);
    assert.deepEqual(texts(next.lastCompletionResult), ['better']);
  });

  it('comes after the retries of a run', async () => {
    const w = await hand();
    const retryPolicy = { initialInterval: seconds(0.05), backoffCoefficient: 1, maximumAttempts: 2 };
    const first = await w.start({ ...CRON, retryPolicy });
    await w.step(failWorkflow('one'));
    const failed = (await lastEvent(w, first)).workflowExecutionFailedEventAttributes;
    assert.equal(failed?.retryState, RetryState.RETRY_STATE_IN_PROGRESS);
    const second = await started(w, failed.newExecutionRunId);
    assert.equal(second.initiator, Initiator.CONTINUE_AS_NEW_INITIATOR_RETRY);
    assert.equal(second.attempt, 2);
    await w.step(failWorkflow('two'));
    const again = (await lastEvent(w, failed.newExecutionRunId ?? '')).workflowExecutionFailedEventAttributes;
    assert.equal(again?.retryState, RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED);
    const third = await started(w, again.newExecutionRunId);
    assert.equal(third.initiator, Initiator.CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE);
    assert.equal(third.attempt, 1);
    assert.equal(third.continuedFailure?.message, 'two');
  });

  it('goes on after a run that timed out', async () => {
    const w = await hand();
    const first = await w.start({ ...CRON, workflowRunTimeout: seconds(1) });
    const over = Status.WORKFLOW_EXECUTION_STATUS_TIMED_OUT;
    await eventually('the first run timed out', async () => ((await status(w, first)) === over ? true : undefined));
    const timedOut = (await lastEvent(w, first)).workflowExecutionTimedOutEventAttributes;
    assert.equal(timedOut?.retryState, RetryState.RETRY_STATE_RETRY_POLICY_NOT_SET);
    const a = await started(w, timedOut.newExecutionRunId);
    assert.equal(a.initiator, Initiator.CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE);
    assert.equal(a.continuedFailure?.message, 'workflow timeout');
    assert.equal(a.continuedFailure?.timeoutFailureInfo?.timeoutType, 1);
  });

  it('ends with the time of the whole chain', async () => {
    const w = await hand();
    const first = await w.start({ ...CRON, workflowExecutionTimeout: seconds(6) });
    await w.step(completeWorkflow('one'));
    await w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT);
    const { workflowExecutionInfo: info, workflowExtendedInfo: extended } = await w.describe();
    assert.notEqual(info?.execution?.runId, first);
    const begin = millis((await w.history(first))[0]?.eventTime);
    const expiresMs = millis(extended?.executionExpirationTime) - begin;
    assert(expiresMs > 5000 && expiresMs <= 6000, `${expiresMs} ms`);
    assert.equal(millis(extended?.runExpirationTime), millis(extended?.executionExpirationTime));
    const last = (await w.history()).at(-1)?.workflowExecutionTimedOutEventAttributes;
    assert.equal(last?.newExecutionRunId, '');
  });

  it('ends when a run is cancelled or terminated', async () => {
    const [cancelled, terminated] = [await hand(), await hand()];
    await cancelled.start(CRON);
    await cancelled.step(cancelWorkflow());
    const { workflowExecutionInfo: info } = await cancelled.describe();
    assert.equal(info?.status, 4);
    const workflowExecution = { workflowId: terminated.workflowId };
    await terminated.start({ cronSchedule: '0 0 1 1 *' });
    await terminated.raw.workflow.terminateWorkflowExecution({ namespace: terminated.namespace, workflowExecution });
    assert.equal((await terminated.describe()).workflowExecutionInfo?.status, 5);
  });

  it('begins each run with the memo of the first, whatever one made of it', async () => {
    const w = await hand();
    const note = (text: string) => payloads(text).payloads?.[0] ?? {};
    await w.start({ ...CRON, memo: { fields: { kept: note('first') } } });
    const upsert: Command = {
      commandType: CommandType.COMMAND_TYPE_MODIFY_WORKFLOW_PROPERTIES,
      modifyWorkflowPropertiesCommandAttributes: { upsertedMemo: { fields: { kept: note('changed') } } },
    };
    await w.step(upsert, completeWorkflow());
    const { workflowExecutionInfo: info } = await w.describe();
    assert.deepEqual(texts({ payloads: [info?.memo?.fields?.['kept'] ?? {}] }), ['first']);
  });

  it('is taken over by a workflow that continues as new', async () => {
    const w = await hand();
    const first = await w.start();
    await w.step({
      commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
      continueAsNewWorkflowExecutionCommandAttributes: {
        workflowType: { name: 'by-hand' },
        taskQueue: { name: w.taskQueue },
        ...CRON,
      },
    });
    const closed = (await lastEvent(w, first)).workflowExecutionContinuedAsNewEventAttributes;
    const a = await started(w, closed?.newExecutionRunId);
    assert.equal(a.cronSchedule, '@every 1s');
    assert.equal(a.initiator, Initiator.CONTINUE_AS_NEW_INITIATOR_WORKFLOW);
    await w.step(completeWorkflow('one'));
    const completed = (await lastEvent(w, closed?.newExecutionRunId ?? '')).workflowExecutionCompletedEventAttributes;
    assert.deepEqual(texts((await started(w, completed?.newExecutionRunId)).lastCompletionResult), ['one']);
  });

  it('lets a run begin at once that is signalled by a signal-with-start while it waits', async () => {
    const w = await hand();
    const request = () => ({ ...w.startRequest({ cronSchedule: '0 0 1 1 *' }), signalName: 's' });
    await w.raw.workflow.signalWithStartWorkflowExecution(request());
    await w.signal();
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowExecutionSignaled', 'WorkflowExecutionSignaled');
    await w.raw.workflow.signalWithStartWorkflowExecution(request());
    await w.step(completeWorkflow());
  });

  it('of a child goes on without telling the parent, until it ends', async () => {
    const [parent, child] = [await hand(), await hand()];
    await parent.start();
    await parent.step(startChild(child, CRON));
    await parent.step();
    await child.step(completeWorkflow('one'));
    const task = await child.workflowTask();
    const a = await started(child, task.workflowExecution?.runId);
    assert.deepEqual(texts(a.lastCompletionResult), ['one']);
    assert.equal(a.parentWorkflowExecution?.workflowId, parent.workflowId);
    const told = (await parent.history()).map(({ eventType }) => eventType);
    assert(!told.includes(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED));
    await child.complete(task, [cancelWorkflow()]);
    await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_CANCELED);
  });

  it('that is none is refused', async () => {
    const w = await hand();
    const intervals = ['@every 1d', '@every 2562048h', `@every ${'9'.repeat(400)}h`];
    for (const cronSchedule of ['nonsense', '* * * *', '61 * * * *', 'CRON_TZ=Mars/Base * * * * *', ...intervals]) {
      await fails(w.start({ cronSchedule }), Code.INVALID_ARGUMENT, 'invalid CronSchedule.');
    }
    const never = 'invalid CronSchedule, no time can be found to satisfy the schedule';
    await fails(w.start({ cronSchedule: '0 0 30 2 *' }), Code.INVALID_ARGUMENT, never);
    const both = 'CronSchedule and WorkflowStartDelay may not be used together.';
    await fails(w.start({ ...CRON, workflowStartDelay: seconds(1) }), Code.INVALID_ARGUMENT, both);
  });
});

describe('a cron schedule through the SDK', () => {
  it('hands the last result on', async () => {
    const handle = await start(lastResult, [], CRON);
    const client = (await sharedClient()).workflow;
    const results: string[] = [];
    let runId = handle.firstExecutionRunId;
    while (results.length < 3) {
      const run = client.getHandle(handle.workflowId, runId, { followRuns: false });
      const next: unknown = await run.result().catch((error: unknown) => error);
      assert(next instanceof WorkflowContinuedAsNewError);
      const { events } = await run.fetchHistory();
      results.push(...texts(events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result));
      runId = next.newExecutionRunId;
    }
    assert.deepEqual(results, [1, 2, 3]);
    await client.getHandle(handle.workflowId).terminate();
  });
});

describe('a cron schedule and a killed server', () => {
  it('goes on where it was', async () => {
    const server = await TestServer.start({ onFile: true });
    const raw = new RawClient(server.address);
    atEnd(async () => {
      raw.close();
      await server.dispose();
    });
    const w = new Hand(raw);
    const first = await w.start({ cronSchedule: '@every 2s' });
    // Killed while the first run waits for its time, and again while the second one does.
    await server.kill();
    await server.launch();
    await w.step(completeWorkflow('one'));
    await server.kill();
    await server.launch();
    const task = await w.workflowTask();
    const a = await started(w, task.workflowExecution?.runId);
    assert.equal(a.continuedExecutionRunId, first);
    assert.deepEqual(texts(a.lastCompletionResult), ['one']);
    await w.complete(task, [completeWorkflow('two')]);
  });
});
