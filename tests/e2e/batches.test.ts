// Batch operations of each kind, by query and by named executions, and what is told of them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Connection } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import {
  atEvent,
  Batch,
  CLOSED,
  COMPLETED,
  countsOf,
  FAILED,
  Group,
  IDENTITY,
  OPEN,
  RUNNING,
  runIdOf,
  type StartBatch,
  statusOf,
  TERMINATED,
  BatchOperationType as Type,
} from './batch-hand.ts';
import {
  completeWorkflow,
  EventType,
  type Hand,
  payloads,
  scheduleActivity,
  seconds,
  sharedRaw,
  texts,
} from './hand.ts';
import { atEnd, eventually, NAMESPACE, sharedServer, TestServer, unique } from './harness.ts';
import { Code, fails, RawClient, type RpcFailure } from './raw.ts';

const TERMINATION: StartBatch = { terminationOperation: { identity: IDENTITY, details: payloads('because') } };
const SIGNAL: StartBatch = { signalOperation: { identity: IDENTITY, signal: 'hello', input: payloads('there') } };

async function group(): Promise<Group> {
  return new Group(await sharedRaw());
}

async function gone(call: Promise<unknown>): Promise<void> {
  await fails(call, Code.NOT_FOUND, /^workflow (execution )?not found/, 'NotFoundFailure');
}

async function signalsOf(w: Hand) {
  const events = await w.history();
  return events.flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
}

describe('a batch by query', { concurrency: true }, () => {
  it('terminates what is open, with its reason, identity and details', async () => {
    const g = await group();
    const [a, b, done] = [await g.add(), await g.add(), await g.add()];
    await done.step(completeWorkflow());
    const other = await (await group()).add();
    const batch = await g.batch(TERMINATION);
    assert.deepEqual(await batch.counts(), [2, 2, 0]);
    for (const w of [a, b]) {
      const ended = (await w.history()).at(-1)?.workflowExecutionTerminatedEventAttributes;
      assert.equal(ended?.reason, 'cleaning up');
      assert.equal(ended?.identity, IDENTITY);
      assert.deepEqual(texts(ended?.details), ['because']);
    }
    assert.equal(await statusOf(done), CLOSED);
    assert.equal(await statusOf(other), OPEN);
  });

  it('requests cancellation', async () => {
    const g = await group();
    const w = await g.add();
    assert.deepEqual(await (await g.batch({ cancellationOperation: { identity: IDENTITY } })).counts(), [1, 1, 0]);
    const { workflowExecutionCancelRequestedEventAttributes: asked } = await w.event(
      EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED,
    );
    assert.equal(asked?.identity, IDENTITY);
    assert.equal(asked?.cause, 'cleaning up');
  });

  it('signals', async () => {
    const g = await group();
    const all = await g.addMany(30);
    assert.deepEqual(await (await g.batch(SIGNAL)).counts(), [30, 30, 0]);
    for (const w of all) {
      const [signal, ...more] = await signalsOf(w);
      assert.equal(more.length, 0);
      assert.equal(signal?.signalName, 'hello');
      assert.equal(signal?.identity, IDENTITY);
      assert.deepEqual(texts(signal?.input), ['there']);
    }
  });

  it('deletes open and closed ones', async () => {
    const g = await group();
    const [open, closed] = [await g.add(), await g.add()];
    await closed.step(completeWorkflow());
    assert.deepEqual(await (await g.batch({ deletionOperation: { identity: IDENTITY } })).counts(), [2, 2, 0]);
    for (const w of [open, closed]) await gone(w.describe());
  });

  it('changes options by their mask', async () => {
    const g = await group();
    const w = await g.add();
    const updateWorkflowOptionsOperation = {
      identity: IDENTITY,
      workflowExecutionOptions: { priority: { priorityKey: 2, fairnessKey: 'not in the mask' } },
      updateMask: { paths: ['priority.priority_key'] },
    };
    assert.deepEqual(await (await g.batch({ updateWorkflowOptionsOperation })).counts(), [1, 1, 0]);
    const { priority } = (await w.describe()).workflowExecutionInfo ?? {};
    assert.equal(priority?.priorityKey, 2);
    assert.equal(priority?.fairnessKey ?? '', '');
  });

  it('sees a workflow that is paused', async () => {
    const g = await group();
    const w = await g.add();
    await w.raw.workflow.pauseWorkflowExecution({ namespace: NAMESPACE, workflowId: w.workflowId, reason: 'hold' });
    assert.deepEqual(await (await g.batch(TERMINATION)).counts(), [1, 1, 0]);
    assert.equal(await statusOf(w), TERMINATED);
  });

  it('is complete at once when it finds nothing', async () => {
    assert.deepEqual(await (await (await group()).batch(TERMINATION)).counts(), [0, 0, 0]);
  });
});

