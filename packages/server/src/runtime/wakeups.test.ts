import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Sleeper, Wakeups } from './wakeups.ts';

interface TestSleeper extends Sleeper {
  readonly name: number;
}

const sleeper = (name: number): TestSleeper => ({ name, heapIndex: -1, wakeAtMs: 0 });

test('everyone is woken at the last time he asked for, in the order of time', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  const step = fc.oneof(
    fc.record({ name: fc.nat(20), atMs: fc.option(fc.integer({ min: -5, max: 5000 }), { nil: undefined }) }),
    fc.record({ tickMs: fc.integer({ min: 0, max: 1500 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const sleepers = Array.from({ length: 21 }, (_, name) => sleeper(name));
      const expected = new Map<number, number>();
      let lastMs = Number.NEGATIVE_INFINITY;
      const wakeups = new Wakeups<TestSleeper>(Date.now, ({ name, wakeAtMs }) => {
        assert.equal(expected.get(name), wakeAtMs);
        assert(wakeAtMs <= Date.now(), 'not too early');
        for (const otherMs of expected.values()) assert(wakeAtMs <= otherMs, 'the earliest first');
        expected.delete(name);
        lastMs = wakeAtMs;
      });
      for (const next of steps) {
        if ('tickMs' in next) t.mock.timers.tick(next.tickMs);
        else {
          const atMs = next.atMs === undefined ? undefined : Date.now() + next.atMs;
          wakeups.set(sleepers[next.name] as TestSleeper, atMs);
          if (atMs === undefined) expected.delete(next.name);
          else expected.set(next.name, atMs);
        }
        assert.equal(wakeups.size, expected.size);
      }
      t.mock.timers.tick(10_000);
      assert.equal(expected.size, 0, `all have woken, the last at ${lastMs}`);
      assert.equal(wakeups.size, 0);
      assert(sleepers.every(({ heapIndex }) => heapIndex === -1));
    }),
    { numRuns: 300 },
  );
});

test('whoever is woken may sleep again at once, and is not woken for it in the same breath for ever', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  let woken = 0;
  const wakeups: Wakeups<TestSleeper> = new Wakeups(Date.now, (one) => {
    woken++;
    wakeups.set(one, Date.now() + 10);
  });
  wakeups.set(sleeper(1), 0);
  for (let ms = 0; ms <= 100; ms++) t.mock.timers.tick(1);
  assert.equal(woken, 11);
});

test('a clock that jumps ahead, as after the machine has slept, wakes whoever it has passed', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 0;
  const woken: number[] = [];
  const wakeups = new Wakeups<TestSleeper>(
    () => nowMs,
    ({ name }) => woken.push(name),
  );
  wakeups.set(sleeper(1), 3_600_000);
  wakeups.set(sleeper(2), 7_200_000);
  nowMs += 3_600_000;
  t.mock.timers.tick(1000);
  assert.deepEqual(woken, [1]);
});

test('a clock that is set back delays, and loses nobody', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 10_000;
  let woken = 0;
  const wakeups = new Wakeups<TestSleeper>(
    () => nowMs,
    () => woken++,
  );
  wakeups.set(sleeper(1), 10_500);
  nowMs -= 5000;
  t.mock.timers.tick(500);
  assert.equal(woken, 0);
  nowMs += 5500;
  t.mock.timers.tick(1000);
  assert.equal(woken, 1);
});

test('nobody is woken after the end', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  const wakeups = new Wakeups<TestSleeper>(Date.now, () => assert.fail('woken'));
  const one = sleeper(1);
  wakeups.set(one, 10);
  wakeups.clear();
  assert.equal(one.heapIndex, -1);
  t.mock.timers.tick(1000);
});
