// The limits of a run: at the limit all is well, one past it the run or the workflow task pays.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonPayloads } from '@perdure/api';
import { WorkflowTaskFailedCause as Cause, RetryState, RetryStateNames } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import { bufferedBytes } from '../../test/snapshot.ts';
import {
  attachToRun,
  changeOptions,
  completeActivity,
  heartbeatActivity,
  pauseRun,
  releaseFirstTask,
  requestCancelRun,
  stateSize,
  terminateRun,
  unpauseRun,
} from '../index.ts';

const terminated = (run: Run) => run.event().workflowExecutionTerminatedEventAttributes;

describe('a history', () => {
  it('may have as many events as the limit says, and not one more', () => {
    const run = new Run({ historyCountMax: 6 }).start();
    run.step();
    run.signal();
    assert.deepEqual(run.namesFrom(5), ['5 WORKFLOW_EXECUTION_SIGNALED', '6 WORKFLOW_TASK_SCHEDULED']);
    run.signal();
    assert.deepEqual(run.namesFrom(5).slice(2), ['7 WORKFLOW_EXECUTION_TERMINATED'], 'the signal did not happen');
    assert.equal(run.limitError?.message, 'Workflow history count exceeds limit.');
    assert.equal(run.limitError?.code, 3);
    assert.deepEqual(
      [terminated(run)?.reason, terminated(run)?.identity],
      ['Workflow history count exceeds limit.', 'history-service'],
    );
    assert.deepEqual(run.dispatches, []);
  });

  it('may have as many bytes as the limit says, and not one more', () => {
    const start = () => {
      const run = new Run().start();
      run.signal();
      return run.state.historySizeBytes;
    };
    for (const [limit, status] of [
      [start(), 1],
      [start() - 1, 5],
    ] as const) {
      const run = new Run({ historySizeMax: limit }).start();
      run.signal();
      assert.equal(run.state.status, status);
      if (status === 5) assert.equal(terminated(run)?.reason, 'Workflow history size exceeds limit.');
    }
  });

  it('may have as many transitions as the limit says, also those that the history does not show', () => {
    const run = new Run({ transitionsMax: 5 }).start();
    run.step([c.scheduleActivity('a1')]);
    run.startActivity('a1');
    const heartbeat = () => run.answer('a1', (tx, activity) => heartbeatActivity(tx, activity, undefined));
    heartbeat();
    assert.equal(run.rows.length, 5);
    assert.equal(run.state.status, 1);
    heartbeat();
    assert.equal(run.limitError?.message, 'Workflow state transition count exceeds limit.');
    assert.equal(terminated(run)?.reason, 'Workflow state transition count exceeds limit.');
  });

  it('may grow by as many bytes at once as the limit says, and not one more', () => {
    const start = (limit: number, command = c.recordMarker('m')) => {
      const run = new Run({ transitionSizeMax: limit }).start();
      const before = run.state.historySizeBytes;
      run.poll();
      run.complete([command]);
      return { run, size: run.rows.at(-1)?.publicBytes.length ?? 0, before };
    };
    const { size } = start(10_000);
    assert.equal(start(size).run.limitError, undefined);
    const { run } = start(size - 1);
    const text = `transaction size of ${size} bytes exceeds limit of ${size - 1} bytes`;
    assert.equal(run.limitError?.message, text);
    assert.equal(terminated(run)?.reason, 'Transaction size exceeds limit.');
    assert.deepEqual(terminated(run)?.details, jsonPayloads(text));
  });

  it('that would grow too much at once is not closed by its own command either', () => {
    const run = new Run({ transitionSizeMax: 500 }).start();
    run.step([c.completeRun(jsonPayloads('x'.repeat(600)))]);
    assert.equal(terminated(run)?.reason, 'Transaction size exceeds limit.');
    assert.equal(run.successor, undefined);
  });

  it('that ends its run closes the started task first', () => {
    const run = new Run({ historyCountMax: 4 }).start();
    run.poll();
    run.signal();
    run.complete([c.startTimer('t1', 5)]);
    assert.deepEqual(run.namesFrom(4), [
      '4 WORKFLOW_TASK_FAILED',
      '5 WORKFLOW_EXECUTION_SIGNALED',
      '6 WORKFLOW_EXECUTION_TERMINATED',
    ]);
  });

  it('may be passed by the event that closes the run', () => {
    const run = new Run({ historyCountMax: 4 }).start();
    run.step([c.completeRun()]);
    assert.equal(run.limitError, undefined);
    assert.equal(run.state.status, 2);
  });
});

