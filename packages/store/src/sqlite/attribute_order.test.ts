// ORDER BY a search attribute or a column: walks through indexes and values find what sorting finds, which the memory store does.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Filter, FilterField, Order } from '@perdure/core/visibility';
import fc from 'fast-check';
import { attribute, encodeAttributes } from '../conformance/filters.ts';
import { acquire, closeRun, insertRun, is, isStatus, keysOf, runRow } from '../conformance/fixtures.ts';
import type { RunListCursor, RunListQuery, RunRow, Write } from '../contract.ts';
import { listCursor } from '../fields.ts';
import { createMemoryStore } from '../memory/store.ts';
import { decodeFoundRun } from './codec/rows.ts';
import type { Value } from './codec/values.ts';
import { openFor, temporaryDirectory } from './testing/temporary.ts';
import { walked } from './worker/attribute_walk.ts';
import type { Bound } from './worker/filter_sql.ts';
import { Lists } from './worker/lists.ts';
import type { AttributeField } from './worker/plan.ts';
import { Planner } from './worker/plan.ts';
import { Statements } from './worker/prepared.ts';

const namespaceId = 'ns-1';
const rowCount = 90;
const keyword: AttributeField = { kind: 'attribute', name: 'Keyword01', type: 'keyword' };
const int: AttributeField = { kind: 'attribute', name: 'Int01', type: 'int' };
const bool: AttributeField = { kind: 'attribute', name: 'Bool01', type: 'bool' };
const double: AttributeField = { kind: 'attribute', name: 'Double01', type: 'double' };
const everyones: AttributeField = { kind: 'attribute', name: 'Keyword02', type: 'keyword' };
const nobodys: AttributeField = { kind: 'attribute', name: 'Keyword03', type: 'keyword' };
const columns = (['startTime', 'closeTime'] as const).map((column): FilterField => {
  return { kind: 'column', column, type: 'datetime' };
});
/** What is read by an index in their order, or one value after the other. */
const ordered = (['workflowId', 'workflowType', 'taskQueue', 'status'] as const).map((column): FilterField => {
  return { kind: 'column', column, type: 'keyword' };
});
const historyLength: FilterField = { kind: 'column', column: 'historyLength', type: 'int' };

/** Few values, so that many runs have the same; some that are too large for a number; some runs without. */
const values = fc.record({
  Keyword01: fc.constantFrom(undefined, 'a', 'a', 'a', 'b', 'ß'),
  Int01: fc.constantFrom(undefined, 1, 2, 2n ** 63n - 1n, 2n ** 63n - 2n, -(2n ** 53n) - 1n),
  Bool01: fc.constantFrom(undefined, true, false),
  Double01: fc.constantFrom(undefined, 0, -0, 1.5),
});
const row = fc.record({
  workflowType: fc.constantFrom('Order', 'Refund', 'Refund'),
  status: fc.constantFrom(1, 2, 2, 3),
  startMs: fc.nat(3),
  closeMs: fc.nat(3),
  values,
});

function history(): Write[] {
  const rows = fc
    .sample(row, { numRuns: rowCount, seed: 5 })
    .map(({ values: given, closeMs, ...fields }, i): RunRow => {
      const all = { ...given, Keyword02: `customer-${i}` };
      const encoded = Object.entries(all).flatMap(([name, value]) => {
        return value === undefined ? [] : [attribute(name, name.slice(0, -2), value)];
      });
      const closed = fields.status === 1 ? undefined : closeMs;
      return runRow(i + 1, { ...fields, closeMs: closed, searchAttributes: encodeAttributes(...encoded) });
    });
  const firstOpen = rows.find(({ status }) => status === 1)?.key ?? 0;
  return [...rows.map(insertRun), closeRun(firstOpen, 2)];
}

async function bothStores(t: TestContext) {
  const filename = join(await temporaryDirectory(t), 'perdure.db');
  const sqlite = await openFor(t, { filename, synchronous: 'normal' });
  const memory = createMemoryStore();
  for (const store of [memory, sqlite]) await (await acquire(store)).commit(...history());
  const db = new DatabaseSync(filename, { readOnly: true });
  t.after(() => db.close());
  return { memory, db };
}

const fields = [keyword, int, bool, double, everyones, nobodys];
const directed = (field: fc.Arbitrary<FilterField>) => fc.record({ field, descending: fc.boolean() });
const orderBy = fc
  .tuple(
    directed(fc.constantFrom(...fields, ...columns, ...ordered)),
    fc.array(directed(fc.constantFrom(...fields, ...columns, ...ordered)), { maxLength: 2 }),
  )
  .map(([first, others]): NonNullable<Order> => [first].concat(others));
