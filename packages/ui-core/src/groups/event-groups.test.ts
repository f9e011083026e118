import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { activity, event, payload, payloads, started, time, workflowTask } from '../../test/events.ts';
import { randomDescription, randomHistory } from '../../test/random-history.ts';
import type { HistoryEvent } from '../history/event.ts';
import { EVENT_TYPES } from '../history/event-types.ts';
import type { WorkflowDescription } from './description.ts';
import { EventGroups } from './event-groups.ts';
import type { EventGroup, GroupKind } from './group.ts';
import { statusWords } from './group.ts';
import { membershipOf } from './shapes.ts';

function groupsOf(events: readonly HistoryEvent[], description?: WorkflowDescription): readonly EventGroup[] {
  const groups = new EventGroups();
  groups.ingest(events);
  groups.describe(description);
  return groups.groups;
}

function only(kind: GroupKind, events: readonly HistoryEvent[], description?: WorkflowDescription): EventGroup {
  const [group, ...more] = groupsOf(events, description).filter((one) => one.kind === kind);
  assert.ok(group !== undefined && more.length === 0, `one ${kind}`);
  return group;
}

describe('groups of events', () => {
  it('are the same in whatever pages and order the events come', () => {
    const pages = randomHistory().chain((events) =>
      fc.record({
        events: fc.constant(events),
        shuffled: fc.shuffledSubarray(events, { minLength: events.length }),
        size: fc.integer({ min: 1, max: 5 }),
        overlap: fc.integer({ min: 0, max: 5 }),
        descriptions: fc.array(fc.option(randomDescription(), { nil: undefined })),
      }),
    );
    fc.assert(
      fc.property(pages, ({ events, shuffled, size, overlap, descriptions }) => {
        const groups = new EventGroups();
        const described: (WorkflowDescription | undefined)[] = [];
        for (let at = 0; at < shuffled.length; at += size) {
          groups.ingest(shuffled.slice(Math.max(0, at - overlap), at + size));
          assert.ok(groups.groups.length > 0);
          if (described.length >= descriptions.length) continue;
          described.push(descriptions[described.length]);
          groups.describe(described.at(-1));
          assert.deepEqual(groups.groups, groupsOf(groups.events, described.at(-1)));
        }
        assert.deepEqual(groups.groups, groupsOf(events, described.at(-1)));
        assert.deepEqual(groups.events, events);
      }),
    );
  });

  it('that were looked at do not change when more events come', () => {
    fc.assert(
      fc.property(randomHistory(), (events) => {
        const groups = new EventGroups();
        for (const one of [...events].reverse()) {
          const before = groups.groups;
          const copy = structuredClone(before);
          groups.ingest([one]);
          assert.ok(groups.groups.length > 0);
          assert.deepEqual(before, copy);
        }
      }),
    );
  });

  it('hold each event once', () => {
    fc.assert(
      fc.property(randomHistory(), (events) => {
        const held = groupsOf(events).flatMap((group) => group.events);
        assert.deepEqual(
          held.map(({ eventId }) => Number(eventId)).sort((a, b) => a - b),
          events.map((_, at) => at + 1),
        );
      }),
    );
  });

  it('take in every type of event', () => {
    const events = EVENT_TYPES.map((type, at) => event(at + 1, type));
    assert.equal(groupsOf(events).flatMap((group) => group.events).length, EVENT_TYPES.length);
    assert.equal(membershipOf({ eventId: '1', eventType: 'EVENT_TYPE_SOMETHING_NEW' }).id, 'workflow');
  });

  it('that did not change stay the same objects', () => {
    const groups = new EventGroups();
    groups.ingest([started(), ...activity(2, 'charge'), event(5, 'TIMER_STARTED', { timerId: '1' })]);
    const [, charge, timer] = groups.groups;
    groups.ingest([event(6, 'TIMER_FIRED', { timerId: '1', startedEventId: '5' })]);
    groups.describe({});
    assert.equal(groups.groups[1], charge);
    assert.notEqual(groups.groups[2], timer);
    assert.equal(groups.groupOf(6), groups.groups[2]);
    assert.equal(groups.groupOf(7), undefined);
    assert.equal(groups.find('5')?.eventId, '5');
  });
});