describe('what a run remembers', () => {
  const heartbeat = (run: Run, activityId: string, bytes: number) =>
    run.answer(activityId, (tx, activity) => heartbeatActivity(tx, activity, new Uint8Array(bytes)));

  it('may be as large as the limit says, and not one byte larger', () => {
    const run = new Run({ stateSizeMax: 1000 }).start();
    run.step([c.scheduleActivity('a1'), c.scheduleActivity('a2')]);
    for (const id of ['a1', 'a2']) run.startActivity(id);
    const free = 1000 - stateSize(run.state);
    heartbeat(run, 'a1', free - 100);
    heartbeat(run, 'a2', 100);
    assert.equal(stateSize(run.state), 1000);
    heartbeat(run, 'a1', free - 101);
    heartbeat(run, 'a2', 102);
    assert.equal(run.limitError?.message, 'Workflow mutable state size exceeds limit.');
    assert.equal(terminated(run)?.reason, 'Workflow mutable state size exceeds limit.');
    assert.equal(stateSize(run.state), 0);
  });

  it('shrinks when what is pending ends', () => {
    const run = new Run().start();
    const before = stateSize(run.state);
    run.step([c.scheduleActivity('a1'), c.startTimer('t1', 5000)]);
    run.startActivity('a1');
    heartbeat(run, 'a1', 500);
    assert(stateSize(run.state) >= before + 500);
    run.answer('a1', (tx, activity) => completeActivity(tx, activity, undefined, c.WORKER));
    run.pass(5000);
    assert.equal(stateSize(run.state), before);
  });
});

