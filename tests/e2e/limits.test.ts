// Limits set small on the command line: at the limit all is well, one past it the request is refused or the run ended.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import proto from '@temporalio/proto';
import * as c from './hand.ts';
import { Hand } from './hand.ts';
import { NAMESPACE, TestServer } from './harness.ts';
import { Code, fails, failure, RawClient } from './raw.ts';

const { ResourceExhaustedFailure } = proto.temporal.api.errordetails.v1;
const Cause = proto.temporal.api.enums.v1.ResourceExhaustedCause;
const Scope = proto.temporal.api.enums.v1.ResourceExhaustedScope;

const LONG_CALLS = 20;
const LISTS = 5;
const SETTINGS = [
  'system.transactionSizeLimit=30000',
  'limit.mutableStateSize.error=60000',
  'limit.historyCount.warn=4',
  // The service looks at these limits only past the warning.
  'limit.memoSize.warn=500',
  'limit.memoSize.error=1000',
  'limit.blobSize.warn=20000',
  'limit.blobSize.error=25000',
  'limit.maxIDLength=50',
  'limit.workerBuildIdSize=10',
  'history.MaxBufferedQueryCount=1',
  'history.defaultActivityRetryPolicy={"MaximumAttempts":7}',
  `frontend.namespaceCount=${LONG_CALLS}`,
  `frontend.namespaceRPS.visibility=${LISTS}`,
];
/** Another server than ours has other texts in its log. */
const OURS = process.env['PERDURE_TEST_SERVER'] === undefined;

let server: TestServer;
let raw: RawClient;
before(async () => {
  server = await TestServer.start({ args: SETTINGS.flatMap((setting) => ['--dynamic-config-value', setting]) });
  raw = new RawClient(server.address);
});
after(async () => {
  raw?.close();
  await server?.dispose();
});

const text = (bytes: number) => 'x'.repeat(bytes);

async function lastEvent(w: Hand) {
  return (await w.history()).at(-1)?.workflowExecutionTerminatedEventAttributes;
}

describe('one step of a workflow', () => {
  it('may write as much as the limit, and not more', async () => {
    const withTwo = (bytes: number) =>
      [1, 2].map((i) => c.scheduleActivity('q', { activityId: `a${i}`, input: c.payloads(text(bytes)) }));
    const w = new Hand(raw);
    await w.start();
    await w.complete(await w.workflowTask(), withTwo(14_000), { forceCreateNewWorkflowTask: true });
    const large = new Hand(raw);
    await large.start();
    const error = await failure(large.complete(await large.workflowTask(), withTwo(15_000)));
    assert.equal(Code[error.code], 'INVALID_ARGUMENT');
    assert.match(error.text, /^transaction size of 3\d{4} bytes exceeds limit of 30000 bytes$/);
    const terminated = await lastEvent(large);
    assert.equal(terminated?.reason, 'Transaction size exceeds limit.');
    assert.deepEqual(c.texts(terminated?.details), [error.text]);
  });

  it('may carry a payload as large as the limit, and not a larger one', async () => {
    const w = new Hand(raw);
    await w.start();
    const command = c.scheduleActivity('q', { input: c.payloads(text(25_000)) });
    const problem = 'BadScheduleActivityAttributes: ScheduleActivityTaskCommandAttributes.Input exceeds size limit.';
    await fails(w.complete(await w.workflowTask(), [command]), Code.INVALID_ARGUMENT, problem);
    assert.equal((await lastEvent(w))?.reason, problem);
    const next = new Hand(raw);
    await next.start();
    const continueAsNew = {
      commandType: c.CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
      continueAsNewWorkflowExecutionCommandAttributes: { input: c.payloads(text(25_000)) },
    };
    const tooLarge =
      'BadContinueAsNewAttributes: ContinueAsNewWorkflowExecutionCommandAttributes. Input exceeds size limit.';
    await fails(next.complete(await next.workflowTask(), [continueAsNew]), Code.INVALID_ARGUMENT, tooLarge);
  });
});

describe('what a run remembers', () => {
  it('may be as large as the limit, and not larger', async () => {
    const w = new Hand(raw);
    await w.start();
    const activity = (activityId: string) =>
      c.scheduleActivity(w.taskQueue, { activityId, startToCloseTimeout: c.seconds(60) });
    await w.step(activity('a1'), activity('a2'), activity('a3'));
    const tasks = [await w.activityTask(), await w.activityTask(), await w.activityTask()] as const;
    await w.heartbeat(tasks[0], text(20_000));
    await w.heartbeat(tasks[1], text(20_000));
    const reason = 'Workflow mutable state size exceeds limit.';
    const error = await failure(w.heartbeat(tasks[2], text(24_000)));
    assert.equal((await lastEvent(w))?.reason, reason);
    // The service ends the run, and then finds that it is over.
    assert(error.text === reason || error.text === 'workflow execution already completed', error.message);
  });
});

