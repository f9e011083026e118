import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { event, payload } from '../../test/events.ts';
import { randomHistory } from '../../test/random-history.ts';
import { EventGroups } from '../groups/event-groups.ts';
import type { EventGroup } from '../groups/group.ts';
import type { EventAttributes, HistoryEvent } from '../history/event.ts';
import type { EventType } from '../history/event-types.ts';
import { likelyPoint, resetPoints } from './points.ts';
import { previewReset, resetProblem } from './preview.ts';

type Line = readonly [type: EventType, attributes?: EventAttributes];

function groupsOf(...lines: readonly Line[]): EventGroups {
  const groups = new EventGroups();
  groups.ingest(lines.map(([type, attributes], at) => event(at + 1, type, attributes)));
  return groups;
}

function task(scheduledId: number, end: EventType = 'WORKFLOW_TASK_COMPLETED', more: EventAttributes = {}): Line[] {
  const scheduledEventId = String(scheduledId);
  return [
    ['WORKFLOW_TASK_SCHEDULED'],
    ['WORKFLOW_TASK_STARTED', { scheduledEventId }],
    [end, { scheduledEventId, ...more }],
  ];
}

const by = (id: number) => ({ workflowTaskCompletedEventId: String(id) });
const REQUEST = { meta: { updateId: 'u' }, input: { name: 'approve' } };

/** An order that charges, waits, ships with a child, and is asked to hurry. */
const ORDER: readonly Line[] = [
  ['WORKFLOW_EXECUTION_STARTED', { workflowType: { name: 'order' } }],
  ...task(2),
  ['ACTIVITY_TASK_SCHEDULED', { activityId: '1', activityType: { name: 'charge' }, ...by(4) }],
  ['TIMER_STARTED', { timerId: '1', startToFireTimeout: '60s', ...by(4) }],
  ['WORKFLOW_EXECUTION_SIGNALED', { signalName: 'hurry' }],
  ...task(8),
  ['ACTIVITY_TASK_STARTED', { scheduledEventId: '5', attempt: 1 }],
  ['ACTIVITY_TASK_COMPLETED', { scheduledEventId: '5' }],
  ...task(13),
  ['START_CHILD_WORKFLOW_EXECUTION_INITIATED', { workflowId: 'ship-1', workflowType: { name: 'ship' }, ...by(15) }],
  ['TIMER_STARTED', { timerId: '2', startToFireTimeout: '3600s', ...by(15) }],
  ['ACTIVITY_TASK_SCHEDULED', { activityId: '2', activityType: { name: 'thank' }, ...by(15) }],
  ['CHILD_WORKFLOW_EXECUTION_STARTED', { initiatedEventId: '16', workflowExecution: { runId: 'r' } }],
  ...task(20, 'WORKFLOW_TASK_FAILED', { cause: 'WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR' }),
  ['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', { protocolInstanceId: 'u', acceptedRequest: REQUEST }],
];

const names = (groups: readonly EventGroup[] | undefined) => groups?.map(({ label }) => label);

describe('the points that a run can be reset to', () => {
  it('are told by what their task was about to decide, and by what woke the workflow', () => {
    assert.deepEqual(
      resetPoints(groupsOf(...ORDER)).map(({ finishEventId, words, after }) => [finishEventId, words, after]),
      [
        [4, 'before activity charge was scheduled, timer 1m was started', 'after the start'],
        [10, 'before a workflow task that decided nothing', 'after signal hurry was received'],
        [
          15,
          'before child workflow ship ship-1 was started, timer 1h was started, and 1 more',
          'after activity charge completed',
        ],
        [22, 'where the workflow task failed: non deterministic error', 'after child workflow ship ship-1 started'],
      ],
    );
  });

  it('are told for ends, markers, updates and tasks that have not ended, too', () => {
    const details = { data: { payloads: [payload({ activity_type: 'hash' })] } };
    const groups = groupsOf(
      ['WORKFLOW_EXECUTION_STARTED'],
      ...task(2, 'WORKFLOW_TASK_TIMED_OUT', { timeoutType: 'TIMEOUT_TYPE_START_TO_CLOSE' }),
      ...task(5),
      ['MARKER_RECORDED', { markerName: 'core_local_activity', details, ...by(7) }],
      ['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', { protocolInstanceId: 'u', acceptedRequest: REQUEST }],
      ['WORKFLOW_EXECUTION_CANCEL_REQUESTED'],
      ...task(11),
      ['WORKFLOW_EXECUTION_COMPLETED', by(13)],
    );
    assert.deepEqual(
      resetPoints(groups).map(({ words, after }) => [words, after]),
      [
        ['where the workflow task timed out: start to close', 'after the start'],
        ['before local activity hash was recorded, update approve was accepted', 'after update approve came'],
        ['before the workflow completed', 'after workflow cancel requested'],
      ],
    );
    const open = groupsOf(['WORKFLOW_EXECUTION_STARTED'], ...task(2).slice(0, 2));
    assert.deepEqual(
      resetPoints(open).map(({ finishEventId, words }) => [finishEventId, words]),
      [[3, 'at the workflow task that is running']],
    );
    assert.deepEqual(resetPoints(groupsOf(['WORKFLOW_EXECUTION_STARTED'], ['WORKFLOW_TASK_SCHEDULED'])), []);
  });
});

