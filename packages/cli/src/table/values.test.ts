import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTime } from './values.ts';

test('times are read to their last digit, in any zone, and days as their midnight in UTC', () => {
  assert.equal(parseTime('2026-01-31T09:30:00Z'), '2026-01-31T09:30:00.000Z');
  assert.equal(parseTime('2026-01-31T09:30+02:00'), '2026-01-31T07:30:00.000Z');
  assert.equal(parseTime('2026-01-31T09:30:00.123456789Z'), '2026-01-31T09:30:00.123456789Z');
  assert.equal(parseTime('2028-02-29'), '2028-02-29T00:00:00.000Z');
  assert.equal(parseTime('0001-01-01T00:00:00Z'), '0001-01-01T00:00:00.000Z');
  assert.equal(parseTime('9999-12-31T23:59:59Z'), '9999-12-31T23:59:59.000Z');
});

test('what no calendar or clock has is no time', () => {
  for (const text of [
    '2026-02-30T00:00:00Z',
    '2026-02-29',
    '2026-04-31T00:00:00+02:00',
    '2026-00-10',
    '2026-13-01',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '0000-12-31T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '2026-01-01T00:00:00',
    '1767225600',
  ]) {
    assert.equal(parseTime(text), undefined, text);
  }
});

test('every time that there is is read as itself', () => {
  const date = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(fc.property(date, (one) => parseTime(one.toISOString()) === one.toISOString()));
});
