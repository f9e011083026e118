import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { activity, event, started } from '../../test/events.ts';
import { attributesOf } from './event.ts';
import { HistoryFormatError, normalizeHistory } from './normalize.ts';

describe('normalizeHistory', () => {
  it('takes a file, an answer of the API, and an array', () => {
    const events = [started(), ...activity(2, 'charge')];
    for (const json of [{ events }, { history: { events } }, events]) assert.deepEqual(normalizeHistory(json), events);
  });

  it('changes nothing that is already normal', () => {
    const events = [
      started({ initiator: 'CONTINUE_AS_NEW_INITIATOR_RETRY' }),
      event(2, 'WORKFLOW_EXECUTION_CANCEL_REQUESTED', { cause: 'TooLate' }),
    ];
    assert.deepEqual(normalizeHistory(events), events);
  });

  it('gives old enums their full names, also inside of failures', () => {
    const [first, second] = normalizeHistory([
      {
        eventId: 2,
        eventType: 'ActivityTaskTimedOut',
        activityTaskTimedOutEventAttributes: {
          scheduledEventId: 1,
          retryState: 'MaximumAttemptsReached',
          failure: {
            activityFailureInfo: { retryState: 'Timeout' },
            cause: { timeoutFailureInfo: { timeoutType: 'ScheduleToStart' } },
          },
        },
      },
      { eventId: '1', eventType: 'WorkflowTaskFailed', workflowTaskFailedEventAttributes: { cause: 'BadBinary' } },
    ]);
    assert.ok(first && second);
    assert.equal(first.eventType, 'EVENT_TYPE_WORKFLOW_TASK_FAILED');
    assert.equal(attributesOf(first).cause, 'WORKFLOW_TASK_FAILED_CAUSE_BAD_BINARY');
    assert.deepEqual([second.eventId, second.eventType], ['2', 'EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT']);
    const { scheduledEventId, retryState, failure } = attributesOf(second);
    assert.equal(scheduledEventId, '1');
    assert.equal(retryState, 'RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED');
    assert.equal(failure?.activityFailureInfo?.retryState, 'RETRY_STATE_TIMEOUT');
    assert.equal(failure.cause?.timeoutFailureInfo?.timeoutType, 'TIMEOUT_TYPE_SCHEDULE_TO_START');
  });

  it('says what is wrong with a file', () => {
    const wrong = (json: unknown, message: RegExp) =>
      assert.throws(
        () => normalizeHistory(json),
        (error) => error instanceof HistoryFormatError && message.test(error.message),
      );
    wrong('{}', /object with "events"/);
    wrong({ history: {} }, /object with "events"/);
    wrong([{ eventType: 'TimerFired' }], /event 1 of the file has no "eventId"/);
    wrong([started(), null], /event 2 of the file has no "eventId"/);
    wrong([{ eventId: '7' }], /event 7 has no "eventType"/);
  });
});
