import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScheduleOverlapPolicy as Overlap } from '@perdure/api/enums';
import { type PendingStart, StartOrigin, StopRequest } from '../../generated/schedule-journal.js';
import { planStarts, settleBuffer } from './buffer.ts';
import { recordStarted } from './record.ts';
import { BUFFER_MAX } from './state.ts';
import { ScheduleBench, SECOND, T0 } from './testing.ts';

const { SKIP, BUFFER_ONE, BUFFER_ALL, CANCEL_OTHER, TERMINATE_OTHER, ALLOW_ALL } = Overlap;

function starts(...policies: number[]): PendingStart[] {
  const origin = StartOrigin.SPEC;
  return policies.map((overlapPolicy, i) => {
    const dueMs = T0 + i * SECOND;
    return { id: i + 1, nominalMs: dueMs, dueMs, overlapPolicy, origin, copy: 0 };
  });
}

function schedule(state = {}) {
  const { state: created } = ScheduleBench.create({ policies: { overlapPolicy: SKIP }, state });
  return created;
}

const RUNNING = [{ workflowId: 'w', firstRunId: 'r', asked: StopRequest.NONE }];

function planFor(isRunning: boolean, ...policies: number[]) {
  const { ready, kept, skipped, ending } = planStarts(
    { ...schedule(), running: isRunning ? RUNNING : [] },
    starts(...policies),
  );
  const ids = (list: readonly PendingStart[]) => list.map(({ id }) => id);
  return { ready: ids(ready), kept: ids(kept), skipped, ending };
}

test('while nothing runs the first one starts, and the policy of each other one says what becomes of it', () => {
  const { NONE } = StopRequest;
  assert.deepEqual(planFor(false), { ready: [], kept: [], skipped: [], ending: NONE });
  assert.deepEqual(planFor(false, SKIP, SKIP), { ready: [1], kept: [1], skipped: [2], ending: NONE });
  assert.deepEqual(planFor(false, BUFFER_ONE, BUFFER_ONE, BUFFER_ONE), {
    ...{ ready: [1], kept: [1, 2], skipped: [3], ending: NONE },
  });
  assert.deepEqual(planFor(false, BUFFER_ALL, BUFFER_ALL, BUFFER_ALL), {
    ...{ ready: [1], kept: [1, 2, 3], skipped: [], ending: NONE },
  });
  // What has not begun need not be ended: the newest takes its place.
  for (const policy of [CANCEL_OTHER, TERMINATE_OTHER]) {
    assert.deepEqual(planFor(false, policy, policy, policy), { ready: [3], kept: [3], skipped: [1, 2], ending: NONE });
  }
  assert.deepEqual(planFor(false, ALLOW_ALL, SKIP, ALLOW_ALL, SKIP), {
    ...{ ready: [1, 2, 3], kept: [1, 2, 3], skipped: [4], ending: NONE },
  });
});

test('while a workflow runs only what may overlap starts', () => {
  const { NONE, CANCEL, TERMINATE } = StopRequest;
  assert.deepEqual(planFor(true, SKIP), { ready: [], kept: [], skipped: [1], ending: NONE });
  assert.deepEqual(planFor(true, BUFFER_ONE, BUFFER_ONE), { ready: [], kept: [1], skipped: [2], ending: NONE });
  assert.deepEqual(planFor(true, BUFFER_ALL, BUFFER_ALL), { ready: [], kept: [1, 2], skipped: [], ending: NONE });
  assert.deepEqual(planFor(true, ALLOW_ALL, ALLOW_ALL), { ready: [1, 2], kept: [1, 2], skipped: [], ending: NONE });
  assert.deepEqual(planFor(true, CANCEL_OTHER), { ready: [], kept: [1], skipped: [], ending: CANCEL });
  // The newest counts, and the harshest means.
  assert.deepEqual(planFor(true, TERMINATE_OTHER, CANCEL_OTHER), {
    ready: [],
    kept: [2],
    skipped: [1],
    ending: TERMINATE,
  });
  assert.deepEqual(planFor(true, BUFFER_ALL, CANCEL_OTHER, BUFFER_ONE), {
    ...{ ready: [], kept: [1, 2], skipped: [3], ending: CANCEL },
  });
});

test('a start without a policy of its own has that of the schedule', () => {
  assert.deepEqual(planFor(false, Overlap.UNSPECIFIED, Overlap.UNSPECIFIED).skipped, [2]);
});

test('when its turn comes while the schedule must not act, it lapses; what was asked for by hand does not', () => {
  const [first, second] = starts(SKIP, SKIP) as [PendingStart, PendingStart];
  for (const state of [{ paused: true }, { limitedActions: true, remainingActions: 0 }]) {
    const plan = planStarts(schedule(state), [first, { ...second, origin: StartOrigin.TRIGGER }]);
    assert.deepEqual(plan.lapsed, [1]);
    assert.deepEqual(
      plan.ready.map(({ id }) => id),
      [2],
    );
  }
});

test('the buffer takes so many and no more', () => {
  const bench = ScheduleBench.create({ policies: { overlapPolicy: BUFFER_ALL } });
  bench.decide((tx) => settleBuffer(tx, starts(...Array<number>(BUFFER_MAX).fill(BUFFER_ALL))));
  assert.equal(bench.state.buffer.length, BUFFER_MAX);
  assert.equal(bench.state.bufferDropped, 0);
  const [one] = starts(BUFFER_ALL) as [PendingStart];
  bench.decide((tx) => settleBuffer(tx, [{ ...one, id: BUFFER_MAX + 1 }]));
  assert.equal(bench.state.buffer.length, BUFFER_MAX);
  assert.equal(bench.state.bufferDropped, 1);
  assert.equal(bench.state.buffer.at(-1)?.id, BUFFER_MAX);
  // When one has left there is room again.
  bench.decide((tx) => recordStarted(tx, tx.state.buffer[0] as PendingStart, 'w', 'r'));
  bench.decide((tx) => settleBuffer(tx, [{ ...one, id: BUFFER_MAX + 2 }]));
  assert.equal(bench.state.buffer.at(-1)?.id, BUFFER_MAX + 2);
  assert.equal(bench.state.bufferDropped, 1);
});
