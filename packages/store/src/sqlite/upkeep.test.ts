import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquire, closedRow, findRun, insertRun } from '../conformance/fixtures.ts';
import { openTemporary } from './testing/temporary.ts';

const RUNS = 500;
const LISTS = 50;

test('a look-up does not wait for lists for the upkeep', async (t) => {
  const store = await openTemporary(t);
  await store.startReaders();
  const owner = await acquire(store);
  const rows = Array.from({ length: RUNS }, (_, i) => closedRow(i + 1, i));
  await owner.commit(...rows.map(insertRun));
  const { namespaceId } = closedRow(1, 1);
  const order: string[] = [];
  const lists = Array.from({ length: LISTS }, async () => {
    const listed = await store.listRuns({ namespaceId, limit: RUNS, upkeep: true });
    assert.equal(listed.length, RUNS);
    order.push('list');
  });
  const found = await findRun(store, closedRow(RUNS, RUNS - 1));
  order.push('look-up');
  await Promise.all(lists);
  assert.equal(found?.key, RUNS);
  assert.equal(order.at(-1), 'list');
  assert.equal(order.length, LISTS + 1);
});