describe('the buffer of a started workflow task', () => {
  it('may hold as many events as the limit says; one more ends the task', () => {
    const run = new Run({ bufferedEventsMax: 3 }).start();
    run.poll();
    for (let i = 0; i < 3; i++) run.signal();
    assert.equal(run.state.buffered.length, 3);
    assert.equal(run.state.nextEventId, 4);
    run.signal();
    assert.deepEqual(run.namesFrom(4), [
      '4 WORKFLOW_TASK_FAILED',
      ...[5, 6, 7, 8].map((id) => `${id} WORKFLOW_EXECUTION_SIGNALED`),
      '9 WORKFLOW_TASK_SCHEDULED',
    ]);
    const failed = run.event(4).workflowTaskFailedEventAttributes;
    assert.deepEqual([failed?.cause, failed?.identity], [Cause.FORCE_CLOSE_COMMAND, 'history-service']);
    assert.deepEqual(run.dispatches, [{ kind: 'workflowTask' }]);
    assert.deepEqual([run.state.buffered.length, run.state.bufferedBytes], [0, 0]);
  });

  it('may hold as many bytes as the limit says; one more ends the task', () => {
    const size = (max: number) => {
      const run = new Run({ bufferedBytesMax: max }).start();
      run.poll();
      run.signal();
      run.signal();
      return run;
    };
    const bytes = bufferedBytes(size(1_000_000).state);
    assert.equal(size(bytes).state.buffered.length, 2);
    assert.equal(size(bytes - 1).state.buffered.length, 0);
  });

  it('ends the task whatever fills it', () => {
    const fill: readonly ((run: Run) => void)[] = [
      (run) => run.pass(1000),
      (run) => run.transition((tx) => requestCancelRun(tx, { reason: '', identity: '', requestId: '', links: [] })),
    ];
    for (const event of fill) {
      const run = new Run({ bufferedEventsMax: 0 }).start();
      run.step([c.startTimer('t1', 1000)], { forceCreateNewTask: true });
      run.poll();
      event(run);
      assert.equal(run.event(8).workflowTaskFailedEventAttributes?.cause, Cause.FORCE_CLOSE_COMMAND);
    }
  });

  it('is as full with events that wake nobody', () => {
    const run = new Run({ bufferedEventsMax: 3 }).start();
    run.poll();
    const attach = () => run.transition((tx) => attachToRun(tx, { requestId: '', callbacks: [], links: [] }));
    const change = () =>
      run.transition((tx) => {
        const options = { priority: { priorityKey: 1 + ((tx.state.priority?.priorityKey ?? 0) % 5) } };
        changeOptions(tx, { options, paths: ['priority'], identity: '' });
      });
    for (const event of [attach, change, attach]) event();
    assert.equal(run.state.buffered.length, 3);
    change();
    assert.equal(run.event(4).workflowTaskFailedEventAttributes?.cause, Cause.FORCE_CLOSE_COMMAND);
    run.poll();
    for (const event of [change, attach, change, attach]) event();
    assert.equal(run.event().workflowTaskScheduledEventAttributes?.attempt, 1);
    const pause = { identity: '', reason: '', requestId: '' };
    run.poll();
    for (let n = 0; n < 2; n++) {
      run.transition((tx) => pauseRun(tx, pause));
      run.transition((tx) => unpauseRun(tx, pause));
    }
    assert.equal(run.state.buffered.length, 0);
  });

  it('counts what a cancelled timer takes out of it', () => {
    const run = new Run().start();
    run.step([c.startTimer('t1', 5)], { forceCreateNewTask: true });
    run.poll();
    run.signal();
    const signalOnly = run.state.bufferedBytes;
    run.pass(5);
    run.complete([c.cancelTimer('t1')]);
    assert.equal(run.event(10).workflowExecutionSignaledEventAttributes?.signalName, 'go');
    const withoutId = { ...run.event(10), eventId: 0 };
    assert.equal(HistoryEvent.encode(withoutId).length, signalOnly);
    assert.equal(run.state.bufferedBytes, 0);
  });
});

describe('signals', () => {
  it('are limited in number, but one that was taken before is no new one', () => {
    const run = new Run({ signalsMax: 2 }).start();
    run.signal('go', 'r1');
    run.signal('go', 'r2');
    run.signal('go', 'r1');
    assert.throws(() => run.signal('go', 'r3'), /exceeded workflow execution limit for signal events/);
    assert.equal(run.state.signalCount, 2);
  });
});

describe('the time a run has', () => {
  const retryStateAtEnd = (run: Run) =>
    RetryStateNames.name(run.event().workflowExecutionTimedOutEventAttributes?.retryState ?? 0);

  it('ends the run when its own is over', () => {
    const run = new Run().start({ runTimeoutMs: 4000 });
    run.pass(3999);
    assert.equal(run.state.status, 1);
    run.pass(1);
    assert.equal(run.state.status, 7);
    assert.equal(retryStateAtEnd(run), RetryStateNames.name(RetryState.RETRY_POLICY_NOT_SET));
  });

  it('ends the run when that of the whole chain is over', () => {
    const run = new Run().start({ runTimeoutMs: 4000, executionTimeoutMs: 4000 });
    run.pass(4000);
    assert.equal(retryStateAtEnd(run), RetryStateNames.name(RetryState.TIMEOUT));
  });

  it('begins after the first back-off', () => {
    const run = new Run().start({ runTimeoutMs: 4000, firstTaskBackoffMs: 3000 });
    run.pass(4000);
    assert.equal(run.state.status, 1);
    run.pass(3000);
    assert.equal(run.state.status, 7);
  });
});

describe('a closed run', () => {
  it('takes no event any more', () => {
    const run = new Run().start();
    run.transition((tx) => terminateRun(tx, { reason: '', details: undefined, identity: '', links: [] }));
    assert.throws(() => run.signal(), /after the run has closed/);
    run.transition(releaseFirstTask);
    assert.equal(run.state.nextEventId, 4);
  });
});
