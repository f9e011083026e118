import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payloads } from '../../test/events.ts';
import type { Failure } from '../history/event.ts';
import { exactJsonText } from '../payload/view.ts';
import { failureValue } from './failure-value.ts';

test('a failure to compare is what went wrong, with its causes, and without ids', () => {
  const failure = {
    message: 'Activity task failed',
    activityFailureInfo: { scheduledEventId: '5', activityType: { name: 'pay' }, identity: '1@host' },
    cause: {
      message: 'no funds',
      stackTrace: 'at pay',
      applicationFailureInfo: { type: 'CardDeclined', nonRetryable: true, details: payloads({ id: 7 }) },
    },
  } as Failure;
  const value = failureValue(failure, (payload) => payload);
  assert.equal(
    exactJsonText(value),
    '{"type":"activity failure","message":"Activity task failed","cause":{"type":"CardDeclined","message":"no funds",' +
      '"nonRetryable":true,"details":[{"id":7}],"stackTrace":"at pay"}}',
  );
});
