// Starting: who wins when a workflow id is in use, what makes two starts the same, and what the first event records.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import type { Hand } from './hand.ts';
import {
  cancelWorkflow,
  completeWorkflow,
  EventType,
  failWorkflow,
  hand,
  IDENTITY,
  millis,
  payloads,
  seconds,
  texts,
} from './hand.ts';
import { NAMESPACE } from './harness.ts';
import { Code, fails, type RpcFailure } from './raw.ts';

const {
  WorkflowIdReusePolicy: Reuse,
  WorkflowIdConflictPolicy: Conflict,
  WorkflowExecutionStatus: Status,
} = proto.temporal.api.enums.v1;
const { WorkflowExecutionAlreadyStartedFailure } = proto.temporal.api.errordetails.v1;
type StartRequest = temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest;

function start(w: Hand, request: StartRequest = {}) {
  return w.raw.workflow.startWorkflowExecution(w.startRequest(request));
}

/** A workflow that ran and completed. */
async function completed(): Promise<{ w: Hand; runId: string }> {
  const w = await hand();
  const runId = await w.start();
  await w.step(completeWorkflow());
  return { w, runId };
}

/** A workflow that ran and failed. */
async function failed(): Promise<{ w: Hand; runId: string }> {
  const w = await hand();
  const runId = await w.start();
  await w.step(failWorkflow());
  return { w, runId };
}

async function alreadyStarted(call: Promise<unknown>, text: RegExp, runId: string): Promise<void> {
  const error = await fails(call, Code.ALREADY_EXISTS, text, 'WorkflowExecutionAlreadyStartedFailure');
  assert.equal(error.detail(WorkflowExecutionAlreadyStartedFailure).runId, runId);
}

describe('several starts of one id at once', { concurrency: true }, () => {
  it('begin one run when the last one has closed', async () => {
    const { w } = await completed();
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => w.start()));
    assert.equal(starts.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const { status, reason } of starts as PromiseRejectedResult[]) {
      if (status === 'rejected') assert.equal((reason as RpcFailure).code, Code.ALREADY_EXISTS);
    }
    assert.equal(await openRuns(w), 1);
  });

  it('replace each other, and one run stays', async () => {
    const w = await hand();
    await w.start();
    const policy = { workflowIdConflictPolicy: Conflict.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING };
    const runIds = await Promise.all(Array.from({ length: 8 }, () => w.start(policy)));
    assert.equal(new Set(runIds).size, 8);
    assert.equal(await openRuns(w), 1);
  });
});

async function openRuns(w: Hand): Promise<number> {
  const { executions } = await w.raw.workflow.listWorkflowExecutions({
    namespace: NAMESPACE,
    query: `WorkflowId = '${w.workflowId}'`,
  });
  return executions.filter(({ status }) => status === Status.WORKFLOW_EXECUTION_STATUS_RUNNING).length;
}

describe('an id whose workflow is running', { concurrency: true }, () => {
  it('is refused by default, with the running run in the details', async () => {
    const w = await hand();
    const runId = await w.start({ requestId: 'first' });
    const text = `Workflow execution is already running. WorkflowId: ${w.workflowId}, RunId: ${runId}.`;
    const error = await fails(start(w), Code.ALREADY_EXISTS, text, 'WorkflowExecutionAlreadyStartedFailure');
    const detail = error.detail(WorkflowExecutionAlreadyStartedFailure);
    assert.equal(detail.runId, runId);
    assert.equal(detail.startRequestId, 'first');
  });

  it('can be used as it is', async () => {
    const w = await hand();
    const runId = await w.start();
    const again = await start(w, { workflowIdConflictPolicy: Conflict.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING });
    assert.equal(again.runId, runId);
    assert.equal(again.started, false);
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowTaskScheduled');
  });

  it('can be terminated by the new one', async () => {
    const w = await hand();
    const first = await w.start();
    const second = await start(w, {
      workflowIdConflictPolicy: Conflict.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING,
    });
    assert.notEqual(second.runId, first);
    assert.equal(second.started, true);
    const last = (await w.history(first)).at(-1)?.workflowExecutionTerminatedEventAttributes;
    assert.equal(last?.reason, 'TerminateIfRunning WorkflowIdReusePolicy');
    assert.deepEqual(texts(last.details), [`terminated by new runID: ${second.runId}`]);
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowTaskScheduled');
  });
});

