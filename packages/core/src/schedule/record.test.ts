import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import type { PendingStart } from '../../generated/schedule-journal.js';
import { advanceSchedule } from './advance.ts';
import { planStarts } from './buffer.ts';
import { patchSchedule } from './change.ts';
import { describeInfo } from './describe.ts';
import { recordClosed, recordStarted, workflowIdOf } from './record.ts';
import { RECENT_MAX } from './state.ts';
import { MINUTE, patchOf, ScheduleBench, T0 } from './testing.ts';

const RESULT = Buffer.from('result');
const FAILURE = Failure.encode({ message: 'no luck' });
const NOTHING = { result: undefined, failure: undefined };

/** A schedule whose first workflow runs. */
function running(policies: object = {}): ScheduleBench {
  const bench = ScheduleBench.create({ spec: { interval: [{ interval: MINUTE }] }, policies });
  startNext(bench.at(T0 + MINUTE), 'r1');
  return bench;
}

function startNext(bench: ScheduleBench, runId: string): void {
  bench.decide((tx) => {
    advanceSchedule(tx);
    const [start] = planStarts(tx.state).ready;
    assert.ok(start);
    recordStarted(tx, start, workflowIdOf(tx.state, start), runId);
  });
}

test('a failure or a timeout pauses a schedule that is meant to, with notes that say which', () => {
  const cases = [
    [Status.FAILED, 'paused due to workflow failure: wf-2026-01-01T00:01:00Z: no luck'],
    [Status.TIMED_OUT, 'paused due to workflow timeout: wf-2026-01-01T00:01:00Z'],
    [Status.TERMINATED, ''],
    [Status.CANCELED, ''],
    [Status.COMPLETED, ''],
  ] as const;
  for (const [status, notes] of cases) {
    const bench = running({ pauseOnFailure: true });
    bench.decide((tx) => recordClosed(tx, 'r1', { status, result: undefined, failure: FAILURE }));
    const { state } = bench.state.definition;
    assert.deepEqual([state.paused, state.notes], [notes !== '', notes]);
    assert.equal(bench.wakeAtMs, notes === '' ? T0 + 2 * MINUTE : undefined);
    assert.equal(bench.state.recent[0]?.status, status);
    assert.deepEqual(bench.state.running, []);
  }
  const other = running();
  other.decide((tx) => recordClosed(tx, 'r1', { status: Status.FAILED, result: undefined, failure: FAILURE }));
  assert.equal(other.state.definition.state.paused, false);
});

test('a paused one keeps its notes', () => {
  const bench = running({ pauseOnFailure: true });
  bench.decide((tx) => patchSchedule(tx, patchOf({ pause: 'mine' }), 'p'));
  bench.decide((tx) => recordClosed(tx, 'r1', { status: Status.FAILED, result: undefined, failure: FAILURE }));
  assert.equal(bench.state.definition.state.notes, 'mine');
});

test('the next workflow hears of the last result, and of a failure since', () => {
  const bench = running();
  bench.decide((tx) => recordClosed(tx, 'r1', { ...NOTHING, status: Status.COMPLETED, result: RESULT }));
  assert.deepEqual([bench.state.lastResult, bench.state.lastFailure.length], [RESULT, 0]);
  startNext(bench.at(T0 + 2 * MINUTE), 'r2');
  bench.decide((tx) => recordClosed(tx, 'r2', { ...NOTHING, status: Status.FAILED, failure: FAILURE }));
  assert.deepEqual([bench.state.lastResult, bench.state.lastFailure], [RESULT, FAILURE]);
  startNext(bench.at(T0 + 3 * MINUTE), 'r3');
  bench.decide((tx) => recordClosed(tx, 'r3', { ...NOTHING, status: Status.TERMINATED }));
  assert.deepEqual([bench.state.lastResult, bench.state.lastFailure], [RESULT, FAILURE]);
  startNext(bench.at(T0 + 4 * MINUTE), 'r4');
  bench.decide((tx) => recordClosed(tx, 'r4', { ...NOTHING, status: Status.COMPLETED }));
  assert.deepEqual([bench.state.lastResult.length, bench.state.lastFailure.length], [0, 0]);
});

test('a workflow that closes twice, or is none of its own, changes nothing', () => {
  const bench = running();
  const closed = { ...NOTHING, status: Status.COMPLETED, result: RESULT };
  bench.decide((tx) => recordClosed(tx, 'other', closed));
  assert.equal(bench.state.running.length, 1);
  bench.decide((tx) => recordClosed(tx, 'r1', closed));
  const { state } = bench;
  bench.decide((tx) => recordClosed(tx, 'r1', { ...NOTHING, status: Status.FAILED, failure: FAILURE }));
  assert.equal(bench.state, state);
});

test('the latest actions are remembered, and no more', () => {
  const bench = running({ overlapPolicy: 6 });
  for (let i = 2; i <= RECENT_MAX + 1; i++) startNext(bench.at(T0 + i * MINUTE), `r${i}`);
  const info = describeInfo(bench.state, bench.nowMs);
  assert.deepEqual(
    info.recentActions?.map(({ startWorkflowResult }) => startWorkflowResult?.runId),
    Array.from({ length: RECENT_MAX }, (_, i) => `r${i + 2}`),
  );
  assert.equal(info.actionCount, RECENT_MAX + 1);
  // Those that may overlap are not waited for.
  assert.deepEqual(info.runningWorkflows, [{ workflowId: 'wf-2026-01-01T00:01:00Z', runId: 'r1' }].slice(1));
});

test('what runs is shown as long as it does', () => {
  const bench = running();
  const workflow = { workflowId: 'wf-2026-01-01T00:01:00Z', runId: 'r1' };
  assert.deepEqual(describeInfo(bench.state, bench.nowMs).runningWorkflows, [workflow]);
  assert.throws(
    () => bench.decide((tx) => recordStarted(tx, { id: 99 } as PendingStart, 'w', 'r')),
    /not in the buffer/,
  );
});
