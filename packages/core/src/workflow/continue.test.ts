// Runs that go on as another run: what the next one begins with, and when there is none.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Memo } from '@perdure/api/common';
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
    const memo = Memo.encode({ fields: new Map([['a', c.payloadOf(bytes('1'))]]) });
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

describe('a cron schedule', () => {
  const cronSchedule = '@every 10s';
  /** At work since this second. */
  const begun = (overrides: Parameters<Run['start']>[0] = {}) => {
    const run = new Run().start({ cronSchedule, input: bytes('in'), ...overrides });
    run.pass(10_000);
    return run;
  };

  it('lets the first run wait for its time', () => {
    const run = new Run().start({ cronSchedule });
    assert.equal(run.state.task, undefined);
    run.pass(9999);
    assert.equal(run.state.task, undefined);
    run.pass(1);
    assert(run.state.task);
  });

  it('begins the next run, at the next time that has not passed, when one completes', () => {
    const run = begun();
    run.pass(21_500);
    const next = successorOf(run, [c.completeRun(bytes('out'))]);
    assert(next);
    assert.equal(next.start.firstTaskBackoffMs, 9000);
    assert.equal(next.start.cronSchedule, cronSchedule);
    assert.deepEqual(next.start.input, bytes('in'));
    assert.equal(next.start.continuation?.initiator, ContinueAsNewInitiator.CRON_SCHEDULE);
    assert.deepEqual(next.start.continuation?.lastCompletionResult, bytes('out'));
    assert.equal(run.event().workflowExecutionCompletedEventAttributes?.newExecutionRunId, next.runId);
    assert.equal(run.state.successorRunId, next.runId);
  });

  it('goes on after a failure that is not tried again, with the result before it', () => {
    const continuation = {
      ...{ continuedRunId: 'run-0', firstRunId: 'run-0', initiator: 0, attempt: 1, failure: undefined },
      ...{ lastCompletionResult: bytes('before'), executionExpirationMs: 0 },
    };
    const run = new Run().start({ cronSchedule, continuation, retryPolicy: policy(2) });
    const again = successorOf(run, [c.failRun(failure())]);
    assert.equal(again?.start.continuation?.initiator, ContinueAsNewInitiator.RETRY);
    assert.equal(again?.start.cronSchedule, cronSchedule);
    assert(again);
    const last = new Run().start(again.start);
    last.pass(again.start.firstTaskBackoffMs);
    const next = successorOf(last, [c.failRun(failure())]);
    assert.equal(next?.start.continuation?.initiator, ContinueAsNewInitiator.CRON_SCHEDULE);
    assert.equal(next?.start.continuation?.attempt, 1);
    assert.deepEqual(next?.start.continuation?.lastCompletionResult, bytes('before'));
    assert.deepEqual(next?.start.continuation?.failure, failure());
    assert.equal(last.event().workflowExecutionFailedEventAttributes?.retryState, RetryState.MAXIMUM_ATTEMPTS_REACHED);
  });

  it('goes on after a run that timed out, unless the time of the chain is over', () => {
    const run = begun({ runTimeoutMs: 5000 });
    run.pass(5000);
    assert.equal(run.successor?.start.continuation?.initiator, ContinueAsNewInitiator.CRON_SCHEDULE);
    const over = begun({ executionTimeoutMs: 12_000 });
    over.pass(2000);
    assert.equal(over.state.status, 7);
    assert.equal(over.successor, undefined);
  });

  it('ends with a cancellation and with a termination', () => {
    assert.equal(successorOf(begun(), [c.cancelRun()]), undefined);
  });

  it('begins each run with the memo that the first had', () => {
    const memo = Memo.encode({ fields: new Map([['a', c.payloadOf(bytes('1'))]]) });
    const run = begun({ memo });
    const changed = Memo.encode({ fields: new Map([['a', c.payloadOf(bytes('2'))]]) });
    const next = successorOf(run, [c.upsertMemo(changed), c.completeRun()]);
    assert.deepEqual(run.state.memo, changed);
    assert.deepEqual(next?.start.memo, memo);
  });
});
