import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryStore, EntityKind, type RunListQuery, type RunRow, type Write } from '@perdure/store';
import { Retention } from './retention.ts';
import { testRow as row } from './test-rows.ts';

const NOW = 1_000_000;

/** A server with these runs, some of them in use, and with one namespace, which keeps closed ones for 1000 ms. */
async function retention(rows: readonly RunRow[], inUse: readonly number[] = []) {
  const store = createMemoryStore();
  const epoch = await store.acquireShard(1, 'test');
  const commit = (writes: Write[]) => store.commit({ shard: 1, epoch, writes });
  await commit(rows.map((each) => ({ kind: 'insertRun', row: each })));
  const commits: number[][] = [];
  const pages: string[] = [];
  const clock = { nowMs: NOW, now: () => clock.nowMs };
  const namespaces = [{ id: 'n', retentionMs: 1000 }];
  const faults: Error[] = [];
  const sweeper = new Retention({
    store: {
      listRuns: (query: RunListQuery) => {
        pages.push(query.namespaceId);
        return store.listRuns(query);
      },
    },
    engine: {
      stats: { runs: 0, bytes: 0, sleeping: 0, closed: 0 },
      removeRuns: async (given) => {
        const fault = faults.pop();
        if (fault !== undefined) throw fault;
        const keys = given.map(({ key }) => key);
        commits.push(keys);
        await commit(keys.filter((run) => !inUse.includes(run)).map((run) => ({ kind: 'deleteRun', run })));
      },
    },
    clock,
    log: { isEnabled: () => true, debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail },
    namespaces: () => namespaces,
  });
  /** Sweeps until it has nothing to do, but not more often than given. Time passes only for what waits for it. */
  const sweep = async (times = Number.POSITIVE_INFINITY) => {
    for (let i = 0; i < times; i++) {
      const pauseMs = await sweeper.sweep();
      if (pauseMs === undefined) return;
      clock.nowMs += pauseMs;
    }
  };
  return { sweeper, sweep, commits, pages, clock, namespaces, faults };
}

const closed = (count: number, more: Partial<RunRow> = {}) =>
  Array.from({ length: count }, (_, i) => row(i + 1, i + 1, more));

const counts = (lists: readonly (readonly unknown[])[]) => lists.map(({ length }) => length);

describe('retention', () => {
  it('ends for what was closed longer ago than it lasts', async () => {
    const { sweep, commits } = await retention([row(3, NOW - 999), row(2, NOW - 1000), row(1, NOW - 1001)]);
    await sweep();
    assert.deepEqual(commits, [[1]]);
  });

  it('leaves a run that still has something to do', async () => {
    const { sweep, commits } = await retention([row(2, 2, { wakeAtMs: NOW }), row(1, 1)]);
    await sweep();
    assert.deepEqual(commits, [[1]]);
  });

  it('goes past a page of runs that still have something to do', async () => {
    const waiting = Array.from({ length: 50 }, (_, i) => row(i + 2, i + 2, { wakeAtMs: NOW }));
    const { sweep, commits, namespaces } = await retention([...closed(1), ...waiting]);
    namespaces[0] = { id: 'n', retentionMs: 1e5 };
    await sweep(30);
    assert.deepEqual(commits.flat(), [1]);
  });

  it('ends for batch operations as for runs of workflows', async () => {
    const { sweep, commits } = await retention([row(2, 2, { kind: EntityKind.BATCH_OPERATION }), row(1, 1)]);
    await sweep();
    assert.deepEqual(commits, [[2, 1]]);
  });

  it('goes through all of them in pages, of which each slice has a commit of its own', async () => {
    const { sweep, commits, pages, clock } = await retention(closed(103));
    await sweep();
    assert.deepEqual(
      commits.flat(),
      closed(103).map((_, i) => 103 - i),
    );
    const page = [...Array<number>(16).fill(3), 2];
    assert.deepEqual(counts(commits), [...page, ...page, 3]);
    assert.equal(pages.length, 3);
    // A hundred in a second.
    assert.equal(Math.round(clock.nowMs - NOW), 1030);
  });

  it('looks for more when a tenth of it has passed', async () => {
    const { sweeper, sweep, pages, clock } = await retention([]);
    await sweep();
    clock.nowMs = NOW + 99;
    assert.equal(await sweeper.sweep(), undefined);
    assert.equal(pages.length, 1);
    clock.nowMs = NOW + 100;
    assert.equal(await sweeper.sweep(), 0);
    assert.equal(pages.length, 2);
  });

  it('looks for more at least once a minute, and at once when it lasts no longer what it did', async () => {
    const { sweep, pages, clock, namespaces } = await retention([]);
    namespaces[0] = { id: 'n', retentionMs: 1e9 };
    await sweep();
    clock.nowMs = NOW + 59_999;
    await sweep();
    assert.equal(pages.length, 1);
    clock.nowMs = NOW + 60_000;
    await sweep();
    assert.equal(pages.length, 2);
    namespaces[0] = { id: 'n', retentionMs: 2e9 };
    await sweep();
    assert.equal(pages.length, 3);
  });

  it('finds again what was in use, in the next pass', async () => {
    const { sweep, commits, clock } = await retention(closed(4), [3]);
    await sweep();
    clock.nowMs += 100;
    await sweep();
    assert.deepEqual(commits, [[4, 3, 2], [1], [3]]);
  });

  it('looks at a page of each namespace in turn', async () => {
    const others = [row(200, 200, { namespaceId: 'm' }), row(201, 201, { namespaceId: 'm' })];
    const { sweep, commits, pages, namespaces } = await retention([...closed(120), ...others]);
    namespaces.push({ id: 'm', retentionMs: 1e5 });
    await sweep();
    assert.deepEqual(pages.slice(0, 3), ['n', 'm', 'n']);
    assert.deepEqual(commits[17], [201, 200]);
  });

  it('keeps what is over no more when its turn comes, in the page and behind it', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => row(120 - i, NOW - 2000 - i));
    const { sweep, commits, namespaces } = await retention(rows);
    await sweep(2);
    namespaces[0] = { id: 'n', retentionMs: 2099 + 30 };
    await sweep();
    assert.deepEqual(commits[0], [120, 119, 118]);
    // 30 ms later: closed 2130 ms ago.
    assert.equal(commits[1]?.[0], 20);
    assert.equal(commits.flat().length, 3 + 20);
  });

  it('keeps what it has found of a namespace that is being removed', async () => {
    const { sweep, commits, namespaces } = await retention(closed(20));
    await sweep(2);
    namespaces.pop();
    await sweep();
    assert.deepEqual(commits, [[20, 19, 18]]);
  });

  it('forgets when it has looked into a namespace that is gone', async () => {
    const { sweep, pages, namespaces } = await retention([]);
    await sweep();
    const [gone] = namespaces.splice(0);
    await sweep();
    namespaces.push(gone ?? assert.fail());
    await sweep();
    assert.deepEqual(pages, ['n', 'n']);
  });

  it('tries a slice again that could not be removed', async () => {
    const { sweep, commits, faults } = await retention(closed(4));
    faults.push(new Error('the disk is full'));
    await assert.rejects(sweep(), /the disk is full/);
    await sweep();
    assert.deepEqual(commits.flat(), [4, 3, 2, 1]);
  });

  it('removes large runs one by one', async () => {
    const { sweep, commits } = await retention(closed(3, { historyLength: 301 }));
    await sweep();
    assert.deepEqual(commits, [[3], [2], [1]]);
  });
});
