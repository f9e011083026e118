import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failureChain, failureLine, failureSummary } from './failures.ts';

const CARD = { message: 'no funds\n  on card 7', applicationFailureInfo: { type: 'CardDeclined' } };
const ACTIVITY = { message: 'activity error', activityFailureInfo: {}, cause: CARD };

describe('failures', () => {
  it('are summed up by their root', () => {
    assert.deepEqual(failureChain({ message: 'child', cause: ACTIVITY }).length, 3);
    assert.equal(failureSummary({ message: 'child', cause: ACTIVITY }), 'CardDeclined: no funds');
    assert.equal(failureSummary(undefined), '');
  });

  it('say what they are even without a message', () => {
    assert.equal(failureLine({}), 'failure without a message');
    assert.equal(
      failureLine({ timeoutFailureInfo: { timeoutType: 'TIMEOUT_TYPE_START_TO_CLOSE' } }),
      'start to close timeout',
    );
    assert.equal(failureLine({ message: 'Canceled', canceledFailureInfo: {} }), 'Canceled');
  });

  it('are one line of bounded length', () => {
    assert.equal(failureLine({ message: 'x'.repeat(200) }).length, 200);
    assert.equal(failureLine({ message: 'x'.repeat(201) }), `${'x'.repeat(199)}…`);
  });
});
