// Entities of other kinds than runs of workflows: same tables, and never in each other's way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityKind as Kind } from '../contract.ts';
import { EntityKind } from '../contract.ts';
import { acquire, closedRow, closeRun, insertRun, keysOf, runRow } from './fixtures.ts';
import type { OpenForTest } from './index.ts';

const { WORKFLOW_RUN, SCHEDULE, BATCH_OPERATION } = EntityKind;

export function registerKinds(open: OpenForTest): void {
  test('a look-up finds its kind only, also when ids are the same', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const rows = [WORKFLOW_RUN, SCHEDULE, BATCH_OPERATION].map((kind, i) =>
      runRow(i + 1, { kind, workflowId: 'same' }),
    );
    await owner.commit(...rows.map(insertRun), insertRun(closedRow(4, 5, { workflowId: 'same' })));
    const newest = { namespaceId: 'ns-1', workflowId: 'same', runId: '' };
    const found = await store.findRuns([
      newest,
      { ...newest, kind: SCHEDULE },
      { ...newest, kind: BATCH_OPERATION },
      { ...newest, runId: 'run-2' },
      { ...newest, runId: 'run-2', kind: SCHEDULE },
      { ...newest, runId: 'run-1', kind: SCHEDULE },
    ]);
    assert.deepEqual(
      found.map((row) => row?.key),
      [4, 2, 3, undefined, 2, undefined],
    );
    assert.deepEqual(found[1], rows[1]);
    assert.equal(await store.maxRunKey(), 4);
  });

  test('lists and counts show runs of workflows unless they ask for others', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    await owner.commit(
      insertRun(runRow(1, { startMs: 10 })),
      insertRun(runRow(2, { startMs: 30, kind: SCHEDULE })),
      insertRun(runRow(3, { startMs: 20, kind: BATCH_OPERATION })),
      insertRun(runRow(4, { startMs: 40 })),
      insertRun(closedRow(5, 500, { kind: BATCH_OPERATION })),
      insertRun(closedRow(6, 600)),
      insertRun(runRow(7, { kind: SCHEDULE, namespaceId: 'ns-2' })),
    );
    const cases: [Kind[] | undefined, number[]][] = [
      [undefined, [4, 1, 6]],
      [[WORKFLOW_RUN], [4, 1, 6]],
      [[SCHEDULE], [2]],
      [
        [BATCH_OPERATION, SCHEDULE],
        [2, 3, 5],
      ],
      [
        [WORKFLOW_RUN, SCHEDULE, BATCH_OPERATION],
        [4, 2, 3, 1, 6, 5],
      ],
      [[], []],
    ];
    for (const [kinds, expected] of cases) {
      const query = { namespaceId: 'ns-1', ...(kinds && { kinds }) };
      assert.deepEqual(keysOf(await store.listRuns({ ...query, limit: 9 })), expected);
      assert.equal((await store.countRuns(query)).count, expected.length);
      const paged: number[] = [];
      for (let after; ; ) {
        const [row] = await store.listRuns({ ...query, limit: 1, ...(after && { after }) });
        if (row === undefined) break;
        paged.push(row.key);
        after = { closeMs: row.closeMs, startMs: row.startMs, key: row.key };
      }
      assert.deepEqual(paged, expected);
    }
  });

  test('each kind has its own wake-ups', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    await owner.commit(
      insertRun(runRow(1, { wakeAtMs: 10 })),
      insertRun(runRow(2, { wakeAtMs: 5, kind: SCHEDULE })),
      insertRun(runRow(3, { wakeAtMs: 7, kind: SCHEDULE })),
    );
    assert.deepEqual(keysOf(await store.dueRuns(1, WORKFLOW_RUN, 99, undefined, 9)), [1]);
    assert.deepEqual(keysOf(await store.dueRuns(1, SCHEDULE, 99, undefined, 9)), [2, 3]);
    assert.deepEqual(keysOf(await store.dueRuns(1, SCHEDULE, 99, { wakeAtMs: 5, key: 2 }, 9)), [3]);
    assert.deepEqual(keysOf(await store.dueRuns(1, BATCH_OPERATION, 99, undefined, 9)), []);
    assert.equal(await store.nextWakeAt(1, WORKFLOW_RUN, 0), 10);
    assert.equal(await store.nextWakeAt(1, SCHEDULE, 0), 5);
    await owner.commit(closeRun(2, 50));
    assert.equal(await store.nextWakeAt(1, SCHEDULE, 0), 7);
  });
}
