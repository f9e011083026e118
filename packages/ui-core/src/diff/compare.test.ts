import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { activity, event, payloads, started, workflowTask } from '../../test/events.ts';
import { randomHistory } from '../../test/random-history.ts';
import type { EventAttributes, HistoryEvent } from '../history/event.ts';
import { compareHistories } from './compare.ts';

const COMPLETED = event(90, 'WORKFLOW_EXECUTION_COMPLETED', {
  workflowTaskCompletedEventId: '89',
  result: payloads('ok'),
});

/** An activity that the workflow's code asked for. */
function decided(id: number, name: string, result: unknown = 'ok', lengthMs = 1000): HistoryEvent[] {
  const scheduledEventId = String(id);
  const begin = { activityType: { name }, activityId: name, workflowTaskCompletedEventId: '4', input: payloads(name) };
  return [
    event(id, 'ACTIVITY_TASK_SCHEDULED', begin),
    event(id + 1, 'ACTIVITY_TASK_COMPLETED', { scheduledEventId, result: payloads(result) }, id * 1000 + lengthMs),
  ];
}

function timer(id: number, length: string, more: EventAttributes = {}): HistoryEvent {
  return event(id, 'TIMER_STARTED', {
    timerId: '1',
    startToFireTimeout: length,
    workflowTaskCompletedEventId: '4',
    ...more,
  });
}

