import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StatusError, unpackAny } from '@perdure/api';
import {
  WorkflowIdConflictPolicy as Conflict,
  WorkflowIdReusePolicy as Reuse,
  WorkflowExecutionStatus as Status,
} from '@perdure/api/enums';
import { WorkflowExecutionAlreadyStartedFailure } from '@perdure/api/errordetails';
import { decideStart } from './id-policy.ts';

const ENDED = [Status.COMPLETED, Status.FAILED, Status.CANCELED, Status.TERMINATED, Status.TIMED_OUT];

function decide(status: number, reuse: number, conflict: number): string {
  const existing = { workflowId: 'w', runId: 'r', status, startRequestId: 'q', firstRunId: 'f' };
  try {
    return decideStart(existing, reuse, conflict);
  } catch (error) {
    assert.ok(error instanceof StatusError);
    assert.equal(error.code, 6);
    const [detail] = error.details;
    assert.ok(detail);
    const failure = unpackAny(WorkflowExecutionAlreadyStartedFailure, detail);
    assert.deepEqual([failure?.startRequestId, failure?.runId, failure?.firstExecutionRunId], ['q', 'r', 'f']);
    return error.message;
  }
}

it('decides about an open run by the conflict policy', () => {
  const open = (conflict: number) => decide(Status.RUNNING, Reuse.REJECT_DUPLICATE, conflict);
  assert.equal(open(Conflict.FAIL), 'Workflow execution is already running. WorkflowId: w, RunId: r.');
  assert.equal(open(Conflict.UNSPECIFIED), 'Workflow execution is already running. WorkflowId: w, RunId: r.');
  assert.equal(open(Conflict.USE_EXISTING), 'use');
  assert.equal(open(Conflict.TERMINATE_EXISTING), 'replace');
});

it('decides about a closed run by the reuse policy', () => {
  const closed = (reuse: number) => ENDED.map((status) => decide(status, reuse, Conflict.USE_EXISTING));
  assert.deepEqual(
    closed(Reuse.ALLOW_DUPLICATE),
    ENDED.map(() => 'start'),
  );
  assert.deepEqual(closed(Reuse.ALLOW_DUPLICATE_FAILED_ONLY), [
    'Workflow execution already finished successfully. WorkflowId: w, RunId: r. Workflow Id reuse policy: allow duplicate workflow Id if last run failed.',
    ...ENDED.slice(1).map(() => 'start'),
  ]);
  for (const answer of closed(Reuse.REJECT_DUPLICATE))
    assert.match(answer, /^Workflow execution already finished\. .*reject duplicate/);
});
