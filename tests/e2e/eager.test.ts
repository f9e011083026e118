// Tasks without a poll: activities that come with the answer to a workflow task, and a first workflow task that comes
// with the answer to the start. What is handed over like this and then lost comes back through matching.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import {
  type ActivityTask,
  cancelActivity,
  completeWorkflow,
  EventType,
  eventNames,
  Hand,
  IDENTITY,
  scheduleActivity,
  seconds,
  texts,
  type WorkflowTask,
} from './hand.ts';
import { atEnd, NAMESPACE, TestServer, unique } from './harness.ts';
import { RawClient } from './raw.ts';
import * as activities from './sdk/activities.ts';
import { bundle } from './sdk/worker.ts';
import { manyActivities, runActivity } from './sdk/workflows.ts';

const ON = ['--dynamic-config-value', 'system.enableActivityEagerExecution=true'];
const server = await TestServer.start({ onFile: true, args: ON });
const raw = new RawClient(server.address);
atEnd(async () => {
  raw.close();
  await server.dispose();
});

const eager = (w: Hand, activityId: string, more = {}) =>
  scheduleActivity(w.taskQueue, { activityId, requestEagerExecution: true, ...more });

async function begun(request = {}): Promise<{ w: Hand; task: WorkflowTask }> {
  const w = new Hand(raw);
  await w.start(request);
  return { w, task: await w.workflowTask() };
}

/** The one activity in the answer to a workflow task. */
async function takeOne(more = {}): Promise<{ w: Hand; activity: ActivityTask }> {
  const { w, task } = await begun();
  const [activity, ...others] = (await w.complete(task, [eager(w, 'a1', more)])).activityTasks ?? [];
  assert(activity && others.length === 0);
  return { w, activity: activity as ActivityTask };
}

async function startEagerly(request = {}) {
  const w = new Hand(raw);
  const start = w.startRequest({ requestEagerExecution: true, ...request });
  const answer = await raw.workflow.startWorkflowExecution(start);
  return { w, start, answer };
}

describe('activities in the answer to a workflow task', { concurrency: true }, () => {
  it('are those that were wanted so, ready to be run', async () => {
    const { w, task } = await begun({ priority: { priorityKey: 2 } });
    const commands = [eager(w, 'a1'), scheduleActivity(w.taskQueue, { activityId: 'a2' }), eager(w, 'a3')];
    const { activityTasks } = await w.complete(task, commands);
    assert.deepEqual(
      activityTasks.map(({ activityId }) => activityId),
      ['a1', 'a3'],
    );
    const [first] = activityTasks;
    assert.equal(first?.attempt, 1);
    assert.equal(first?.activityType?.name, 'work');
    assert.equal(first?.workflowExecution?.workflowId, w.workflowId);
    assert.equal(first?.workflowNamespace, NAMESPACE);
    assert(Number(first?.startedTime?.seconds) > 0);
    await w.heartbeat(first as ActivityTask);
    await w.completeActivity(first as ActivityTask);
    assert.equal((await w.activityTask()).activityId, 'a2');
    const { activityTaskStartedEventAttributes: a } = await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED);
    assert.equal(a?.identity, IDENTITY);
    assert(a?.requestId);
  });

  it('do not include what the same task cancels', async () => {
    const { w, task } = await begun();
    const { activityTasks } = await w.complete(task, [eager(w, 'a1'), eager(w, 'a2'), cancelActivity(5)]);
    assert.deepEqual(
      activityTasks.map(({ activityId }) => activityId),
      ['a2'],
    );
  });

  it('are of no use when the same task closes the workflow', async () => {
    const { w, task } = await begun();
    const { activityTasks } = await w.complete(task, [eager(w, 'a1'), completeWorkflow()]);
    assert.equal(activityTasks.length, 0);
  });

  it('come together with the next workflow task', async () => {
    const { w, task } = await begun();
    const more = { returnNewWorkflowTask: true, forceCreateNewWorkflowTask: true };
    const { activityTasks, workflowTask } = await w.complete(task, [eager(w, 'a1')], more);
    assert.equal(activityTasks.length, 1);
    assert((workflowTask?.taskToken?.length ?? 0) > 0);
  });

  it('come back through matching if the answer is lost', async () => {
    const retryPolicy = { initialInterval: seconds(0.05) };
    const { w } = await takeOne({ startToCloseTimeout: seconds(1), retryPolicy });
    const again = await w.activityTask();
    assert.equal(again.attempt, 2);
    await w.completeActivity(again);
  });

  it('are switched off by the configuration', async () => {
    const off = await TestServer.start({
      args: ['--dynamic-config-value', 'system.enableActivityEagerExecution=false'],
    });
    const other = new RawClient(off.address);
    const w = new Hand(other);
    await w.start();
    const { activityTasks } = await w.complete(await w.workflowTask(), [eager(w, 'a1')]);
    assert.equal(activityTasks.length, 0);
    assert.equal((await w.activityTask()).activityId, 'a1');
    other.close();
    await off.dispose();
  });
});

