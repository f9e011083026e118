import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkflowTaskFailedCause as Cause, EventType, TimeoutType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import { HistoryEvent } from '@perdure/api/history';
import { encodeField, type Init } from '@perdure/api/wire';
import { newWorkflowState } from '@perdure/core';
import { linesOf, testMetrics } from './testing/metrics.ts';

const NONE = new Uint8Array(0);

function transition(...events: Init<HistoryEvent>[]) {
  return { publicBytes: Buffer.concat(events.map((event) => encodeField(HistoryEvent, 1, event))), privateBytes: NONE };
}

/** What is not 0, without the namespace that all have. */
function counted(registry: Parameters<typeof linesOf>[0]): string[] {
  return linesOf(registry, '')
    .filter((line) => !line.startsWith('#') && !/_(bucket|sum)\{/.test(line) && !line.endsWith(' 0'))
    .map((line) => line.replace(/namespace="shop",?/, ''));
}

test('every way in which a run can end has a counter, and its history is measured then', () => {
  const names = ['success', 'failed', 'cancel', 'terminate', 'continued_as_new', 'timeout'];
  names.forEach((name, index) => {
    const { runs, registry } = testMetrics();
    const state = newWorkflowState('shop', 'w', 'r');
    // COMPLETED is 2, and so on.
    Object.assign(state, { status: index + 2, nextEventId: 12, historySizeBytes: 3000 });
    runs.closed(state);
    assert.deepEqual(counted(registry).slice(-1), [`workflow_${name}{} 1`]);
    assert.deepEqual(linesOf(registry, 'history_count_sum'), ['history_count_sum{namespace="shop"} 11']);
    assert.deepEqual(linesOf(registry, 'history_size_sum'), ['history_size_sum{namespace="shop"} 3000']);
  });
});

test('activities and workflow tasks are counted by how they end', () => {
  const { runs, registry } = testMetrics();
  const failure = (timeoutType: TimeoutType) => Failure.encode({ timeoutFailureInfo: { timeoutType } });
  runs.committed(
    'shop',
    transition(
      { eventId: 5, eventTime: 1, eventType: EventType.ACTIVITY_TASK_SCHEDULED },
      { eventId: 6, eventTime: 1, eventType: EventType.ACTIVITY_TASK_COMPLETED },
      { eventId: 7, eventTime: 1, eventType: EventType.ACTIVITY_TASK_FAILED },
      {
        eventId: 8,
        eventTime: 1,
        eventType: EventType.ACTIVITY_TASK_TIMED_OUT,
        activityTaskTimedOutEventAttributes: { failure: failure(TimeoutType.HEARTBEAT) },
      },
      { eventId: 9, eventTime: 1, eventType: EventType.ACTIVITY_TASK_CANCELED },
    ),
  );
  runs.committed(
    'shop',
    transition(
      {
        eventId: 10,
        eventType: EventType.WORKFLOW_TASK_FAILED,
        workflowTaskFailedEventAttributes: { cause: Cause.UNHANDLED_COMMAND },
      },
      {
        eventId: 11,
        eventType: EventType.WORKFLOW_TASK_TIMED_OUT,
        workflowTaskTimedOutEventAttributes: { timeoutType: TimeoutType.SCHEDULE_TO_START },
      },
    ),
  );
  assert.deepEqual(counted(registry), [
    'activity_cancel{} 1',
    'activity_fail{} 1',
    'activity_success{} 1',
    'activity_task_fail{} 1',
    'activity_task_timeout{} 1',
    'activity_timeout{} 1',
    'failed_workflow_tasks{} 1',
    'heartbeat_timeout{operation="TimerActiveTaskActivityTimeout"} 1',
    'schedule_to_start_timeout{operation="TimerActiveTaskWorkflowTaskTimeout"} 1',
    'state_transitions{} 2',
  ]);
});
