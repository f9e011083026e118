// Lists and counts: order, filters, and paging while rows change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Filter } from '@perdure/core/visibility';
import type { RunListCursor, RunListQuery, RunRow, Store } from '../contract.ts';
import { listCursor } from '../fields.ts';
import { acquire, and, closedRow, closeRun, insertRun, is, isStatus, keysOf, runRow } from './fixtures.ts';
import type { OpenForTest } from './index.ts';

export function registerLists(open: OpenForTest): void {
  test('runs are listed open first, then by close time, start time and key, descending', async (t) => {
    const { list } = await listed(await open(t));
    assert.deepEqual(keysOf(await list()), [5, 2, 1, 8, 6, 7, 3, 4]);
  });

  test('filters narrow the list and the count alike', async (t) => {
    const { store, list } = await listed(await open(t));
    const cases: [Filter, number[]][] = [
      [isStatus(1), [5, 2, 1]],
      [isStatus(2), [8, 6, 7]],
      [isStatus(3), [3, 4]],
      [isStatus(7), []],
      [is('workflowType', 'Refund'), [5, 7]],
      [and(is('workflowType', 'Refund'), isStatus(2)), [7]],
      [is('workflowId', 'shared'), [2, 6]],
      [and(is('workflowId', 'shared'), isStatus(2)), [6]],
      [and(is('workflowId', 'shared'), is('workflowType', 'Refund')), []],
      [is('runId', 'run-6'), [6]],
      [and(is('runId', 'run-6'), is('workflowId', 'shared')), [6]],
      [and(is('runId', 'run-6'), is('workflowId', 'workflow-6')), []],
      [is('runId', 'run-9'), []],
    ];
    for (const [filter, expected] of cases) {
      assert.deepEqual(keysOf(await list(filter)), expected, JSON.stringify(filter));
      const { count } = await store.countRuns({ namespaceId: 'ns-1', filter });
      assert.equal(count, expected.length, JSON.stringify(filter));
    }
    assert.equal((await store.countRuns({ namespaceId: 'ns-1' })).count, 8);
    assert.deepEqual(keysOf(await store.listRuns({ namespaceId: 'ns-2', limit: 9 })), [9]);
    assert.deepEqual(keysOf(await store.listRuns({ namespaceId: 'ns-3', limit: 9 })), []);
  });

  test('pages of any size add up to the whole list, with and without a filter', async (t) => {
    const { store, list } = await listed(await open(t));
    const filters = [isStatus(2), isStatus(1), is('workflowType', 'Refund'), is('workflowId', 'shared')];
    for (const filter of [undefined, ...filters]) {
      const whole = keysOf(await list(filter));
      for (const limit of [1, 2, 3, 8]) {
        const query = { namespaceId: 'ns-1', limit, ...(filter && { filter }) };
        assert.deepEqual(keysOf(await pages(store, query)), whole, `${limit}`);
      }
    }
  });

  test('no run is missed, and no position seen twice, while runs start and close between pages', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    await owner.commit(...[1, 2, 3, 4, 5, 6].map((key) => insertRun(runRow(key))));
    await owner.commit(...[7, 8].map((key) => insertRun(closedRow(key, 100 + key))));
    const seen: number[] = [];
    let after: RunListCursor | undefined;
    for (let page = 0; ; page++) {
      const rows = await store.listRuns({ namespaceId: 'ns-1', limit: 2, ...(after && { after }) });
      if (rows.length === 0) break;
      seen.push(...keysOf(rows));
      after = listCursor(rows.at(-1) as RunRow);
      // Page 0 showed 6 and 5. Then 5, on which the cursor stands, and 2, which was not shown yet, close.
      if (page === 0) await owner.commit(closeRun(5, 300), closeRun(2, 200), insertRun(runRow(20)));
      // Page 1 showed 4 and 3. A run that was already shown closes when the closed ones are being shown.
      if (page === 2) await owner.commit(closeRun(6, 400));
    }
    assert.deepEqual(seen, [6, 5, 4, 3, 1, 5, 2, 8, 7]);
  });
}

async function listed(store: Store): Promise<{ store: Store; list: (filter?: Filter) => Promise<RunRow[]> }> {
  const owner = await acquire(store);
  await owner.commit(
    insertRun(runRow(1, { startMs: 10 })),
    insertRun(runRow(2, { startMs: 10, workflowId: 'shared' })),
    insertRun(closedRow(3, 500, { status: 3, startMs: 7 })),
    insertRun(runRow(4, { startMs: 400 })),
    insertRun(runRow(5, { startMs: 20, workflowType: 'Refund' })),
    insertRun(closedRow(6, 600, { startMs: 9, workflowId: 'shared' })),
    insertRun(closedRow(7, 600, { startMs: 8, workflowType: 'Refund' })),
    insertRun(closedRow(8, 600, { startMs: 9 })),
    insertRun(runRow(9, { namespaceId: 'ns-2' })),
  );
  await owner.commit(closeRun(4, 450, 3));
  return { store, list: (filter) => store.listRuns({ namespaceId: 'ns-1', limit: 100, ...(filter && { filter }) }) };
}

async function pages(store: Store, query: RunListQuery): Promise<RunRow[]> {
  const found: RunRow[] = [];
  for (let after: RunListCursor | undefined; ; ) {
    const rows = await store.listRuns({ ...query, ...(after && { after }) });
    found.push(...rows);
    const last = rows.at(-1);
    if (last === undefined) return found;
    after = listCursor(last, query.orderBy);
  }
}