describe('the point that a person most likely means', () => {
  const likely = (groups: EventGroups) => likelyPoint(resetPoints(groups), groups)?.finishEventId;
  const failedOf = (...ends: readonly Line[]) =>
    groupsOf(
      ['WORKFLOW_EXECUTION_STARTED'],
      ...task(2),
      ['ACTIVITY_TASK_SCHEDULED', { activityId: '1', activityType: { name: 'charge' }, ...by(4) }],
      ['ACTIVITY_TASK_STARTED', { scheduledEventId: '5', attempt: 1 }],
      ['ACTIVITY_TASK_FAILED', { scheduledEventId: '5', startedEventId: '6' }],
      ...task(8),
      ...ends,
    );

  it('is before the activity that made the run fail', () => {
    assert.equal(likely(failedOf(['WORKFLOW_EXECUTION_FAILED', by(10)])), 4);
  });

  it('is the last one of a run that did not fail', () => {
    assert.equal(likely(failedOf(['WORKFLOW_EXECUTION_COMPLETED', by(10)])), 10);
    assert.equal(likely(failedOf()), 10);
    assert.equal(likely(groupsOf(['WORKFLOW_EXECUTION_STARTED'])), undefined);
  });
});

describe('the preview of a reset', () => {
  const groups = groupsOf(...ORDER);

  it('says what is kept, what happens again, what is lost and what is told once more', () => {
    const preview = previewReset(groups, { finishEventId: 15 });
    assert.ok(preview);
    assert.deepEqual([preview.keptToEventId, preview.droppedEvents, preview.terminates], [14, 9, true]);
    assert.deepEqual(names(preview.repeated), ['ship ship-1', '1h', 'thank']);
    assert.deepEqual(names(preview.repeatedEffects), ['ship ship-1']);
    assert.deepEqual(names(preview.lost), ['ship ship-1', '1h']);
    assert.deepEqual(names(preview.reapplied), ['approve']);
    assert.deepEqual([preview.restarted, preview.cutOff, preview.excluded], [[], [], []]);
  });

  it('knows activities that had not ended', () => {
    assert.deepEqual(names(previewReset(groups, { finishEventId: 10 })?.restarted), ['charge']);
    const cut = groupsOf(
      ['WORKFLOW_EXECUTION_STARTED'],
      ...task(2),
      ['ACTIVITY_TASK_SCHEDULED', { activityId: '1', activityType: { name: 'charge' }, ...by(4) }],
      ['WORKFLOW_TASK_SCHEDULED'],
      ['ACTIVITY_TASK_STARTED', { scheduledEventId: '5' }],
      ['WORKFLOW_TASK_STARTED', { scheduledEventId: '6' }],
      ['ACTIVITY_TASK_COMPLETED', { scheduledEventId: '5' }],
    );
    assert.deepEqual(names(previewReset(cut, { finishEventId: 8 })?.cutOff), ['charge']);
    assert.deepEqual(names(previewReset(cut, { finishEventId: 7 })?.restarted), ['charge']);
  });

  it('leaves out messages that somebody does not want', () => {
    const all = previewReset(groups, { finishEventId: 4 });
    assert.deepEqual(names(all?.reapplied), ['hurry', 'approve']);
    const some = previewReset(groups, { finishEventId: 4, excludeSignals: true });
    assert.deepEqual([names(some?.reapplied), names(some?.excluded)], [['approve'], ['hurry']]);
    const none = previewReset(groups, { finishEventId: 4, excludeSignals: true, excludeUpdates: true });
    assert.deepEqual([names(none?.reapplied), names(none?.excluded)], [[], ['hurry', 'approve']]);
  });

  it('does not terminate what has closed', () => {
    const closed = groupsOf(['WORKFLOW_EXECUTION_STARTED'], ...task(2), ['WORKFLOW_EXECUTION_COMPLETED', by(4)]);
    assert.equal(previewReset(closed, { finishEventId: 4 })?.terminates, false);
  });

  for (const [id, problem] of [
    [1, /after its first one/],
    [0.5, /after its first one/],
    [24, /ends with event 23/],
    [2, /No workflow task was pending at event 2 \(workflow task scheduled\).*nearest one is 4\./],
    [5, /No workflow task was pending at event 5 \(activity task scheduled\).*are 4 and 10/],
    [23, /is 22\./],
  ] as const) {
    it(`is not possible at event ${id}`, () => {
      assert.match(resetProblem(id, groups) ?? '', problem);
      assert.equal(previewReset(groups, { finishEventId: id }), undefined);
    });
  }

  it('is possible from behind the schedule of a task to its end', () => {
    for (const id of [3, 4, 9, 10, 14, 15]) assert.equal(resetProblem(id, groups), undefined, String(id));
    const partial = new EventGroups();
    partial.ingest([event(1, 'WORKFLOW_EXECUTION_STARTED'), event(9, 'TIMER_FIRED', { startedEventId: '3' })]);
    assert.match(resetProblem(4, partial) ?? '', /has not been loaded/);
    assert.match(resetProblem(9, partial) ?? '', /There is none in this history/);
  });

  it('is possible at every point, and puts every group somewhere', () => {
    fc.assert(
      fc.property(randomHistory(), (events: HistoryEvent[]) => {
        const some = new EventGroups();
        some.ingest(events);
        for (const { finishEventId } of resetPoints(some)) {
          const preview = previewReset(some, { finishEventId });
          assert.ok(preview);
          assert.equal(preview.keptToEventId + preview.droppedEvents, events.length);
          for (const group of [...preview.repeated, ...preview.reapplied])
            assert.ok(group.firstEventId >= finishEventId);
          for (const group of [...preview.restarted, ...preview.cutOff]) assert.ok(group.firstEventId < finishEventId);
        }
      }),
    );
  });
});
