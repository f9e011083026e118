// Holding a workflow, and releasing it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeWorkflow, EventType, Hand, hand, scheduleActivity, startTimer } from './hand.ts';
import { atEnd, TestServer } from './harness.ts';
import { Code, fails, failure, RawClient } from './raw.ts';

const PAUSED = 8;

function hold(w: Hand, requestId = 'hold', reason = 'look into it') {
  return w.raw.workflow.pauseWorkflowExecution({
    namespace: w.namespace,
    workflowId: w.workflowId,
    identity: 'operator',
    reason,
    requestId,
  });
}

function release(w: Hand) {
  return w.raw.workflow.unpauseWorkflowExecution({
    namespace: w.namespace,
    workflowId: w.workflowId,
    identity: 'operator',
    reason: 'all is well',
    requestId: 'release',
  });
}

async function status(w: Hand) {
  return (await w.describe()).workflowExecutionInfo?.status;
}

/** True if no activity task comes within two seconds. */
async function noActivityTask(w: Hand): Promise<boolean> {
  const task = await w.raw.as({ deadlineMs: 2_500 }).pollActivityTaskQueue({
    namespace: w.namespace,
    taskQueue: { name: w.taskQueue },
  });
  return task.taskToken.length === 0;
}

describe('a paused workflow', { concurrency: true }, () => {
  it('says so everywhere', async () => {
    const w = await hand();
    await w.start();
    await w.step();
    await hold(w);
    assert.equal(await status(w), PAUSED);
    const { pauseInfo } = (await w.describe()).workflowExtendedInfo ?? {};
    assert.deepEqual([pauseInfo?.identity, pauseInfo?.reason], ['operator', 'look into it']);
    assert(pauseInfo?.pausedTime);
    const list = async (query: string) => {
      const { executions } = await w.raw.workflow.listWorkflowExecutions({ namespace: w.namespace, query });
      return executions.map((execution) => execution.status);
    };
    const byId = `WorkflowId = '${w.workflowId}'`;
    assert.deepEqual(await list(byId), [PAUSED]);
    assert.deepEqual(await list(`${byId} AND ExecutionStatus = 'Paused'`), [PAUSED]);
    assert.deepEqual(await list(`${byId} AND ExecutionStatus = 'Running'`), []);
    const attributes = async () => (await w.describe()).workflowExecutionInfo?.searchAttributes?.indexedFields ?? {};
    const shown = Buffer.from((await attributes())['TemporalPauseInfo']?.data ?? []).toString();
    assert.deepEqual(JSON.parse(shown), [`Workflow:${w.workflowId}`, 'Reason:look into it']);
    await release(w);
    assert.equal(await status(w), 1);
    assert.equal((await attributes())['TemporalPauseInfo'], undefined);
    assert.deepEqual(await list(`${byId} AND ExecutionStatus = 'Running'`), [1]);
    await w.step(completeWorkflow());
    await w.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'WorkflowExecutionPaused',
      'WorkflowExecutionUnpaused',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'WorkflowExecutionCompleted',
    );
    const [paused] = (await w.history()).flatMap((event) =>
      event.workflowExecutionPausedEventAttributes ? [event] : [],
    );
    assert.equal(paused?.workerMayIgnore, true);
  });

  it('gives nothing to workers until it is released', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue), startTimer('t', 0.1));
    await hold(w);
    await w.signal();
    await w.event(EventType.EVENT_TYPE_TIMER_FIRED);
    assert(await w.noWorkflowTask());
    assert(await noActivityTask(w));
    await release(w);
    await w.completeActivity(await w.activityTask());
    await w.step(completeWorkflow());
  });

  it('that has just begun holds its first workflow task', async () => {
    const w = await hand();
    await w.start();
    await hold(w);
    assert(await w.noWorkflowTask());
    await release(w);
    await w.step(completeWorkflow());
  });

  it('lets a worker finish what it has', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    const activity = await w.activityTask();
    await w.signal();
    const task = await w.workflowTask();
    await hold(w);
    await w.completeActivity(activity);
    const refused = 'Workflow is paused and force create new workflow task is not allowed.';
    await fails(w.complete(task, [], { forceCreateNewWorkflowTask: true }), Code.FAILED_PRECONDITION, refused);
    // A worker that waits already gets nothing either.
    const none = noActivityTask(w);
    await w.complete(task, [scheduleActivity(w.taskQueue, { activityId: 'a2' })], { returnNewWorkflowTask: true });
    assert(await none);
    assert(await noActivityTask(w));
    await release(w);
    await w.completeActivity(await w.activityTask());
    await w.step(completeWorkflow());
  });

  it('can be asked nothing, but can be ended', async () => {
    const w = await hand();
    await w.start();
    await w.step();
    await hold(w);
    const query = { queryType: 'any' };
    const { queryRejected } = await w.raw.workflow.queryWorkflow({ ...w.execution, query });
    assert.equal(queryRejected?.status, PAUSED);
    const update = { meta: { updateId: 'u' }, input: { name: 'any' } };
    const updating = w.raw.workflow.updateWorkflowExecution({
      namespace: w.namespace,
      workflowExecution: { workflowId: w.workflowId },
      request: update,
    });
    await fails(updating, Code.FAILED_PRECONDITION, 'Workflow is paused. Cannot update the workflow.');
    await w.raw.workflow.terminateWorkflowExecution({
      namespace: w.namespace,
      workflowExecution: { workflowId: w.workflowId },
    });
    assert.equal(await status(w), 5);
  });

  it('is paused once, and released once', async () => {
    const w = await hand();
    await w.start();
    await fails(release(w), Code.FAILED_PRECONDITION, 'workflow is not paused.');
    await fails(hold(w, 'r'.repeat(1001)), Code.INVALID_ARGUMENT, 'request id is too long.');
    await fails(hold(w, 'hold', 'r'.repeat(1001)), Code.INVALID_ARGUMENT, 'reason is too long.');
    await hold(w, 'hold', 'r'.repeat(1000));
    await hold(w, 'hold');
    await fails(hold(w, 'again'), Code.FAILED_PRECONDITION, 'workflow is already paused.');
    await release(w);
    await fails(release(w), Code.FAILED_PRECONDITION, 'workflow is not paused.');
    await w.step(completeWorkflow());
    assert.equal((await failure(hold(w))).code, Code.NOT_FOUND);
  });
});

it('a workflow stays paused over a kill of the server', async () => {
  const server = await TestServer.start({ onFile: true });
  const raw = new RawClient(server.address);
  atEnd(async () => {
    raw.close();
    await server.dispose();
  });
  const w = new Hand(raw);
  await w.start();
  await w.step(scheduleActivity(w.taskQueue), startTimer('t', 0.1));
  await hold(w);
  await server.kill();
  await server.launch();
  assert.equal(await status(w), PAUSED);
  await w.event(EventType.EVENT_TYPE_TIMER_FIRED);
  assert(await noActivityTask(w));
  await server.kill();
  await server.launch();
  assert(await w.noWorkflowTask());
  await release(w);
  await server.kill();
  await server.launch();
  await w.completeActivity(await w.activityTask());
  await w.step(completeWorkflow());
});