describe('a batch by executions', { concurrency: true }, () => {
  it('deals with those that it names, with and without run ids', async () => {
    const g = await group();
    const [a, b, c] = [await g.add(), await g.add(), await g.add()];
    const executions = [{ workflowId: a.workflowId, runId: await runIdOf(a) }, { workflowId: b.workflowId }];
    const batch = await Batch.start(g.raw, { executions, ...TERMINATION });
    assert.deepEqual(await batch.counts(), [2, 2, 0]);
    assert.deepEqual([await statusOf(a), await statusOf(b), await statusOf(c)], [TERMINATED, TERMINATED, OPEN]);
  });

  it('takes them as target executions too', async () => {
    const g = await group();
    const w = await g.add();
    const batch = await Batch.start(g.raw, { targetExecutions: [{ businessId: w.workflowId }], ...SIGNAL });
    assert.deepEqual(await batch.counts(), [1, 1, 0]);
    assert.equal((await signalsOf(w)).length, 1);
  });

  it('counts those that are not there, or closed, as done', async () => {
    const g = await group();
    const closed = await g.add();
    await closed.step(completeWorkflow());
    const executions = [{ workflowId: closed.workflowId }, { workflowId: unique('nobody') }];
    assert.deepEqual(await (await Batch.start(g.raw, { executions, ...SIGNAL })).counts(), [2, 2, 0]);
  });

  it('deletes a named run that is closed, and leaves the open one of its workflow id', async () => {
    const g = await group();
    const w = await g.add();
    const first = await runIdOf(w);
    await w.step(completeWorkflow());
    await w.start({ workflowType: { name: g.type } });
    const executions = [{ workflowId: w.workflowId, runId: first }];
    await (await Batch.start(g.raw, { executions, deletionOperation: {} })).untilClosed();
    assert.equal(await statusOf(w), OPEN);
    const execution = { workflowId: w.workflowId, runId: first };
    await gone(g.raw.workflow.describeWorkflowExecution({ namespace: NAMESPACE, execution }));
  });
});

