import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfig } from '../../config/config.ts';
import { queryTimeoutMs } from './query-time.ts';

const NOW_MS = 1_000_000;

function timeoutOf(deadlineMs: number | undefined): number {
  const settings = createConfig({ namespaces: { queryTimeoutMs: 10_000 } }).forNamespace('default');
  return queryTimeoutMs({ clock: { now: () => NOW_MS } }, { settings }, { deadlineMs });
}

test('a query has the time that the settings say, or most of what its client has left if that is less', () => {
  assert.equal(timeoutOf(undefined), 10_000);
  assert.equal(timeoutOf(NOW_MS + 60_000), 10_000);
  assert.equal(timeoutOf(NOW_MS + 10_000), 9000);
  assert.equal(timeoutOf(NOW_MS + 100), 90);
});

test('a query whose client has given up has no time', () => {
  assert.equal(timeoutOf(NOW_MS), 0);
  assert.equal(timeoutOf(NOW_MS - 1), 0);
});
