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
  /** Sweeps until it has nothing to do now. Returns how long that takes, ms. */
  const sweepAll = async () => {
    const fromMs = clock.nowMs;
    for (;;) {
      const pauseMs = await namespaceRemover.sweep();
      if (pauseMs === undefined) return clock.nowMs - fromMs;
      clock.nowMs += pauseMs;
    }
  };
  return { namespaceRemover, sweepAll, batches, deleted, clock, logged, stopped, left };
}

describe('the removal of a namespace', () => {
  it('removes open and closed runs of it and no others, a few at a time, and then its row', async () => {
    const its = Array.from({ length: 25 }, (_, i) =>
      testRow(i + 1, i % 2 === 0 ? undefined : i, { kind: EVERY_KIND[i % 3] ?? 0 }),
    );
    const others = [testRow(200, 5, { namespaceId: 'm' }), testRow(201, undefined, { namespaceId: 'm' })];
    const { sweepAll, batches, deleted, logged, left } = await remover([...its, ...others]);
    await sweepAll();
    assert.deepEqual(batches, [...Array<number>(8).fill(3), 1]);
    assert.equal(await left('n'), 0);
    assert.equal(deleted.length, 0);
    assert.deepEqual(logged, ['a deleted namespace is removed']);
    assert.equal(await left('m'), 2);
  });

  it('keeps the row until nothing else is left', async () => {
    const { namespaceRemover, deleted, left } = await remover([testRow(1, 1)]);
    await namespaceRemover.sweep();
    await namespaceRemover.sweep();
    assert.equal(await left('n'), 0);
    assert.equal(deleted.length, 1);
    assert.equal(await namespaceRemover.sweep(), undefined);
    assert.equal(deleted.length, 0);
  });

  it('removes no more runs in a second than it may', async () => {
    const { sweepAll } = await remover(Array.from({ length: 203 }, (_, i) => testRow(i + 1, i)));
    assert.equal(Math.round(await sweepAll()), 2030);
  });

  it('removes a page of each namespace in turn', async () => {
    const its = Array.from({ length: 120 }, (_, i) => testRow(i + 1, i));
    const others = Array.from({ length: 3 }, (_, i) => testRow(i + 200, i, { namespaceId: 'm' }));
    const { namespaceRemover, batches, deleted, clock, left } = await remover([...its, ...others]);
    deleted.push({ id: 'm', name: 'bills-deleted-12345', rowUntilMs: 0 });
    while ((await left('m')) > 0) clock.nowMs += (await namespaceRemover.sweep()) ?? assert.fail();
    assert.equal(await left('n'), 70);
    assert.equal(batches.length, 18);
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
