// A store that fails for a while, or for good: what was acknowledged stays, what was not is refused so that clients try
// again, and work goes on as soon as it can. The server runs inside the test, so that its store can be made to fail.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { createConfig, type RunningServer, silentLogger, startServer } from '@perdure/server';
import { createMemoryStore, FencedError, type Store, StoreUnavailableError } from '@perdure/store';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import {
  type Command,
  completeWorkflow,
  EventType,
  eventNames,
  Hand,
  IDENTITY,
  scheduleActivity,
  startTimer,
} from './hand.ts';
import { eventually, NAMESPACE, unique } from './harness.ts';
import { Code, fails, RawClient, RpcFailure } from './raw.ts';
import { ACCEPTED, accept, answer, pollUpdate, respond, told, update } from './update-hand.ts';

/** A memory store that can be told to fail. */
class FaultyStore {
  readonly inner: Store = createMemoryStore();
  /** Undefined: the commit succeeds. */
  commitFault: () => Error | undefined = () => undefined;
  readFault: (method: string, argument: unknown) => Error | undefined = () => undefined;
  beforeCommit: () => Promise<unknown> = () => Promise.resolve();
  /** When commits failed, epoch ms. */
  readonly failuresMs: number[] = [];

  get store(): Store {
    return new Proxy(this.inner, {
      get: (inner, name: keyof Store) => {
        const member = inner[name];
        if (typeof member !== 'function') return member;
        return async (argument: never, ...more: never[]) => {
          const fault = name === 'commit' ? await this.#commitFault() : this.readFault(name, argument);
          if (fault !== undefined) throw fault;
          return (member as (...args: never[]) => unknown).call(inner, argument, ...more);
        };
      },
    });
  }

  async #commitFault(): Promise<Error | undefined> {
    await this.beforeCommit();
    const fault = this.commitFault();
    if (fault !== undefined) this.failuresMs.push(Date.now());
    return fault;
  }
}

type Type = temporal.api.enums.v1.EventType;
const { WORKFLOW_EXECUTION_STATUS_COMPLETED: COMPLETED } = proto.temporal.api.enums.v1.WorkflowExecutionStatus;
const nextTurn = promisify(setImmediate);
const diskFull = () => new StoreUnavailableError('the disk is full');

interface Served {
  readonly faulty: FaultyStore;
  readonly server: RunningServer;
  readonly raw: RawClient;
  readonly fatal: Error[];
  readonly hand: () => Hand;
}

async function serve(t: TestContext, cacheBytesMax = 1e9): Promise<Served> {
  const faulty = new FaultyStore();
  const fatal: Error[] = [];
  const server = await startServer({
    ...optionsWith(faulty.store),
    cacheBytesMax,
    onFatal: (error) => fatal.push(error),
  });
  const raw = new RawClient(`127.0.0.1:${server.address.port}`);
  t.after(async () => {
    raw.close();
    await server.close();
  });
  return { faulty, server, raw, fatal, hand: () => new Hand(raw) };
}

function optionsWith(store: Store) {
  return { host: '127.0.0.1', port: 0, store, namespaces: [], config: createConfig(), log: silentLogger };
}

test('while the disk is full nothing is acknowledged; afterwards all that was is there, and work goes on', async (t) => {
  const { faulty, hand } = await serve(t);
  const [signalled, withActivity, withTimer, waiting] = [hand(), hand(), hand(), hand()];
  for (const w of [signalled, withActivity, withTimer, waiting]) await w.start();
  await signalled.step();
  await withActivity.step(scheduleActivity(withActivity.taskQueue));
  await withTimer.step(startTimer('t', 0.3));
  faulty.commitFault = diskFull;

  const refused = /disk is full/;
  await fails(signalled.signal(), Code.UNAVAILABLE, refused);
  await fails(hand().start(), Code.UNAVAILABLE, refused);
  await fails(waiting.workflowTask(), Code.UNAVAILABLE, refused);
  await signalled.expectHistory(
    'WorkflowExecutionStarted',
    'WorkflowTaskScheduled',
    'WorkflowTaskStarted',
    'WorkflowTaskCompleted',
  );
  // The timer comes due, again and again, and cannot fire; the store is left in peace for longer and longer.
  const before = faulty.failuresMs.length;
  await eventually('more attempts', async () => (faulty.failuresMs.length >= before + 4 ? true : undefined));
  const [first = 0, , , fourth = 0] = faulty.failuresMs.slice(before);
  assert(fourth - first >= 300, `four attempts within ${fourth - first} ms`);
  assert.equal(eventNames(await withTimer.history()).at(-1), 'TimerStarted');

  faulty.commitFault = () => undefined;
  await withTimer.event(EventType.EVENT_TYPE_TIMER_FIRED);
  await withTimer.step(completeWorkflow());
  await withActivity.completeActivity(await withActivity.activityTask());
  await withActivity.step(completeWorkflow());
  await waiting.step(completeWorkflow());
  await signalled.signal();
  await signalled.step(completeWorkflow());
  assert.equal(eventNames(await signalled.history()).filter((name) => name === 'WorkflowExecutionSignaled').length, 1);
});

