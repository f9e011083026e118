// Lists and counts: order, filters, and paging while rows change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Filter, FilterField } from '@perdure/core/visibility';
import type { RunListCursor, RunListQuery, RunRow, Store } from '../contract.ts';
import { listCursor } from '../fields.ts';
import { attribute, encodeAttributes } from './filters.ts';
import { acquire, and, append, closedRow, closeRun, insertRun, is, isStatus, keysOf, runRow } from './fixtures.ts';
import type { OpenForTest } from './index.ts';

export function registerLists(open: OpenForTest): void {
  registerAttributes(open);

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

function registerAttributes(open: OpenForTest): void {
  const has = (name: string, type: 'keyword' | 'text' | 'keywordList', value: string): Filter => {
    return { op: 'compare', field: { kind: 'attribute', name, type }, comparison: '=', value };
  };
  const city = (value: string): Filter => has('Keyword01', 'keyword', value);

  test('a run is found by a search attribute at once, wherever it is set, and no longer when it is not', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const attributes = (name: string) => encodeAttributes(attribute('Keyword01', 'Keyword', name));
    const expectFound = async (value: string, keys: number[]): Promise<void> => {
      const query = { namespaceId: 'ns-1', filter: city(value) };
      assert.deepEqual(keysOf(await store.listRuns({ ...query, limit: 9 })), keys, value);
      assert.equal((await store.countRuns(query)).count, keys.length, value);
    };
    await owner.commit(
      insertRun(runRow(1, { searchAttributes: attributes('Rome') })),
      insertRun(runRow(2, { searchAttributes: attributes('Rome') })),
      insertRun(runRow(3)),
      insertRun(runRow(4, { namespaceId: 'ns-2', searchAttributes: attributes('Rome') })),
    );
    await expectFound('Rome', [2, 1]);
    await owner.commit(closeRun(2, 50));
    await expectFound('Rome', [1, 2]);
    await owner.commit({ kind: 'updateRun', run: 1, searchAttributes: attributes('Oslo') });
    await expectFound('Rome', [2]);
    await expectFound('Oslo', [1]);
    await owner.commit(
      { kind: 'updateRun', run: 3, searchAttributes: attributes('Oslo') },
      { kind: 'updateRun', run: 1, searchAttributes: new Uint8Array(0) },
    );
    await expectFound('Oslo', [3]);
    await assert.rejects(owner.commit({ kind: 'deleteRun', run: 2 }, append(2, { seq: 1 })));
    await expectFound('Rome', [2]);
    await owner.commit({ kind: 'deleteRun', run: 2 }, { kind: 'deleteRun', run: 3 });
    await expectFound('Rome', []);
    await expectFound('Oslo', []);
  });

  test('numbers that are equal are one value, however they are written', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const searchAttributes = encodeAttributes(attribute('Int01', 'Int', 2n ** 53n));
    await owner.commit(insertRun(runRow(1, { searchAttributes })));
    const field = { kind: 'attribute', name: 'Int01', type: 'int' } as const;
    const filter: Filter = { op: 'in', field, values: [2n ** 53n, 2 ** 53, 2n ** 53n + 1n] };
    assert.equal((await store.countRuns({ namespaceId: 'ns-1', filter })).count, 1);
  });

  test('very many values may be asked for at once', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const rome = encodeAttributes(attribute('Keyword01', 'Keyword', 'Rome'));
    await owner.commit(insertRun(runRow(1, { searchAttributes: rome })), insertRun(runRow(2)));
    const filter = and(...Array.from({ length: 100 }, () => city('Rome')));
    assert.deepEqual(keysOf(await store.listRuns({ namespaceId: 'ns-1', filter, limit: 9 })), [1]);
    assert.equal((await store.countRuns({ namespaceId: 'ns-1', filter })).count, 1);
  });

  test('of many groups the largest are counted, and the whole', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const names = ['a', 'b', 'b', 'c', 'c', 'd', 'd', 'd'];
    const rows = names.map((name, i) =>
      runRow(i + 1, {
        workflowId: name,
        taskQueue: name,
        searchAttributes: encodeAttributes(attribute('Keyword01', 'Keyword', name)),
      }),
    );
    await owner.commit(...rows.map(insertRun), insertRun(closedRow(20, 5, { workflowId: 'a', taskQueue: 'a' })));
    await owner.commit(closeRun(3, 9), closeRun(8, 9));
    const groupsOf = async (groupBy: FilterField, groupsMax: number, filter?: Filter): Promise<unknown[]> => {
      const query = { namespaceId: 'ns-1', groupBy, groupsMax, ...(filter && { filter }) };
      const { count, groups } = await store.countRuns(query);
      return [count, ...groups.map(({ value, count: size }) => `${String(value)} ${size}`)];
    };
    const keyword: FilterField = { kind: 'attribute', name: 'Keyword01', type: 'keyword' };
    const workflowId: FilterField = { kind: 'column', column: 'workflowId', type: 'keyword' };
    const taskQueue: FilterField = { kind: 'column', column: 'taskQueue', type: 'keyword' };
    for (const field of [workflowId, taskQueue]) {
      assert.deepEqual(await groupsOf(field, 9), [9, 'a 2', 'b 2', 'c 2', 'd 3']);
      assert.deepEqual(await groupsOf(field, 2), [9, 'a 2', 'd 3']);
    }
    assert.deepEqual(await groupsOf(keyword, 9), [9, 'a 1', 'b 2', 'c 2', 'd 3', 'undefined 1']);
    assert.deepEqual(await groupsOf(keyword, 4), [9, 'a 1', 'b 2', 'c 2', 'd 3']);
    assert.deepEqual(await groupsOf(keyword, 1, isStatus(1)), [6, 'c 2']);
    assert.deepEqual(await groupsOf({ ...keyword, name: 'Keyword02' }, 1), [9, 'undefined 9']);
  });

  test('a list of heavy rows may end early, but never at the last one of those that are light enough', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const memo = new Uint8Array(1000);
    await owner.commit(...[1, 2, 3, 4, 5, 6].map((key) => insertRun(runRow(key, { memo }))));
    await owner.commit(closeRun(1, 7), closeRun(2, 7), closeRun(3, 7));
    const startTime: FilterField = { kind: 'column', column: 'startTime', type: 'datetime' };
    for (const orderBy of [undefined, [{ field: startTime, descending: true }]]) {
      for (const [bytesMax, atLeast] of [
        [0, 1],
        [1, 2],
        [1000, 2],
        [1001, 3],
        [3500, 5],
        [9999, 6],
      ] as const) {
        const rows = await store.listRuns({ namespaceId: 'ns-1', limit: 9, bytesMax, ...(orderBy && { orderBy }) });
        assert.deepEqual(keysOf(rows), [6, 5, 4, 3, 2, 1].slice(0, rows.length));
        assert.ok(rows.length >= atLeast, `${rows.length} of ${bytesMax}`);
        if (store.kind === 'sqlite') assert.equal(rows.length, atLeast);
        assert.equal(rows[0]?.memo.length, 1000);
      }
    }
  });

  test('a list is found by each of its items, and a text by each of its words', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const searchAttributes = encodeAttributes(
      attribute('KeywordList01', 'KeywordList', ['red', 'green', 'red']),
      attribute('Text01', 'Text', 'Ship the Order, then ship again'),
    );
    await owner.commit(insertRun(runRow(1, { searchAttributes })), insertRun(runRow(2)));
    const cases: [Filter, number[]][] = [
      [has('KeywordList01', 'keywordList', 'green'), [1]],
      [has('KeywordList01', 'keywordList', 'blue'), []],
      [{ op: 'not', of: has('KeywordList01', 'keywordList', 'blue') }, [2, 1]],
      [has('Text01', 'text', 'ORDER'), [1]],
      [has('Text01', 'text', 'nothing but ship'), [1]],
      [has('Text01', 'text', 'shipping'), []],
      [has('Text01', 'keyword', 'ship'), []],
    ];
    for (const [filter, expected] of cases) {
      const query = { namespaceId: 'ns-1', filter };
      assert.deepEqual(keysOf(await store.listRuns({ ...query, limit: 9 })), expected, JSON.stringify(filter));
      assert.equal((await store.countRuns(query)).count, expected.length, JSON.stringify(filter));
    }
  });

  test('an order by a field has rows without a value last, or first if it descends; ties in the list order', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const ranks = [3, undefined, 1, 3, undefined];
    await owner.commit(
      ...ranks.map((rank, i) => {
        const searchAttributes =
          rank === undefined ? {} : { searchAttributes: encodeAttributes(attribute('Int01', 'Int', rank)) };
        return insertRun(runRow(i + 1, searchAttributes));
      }),
      closeRun(4, 50),
    );
    const field = { kind: 'attribute', name: 'Int01', type: 'int' } as const;
    for (const limit of [1, 2, 9]) {
      const query = (descending: boolean) => ({ namespaceId: 'ns-1', orderBy: [{ field, descending }], limit });
      assert.deepEqual(keysOf(await pages(store, query(false))), [3, 1, 4, 5, 2]);
      assert.deepEqual(keysOf(await pages(store, query(true))), [5, 2, 1, 4, 3]);
    }
  });

  test('counts come in groups by value, with those that have none at the end', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const flag = (value: boolean) => ({ searchAttributes: encodeAttributes(attribute('Bool01', 'Bool', value)) });
    await owner.commit(
      insertRun(runRow(1, flag(true))),
      insertRun(closedRow(2, 5, flag(false))),
      insertRun(closedRow(3, 5, flag(true))),
      insertRun(runRow(4, { workflowType: 'Other' })),
    );
    const countBy = (groupBy: FilterField) => store.countRuns({ namespaceId: 'ns-1', groupBy });
    assert.deepEqual(await countBy({ kind: 'attribute', name: 'Bool01', type: 'bool' }), {
      count: 4,
      groups: [
        { value: false, count: 1 },
        { value: true, count: 2 },
        { value: undefined, count: 1 },
      ],
    });
    const byStatus = { kind: 'column', column: 'status', type: 'int' } as const;
    const statuses = async () => (await countBy(byStatus)).groups.map(({ value, count }) => [value, count]);
    assert.deepEqual(await statuses(), [
      [1, 2],
      [2, 2],
    ]);
    await owner.commit(closeRun(4, 9, 3), { kind: 'updateRun', run: 1, status: 8 }, { kind: 'deleteRun', run: 2 });
    assert.deepEqual(await statuses(), [
      [2, 1],
      [3, 1],
      [8, 1],
    ]);
    await assert.rejects(owner.commit(closeRun(1, 9), append(99, { seq: 1 })));
    assert.equal((await statuses()).length, 3);
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