describe('a batch of resets', { concurrency: true }, () => {
  type Options = temporal.api.common.v1.IResetOptions;
  const to = (options: Options): StartBatch => ({ resetOperation: { identity: IDENTITY, options } });

  /** A workflow with two completed workflow tasks, at events 4 and 10, and a signal before each. */
  async function twoTasks(g: Group): Promise<Hand> {
    const w = await g.add();
    await w.step();
    await w.signal('one');
    await w.step();
    return w;
  }

  async function copiedTo(g: Group, w: Hand, request: StartBatch): Promise<number> {
    const before = await runIdOf(w);
    const batch = await g.batch({ ...request, visibilityQuery: `${g.query} AND WorkflowId = '${w.workflowId}'` });
    assert.deepEqual(await batch.counts(), [1, 1, 0]);
    assert.notEqual(await runIdOf(w), before);
    const failed = (await w.history()).find((event) => event.workflowTaskFailedEventAttributes);
    const { baseRunId, cause } = failed?.workflowTaskFailedEventAttributes ?? {};
    assert.equal(baseRunId, before);
    assert(cause);
    return Number(failed?.eventId);
  }

  it('goes back to the first workflow task', async () => {
    const g = await group();
    assert.equal(await copiedTo(g, await twoTasks(g), to({ firstWorkflowTask: {} })), 4);
  });

  it('goes back to the last workflow task', async () => {
    const g = await group();
    assert.equal(await copiedTo(g, await twoTasks(g), to({ lastWorkflowTask: {} })), 8);
  });

  it('goes back to an event', async () => {
    const g = await group();
    assert.equal(await copiedTo(g, await twoTasks(g), atEvent(4)), 4);
  });

  it('understands the older way to say it', async () => {
    const g = await group();
    assert.equal(await copiedTo(g, await twoTasks(g), { resetOperation: { resetType: 1 } }), 4);
    assert.equal(await copiedTo(g, await twoTasks(g), { resetOperation: { resetType: 2 } }), 8);
  });

  it('goes back to where a build began', async () => {
    const g = await group();
    const w = await g.add();
    const complete = async (buildId: string) =>
      w.complete(await w.workflowTask(), [], { workerVersionStamp: { buildId } });
    await complete('good');
    await w.signal();
    await complete('bad');
    assert.equal(await copiedTo(g, w, to({ buildId: 'bad' })), 8);
    const batch = await g.batch(to({ buildId: 'never seen' }));
    assert.equal(countsOf(await batch.untilClosed())[2], 2);
  });

  it('records again what came after, unless it is excluded', async () => {
    const g = await group();
    const [kept, dropped] = [await twoTasks(g), await twoTasks(g)];
    await copiedTo(g, kept, to({ firstWorkflowTask: {} }));
    await copiedTo(g, dropped, to({ firstWorkflowTask: {}, resetReapplyExcludeTypes: [1] }));
    assert.equal((await signalsOf(kept)).length, 1);
    assert.equal((await signalsOf(dropped)).length, 0);
  });

  it('resets closed runs, and each run once', async () => {
    const g = await group();
    const [open, closed] = [await twoTasks(g), await twoTasks(g)];
    await closed.signal('three');
    await closed.step(completeWorkflow());
    const batch = await g.batch({
      resetOperation: {
        options: { firstWorkflowTask: {} },
        postResetOperations: [
          {
            updateWorkflowOptions: {
              workflowExecutionOptions: { priority: { priorityKey: 1 } },
              updateMask: { paths: ['priority'] },
            },
          },
        ],
      },
    });
    assert.deepEqual(await batch.counts(), [2, 2, 0]);
    for (const w of [open, closed]) {
      const info = (await w.describe()).workflowExecutionInfo;
      assert.equal(info?.status, OPEN);
      assert.equal(info?.priority?.priorityKey, 1);
      assert.equal(await resetsOf(g.raw, w), 1);
    }
  });
});

/** Runs of the workflow id besides the first. */
async function resetsOf(raw: RawClient, w: Hand): Promise<number> {
  const query = `WorkflowId = '${w.workflowId}'`;
  const { executions } = await raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, query });
  return executions.length - 1;
}

