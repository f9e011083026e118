import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '@perdure/store';
import { linesOf, testMetrics } from './testing/metrics.ts';

test('a measured store does what the store does, and every call is counted', async () => {
  const { store: measuring, registry } = testMetrics();
  const store = measuring.measured(createMemoryStore());
  assert.equal(store.kind, 'memory');
  const epoch = await store.acquireShard(1, 'test');
  const row = { id: 'namespace-1', name: 'shop', data: new Uint8Array(1) };
  await store.commit({ shard: 1, epoch, writes: [{ kind: 'putNamespace', row }] });
  assert.deepEqual(await store.namespaces(), [row]);
  await assert.rejects(store.commit({ shard: 1, epoch: epoch - 1, writes: [] }));
  assert.deepEqual(await store.listRuns({ namespaceId: 'namespace-1', limit: 1 }), []);
  assert(linesOf(registry, 'persistence_requests').includes('persistence_requests{operation="Commit"} 2'));
  assert(linesOf(registry, 'persistence_errors').includes('persistence_errors{operation="Commit"} 1'));
  assert.deepEqual(linesOf(registry, 'persistence_error_with_type'), [
    'persistence_error_with_type{operation="Commit",error_type="FencedError"} 1',
  ]);
  assert.deepEqual(linesOf(registry, 'persistence_latency_count').toSorted().slice(0, 2), [
    'persistence_latency_count{operation="AcquireShard"} 1',
    'persistence_latency_count{operation="Commit"} 2',
  ]);
  const lists = linesOf(registry, 'visibility_persistence_requests');
  assert(lists.includes('visibility_persistence_requests{operation="ListRuns"} 1'));
  await store.close();
});

test('the time of a call is counted when it has failed, too', async () => {
  const { store: measuring, registry, clock } = testMetrics();
  const slow = {
    ...testMetrics().store.measured(createMemoryStore()),
    maxRunKey: () => {
      clock.elapsedMs += 30;
      return Promise.reject(new Error('the disk is gone'));
    },
  };
  const store = measuring.measured(slow);
  await assert.rejects(store.maxRunKey(), /disk is gone/);
  assert(linesOf(registry, 'persistence_latency_sum').includes('persistence_latency_sum{operation="MaxRunKey"} 0.03'));
});