describe('the group of an activity', () => {
  it('is cut into its wait and its attempt', () => {
    const charge = only('activity', activity(5, 'charge'));
    assert.equal(charge.status, 'completed');
    assert.deepEqual([charge.name, charge.label, charge.attempt], ['charge', 'charge', 1]);
    assert.deepEqual(charge.segments, [
      { kind: 'queued', fromMs: 5000, toMs: 6000, failed: false },
      { kind: 'running', fromMs: 6000, toMs: 7000, failed: false },
    ]);
  });

  it('that was retried says so, and keeps its failure', () => {
    const charge = only(
      'activity',
      activity(5, 'charge', 'ACTIVITY_TASK_FAILED', { attempt: 3, closing: { failure: { message: 'no' } } }),
    );
    assert.deepEqual([charge.status, charge.attempt, charge.lastFailure?.message], ['failed', 3, 'no']);
    assert.deepEqual(
      charge.segments.map(({ kind, failed }) => [kind, failed]),
      [
        ['retrying', false],
        ['running', true],
      ],
    );
  });

  it('that nobody took in time waited all the while', () => {
    const [scheduled] = activity(5, 'charge');
    assert.ok(scheduled);
    const timedOut = event(6, 'ACTIVITY_TASK_TIMED_OUT', { scheduledEventId: '5' }, 9000);
    const charge = only('activity', [scheduled, timedOut]);
    assert.equal(charge.status, 'timedOut');
    assert.deepEqual(charge.segments, [{ kind: 'queued', fromMs: 5000, toMs: 9000, failed: true }]);
  });

  it('whose beginning is on another page has what its end tells', () => {
    const [, , completed] = activity(5, 'charge');
    assert.ok(completed);
    const { id, status, scheduledMs, closedMs, segments } = only('activity', [completed]);
    assert.deepEqual([id, status, scheduledMs, closedMs, segments], ['activity:5', 'completed', undefined, 7000, []]);
  });

  it('with an id that somebody chose shows it', () => {
    const chosen = event(5, 'ACTIVITY_TASK_SCHEDULED', { activityId: 'order-7', activityType: { name: 'charge' } });
    assert.equal(only('activity', [chosen]).label, 'charge order-7');
    assert.equal(only('activity', [{ ...chosen, userMetadata: { summary: payload('the card') } }]).label, 'the card');
  });

  it('is abandoned when the run closes first', () => {
    const [scheduled] = activity(5, 'charge');
    assert.ok(scheduled);
    const charge = only('activity', [scheduled, event(9, 'WORKFLOW_EXECUTION_TERMINATED')]);
    assert.deepEqual([charge.status, charge.closedMs], ['abandoned', 9000]);
  });
});

