import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { beginFirstTask, DEFAULT_LIMITS, type StartWorkflow, signalRun, startRun, terminateRun } from '@perdure/core';
import { createMemoryStore, type Store } from '@perdure/store';
import { createLogger } from '../logging/logger.ts';
import { Matching, QueueType } from '../matching/matching.ts';
import type { Poller } from '../matching/task.ts';
import { testMetrics } from '../telemetry/testing/metrics.ts';
import { Engine } from './engine.ts';

const nextTurn = promisify(setImmediate);

const GONE = 'gone';
const KEPT = 'kept';

const START: StartWorkflow = {
  requestId: 'start',
  workflowType: 'order',
  taskQueue: 'q',
  input: undefined,
  executionTimeoutMs: 0,
  runTimeoutMs: 0,
  workflowTaskTimeoutMs: 10_000,
  firstTaskBackoffMs: 0,
  identity: '',
  header: undefined,
  memo: undefined,
  searchAttributes: undefined,
  userMetadata: undefined,
  links: [],
  priority: undefined,
};

const SIGNAL = {
  signalName: 's',
  input: undefined,
  identity: '',
  header: undefined,
  requestId: '',
  links: [],
};

/** An engine, and the namespaces that are being removed. Its clock moves when a test moves it. */
async function serverOn(store: Store, clock = { nowMs: 1_000_000 }) {
  const now = () => clock.nowMs;
  const removed = new Set<string>();
  const metrics = testMetrics();
  let lastId = 0;
  const engine = new Engine({
    store,
    shard: 1,
    epoch: await store.acquireShard(1, 'test'),
    clock: { now },
    limitsOf: () => DEFAULT_LIMITS,
    namespaces: {
      nameOf: (id) => id,
      idOf: (name) => name,
      searchAttributesOf: (id) => ({ namespace: id, custom: new Map() }),
    },
    sendCallback: () => assert.fail('nobody asked to be called back'),
    isBeingRemoved: (id) => removed.has(id),
    newRunId: () => `new-${++lastId}`,
    cacheBytesMax: Number.POSITIVE_INFINITY,
    log: createLogger({ level: 'error', format: 'text', write: (line) => assert.fail(line) }),
    metrics,
    onFenced: (error) => assert.fail(error),
  });
  const matching = new Matching({
    now,
    start: async () => false,
    stillWaits: () => true,
    configOf: () => undefined,
    metrics: metrics.matching,
  });
  const start = (namespaceId: string, changes: Partial<StartWorkflow> = {}, workflowId = 'w') =>
    engine.createRun({
      namespaceId,
      workflowId,
      runId: `${namespaceId}-${workflowId}`,
      decide: (tx) => {
        startRun(tx, { ...START, ...changes });
        beginFirstTask(tx, { ...START, ...changes });
      },
    });
  const removeNamespace = (id: string) => {
    removed.add(id);
    return engine.stopNamespace(id);
  };
  const stop = async () => {
    matching.close();
    await engine.stop();
  };
  return { engine, matching, removed, start, removeNamespace, stop, begin: () => engine.begin(matching) };
}

const rowOf = async (store: Store, namespaceId: string) => {
  const [row] = await store.findRuns([{ namespaceId, workflowId: 'w', runId: '' }]);
  assert.ok(row);
  return row;
};

/** The run in the namespace that is kept has timed out. */
async function timedOut(store: Store): Promise<void> {
  while ((await rowOf(store, KEPT)).closeMs === undefined) await nextTurn();
}

it('what lists show is counted when it is durable: a start, an end, a removal, and nothing in between', async () => {
  const store = createMemoryStore();
  const { engine, start, begin, removeNamespace, stop } = await serverOn(store);
  await begin();
  const seen: number[] = [];
  const note = () => seen.push(engine.changes.of(KEPT));
  note();
  const run = await start(KEPT);
  note();
  await engine.transact(run, (tx) => signalRun(tx, SIGNAL));
  note();
  await engine.transact(run, (tx) => terminateRun(tx, { reason: '', details: undefined, identity: '', links: [] }));
  note();
  await engine.removeRuns([await rowOf(store, KEPT)]);
  note();
  await removeNamespace(KEPT);
  note();
  const [none, started, signalled, ended, removed, stopped] = seen as [number, number, number, number, number, number];
  assert.deepEqual([none, started, signalled], [0, 1, 1]);
  assert.ok(signalled < ended && ended < removed && removed < stopped, String(seen));
  assert.equal(engine.changes.of(GONE), 0);
  await stop();
});