describe('a batch on activities', { concurrency: true }, () => {
  /** A workflow with the activity `a1` of type `work`, held. */
  async function held(g: Group): Promise<Hand> {
    const w = await g.add();
    await w.step(scheduleActivity(w.taskQueue));
    await w.raw.workflow.pauseActivity({ ...w.execution, identity: 'x', id: 'a1', reason: 'hold' });
    return w;
  }

  it('unpauses those of a type', async () => {
    const g = await group();
    const w = await held(g);
    const other = await g.batch({ unpauseActivitiesOperation: { identity: IDENTITY, type: 'other' } });
    assert.deepEqual(await other.counts(), [1, 1, 0]);
    assert.equal((await w.pendingActivity()).paused, true);
    await (await g.batch({ unpauseActivitiesOperation: { identity: IDENTITY, type: 'work' } })).untilClosed();
    assert.equal((await w.pendingActivity()).paused, false);
  });

  it('unpauses all', async () => {
    const g = await group();
    const w = await held(g);
    await (await g.batch({ unpauseActivitiesOperation: { identity: IDENTITY, matchAll: true } })).untilClosed();
    assert.equal((await w.pendingActivity()).paused, false);
  });

  it('resets them', async () => {
    const g = await group();
    const w = await g.add();
    await w.step(scheduleActivity(w.taskQueue, { retryPolicy: { initialInterval: seconds(3600) } }));
    await w.failActivity(await w.activityTask());
    assert.equal((await w.pendingActivity()).attempt, 2);
    await (await g.batch({ resetActivitiesOperation: { identity: IDENTITY, matchAll: true } })).untilClosed();
    assert.equal((await w.pendingActivity()).attempt, 1);
  });

  it('changes their options by their mask, and restores them', async () => {
    const g = await group();
    const w = await held(g);
    const options = { activityOptions: { startToCloseTimeout: seconds(33) }, type: 'work' };
    const updateMask = { paths: ['start_to_close_timeout'] };
    await (await g.batch({ updateActivityOptionsOperation: { ...options, updateMask } })).untilClosed();
    const timeout = async () => Number((await w.pendingActivity()).activityOptions?.startToCloseTimeout?.seconds);
    assert.equal(await timeout(), 33);
    await (await g.batch({ updateActivityOptionsOperation: { restoreOriginal: true, matchAll: true } })).untilClosed();
    assert.equal(await timeout(), 10);
  });
});

/** What a list of its division shows of a batch operation. */
async function failuresOf(raw: RawClient, { jobId }: Batch): Promise<unknown> {
  const query = `TemporalNamespaceDivision = 'TemporalBatcher' AND WorkflowId = '${jobId}'`;
  const { executions } = await raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, query });
  const data = executions[0]?.memo?.fields?.['batch_operation_failures']?.data;
  return data ? (JSON.parse(Buffer.from(data).toString()) as unknown) : undefined;
}

