import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { activity, event, started, workflowTask } from '../../test/events.ts';
import { longHistory } from '../../test/long-history.ts';
import { randomHistory } from '../../test/random-history.ts';
import { busySpans } from '../axis/spans.ts';
import { TimeAxis } from '../axis/time-axis.ts';
import { EventGroups } from '../groups/event-groups.ts';
import type { EventGroup } from '../groups/group.ts';
import type { HistoryEvent } from '../history/event.ts';
import { BAR_FAILED, BAR_KINDS, BAR_OPEN, BAR_STATUSES, barsOf } from './bars.ts';
import { type ChildGroups, kindCounts, layoutRows, type Row, type RowOptions } from './rows.ts';

const NOW = 60_000;

function groupsOf(...events: readonly HistoryEvent[]): readonly EventGroup[] {
  const groups = new EventGroups();
  groups.ingest(events);
  return groups.groups;
}

function child(id: number, workflowId: string, runId: string): HistoryEvent[] {
  const workflowExecution = { workflowId, runId };
  return [
    event(id, 'START_CHILD_WORKFLOW_EXECUTION_INITIATED', { workflowId, workflowType: { name: 'ship' } }),
    event(id + 1, 'CHILD_WORKFLOW_EXECUTION_STARTED', { initiatedEventId: String(id), workflowExecution }),
  ];
}

const PARENT = groupsOf(
  started(),
  ...workflowTask(2),
  ...activity(5, 'charge'),
  event(8, 'TIMER_STARTED', { timerId: '1', startToFireTimeout: '5s' }),
  ...child(9, 'ship-1', 'r1'),
  event(11, 'START_CHILD_WORKFLOW_EXECUTION_INITIATED', { workflowId: 'ship-2', workflowType: { name: 'ship' } }),
);

const CHILD = groupsOf(started(), ...activity(2, 'pack'), ...child(5, 'pack-1', 'r2'));
const GRANDCHILD = groupsOf(started(), ...activity(2, 'wrap'));

function rowsOf(more: Partial<RowOptions> = {}): Row[] {
  const runs: Readonly<Record<string, ChildGroups>> = { r1: CHILD, r2: GRANDCHILD };
  const childGroups: RowOptions['childGroups'] = ({ runId }) => runs[runId] ?? 'loading';
  return layoutRows({ groups: PARENT, nowMs: NOW, childGroups, ...more });
}

const shown = (rows: readonly Row[]) => rows.map(({ group, depth }) => `${'> '.repeat(depth)}${group.label}`);

describe('the rows of a run', () => {
  it('are its groups, without workflow tasks', () => {
    assert.deepEqual(shown(rowsOf()), ['order', 'charge', '5s', 'ship ship-1', 'ship ship-2']);
    assert.deepEqual(shown(rowsOf({ hidden: new Set(['timer', 'child']) })), ['order', 'workflow task', 'charge']);
    assert.equal(kindCounts(PARENT).get('workflowTask'), 1);
    assert.equal(kindCounts(PARENT).get('child'), 2);
  });

  it('open into the rows of a child, to any depth, if it has a run', () => {
    const opened = new Set(['child:9', 'child:9/child:5', 'child:11']);
    const rows = rowsOf({ opened });
    assert.deepEqual(shown(rows), [
      'order',
      'charge',
      '5s',
      'ship ship-1',
      '> pack',
      '> ship pack-1',
      '> > wrap',
      'ship ship-2',
    ]);
    assert.deepEqual(
      rows.flatMap(({ inside }) => inside ?? []),
      ['opened', 'opened'],
    );
    assert.deepEqual(
      rowsOf().flatMap(({ inside }) => inside ?? []),
      ['closed'],
    );
    assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
  });

  it('say when a child is on its way', () => {
    const rows = rowsOf({ opened: new Set(['child:9']), childGroups: () => 'loading' });
    assert.deepEqual([rows.length, rows[3]?.inside], [5, 'loading']);
  });

  it('ask for a child only when it is opened', () => {
    const asked: string[] = [];
    rowsOf({
      opened: new Set(['child:9']),
      childGroups: ({ runId }) => {
        asked.push(runId);
        return CHILD;
      },
    });
    assert.deepEqual(asked, ['r1']);
  });

  it('that are searched for are shown with what they are inside of', () => {
    const filter = ({ name }: EventGroup) => name === 'wrap';
    const opened = new Set(['child:9', 'child:9/child:5']);
    const rows = rowsOf({ filter, opened });
    assert.deepEqual(shown(rows), ['ship ship-1', '> ship pack-1', '> > wrap']);
    assert.deepEqual(
      rows.map(({ isFound }) => isFound),
      [false, false, true],
    );
    assert.deepEqual(shown(rowsOf({ filter })), []);
  });

  it('can be in other orders, the run itself first', () => {
    assert.deepEqual(shown(rowsOf({ order: 'newest' })), ['order', 'ship ship-2', 'ship ship-1', '5s', 'charge']);
    assert.deepEqual(shown(rowsOf({ order: 'duration' })), ['order', '5s', 'ship ship-1', 'ship ship-2', 'charge']);
    const opened = new Set(['child:9']);
    assert.deepEqual(shown(rowsOf({ order: 'newest', opened })).slice(2, 5), [
      'ship ship-1',
      '> ship pack-1',
      '> pack',
    ]);
  });
});

