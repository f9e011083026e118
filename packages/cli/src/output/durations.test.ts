import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDurationMs } from '../table/values.ts';
import { durationText } from './durations.ts';

test('a duration is told in the units that it has', () => {
  assert.equal(durationText('0s'), '0s');
  assert.equal(durationText('59s'), '59s');
  assert.equal(durationText('60s'), '1m');
  assert.equal(durationText('5400s'), '1h 30m');
  assert.equal(durationText('108000s'), '1d 6h');
  assert.equal(durationText('0.250s'), '250ms');
  assert.equal(durationText('1.000001s'), '1s 1µs');
  assert.equal(durationText('-90s'), '-1m 30s');
  assert.equal(durationText(undefined), '');
  assert.equal(durationText(''), '');
});

test('what is told can be given to an option, and means the same', () => {
  const ms = fc.integer({ min: 0, max: 400 * 86_400_000 });
  fc.assert(
    fc.property(ms, (given) => {
      const text = durationText(`${Math.floor(given / 1000)}.${String(given % 1000).padStart(3, '0')}s`);
      assert.equal(parseDurationMs(text.replaceAll(' ', '')), given);
    }),
  );
});
