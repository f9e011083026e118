import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquire, append, insertRun, runRow } from '../conformance/fixtures.ts';
import { registerConformance } from '../conformance/index.ts';
import { createMemoryStore } from './store.ts';

registerConformance('memory', async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  return store;
});

test('a slice of a large buffer is kept without the buffer', async () => {
  const store = createMemoryStore();
  const owner = await acquire(store);
  const chunk = Buffer.alloc(100_000, 'a');
  await owner.commit(insertRun(runRow(1)), append(1, { seq: 1, publicBytes: chunk.subarray(10, 20) }));
  const [row] = await store.readJournal(1);
  assert.equal(row?.publicBytes.length, 10);
  assert.equal(row?.publicBytes.buffer.byteLength, 10);
});