describe('the group of a pending activity', () => {
  const [scheduled] = activity(5, 'charge');
  const failure = { message: 'no' };
  function pending(
    state: string,
    more: NonNullable<WorkflowDescription['pendingActivities']>[number] = {},
  ): EventGroup {
    assert.ok(scheduled);
    const one = { activityId: '5', state: `PENDING_ACTIVITY_STATE_${state}`, ...more };
    return only('activity', [scheduled], { pendingActivities: [one] });
  }
  const bars = ({ segments }: EventGroup) => segments.map(({ kind, fromMs, toMs }) => [kind, fromMs, toMs]);

  it('is running once a worker has it', () => {
    const charge = pending('STARTED', { attempt: 1, lastStartedTime: time(8000) });
    assert.deepEqual([charge.status, charge.startedMs, charge.attempt], ['running', 8000, 1]);
    assert.deepEqual(bars(charge), [
      ['queued', 5000, 8000],
      ['running', 8000, undefined],
    ]);
  });

  it('waits for a worker', () => {
    const charge = pending('SCHEDULED', { attempt: 1, scheduledTime: time(5000) });
    assert.equal(charge.status, 'scheduled');
    assert.deepEqual(bars(charge), [['queued', 5000, undefined]]);
  });

  it('backs off until its next attempt', () => {
    const charge = pending('SCHEDULED', {
      attempt: 2,
      maximumAttempts: 4,
      lastFailure: failure,
      lastStartedTime: time(6000),
      lastAttemptCompleteTime: time(7000),
      nextAttemptScheduleTime: time(9000),
    });
    assert.deepEqual([charge.status, charge.attempt, charge.maximumAttempts, charge.dueMs], ['backingOff', 2, 4, 9000]);
    assert.equal(charge.lastFailure, failure);
    assert.deepEqual(bars(charge), [
      ['queued', 5000, 6000],
      ['running', 6000, 7000],
      ['backingOff', 7000, 9000],
    ]);
  });

  it('waits for a worker again after its back-off', () => {
    const charge = pending('SCHEDULED', { attempt: 3, lastAttemptCompleteTime: time(7000), scheduledTime: time(9000) });
    assert.equal(charge.status, 'scheduled');
    assert.deepEqual(bars(charge), [
      ['retrying', 5000, 7000],
      ['backingOff', 7000, 9000],
      ['queued', 9000, undefined],
    ]);
  });

  it('is paused before its first attempt, or between attempts', () => {
    const pauseInfo = { pauseTime: time(8000) };
    assert.deepEqual(bars(pending('PAUSED', { attempt: 1, pauseInfo })), [
      ['queued', 5000, 8000],
      ['paused', 8000, undefined],
    ]);
    const between = pending('PAUSED', { attempt: 2, lastAttemptCompleteTime: time(7000), pauseInfo });
    assert.equal(between.status, 'paused');
    assert.deepEqual(bars(between), [
      ['retrying', 5000, 7000],
      ['backingOff', 7000, 8000],
      ['paused', 8000, undefined],
    ]);
  });

  it('is not believed when the history knows better', () => {
    const stale = { pendingActivities: [{ activityId: '5', state: 'PENDING_ACTIVITY_STATE_STARTED', attempt: 9 }] };
    assert.equal(only('activity', activity(5, 'charge'), stale).status, 'completed');
  });
});

