import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClosingRate, RemovalPace } from './removal-batch.ts';
import { testRow } from './test-rows.ts';

const rows = (count: number, historyLength = 10) =>
  Array.from({ length: count }, (_, i) => testRow(count - i, 0, { historyLength }));

/** So many runs in a second. */
function pace(perSecond: number) {
  const clock = { nowMs: 5000, now: () => clock.nowMs };
  return { clock, pace: new RemovalPace(() => perSecond, clock) };
}

describe('a slice of what is removed', () => {
  it('is three runs from the beginning', () => {
    const slice = pace(100).pace.take(rows(50));
    assert.deepEqual(
      slice.map(({ key }) => key),
      [50, 49, 48],
    );
  });

  it('is what there is, if that is less', () => {
    assert.equal(pace(100).pace.take(rows(2)).length, 2);
    assert.equal(pace(100).pace.take([]).length, 0);
  });

  it('has a hundred events for each run that it may have, or is one run', () => {
    const lengths = (...events: number[]) => events.map((historyLength, i) => testRow(i + 1, 0, { historyLength }));
    assert.equal(pace(100).pace.take(lengths(100, 100, 100)).length, 3);
    assert.equal(pace(100).pace.take(lengths(100, 101, 100)).length, 2);
    assert.equal(pace(100).pace.take(lengths(200, 101)).length, 1);
    assert.equal(pace(100).pace.take(lengths(50_000, 1)).length, 1);
  });

  it('grows with the time since the last one, up to sixty milliseconds', () => {
    const { clock, pace: removals } = pace(1000);
    assert.equal(removals.take(rows(50)).length, 3);
    clock.nowMs += 10;
    assert.equal(removals.take(rows(50)).length, 10);
    clock.nowMs += 59;
    assert.equal(removals.take(rows(100)).length, 59);
    clock.nowMs += 10_000;
    assert.equal(removals.take(rows(100)).length, 60);
  });
});

describe('the pause before the next slice', () => {
  it('is its share of a second, however late the last one was', () => {
    const { clock, pace: removals } = pace(200);
    removals.take(rows(50));
    assert.equal(removals.pauseMs(), 15);
    clock.nowMs += 10;
    assert.equal(removals.pauseMs(), 5);
    clock.nowMs += 25;
    assert.equal(removals.pauseMs(), 0);
    assert.equal(removals.take(rows(50)).length, 7);
    assert.equal(removals.pauseMs(), 15);
  });

  it('is shorter after fewer runs, and longer after one too many', () => {
    const { pace: removals } = pace(100);
    removals.take(rows(1, 5000));
    assert.equal(removals.pauseMs(), 10);
    removals.take(rows(2));
    assert.equal(removals.pauseMs(), 30);
    removals.take(rows(50));
    assert.equal(removals.pauseMs(), 40);
  });

  it('ends also when a slice takes seconds', () => {
    const { clock, pace: removals } = pace(1);
    removals.take(rows(50));
    assert.equal(removals.pauseMs(), 3000);
    clock.nowMs += 3000;
    assert.equal(removals.pauseMs(), 0);
    assert.equal(removals.take(rows(50)).length, 3);
  });

  it('does not grow when the clock is set back', () => {
    const { clock, pace: removals } = pace(100);
    removals.take(rows(50));
    clock.nowMs -= 4000;
    assert.equal(removals.pauseMs(), 30);
    clock.nowMs += 30;
    assert.equal(removals.pauseMs(), 0);
  });
});

describe('the rate of retention', () => {
  it('is that of what closes, and a hundred more in a second', () => {
    const clock = { nowMs: 5000, now: () => clock.nowMs };
    let closed = 70;
    const rate = new ClosingRate(() => closed, clock);
    assert.equal(rate.perSecond, 100);
    closed += 2400;
    clock.nowMs += 999;
    assert.equal(rate.perSecond, 100);
    clock.nowMs += 1001;
    assert.equal(rate.perSecond, 1300);
    clock.nowMs += 1000;
    assert.equal(rate.perSecond, 100);
  });
});
