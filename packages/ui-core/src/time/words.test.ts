import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { durationWords, relativeWords } from './words.ts';

const HOUR_MS = 3_600_000;

describe('durationWords', () => {
  for (const [ms, words] of [
    [0, '0ms'],
    [999, '999ms'],
    [1000, '1s'],
    [1250, '1.2s'],
    [59_999, '59.9s'],
    [60_000, '1m'],
    [184_000, '3m 4s'],
    [HOUR_MS - 1, '59m 59s'],
    [HOUR_MS, '1h'],
    [24 * HOUR_MS - 1, '23h 59m'],
    [24 * HOUR_MS, '1d'],
    [51 * HOUR_MS, '2d 3h'],
    [-1200, '-1.2s'],
  ] as const) {
    it(`says ${words}`, () => assert.equal(durationWords(ms), words));
  }
});

describe('relativeWords', () => {
  const NOW = 10_000 * 24 * HOUR_MS;
  for (const [distanceMs, words] of [
    [0, 'now'],
    [-999, 'now'],
    [-1000, '1 second ago'],
    [-59_999, '59 seconds ago'],
    [-300_000, '5 minutes ago'],
    [HOUR_MS, 'in 1 hour'],
    [-47 * HOUR_MS, '1 day ago'],
    [72 * HOUR_MS, 'in 3 days'],
    [-65 * 24 * HOUR_MS, '2 months ago'],
    [-800 * 24 * HOUR_MS, '2 years ago'],
  ] as const) {
    it(`says ${words} at ${distanceMs} ms`, () => assert.equal(relativeWords(NOW + distanceMs, NOW), words));
  }
});
