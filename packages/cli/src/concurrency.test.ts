import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Concurrency } from './concurrency.ts';

test('so many run at once, and no more', async () => {
  let running = 0;
  let most = 0;
  const done = await new Concurrency(3).map([1, 2, 3, 4, 5, 6, 7], async (item) => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
    return item * 2;
  });
  assert.deepEqual(done, [2, 4, 6, 8, 10, 12, 14]);
  assert.equal(most, 3);
});

test('one that fails makes room for the next', async () => {
  const one = new Concurrency(1);
  const failed = one.run(() => Promise.reject(new Error('no')));
  const next = one.run(() => Promise.resolve('yes'));
  await assert.rejects(failed, /no/);
  assert.equal(await next, 'yes');
});
