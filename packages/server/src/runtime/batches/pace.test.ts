import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { Pace } from './pace.ts';

const never = new AbortController().signal;

/** Times at which operations begin, of so many that come at once. */
async function beginnings(ratePerSecond: number, count: number): Promise<number[]> {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  try {
    const pace = new Pace(ratePerSecond, () => Date.now());
    const times: number[] = [];
    const all = Array.from({ length: count }, () => pace.next(never).then(() => times.push(Date.now())));
    while (times.length < count) {
      await Promise.resolve();
      mock.timers.tick(1);
    }
    await Promise.all(all);
    return times;
  } finally {
    mock.timers.reset();
  }
}

describe('the pace of a batch operation', () => {
  it('is even', async () => {
    const times = await beginnings(10, 5);
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    assert(
      gaps.every((gap) => gap >= 99 && gap <= 102),
      gaps.join(' '),
    );
  });

  it('is as slow as was asked for, also when timers cannot be', async () => {
    const halt = new AbortController();
    const pace = new Pace(1e-9, () => Date.now());
    await pace.next(halt.signal);
    const timer = mock.method(globalThis, 'setTimeout', () => ({ unref: () => undefined }));
    const next = pace.next(halt.signal);
    const waits = timer.mock.calls.map(({ arguments: given }) => (given as readonly unknown[])[1]);
    timer.mock.restore();
    // One that is set for longer rings at once.
    assert.deepEqual(waits, [2 ** 31 - 1]);
    halt.abort();
    await next;
  });

  it('is kept when operations come faster than timers', async () => {
    const times = await beginnings(5000, 1000);
    const lastMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
    assert(lastMs >= 170 && lastMs <= 210, `${lastMs}`);
  });

  it('does not make up for time in which nobody came', async () => {
    let nowMs = 0;
    const pace = new Pace(10, () => nowMs);
    await pace.next(never);
    nowMs = 10_000;
    await pace.next(never);
    const aborted = new AbortController();
    let waited = true;
    const second = pace.next(aborted.signal).then(() => (waited = aborted.signal.aborted));
    await new Promise(setImmediate);
    aborted.abort();
    await second;
    assert(waited, 'the second one waits for its turn, although 10 s have passed');
  });

  it('holds nobody who is told to stop', async () => {
    const pace = new Pace(0.001, () => 0);
    await pace.next(never);
    await pace.next(AbortSignal.abort());
  });
});
