import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryTimeoutError } from './contract.ts';
import { endOf, TimeLimit } from './time_limit.ts';

test('a query may be under way until its last moment, and not after it', () => {
  let nowMs = 100;
  const limit = new TimeLimit(
    endOf({ timeoutMs: 50 }, () => nowMs),
    () => nowMs,
  );
  nowMs = 150;
  limit.check();
  nowMs = 150.001;
  assert.throws(() => limit.check(), QueryTimeoutError);
});

test('without a time limit it may take for ever', () => {
  new TimeLimit(
    endOf({}, () => 0),
    () => Number.MAX_SAFE_INTEGER,
  ).check();
});

test('at rows the clock is looked at once in sixteen', () => {
  let looks = 0;
  const limit = new TimeLimit(2, () => ++looks);
  for (let row = 1; row < 48; row++) limit.checkAtRow();
  assert.equal(looks, 2);
  assert.throws(() => limit.checkAtRow(), QueryTimeoutError);
});