describe('a first workflow task in the answer to the start', { concurrency: true }, () => {
  it('has all that a polled one has', async () => {
    const { w, start, answer } = await startEagerly();
    const task = answer.eagerWorkflowTask as WorkflowTask;
    assert.deepEqual(eventNames(task.history?.events ?? []), [
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
    ]);
    const [first, , third] = task.history?.events ?? [];
    assert.equal(first?.workflowExecutionStartedEventAttributes?.eagerExecutionAccepted, true);
    assert.equal(third?.workflowTaskStartedEventAttributes?.identity, IDENTITY);
    assert.equal(third?.workflowTaskStartedEventAttributes?.requestId, start.requestId);
    assert.equal(Number(task.startedEventId), 3);
    assert.equal(task.attempt, 1);
    assert.equal(task.workflowExecution?.runId, answer.runId);
    assert.equal(answer.started, true);
    await w.complete(task, [completeWorkflow()]);
    assert.equal((await w.history()).length, 5);
  });

  it('is returned again to the same request, until it is completed', async () => {
    const { w, start, answer } = await startEagerly();
    const again = await raw.workflow.startWorkflowExecution(start);
    assert.equal(again.runId, answer.runId);
    assert.equal(again.started, true);
    await w.complete(again.eagerWorkflowTask as WorkflowTask);
    const third = await raw.workflow.startWorkflowExecution(start);
    assert.equal(third.eagerWorkflowTask ?? undefined, undefined);
    assert.equal(third.started, true);
  });

  it('is not there if the workflow must wait', async () => {
    const { w, answer } = await startEagerly({ workflowStartDelay: seconds(60) });
    assert.equal(answer.eagerWorkflowTask ?? undefined, undefined);
    const [first] = await w.history();
    assert.equal(first?.workflowExecutionStartedEventAttributes?.eagerExecutionAccepted, false);
  });

  it('is not there for a workflow that runs already', async () => {
    const { start } = await startEagerly();
    const USE_EXISTING = 2;
    const request = { ...start, requestId: unique('other'), workflowIdConflictPolicy: USE_EXISTING };
    const { eagerWorkflowTask, started } = await raw.workflow.startWorkflowExecution(request);
    assert.equal(eagerWorkflowTask ?? undefined, undefined);
    assert.equal(started, false);
  });

  it('goes to a worker that polls if the answer is lost', async () => {
    const { w } = await startEagerly({ workflowTaskTimeout: seconds(1) });
    const task = await w.workflowTask();
    assert.equal(task.attempt, 2);
    await w.complete(task, [completeWorkflow()]);
  });
});

describe('a server that is killed', () => {
  it('takes the results of what it has handed over like this', async () => {
    const { w, answer } = await startEagerly();
    await server.kill();
    await server.launch();
    const eagerTask = answer.eagerWorkflowTask as WorkflowTask;
    const [activity] = (await w.complete(eagerTask, [eager(w, 'a1')])).activityTasks ?? [];
    await server.kill();
    await server.launch();
    await w.completeActivity(activity as ActivityTask, 'kept');
    const { activityTaskCompletedEventAttributes: a } = await w.event(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED);
    assert.deepEqual(texts(a?.result), ['kept']);
  });
});

describe('the official SDK', () => {
  it('runs activities and starts workflows without a poll', async () => {
    const taskQueue = unique('eager');
    const connection = await NativeConnection.connect({ address: server.address });
    const worker = await Worker.create({
      connection,
      taskQueue,
      workflowBundle: await bundle('workflows.ts'),
      activities,
    });
    const client = new Client({ connection });
    // Nobody is given an activity by this queue: it comes with the answer, or not at all.
    const taskQueueMetadata = { maxTasksPerSecond: { value: 0 } };
    const poll = { namespace: NAMESPACE, taskQueue: { name: taskQueue }, taskQueueMetadata, identity: IDENTITY };
    await raw.as({ deadlineMs: 2_500 }).pollActivityTaskQueue(poll);
    await worker.runUntil(async () => {
      const options = { taskQueue, workflowId: unique('eager'), requestEagerStart: true };
      const once = { startToCloseTimeout: '10s' };
      const handle = await client.workflow.start(runActivity, { ...options, args: ['echo', once, 'eager'] });
      assert.equal(handle.eagerlyStarted, true);
      assert.equal(await handle.result(), 'eager');
    });
    await connection.close();
  });

  it('runs more activities than it takes with one answer', async () => {
    const taskQueue = unique('eager');
    const connection = await NativeConnection.connect({ address: server.address });
    const worker = await Worker.create({
      connection,
      taskQueue,
      workflowBundle: await bundle('workflows.ts'),
      activities,
    });
    const client = new Client({ connection });
    const options = { taskQueue, workflowId: unique('eager'), args: [30] as [number] };
    assert.equal(await worker.runUntil(client.workflow.execute(manyActivities, options)), 30);
    await connection.close();
  });
});
