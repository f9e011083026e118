import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OrderedSet } from './ordered_set.ts';

const operation = fc.record({ add: fc.boolean(), value: fc.integer({ min: 0, max: 2000 }) });

test('an ordered set holds what a sorted array would, across many chunks', () => {
  fc.assert(
    fc.property(
      fc.array(operation, { minLength: 500, maxLength: 3000, size: 'max' }),
      fc.nat(2000),
      (operations, cursor) => {
        const model = new Set<number>();
        const set = new OrderedSet<number, number>((a, b) => a - b);
        for (const { add, value } of operations) {
          if (!add) assert.equal(set.delete(value), model.delete(value));
          else if (!model.has(value)) {
            model.add(value);
            set.add(value);
          }
        }
        const sorted = [...model].sort((a, b) => a - b);
        assert.equal(set.size, sorted.length);
        assert.deepEqual([...set.after(undefined)], sorted);
        assert.deepEqual(
          [...set.after(cursor)],
          sorted.filter((value) => value > cursor),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test('emptying a set leaves nothing to iterate', () => {
  const set = new OrderedSet<number, number>((a, b) => a - b);
  for (let i = 0; i < 1000; i++) set.add(i);
  for (let i = 0; i < 1000; i++) assert.ok(set.delete(i));
  assert.equal(set.delete(5), false);
  assert.deepEqual([...set.after(undefined)], []);
});