describe('an id whose workflow is closed', { concurrency: true }, () => {
  it('can be used again by default', async () => {
    const { w, runId } = await completed();
    const again = await start(w);
    assert.notEqual(again.runId, runId);
    assert.equal(again.started, true);
  });

  it('can be refused', async () => {
    const { w, runId } = await completed();
    const call = start(w, { workflowIdReusePolicy: Reuse.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE });
    await alreadyStarted(call, /^Workflow execution already finished\..* reject duplicate workflow Id\.$/, runId);
  });

  it('can be refused only after a success', async () => {
    const onlyFailed = { workflowIdReusePolicy: Reuse.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY };
    const good = await completed();
    await alreadyStarted(
      start(good.w, onlyFailed),
      /^Workflow execution already finished successfully\..* allow duplicate workflow Id if last run failed\.$/,
      good.runId,
    );
    const bad = await failed();
    assert.equal((await start(bad.w, onlyFailed)).started, true);
  });
});

describe('the same start twice', { concurrency: true }, () => {
  it('has one effect, and the same answer', async () => {
    const w = await hand();
    const first = await start(w, { requestId: 'same' });
    const second = await start(w, { requestId: 'same' });
    assert.equal(second.runId, first.runId);
    assert.equal(second.started, true);
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowTaskScheduled');
  });

  it('even after the workflow closed', async () => {
    const w = await hand();
    const first = await start(w, { requestId: 'same' });
    await w.step(completeWorkflow());
    const second = await start(w, { requestId: 'same' });
    assert.equal(second.runId, first.runId);
  });

  it('a hundred at once start one workflow', async () => {
    const w = await hand();
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => start(w)));
    assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
  });
});

describe('the same signal twice', { concurrency: true }, () => {
  it('has one effect', async () => {
    const w = await hand();
    await w.start();
    const signal = {
      ...{ namespace: NAMESPACE, workflowExecution: { workflowId: w.workflowId } },
      ...{ signalName: 's', requestId: 'same' },
    };
    await w.raw.workflow.signalWorkflowExecution(signal);
    await w.raw.workflow.signalWorkflowExecution(signal);
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowExecutionSignaled');
  });

  it('even when both wait in the buffer of a workflow task', async () => {
    const w = await hand();
    await w.start();
    const task = await w.workflowTask();
    const signal = {
      ...{ namespace: NAMESPACE, workflowExecution: { workflowId: w.workflowId } },
      ...{ signalName: 's', requestId: 'same' },
    };
    await w.raw.workflow.signalWorkflowExecution(signal);
    await w.raw.workflow.signalWorkflowExecution(signal);
    await w.complete(task);
    const signals = (await w.history()).filter(
      (event) => event.eventType === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    );
    assert.equal(signals.length, 1);
  });
});

describe('signal-with-start', { concurrency: true }, () => {
  it('signals the workflow that runs', async () => {
    const w = await hand();
    const runId = await w.start();
    const answer = await w.raw.workflow.signalWithStartWorkflowExecution({
      ...w.startRequest(),
      signalName: 's',
      signalInput: payloads('x'),
    });
    assert.equal(answer.runId, runId);
    assert.equal(answer.started, false);
    const events = await w.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowExecutionSignaled',
    );
    const signaled = events[2]?.workflowExecutionSignaledEventAttributes;
    assert.equal(signaled?.signalName, 's');
    assert.equal(signaled.identity, IDENTITY);
    assert.deepEqual(texts(signaled.input), ['x']);
  });

  it('starts a new run when the last one closed', async () => {
    const { w, runId } = await completed();
    const answer = await w.raw.workflow.signalWithStartWorkflowExecution({ ...w.startRequest(), signalName: 's' });
    assert.notEqual(answer.runId, runId);
    assert.equal(answer.started, true);
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowExecutionSignaled', 'WorkflowTaskScheduled');
  });

  it('respects the reuse policy', async () => {
    const { w, runId } = await completed();
    const call = w.raw.workflow.signalWithStartWorkflowExecution({
      ...w.startRequest({ workflowIdReusePolicy: Reuse.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE }),
      signalName: 's',
    });
    await alreadyStarted(call, /reject duplicate workflow Id\.$/, runId);
  });
});

