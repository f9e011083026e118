import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RetryState } from '@perdure/api/enums';
import { checkRetryPolicy, nextAttempt, withRetryDefaults } from './retry.ts';

const policy = {
  initialInterval: 1000,
  backoffCoefficient: 2,
  maximumInterval: 0,
  maximumAttempts: 0,
  nonRetryableErrorTypes: [] as string[],
};

it('fills in what a retry policy leaves out', () => {
  const expected = {
    initialIntervalMs: 1000,
    backoffCoefficient: 2,
    maximumIntervalMs: 100_000,
    maximumAttempts: 0,
    nonRetryableErrorTypes: [],
  };
  assert.deepEqual(withRetryDefaults(undefined), expected);
  assert.equal(withRetryDefaults({ ...policy, initialInterval: 50 }).maximumIntervalMs, 5000);
});

it('says what is wrong with a retry policy', () => {
  const wrong: readonly [object, string][] = [
    [{ initialInterval: -1 }, 'invalid InitialInterval set on retry policy: negative duration'],
    [{ backoffCoefficient: 0.99 }, 'BackoffCoefficient cannot be less than 1 on retry policy.'],
    [{ maximumInterval: 999 }, 'MaximumInterval cannot be less than InitialInterval on retry policy.'],
    [
      { initialInterval: 0, maximumInterval: 999 },
      'MaximumInterval cannot be less than InitialInterval on retry policy.',
    ],
    [{ maximumAttempts: -1 }, 'MaximumAttempts cannot be negative on retry policy.'],
    [{ nonRetryableErrorTypes: ['Mine', 'TemporalTimeout:Late'] }, 'Invalid timeout type value: Late.'],
  ];
  for (const [change, message] of wrong) {
    assert.equal(checkRetryPolicy({ ...policy, ...change }), message);
    if (!('maximumAttempts' in change))
      assert.equal(checkRetryPolicy({ ...policy, ...change, maximumAttempts: 1 }), undefined);
  }
  const right = [
    {},
    { maximumInterval: 1000 },
    { backoffCoefficient: 1 },
    { nonRetryableErrorTypes: ['TemporalTimeout:Heartbeat'] },
  ];
  for (const change of right) assert.equal(checkRetryPolicy({ ...policy, ...change }), undefined);
});

it('does not overflow after many attempts', () => {
  const next = nextAttempt(withRetryDefaults(undefined), 100_000, 0, 0, undefined);
  assert.deepEqual(next, { retryState: RetryState.IN_PROGRESS, delayMs: 100_000 });
});