test('whoever waits for news of a run hears of it although its state was lost in between', async (t) => {
  const { faulty, hand } = await serve(t);
  const w = hand();
  await w.start();
  const { taskToken } = await w.workflowTask();
  const news = w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
  faulty.commitFault = diskFull;
  await fails(w.signal(), Code.UNAVAILABLE, /disk is full/);
  faulty.commitFault = () => undefined;
  await w.complete({ taskToken } as never, [completeWorkflow()]);
  await news;
});

test('nobody hears what became of an update before it is durable, nor if it never is', async (t) => {
  const { faulty, hand, raw } = await serve(t);
  const w = hand();
  await w.start();
  await w.step();
  const asked = update(w, 'u', ACCEPTED);
  const task = await w.workflowTask();
  const held = Promise.withResolvers<void>();
  const committing = Promise.withResolvers<void>();
  faulty.beforeCommit = () => {
    committing.resolve();
    return held.promise;
  };
  const heard: string[] = [];
  const answered = fails(answer(w, task, [accept(task, 'u')]), Code.UNAVAILABLE, /disk is full/);
  await committing.promise;
  const polled = pollUpdate(w, 'u');
  for (const call of [asked, polled]) {
    call.then(
      ({ stage }) => heard.push(`stage ${stage}`),
      (error: unknown) => heard.push(error instanceof RpcFailure ? (Code[error.code] ?? '') : String(error)),
    );
  }
  // Both have been looked at by the time others are answered.
  for (let i = 0; i < 3; i++) await raw.workflow.getSystemInfo({});
  assert.deepEqual(heard, []);
  faulty.commitFault = diskFull;
  held.resolve();
  await answered;
  await eventually('both are answered', async () => (heard.length === 2 ? true : undefined));
  assert.deepEqual(heard, ['UNAVAILABLE', 'UNAVAILABLE']);
  faulty.commitFault = () => undefined;
  const again = update(w, 'u');
  await answer(w, task, [accept(task, 'u'), respond(task, 'u')]);
  assert.equal(told(await again), 'completed: out');
});

test('a server that cannot write when it starts says why', async () => {
  const faulty = new FaultyStore();
  faulty.commitFault = diskFull;
  await assert.rejects(startServer(optionsWith(faulty.store)), /disk is full/);
});

test('a database that cannot be read is no bug of the server', async (t) => {
  const { faulty, hand } = await serve(t);
  faulty.readFault = (method) => (method === 'findRuns' || method === 'listRuns' ? diskFull() : undefined);
  const w = hand();
  await fails(w.describe(), Code.UNAVAILABLE, /disk is full/);
  await fails(w.start(), Code.UNAVAILABLE, /disk is full/);
  await fails(w.raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE }), Code.UNAVAILABLE, /disk is full/);
});

test('a run that cannot be read back does not keep the others from their work', async (t) => {
  const { faulty, hand } = await serve(t);
  const [broken, sound] = [hand(), hand()];
  await broken.start();
  await sound.start();
  faulty.readFault = (method, run) => (method === 'readJournal' && run === 1 ? new Error('unreadable') : undefined);
  faulty.commitFault = diskFull;
  await fails(hand().start(), Code.UNAVAILABLE, /disk is full/);
  faulty.commitFault = () => undefined;
  await sound.step(completeWorkflow());
});

test('when another server takes the database, this one acknowledges nothing more and says so', async (t) => {
  const { faulty, fatal, hand } = await serve(t);
  const w = hand();
  await w.start();
  await faulty.inner.acquireShard(1, 'another server');
  await fails(w.signal(), Code.UNAVAILABLE, /epoch/);
  await fails(w.signal(), Code.UNAVAILABLE, /epoch/);
  assert(fatal[0] instanceof FencedError);
  const [run] = await faulty.inner.listRuns({ namespaceId: await defaultNamespace(faulty.inner), limit: 10 });
  const journal = await faulty.inner.readJournal(run?.key ?? 0);
  assert.equal(journal.length, 1);
});

async function defaultNamespace(store: Store): Promise<string> {
  const row = (await store.namespaces()).find(({ name }) => name === NAMESPACE);
  return row?.id ?? '';
}

const SIGNALS = 3;

