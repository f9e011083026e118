// A query looks at the clock while it walks rows, however it walks them, and stops there when its time is over.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Filter, FilterField, Order } from '@perdure/core/visibility';
import { attribute, encodeAttributes } from '../conformance/filters.ts';
import { acquire, closedRow, insertRun } from '../conformance/fixtures.ts';
import type { RunCountQuery, RunListQuery } from '../contract.ts';
import { QueryTimeoutError } from '../contract.ts';
import { TimeLimit } from '../time_limit.ts';
import type { SqliteStore } from './store.ts';
import { openFor, temporaryDirectory } from './testing/temporary.ts';
import { Lists } from './worker/lists.ts';
import { Planner } from './worker/plan.ts';
import { Statements } from './worker/prepared.ts';

const namespaceId = 'ns-1';
const rowCount = 1000;
const city: FilterField = { kind: 'attribute', name: 'Keyword01', type: 'keyword' };
const column = (name: 'historyLength' | 'executionTime'): FilterField => ({
  kind: 'column',
  column: name,
  type: 'int',
});
const workflowId: FilterField = { kind: 'column', column: 'workflowId', type: 'keyword' };
/** Nothing has it: all has to be looked at. */
const nowhere: Filter = { op: 'contains', field: city, text: 'nowhere' };
const never: Filter = { op: 'compare', field: column('historyLength'), comparison: '>', value: 1e6 };
const inPlaces: Filter = { op: 'compare', field: city, comparison: '>=', value: 'place' };
const ascending = (field: FilterField): Order => [{ field, descending: false }];

async function manyRuns(t: TestContext): Promise<{ readonly store: SqliteStore; readonly filename: string }> {
  const filename = join(await temporaryDirectory(t), 'perdure.db');
  const store = await openFor(t, { filename, synchronous: 'normal' });
  const rows = Array.from({ length: rowCount }, (_, i) => {
    const searchAttributes = encodeAttributes(attribute('Keyword01', 'Keyword', `place-${i}`));
    return closedRow(i + 1, i, { searchAttributes });
  });
  await (await acquire(store)).commit(...rows.map(insertRun));
  return { store, filename };
}

const lists: readonly Partial<RunListQuery>[] = [
  { filter: nowhere },
  { filter: never },
  { filter: { op: 'and', of: [inPlaces, never] } },
  { filter: { op: 'contains', field: workflowId, text: 'nothing' } },
  { orderBy: ascending(column('executionTime')) },
  { orderBy: ascending(city), filter: nowhere },
];
const counts: readonly Partial<RunCountQuery>[] = [
  { filter: nowhere },
  { filter: never },
  { filter: { op: 'and', of: [inPlaces, never] } },
  { groupBy: workflowId },
  { groupBy: city, filter: never },
];

test('it stops in the middle of its rows, neither too early nor too late, and the next one is answered', async (t) => {
  const { filename } = await manyRuns(t);
  const db = new DatabaseSync(filename, { readOnly: true });
  t.after(() => db.close());
  for (const fewMax of [0, 10_000]) {
    const statements = new Statements(db);
    const read = new Lists(statements, new Planner(statements, fewMax));
    const asked = [
      ...lists.map((query) => (limit: TimeLimit) => read.list({ namespaceId, limit: 5, ...query }, limit)),
      ...counts.map((query) => (limit: TimeLimit) => read.count({ namespaceId, ...query }, limit)),
    ];
    for (const [i, ask] of asked.entries()) {
      const [looks, expected] = looked((nowMs) => ask(new TimeLimit(Infinity, nowMs)));
      assert.ok(looks >= 5, `query ${i} looked at the clock ${looks} times`);
      const [, answer] = looked((nowMs) => ask(new TimeLimit(looks, nowMs)));
      assert.deepEqual(answer, expected);
      assert.throws(() => looked((nowMs) => ask(new TimeLimit(looks - 1, nowMs))), QueryTimeoutError, `query ${i}`);
    }
  }
});

test('where each row takes long, it looks at the clock more often', async (t) => {
  const { filename } = await manyRuns(t);
  const db = new DatabaseSync(filename, { readOnly: true });
  t.after(() => db.close());
  const read = new Lists(new Statements(db));
  const [looks] = looked((nowMs) => read.count({ namespaceId, filter: nowhere }, new TimeLimit(Infinity, nowMs)));
  assert.ok(looks > rowCount / 20, `${looks} times`);
});

/** How often a clock is looked at that goes on by a millisecond each time. */
function looked<T>(ask: (nowMs: () => number) => T): [number, T] {
  let looks = 0;
  const answer = ask(() => ++looks);
  return [looks, answer];
}

test('one that waits for a thread is refused when its time is over, and the thread goes on', async (t) => {
  const { store } = await manyRuns(t);
  await store.startReaders();
  const heavy: Filter = { op: 'and', of: Array.from({ length: 2000 }, (): Filter => ({ op: 'not', of: nowhere })) };
  const inTime = { namespaceId, limit: 5 };
  // The first would take seconds, so it is under way for as long as it may be.
  const outcomes = await Promise.allSettled([
    store.listRuns({ ...inTime, filter: { op: 'and', of: [heavy, nowhere] }, timeoutMs: 100 }),
    store.listRuns({ ...inTime, timeoutMs: 50 }),
    store.countRuns({ namespaceId, timeoutMs: 50 }),
  ]);
  for (const outcome of outcomes) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof QueryTimeoutError);
  }
  assert.equal((await store.listRuns({ ...inTime, timeoutMs: 60_000 })).length, 5);
});

test('what SQLite hands to the functions of conditions is small, since it is kept while it walks', async (t) => {
  const { filename } = await manyRuns(t);
  const db = new DatabaseSync(filename, { readOnly: true });
  t.after(() => db.close());
  const texts: string[] = [];
  const statements = new (class extends Statements {
    override prepare(text: string) {
      texts.push(text);
      return super.prepare(text);
    }
  })(db);
  new Lists(statements).list({ namespaceId, limit: 5, filter: nowhere, orderBy: ascending(city) });
  const calls = texts.flatMap((text) => text.match(/attribute_(?:condition|value)\([^)]*\)/g) ?? []);
  assert.ok(calls.length > 0 && calls.every((call) => /^\w+\(\d+, key\)$/.test(call)), calls.join());
});
