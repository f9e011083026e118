// Every operator over arbitrary values: what SQLite finds is what the core's plain code finds, which the memory store asks.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, after as cleanUp, describe, test } from 'node:test';
import type { Filter } from '@perdure/core/visibility';
import fc from 'fast-check';
import { filter, groupBy, order, searchAttributes } from '../conformance/filters.ts';
import { acquire, closeRun, insertRun, keysOf, runRow } from '../conformance/fixtures.ts';
import type { RunListCursor, RunListQuery, RunRow, Store, Write } from '../contract.ts';
import { listCursor } from '../fields.ts';
import { createMemoryStore } from '../memory/store.ts';
import { decodeFoundRun } from './codec/rows.ts';
import { openSqliteStore } from './open.ts';
import { Lists } from './worker/lists.ts';
import { Planner } from './worker/plan.ts';
import { Statements } from './worker/prepared.ts';

const rowCount = 120;
const namespaceId = 'ns-1';

const row = fc.record({
  workflowId: fc.constantFrom('', 'a', 'a%', 'w-1', 'w-ß', "o'x", '\u{1F600}x', '\uFFFDx'),
  workflowType: fc.constantFrom('Order', 'a', 'A'),
  taskQueue: fc.constantFrom('a', 'ab'),
  status: fc.constantFrom(1, 2, 3, 8),
  startMs: fc.integer({ min: 0, max: 20 }),
  executionMs: fc.integer({ min: 0, max: 20 }),
  closeMs: fc.integer({ min: 0, max: 20 }),
  historyLength: fc.integer({ min: 0, max: 20 }),
  parentWorkflowId: fc.constantFrom('', 'w-1'),
  rootWorkflowId: fc.constantFrom('a', 'w-1'),
  searchAttributes,
});

/** The same in every run of the test; some rows change after they were written. */
function history(): Write[] {
  const rows = fc.sample(row, { numRuns: rowCount, seed: 1 }).map((fields, i): RunRow => {
    const isOpen = fields.status === 1 || fields.status === 8;
    return runRow(i + 1, { ...fields, closeMs: isOpen ? undefined : fields.closeMs });
  });
  const updates = fc.sample(searchAttributes, { numRuns: rowCount, seed: 2 }).flatMap((changed, i): Write[] => {
    const key = i + 1;
    if (i % 5 === 0) return [{ kind: 'updateRun', run: key, searchAttributes: changed }];
    if (i % 7 === 0 && rows[i]?.closeMs === undefined) return [closeRun(key, i % 20)];
    return i % 11 === 0 ? [{ kind: 'deleteRun', run: key }] : [];
  });
  return [...rows.map(insertRun), ...updates];
}

describe('filters of arbitrary values', () => {
  const memory = createMemoryStore();
  let sqlite: Store;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'perdure-filters-'));
    sqlite = await openSqliteStore({ filename: join(directory, 'perdure.db'), synchronous: 'normal' });
    for (const store of [memory, sqlite]) await (await acquire(store)).commit(...history());
  });

  cleanUp(async () => {
    await sqlite.close();
    await rm(directory, { recursive: true });
  });

  const options = { numRuns: 400, interruptAfterTimeLimit: 30_000 };

  test('find the same rows in the same order, page by page', async () => {
    const orderBy = fc.option(order, { nil: undefined });
    const limit = fc.constantFrom(1, 3, 50);
    await fc.assert(
      fc.asyncProperty(filter, orderBy, limit, async (asked, ordered, pageSize) => {
        const query = { namespaceId, filter: asked, limit: pageSize, ...(ordered && { orderBy: ordered }) };
        assert.deepEqual(await firstPages(sqlite, query), await firstPages(memory, query));
      }),
      options,
    );
  });

  test('count the same, in groups as well', async () => {
    await fc.assert(
      fc.asyncProperty(filter, groupBy, async (asked, field) => {
        for (const query of [
          { namespaceId, filter: asked, groupBy: field },
          { namespaceId, filter: asked },
          { namespaceId, groupBy: field },
        ]) {
          assert.deepEqual(await sqlite.countRuns(query), await memory.countRuns(query));
        }
      }),
      options,
    );
  });

  test('find the same rows by every way that leads to them', async () => {
    const db = new DatabaseSync(join(directory, 'perdure.db'), { readOnly: true });
    const statements = new Statements(db);
    const orderBy = fc.option(order, { nil: undefined, freq: 3 });
    try {
      for (const fewMax of [0, 5]) {
        const lists = new Lists(statements, new Planner(statements, fewMax));
        const property = fc.asyncProperty(
          filter,
          orderBy,
          fc.constantFrom(1, 4, 200),
          async (asked, ordered, limit) => {
            const query = { namespaceId, filter: asked, limit, ...(ordered && { orderBy: ordered }) };
            const expected = await memory.listRuns(query);
            assert.deepEqual(keysOf(lists.list(query).map(decodeFoundRun)), keysOf(expected));
            const after = expected[0] && { after: listCursor(expected[0], ordered) };
            const rest = keysOf(await memory.listRuns({ ...query, ...after }));
            assert.deepEqual(keysOf(lists.list({ ...query, ...after }).map(decodeFoundRun)), rest);
            const counted = lists.count(query).reduce((sum, [, count]) => sum + Number(count), 0);
            assert.equal(counted, (await memory.countRuns(query)).count);
          },
        );
        await fc.assert(property, options);
      }
    } finally {
      db.close();
    }
  });

  test('may be nested a hundred deep and have a thousand conditions', async () => {
    const one = (value: number, type: 'attribute' | 'column'): Filter => ({
      op: 'compare',
      comparison: '!=',
      value,
      field:
        type === 'column'
          ? { kind: 'column', column: 'startTime', type: 'datetime' }
          : { kind: 'attribute', name: 'Int01', type: 'int' },
    });
    let deep = one(5, 'column');
    for (let i = 0; i < 100; i++)
      deep = { op: 'not', of: { op: i % 2 === 0 ? 'and' : 'or', of: [deep, one(i, 'attribute')] } };
    const wide = (op: 'and' | 'or'): Filter => ({
      op,
      of: Array.from({ length: 1000 }, (_, i) => one(i + 3, i % 2 === 0 ? 'column' : 'attribute')),
    });
    for (const asked of [deep, wide('and'), wide('or'), { op: 'not', of: wide('and') } as const]) {
      const query = { namespaceId, filter: asked, limit: 1000 };
      assert.deepEqual(keysOf(await sqlite.listRuns(query)), keysOf(await memory.listRuns(query)));
    }
  });
});

async function firstPages(store: Store, query: RunListQuery): Promise<number[]> {
  const found: number[] = [];
  let after: RunListCursor | undefined;
  for (let page = 0; page < 5; page++) {
    const rows = await store.listRuns({ ...query, ...(after && { after }) });
    found.push(...keysOf(rows));
    const last = rows.at(-1);
    if (last === undefined || rows.length < query.limit) break;
    after = listCursor(last, query.orderBy);
  }
  return found;
}
