import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { acquire, append, insertRun, runRow } from '../conformance/fixtures.ts';
import { openFor, temporaryDirectory } from './testing/temporary.ts';

test('the log does not grow with what is written, even when commits never pause', async (t) => {
  const filename = join(await temporaryDirectory(t), 'perdure.db');
  const store = await openFor(t, { filename });
  await store.startReaders();
  const owner = await acquire(store);
  await owner.commit(insertRun(runRow(1)));
  const count = 3000;
  let seq = 0;
  const commitAll = async (): Promise<void> => {
    while (seq < count) await owner.commit(append(1, { seq: ++seq, publicBytes: Buffer.alloc(20_000, seq) }));
  };
  await Promise.all([commitAll(), commitAll(), commitAll()]);
  const { size } = await stat(`${filename}-wal`);
  assert.ok(size < 50_000_000, `60 MB were written, and the log has ${size} bytes`);
  assert.equal((await store.readHistory({ run: 1, fromEventId: count, toEventId: count + 1, maxBytes: 0 })).length, 1);
});
