// The metrics of a server, by hand: each figure moves by exactly what was done.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { completeWorkflow, EventType, Hand, long, scheduleActivity, seconds } from './hand.ts';
import { atEnd, eventually, freePort, NAMESPACE, TestServer, unique } from './harness.ts';
import { Code, RawClient, type RpcFailure } from './raw.ts';
import { type Labels, Scrape } from './scrape.ts';

const port = await freePort();
const server = await TestServer.start({ onFile: true, args: ['--metrics-port', String(port)] });
const raw = new RawClient(server.address);
atEnd(async () => {
  raw.close();
  await server.dispose();
});

/** How much each figure has risen while something was done. */
async function risen(action: () => Promise<unknown>) {
  const before = await Scrape.of(port);
  await action();
  const after = await Scrape.of(port);
  return (name: string, labels?: Labels) => after.value(name, labels) - before.value(name, labels);
}

const inNamespace = { namespace: NAMESPACE };
const ofWorkflow = { ...inNamespace, task_type: 'Workflow' };
const ofActivity = { ...inNamespace, task_type: 'Activity' };
const of = (operation: string) => ({ service_name: 'frontend', operation, ...inNamespace });

async function hasPolls(count: number): Promise<void> {
  await eventually(`${count} polls wait`, async () =>
    (await Scrape.of(port)).value('waiting_polls') === count ? true : undefined,
  );
}

it('tasks that have to wait for a worker are a backlog, then matched late', async () => {
  const w = new Hand(raw);
  const backlog = { ...ofWorkflow, taskqueue: w.taskQueue };
  const waiting = await risen(() => w.start());
  assert.equal(waiting('service_requests', of('StartWorkflowExecution')), 1);
  assert.equal(waiting('service_latency_count', of('StartWorkflowExecution')), 1);
  assert.equal(waiting('approximate_backlog_count', backlog), 1);
  assert.equal(waiting('persistence_requests', { operation: 'Commit' }), 1);
  assert.equal(waiting('commit_group_size_sum'), 1);
  assert.equal(waiting('state_transitions', inNamespace), 1);
  const taken = await risen(() => w.workflowTask());
  assert.equal(taken('approximate_backlog_count', backlog), -1);
  assert.equal(taken('poll_success', ofWorkflow), 1);
  assert.equal(taken('asyncmatch_latency_count', ofWorkflow), 1);
  assert.equal(taken('syncmatch_latency_count', ofWorkflow), 0);
  assert.equal(taken('task_schedule_to_start_latency_count', ofWorkflow), 1);
  // The server has just started: nobody could have polled.
  assert.equal(taken('no_poller_tasks'), 0);
});

it('a worker that waits is given the task at once, and an activity is counted by how it ends', async () => {
  const w = new Hand(raw);
  const rise = await risen(async () => {
    const poll = w.workflowTask();
    await hasPolls(1);
    await w.start();
    const task = await poll;
    const activity = w.activityTask();
    await hasPolls(1);
    await w.complete(task, [scheduleActivity(w.taskQueue)]);
    await w.completeActivity(await activity);
    await w.step(completeWorkflow());
  });
  assert.equal(rise('syncmatch_latency_count', ofWorkflow), 1);
  assert.equal(rise('syncmatch_latency_count', ofActivity), 1);
  assert.equal(rise('asyncmatch_latency_count', ofWorkflow), 1);
  assert.equal(rise('poll_success', ofWorkflow), 2);
  assert.equal(rise('poll_success', ofActivity), 1);
  assert.equal(rise('activity_success', inNamespace), 1);
  assert.equal(rise('workflow_success', inNamespace), 1);
  assert.equal(rise('history_count_count', inNamespace), 1);
  assert.equal(rise('history_count_sum', inNamespace), 11);
  assert.equal(rise('service_requests', of('RespondWorkflowTaskCompleted')), 2);
  assert.equal(rise('service_error_with_type'), 0);
});

