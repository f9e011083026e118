import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryStore, EVERY_KIND, type RunRow, type Write } from '@perdure/store';
import { NamespaceRemover, type RemovedNamespace } from './namespace-removal.ts';
import { testRow } from './test-rows.ts';

const NOW = 1_000_000;

/** A server with these runs, and with one deleted namespace: `n`. */
async function remover(rows: readonly RunRow[], { rowUntilMs = 0 } = {}) {
  const store = createMemoryStore();
  const epoch = await store.acquireShard(1, 'test');
  const commit = (writes: Write[]) => store.commit({ shard: 1, epoch, writes });
  await commit(rows.map((row) => ({ kind: 'insertRun', row })));
  const batches: number[] = [];
  const deleted: RemovedNamespace[] = [{ id: 'n', name: 'orders-deleted-12345', rowUntilMs }];
  const clock = { nowMs: NOW, now: () => clock.nowMs };
  const logged: string[] = [];
  const log = { isEnabled: () => true, debug: assert.fail, warn: assert.fail, error: assert.fail };
  const stopped: string[] = [];
  const namespaceRemover = new NamespaceRemover({
    store,
    engine: {
      removeRuns: (given) => {
        batches.push(given.length);
        return commit(given.map(({ key }) => ({ kind: 'deleteRun', run: key })));
      },
      stopNamespace: async (id) => void stopped.push(id),
    },
    clock,
    log: { ...log, info: (message) => logged.push(message) },
    runsPerSecond: 100,
    namespaces: () => deleted,
    forget: async () => void deleted.pop(),
  });
  const left = async (namespaceId: string) =>
    (await store.listRuns({ namespaceId, kinds: EVERY_KIND, limit: 1000 })).length;
  return { namespaceRemover, batches, deleted, clock, logged, stopped, left };
}

describe('the removal of a namespace', () => {
  it('removes open and closed runs of it and no others, page by page, and then its row', async () => {
    const its = Array.from({ length: 25 }, (_, i) =>
      testRow(i + 1, i % 2 === 0 ? undefined : i, { kind: EVERY_KIND[i % 3] ?? 0 }),
    );
    const others = [testRow(200, 5, { namespaceId: 'm' }), testRow(201, undefined, { namespaceId: 'm' })];
    const { namespaceRemover, batches, deleted, logged, left } = await remover([...its, ...others]);
    for (let i = 0; i < 3; i++) {
      assert.equal(deleted.length, 1);
      await namespaceRemover.sweep();
    }
    assert.deepEqual(batches, [10, 10, 5]);
    assert.equal(await left('n'), 0);
    assert.equal(deleted.length, 1);
    assert.equal(await namespaceRemover.sweep(), undefined);
    assert.equal(deleted.length, 0);
    assert.deepEqual(logged, ['a deleted namespace is removed']);
    assert.equal(await left('m'), 2);
  });

  it('pauses so that no more runs are removed in a second than it may', async () => {
    const { namespaceRemover } = await remover(Array.from({ length: 17 }, (_, i) => testRow(i + 1, i)));
    assert.equal(await namespaceRemover.sweep(), 100);
    assert.equal(await namespaceRemover.sweep(), 70);
  });

  it('keeps the row as long as the deletion said', async () => {
    const { namespaceRemover, deleted, clock } = await remover([], { rowUntilMs: NOW + 5000 });
    assert.equal(await namespaceRemover.sweep(), 5000);
    clock.nowMs += 4999;
    assert.equal(await namespaceRemover.sweep(), 1);
    assert.equal(deleted.length, 1);
    clock.nowMs += 1;
    assert.equal(await namespaceRemover.sweep(), undefined);
    assert.equal(deleted.length, 0);
  });

  it('stops the namespace before it begins', async () => {
    const { namespaceRemover, stopped } = await remover([]);
    await namespaceRemover.begin('n');
    assert.deepEqual(stopped, ['n']);
    await namespaceRemover.stop();
  });

  it('does nothing after the server has begun to stop', async () => {
    const { namespaceRemover, batches } = await remover([testRow(1, 1)]);
    await namespaceRemover.stop();
    assert.equal(await namespaceRemover.sweep(), undefined);
    assert.deepEqual(batches, []);
  });
});