describe('the bars of rows', () => {
  const failing = groupsOf(
    started(),
    ...activity(2, 'charge', 'ACTIVITY_TASK_FAILED'),
    event(5, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'pay' }),
    event(6, 'TIMER_STARTED', { timerId: '1' }),
  );
  const rows = layoutRows({ groups: failing, nowMs: 11_000 });
  const axis = TimeAxis.of({ spans: busySpans(failing, 11_000), nowMs: 11_000, widthPx: 1040, folding: 'none' });

  function listed(range: { from: number; to: number }, on: TimeAxis) {
    const bars = barsOf(rows, range, on, 11_000);
    return Array.from({ length: bars.count }, (_, at) => [
      bars.row[at],
      Math.round(bars.x0[at] ?? 0),
      Math.round(bars.x1[at] ?? 0),
      BAR_KINDS[bars.kind[at] ?? 99],
      BAR_STATUSES[bars.status[at] ?? 99],
      bars.flags[at],
    ]);
  }

  it('are their segments in pixels, and moments', () => {
    assert.deepEqual(listed({ from: 0, to: 9 }, axis), [
      [0, 20, 1020, 'running', 'running', BAR_OPEN],
      [1, 120, 220, 'queued', 'failed', 0],
      [1, 220, 320, 'running', 'failed', BAR_FAILED],
      [2, 420, 420, 'moment', 'completed', 0],
      [3, 520, 1020, 'waiting', 'scheduled', BAR_OPEN],
    ]);
  });

  it('are those of the wanted rows', () => {
    assert.deepEqual(
      listed({ from: 2, to: 3 }, axis).map(([row, , , kind]) => [row, kind]),
      [[0, 'moment']],
    );
    assert.deepEqual(listed({ from: 7, to: 9 }, axis), []);
    assert.deepEqual(listed({ from: -3, to: 0 }, axis), []);
  });

  it('end a little outside of the view', () => {
    const near = axis.show(5900, 6100);
    assert.deepEqual(
      listed({ from: 0, to: 9 }, near).map(([row, x0, x1]) => [row, x0, x1]),
      [
        [0, -64, 1104],
        [3, 520, 1104],
      ],
    );
  });

  it('are never turned round, and are in the order of the rows', () => {
    fc.assert(
      fc.property(randomHistory(), fc.double({ min: 1, max: 100, noNaN: true }), (events, zoom) => {
        const groups = groupsOf(...events);
        const all = layoutRows({ groups, nowMs: NOW });
        const some = TimeAxis.of({ spans: busySpans(groups, NOW), widthPx: 500 }).zoom(zoom);
        const { count, row, x0, x1 } = barsOf(all, { from: 0, to: all.length }, some, NOW);
        for (let at = 0; at < count; at += 1) {
          assert.ok((x0[at] ?? 1) <= (x1[at] ?? 0));
          assert.ok(at === 0 || (row[at] ?? 0) >= (row[at - 1] ?? 0));
          assert.ok((row[at] ?? all.length) < all.length);
        }
      }),
    );
  });

  it('of a hundred rows of a long run are ready for the next frame', () => {
    const groups = groupsOf(...longHistory(50_000));
    const many = layoutRows({ groups, nowMs: 1e8 });
    const wide = TimeAxis.of({ spans: busySpans(groups, 1e8), widthPx: 1500 });
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 10; round += 1) {
      const before = process.cpuUsage();
      assert.ok(barsOf(many, { from: 5000, to: 5100 }, wide, 1e8).count > 100);
      best = Math.min(best, process.cpuUsage(before).user / 1000);
    }
    assert.ok(best < 4, `${best} ms`);
  });
});
