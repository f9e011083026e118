import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Turnstile, type TurnstileOptions } from './turnstile.ts';

const nextTurn = promisify(setImmediate);

function turnstileOf(options: Partial<TurnstileOptions>): Turnstile {
  return new Turnstile({ perTurn: 1000, inFlightMax: 100, inFlightMin: 1, now: () => 0, ...options });
}

/** Numbers of those who were let in, in order. */
function crowd(turnstile: Turnstile, count: number): number[] {
  const entered: number[] = [];
  for (let i = 0; i < count; i++) void turnstile.enter().then(() => entered.push(i));
  return entered;
}

describe('a turnstile', () => {
  it('lets few in in one turn of the event loop, those first who have waited longest', async () => {
    const entered = crowd(turnstileOf({ perTurn: 3 }), 7);
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual(entered, [0, 1, 2]);
    await nextTurn();
    assert.deepEqual(entered, [0, 1, 2, 3, 4, 5]);
    await nextTurn();
    assert.deepEqual(entered, [0, 1, 2, 3, 4, 5, 6]);
  });

  it('lets in no more than may be under way, until somebody leaves', async () => {
    const turnstile = turnstileOf({ inFlightMax: 2 });
    const entered = crowd(turnstile, 4);
    for (let i = 0; i < 5; i++) await nextTurn();
    assert.deepEqual(entered, [0, 1]);
    turnstile.leave();
    await nextTurn();
    assert.deepEqual(entered, [0, 1, 2]);
    turnstile.leave();
    turnstile.leave();
    await nextTurn();
    assert.deepEqual(entered, [0, 1, 2, 3]);
    assert.equal(turnstile.inFlight, 1);
  });

  it('lets in the fewer the more requests there are, but always some', async () => {
    let nowMs = 1000;
    const entered = async (requests: number) => {
      const turnstile = turnstileOf({ inFlightMax: 20, inFlightMin: 5, now: () => nowMs });
      for (let i = 0; i < requests; i++) turnstile.noteRequest();
      nowMs += 50;
      const first = crowd(turnstile, 30);
      await nextTurn();
      const { length } = first;
      // Nobody has come for two windows.
      for (let i = 0; i < 2; i++) {
        nowMs += 100;
        turnstile.leave();
        await nextTurn();
      }
      return [length, turnstile.inFlight];
    };
    assert.deepEqual(await entered(0), [20, 20]);
    assert.deepEqual(await entered(8), [12, 20]);
    assert.deepEqual(await entered(500), [5, 20]);
  });

  it('counts turns anew when nobody was there for a while', async () => {
    const turnstile = turnstileOf({ perTurn: 2 });
    crowd(turnstile, 2);
    for (let i = 0; i < 3; i++) await nextTurn();
    const entered = crowd(turnstile, 2);
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual(entered, [0, 1]);
  });
});