describe('compareHistories', () => {
  it('finds nothing between a history and itself', () => {
    fc.assert(
      fc.property(randomHistory(), (events) => {
        const { divergence, decision, ...lists } = compareHistories(events, events);
        assert.deepEqual([divergence, decision], [undefined, undefined]);
        assert.deepEqual(lists, { timing: [], data: [], failures: [], onlyA: [], onlyB: [] });
      }),
    );
  });

  it('does not care about ids, times and workflow tasks', () => {
    const a = [started(), ...decided(5, 'pay'), COMPLETED];
    const b = [
      started({ continuedExecutionRunId: 'r' }),
      ...workflowTask(2),
      ...workflowTask(5),
      ...decided(20, 'pay'),
      COMPLETED,
    ];
    assert.equal(compareHistories(a, b).divergence, undefined);
  });

  it('finds the first different decision, and what may have led to it', () => {
    const a = [
      started(),
      ...decided(2, 'open'),
      ...decided(5, 'check', { risk: 'low' }),
      ...decided(10, 'pay'),
      COMPLETED,
    ];
    const b = [
      started(),
      ...decided(2, 'open'),
      ...decided(5, 'check', { risk: 'high' }),
      ...decided(10, 'ask'),
      COMPLETED,
    ];
    const { divergence, onlyA, onlyB } = compareHistories(a, b);
    assert.equal(divergence?.kind, 'decision');
    assert.deepEqual([divergence.a?.event.eventId, divergence.b?.event.eventId], ['10', '10']);
    assert.deepEqual(divergence.differences, [
      { field: 'activity type', a: 'pay', b: 'ask' },
      { field: 'activity id', a: 'pay', b: 'ask' },
    ]);
    assert.deepEqual(
      divergence.before.map((step) => step.a.event.eventId),
      ['3', '5', '6'],
    );
    assert.deepEqual(
      divergence.leads.map(({ what, a: group }) => `${what} of ${group.name}`),
      ['result of check'],
    );
    assert.deepEqual([onlyA.map(({ name }) => name), onlyB.map(({ name }) => name)], [['pay'], ['ask']]);
  });

  it('takes another length of a timer for another decision', () => {
    const { divergence } = compareHistories([started(), timer(5, '60s')], [started(), timer(5, '90s')]);
    assert.deepEqual(divergence?.differences, [{ field: 'timer length', a: '60s', b: '90s' }]);
    assert.equal(compareHistories([started(), timer(5, '60s')], [started(), timer(7, '60s')]).divergence, undefined);
  });

  it('tells what happened from what was decided', () => {
    const signal = event(7, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'stop' });
    const { divergence, decision } = compareHistories(
      [started(), ...decided(5, 'pay'), COMPLETED],
      [started(), ...decided(5, 'pay'), signal, event(8, 'WORKFLOW_EXECUTION_TERMINATED')],
    );
    assert.equal(divergence?.kind, 'decision');
    assert.deepEqual(divergence.differences, [
      { field: 'event', a: 'WORKFLOW_EXECUTION_COMPLETED', b: 'WORKFLOW_EXECUTION_SIGNALED' },
    ]);
    assert.deepEqual(
      [decision?.kind, decision?.a?.type, decision?.b],
      ['end', 'WORKFLOW_EXECUTION_COMPLETED', undefined],
    );
    const other = event(7, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'go' });
    const happening = compareHistories([started(), signal], [started(), other]);
    assert.equal(happening.divergence?.kind, 'happening');
    assert.equal(happening.decision, undefined);
    assert.equal(compareHistories([started(), signal], [started(), timer(7, '60s')]).divergence?.kind, 'decision');
  });

  it('knows that only the order was different', () => {
    const [pay] = decided(5, 'pay');
    const [ask] = decided(8, 'ask');
    assert.ok(pay && ask);
    const done = (id: number, scheduledEventId: string) => event(id, 'ACTIVITY_TASK_COMPLETED', { scheduledEventId });
    const { divergence, decision } = compareHistories(
      [started(), pay, ask, done(10, '5'), done(11, '8')],
      [started(), pay, ask, done(10, '8'), done(11, '5')],
    );
    assert.equal(divergence?.kind, 'order');
    assert.equal(decision, undefined);
  });

  it('shows what took longer, the most first', () => {
    const a = [started(), ...decided(5, 'pay', 'ok', 500), ...decided(10, 'ship', 'ok', 3000)];
    const b = [started(), ...decided(5, 'pay', 'ok', 700), ...decided(10, 'ship', 'ok', 1000)];
    const { timing } = compareHistories(a, b);
    assert.deepEqual(
      timing.map(({ a: group, aMs, bMs, deltaMs }) => [group.name, aMs, bMs, deltaMs]),
      [
        ['ship', 3000, 1000, -2000],
        ['pay', 500, 700, 200],
      ],
    );
  });

  it('pairs the n-th of a name with the n-th', () => {
    const a = [started(), ...decided(5, 'pay', 'ok', 100), ...decided(10, 'pay', 'ok', 200)];
    const b = [started(), ...decided(5, 'pay', 'ok', 100), ...decided(10, 'pay', 'ok', 300), ...decided(15, 'pay')];
    const { timing, onlyB } = compareHistories(a, b);
    assert.deepEqual(
      timing.map(({ aMs, bMs }) => [aMs, bMs]),
      [[200, 300]],
    );
    assert.deepEqual(
      onlyB.map(({ firstEventId }) => firstEventId),
      [15],
    );
  });

  it('shows which inputs and results were other bytes', () => {
    const a = [started({ input: payloads(1) }), ...decided(5, 'pay', 'yes'), COMPLETED];
    const b = [started({ input: payloads(22) }), ...decided(5, 'pay', 'no'), COMPLETED];
    assert.deepEqual(
      compareHistories(a, b).data.map(({ a: group, what, aBytes, bBytes, aEventId }) => [
        group.name,
        what,
        aBytes,
        bBytes,
        aEventId,
      ]),
      [
        ['order', 'input', 1, 2, '1'],
        ['pay', 'result', 5, 4, '6'],
      ],
    );
  });

  it('looks at the result of a local activity, not at the times beside it', () => {
    const run = (time: number, result: string) => [
      started(),
      event(5, 'MARKER_RECORDED', {
        markerName: 'core_local_activity',
        details: { data: payloads({ complete_time: time }), result: payloads(result) },
      }),
    ];
    assert.deepEqual(compareHistories(run(1, 'ok'), run(2, 'ok')).data, []);
    assert.equal(compareHistories(run(1, 'ok'), run(2, 'no')).data[0]?.bBytes, 4);
  });

  it('shows which failures were others, whatever the ids in them', () => {
    const failed = (id: number, message: string) => ({
      closing: { failure: { message, activityFailureInfo: { scheduledEventId: String(id) } } },
    });
    const run = (id: number, message: string | undefined) => [
      started(),
      ...(message === undefined
        ? activity(id, 'pay', 'ACTIVITY_TASK_COMPLETED')
        : activity(id, 'pay', 'ACTIVITY_TASK_FAILED', failed(id, message))),
    ];
    assert.deepEqual(compareHistories(run(5, 'lost'), run(9, 'lost')).failures, []);
    const found = (a: string | undefined, b: string | undefined) =>
      compareHistories(run(5, a), run(9, b)).failures.map(({ a: { name }, aFailure, bFailure, aEventId, bEventId }) => [
        name,
        aFailure?.message,
        bFailure?.message,
        aEventId,
        bEventId,
      ]);
    assert.deepEqual(found('order 1 lost', 'order 2 lost'), [['pay', 'order 1 lost', 'order 2 lost', '7', '11']]);
    assert.deepEqual(found(undefined, 'lost'), [['pay', undefined, 'lost', '7', '11']]);
  });

  it('takes failures that differ in a number for the same step', () => {
    const failed = (message: string) => [
      started(),
      ...activity(5, 'pay', 'ACTIVITY_TASK_FAILED', { closing: { failure: { message } } }),
    ];
    assert.equal(compareHistories(failed('order 1 lost'), failed('order 2 lost')).divergence, undefined);
    const { divergence } = compareHistories(failed('order 1 lost'), failed('order 1 found'));
    assert.deepEqual(divergence?.differences, [{ field: 'failure', a: 'order <n> lost', b: 'order <n> found' }]);
    assert.equal(divergence.kind, 'happening');
  });
});
