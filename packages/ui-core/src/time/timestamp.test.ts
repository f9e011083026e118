import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseDuration, parseTimestamp } from './timestamp.ts';

describe('parseTimestamp', () => {
  it('agrees with the platform about every moment', () => {
    const moment = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(moment, (date) => assert.equal(parseTimestamp(date.toISOString()), date.getTime())));
  });

  it('cuts what is finer than a millisecond', () => {
    assert.equal(parseTimestamp('1970-01-01T00:00:01.2349Z'), 1234);
    assert.equal(parseTimestamp('1970-01-01T00:00:01.000999999Z'), 1000);
    assert.equal(parseTimestamp('1970-01-01T00:00:01.5Z'), 1500);
  });

  it('knows offsets', () => {
    assert.equal(parseTimestamp('2026-01-31T10:00:00+02:00'), parseTimestamp('2026-01-31T08:00:00Z'));
    assert.equal(parseTimestamp('2026-01-31T10:00:00-05:30'), parseTimestamp('2026-01-31T15:30:00Z'));
  });

  it('takes nothing that is no time', () => {
    for (const text of ['', 'yesterday', '2026-01-31', '2026-02-29T00:00:00Z', '2100-02-29T00:00:00Z'])
      assert.equal(parseTimestamp(text), undefined, text);
    for (const text of ['2026-13-01T00:00:00Z', '2026-01-01T24:00:00Z', '2026-04-31T00:00:00Z', '2026-01-00T00:00:00Z'])
      assert.equal(parseTimestamp(text), undefined, text);
    assert.notEqual(parseTimestamp('2000-02-29T00:00:00Z'), undefined);
    assert.equal(parseTimestamp(undefined), undefined);
  });
});

describe('parseDuration', () => {
  it('reads seconds and their fractions', () => {
    assert.equal(parseDuration('1.5s'), 1500);
    assert.equal(parseDuration('0s'), 0);
    assert.equal(parseDuration('-0.25s'), -250);
    assert.equal(parseDuration('86400s'), 86_400_000);
    assert.equal(parseDuration('0.000999s'), 0);
  });

  it('takes no other units', () => {
    for (const text of ['1m', '1', 's', '1.s', '']) assert.equal(parseDuration(text), undefined, text);
    assert.equal(parseDuration(undefined), undefined);
  });
});
