import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { brushParts, PART_PX } from './brush-parts.ts';

describe('the parts of a brush', () => {
  it('stand beside its window', () => {
    assert.deepEqual(brushParts({ fromPx: 100, toPx: 300 }, 1000), {
      from: { fromPx: 76, toPx: 100 },
      window: { fromPx: 100, toPx: 300 },
      to: { fromPx: 300, toPx: 324 },
    });
  });

  it('stand around the middle of a window that is narrow', () => {
    assert.deepEqual(brushParts({ fromPx: 500, toPx: 502 }, 1000).window, { fromPx: 489, toPx: 513 });
  });

  it('stand inside of a window that is everything', () => {
    const { from, window, to } = brushParts({ fromPx: 0, toPx: 1000 }, 1000);
    assert.deepEqual([from.fromPx, window.fromPx, window.toPx, to.toPx], [0, 24, 976, 1000]);
  });

  it('are wide enough, in the strip, and never cover each other', () => {
    const px = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(px, px, (a, b) => {
        const { from, window, to } = brushParts({ fromPx: Math.min(a, b), toPx: Math.max(a, b) }, 1000);
        for (const part of [from, window, to]) assert.ok(part.toPx - part.fromPx >= PART_PX);
        assert.ok(from.fromPx >= 0 && to.toPx <= 1000);
        assert.ok(from.toPx === window.fromPx && window.toPx === to.fromPx);
      }),
    );
  });
});