test('under a store that fails now and then and a cache that holds little, everything happens exactly once', async (t) => {
  const { faulty, raw } = await serve(t, 100_000);
  let random = 1;
  const chance = () => (random = (random * 48271) % 0x7fffffff) / 0x7fffffff;
  faulty.beforeCommit = async () => {
    for (let turns = chance() < 0.3 ? chance() * 100 : 0; turns > 0; turns--) await nextTurn();
  };
  faulty.commitFault = () => (chance() < 0.05 ? diskFull() : undefined);
  const taskQueue = unique('tq');
  const stop = new AbortController();
  const workers = Promise.all([
    ...Array.from({ length: 6 }, () => workOnWorkflows(raw, taskQueue, stop.signal)),
    ...Array.from({ length: 4 }, () => workOnActivities(raw, taskQueue, stop.signal)),
  ]);
  const ids = Array.from({ length: 150 }, () => unique('wf'));
  await Promise.all(ids.map((workflowId) => drive(raw, workflowId, taskQueue)));
  await Promise.all(ids.map((workflowId) => eventually('all complete', () => whenClosed(raw, workflowId), 60_000)));
  faulty.commitFault = () => undefined;
  stop.abort();
  await workers;
  for (const workflowId of ids) {
    const w = new Hand(raw);
    const { executions } = await raw.workflow.listWorkflowExecutions({
      namespace: NAMESPACE,
      query: `WorkflowId = '${workflowId}'`,
    });
    assert.equal(executions.length, 1);
    const events = await historyOf(w, workflowId);
    const count = (type: Type) => events.filter(({ eventType }) => eventType === type).length;
    assert.equal(count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED), SIGNALS);
    assert.equal(count(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED), 1);
    assert.equal(count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED), 1);
  }
});

function historyOf(w: Hand, workflowId: string) {
  return Object.assign(Object.create(w) as Hand, { workflowId }).history();
}

/** Starts and signals as an SDK does: again with the same request id until it is acknowledged. */
async function drive(raw: RawClient, workflowId: string, taskQueue: string): Promise<void> {
  const common = { namespace: NAMESPACE, identity: IDENTITY };
  const workflowType = { name: 'chaos' };
  const requestId = unique('request');
  await untilAcknowledged(() =>
    raw.workflow.startWorkflowExecution({
      ...common,
      workflowId,
      workflowType,
      taskQueue: { name: taskQueue },
      requestId,
    }),
  );
  for (let n = 0; n < SIGNALS; n++) {
    const signalId = unique('signal');
    await untilAcknowledged(() =>
      raw.workflow.signalWorkflowExecution({
        ...common,
        workflowExecution: { workflowId },
        signalName: 's',
        requestId: signalId,
      }),
    );
  }
}

async function untilAcknowledged<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof RpcFailure) || error.code !== Code.UNAVAILABLE) throw error;
    }
  }
}

/** Schedules one activity; completes when it is through and all signals have come. */
async function workOnWorkflows(raw: RawClient, taskQueue: string, signal: AbortSignal): Promise<void> {
  const polls = raw.as({ deadlineMs: 10_000, signal });
  while (!signal.aborted) {
    try {
      const request = { namespace: NAMESPACE, taskQueue: { name: taskQueue }, identity: IDENTITY };
      const task = await polls.pollWorkflowTaskQueue(request);
      if (task.taskToken.length === 0) continue;
      const types = task.history?.events?.map(({ eventType }) => eventType) ?? [];
      const count = (type: Type) => types.filter((one) => one === type).length;
      const commands: Command[] = [];
      if (count(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) === 0) commands.push(scheduleActivity(taskQueue));
      const through = count(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED) === 1;
      if (through && count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED) === SIGNALS) {
        commands.push(completeWorkflow());
      }
      const { taskToken } = task;
      await untilAcknowledged(() => raw.workflow.respondWorkflowTaskCompleted({ taskToken, commands }));
    } catch (error) {
      tolerate(error, signal);
    }
  }
}

async function workOnActivities(raw: RawClient, taskQueue: string, signal: AbortSignal): Promise<void> {
  const polls = raw.as({ deadlineMs: 10_000, signal });
  while (!signal.aborted) {
    try {
      const request = { namespace: NAMESPACE, taskQueue: { name: taskQueue }, identity: IDENTITY };
      const { taskToken } = await polls.pollActivityTaskQueue(request);
      if (taskToken.length === 0) continue;
      await untilAcknowledged(() => raw.workflow.respondActivityTaskCompleted({ taskToken }));
    } catch (error) {
      tolerate(error, signal);
    }
  }
}

/** A worker polls again after UNAVAILABLE, and forgets a task whose workflow has moved on. */
function tolerate(error: unknown, signal: AbortSignal): void {
  if (signal.aborted) return;
  const expected: Code[] = [Code.UNAVAILABLE, Code.NOT_FOUND, Code.INVALID_ARGUMENT];
  if (!(error instanceof RpcFailure) || !expected.includes(error.code)) throw error;
}

async function whenClosed(raw: RawClient, workflowId: string): Promise<true | undefined> {
  const request = { namespace: NAMESPACE, execution: { workflowId } };
  const { workflowExecutionInfo } = await untilAcknowledged(() => raw.workflow.describeWorkflowExecution(request));
  return workflowExecutionInfo?.status === COMPLETED ? true : undefined;
}
