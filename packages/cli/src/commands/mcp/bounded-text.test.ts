import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { boundedText } from './bounded-text.ts';

const how = 'Ask again.';
const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');

test('a text at the limit stays whole; one byte past it lines are left out, and the note counts', () => {
  const bytesMax = Buffer.byteLength(lines);
  assert.equal(boundedText(lines, { bytesMax, how }), lines);
  const cut = boundedText(lines, { bytesMax: bytesMax - 1, how });
  assert.ok(Buffer.byteLength(cut) <= bytesMax - 1);
  const [, shown = '', linesOut] =
    /^([^]*)\n\(Of \d+ bytes, (\d+) lines at the end are left out\. Ask again\.\)$/.exec(cut) ?? [];
  assert.ok(lines.startsWith(`${shown}\n`));
  assert.equal(shown.split('\n').length + Number(linesOut), 50);
});

test('a value that is too long for its line is left out whole, and its name is not', () => {
  const card = `  Status  Completed\n  Result  ${'€'.repeat(1000)}\n  Type    Order`;
  const cut = boundedText(card, { bytesMax: 1000, how });
  assert.equal(
    cut,
    `  Status  Completed\n  Result  (3010 bytes, left out)\n  Type    Order\n(Of 3046 bytes, 1 long values are left out. Ask again.)`,
  );
});

test('no answer is longer than the limit', () => {
  const someLines = fc.array(fc.string({ unit: 'grapheme', minLength: 10, maxLength: 300 }), { minLength: 10 });
  fc.assert(
    fc.property(someLines, fc.integer({ min: 200, max: 1000 }), (all, bytesMax) => {
      assert.ok(Buffer.byteLength(boundedText(all.join('\n'), { bytesMax, how })) <= bytesMax);
    }),
  );
});
