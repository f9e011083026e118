import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertEquivalent, operations } from '../conformance/equivalence.ts';
import { createMemoryStore } from '../memory/store.ts';
import { openSqliteStore } from './open.ts';
import { temporaryDirectory } from './testing/temporary.ts';

test('random operations get the same answers from both stores', async (t) => {
  const directory = await temporaryDirectory(t);
  let count = 0;
  await fc.assert(
    fc.asyncProperty(operations, async (given) => {
      const store = await openSqliteStore({ filename: join(directory, `${count++}.db`), synchronous: 'normal' });
      try {
        if (count % 2 === 0) await store.startReaders();
        await assertEquivalent(createMemoryStore(), store, given);
      } finally {
        await store.close();
      }
    }),
    // The limit ends the search for a smaller example.
    { numRuns: 40, interruptAfterTimeLimit: 30_000 },
  );
});
