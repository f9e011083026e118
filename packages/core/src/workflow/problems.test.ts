import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJsonPayload } from '@perdure/api';
import { SearchAttributes } from '@perdure/api/common';
import { WorkflowTaskFailedCause as Cause } from '@perdure/api/enums';
import * as c from '../../test/run.ts';
import { Run } from '../../test/run.ts';
import { failTask, foldTransition, scheduleTask } from '../index.ts';

function reported(run: Run): unknown {
  const { indexedFields } = SearchAttributes.decode(run.state.searchAttributes ?? new Uint8Array());
  const payload = indexedFields.get('TemporalReportedProblems');
  return payload === undefined ? undefined : parseJsonPayload(payload);
}

function fail(run: Run, cause: number = Cause.NON_DETERMINISTIC_ERROR): void {
  run.poll();
  run.transition((tx) => {
    failTask(tx, { cause, failure: undefined, identity: c.WORKER });
    scheduleTask(tx);
  });
}

const FAILED = ['category=WorkflowTaskFailed', 'cause=WorkflowTaskFailedCauseNonDeterministicError'];

describe('workflow tasks that fail again and again', () => {
  it('are reported from the fifth on, until one succeeds', () => {
    const run = new Run().start();
    for (let i = 1; i <= 4; i++) fail(run);
    assert.equal(reported(run), undefined);
    fail(run);
    assert.deepEqual(reported(run), FAILED);
    const { length } = run.names;
    fail(run);
    assert.equal(run.names.length, length, 'no event says so');
    run.step([], { forceCreateNewTask: true });
    assert.equal(reported(run), undefined);
    for (let i = 1; i <= 4; i++) fail(run);
    assert.equal(reported(run), undefined, 'counting begins anew');
  });

  it('say how the first of them ended', () => {
    const run = new Run({ taskProblemsToReport: 2 }).start();
    run.poll();
    run.pass(10_000);
    fail(run);
    assert.deepEqual(reported(run), ['category=WorkflowTaskTimedOut', 'cause=WorkflowTaskTimedOutCauseStartToClose']);
  });

  it('are never reported if the limit is 0', () => {
    const run = new Run({ taskProblemsToReport: 0 }).start();
    for (let i = 1; i <= 10; i++) fail(run);
    assert.equal(reported(run), undefined);
  });

  it('are reported beside the attributes of the user, and read back from the journal', () => {
    const run = new Run({ taskProblemsToReport: 1 }).start();
    fail(run);
    run.step([], { forceCreateNewTask: true });
    fail(run);
    const state = c.newState();
    for (const row of run.rows) foldTransition(state, row);
    assert.deepEqual(state.searchAttributes, run.state.searchAttributes);
    assert.deepEqual([state.reportedProblem, state.taskProblems], [FAILED.join(' '), 1]);
  });
});
