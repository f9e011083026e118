import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Callback } from '@perdure/api/common';
import { CallbackState } from '@perdure/api/enums';
import { beginFirstTask, DEFAULT_LIMITS, startRun, terminateRun } from '@perdure/core';
import { createMemoryStore } from '@perdure/store';
import { createLogger } from '../logging/logger.ts';
import { Matching } from '../matching/matching.ts';
import { testMetrics } from '../telemetry/testing/metrics.ts';
import { Engine } from './engine.ts';

const nextTurn = promisify(setImmediate);

const START = {
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
  completionCallbacks: [Callback.encode({ nexus: { url: 'http://127.0.0.1:1/done' } })],
};

test('a callback is called again though its back-off is over before the failed attempt is durable', async () => {
  const store = createMemoryStore();
  const commit = store.commit.bind(store);
  let held: Promise<void> | undefined;
  store.commit = async (given) => {
    await held;
    await commit(given);
  };
  const gate = Promise.withResolvers<void>();
  const called = Promise.withResolvers<void>();
  let calls = 0;
  const clock = { now: () => Date.now() };
  const metrics = testMetrics();
  const engine = new Engine({
    store,
    shard: 1,
    epoch: await store.acquireShard(1, 'test'),
    clock,
    limitsOf: () => ({ ...DEFAULT_LIMITS, callbackRetryInitialMs: 1 }),
    namespaces: {
      nameOf: () => 'shop',
      idOf: () => 'namespace-1',
      searchAttributesOf: () => ({ namespace: 'shop', custom: new Map() }),
    },
    metrics,
    sendCallback: async () => {
      if (++calls === 2) called.resolve();
      // What comes of the first request takes long to be written.
      if (calls === 1) held = gate.promise;
      return { problem: calls === 1 ? 'not now' : undefined, isRetryable: true };
    },
    isBeingRemoved: () => false,
    newRunId: () => assert.fail('nothing follows'),
    cacheBytesMax: Number.POSITIVE_INFINITY,
    log: createLogger({ level: 'error', format: 'text', write: (line) => assert.fail(line) }),
    onFenced: (error) => assert.fail(error),
  });
  const matching = new Matching({
    now: clock.now,
    start: async () => false,
    stillWaits: () => true,
    configOf: () => undefined,
    metrics: metrics.matching,
  });
  await engine.begin(matching);
  const run = await engine.createRun({
    namespaceId: 'namespace-1',
    workflowId: 'order-1',
    runId: 'run-1',
    decide: (tx) => {
      startRun(tx, START);
      beginFirstTask(tx, START);
    },
  });
  await engine.transact(run, (tx) => terminateRun(tx, { reason: '', details: undefined, identity: '', links: [] }));
  const state = () => run.state.callbacks.get(1);
  while (state()?.attempt !== 1 || state()?.state !== CallbackState.SCHEDULED) await nextTurn();
  gate.resolve();
  await called.promise;
  matching.close();
  await engine.stop();
});