describe('a start', () => {
  it('may have a memo as large as the limit, and not a larger one', async () => {
    const start = (bytes: number) =>
      new Hand(raw).start({ memo: { fields: { m: c.payloads(text(bytes)).payloads?.[0] ?? {} } } });
    await start(950);
    await fails(start(1000), Code.INVALID_ARGUMENT, 'Memo size exceeds limit.');
  });

  it('may have an input as large as the limit, and not a larger one', async () => {
    await new Hand(raw).start({ input: c.payloads(text(24_900)) });
    await fails(
      new Hand(raw).start({ input: c.payloads(text(25_000)) }),
      Code.INVALID_ARGUMENT,
      'Blob data size exceeds limit.',
    );
  });

  it('may have a workflow type as long as the limit, and not a longer one', async () => {
    await new Hand(raw).start({ workflowType: { name: text(50) } });
    const problem = 'WorkflowType length exceeds limit.';
    await fails(new Hand(raw).start({ workflowType: { name: text(51) } }), Code.INVALID_ARGUMENT, problem);
  });
});

describe('a worker', () => {
  it('may have a build id as long as the limit, and not a longer one', async () => {
    const poll = (bytes: number) =>
      raw.as({ deadlineMs: 2_500 }).pollActivityTaskQueue({
        namespace: NAMESPACE,
        taskQueue: { name: 'q' },
        workerVersionCapabilities: { buildId: text(bytes) },
      });
    await poll(10);
    const problem = 'Build ID exceeds configured limit.workerBuildIdSize, use a shorter build ID.';
    await fails(poll(11), Code.INVALID_ARGUMENT, problem);
  });
});

describe('an activity without a retry policy', () => {
  it('has that of the server', async () => {
    const w = new Hand(raw);
    await w.start();
    await w.step(c.scheduleActivity('q'));
    const { retryPolicy } = (await w.history()).at(-1)?.activityTaskScheduledEventAttributes ?? {};
    assert.equal(retryPolicy?.maximumAttempts, 7);
    assert.equal(c.millis(retryPolicy?.initialInterval), 1000);
  });
});

describe('queries that wait for a workflow task', () => {
  it('may be as many as the limit, and not more', async () => {
    const w = new Hand(raw);
    await w.start();
    await w.step();
    await w.signal();
    const abort = new AbortController();
    const query = (client = raw.workflow) => client.queryWorkflow({ ...w.execution, query: { queryType: 'state' } });
    const clients = [1, 2].map(() => raw.as({ signal: abort.signal }));
    const calls = clients.map((client) => query(client));
    const settled = Promise.allSettled(calls);
    const refused = Promise.withResolvers<unknown>();
    for (const call of calls) call.catch(refused.resolve);
    const first = refused.promise.then((reason) => Promise.reject(reason as Error));
    await fails(first, Code.RESOURCE_EXHAUSTED, /^consistent query buffer is full/, 'ResourceExhaustedFailure');
    abort.abort();
    await settled;
  });
});

describe('a namespace', () => {
  it('may have as many calls waiting as the limit, of each kind', async () => {
    const w = new Hand(raw);
    await w.start();
    const abort = new AbortController();
    const client = raw.as({ signal: abort.signal });
    const { nextPageToken } = await raw.workflow.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true });
    const wait = () => client.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true, nextPageToken });
    const calls = Array.from({ length: LONG_CALLS + 1 }, wait);
    const waiting = Promise.allSettled(calls);
    // One of them is the last to arrive.
    const refused = Promise.withResolvers<unknown>();
    for (const call of calls) call.catch(refused.resolve);
    const problem = 'namespace concurrent poller limit exceeded';
    const error = await fails(
      refused.promise.then((reason) => Promise.reject(reason as Error)),
      Code.RESOURCE_EXHAUSTED,
      problem,
      'ResourceExhaustedFailure',
    );
    const { cause, scope } = error.detail(ResourceExhaustedFailure);
    assert.equal(cause, Cause.RESOURCE_EXHAUSTED_CAUSE_CONCURRENT_LIMIT);
    assert.equal(scope, Scope.RESOURCE_EXHAUSTED_SCOPE_NAMESPACE);
    await w.step();
    abort.abort();
    await waiting;
    await raw.workflow.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true });
  });

  it('may ask for as many lists in a second as the limit', async () => {
    const list = () => raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, pageSize: 1 });
    const results = await Promise.allSettled(Array.from({ length: LISTS * 3 }, list));
    const refused = results.filter((result) => result.status === 'rejected');
    assert(refused.length <= LISTS * 2 && refused.length > 0, `${refused.length} were refused`);
    const reasons = new Set(refused.map(({ reason }) => (reason as Error).message));
    assert.deepEqual(
      [...reasons],
      [
        '/temporal.api.workflowservice.v1.WorkflowService/ListWorkflowExecutions: RESOURCE_EXHAUSTED namespace rate limit exceeded',
      ],
    );
  });
});

if (OURS) {
  describe('the log', () => {
    it('names a request that is large', async () => {
      const w = new Hand(raw);
      await w.start({ input: c.payloads(text(19_000)) });
      assert(!readFileSync(server.logFile, 'utf8').includes(w.workflowId));
      await w.signal('ping', text(21_000));
      const lines = readFileSync(server.logFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes('a request is large'));
      assert.match(lines.at(-1) ?? '', /SignalWorkflowExecution.*namespace=default.*warnFrom=20000/);
    });

    it('names a run whose history has become long, once', async () => {
      const w = new Hand(raw);
      await w.start();
      await w.signal();
      assert(!readFileSync(server.logFile, 'utf8').includes(w.workflowId));
      for (let i = 0; i < 3; i++) await w.signal();
      const lines = readFileSync(server.logFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes(w.workflowId));
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0] ?? '', /WARN +the history of a run has many events.*historyCount=5 warnFrom=4/);
    });
  });
}
