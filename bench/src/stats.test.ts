import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as assertProperty, integer, property } from 'fast-check';
import { median, percentile, significant } from './stats.ts';

function share(samples: readonly number[], limit: number): number {
  return samples.filter((sample) => sample <= limit).length / samples.length;
}

test('a percentile is the nearest rank', () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.equal(percentile(samples, 50), 50);
  assert.equal(percentile(samples, 99), 99);
  assert.equal(percentile(samples, 100), 100);
  assert.equal(percentile([7], 99), 7);
  assert.equal(percentile([1, 2], 50), 1);
  assert.equal(percentile([1, 2], 51), 2);
});

test('samples are compared as numbers and left as they were', () => {
  const samples = [10, 9, 100];
  assert.equal(median(samples), 10);
  assert.deepEqual(samples, [10, 9, 100]);
});

test('no sample, or a percentage out of range, is refused', () => {
  assert.throws(() => percentile([], 50), /at least one sample/);
  assert.throws(() => percentile([1], 0), /percent must be/);
  assert.throws(() => percentile([1], 101), /percent must be/);
});

test('at least the given share of the samples does not exceed the percentile, and no smaller sample will do', () => {
  assertProperty(
    property(array(integer(), { minLength: 1 }), integer({ min: 1, max: 100 }), (samples, percent) => {
      const value = percentile(samples, percent);
      assert.ok(samples.includes(value));
      assert.ok(share(samples, value) >= percent / 100);
      const smaller = samples.filter((sample) => sample < value);
      if (smaller.length > 0) assert.ok(share(samples, Math.max(...smaller)) < percent / 100);
    }),
  );
});

test('three significant digits', () => {
  assert.equal(significant(1234.5), 1230);
  assert.equal(significant(0.0123456), 0.0123);
});
