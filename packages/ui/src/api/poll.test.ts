import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { restMs } from './poll.ts';

test('what does not answer is asked less and less often, but never less than once a minute', () => {
  const waits: number[] = [];
  for (let silentMs = 5_000; silentMs < 600_000; silentMs += waits.at(-1) ?? 0) waits.push(restMs(5_000, silentMs));
  assert.deepEqual(waits.slice(0, 6), [5_000, 5_000, 7_500, 11_250, 16_875, 25_312.5]);
  assert.equal(waits.at(-1), 60_000);
});

test('the pause is at least the usual one, and at most a minute', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30_000 }), fc.nat(), (ms, silentMs) => {
      const rest = restMs(ms, silentMs);
      assert.ok(rest >= ms && rest <= 60_000);
    }),
  );
});