it('attempts that fail and time out are counted, and the activity when it is given up', async () => {
  const w = new Hand(raw);
  const rise = await risen(async () => {
    await w.start();
    const retryPolicy = { initialInterval: seconds(0.01), maximumAttempts: 2 };
    await w.step(scheduleActivity(w.taskQueue, { retryPolicy, startToCloseTimeout: seconds(0.2) }));
    await w.failActivity(await w.activityTask());
    await w.activityTask();
    await w.step(completeWorkflow());
  });
  assert.equal(rise('activity_task_fail', inNamespace), 1);
  assert.equal(rise('activity_task_timeout', inNamespace), 1);
  assert.equal(rise('activity_fail', inNamespace), 0);
  assert.equal(rise('activity_timeout', inNamespace), 1);
  const operation = 'TimerActiveTaskActivityTimeout';
  assert.equal(rise('start_to_close_timeout', { ...inNamespace, operation }), 1);
});

it('runs are counted by how they end', async () => {
  const w = new Hand(raw);
  const execution = { workflowExecution: { workflowId: w.workflowId }, namespace: NAMESPACE };
  const terminated = await risen(async () => {
    await w.start();
    await raw.workflow.terminateWorkflowExecution(execution);
  });
  assert.equal(terminated('workflow_terminate', inNamespace), 1);
  const timedOut = await risen(async () => {
    await w.start({ workflowRunTimeout: seconds(0.1) });
    await w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT);
  });
  assert.equal(timedOut('workflow_timeout', inNamespace), 1);
  assert.equal(timedOut('workflow_success', inNamespace), 0);
});

it('the end of a run is counted once, whatever happens to it later', async () => {
  const w = new Hand(raw);
  const rise = await risen(async () => {
    await w.start();
    await w.step(completeWorkflow());
    // The closed run notes that another one has begun as a copy of it.
    await raw.workflow.resetWorkflowExecution({
      namespace: NAMESPACE,
      workflowExecution: { workflowId: w.workflowId },
      workflowTaskFinishEventId: long(4),
      requestId: unique('reset'),
    });
  });
  assert.equal(rise('workflow_success', inNamespace), 1);
  assert.equal(rise('history_size_count', inNamespace), 1);
  await raw.workflow.terminateWorkflowExecution({
    namespace: NAMESPACE,
    workflowExecution: { workflowId: w.workflowId },
  });
});

it('a poll that gets nothing is a timeout', async () => {
  const w = new Hand(raw);
  const rise = await risen(() => w.noWorkflowTask());
  assert.equal(rise('poll_timeouts', ofWorkflow), 1);
  assert.equal(rise('poll_success', ofWorkflow), 0);
});

it('what fails is counted by its error; names that requests make up have no series', async () => {
  const w = new Hand(raw);
  const failsWith = (code: Code) => (error: RpcFailure) => error.code === code;
  const rise = await risen(async () => {
    for (const namespace of ['nobody-1', 'nobody-2']) {
      w.namespace = namespace;
      await assert.rejects(w.start(), failsWith(Code.NOT_FOUND));
    }
    w.namespace = NAMESPACE;
    await assert.rejects(w.start({ taskQueue: { name: '' } }), failsWith(Code.INVALID_ARGUMENT));
    await assert.rejects(raw.workflow.listWorkerDeployments({ namespace: NAMESPACE }), failsWith(Code.UNIMPLEMENTED));
  });
  const start = { operation: 'StartWorkflowExecution' };
  const unknown = { ...start, namespace: '_unknown_', error_type: 'NamespaceNotFound' };
  assert.equal(rise('service_error_with_type', unknown), 2);
  assert.equal(rise('service_error_with_type', { ...start, ...inNamespace, error_type: 'InvalidArgument' }), 1);
  assert.equal(rise('service_error_with_type', { operation: '_unknown_', error_type: 'Unimplemented' }), 1);
  assert.equal(rise('service_errors'), 0);
  assert.equal((await Scrape.of(port)).value('service_requests', { namespace: 'nobody-1' }), 0);
});

it('a run that is read back from the store is a miss of the cache, once', async () => {
  const w = new Hand(raw);
  await w.start();
  await w.step(completeWorkflow());
  // Nothing is left to do for it: the server does not read it by itself.
  await server.kill();
  await server.launch();
  const first = await risen(() => w.describe());
  assert.equal(first('cache_miss'), 1);
  assert.equal(first('persistence_requests', { operation: 'ReadJournal' }), 1);
  const second = await risen(() => w.describe());
  assert.equal(second('cache_miss'), 0);
  assert(second('cache_requests') >= 1);
});
