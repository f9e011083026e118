import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Gate } from './gate.ts';

const nextTurn = promisify(setImmediate);

test('so many are inside at a time, and those that wait come in order', async () => {
  const gate = new Gate(2);
  const inside: number[] = [];
  const entered: number[] = [];
  const leave = new Map<number, (error?: Error) => void>();
  const results = [0, 1, 2, 3, 4].map((i) =>
    gate.pass(async () => {
      entered.push(i);
      inside.push(i);
      assert.ok(inside.length <= 2);
      const error = await new Promise<Error | undefined>((resolve) => leave.set(i, resolve));
      inside.splice(inside.indexOf(i), 1);
      if (error !== undefined) throw error;
      return i;
    }),
  );
  assert.deepEqual(entered, [0, 1]);
  // Also one that fails makes room.
  leave.get(1)?.(new Error('failed'));
  await assert.rejects(async () => results[1], /failed/);
  await nextTurn();
  assert.deepEqual(entered, [0, 1, 2]);
  for (const i of [0, 2, 3, 4]) {
    leave.get(i)?.();
    await nextTurn();
  }
  const settled = await Promise.allSettled(results);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  );
  assert.deepEqual(entered, [0, 1, 2, 3, 4]);
  assert.equal(await gate.pass(async () => 'empty again'), 'empty again');
});

test('a gate at which somebody always waits does not grow', async () => {
  const gate = new Gate(1);
  let left = 10_000;
  const again = async (): Promise<void> => {
    while (left-- > 0) {
      await gate.pass(() => nextTurnOfMicrotasks());
      assert.ok(gate.places <= 8, `${gate.places} places`);
    }
  };
  await Promise.all([again(), again(), again(), again()]);
  assert.equal(gate.places, 0);
});

async function nextTurnOfMicrotasks(): Promise<void> {
  await Promise.resolve();
}
