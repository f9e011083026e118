// A workflow that goes on as another run: continue-as-new, and the retry of a whole workflow. By hand for the exact
// events, and through the official SDK for what its users see.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkflowFailedError } from '@temporalio/client';
import {
  type Command,
  CommandType,
  completeWorkflow,
  EventType,
  failWorkflow,
  type Hand,
  hand,
  millis,
  payloads,
  RetryState,
  seconds,
  texts,
} from './hand.ts';
import { Code, fails } from './raw.ts';
import { start } from './sdk/worker.ts';
import { countDown, failAttempts } from './sdk/workflows.ts';

const RETRY = { initialInterval: seconds(0.05), backoffCoefficient: 1, maximumAttempts: 3 };
/** ContinueAsNewInitiator */
const RETRY_INITIATOR = 2;

function continueAsNew(attributes: Command['continueAsNewWorkflowExecutionCommandAttributes'] = {}): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
    continueAsNewWorkflowExecutionCommandAttributes: {
      workflowType: { name: 'by-hand' },
      taskQueue: {},
      ...attributes,
    },
  };
}

async function lastEvent(w: Hand, runId: string) {
  const last = (await w.history(runId)).at(-1);
  assert(last);
  return last;
}

/** The back-off after the run: as long as was asked for, and until a second has passed since the run began. */
async function slowedDown(w: Hand, runId: string, backoffMs: number, askedMs: number): Promise<void> {
  const events = await w.history(runId);
  const livedMs = millis(events.at(-1)?.eventTime) - millis(events[0]?.eventTime);
  const expectedMs = Math.max(askedMs, 1000 - livedMs);
  assert(Math.abs(backoffMs - expectedMs) < 100, `${backoffMs} ms instead of ${expectedMs} ms`);
}

describe('continue-as-new by hand', { concurrency: true }, () => {
  it('keeps that nobody gave a timeout: code that reads its own tells none from zero', async () => {
    const w = await hand();
    const first = await w.start();
    const [started] = await w.history();
    const a = started?.workflowExecutionStartedEventAttributes;
    assert.equal(a?.workflowExecutionTimeout ?? null, null);
    assert.equal(a?.workflowRunTimeout ?? null, null);
    const { executionConfig, workflowExecutionInfo } = await w.describe();
    assert.deepEqual(workflowExecutionInfo?.memo?.fields, {});
    assert.deepEqual(workflowExecutionInfo?.searchAttributes?.indexedFields, {});
    assert.equal(executionConfig?.workflowExecutionTimeout ?? null, null);
    assert.equal(executionConfig?.workflowRunTimeout ?? null, null);
    await w.step(continueAsNew({}));
    const closed = (await lastEvent(w, first)).workflowExecutionContinuedAsNewEventAttributes;
    // It may have been slowed down, but nobody asked for a back-off.
    assert.equal(closed?.backoffStartInterval ?? null, null);
    const [next] = await w.history(closed?.newExecutionRunId ?? '');
    const b = next?.workflowExecutionStartedEventAttributes;
    assert.equal(b?.workflowExecutionTimeout ?? null, null);
    assert.equal(millis(b?.workflowRunTimeout), 0);
  });

  it('closes one run and starts the next in one step', async () => {
    const w = await hand();
    const first = await w.start({ workflowTaskTimeout: seconds(7), workflowRunTimeout: seconds(100) });
    await w.step(continueAsNew({ input: payloads('again') }));
    const closed = (await lastEvent(w, first)).workflowExecutionContinuedAsNewEventAttributes;
    assert(closed?.newExecutionRunId);
    const [started] = await w.history(closed.newExecutionRunId);
    const a = started?.workflowExecutionStartedEventAttributes;
    assert.equal(a?.continuedExecutionRunId, first);
    assert.equal(a?.firstExecutionRunId, first);
    assert.equal(a?.originalExecutionRunId, closed.newExecutionRunId);
    assert.equal(a?.attempt, 1);
    assert.deepEqual(texts(a?.input), ['again']);
    assert.equal(a?.taskQueue?.name, w.taskQueue);
    assert.equal(millis(a?.workflowTaskTimeout), 7000);
    assert.equal(millis(a?.workflowRunTimeout), 100_000);
    // If the first run lived for less than a second, the next one is slowed down.
    await slowedDown(w, first, millis(a?.firstWorkflowTaskBackoff), 0);
    await w.step(completeWorkflow('end'));
    await w.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'WorkflowExecutionCompleted',
    );
  });

  it('gives the next run no more time than the whole may take', async () => {
    const w = await hand();
    const first = await w.start({ workflowExecutionTimeout: seconds(60), workflowRunTimeout: seconds(10) });
    await w.step(continueAsNew({ workflowRunTimeout: seconds(900), workflowTaskTimeout: seconds(900) }));
    const closed = (await lastEvent(w, first)).workflowExecutionContinuedAsNewEventAttributes;
    assert.equal(millis(closed?.workflowRunTimeout), 60_000);
    assert.equal(millis(closed?.workflowTaskTimeout), 60_000);
    const [started] = await w.history(closed?.newExecutionRunId ?? '');
    const a = started?.workflowExecutionStartedEventAttributes;
    assert.equal(millis(a?.workflowRunTimeout), 60_000);
    assert.equal(millis(a?.workflowTaskTimeout), 60_000);
    assert.equal(millis(a?.workflowExecutionTimeout), 60_000);
    // The end of the chain does not move.
    const begin = (await w.history(first))[0]?.workflowExecutionStartedEventAttributes;
    assert.equal(millis(a?.workflowExecutionExpirationTime), millis(begin?.workflowExecutionExpirationTime));
  });

  it('has to see what arrived meanwhile first', async () => {
    const w = await hand();
    const first = await w.start();
    const task = await w.workflowTask();
    await w.signal();
    await fails(w.complete(task, [continueAsNew()]), Code.INVALID_ARGUMENT, 'UnhandledCommand');
    await w.step(continueAsNew());
    const [started] = await w.history();
    assert.equal(started?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId, first);
  });

  it('is found by the id of the first run of its chain', async () => {
    const w = await hand();
    const first = await w.start();
    await w.step(continueAsNew());
    const firstExecutionRunId = first;
    const workflowExecution = { workflowId: w.workflowId };
    await w.raw.workflow.terminateWorkflowExecution({ namespace: w.namespace, workflowExecution, firstExecutionRunId });
    await w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED);
  });
});

