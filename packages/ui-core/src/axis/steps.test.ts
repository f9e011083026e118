import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nextOnClock, type Step, stepFor } from './steps.ts';
import { localOf } from './zone.ts';

const HOUR = 3_600_000;
const at = (text: string): number => new Date(text).getTime();

describe('the next round time of a clock', () => {
  const next = (text: string, step: Step) => new Date(nextOnClock(at(text), step, 'Europe/Berlin')).toISOString();
  const hours = (count: number) => stepFor(count * HOUR, 'clock');

  it('is round by the clock that is in use then', () => {
    // From 03:00 back to 02:00 at 01:00Z; from 02:00 on to 03:00 at 01:00Z.
    assert.equal(next('2026-10-25T00:30:00Z', hours(6)), '2026-10-25T05:00:00.000Z');
    assert.equal(next('2026-10-25T00:30:00Z', hours(1)), '2026-10-25T01:00:00.000Z');
    assert.equal(next('2026-03-29T00:30:00Z', hours(6)), '2026-03-29T04:00:00.000Z');
    assert.equal(next('2026-03-29T00:30:00Z', hours(2)), '2026-03-29T02:00:00.000Z');
    assert.equal(next('2026-03-28T23:30:00Z', hours(24)), '2026-03-29T22:00:00.000Z');
  });

  it('is this one, if it is round', () => {
    assert.equal(next('2026-11-29T11:00:00Z', hours(12)), '2026-11-29T11:00:00.000Z');
    assert.equal(next('2026-11-29T11:00:00.001Z', hours(12)), '2026-11-29T23:00:00.000Z');
  });

  it('is never before, and there is none in between', () => {
    const step = fc
      .constantFrom(1, 15, 1000, 60_000, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR)
      .map((ms) => stepFor(ms, 'clock'));
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu');
    const moment = fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') });
    fc.assert(
      fc.property(moment, step, zone, (ms, one, name) => {
        const found = nextOnClock(ms, one, name);
        assert.ok(found >= ms && found <= ms + one.ms + 2 * HOUR);
        assert.equal(nextOnClock(found, one, name), found);
        if (one.unit !== 'day') assert.equal(localOf(found, name) % one.ms, 0);
      }),
    );
  });
});
