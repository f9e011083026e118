import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckedRun } from '../../test/checked-run.ts';
import * as c from '../../test/run.ts';
import { isToBeDeleted, noteDelivered, requestDeletion } from '../index.ts';

const PARENT = {
  namespace: 'ns',
  namespaceId: 'namespace-1',
  workflowId: 'parent',
  runId: 'parent-run',
  initiatedEventId: 5,
};

describe('a deletion', () => {
  it('ends an open run first', () => {
    const run = new CheckedRun().start();
    run.transition(requestDeletion);
    const terminated = run.event().workflowExecutionTerminatedEventAttributes;
    assert.equal(terminated?.reason, 'Delete workflow execution');
    assert(isToBeDeleted(run.state));
  });

  it('of a closed run changes nothing else, and is asked for once', () => {
    const run = new CheckedRun().start();
    run.step([c.completeRun()]);
    assert(!isToBeDeleted(run.state));
    const { nextEventId } = run.state;
    run.transition(requestDeletion);
    const rows = run.rows.length;
    run.transition(requestDeletion);
    assert.deepEqual([run.state.nextEventId, run.rows.length], [nextEventId, rows]);
    assert(isToBeDeleted(run.state));
  });

  it('waits until the parent knows', () => {
    const run = new CheckedRun().start({ parent: PARENT });
    run.transition(requestDeletion);
    assert(!isToBeDeleted(run.state));
    run.transition((tx) => noteDelivered(tx, [0]));
    assert(isToBeDeleted(run.state));
  });
});