describe('the retry of a workflow by hand', { concurrency: true }, () => {
  it('begins another run that knows the failure, until the attempts are used up', async () => {
    const w = await hand();
    const summary = payloads('of the first run').payloads?.[0] ?? {};
    const first = await w.start({ retryPolicy: RETRY, input: payloads('same'), userMetadata: { summary } });
    await w.step(failWorkflow('one'));
    const failed = (await lastEvent(w, first)).workflowExecutionFailedEventAttributes;
    assert.equal(failed?.retryState, RetryState.RETRY_STATE_IN_PROGRESS);
    const [started] = await w.history(failed.newExecutionRunId ?? '');
    const a = started?.workflowExecutionStartedEventAttributes;
    assert.equal(a?.attempt, 2);
    assert.equal(a?.workflowRunTimeout ?? null, null);
    assert.equal(started?.userMetadata ?? null, null);
    assert.equal(a?.initiator, RETRY_INITIATOR);
    assert.equal(a?.continuedFailure?.message, 'one');
    assert.equal(a?.continuedExecutionRunId, first);
    assert.deepEqual(texts(a?.input), ['same']);
    // As after a continue-as-new: a chain of short runs does not spin.
    await slowedDown(w, first, millis(a?.firstWorkflowTaskBackoff), 50);
    await w.step(failWorkflow('two'));
    await w.step(failWorkflow('three'));
    const last = (await w.history()).at(-1)?.workflowExecutionFailedEventAttributes;
    assert.equal(last?.failure?.message, 'three');
    assert.equal(last?.retryState, RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED);
    assert.equal(last?.newExecutionRunId, '');
  });

  it('also follows a run that timed out', async () => {
    const w = await hand();
    const first = await w.start({ retryPolicy: { ...RETRY, maximumAttempts: 2 }, workflowRunTimeout: seconds(1) });
    await w.step();
    await w.step(completeWorkflow());
    const timedOut = (await lastEvent(w, first)).workflowExecutionTimedOutEventAttributes;
    assert.equal(timedOut?.retryState, RetryState.RETRY_STATE_IN_PROGRESS);
    assert(timedOut.newExecutionRunId);
    assert.equal((await w.history(timedOut.newExecutionRunId)).length, 5);
  });

  it('does not follow a failure that says so, nor one without a policy', async () => {
    const w = await hand();
    await w.start({ retryPolicy: { ...RETRY, nonRetryableErrorTypes: ['Broken'] } });
    await w.step(failWorkflow());
    const [, , , , failed] = await w.history();
    assert.equal(
      failed?.workflowExecutionFailedEventAttributes?.retryState,
      RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE,
    );
    const other = await hand();
    await other.start();
    await other.step(failWorkflow());
    const [, , , , plain] = await other.history();
    assert.equal(
      plain?.workflowExecutionFailedEventAttributes?.retryState,
      RetryState.RETRY_STATE_RETRY_POLICY_NOT_SET,
    );
  });
});

describe('through the SDK', { concurrency: true }, () => {
  it('a workflow counts down over several runs, and its client waits for the last', async () => {
    const handle = await start(countDown, [2, []]);
    assert.deepEqual(await handle.result(), [2, 1, 0]);
  });

  it('a workflow is retried as a whole', async () => {
    const retry = { initialInterval: 20, backoffCoefficient: 1, maximumAttempts: 3 };
    const handle = await start(failAttempts, [2], { retry });
    assert.equal(await handle.result(), 3);
    const hopeless = await start(failAttempts, [5], { retry });
    await assert.rejects(hopeless.result(), WorkflowFailedError);
  });
});