describe('in a namespace that is being removed', () => {
  it('no deadline is kept, by this server nor by the next', async () => {
    const store = createMemoryStore();
    const clock = { nowMs: 1_000_000 };
    const first = await serverOn(store, clock);
    await first.begin();
    await first.start(GONE, { runTimeoutMs: 20 });
    await first.start(KEPT, { runTimeoutMs: 25 });
    const before = await store.readJournal((await rowOf(store, GONE)).key);
    await first.removeNamespace(GONE);
    clock.nowMs += 25;
    await timedOut(store);
    // Due after the other one, so read back after it, if that were read back at all.
    await first.start(KEPT, { runTimeoutMs: 30 });
    await first.stop();
    const second = await serverOn(store, clock);
    second.removed.add(GONE);
    clock.nowMs += 30;
    await second.begin();
    await timedOut(store);
    await second.stop();
    assert.equal((await rowOf(store, GONE)).closeMs, undefined);
    assert.deepEqual(await store.readJournal((await rowOf(store, GONE)).key), before);
  });

  it('nothing is found, decided or started', async () => {
    const store = createMemoryStore();
    const { engine, start, begin, removeNamespace, stop } = await serverOn(store);
    await begin();
    const run = await start(GONE);
    let woken = false;
    run.addWaiter(() => (woken = true));
    await removeNamespace(GONE);
    assert.ok(woken);
    assert.equal(await engine.loader.find({ namespaceId: GONE, workflowId: 'w', runId: '' }), undefined);
    await assert.rejects(
      engine.transact(run, (tx) => signalRun(tx, SIGNAL)),
      { code: 14 },
    );
    await assert.rejects(start(GONE, {}, 'another'), { code: 14, message: 'the namespace has just been deleted' });
    assert.equal((await store.countRuns({ namespaceId: GONE })).count, 1);
    assert.equal(engine.stats.runs, 0);
    await start(KEPT);
    await stop();
  });

  it('what was decided before is durable when it has stopped', async () => {
    const store = createMemoryStore();
    const { engine, start, begin, removeNamespace, stop } = await serverOn(store);
    await begin();
    const run = await start(GONE);
    const { seq } = run;
    const { durable } = engine.decide(run, (tx) => signalRun(tx, SIGNAL));
    await removeNamespace(GONE);
    assert.equal((await store.readJournal(run.key)).length, seq + 1);
    await durable;
    await stop();
  });

  it('a run that is just being read back is not found either', async () => {
    const store = createMemoryStore();
    const first = await serverOn(store);
    await first.begin();
    await first.start(GONE, { firstTaskBackoffMs: 3_600_000 });
    await first.stop();
    const { engine, begin, removeNamespace, stop } = await serverOn(store);
    await begin();
    const reading = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const readJournal = store.readJournal.bind(store);
    store.readJournal = async (run) => {
      reading.resolve();
      await gate.promise;
      return readJournal(run);
    };
    const found = engine.loader.find({ namespaceId: GONE, workflowId: 'w', runId: '' });
    await reading.promise;
    await removeNamespace(GONE);
    gate.resolve();
    assert.equal(await found, undefined);
    assert.equal(engine.stats.runs, 0);
    await stop();
  });

  it('polls end, also one that is just being given a task', async () => {
    const { matching, begin, removeNamespace, start, stop } = await serverOn(createMemoryStore());
    await begin();
    await start(GONE);
    const expired: string[] = [];
    const poller = (identity: string): Poller => ({
      identity,
      requestId: '',
      sticky: false,
      cancelled: false,
      deliver: () => assert.fail('there is no task'),
      fail: (error) => assert.fail(String(error)),
      expire: () => void expired.push(identity),
    });
    // It is given the task of the run, which is then not there any more.
    matching.queue(GONE, QueueType.WORKFLOW, 'q').poll(poller('taken'));
    matching.queue(GONE, QueueType.ACTIVITY, 'q').poll(poller('waiting'));
    matching.queue(KEPT, QueueType.ACTIVITY, 'q').poll(poller('kept'));
    await removeNamespace(GONE);
    await nextTurn();
    assert.deepEqual(expired.toSorted(), ['taken', 'waiting']);
    assert.equal(matching.waitingPolls, 1);
    await stop();
  });
});
