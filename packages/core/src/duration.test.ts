import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseDuration } from './duration.ts';

test('units are added up', () => {
  const cases: [string, number][] = [
    ['0', 0],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1.5m', 90_000],
    ['.5s', 500],
    ['250ms', 250],
    ['1500us', 1.5],
    ['1500µs', 1.5],
    ['3d', 259_200_000],
    ['+1s', 1000],
    ['-1m30s', -90_000],
  ];
  for (const [text, expectedMs] of cases) assert.equal(parseDuration(text), expectedMs, text);
});

test('anything else is not a duration', () => {
  for (const text of ['', 's', '10', '1s ', ' 1s', '1x', '1s-2s', '1e3s', '--1s', '.s', '1 s', 'Infinitys']) {
    assert.equal(parseDuration(text), undefined, JSON.stringify(text));
  }
});

test('every duration written in parts is read back as their sum', () => {
  const amount = fc.nat({ max: 1000 });
  fc.assert(
    fc.property(amount, amount, amount, amount, (hours, minutes, seconds, milliseconds) => {
      const expectedMs = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
      assert.equal(parseDuration(`${hours}h${minutes}m${seconds}s${milliseconds}ms`), expectedMs);
    }),
  );
});
