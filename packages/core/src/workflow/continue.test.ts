// Runs that go on as another run: what the next one begins with, and when there is none.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ContinueAsNewInitiator, RetryState } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import { type Successor, withRetryDefaults } from '../index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const failure = (nonRetryable = false) => Failure.encode({ message: 'odd', applicationFailureInfo: { nonRetryable } });
const policy = (maximumAttempts: number, initialInterval = 5000) =>
  withRetryDefaults({
    initialInterval,
    backoffCoefficient: 2,
    maximumInterval: undefined,
    maximumAttempts,
    nonRetryableErrorTypes: [],
  });

/** Steps with the command, and gives the successor that the transition named. */
function successorOf(run: Run, command: Parameters<Run['step']>[0]): Successor | undefined {
  run.step(command);
  return run.successor;
}

describe('continue-as-new', () => {
  it('takes from the command what it gives, and from the run what it leaves out', () => {
    const run = new Run({ continueIntervalMinMs: 0 }).start({ runTimeoutMs: 60_000, input: bytes('old') });
    const memo = bytes('memo');
    const next = successorOf(run, [c.continueAsNew({ input: bytes('new'), memo, backoffStartInterval: 7 })]);
    assert(next);
    const { start } = next;
    assert.deepEqual(start.input, bytes('new'));
    assert.deepEqual(start.memo, memo);
    assert.equal(start.workflowType, run.state.workflowType);
    assert.equal(start.taskQueue, run.state.taskQueue);
    assert.equal(start.runTimeoutMs, 60_000);
    assert.equal(start.firstTaskBackoffMs, 7);
    assert.equal(start.continuation?.continuedRunId, run.state.runId);
    assert.equal(start.continuation?.firstRunId, run.state.firstRunId);
    assert.equal(start.continuation?.attempt, 1);
    const closed = run.event().workflowExecutionContinuedAsNewEventAttributes;
    assert.equal(closed?.newExecutionRunId, next.runId);
    assert.equal(closed?.backoffStartInterval, 7);
  });

  it('waits until the run would have lived for the shortest time', () => {
    for (const [livedMs, expectedMs] of [
      [0, 1000],
      [999, 1],
      [1000, 0],
      [1001, 0],
    ] as const) {
      const run = new Run().start();
      run.pass(livedMs);
      assert.equal(successorOf(run, [c.continueAsNew()])?.start.firstTaskBackoffMs, expectedMs);
    }
  });

  it('keeps the end of the chain', () => {
    const run = new Run().start({ executionTimeoutMs: 90_000 });
    const begunMs = run.nowMs;
    run.pass(30_000);
    const next = successorOf(run, [c.continueAsNew()]);
    assert.equal(next?.start.continuation?.executionExpirationMs, begunMs + 90_000);
  });

  it('that is refused leaves no successor', () => {
    const run = new Run().start();
    run.step([c.continueAsNew({ workflowRunTimeout: -1 })]);
    assert.equal(run.successor, undefined);
    assert.equal(run.state.status, 1);
  });
});

describe('the retry of a workflow', () => {
  it('follows a failure, with the input of the first attempt and the failure of the last', () => {
    const run = new Run().start({ retryPolicy: policy(2), input: bytes('input'), header: bytes('header') });
    const next = successorOf(run, [c.failRun(failure())]);
    assert.deepEqual(next?.start.input, bytes('input'));
    assert.deepEqual(next?.start.header, bytes('header'));
    assert.equal(next?.start.firstTaskBackoffMs, 5000);
    assert.equal(next?.start.continuation?.attempt, 2);
    assert.equal(next?.start.continuation?.initiator, ContinueAsNewInitiator.RETRY);
    assert.deepEqual(next?.start.continuation?.failure, failure());
    assert.equal(run.event().workflowExecutionFailedEventAttributes?.retryState, RetryState.IN_PROGRESS);
  });

  it('ends with the last attempt, a failure for good, or the chain', () => {
    const cases = [
      [{ retryPolicy: policy(1) }, failure(), RetryState.MAXIMUM_ATTEMPTS_REACHED],
      [{ retryPolicy: policy(0) }, failure(true), RetryState.NON_RETRYABLE_FAILURE],
      [{ retryPolicy: policy(0), executionTimeoutMs: 4999 }, failure(), RetryState.TIMEOUT],
      [{ retryPolicy: policy(0), executionTimeoutMs: 5000 }, failure(), RetryState.IN_PROGRESS],
      [{}, failure(), RetryState.RETRY_POLICY_NOT_SET],
    ] as const;
    for (const [start, failed, retryState] of cases) {
      const run = new Run().start(start);
      const next = successorOf(run, [c.failRun(failed)]);
      assert.equal(run.event().workflowExecutionFailedEventAttributes?.retryState, retryState);
      assert.equal(next !== undefined, retryState === RetryState.IN_PROGRESS);
    }
  });

  it('follows a run timeout, unless the policy excludes it', () => {
    const run = new Run().start({ retryPolicy: policy(2), runTimeoutMs: 2000 });
    run.pass(2000);
    assert.equal(run.successor?.runId, run.event().workflowExecutionTimedOutEventAttributes?.newExecutionRunId);
    const excluded = { ...policy(2), nonRetryableErrorTypes: ['TemporalTimeout:StartToClose'] };
    const last = new Run().start({ retryPolicy: excluded, runTimeoutMs: 2000 });
    last.pass(2000);
    assert.equal(last.successor, undefined);
  });
});