const longHistory: Filter = { op: 'compare', field: historyLength, comparison: '>', value: 1 };
const filters: readonly (Filter | undefined)[] = [
  undefined,
  is('workflowType', 'Refund'),
  isStatus(1),
  { op: 'and', of: [is('workflowType', 'Refund'), isStatus(2)] },
  longHistory,
  { op: 'compare', field: keyword, comparison: '=', value: 'a' },
  { op: 'compare', field: int, comparison: '!=', value: 1 },
  { op: 'isNull', field: bool },
  // More than are looked up in the index.
  { op: 'and', of: [isStatus(2), ...Array.from({ length: 30 }, () => longHistory)] },
];

test('all pages together are the whole list in its order', async (t) => {
  const { memory, db } = await bothStores(t);
  const statements = new Statements(db);
  for (const fewMax of [0, 10_000]) {
    const lists = new Lists(statements, new Planner(statements, fewMax));
    const property = fc.asyncProperty(
      orderBy,
      fc.constantFrom(...filters),
      fc.constantFrom(1, 2, 7, 30, 200),
      async (order, filter, limit) => {
        const query = { namespaceId, orderBy: order, limit, ...(filter && { filter }) };
        const expected = keysOf(await memory.listRuns({ ...query, limit: 1000 }));
        assert.deepEqual(pagesOf(lists, query), expected);
      },
    );
    await fc.assert(property, { numRuns: 150, interruptAfterTimeLimit: 30_000 });
  }
});

function pagesOf(lists: Lists, query: RunListQuery & { readonly orderBy: NonNullable<Order> }): number[] {
  const found: number[] = [];
  for (let after: RunListCursor | undefined; ; ) {
    const rows = lists.list({ ...query, ...(after && { after }) }).map(decodeFoundRun);
    found.push(...keysOf(rows));
    const last = rows.at(-1);
    if (last === undefined || rows.length < query.limit) return found;
    after = listCursor(last, query.orderBy);
  }
}

test('the attributes of the runs are not evaluated, whatever is asked of their type and status', async (t) => {
  const { db } = await bothStores(t);
  for (const filter of filters.slice(0, 4)) {
    for (const descending of [false, true]) {
      const texts: string[] = [];
      const statements = new (class extends Statements {
        override prepare(text: string) {
          texts.push(text);
          return super.prepare(text);
        }
      })(db);
      const order: Order = [{ field: everyones, descending }];
      new Lists(statements).list({ namespaceId, orderBy: order, limit: 5, ...(filter && { filter }) });
      assert.ok(!texts.some((text) => /attribute_(value|condition)/.test(text)), texts.join('\n'));
    }
  }
});

test('a list by start, id, type, task queue or state sorts no rows that it does not show', async (t) => {
  const { db } = await bothStores(t);
  const [startTime] = columns;
  let looked = 0;
  for (const field of [startTime, ...ordered].filter((each) => each !== undefined)) {
    for (const descending of [false, true]) {
      const plans: string[] = [];
      const statements = new (class extends Statements {
        override each(text: string, ...bound: readonly Bound[]) {
          const steps = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...bound);
          // Of the open runs there are few.
          if (!/close_ms IS NULL/.test(text)) plans.push(...steps.map(({ detail }) => String(detail)));
          return super.each(text, ...bound);
        }
      })(db);
      const order: Order = [{ field, descending }];
      new Lists(statements, new Planner(statements, 0)).list({ namespaceId, orderBy: order, limit: 5 });
      looked += plans.length;
      assert.ok(!plans.some((step) => /USE TEMP B-TREE FOR ORDER BY/.test(step)), plans.join('\n'));
    }
  }
  assert.ok(looked > 0);
});

test('a value comes out of the index with the type of its field', () => {
  const valueOf = (field: AttributeField, value: Value) =>
    walked([1, 2, 3, value], { field, descending: false }).values[0];
  assert.equal(valueOf(bool, 1), true);
  assert.equal(valueOf(bool, 0), false);
  assert.equal(valueOf(int, '9223372036854775807'), 2n ** 63n - 1n);
  assert.equal(valueOf(int, 7), 7);
  assert.equal(valueOf(keyword, '7'), '7');
});
