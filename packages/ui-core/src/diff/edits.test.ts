import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stretches } from './edits.ts';

const few = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 });

describe('the way from one sequence to another', () => {
  it('covers both, in order, with what is the same marked as such', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        let [aAt, bAt] = [0, 0];
        for (const { same, aFrom, aTo, bFrom, bTo } of stretches(a, b)) {
          assert.deepEqual([aFrom, bFrom], [aAt, bAt]);
          if (same) assert.deepEqual(a.slice(aFrom, aTo), b.slice(bFrom, bTo));
          [aAt, bAt] = [aTo, bTo];
        }
        assert.deepEqual([aAt, bAt], [a.length, b.length]);
      }),
    );
  });

  it('is as short as it can be', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        const kept = stretches(a, b).reduce((sum, { same, aFrom, aTo }) => sum + (same ? aTo - aFrom : 0), 0);
        assert.equal(kept, longestCommon(a, b));
      }),
    );
  });

  it('has no neighbours of the same kind', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        const kinds = stretches(a, b).map(({ same }) => same);
        assert.ok(kinds.every((kind, at) => kind !== kinds[at + 1]));
      }),
    );
  });

  it('is found up to a thousand differences; with one more all of it is one', () => {
    const ends = (differences: number) =>
      stretches([-1, ...Array.from({ length: differences }, (_, i) => 2 * i), -3, -2], [-1, 7_001, -3, 7_003, -2])
        .length;
    // All of a's, and the two of b's.
    assert.equal(ends(998), 5);
    assert.equal(ends(999), 3);
  });
});

/** By the table of all beginnings. */
function longestCommon(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const each of a) {
    const next = [0];
    for (const [j, other] of b.entries()) {
      next.push(each === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
