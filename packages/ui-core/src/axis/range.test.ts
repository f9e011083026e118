import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseRange, rangeText } from './range.ts';

const START = 1_764_446_680_000;

describe('a range in an address', () => {
  it('is in whole milliseconds, and in fractions where those are seen', () => {
    assert.equal(rangeText({ fromMs: START + 0.4, toMs: START + 1000.4 }), `${START}-${START + 1000}`);
    assert.equal(rangeText({ fromMs: START, toMs: START + 999.75 }), `${START}-${START + 999.75}`);
    assert.equal(rangeText({ fromMs: START + 0.25, toMs: START + 1 }), `${START}.25-${START + 1}`);
  });

  it('is read as it was written', () => {
    const length = fc.double({ min: 1, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), length, (fromMs, ms) => {
        const span = { fromMs, toMs: fromMs + ms };
        const read = parseRange(rangeText(span));
        assert.ok(read !== undefined && Math.abs(read.toMs - span.toMs) <= 0.5 && read.fromMs === fromMs);
        assert.equal(rangeText(read), rangeText(span));
      }),
    );
  });

  it('is none if it is anything else', () => {
    for (const text of ['', '5', '5-5', '6-5', 'a-b', '1-2-3', '-1-2', '1e3-2e3', ' 1-2', '1.2345-9']) {
      assert.equal(parseRange(text), undefined, text);
    }
  });
});
