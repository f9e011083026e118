import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { activity, event, lookup, payload, payloads, started } from '../../test/events.ts';
import { eventDetail } from './detail.ts';
import type { EventAttributes } from './event.ts';
import { EVENT_TYPES, type EventType } from './event-types.ts';

const FAILURE = {
  message: 'activity error',
  cause: { message: 'no funds', applicationFailureInfo: { type: 'Declined' } },
};
const EXECUTION = { workflowId: 'order-7', runId: 'r1' };

describe('eventDetail', () => {
  const expected: readonly (readonly [EventType, EventAttributes, string])[] = [
    [
      'WORKFLOW_EXECUTION_STARTED',
      { workflowType: { name: 'order' }, input: payloads('abc'), attempt: 2, firstWorkflowTaskBackoff: '60s' },
      'order, input 5 B, attempt 2, first task after 1m',
    ],
    [
      'WORKFLOW_EXECUTION_FAILED',
      { failure: FAILURE, retryState: 'RETRY_STATE_TIMEOUT' },
      'Declined: no funds, timeout',
    ],
    [
      'WORKFLOW_EXECUTION_FAILED',
      { failure: FAILURE, retryState: 'RETRY_STATE_RETRY_POLICY_NOT_SET' },
      'Declined: no funds',
    ],
    ['WORKFLOW_EXECUTION_TERMINATED', { reason: 'stuck', identity: 'ann' }, 'stuck, by ann'],
    [
      'WORKFLOW_EXECUTION_SIGNALED',
      { signalName: 'pay', input: payloads(1), identity: 'ann' },
      'pay, input 1 B, by ann',
    ],
    ['WORKFLOW_TASK_SCHEDULED', { taskQueue: { name: 'orders' }, attempt: 2 }, 'orders, attempt 2'],
    ['WORKFLOW_TASK_SCHEDULED', { taskQueue: { name: '7@host-0815', normalName: 'orders' } }, 'orders, sticky'],
    [
      'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
      { newExecutionRunId: 'r2', initiator: 'CONTINUE_AS_NEW_INITIATOR_WORKFLOW', backoffStartInterval: '1s' },
      'run r2, after 1s',
    ],
    [
      'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
      { newExecutionRunId: 'r2', initiator: 'CONTINUE_AS_NEW_INITIATOR_RETRY' },
      'run r2, retry',
    ],
    [
      'WORKFLOW_TASK_FAILED',
      { cause: 'WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR', failure: { message: 'no timer' } },
      'non deterministic error, no timer',
    ],
    [
      'ACTIVITY_TASK_SCHEDULED',
      { activityType: { name: 'charge' }, activityId: '5', taskQueue: { name: 'pay' } },
      'charge, id 5, on pay',
    ],
    ['TIMER_STARTED', { timerId: '1', startToFireTimeout: '184s' }, 'id 1, 3m 4s'],
    [
      'MARKER_RECORDED',
      { markerName: 'core_patch', details: { 'patch-data': payloads({ id: 'tax' }) } },
      'version tax',
    ],
    [
      'START_CHILD_WORKFLOW_EXECUTION_INITIATED',
      { workflowType: { name: 'ship' }, workflowId: 'ship-7' },
      'ship, ship-7',
    ],
    [
      'CHILD_WORKFLOW_EXECUTION_FAILED',
      { workflowType: { name: 'ship' }, workflowExecution: EXECUTION, failure: FAILURE },
      'ship, order-7, Declined: no funds',
    ],
    [
      'WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
      { acceptedRequest: { meta: { updateId: 'u1' }, input: { name: 'add', args: payloads(1) } } },
      'add, id u1, input 1 B',
    ],
    [
      'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED',
      { signalName: 'go', workflowExecution: EXECUTION },
      'go, to order-7',
    ],
    ['NEXUS_OPERATION_SCHEDULED', { service: 'pay', operation: 'charge', endpoint: 'bank' }, 'pay.charge, at bank'],
    ['UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', { searchAttributes: { indexedFields: { City: payload('Rom') } } }, 'City'],
  ];
  for (const [type, attributes, detail] of expected) {
    it(`of ${type} is "${detail}"`, () => assert.equal(eventDetail(event(9, type, attributes)), detail));
  }

  it('names what an event is about, if it can be looked up', () => {
    const events = activity(2, 'charge', 'ACTIVITY_TASK_FAILED', { attempt: 3, closing: { failure: FAILURE } });
    const [, begun, failed] = events;
    assert.ok(begun && failed);
    assert.equal(eventDetail(begun, lookup(events)), 'charge, attempt 3');
    assert.equal(eventDetail(failed, lookup(events)), 'charge, attempt 3, Declined: no funds');
    assert.equal(eventDetail(failed), 'Declined: no funds');
  });

  it('tells of data what the user interface wants to be told', () => {
    const signal = event(5, 'WORKFLOW_EXECUTION_SIGNALED', {
      signalName: 'pay',
      input: payloads(1, 2),
      identity: 'ann',
    });
    const count = eventDetail(signal, undefined, ({ length }) => `of ${length} parts`);
    assert.equal(count, 'pay, input of 2 parts, by ann');
  });

  it("ends with the summary that the user's code gave", () => {
    const timer = event(5, 'TIMER_STARTED', { timerId: '1', startToFireTimeout: '1s' });
    assert.equal(eventDetail({ ...timer, userMetadata: { summary: payload('grace\nperiod') } }), 'id 1, 1s, grace');
  });

  it('is one line for every type, also when nothing is known', () => {
    for (const type of EVENT_TYPES) assert.doesNotMatch(eventDetail(event(1, type)), /\n|undefined/);
    assert.equal(eventDetail({ eventId: '1', eventType: 'EVENT_TYPE_SOMETHING_NEW' }), '');
    assert.equal(eventDetail(started()), 'order');
  });
});
