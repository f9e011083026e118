// Resets of workflows that the official SDK runs, resets over kills of the server, and resets of parents.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import {
  type Command,
  CommandType,
  completeWorkflow,
  eventNames,
  Hand,
  hand,
  long,
  scheduleActivity,
  startTimer,
} from './hand.ts';
import { atEnd, eventually, NAMESPACE, sharedServer, TestServer, unique } from './harness.ts';
import { RawClient } from './raw.ts';
import { sharedClient, start } from './sdk/worker.ts';
import { go, listenAndWork, sleepFor } from './sdk/workflows.ts';

type ResetRequest = temporal.api.workflowservice.v1.IResetWorkflowExecutionRequest;

async function reset(raw: RawClient, workflowId: string, finish: number, more: ResetRequest = {}): Promise<string> {
  const { runId } = await raw.workflow.resetWorkflowExecution({
    namespace: NAMESPACE,
    workflowExecution: { workflowId },
    reason: 'bad build',
    workflowTaskFinishEventId: long(finish),
    requestId: unique('reset'),
    ...more,
  });
  return runId;
}

/** Resolves when the history has so many events. */
function grown(handle: WorkflowHandle, length: number): Promise<true> {
  return eventually('the history has grown', async () =>
    (await handle.describe()).historyLength >= length ? true : undefined,
  );
}

async function rawOfShared(): Promise<RawClient> {
  const raw = new RawClient((await sharedServer()).address);
  atEnd(async () => raw.close());
  return raw;
}

describe('a reset with the official SDK', { concurrency: true }, () => {
  it('of a completed workflow runs it again, with the signals it had', async () => {
    const raw = await rawOfShared();
    const handle = await start(listenAndWork, [2]);
    await handle.signal(go, 'one');
    await handle.signal(go, 'two');
    assert.deepEqual(await handle.result(), ['one', 'two']);
    const runId = await reset(raw, handle.workflowId, 3);
    const again = (await sharedClient()).workflow.getHandle(handle.workflowId, runId);
    assert.deepEqual(await again.result(), ['one', 'two']);
    const completed = (await handle.fetchHistory()).events?.findLast(
      (event) => event.workflowTaskCompletedEventAttributes,
    );
    const third = await reset(raw, handle.workflowId, Number(completed?.eventId), {
      workflowExecution: { workflowId: handle.workflowId, runId: handle.firstExecutionRunId },
    });
    assert.deepEqual(await (await sharedClient()).workflow.getHandle(handle.workflowId, third).result(), [
      'one',
      'two',
    ]);
  });

  it('of a running one goes on with its timers', async () => {
    const raw = await rawOfShared();
    const handle = await start(sleepFor, [3_600_000]);
    const client = await sharedClient();
    await grown(handle, 5);
    const runId = await reset(raw, handle.workflowId, 4);
    const again = client.workflow.getHandle(handle.workflowId, runId);
    await grown(again, 8);
    assert.equal((await again.describe()).status.name, 'RUNNING');
    await again.terminate();
  });
});

