import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Ordered } from './ordered.ts';

interface Item {
  key: number;
}

describe('an ordered list', () => {
  it('is in order after whatever came, moved up, and was looked at in between', () => {
    const step = fc.record({ looks: fc.boolean(), moves: fc.boolean(), which: fc.nat() });
    const input = fc.tuple(fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 40 }), fc.array(step));
    fc.assert(
      fc.property(input, ([keys, steps]) => {
        const list = new Ordered<Item>(({ key }) => key);
        const here: Item[] = [];
        // Items that move take keys between those that come, so that no two are the same.
        let moves = 0;
        keys.forEach((key, at) => {
          const item = { key };
          here.push(item);
          list.add(item);
          const { looks = false, moves: doesMove = false, which = 0 } = steps[at] ?? {};
          const other = here[which % here.length];
          if (doesMove && other !== undefined) {
            moves += 1;
            other.key = Math.floor(other.key) - 1 + 1 / (moves + 1);
            list.moved(other);
          }
          if (looks) assert.deepEqual(list.items, sorted(here));
        });
        assert.deepEqual(list.items, sorted(here));
      }),
    );
  });
});

function sorted(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => a.key - b.key);
}
