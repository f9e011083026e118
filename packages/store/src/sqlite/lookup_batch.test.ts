import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRow } from '../conformance/fixtures.ts';
import { LookupBatch } from './lookup_batch.ts';

test('look-ups of one turn of the event loop share a round trip, and each caller gets its part', async () => {
  const asked: (readonly (string | number)[])[] = [];
  const batch = new LookupBatch(async (lookups) => {
    asked.push(lookups);
    return lookups.flatMap((_, i) => (i % 4 === 3 ? [runRow(Number(lookups[i]))] : []));
  });
  const lookup = (key: number) => ({ namespaceId: 'ns', workflowId: 'w', runId: String(key) });
  // Callers in different microtasks of the same turn.
  const answers = await Promise.all([
    batch.add([lookup(1), lookup(2)]),
    Promise.resolve().then(() => batch.add([lookup(3)])),
    batch.add([]),
    Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => batch.add([lookup(4), lookup(5)])),
  ]);
  assert.deepEqual(
    answers.map((found) => found.map((row) => row?.key)),
    [[1, 2], [3], [], [4, 5]],
  );
  assert.equal(asked.length, 1);
  await batch.add([lookup(6)]);
  assert.deepEqual(asked[1], [0, 'ns', 'w', '6']);
});

test('when the round trip fails, every caller hears of it', async () => {
  const batch = new LookupBatch(() => Promise.reject(new Error('gone')));
  const outcomes = await Promise.allSettled([batch.add([runRow(1)]), batch.add([runRow(2)])]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
});