describe('a reset over a kill of the server', { concurrency: true }, () => {
  const onFile = async () => {
    const server = await TestServer.start({ onFile: true });
    const raw = new RawClient(server.address);
    atEnd(async () => {
      raw.close();
      await server.dispose();
    });
    return { server, w: new Hand(raw) };
  };

  it('is there when it was answered', async () => {
    const { server, w } = await onFile();
    const base = await w.start();
    await w.step(scheduleActivity(w.taskQueue), startTimer('t', 0.1));
    await w.signal('go', 'x'.repeat(100_000));
    const task = await w.step();
    await w.signal();
    const runId = await reset(w.raw, w.workflowId, Number(task.startedEventId) + 1);
    await server.kill();
    await server.launch();
    const after = eventNames(await w.history(runId)).slice(Number(task.startedEventId));
    assert.deepEqual(after.slice(0, 3), ['WorkflowTaskFailed', 'WorkflowExecutionSignaled', 'WorkflowTaskScheduled']);
    const info = (await w.describe()).workflowExecutionInfo;
    assert.equal(info?.execution?.runId, runId);
    const old = await w.raw.workflow.describeWorkflowExecution({
      namespace: NAMESPACE,
      execution: { workflowId: w.workflowId, runId: base },
    });
    assert.equal(old.workflowExecutionInfo?.status, 5);
    assert.equal(old.workflowExtendedInfo?.resetRunId, runId);
    await w.completeActivity(await w.activityTask());
    await w.step(completeWorkflow());
  });

  it('has happened wholly or not at all, and once', async () => {
    const { server, w } = await onFile();
    for (let round = 0; round < 5; round++) {
      const name = new Hand(w.raw);
      const base = await name.start();
      await name.step();
      await name.signal();
      const requestId = unique('reset');
      const request = { requestId, workflowExecution: { workflowId: name.workflowId, runId: base } };
      const lost = reset(name.raw, name.workflowId, 4, request).catch(() => 'lost');
      if (round % 2 === 1) await name.describe();
      await server.kill();
      await lost;
      await server.launch();
      const runId = await reset(name.raw, name.workflowId, 4, request);
      const { executions } = await name.raw.workflow.listWorkflowExecutions({
        namespace: NAMESPACE,
        query: `WorkflowId = '${name.workflowId}'`,
      });
      const shown = executions.map(({ execution, status }) => [execution?.runId, status]);
      assert.deepEqual(shown, [
        [runId, 1],
        [base, 5],
      ]);
      await name.step(completeWorkflow());
    }
  });
});

describe('a reset of a parent', { concurrency: true }, () => {
  const startChild = (w: Hand): Command => ({
    commandType: CommandType.COMMAND_TYPE_START_CHILD_WORKFLOW_EXECUTION,
    startChildWorkflowExecutionCommandAttributes: {
      workflowId: `${w.workflowId}-child`,
      workflowType: { name: 'by-hand' },
      taskQueue: { name: `${w.taskQueue}-child` },
    },
  });

  it('keeps its child: the new run hears how it ends', async () => {
    const w = await hand();
    await w.start();
    await w.step(startChild(w));
    const started = await w.step();
    const runId = await reset(w.raw, w.workflowId, Number(started.startedEventId) + 1);
    const child = new Hand(w.raw);
    Object.assign(child, { workflowId: `${w.workflowId}-child`, taskQueue: `${w.taskQueue}-child` });
    await child.step(completeWorkflow('of the child'));
    const { pendingChildren } = await w.describe();
    const ended = async () =>
      (await w.history(runId)).some((event) => event.childWorkflowExecutionCompletedEventAttributes);
    await eventually('the parent hears of its child', async () => ((await ended()) ? true : undefined));
    assert(pendingChildren.length <= 1);
    await w.step(completeWorkflow());
  });

  it('repeats what its child had told', async () => {
    const w = await hand();
    const base = await w.start();
    await w.step(startChild(w));
    const started = await w.workflowTask();
    const child = new Hand(w.raw);
    Object.assign(child, { workflowId: `${w.workflowId}-child`, taskQueue: `${w.taskQueue}-child` });
    await child.step(completeWorkflow('of the child'));
    await w.complete(started);
    const told = async () =>
      (await w.history(base)).some((event) => event.childWorkflowExecutionCompletedEventAttributes);
    await eventually('the parent hears of its child', async () => ((await told()) ? true : undefined));
    const runId = await reset(w.raw, w.workflowId, Number(started.startedEventId) + 1);
    const repeated = (await w.history(runId)).find((event) => event.childWorkflowExecutionCompletedEventAttributes);
    assert(repeated);
    const startedEvent = (await w.history(runId)).find((event) => event.childWorkflowExecutionStartedEventAttributes);
    const { startedEventId } = repeated.childWorkflowExecutionCompletedEventAttributes ?? {};
    assert.equal(Number(startedEventId), Number(startedEvent?.eventId));
    await w.step(completeWorkflow());
  });
});
