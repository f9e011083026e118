import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { event } from '../../test/events.ts';
import { longHistory } from '../../test/long-history.ts';
import { randomDescription, randomHistory } from '../../test/random-history.ts';
import type { WorkflowDescription } from '../groups/description.ts';
import { EventGroups } from '../groups/event-groups.ts';
import type { EventAttributes, HistoryEvent } from '../history/event.ts';
import type { EventType } from '../history/event-types.ts';
import { criticalPath, type PathPiece, pieceWords } from './critical-path.ts';

/** A history by hand: seconds, type, attributes; ids count up from 1. */
type Line = readonly [seconds: number, type: EventType, attributes?: EventAttributes];

function history(...lines: readonly Line[]): HistoryEvent[] {
  return lines.map(([seconds, type, attributes], at) => event(at + 1, type, attributes, seconds * 1000));
}

function task(scheduledId: number, scheduled: number, begun: number, completed: number): Line[] {
  const scheduledEventId = String(scheduledId);
  return [
    [scheduled, 'WORKFLOW_TASK_SCHEDULED'],
    [begun, 'WORKFLOW_TASK_STARTED', { scheduledEventId }],
    [completed, 'WORKFLOW_TASK_COMPLETED', { scheduledEventId }],
  ];
}

function activityLine(seconds: number, name: string, taskId: number): Line {
  const activityType = { name };
  return [
    seconds,
    'ACTIVITY_TASK_SCHEDULED',
    { activityType, activityId: '1', workflowTaskCompletedEventId: String(taskId) },
  ];
}

function pathOf(events: readonly HistoryEvent[], description?: WorkflowDescription, nowMs = 0): readonly PathPiece[] {
  const groups = new EventGroups();
  groups.ingest(events);
  groups.describe(description);
  const path = criticalPath(groups, nowMs);
  assert.ok(path);
  return path.pieces;
}

function shown(pieces: readonly PathPiece[]): string[] {
  return pieces.map(
    (piece) => `${piece.fromMs / 1000}-${piece.toMs / 1000} ${pieceWords(piece)}${piece.failed ? ' !' : ''}`,
  );
}

const START: Line = [0, 'WORKFLOW_EXECUTION_STARTED', { workflowType: { name: 'order' } }];

