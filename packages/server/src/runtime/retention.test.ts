import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EntityKind, type RunListQuery, type RunRow } from '@perdure/store';
import { Retention } from './retention.ts';
import { testRow as row } from './test-rows.ts';

const NOW = 1_000_000;

/** A store with these closed runs, newest first, in one namespace that keeps them for 1000 ms. */
function retention(rows: RunRow[]) {
  const commits: number[][] = [];
  const namespace = { id: 'n', retentionMs: 1000 };
  const sweeper = new Retention({
    store: {
      listRuns: async ({ after, limit, kinds }: RunListQuery) =>
        rows
          .filter(({ kind }) => kinds?.includes(kind))
          .filter((each) => (each.closeMs ?? 0) <= (after?.closeMs ?? 0) && each.key !== after?.key)
          .filter((each) => (after?.key === 0 ? each.closeMs !== after.closeMs : each.key < (after?.key ?? 0)))
          .slice(0, limit),
    },
    engine: {
      stats: { runs: 0, bytes: 0, sleeping: 0, closed: 0 },
      removeRuns: async (given) => {
        commits.push(given.map(({ key }) => key));
      },
    },
    clock: { now: () => NOW },
    log: { isEnabled: () => true, debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail },
    namespaces: () => [namespace],
  });
  return { sweeper, commits, namespace };
}

describe('retention', () => {
  it('ends for what was closed longer ago than it lasts', async () => {
    const { sweeper, commits } = retention([row(3, NOW - 999), row(2, NOW - 1000), row(1, NOW - 1001)]);
    assert.equal(await sweeper.sweep(), undefined);
    assert.deepEqual(commits, [[1]]);
  });

  it('leaves a run that still has something to do', async () => {
    const { sweeper, commits } = retention([row(2, 0, { wakeAtMs: NOW }), row(1, 0)]);
    await sweeper.sweep();
    assert.deepEqual(commits, [[1]]);
  });

  it('ends for batch operations as for runs of workflows', async () => {
    const { sweeper, commits } = retention([row(2, 0, { kind: EntityKind.BATCH_OPERATION }), row(1, 0)]);
    await sweeper.sweep();
    assert.deepEqual(commits, [[2, 1]]);
  });

  it('goes through all of them in pages, and then from the beginning', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => row(25 - i, 0));
    const { sweeper, commits } = retention(rows);
    const more = [await sweeper.sweep(), await sweeper.sweep(), await sweeper.sweep(), await sweeper.sweep()];
    assert.deepEqual(more, [10, 10, undefined, 10]);
    assert.deepEqual(
      commits.map((keys) => keys.length),
      [10, 10, 5, 10],
    );
    assert.deepEqual(commits[0], commits[3]);
  });

  it('stops in the middle for what a longer retention keeps', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => row(120 - i, NOW - 2000 - i));
    const { sweeper, commits, namespace } = retention(rows);
    await sweeper.sweep();
    namespace.retentionMs = 2099;
    while ((await sweeper.sweep()) !== undefined);
    assert.equal(commits[0]?.[0], 120);
    // Closed 2100 ms ago.
    assert.equal(commits[1]?.[0], 20);
    assert.equal(commits.flat().length, 30);
  });

  it('removes large runs one by one', async () => {
    const { sweeper, commits } = retention([1, 2, 3].map((i) => row(4 - i, 0, { historyLength: 1001 })));
    assert.deepEqual([await sweeper.sweep(), await sweeper.sweep(), await sweeper.sweep()], [1, 1, undefined]);
    assert.deepEqual(commits, [[3], [2], [1]]);
  });
});
