import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, StatusError } from '@perdure/api';
import { ScheduleOverlapPolicy as Overlap } from '@perdure/api/enums';
import type { PendingStart } from '../../generated/schedule-journal.js';
import { advanceSchedule } from './advance.ts';
import { BACKFILL_PAGE } from './backfill.ts';
import { planStarts } from './buffer.ts';
import { patchSchedule, type ScheduleReplacement, updateSchedule } from './change.ts';
import { conflictTokenBytes, conflictTokenOf, describeInfo } from './describe.ts';
import { recordStarted, startRequestId, workflowIdOf } from './record.ts';
import { BACKFILLS_MAX, BUFFER_MAX, REQUESTS_MAX } from './state.ts';
import { DAY, definitionOf, MINUTE, patchOf, ScheduleBench, SECOND, T0 } from './testing.ts';

const EVERY_MINUTE = { interval: [{ interval: MINUTE }] };
const { ALLOW_ALL, BUFFER_ALL, SKIP } = Overlap;

function replacement(more: Partial<ScheduleReplacement> = {}): ScheduleReplacement {
  return {
    definition: definitionOf({ spec: EVERY_MINUTE }),
    ...{ memo: undefined, searchAttributes: undefined, requestId: 'update', conflictToken: undefined },
    ...more,
  };
}

function refused(text: string) {
  return (error: unknown) => {
    assert.ok(error instanceof StatusError);
    assert.deepEqual([error.code, error.message], [code.FAILED_PRECONDITION, text]);
    return true;
  };
}

/** Starts what may start. */
function startAll(bench: ScheduleBench): string[] {
  bench.decide(advanceSchedule);
  const ids: string[] = [];
  for (;;) {
    const [start] = planStarts(bench.state).ready;
    if (start === undefined) return ids;
    const workflowId = workflowIdOf(bench.state, start);
    bench.decide((tx) => recordStarted(tx, start, workflowId, `run-${start.id}`));
    ids.push(workflowId);
  }
}

test('an update with a stale token is refused, one with the newest or without any is not', () => {
  const bench = ScheduleBench.create({ spec: EVERY_MINUTE });
  assert.equal(bench.state.conflictToken, 1);
  bench.decide((tx) => updateSchedule(tx, replacement({ conflictToken: 1, requestId: 'a' })));
  assert.equal(bench.state.conflictToken, 2);
  assert.throws(
    () => bench.decide((tx) => updateSchedule(tx, replacement({ conflictToken: 1, requestId: 'b' }))),
    refused('mismatched conflict token'),
  );
  bench.decide((tx) => updateSchedule(tx, replacement({ requestId: 'c' })));
  assert.equal(bench.state.conflictToken, 3);
  bench.decide((tx) => patchSchedule(tx, patchOf({ pause: 'x' }), 'd'));
  assert.equal(bench.state.conflictToken, 4);
});

test('tokens travel as eight bytes', () => {
  assert.equal(Buffer.from(conflictTokenBytes({ conflictToken: 258 })).toString('hex'), '0000000000000102');
  assert.equal(conflictTokenOf(conflictTokenBytes({ conflictToken: 2 ** 40 + 5 })), 2 ** 40 + 5);
  assert.equal(conflictTokenOf(Buffer.from('abc')), 0);
});

test('a request that is repeated changes nothing, as long as it is remembered', () => {
  const bench = ScheduleBench.create({ spec: EVERY_MINUTE, policies: { overlapPolicy: BUFFER_ALL } });
  const trigger = (requestId: string) =>
    bench.decide((tx) => patchSchedule(tx, patchOf({ triggerImmediately: { overlapPolicy: BUFFER_ALL } }), requestId));
  for (let i = 0; i < REQUESTS_MAX; i++) trigger(`r${i}`);
  trigger('r0');
  assert.equal(bench.state.buffer.length, REQUESTS_MAX);
  trigger('another');
  trigger('r0');
  assert.equal(bench.state.buffer.length, REQUESTS_MAX + 2);
  // Without an id nobody can know.
  trigger('');
  trigger('');
  assert.equal(bench.state.buffer.length, REQUESTS_MAX + 4);
});

test('triggers of one second have workflow ids of their own', () => {
  const bench = ScheduleBench.create({ spec: {}, policies: { overlapPolicy: ALLOW_ALL } });
  const trigger = (ms: number) =>
    bench.at(ms).decide((tx) => patchSchedule(tx, patchOf({ triggerImmediately: {} }), `at ${ms}`));
  for (const ms of [T0 + 10, T0 + 20, T0 + 999, T0 + 1000]) trigger(ms);
  assert.deepEqual(startAll(bench), [
    ...['wf-2026-01-01T00:00:00Z', 'wf-2026-01-01T00:00:00Z-2', 'wf-2026-01-01T00:00:00Z-3', 'wf-2026-01-01T00:00:01Z'],
  ]);
});

test('the time of a trigger can be given', () => {
  const patch = { triggerImmediately: { scheduledTime: T0 - DAY, overlapPolicy: SKIP } };
  const bench = ScheduleBench.create({ spec: {} }, patch);
  assert.deepEqual(startAll(bench), ['wf-2025-12-31T00:00:00Z']);
  assert.deepEqual(bench.state.recent[0]?.dueMs, T0);
});

