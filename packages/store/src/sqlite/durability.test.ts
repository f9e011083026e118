import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { Filter } from '@perdure/core/visibility';
import { acquire, append, bytes, findRun, insertRun, putNamespace, runRow } from '../conformance/fixtures.ts';
import type { Store } from '../contract.ts';
import { childCommand, openFor, start, temporaryDirectory } from './testing/temporary.ts';

test('everything is there after closing and opening again, and the epoch goes on rising', async (t) => {
  const filename = join(await temporaryDirectory(t), 'perdure.db');
  const store = await openFor(t, { filename });
  const owner = await acquire(store);
  const row = runRow(1, { wakeAtMs: 50, memo: bytes('m') });
  // Not awaited: closing finishes what is under way.
  const underWay = owner.commit(insertRun(row), append(1, { seq: 1 }), putNamespace('ns-1', 'default'));
  await store.close();
  await underWay;

  const reopened = await openFor(t, { filename, synchronous: 'normal' });
  assert.deepEqual(await findRun(reopened, row), row);
  assert.equal((await reopened.readJournal(1)).length, 1);
  assert.deepEqual(await reopened.namespaces(), [{ id: 'ns-1', name: 'default', data: bytes('data') }]);
  assert.ok((await reopened.sizeBytes()) > 4096);
  const again = await acquire(reopened);
  assert.ok(again.epoch > owner.epoch);
  await assert.rejects(reopened.commit(owner.commitOf()), { name: 'FencedError' });
  await again.commit(append(1, { seq: 2 }), insertRun(runRow(2)));
  assert.equal((await findRun(reopened, runRow(2)))?.namespaceId, 'ns-1');
  await reopened.close();
});

/** Every commit is there as a whole or not at all. Returns the number of the last. */
async function assertWholeCommits(store: Store): Promise<number> {
  const last = await store.maxRunKey();
  const shared = await store.readJournal(1);
  assert.deepEqual(
    shared.map((row) => Buffer.from(row.publicBytes).toString()),
    Array.from({ length: last - 1 }, (_, i) => `${i + 2}`),
  );
  for (let key = 2; key <= last; key++) {
    const rows = await store.readJournal(key);
    assert.deepEqual(
      rows.map((row) => row.seq),
      [1, 2, 3],
    );
    for (const row of rows) assert.deepEqual(Buffer.from(row.publicBytes), Buffer.alloc(5000, key));
  }
  // The kept counts agree with the rows.
  const started: Filter = {
    op: 'compare',
    field: { kind: 'column', column: 'startTime', type: 'datetime' },
    comparison: '>',
    value: 0,
  };
  for (const filter of [undefined, started]) {
    const { count } = await store.countRuns({ namespaceId: 'ns-1', ...(filter && { filter }) });
    assert.equal(count, last);
  }
  return last;
}

test('after kill -9 in the middle of commits, what was acknowledged is there, once, and commits are whole', async (t) => {
  const filename = join(await temporaryDirectory(t), 'perdure.db');
  let last = 1;
  for (const acknowledgements of [1, 40, 7, 150, 23]) {
    const child = start(childCommand('committer.ts', filename));
    const closed = once(child, 'close');
    let acknowledged = 0;
    let count = 0;
    child.stderr?.pipe(process.stderr);
    for await (const line of createInterface({ input: child.stdout! })) {
      acknowledged = Math.max(acknowledged, Number(line));
      if (++count === acknowledgements) child.kill('SIGKILL');
    }
    await closed;
    assert.ok(count >= acknowledgements, 'the child ended before it was killed');
    // At once: the lock has died with the process.
    const store = await openFor(t, { filename });
    const found = await assertWholeCommits(store);
    assert.ok(found >= acknowledged, `commit ${acknowledged} was acknowledged, the last one found is ${found}`);
    assert.ok(found > last);
    last = found;
    await store.close();
  }
});
