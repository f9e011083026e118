import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toggled } from './select.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const after = (selected: string, key: string, from?: string) =>
  [...toggled(new Set(selected), KEYS, key, from)].toSorted().join('');

test('a row alone is selected, or no longer', () => {
  assert.equal(after('a', 'c'), 'ac');
  assert.equal(after('ac', 'c'), 'a');
});

test('a range becomes like its last row, in either direction, and what is outside stays', () => {
  assert.equal(after('b', 'd', 'b'), 'bcd');
  assert.equal(after('d', 'b', 'd'), 'bcd');
  assert.equal(after('abcde', 'd', 'b'), 'ae');
  assert.equal(after('c', 'e', 'a'), 'abcde');
  assert.equal(after('', 'b', 'b'), 'b');
});

test('a range from a row that is gone is the row alone', () => {
  assert.equal(after('', 'c', 'z'), 'c');
});
