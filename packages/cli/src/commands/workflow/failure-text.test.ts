import assert from 'node:assert/strict';
import { it } from 'node:test';
import { failureText } from './failure-text.ts';

const cause = { message: 'no funds', applicationFailureInfo: { type: 'CardDeclined' } };
const execution = { workflowId: 'pay-7' };

it('names where a failure surfaced, and why there was no other attempt', () => {
  const retryState = 'RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED';
  const activity = { message: 'activity error', activityFailureInfo: { activityType: { name: 'charge' }, retryState } };
  const child = {
    message: 'child failed',
    childWorkflowExecutionFailureInfo: { workflowType: { name: 'Pay' }, workflowExecution: execution },
  };
  assert.equal(
    failureText({ ...child, cause: { ...activity, cause } }),
    [
      'child workflow Pay pay-7: child failed',
      '└ because activity charge (maximum attempts reached): activity error',
      '  └ because CardDeclined: no funds',
    ].join('\n'),
  );
  const operation = { nexusOperationExecutionFailureInfo: { service: 'bank', operation: 'charge' } };
  assert.equal(failureText(operation), 'Nexus operation bank charge: failure without a message');
});

it('is nothing without a failure', () => {
  assert.equal(failureText(undefined), '');
});