describe('other groups', () => {
  it('of timers are due, fire, and can be canceled', () => {
    const timer = event(5, 'TIMER_STARTED', { timerId: '1', startToFireTimeout: '90s' });
    const waiting = only('timer', [timer]);
    assert.deepEqual([waiting.label, waiting.dueMs, statusWords(waiting)], ['1m 30s', 95_000, 'waiting']);
    const fired = only('timer', [timer, event(6, 'TIMER_FIRED', { startedEventId: '5' })]);
    assert.deepEqual([fired.closedMs, statusWords(fired)], [6000, 'fired']);
    assert.equal(only('timer', [timer, event(6, 'TIMER_CANCELED', { startedEventId: '5' })]).status, 'canceled');
  });

  it('of children lead to their run', () => {
    const initiated = event(5, 'START_CHILD_WORKFLOW_EXECUTION_INITIATED', {
      namespace: 'default',
      workflowId: 'ship-7',
      workflowType: { name: 'ship' },
    });
    const pendingChildren = [{ initiatedId: '5', runId: 'r1' }];
    const expected = { namespace: 'default', workflowId: 'ship-7', runId: 'r1' };
    assert.deepEqual(only('child', [initiated], { pendingChildren }).execution, expected);
    const failed = event(6, 'CHILD_WORKFLOW_EXECUTION_FAILED', {
      initiatedEventId: '5',
      workflowExecution: { workflowId: 'ship-7', runId: 'r1' },
      failure: { message: 'no' },
    });
    const child = only('child', [initiated, failed]);
    assert.deepEqual([child.execution, child.label, child.status], [expected, 'ship ship-7', 'failed']);
  });

  it('of updates hold what became of them', () => {
    const acceptedRequest = { meta: { updateId: 'u1' }, input: { name: 'add' } };
    const admitted = event(2, 'WORKFLOW_EXECUTION_UPDATE_ADMITTED', { request: acceptedRequest });
    const accepted = event(3, 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED', { protocolInstanceId: 'u1', acceptedRequest });
    const completed = event(4, 'WORKFLOW_EXECUTION_UPDATE_COMPLETED', {
      acceptedEventId: '3',
      meta: { updateId: 'u1' },
      outcome: { failure: { message: 'no' } },
    });
    const update = only('update', [admitted, accepted, completed]);
    assert.deepEqual(
      [update.label, update.instance, update.status, update.lastFailure?.message],
      ['add', 'u1', 'failed', 'no'],
    );
    assert.deepEqual([update.scheduledMs, update.startedMs, update.closedMs], [2000, 3000, 4000]);
    assert.equal(only('update', [accepted]).status, 'running');
  });

  it('of signals and markers have no length', () => {
    const signal = only('signal', [event(2, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'pay' })]);
    assert.deepEqual(
      [signal.label, signal.closedMs, signal.segments, statusWords(signal)],
      ['pay', 2000, [], 'received'],
    );
    const details = { data: payloads({ activity_type: 'charge', attempt: 2 }) };
    const local = only('localActivity', [event(2, 'MARKER_RECORDED', { markerName: 'core_local_activity', details })]);
    assert.deepEqual([local.label, local.attempt, local.status], ['charge', 2, 'completed']);
  });

  it('of Nexus operations know of their next attempt', () => {
    const scheduled = event(5, 'NEXUS_OPERATION_SCHEDULED', { service: 'pay', operation: 'charge' });
    const pendingNexusOperations = [
      {
        scheduledEventId: '5',
        state: 'PENDING_NEXUS_OPERATION_STATE_BACKING_OFF',
        attempt: 2,
        nextAttemptScheduleTime: time(9000),
      },
    ];
    const operation = only('nexusOperation', [scheduled], { pendingNexusOperations });
    assert.deepEqual([operation.label, operation.status, operation.dueMs], ['pay.charge', 'backingOff', 9000]);
  });

  it('of workflow tasks show the one that is retried', () => {
    const events = [started(), ...workflowTask(2)];
    const pendingWorkflowTask = { attempt: 4, scheduledTime: time(8000), startedTime: time(9000) };
    const [first, retried] = groupsOf(events, { pendingWorkflowTask }).filter(({ kind }) => kind === 'workflowTask');
    assert.equal(first?.status, 'completed');
    assert.deepEqual([retried?.attempt, retried?.status, retried?.taskQueue], [4, 'running', 'orders']);
    const scheduled = event(5, 'WORKFLOW_TASK_SCHEDULED');
    assert.equal(only('workflowTask', [started(), scheduled], { pendingWorkflowTask }).firstEventId, 5);
  });

  it('of the run itself hold its delay and its pauses', () => {
    const run = only('workflow', [
      started({ firstWorkflowTaskBackoff: '2s' }),
      event(5, 'WORKFLOW_EXECUTION_PAUSED'),
      event(8, 'WORKFLOW_EXECUTION_UNPAUSED'),
      event(9, 'WORKFLOW_EXECUTION_COMPLETED'),
    ]);
    assert.equal(run.status, 'completed');
    assert.deepEqual(
      run.segments.map(({ kind, fromMs, toMs }) => [kind, fromMs, toMs]),
      [
        ['backingOff', 1000, 3000],
        ['running', 3000, 5000],
        ['paused', 5000, 8000],
        ['running', 8000, 9000],
      ],
    );
    assert.equal(only('workflow', [started()], { workflowExtendedInfo: { pauseInfo: {} } }).status, 'paused');
  });
});