describe('the critical path', () => {
  it('of one thing after another is all of them', () => {
    const pieces = pathOf(
      history(
        START,
        ...task(2, 0, 1, 2),
        activityLine(2, 'charge', 4),
        [4, 'ACTIVITY_TASK_STARTED', { scheduledEventId: '5' }],
        [10, 'ACTIVITY_TASK_COMPLETED', { scheduledEventId: '5' }],
        ...task(8, 10, 10, 11),
        [11, 'TIMER_STARTED', { timerId: '1', startToFireTimeout: '9s', workflowTaskCompletedEventId: '10' }],
        [20, 'TIMER_FIRED', { startedEventId: '11' }],
        ...task(13, 20, 20, 20),
        [20, 'WORKFLOW_EXECUTION_COMPLETED', { workflowTaskCompletedEventId: '15' }],
      ),
    );
    assert.deepEqual(shown(pieces), [
      '0-1 workflow task: waiting for a worker',
      '1-2 workflow task: running',
      '2-4 activity charge: queued',
      '4-10 activity charge: running',
      '10-11 workflow task: running',
      '11-20 timer 9s: waiting',
    ]);
    assert.deepEqual(
      pieces.map(({ share }) => share),
      [0.05, 0.05, 0.1, 0.3, 0.05, 0.45],
    );
  });

  it('of things side by side is the one that was waited for', () => {
    const pieces = pathOf(
      history(
        START,
        ...task(2, 0, 0, 1),
        activityLine(1, 'fast', 4),
        activityLine(1, 'slow', 4),
        [1, 'ACTIVITY_TASK_STARTED', { scheduledEventId: '5' }],
        [1, 'ACTIVITY_TASK_STARTED', { scheduledEventId: '6' }],
        [3, 'ACTIVITY_TASK_COMPLETED', { scheduledEventId: '5' }],
        ...task(10, 3, 3, 3),
        [9, 'ACTIVITY_TASK_COMPLETED', { scheduledEventId: '6' }],
        ...task(14, 9, 9, 9),
        [9, 'WORKFLOW_EXECUTION_COMPLETED', { workflowTaskCompletedEventId: '16' }],
      ),
    );
    assert.deepEqual(shown(pieces), ['0-1 workflow task: running', '1-9 activity slow: running']);
  });

  it('shows retries, and what failed', () => {
    const failure = { message: 'no' };
    const pieces = pathOf(
      history(
        START,
        ...task(2, 0, 0, 0),
        activityLine(0, 'charge', 4),
        [30, 'ACTIVITY_TASK_STARTED', { scheduledEventId: '5', attempt: 4 }],
        [32, 'ACTIVITY_TASK_FAILED', { scheduledEventId: '5', failure }],
        [32, 'WORKFLOW_TASK_SCHEDULED'],
        [33, 'WORKFLOW_TASK_STARTED', { scheduledEventId: '8' }],
        [35, 'WORKFLOW_TASK_FAILED', { scheduledEventId: '8', failure }],
        ...task(11, 35, 36, 36),
        [36, 'WORKFLOW_EXECUTION_FAILED', { workflowTaskCompletedEventId: '13', failure }],
      ),
    );
    assert.deepEqual(shown(pieces), [
      '0-30 activity charge: earlier attempts',
      '30-32 activity charge: running !',
      '32-33 workflow task: waiting for a worker',
      '33-35 workflow task: running !',
      '35-36 workflow task: waiting for a worker',
    ]);
  });

  it('shows waits for signals and updates, also those that leave no event before their task', () => {
    const acceptedRequest = { meta: { updateId: 'u' }, input: { name: 'approve' } };
    const pieces = pathOf(
      history(
        START,
        ...task(2, 0, 0, 0),
        [60, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'pay' }],
        ...task(6, 60, 60, 60),
        ...task(9, 90, 91, 91),
        [91, 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED', { protocolInstanceId: 'u', acceptedRequest }],
        [91, 'WORKFLOW_EXECUTION_COMPLETED', { workflowTaskCompletedEventId: '11' }],
      ),
    );
    assert.deepEqual(shown(pieces), [
      '0-60 waiting for signal pay',
      '60-90 waiting for update approve',
      '90-91 workflow task: waiting for a worker',
    ]);
  });

  it('of a run that continues another one begins with its delay, and can lead through a child', () => {
    const workflowExecution = { workflowId: 'c', runId: 'r' };
    const pieces = pathOf(
      history(
        [0, 'WORKFLOW_EXECUTION_STARTED', { continuedExecutionRunId: 'r0', firstWorkflowTaskBackoff: '5s' }],
        ...task(2, 5, 5, 6),
        [6, 'START_CHILD_WORKFLOW_EXECUTION_INITIATED', { workflowId: 'c', workflowTaskCompletedEventId: '4' }],
        [7, 'CHILD_WORKFLOW_EXECUTION_STARTED', { initiatedEventId: '5', workflowExecution }],
        ...task(7, 7, 7, 7),
        [20, 'CHILD_WORKFLOW_EXECUTION_COMPLETED', { initiatedEventId: '5', workflowExecution }],
        ...task(11, 20, 20, 20),
        [20, 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW', { workflowTaskCompletedEventId: '13', newExecutionRunId: 'r2' }],
      ),
    );
    assert.deepEqual(shown(pieces), [
      '0-5 delayed start',
      '5-6 workflow task: running',
      '6-7 child workflow c: queued',
      '7-20 child workflow c: running',
    ]);
    assert.equal(pieces.at(-1)?.group?.execution?.runId, 'r');
  });

  it('of a run that was ended from outside, or is open, ends with what it waited for', () => {
    const begun = [START, ...task(2, 0, 0, 1), activityLine(1, 'charge', 4)];
    const terminated = pathOf(history(...begun, [9, 'WORKFLOW_EXECUTION_TERMINATED']));
    assert.deepEqual(shown(terminated), ['0-1 workflow task: running', '1-9 activity charge: queued']);
    assert.deepEqual(shown(pathOf(history(...begun), {}, 5000)), [
      '0-1 workflow task: running',
      '1-5 activity charge: queued',
    ]);
    assert.deepEqual(shown(pathOf(history(START, ...task(2, 0, 0, 1)), {}, 5000)), [
      '0-1 workflow task: running',
      '1-5 waiting for a signal or update',
    ]);
    assert.deepEqual(shown(pathOf(history(START, [0, 'WORKFLOW_TASK_SCHEDULED']), {}, 5000)), [
      '0-5 workflow task: waiting for a worker',
    ]);
    const failing = { pendingWorkflowTask: { attempt: 3, scheduledTime: '1970-01-01T00:00:04Z' } };
    const stuck = history(
      START,
      [0, 'WORKFLOW_TASK_SCHEDULED'],
      [1, 'WORKFLOW_TASK_STARTED', { scheduledEventId: '2' }],
      [2, 'WORKFLOW_TASK_FAILED', { scheduledEventId: '2' }],
    );
    assert.deepEqual(shown(pathOf(stuck, failing, 5000)), [
      '0-1 workflow task: waiting for a worker',
      '1-4 workflow task: running !',
      '4-5 workflow task: waiting for a worker',
    ]);
  });

  it('says so when the events are not all here', () => {
    const [first, ...rest] = history(
      START,
      ...task(2, 0, 0, 1),
      activityLine(1, 'charge', 4),
      [2, 'ACTIVITY_TASK_STARTED', { scheduledEventId: '5' }],
      [9, 'ACTIVITY_TASK_COMPLETED', { scheduledEventId: '5' }],
      ...task(8, 9, 9, 10),
      [10, 'WORKFLOW_EXECUTION_COMPLETED', { workflowTaskCompletedEventId: '10' }],
    );
    assert.ok(first);
    assert.deepEqual(shown(pathOf([first, ...rest.slice(4)])), [
      '0-9 not in the events at hand',
      '9-10 workflow task: running',
    ]);
    assert.equal(criticalPath(new EventGroups(), 0), undefined);
  });

  it('covers the whole run without gaps, whatever happened', () => {
    fc.assert(
      fc.property(randomHistory(), randomDescription(), (events, description) => {
        const groups = new EventGroups();
        groups.ingest(events);
        groups.describe(description);
        const path = criticalPath(groups, 40_000);
        assert.ok(path);
        let at = path.fromMs;
        for (const { fromMs, toMs } of path.pieces) {
          assert.equal(fromMs, at);
          assert.ok(toMs > fromMs);
          at = toMs;
        }
        assert.equal(at, path.toMs);
        const whole = path.pieces.reduce((sum, { share }) => sum + share, 0);
        assert.ok(path.pieces.length === 0 || Math.abs(whole - 1) < 1e-9);
      }),
    );
  });

  it('is found in a long history at once', () => {
    const groups = new EventGroups();
    groups.ingest(longHistory(50_000));
    assert.ok(groups.groups.length > 0);
    const before = process.cpuUsage();
    assert.ok((criticalPath(groups, 1e9)?.pieces.length ?? 0) > 10_000);
    assert.ok(process.cpuUsage(before).user < 1_000_000);
  });
});
