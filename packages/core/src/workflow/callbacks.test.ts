// Completion callbacks: when they are triggered, handed on, tried again and given up.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallbackState as State } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import { attachToRun, recordCallbackAttempt, scheduledCallbacks, terminateRun, withRetryDefaults } from '../index.ts';

const callback = (name: string) => new TextEncoder().encode(name);
const completionCallbacks = [callback('a'), callback('b')];
const begun = (overrides: Parameters<Run['start']>[0] = {}) => new Run().start({ completionCallbacks, ...overrides });
const states = (run: Run) => [...run.state.callbacks.values()].map(({ state }) => state);
const attempt = (run: Run, id: number, problem?: string, isRetryable = true) =>
  run.transition((tx) => recordCallbackAttempt(tx, id, { problem, isRetryable }));

describe('completion callbacks', () => {
  it('stand by until the run ends, however it does', () => {
    const ends: ((run: Run) => void)[] = [
      (run) => run.step([c.completeRun()]),
      (run) => run.step([c.failRun(Failure.encode({ message: 'no' }))]),
      (run) => run.step([c.cancelRun()]),
      (run) => run.pass(60_000),
      (run) => run.transition((tx) => terminateRun(tx, { reason: '', details: undefined, identity: '', links: [] })),
    ];
    for (const end of ends) {
      const run = begun({ runTimeoutMs: 60_000 });
      assert.deepEqual(states(run), [State.STANDBY, State.STANDBY]);
      assert.deepEqual(scheduledCallbacks(run.state), []);
      end(run);
      assert.deepEqual(states(run), [State.SCHEDULED, State.SCHEDULED]);
      assert.equal(scheduledCallbacks(run.state).length, 2);
    }
  });

  it('go on with a run that continues as new or is tried again', () => {
    const continued = begun();
    continued.step([c.continueAsNew()]);
    assert.deepEqual(continued.successor?.start.completionCallbacks, completionCallbacks);
    assert.deepEqual(states(continued), [State.STANDBY, State.STANDBY]);
    const retried = begun({ retryPolicy: withRetryDefaults(undefined) });
    retried.step([c.failRun(Failure.encode({ message: 'no' }))]);
    assert.deepEqual(retried.successor?.start.completionCallbacks, completionCallbacks);
    assert.deepEqual(states(retried), [State.STANDBY, State.STANDBY]);
  });

  it('end with the first run of a cron schedule', () => {
    const run = begun({ cronSchedule: '@every 5s' });
    run.pass(5000);
    run.step([c.completeRun()]);
    assert.equal(run.successor?.start.completionCallbacks, undefined);
    assert.deepEqual(states(run), [State.SCHEDULED, State.SCHEDULED]);
  });

  it('are tried again later and later, up to a maximum, until one succeeds', () => {
    const run = new Run({ callbackRetryMaxMs: 3000 }).start({ completionCallbacks });
    run.step([c.completeRun()]);
    attempt(run, 2);
    for (const [attempts, waitMs] of [
      [1, 1000],
      [2, 2000],
      [3, 3000],
      [4, 3000],
    ] as const) {
      attempt(run, 1, 'down');
      const backingOff = run.state.callbacks.get(1);
      assert.equal(backingOff?.state, State.BACKING_OFF);
      assert.equal(backingOff.attempt, attempts);
      assert.equal(backingOff.nextAttemptMs, run.nowMs + waitMs);
      assert.equal(Failure.decode(backingOff.lastFailure ?? new Uint8Array(0)).message, 'down');
      run.pass(waitMs - 1);
      assert.equal(scheduledCallbacks(run.state).length, 0);
      run.pass(1);
      assert.deepEqual(
        scheduledCallbacks(run.state).map(({ id }) => id),
        [1],
      );
    }
    attempt(run, 1);
    assert.deepEqual(states(run), [State.SUCCEEDED, State.SUCCEEDED]);
    assert.equal(run.state.callbacks.get(1)?.lastFailure, undefined);
    assert.equal(run.state.callbacks.get(1)?.attempt, 5);
  });

  it('are given up when there is no hope, and an answer that comes twice counts once', () => {
    const run = begun();
    run.step([c.completeRun()]);
    attempt(run, 1, 'wrong', false);
    attempt(run, 1);
    assert.deepEqual(states(run), [State.FAILED, State.SCHEDULED]);
    assert.equal(run.state.callbacks.get(1)?.attempt, 1);
  });

  it('have a limit, which attached ones count towards', () => {
    const run = new Run({ callbacksMax: 3 }).start({ completionCallbacks });
    const attach = (callbacks: readonly Uint8Array[]) =>
      run.transition((tx) => attachToRun(tx, { requestId: 'r', callbacks, links: [] }));
    assert.throws(() => attach([callback('c'), callback('d')]), /cannot attach more than 3 callbacks .*\(2 callbacks/);
    attach([callback('c')]);
    assert.throws(() => attach([callback('d')]), /\(3 callbacks already attached\)/);
    attach([]);
    assert.deepEqual(
      [...run.state.callbacks.values()].map(({ id, requestId }) => [id, requestId]),
      [
        [1, 'start-request'],
        [2, 'start-request'],
        [3, 'r'],
      ],
    );
  });
});