describe('a batch operation', { concurrency: true }, () => {
  it('is described: type, state, times, identity and reason', async () => {
    const g = await group();
    await g.addMany(3);
    const batch = await g.batch({ ...SIGNAL, maxOperationsPerSecond: 0.001 });
    const running = await batch.describe();
    assert.equal(running.state, RUNNING);
    assert.equal(running.operationType, Type.BATCH_OPERATION_TYPE_SIGNAL);
    assert.equal(running.jobId, batch.jobId);
    assert.equal(running.identity, IDENTITY);
    assert.equal(running.reason, 'cleaning up');
    assert.equal(running.closeTime ?? undefined, undefined);
    await batch.stop();
    const stopped = await batch.describe();
    assert.equal(stopped.state, FAILED);
    assert(Number(stopped.closeTime?.seconds) >= Number(stopped.startTime?.seconds));
  });

  it('counts what failed, and goes on', async () => {
    const g = await group();
    const [none, some] = [await g.add(), await g.add()];
    await some.step();
    const batch = await g.batch(atEvent(4));
    assert.deepEqual(await batch.counts(), [2, 1, 1]);
    assert.equal((await batch.describe()).state, COMPLETED);
    assert.deepEqual(await failuresOf(g.raw, batch), [
      {
        workflowId: none.workflowId,
        runId: await runIdOf(none),
        message: 'Workflow task finish ID must be > 1 && <= workflow last event ID.',
      },
    ]);
    assert.equal(await resetsOf(g.raw, none), 0);
    assert.equal(await resetsOf(g.raw, some), 1);
  });

  it('can be stopped in the middle: what was done is counted, and nothing more is done', async () => {
    const g = await group();
    const all = await g.addMany(100);
    const batch = await g.batch({ ...TERMINATION, maxOperationsPerSecond: 200 });
    await batch.untilCompleted(10);
    await batch.stop();
    const [total, completed, failed] = countsOf(await batch.describe());
    assert.equal(total, 100);
    assert.equal(failed, 0);
    assert(completed >= 10 && completed < 100, `${completed}`);
    const statuses = await Promise.all(all.map(statusOf));
    assert.equal(statuses.filter((status) => status === TERMINATED).length, completed);
    await fails(batch.stop(), Code.NOT_FOUND, 'workflow execution already completed', 'NotFoundFailure');
  });

  it('keeps to its rate', async () => {
    const g = await group();
    await g.addMany(40);
    const begin = performance.now();
    await (await g.batch({ ...SIGNAL, maxOperationsPerSecond: 40 })).untilClosed();
    assert(performance.now() - begin > 900);
  });

  it('has company: any number at a time', async () => {
    const groups = await Promise.all(Array.from({ length: 10 }, group));
    for (const g of groups) await g.addMany(5);
    const batches = await Promise.all(groups.map((g) => g.batch({ ...SIGNAL, maxOperationsPerSecond: 50 })));
    for (const batch of batches) assert.deepEqual(await batch.counts(), [5, 5, 0]);
  });

  it('cannot have a job id that was used before', async () => {
    const g = await group();
    await g.addMany(20);
    const batch = await g.batch({ ...SIGNAL, maxOperationsPerSecond: 40 });
    const again = () => g.batch({ ...SIGNAL, jobId: batch.jobId });
    await fails(again(), Code.ALREADY_EXISTS, /already running/, 'WorkflowExecutionAlreadyStartedFailure');
    await batch.untilClosed();
    await fails(again(), Code.ALREADY_EXISTS, /already finished/, 'WorkflowExecutionAlreadyStartedFailure');
  });

  it('is not known by another id', async () => {
    const { workflow } = await sharedRaw();
    const jobId = unique('nobody');
    await gone(workflow.describeBatchOperation({ namespace: NAMESPACE, jobId }));
    await gone(workflow.stopBatchOperation({ namespace: NAMESPACE, jobId, reason: 'x' }));
  });
});

describe('the list of batch operations', { concurrency: true }, () => {
  async function namespaceWith(count: number) {
    const server = await TestServer.start({ args: ['--namespace', 'other'] });
    atEnd(() => server.dispose());
    const raw = new RawClient(server.address);
    atEnd(() => Promise.resolve(raw.close()));
    const jobs: string[] = [];
    for (let i = 0; i < count; i++) {
      const operation = i % 2 === 0 ? TERMINATION : { deletionOperation: {} };
      const request = { visibilityQuery: "WorkflowType = 'nothing'", ...operation };
      const batch = await Batch.start(raw, request);
      await batch.untilClosed();
      jobs.unshift(batch.jobId);
    }
    return { raw, jobs };
  }

  it('comes newest first, in pages, with type, state and times, and knows namespaces apart', async () => {
    const { raw, jobs } = await namespaceWith(5);
    const found: temporal.api.batch.v1.IBatchOperationInfo[] = [];
    let nextPageToken: Uint8Array = new Uint8Array();
    let pages = 0;
    do {
      const page = await raw.workflow.listBatchOperations({ namespace: NAMESPACE, pageSize: 2, nextPageToken });
      found.push(...page.operationInfo);
      nextPageToken = page.nextPageToken;
      pages++;
    } while (nextPageToken.length > 0);
    assert.equal(pages, 3);
    assert.deepEqual(
      found.map(({ jobId }) => jobId),
      jobs,
    );
    const { BATCH_OPERATION_TYPE_TERMINATE: terminate, BATCH_OPERATION_TYPE_DELETE: remove } = Type;
    assert.deepEqual(
      found.map(({ operationType }) => operationType),
      [terminate, remove, terminate, remove, terminate],
    );
    assert(found.every(({ state, startTime, closeTime }) => state === COMPLETED && startTime && closeTime));
    assert.deepEqual((await raw.workflow.listBatchOperations({ namespace: 'other' })).operationInfo, []);
    const workflows = await raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE });
    assert.deepEqual(workflows.executions, [], 'lists of workflows do not show them');
  });

  it('refuses a page token that is none', async () => {
    const { workflow } = await sharedRaw();
    const request = { namespace: NAMESPACE, nextPageToken: Buffer.from('{"startMs":"x"}') };
    await fails(workflow.listBatchOperations(request), Code.INVALID_ARGUMENT, 'Invalid NextPageToken.');
  });
});

