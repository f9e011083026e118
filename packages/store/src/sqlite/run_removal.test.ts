import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { acquire, append, closedRow, closeRun, findRun, historyRange, insertRun } from '../conformance/fixtures.ts';
import { EntityKind, type Store } from '../contract.ts';
import { openFor, temporaryDirectory } from './testing/temporary.ts';
import { RunRemoval } from './worker/run_removal.ts';

const LARGE = closedRow(1, 5, { wakeAtMs: 9 });
const SMALL = closedRow(2, 6);

/** What is really in the file. */
function countRows(filename: string): { readonly journal: number; readonly run: number } {
  const db = new DatabaseSync(filename, { readOnly: true });
  const count = (table: string) => Number(db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']);
  const counts = { journal: count('journal'), run: count('run') };
  db.close();
  return counts;
}

/** Resolves when only what is expected is left. */
async function untilLeft(store: Store, filename: string, expected: ReturnType<typeof countRows>): Promise<void> {
  for (;;) {
    const counts = countRows(filename);
    if (counts.journal === expected.journal && counts.run === expected.run) return;
    await store.nextWakeAt(1, EntityKind.WORKFLOW_RUN, 0);
  }
}

/** A store with a run of so many journal rows, of so many bytes each, and a small one. */
async function withLargeRun(t: TestContext, rows: number, bytes: number) {
  const filename = join(await temporaryDirectory(t), 'perdure.db');
  const store = await openFor(t, { filename });
  const owner = await acquire(store);
  await owner.commit(insertRun(LARGE), insertRun(SMALL), append(2, { seq: 1 }));
  const publicBytes = new Uint8Array(bytes);
  for (let seq = 1; seq <= rows; seq++) void owner.commit(append(1, { seq, publicBytes }));
  await owner.commit();
  return { filename, store, owner };
}

async function assertGone(store: Store): Promise<void> {
  assert.equal(await findRun(store, LARGE), undefined);
  assert.equal(await findRun(store, { ...LARGE, runId: '' }), undefined);
  assert.deepEqual(await store.readJournal(1), []);
  assert.deepEqual(await store.readHistory(historyRange(1)), []);
  assert.deepEqual(await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 100, undefined, 9), []);
  const listed = await store.listRuns({ namespaceId: LARGE.namespaceId, limit: 9 });
  assert.deepEqual(
    listed.map(({ key }) => key),
    [2],
  );
  assert.equal((await store.countRuns({ namespaceId: LARGE.namespaceId })).count, 1);
}

for (const [what, rows, bytes] of [
  ['many rows', 3000, 100],
  ['large rows', 40, 200_000],
] as const) {
  test(`a run with ${what} is gone at once, and its journal soon`, async (t) => {
    const { filename, store, owner } = await withLargeRun(t, rows, bytes);
    await owner.commit({ kind: 'deleteRun', run: 1 });
    await assertGone(store);
    const left = countRows(filename);
    assert.ok(left.journal > 1 && left.run === 2, 'it was not removed in one go');
    // Commits are served meanwhile; it is no run that anything could be done with.
    await owner.commit(append(2, { seq: 2 }));
    await assert.rejects(owner.commit(append(1, { seq: rows + 1 })), /does not follow/);
    await assert.rejects(owner.commit({ kind: 'updateRun', run: 1, wakeAtMs: 1 }), /no run 1/);
    await assert.rejects(owner.commit(closeRun(1, 9)), /no run 1/);
    await owner.commit({ kind: 'deleteRun', run: 1 });
    await untilLeft(store, filename, { journal: 2, run: 1 });
    await assertGone(store);
    assert.equal((await store.readJournal(2)).length, 2);
  });
}

test('the journal of a removed run that was left when the process ended goes after the next start', async (t) => {
  const { filename, store, owner } = await withLargeRun(t, 5000, 100);
  await owner.commit({ kind: 'deleteRun', run: 1 });
  await store.close();
  assert.ok(countRows(filename).journal > 1, 'it was not removed in one go');
  const next = await openFor(t, { filename });
  await assertGone(next);
  assert.equal(await next.maxRunKey(), 2);
  await untilLeft(next, filename, { journal: 1, run: 1 });
  await assertGone(next);
});

test('a removal that is taken back leaves the run as it was', async (t) => {
  const { filename, store, owner } = await withLargeRun(t, 1000, 100);
  await assert.rejects(owner.commit({ kind: 'deleteRun', run: 1 }, append(99, { seq: 1 })));
  assert.deepEqual(await findRun(store, LARGE), LARGE);
  assert.equal((await store.readJournal(1)).length, 1000);
  assert.deepEqual(countRows(filename), { journal: 1001, run: 2 });
});

test('a run of up to 500 rows and a mebibyte is removed in one go, a larger one is not', async (t) => {
  const cases = [
    [500, 10, true],
    [501, 10, false],
    [2, 2 ** 19 - 11, true],
    [2, 2 ** 19, false],
  ] as const;
  for (const [rows, bytes, atOnce] of cases) {
    const { filename, store } = await withLargeRun(t, rows, bytes);
    await store.close();
    const db = new DatabaseSync(filename);
    new RunRemoval(db).remove(1);
    db.close();
    assert.equal(countRows(filename).run === 1, atOnce, `${rows} rows of ${bytes} bytes`);
  }
});

test('what is removed in one go is bounded, and all of it goes', async (t) => {
  const { filename, store } = await withLargeRun(t, 1201, 1000);
  await store.close();
  const db = new DatabaseSync(filename);
  const removal = new RunRemoval(db);
  removal.remove(1);
  const left: number[] = [];
  while (removal.hasMore) {
    const bytes = removal.removePiece();
    assert.ok(bytes <= 2 ** 20);
    left.push(countRows(filename).journal - 1);
  }
  db.close();
  // The last row went with the removal, and the last look finds nothing.
  assert.deepEqual(left, [700, 200, 0, 0]);
});
