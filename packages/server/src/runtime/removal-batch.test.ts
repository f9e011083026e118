import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstToRemove, RemovalPace } from './removal-batch.ts';
import { testRow } from './test-rows.ts';

describe('what one commit removes', () => {
  it('has at most a thousand events, or is one run', () => {
    const lengths = (...events: number[]) => events.map((historyLength, i) => testRow(i + 1, 0, { historyLength }));
    assert.equal(firstToRemove(lengths(500, 500)).length, 2);
    assert.equal(firstToRemove(lengths(500, 501)).length, 1);
    assert.equal(firstToRemove(lengths(1001, 1)).length, 1);
    assert.equal(firstToRemove([]).length, 0);
  });
});

describe('the pace of removals', () => {
  it('is that of what closes, and a hundred more in a second', () => {
    const clock = { nowMs: 5000, now: () => clock.nowMs };
    let closed = 70;
    const pace = new RemovalPace(() => closed, clock);
    assert.equal(pace.pauseMs(30), 300);
    closed += 2400;
    clock.nowMs += 999;
    assert.equal(pace.pauseMs(30), 300);
    clock.nowMs += 1001;
    assert.equal(pace.pauseMs(26), 20);
    clock.nowMs += 1000;
    assert.equal(pace.pauseMs(30), 300);
  });
});
