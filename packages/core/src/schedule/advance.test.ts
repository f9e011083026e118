import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScheduleOverlapPolicy as Overlap } from '@perdure/api/enums';
import { advanceSchedule, DUE_PAGE, withoutDueTimes } from './advance.ts';
import { planStarts } from './buffer.ts';
import { patchSchedule, updateSchedule } from './change.ts';
import { describeInfo } from './describe.ts';
import { recordStarted } from './record.ts';
import { BUFFER_MAX, nextTime } from './state.ts';
import { DAY, definitionOf, MINUTE, patchOf, ScheduleBench, SECOND, T0 } from './testing.ts';

const EVERY_MINUTE = { interval: [{ interval: MINUTE }] };
const { ALLOW_ALL, BUFFER_ALL } = Overlap;

function every(spec: object, policies: object = {}, state: object = {}): ScheduleBench {
  return ScheduleBench.create({ spec, policies: { overlapPolicy: ALLOW_ALL, catchupWindow: DAY, ...policies }, state });
}

function nominal(bench: ScheduleBench): number[] {
  return bench.state.buffer.map(({ nominalMs }) => (nominalMs - T0) / SECOND);
}

test('a time is due when it has come, once, and the time of creation is not', () => {
  const bench = every(EVERY_MINUTE);
  assert.equal(bench.wakeAtMs, T0 + MINUTE);
  bench.at(T0 + MINUTE - 1).decide(advanceSchedule);
  assert.deepEqual(nominal(bench), []);
  bench.at(T0 + MINUTE).decide(advanceSchedule);
  bench.at(T0 + MINUTE + 1).decide(advanceSchedule);
  assert.deepEqual(nominal(bench), [60]);
});

test('many that have become due are dealt with page by page', () => {
  const bench = every({ interval: [{ interval: SECOND }] }, { overlapPolicy: BUFFER_ALL });
  bench.at(T0 + 2 * DUE_PAGE * SECOND + SECOND).decide(advanceSchedule);
  assert.equal(bench.state.buffer.length, DUE_PAGE);
  assert.ok(Number(bench.wakeAtMs) <= bench.nowMs);
  bench.decide(advanceSchedule);
  assert.equal(bench.state.buffer.length, 2 * DUE_PAGE);
  bench.decide(advanceSchedule);
  assert.equal(bench.state.buffer.length, 2 * DUE_PAGE + 1);
  assert.equal(bench.state.nextMs, bench.nowMs + SECOND);
});

test('what may start at once need not be dropped, however much was due', () => {
  const bench = every({ interval: [{ interval: SECOND }] });
  bench.at(T0 + 2 * BUFFER_MAX * SECOND);
  let started = 0;
  do {
    // As the scheduler does it: time passes again with every start.
    bench.decide((tx) => {
      advanceSchedule(tx);
      const [start] = planStarts(tx.state).ready;
      if (start !== undefined) recordStarted(tx, start, 'w', `r${++started}`);
    });
  } while (Number(bench.wakeAtMs) <= bench.nowMs);
  assert.equal(bench.state.bufferDropped, 0);
  assert.equal(started, 2 * BUFFER_MAX);
});

test('all that was due before a schedule is replaced is dealt with, more than a page of it', () => {
  const bench = every({ interval: [{ interval: SECOND }] }, { overlapPolicy: BUFFER_ALL });
  const due = 3 * DUE_PAGE + 7;
  bench.at(T0 + due * SECOND).decide((tx) =>
    updateSchedule(tx, {
      definition: definitionOf({ spec: EVERY_MINUTE }),
      ...{ memo: undefined, searchAttributes: undefined, requestId: '', conflictToken: undefined },
    }),
  );
  const { buffer, missedCatchupWindow, overlapSkipped, bufferDropped } = bench.state;
  assert.equal(buffer.length + missedCatchupWindow + overlapSkipped + bufferDropped, due);
});

test('what is due for longer than the catch-up window is missed', () => {
  const bench = every(EVERY_MINUTE, { catchupWindow: 3 * MINUTE });
  bench.at(T0 + 5 * MINUTE).decide(advanceSchedule);
  assert.deepEqual(nominal(bench), [120, 180, 240, 300]);
  assert.equal(bench.state.missedCatchupWindow, 1);
  const later = every(EVERY_MINUTE, { catchupWindow: 3 * MINUTE });
  later.at(T0 + 5 * MINUTE + 1).decide(advanceSchedule);
  assert.deepEqual(nominal(later), [180, 240, 300]);
  assert.equal(later.state.missedCatchupWindow, 2);
});