it('is gone when the retention of its namespace is over', async () => {
  const server = await TestServer.start({
    onFile: true,
    args: ['--dynamic-config-value', 'system.namespaceMinRetentionLocal="1s"'],
  });
  atEnd(() => server.dispose());
  const raw = new RawClient(server.address);
  atEnd(() => Promise.resolve(raw.close()));
  const workflowExecutionRetentionPeriod = seconds(2);
  await raw.workflow.registerNamespace({ namespace: 'short', workflowExecutionRetentionPeriod });
  const jobId = unique('job');
  const described = () => raw.workflow.describeBatchOperation({ namespace: 'short', jobId });
  await Batch.start(raw, { namespace: 'short', jobId, visibilityQuery: "WorkflowType = 'nothing'", ...SIGNAL });
  await eventually('the end', async () => ((await described()).state === COMPLETED ? true : undefined));
  await eventually('its removal', () =>
    described().then(
      () => undefined,
      (error: RpcFailure) => (error.code === Code.NOT_FOUND ? true : undefined),
    ),
  );
  assert.deepEqual((await raw.workflow.listBatchOperations({ namespace: 'short' })).operationInfo, []);
});

it('is started and described by the official client', async () => {
  const connection = await Connection.connect({ address: (await sharedServer()).address });
  atEnd(() => connection.close());
  const { workflowService } = connection;
  const g = await group();
  await g.add();
  const jobId = unique('job');
  const request = { namespace: NAMESPACE, jobId, reason: 'why', visibilityQuery: g.query, ...TERMINATION };
  await workflowService.startBatchOperation(request);
  const closed = await eventually('the end', async () => {
    const described = await workflowService.describeBatchOperation({ namespace: NAMESPACE, jobId });
    return described.state === COMPLETED ? described : undefined;
  });
  assert.deepEqual(countsOf(closed), [1, 1, 0]);
});

it('is limited in number, and switched off, by dynamic config', async () => {
  const value = (pair: string) => ['--dynamic-config-value', pair];
  const server = await TestServer.start({
    args: [
      ...value('frontend.MaxConcurrentBatchOperationPerNamespace=1'),
      ...value('frontend.enableBatcher=[{"value":false,"constraints":{"namespace":"off"}}]'),
      ...['--namespace', 'off'],
    ],
  });
  atEnd(() => server.dispose());
  const raw = new RawClient(server.address);
  atEnd(() => Promise.resolve(raw.close()));
  const g = new Group(raw);
  await g.addMany(3);
  const batch = await g.batch({ ...SIGNAL, maxOperationsPerSecond: 0.1 });
  const reached = 'Max concurrent batch operations is reached';
  await fails(g.batch(SIGNAL), Code.RESOURCE_EXHAUSTED, reached, 'ResourceExhaustedFailure');
  await batch.stop();
  await (await g.batch(SIGNAL)).untilClosed();
  const off = 'Batch operation feature are disabled on this namespace.';
  const request = { namespace: 'off', visibilityQuery: g.query, ...SIGNAL };
  await fails(Batch.start(raw, request), Code.PERMISSION_DENIED, off, 'PermissionDeniedFailure');
});