test('what was due before an update is dealt with by the old spec, what follows by the new one', () => {
  const bench = ScheduleBench.create({
    spec: EVERY_MINUTE,
    policies: { overlapPolicy: ALLOW_ALL, catchupWindow: DAY },
  });
  const definition = definitionOf({
    spec: { interval: [{ interval: SECOND }] },
    policies: { overlapPolicy: ALLOW_ALL },
  });
  bench.at(T0 + MINUTE).decide((tx) => updateSchedule(tx, replacement({ definition })));
  assert.equal(bench.state.updateMs, T0 + MINUTE);
  assert.deepEqual(startAll(bench), ['wf-2026-01-01T00:01:00Z']);
  bench.at(T0 + MINUTE + SECOND);
  assert.deepEqual(startAll(bench), ['wf-2026-01-01T00:01:01Z']);
});

test('a backfill starts every time of its stretch, ends included, page by page', () => {
  const bench = ScheduleBench.create({ spec: EVERY_MINUTE, policies: { overlapPolicy: SKIP } });
  const count = 3 * BACKFILL_PAGE + 1;
  const backfill = { startTime: T0 - (count - 1) * MINUTE, endTime: T0, overlapPolicy: ALLOW_ALL };
  bench.decide((tx) => patchSchedule(tx, patchOf({ backfillRequest: [backfill] }), 'b'));
  const started: string[] = [];
  while (bench.state.backfills.length > 0) {
    started.push(...startAll(bench));
    assert.ok(bench.state.buffer.length <= BACKFILL_PAGE);
  }
  assert.equal(started.length, count);
  assert.equal(new Set(started).size, count);
  assert.equal(started.at(-1), 'wf-2026-01-01T00:00:00Z');
  assert.equal(bench.wakeAtMs, T0 + MINUTE);
});

test('a backfill whose starts wait leaves room in the buffer, and goes on as they leave', () => {
  const bench = ScheduleBench.create({ spec: { interval: [{ interval: SECOND }] } });
  const backfill = { startTime: T0 - 2000 * SECOND, endTime: T0, overlapPolicy: BUFFER_ALL };
  bench.decide((tx) => patchSchedule(tx, patchOf({ backfillRequest: [backfill] }), 'b'));
  for (let i = 0; i < 20; i++) startAll(bench);
  assert.ok(bench.state.buffer.length >= BUFFER_MAX / 2 - 1 && bench.state.buffer.length <= BUFFER_MAX / 2);
  assert.equal(bench.state.backfills.length, 1);
  assert.equal(bench.state.bufferDropped, 0);
});

test('so many backfills may be under way', () => {
  const one = { startTime: T0, endTime: T0 + DAY };
  const bench = ScheduleBench.create(
    { spec: EVERY_MINUTE },
    { backfillRequest: Array.from({ length: BACKFILLS_MAX }, () => one) },
  );
  assert.equal(bench.state.backfills.length, BACKFILLS_MAX);
  assert.equal(new Set(bench.state.backfills.map(({ id }) => id)).size, BACKFILLS_MAX);
  const more = patchOf({ backfillRequest: [{ ...one, overlapPolicy: 0 }] });
  assert.throws(() => bench.decide((tx) => patchSchedule(tx, more, 'r')), refused('too many concurrent backfillers'));
});

test('only what the spec makes due counts against the actions that remain', () => {
  const bench = ScheduleBench.create({
    spec: EVERY_MINUTE,
    policies: { overlapPolicy: ALLOW_ALL, catchupWindow: DAY },
    state: { limitedActions: true, remainingActions: 2 },
  });
  bench.decide((tx) => patchSchedule(tx, patchOf({ triggerImmediately: {} }), 't'));
  assert.equal(startAll(bench).length, 1);
  assert.equal(bench.state.definition.state.remainingActions, 2);
  bench.at(T0 + 5 * MINUTE);
  assert.deepEqual(startAll(bench), ['wf-2026-01-01T00:01:00Z', 'wf-2026-01-01T00:02:00Z']);
  assert.equal(bench.state.definition.state.remainingActions, 0);
  assert.equal(bench.state.conflictToken, 3);
  assert.deepEqual(describeInfo(bench.state, bench.nowMs).futureActionTimes, []);
});

test('the next ten times are shown, fewer if fewer actions remain, and also those of a paused schedule', () => {
  const minutes = (bench: ScheduleBench) =>
    describeInfo(bench.state, bench.nowMs).futureActionTimes?.map((ms) => (ms - T0) / MINUTE);
  const state = { limitedActions: true, remainingActions: 2 };
  assert.deepEqual(minutes(ScheduleBench.create({ spec: EVERY_MINUTE, state })), [1, 2]);
  const paused = ScheduleBench.create({ spec: EVERY_MINUTE, state: { paused: true } });
  assert.deepEqual(minutes(paused.at(T0 + 20 * MINUTE)), [21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
});

test('the workflow id is kept if that is wanted, and each start asks with an id of its own', () => {
  const { state } = ScheduleBench.create({ policies: { keepOriginalWorkflowId: true } });
  const start: PendingStart = { id: 7, nominalMs: T0 + 5, dueMs: T0, overlapPolicy: 0, origin: 0, copy: 1 };
  assert.equal(workflowIdOf(state, start), 'wf');
  assert.equal(startRequestId('run', start), 'run-2026-01-01T00:00:00Z');
  assert.equal(startRequestId('run', { ...start, origin: 1 }), 'run-trigger-7');
  assert.equal(startRequestId('run', { ...start, origin: 2 }), 'run-backfill-7');
});
