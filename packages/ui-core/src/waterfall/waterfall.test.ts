import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { activity, event, started, time } from '../../test/events.ts';
import { randomHistory } from '../../test/random-history.ts';
import type { WorkflowDescription } from '../groups/description.ts';
import { EventGroups } from '../groups/event-groups.ts';
import type { HistoryEvent } from '../history/event.ts';
import { type WaterfallOptions, waterfall, waterfallLines } from './waterfall.ts';

function groupsOf(events: readonly HistoryEvent[], description?: WorkflowDescription) {
  const groups = new EventGroups();
  groups.ingest(events);
  groups.describe(description);
  return groups.groups;
}

function lines(
  events: readonly HistoryEvent[],
  options: Partial<WaterfallOptions> = {},
  description?: WorkflowDescription,
) {
  return waterfallLines(waterfall(groupsOf(events, description), { width: 43, nowMs: 11_000, ...options }));
}

describe('a waterfall', () => {
  const order = [
    started(),
    ...activity(2, 'pay', 'ACTIVITY_TASK_FAILED'),
    event(5, 'TIMER_STARTED', { timerId: '1', startToFireTimeout: '3s' }),
    event(6, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'go' }),
    event(8, 'TIMER_FIRED', { startedEventId: '5' }),
    event(11, 'WORKFLOW_EXECUTION_COMPLETED'),
  ];

  it('shows each group on one axis', () => {
    assert.deepEqual(lines(order), [
      '             0                10s',
      'order        ████████████████████ ✓     10s',
      'activity pay   ░░█×               ✗      2s',
      'timer 3s             ──────       ✓      3s',
      'signal go              ◆          ✓',
    ]);
  });

  it('can be drawn in ASCII', () => {
    const drawn = lines(order, { ascii: true });
    for (const line of drawn) assert.match(line, /^[ -~]*$/);
    assert.match(drawn[2] ?? '', /\.\.+#+x +x +2s$/);
  });

  it('leaves open what is open, up to now', () => {
    const [scheduled] = activity(2, 'pay');
    assert.ok(scheduled);
    const pending = {
      activityId: '2',
      attempt: 2,
      state: 'PENDING_ACTIVITY_STATE_SCHEDULED',
      lastStartedTime: time(3000),
      lastAttemptCompleteTime: time(5000),
      nextAttemptScheduleTime: time(20_000),
    };
    const [, run, pay] = lines([started(), scheduled], {}, { pendingActivities: [pending] });
    assert.match(run ?? '', /^order +█{20} ● +10s$/);
    assert.match(pay ?? '', /^activity pay +░+█+×·+ ↻ +9s$/);
  });

  it('shows only the asked part of the time', () => {
    const [axis, , pay, timer] = lines(order, { fromMs: 5000, toMs: 9000 });
    assert.match(axis ?? '', / 0 +4s$/);
    assert.match(pay ?? '', /^activity pay {22}✗ +2s$/);
    assert.match(timer ?? '', /^timer 3s +─{14,} +✓ +3s$/);
  });

  it('cuts what is too long for a line', () => {
    const long = event(2, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: `a\nvery ${'long '.repeat(20)}name` });
    assert.match(lines([started(), long], { width: 60 })[2] ?? '', /^signal a very long long… /);
  });

  it('shows an attempt however short it was', () => {
    const at = 5000;
    const instant = [
      event(2, 'ACTIVITY_TASK_SCHEDULED', { activityType: { name: 'pay' } }, at),
      event(3, 'ACTIVITY_TASK_STARTED', { scheduledEventId: '2' }, at),
      event(4, 'ACTIVITY_TASK_COMPLETED', { scheduledEventId: '2' }, at),
    ];
    assert.match(lines([started(), ...instant])[2] ?? '', /^activity pay +█ +✓ +0ms$/);
  });

  it('of nothing is an axis', () => {
    assert.deepEqual(lines([]).length, 1);
  });

  it('has lines of one width, and shows everything that happened', () => {
    fc.assert(
      fc.property(randomHistory(), fc.integer({ min: 0, max: 200 }), (events, width) => {
        const { lines: drawn } = waterfall(groupsOf(events), { width, nowMs: 60_000 });
        const widths = drawn.map(({ label, bar, mark, duration }) => `${label} ${bar} ${mark} ${duration}`.length);
        assert.ok(
          widths.every((one) => one === Math.max(width, 40)),
          String(widths),
        );
        assert.ok(drawn.every(({ bar }) => bar.trim() !== ''));
      }),
    );
  });
});
