import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { DeadlineWheel } from './deadline-wheel.ts';

const SLOT_MS = 16;

describe('the deadline wheel', () => {
  let nowMs = 0;
  beforeEach(() => {
    nowMs = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => nowMs);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  function advance(ms: number): void {
    for (let left = ms; left > 0; left--) {
      nowMs++;
      mock.timers.tick(1);
    }
  }

  it('expires each deadline once, never early and at most two slots late', () => {
    const delay = fc.oneof(fc.nat(200), fc.nat(5000), fc.nat(150_000));
    const steps = fc.array(fc.record({ waitMs: fc.nat(60), delayMs: delay, remove: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (plan) => {
        const wheel = new DeadlineWheel();
        const pending = new Set<number>();
        for (const { waitMs, delayMs, remove } of plan) {
          advance(waitMs);
          const atMs = nowMs + delayMs;
          pending.add(atMs);
          const entry = wheel.add(atMs, nowMs, () => {
            assert.ok(nowMs >= atMs, `early by ${atMs - nowMs} ms`);
            assert.ok(nowMs <= atMs + 2 * SLOT_MS + 1, `late by ${nowMs - atMs} ms`);
            pending.delete(atMs);
          });
          if (remove) {
            wheel.remove(entry);
            wheel.remove(entry);
            pending.delete(atMs);
          }
        }
        advance(150_100);
        assert.equal(pending.size, 0);
      }),
      { numRuns: 20 },
    );
  });

  it('lets a deadline remove another that is due at the same time', () => {
    const wheel = new DeadlineWheel();
    let expired = 0;
    const entries = [1, 2].map(() =>
      wheel.add(10, 0, () => {
        expired++;
        for (const entry of entries) wheel.remove(entry);
      }),
    );
    advance(100);
    assert.equal(expired, 1);
  });

  it('does not wake up when nothing is left', () => {
    const wheel = new DeadlineWheel();
    let expired = false;
    wheel.remove(wheel.add(1000, 0, () => (expired = true)));
    advance(70_000);
    assert.equal(expired, false);
  });
});
