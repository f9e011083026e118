import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fromEpochNanos, parseRfc3339 } from './datetime.ts';

test('a moment is read as epoch milliseconds, with a fraction', () => {
  const cases: [string, number][] = [
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00.000001Z', 0.001],
    ['1970-01-01T01:00:00+01:00', 0],
    ['1969-12-31T19:00:00.5-05:00', 500],
    ['1969-12-31T23:59:59.9Z', -100],
    ['2024-02-29T12:30:15.1235Z', 1_709_209_815_123.5],
    ['2024-02-29T12:30:15.1235000009999Z', 1_709_209_815_123.5],
  ];
  for (const [text, expected] of cases) assert.equal(parseRfc3339(text), expected, text);
});

test('every day of the calendar is where the platform has it', () => {
  const days = {
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(fc.date(days), (date) => {
      assert.equal(parseRfc3339(date.toISOString()), date.getTime());
    }),
  );
});

test('nanoseconds since the epoch are the moment that their text is', () => {
  const seconds = fc.bigInt(-62_135_596_800n, 253_402_300_799n);
  fc.assert(
    fc.property(seconds, fc.nat({ max: 999_999_999 }), (second, nanos) => {
      const text = new Date(Number(second) * 1000)
        .toISOString()
        .replace(/\.000Z$/, `.${String(nanos).padStart(9, '0')}Z`);
      assert.equal(fromEpochNanos(second * 1_000_000_000n + BigInt(nanos)), parseRfc3339(text));
    }),
  );
});

test('what is not in the form or not in the calendar is no moment', () => {
  const texts = ['', '2024-01-01', '2024-01-01T00:00:00', '2024-01-01t00:00:00z', '2023-02-29T00:00:00Z'];
  const more = ['2024-01-01T24:00:00Z', '2024-01-01T00:60:00Z', '2024-01-01T00:00:60Z', '2024-01-01T00:00:00+24:00'];
  for (const text of [...texts, ...more]) assert.equal(parseRfc3339(text), undefined, text);
});
