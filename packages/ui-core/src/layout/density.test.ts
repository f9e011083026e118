import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { activity, event, started } from '../../test/events.ts';
import { busySpans } from '../axis/spans.ts';
import { TimeAxis } from '../axis/time-axis.ts';
import { EventGroups } from '../groups/event-groups.ts';
import type { HistoryEvent } from '../history/event.ts';
import { densityOf, firstRowWithin } from './density.ts';
import { layoutRows } from './rows.ts';

const NOW = 41_000;

function page(events: readonly HistoryEvent[], widthPx: number) {
  const groups = new EventGroups();
  groups.ingest(events);
  const rows = layoutRows({ groups: groups.groups, nowMs: NOW });
  const spans = busySpans(groups.groups, NOW);
  return { rows, axis: TimeAxis.of({ spans, nowMs: NOW, folding: 'none', widthPx }) };
}

/** From 5 to 7 s and, failed, from 8 to 10 s; a signal at 20 s; one that goes on from 30 s. */
const EVENTS = [
  started(),
  ...activity(5, 'charge'),
  ...activity(8, 'ship', 'ACTIVITY_TASK_FAILED', { closing: { failure: { message: 'no' } } }),
  event(20, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'go' }),
  event(30, 'TIMER_STARTED', { timerId: '1', startToFireTimeout: '60s' }),
];

describe('the density of a run', () => {
  it('counts what goes on at each pixel, and where something failed', () => {
    const { rows, axis } = page(EVENTS, 416);
    const at = (seconds: number) => Math.floor(axis.positionOf(seconds * 1000));
    const { active, failures, most } = densityOf(rows, axis, NOW);
    assert.equal(active.length, 416);
    assert.deepEqual(
      [4, 6, 7.5, 9, 15, 20, 25, 35, 40].map((second) => active[at(second)]),
      [0, 1, 0, 1, 0, 1, 0, 1, 1],
    );
    assert.equal(failures[at(10)], 1);
    assert.equal(
      failures.reduce((sum, one) => sum + one),
      1,
    );
    assert.equal(most, 1);
  });

  it('adds up what goes on side by side', () => {
    const scheduled = (id: number, atMs: number) =>
      event(id, 'ACTIVITY_TASK_SCHEDULED', { activityId: `${id}`, activityType: { name: 'pack' } }, atMs);
    const { rows, axis } = page([started(), scheduled(5, 5000), scheduled(6, 6000), scheduled(7, 50_000)], 200);
    const { active, most } = densityOf(rows, axis, NOW);
    assert.equal(active[Math.floor(axis.positionOf(5500))], 1);
    assert.equal(active[Math.floor(axis.positionOf(20_000))], 2);
    assert.equal(most, 2);
  });

  it('is there without rows, and without a width', () => {
    const { axis } = page([started()], 100);
    assert.equal(densityOf([], axis, NOW).most, 0);
    const { rows } = page(EVENTS, 100);
    assert.equal(densityOf(rows, axis.with({ widthPx: 0 }), NOW).active.length, 1);
  });
});

describe('the first row within a range', () => {
  const { rows } = page(EVENTS, 100);
  const first = (from: number, to: number) => {
    const at = firstRowWithin(rows, { fromMs: from * 1000, toMs: to * 1000 }, NOW);
    return at < 0 ? undefined : rows[at]?.group.name;
  };

  it('is the first that has something in it, up to its edges', () => {
    assert.equal(first(0, 41), 'charge');
    assert.equal(first(7, 7), 'charge');
    assert.equal(first(7.001, 8), 'ship');
    assert.equal(first(11, 25), 'go');
    assert.equal(first(40, 41), '1');
    assert.equal(first(2, 4), undefined);
  });
});