describe('the first event', { concurrency: true }, () => {
  it('records what was asked for', async () => {
    const w = await hand();
    const runId = await w.start({
      input: payloads('a', 'b'),
      memo: { fields: { note: payloads('m').payloads?.[0] ?? {} } },
      header: { fields: { trace: payloads('h').payloads?.[0] ?? {} } },
      userMetadata: { summary: payloads('sum').payloads?.[0] ?? {}, details: payloads('det').payloads?.[0] ?? {} },
      workflowExecutionTimeout: seconds(300),
      workflowRunTimeout: seconds(200),
      workflowTaskTimeout: seconds(5),
    });
    const [event] = await w.history();
    const started = event?.workflowExecutionStartedEventAttributes;
    assert(started);
    assert.equal(started.workflowType?.name, 'by-hand');
    assert.equal(started.taskQueue?.name, w.taskQueue);
    assert.deepEqual(texts(started.input), ['a', 'b']);
    assert.deepEqual(texts({ payloads: [started.memo?.fields?.['note'] ?? {}] }), ['m']);
    assert.deepEqual(texts({ payloads: [started.header?.fields?.['trace'] ?? {}] }), ['h']);
    assert.deepEqual(texts({ payloads: [event.userMetadata?.summary ?? {}] }), ['sum']);
    assert.deepEqual(texts({ payloads: [event.userMetadata?.details ?? {}] }), ['det']);
    assert.equal(millis(started.workflowExecutionTimeout), 300_000);
    assert.equal(millis(started.workflowRunTimeout), 200_000);
    assert.equal(millis(started.workflowTaskTimeout), 5_000);
    assert.equal(started.originalExecutionRunId, runId);
    assert.equal(started.firstExecutionRunId, runId);
    assert.equal(started.identity, IDENTITY);
    assert.equal(started.attempt, 1);
    assert.equal(started.workflowId, w.workflowId);
    assert.equal(millis(started.firstWorkflowTaskBackoff), 0);
  });

  it('takes over what the caller knows of a run before it', async () => {
    const w = await hand();
    await w.start({ lastCompletionResult: payloads('before'), continuedFailure: { message: 'then it broke' } });
    const started = (await w.history())[0]?.workflowExecutionStartedEventAttributes;
    assert.deepEqual(texts(started?.lastCompletionResult), ['before']);
    assert.equal(started?.continuedFailure?.message, 'then it broke');
    assert.equal(started.continuedExecutionRunId, '');
  });

  it('fills in the timeouts that were left out', async () => {
    const w = await hand();
    await w.start({ workflowExecutionTimeout: seconds(60) });
    const started = (await w.history())[0]?.workflowExecutionStartedEventAttributes;
    assert.equal(millis(started?.workflowRunTimeout), 60_000);
    assert.equal(millis(started?.workflowTaskTimeout), 10_000);
  });

  it('limits the task timeout to two minutes, and the run timeout to the execution timeout', async () => {
    const w = await hand();
    await w.start({
      workflowExecutionTimeout: seconds(200),
      workflowRunTimeout: seconds(900),
      workflowTaskTimeout: seconds(999),
    });
    const started = (await w.history())[0]?.workflowExecutionStartedEventAttributes;
    assert.equal(millis(started?.workflowRunTimeout), 200_000);
    assert.equal(millis(started?.workflowTaskTimeout), 120_000);
  });
});

describe('a delayed start', { concurrency: true }, () => {
  it('may be a fraction of a millisecond long, or longer than any clock can show', async () => {
    const [short, long] = [await hand(), await hand()];
    await short.start({ workflowStartDelay: seconds(0.0015), workflowRunTimeout: seconds(60.0000005) });
    await short.step(completeWorkflow());
    await long.start({ workflowStartDelay: seconds(1e15) });
    assert.equal(await openRuns(long), 1);
  });

  const delays = {
    'a delayed start': { workflowStartDelay: seconds(600) },
    'a cron schedule': { cronSchedule: '0 0 1 1 *' },
  };
  for (const [what, request] of Object.entries(delays)) {
    it(`${what} does not keep a workflow from learning that it is to be cancelled`, async () => {
      const w = await hand();
      await w.start(request);
      await w.signal();
      await w.expectHistory('WorkflowExecutionStarted', 'WorkflowExecutionSignaled');
      const workflowExecution = { workflowId: w.workflowId };
      await w.raw.workflow.requestCancelWorkflowExecution({ namespace: w.namespace, workflowExecution });
      await w.step(cancelWorkflow());
      await w.expectHistory(
        'WorkflowExecutionStarted',
        'WorkflowExecutionSignaled',
        'WorkflowExecutionCancelRequested',
        'WorkflowTaskScheduled',
        'WorkflowTaskStarted',
        'WorkflowTaskCompleted',
        'WorkflowExecutionCanceled',
      );
    });
  }
});

describe('timeouts of the whole workflow', { concurrency: true }, () => {
  for (const timeout of ['workflowRunTimeout', 'workflowExecutionTimeout'] as const) {
    it(`${timeout} closes it`, async () => {
      const w = await hand();
      await w.start({ [timeout]: seconds(1) });
      await w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT);
      await w.expectHistory('WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowExecutionTimedOut');
      const { workflowExecutionInfo } = await w.describe();
      assert.equal(workflowExecutionInfo?.status, Status.WORKFLOW_EXECUTION_STATUS_TIMED_OUT);
    });
  }
});