test('times during a pause do not matter, afterwards neither', () => {
  const bench = every(EVERY_MINUTE);
  bench.at(T0 + MINUTE).decide((tx) => patchSchedule(tx, patchOf({ pause: 'for now' }), 'pause'));
  // The time that had come was due before the pause; its turn comes while there is one.
  assert.equal(bench.state.definition.state.notes, 'for now');
  bench.decide(advanceSchedule);
  assert.deepEqual(nominal(bench), []);
  assert.equal(bench.wakeAtMs, undefined);
  bench.at(T0 + 5 * MINUTE).decide(advanceSchedule);
  assert.equal(bench.state.doneMs, T0 + MINUTE);
  bench.at(T0 + 7 * MINUTE).decide((tx) => patchSchedule(tx, patchOf({ unpause: 'go on' }), 'unpause'));
  assert.deepEqual(nominal(bench), []);
  assert.equal(bench.wakeAtMs, T0 + 8 * MINUTE);
  assert.equal(bench.state.missedCatchupWindow, 0);
});

test('a schedule without actions left sleeps until it has some', () => {
  const bench = every(EVERY_MINUTE, {}, { limitedActions: true, remainingActions: 0 });
  assert.equal(bench.wakeAtMs, undefined);
  bench.at(T0 + 10 * MINUTE).decide((tx) =>
    updateSchedule(tx, {
      definition: definitionOf({ spec: EVERY_MINUTE, state: { limitedActions: true, remainingActions: 1 } }),
      ...{ memo: undefined, searchAttributes: undefined, requestId: '', conflictToken: undefined },
    }),
  );
  assert.deepEqual(nominal(bench), []);
  assert.equal(bench.wakeAtMs, T0 + 11 * MINUTE);
});

test('a time whose jitter is not over is not lost when a schedule is replaced or goes on', () => {
  const bench = every({ ...EVERY_MINUTE, jitter: MINUTE });
  const first = nextTime(bench.state, T0);
  assert.ok(first && first.nextMs > first.nominalMs + 2 && first.nextMs < T0 + 2 * MINUTE);
  const between = Math.floor((first.nominalMs + first.nextMs) / 2);
  assert.deepEqual(withoutDueTimes(bench.state, between), { doneMs: first.nominalMs - 1, nextMs: first.nextMs });
  const after = withoutDueTimes(bench.state, first.nextMs);
  assert.equal(after.nextMs, nextTime(bench.state, first.nominalMs)?.nextMs);
  // Once it was dealt with it does not come again.
  const done = { ...bench.state, doneMs: first.nominalMs };
  assert.equal(withoutDueTimes(done, between).nextMs, nextTime(bench.state, first.nominalMs)?.nextMs);
  // Nor does one from before the creation.
  assert.equal(withoutDueTimes(bench.state, T0 + 1).nextMs, first.nextMs);
});

test('a spec that has ended leaves nothing to wake for', () => {
  const bench = every({ ...EVERY_MINUTE, endTime: T0 + MINUTE });
  bench.at(T0 + DAY / 2).decide(advanceSchedule);
  assert.deepEqual(nominal(bench), [60]);
  assert.equal(bench.state.nextMs, 0);
});

/** Every second, but of most days none: and to find that out each second must be looked at, for each of two exclusions. */
const RARE = {
  interval: [{ interval: SECOND }],
  excludeCalendar: ['*/2', '1/2'].map((second) => ({ second, minute: '*', hour: '*', dayOfMonth: '2-30' })),
};

test('a schedule among very many exclusions goes on to act, and each look at it is short', () => {
  const bench = every(RARE);
  // The last second before the exclusions.
  bench
    .at(T0 + DAY - SECOND)
    .decide((tx) => tx.note({ advanced: { doneMs: bench.nowMs - 1, nextMs: bench.nowMs, missed: 0 } }));
  let looks = 0;
  for (;;) {
    const beganMs = performance.now();
    bench.decide(advanceSchedule);
    describeInfo(bench.state, bench.nowMs);
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs < 2000, `${tookMs} ms`);
    if (bench.state.buffer.length > 1) break;
    assert.ok(++looks < 100);
    const { nextMs } = bench.state;
    assert.ok(nextMs > 0 && nextMs <= T0 + 30 * DAY, 'it wakes again');
    bench.at(Math.max(bench.nowMs, nextMs));
  }
  assert.deepEqual(nominal(bench), [(DAY - SECOND) / SECOND, (30 * DAY) / SECOND]);
  assert.ok(looks > 10, `${looks} looks`);
});

test('a backfill among very many exclusions is carried out to its end', () => {
  const bench = every(RARE, {}, { paused: true });
  const backfillRequest = [{ startTime: T0 + DAY - 2 * SECOND, endTime: T0 + 30 * DAY + SECOND, overlapPolicy: 0 }];
  bench.decide((tx) => patchSchedule(tx, patchOf({ backfillRequest }), 'backfill'));
  for (let i = 0; i < 100 && bench.state.backfills.length > 0; i++) bench.decide(advanceSchedule);
  assert.deepEqual(bench.state.backfills, []);
  assert.deepEqual(
    nominal(bench),
    [DAY - 2 * SECOND, DAY - SECOND, 30 * DAY, 30 * DAY + SECOND].map((ms) => ms / SECOND),
  );
});
