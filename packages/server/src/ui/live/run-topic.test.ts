import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batches } from './run-topic.ts';

test('batches hold all events in order, each as many as fit, or one', () => {
  const anyEvents = fc.array(fc.string({ maxLength: 20 }), { maxLength: 50 });
  fc.assert(
    fc.property(anyEvents, fc.integer({ min: 1, max: 30 }), (events, lengthMax) => {
      const all = batches(events, lengthMax);
      assert.deepEqual(all.flat(), events);
      for (const [at, batch] of all.entries()) {
        const length = batch.join('').length;
        assert.ok(batch.length === 1 || length <= lengthMax);
        const next = all[at + 1]?.[0];
        if (next !== undefined) assert.ok(length + next.length > lengthMax, 'the next one would have fitted');
      }
    }),
  );
});
