// Update-with-start by hand (ExecuteMultiOperation): what is started, what is updated, and what the error says of each.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { completeWorkflow, eventNames, failWorkflow, type Hand, hand, seconds } from './hand.ts';
import { Code, failure } from './raw.ts';
import {
  ACCEPTED,
  accept,
  answer,
  COMPLETED,
  pollUpdate,
  reject,
  respond,
  told,
  updateIds,
  updateRequest,
} from './update-hand.ts';

type StartRequest = temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest;
type UpdateRequest = temporal.api.workflowservice.v1.IUpdateWorkflowExecutionRequest;

const { WorkflowIdConflictPolicy: Conflict, WorkflowIdReusePolicy: Reuse } = proto.temporal.api.enums.v1;
const { MultiOperationExecutionFailure } = proto.temporal.api.errordetails.v1;
const USE_EXISTING = Conflict.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING;
const FAIL = Conflict.WORKFLOW_ID_CONFLICT_POLICY_FAIL;
const TERMINATE = Conflict.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING;
const ABORTED = 'ABORTED Operation was aborted.';

interface Options {
  readonly start?: StartRequest;
  readonly update?: UpdateRequest;
  readonly stage?: number;
}

async function updateWithStart(w: Hand, updateId: string, { start = {}, update = {}, stage }: Options = {}) {
  const { responses } = await w.raw.workflow.executeMultiOperation({
    namespace: w.namespace,
    operations: [
      { startWorkflow: w.startRequest({ workflowIdConflictPolicy: FAIL, ...start }) },
      { updateWorkflow: { ...updateRequest(w, updateId, stage), ...update } },
    ],
  });
  const [started, updated] = responses;
  assert(started?.startWorkflow && updated?.updateWorkflow);
  const { outcome, stage: reached } = updated.updateWorkflow;
  return {
    runId: started.startWorkflow.runId ?? '',
    started: started.startWorkflow.started,
    told: told({ outcome, stage: reached ?? 0 }),
  };
}

/** The error as a whole, and what it says of each operation. */
async function statuses(call: Promise<unknown>) {
  const error = await failure(call);
  assert.equal(error.text, 'Update-with-Start could not be executed.');
  const each = error.detail(MultiOperationExecutionFailure).statuses;
  return {
    code: Code[error.code],
    each: each.map((status) => `${Code[status.code ?? 0]} ${status.message}`.trim()),
    details: each.map((status) => status.details?.[0]?.type_url?.replace(/^.*\./, '')),
  };
}

async function acceptAndRespond(w: Hand, updateId: string, result = 'out') {
  const task = await w.workflowTask();
  assert.deepEqual(updateIds(task), [updateId]);
  await answer(w, task, [accept(task, updateId), respond(task, updateId, result)]);
}

describe('update-with-start', { concurrency: true }, () => {
  it('starts a workflow, whose first task carries the update', async () => {
    const w = await hand();
    const asked = updateWithStart(w, 'u');
    await acceptAndRespond(w, 'u');
    const { runId, started, told: outcome } = await asked;
    assert.deepEqual([started, outcome], [true, 'completed: out']);
    const events = await w.history(runId);
    assert.deepEqual(eventNames(events), [
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'WorkflowExecutionUpdateAccepted',
      'WorkflowExecutionUpdateCompleted',
    ]);
  });

  it('updates a workflow that runs, if it may', async () => {
    const w = await hand();
    const runId = await w.start();
    await w.step();
    const asked = updateWithStart(w, 'u', { start: { workflowIdConflictPolicy: USE_EXISTING }, stage: ACCEPTED });
    const task = await w.workflowTask();
    await answer(w, task, [accept(task, 'u')]);
    assert.deepEqual(await asked, { runId, started: false, told: 'accepted' });
  });

  it('of a workflow that runs finds the update that it began before', async () => {
    const w = await hand();
    const requestId = 'the-same-request';
    const first = updateWithStart(w, 'u', { start: { requestId }, stage: ACCEPTED });
    const task = await w.workflowTask();
    await answer(w, task, [accept(task, 'u')]);
    const { runId } = await first;
    // By the request that started it, and by the update alone.
    const again = await updateWithStart(w, 'u', { start: { requestId }, stage: ACCEPTED });
    assert.deepEqual(again, { runId, started: false, told: 'accepted' });
    const another = updateWithStart(w, 'u');
    const other = updateWithStart(w, 'v', { start: { requestId } });
    const next = await w.workflowTask();
    await answer(w, next, [respond(next, 'u'), reject(next, 'v')]);
    assert.deepEqual(await another, { runId, started: false, told: 'completed: out' });
    assert.equal((await other).told, 'failed: no');
  });

  it('is answered by an update that was completed, also after the workflow has closed', async () => {
    const w = await hand();
    const first = updateWithStart(w, 'u');
    await acceptAndRespond(w, 'u', 'once');
    const { runId } = await first;
    assert.deepEqual(await updateWithStart(w, 'u'), { runId, started: false, told: 'completed: once' });
    await w.signal();
    await w.step(completeWorkflow());
    assert.deepEqual(await updateWithStart(w, 'u'), { runId, started: false, told: 'completed: once' });
    // Another one begins another run.
    const next = updateWithStart(w, 'v');
    await acceptAndRespond(w, 'v');
    const { started, runId: nextRunId } = await next;
    assert(started && nextRunId !== runId);
  });

  it('may take the place of a workflow that runs', async () => {
    const w = await hand();
    const first = await w.start();
    await w.step();
    const asked = updateWithStart(w, 'u', { start: { workflowIdConflictPolicy: TERMINATE } });
    await acceptAndRespond(w, 'u');
    const { runId, started } = await asked;
    assert(started && runId !== first);
    assert.equal(eventNames(await w.history(first)).at(-1), 'WorkflowExecutionTerminated');
  });

  it('starts a workflow also if the update is rejected', async () => {
    const w = await hand();
    const asked = updateWithStart(w, 'u');
    const task = await w.workflowTask();
    await answer(w, task, [reject(task, 'u')]);
    const { started, told: outcome } = await asked;
    assert.deepEqual([started, outcome], [true, 'failed: no']);
    assert.equal((await w.history()).length, 4);
  });
});

describe('update-with-start that fails', { concurrency: true }, () => {
  it('because the workflow runs already', async () => {
    const w = await hand();
    const runId = await w.start();
    const { code, each, details } = await statuses(updateWithStart(w, 'u'));
    assert.equal(code, 'ALREADY_EXISTS');
    assert.deepEqual(each, [
      `ALREADY_EXISTS Workflow execution is already running. WorkflowId: ${w.workflowId}, RunId: ${runId}.`,
      ABORTED,
    ]);
    assert.deepEqual(details, ['WorkflowExecutionAlreadyStartedFailure', 'MultiOperationExecutionAborted']);
    const { text } = await failure(pollUpdate(w, 'u'));
    assert.equal(text, 'update "u" not found');
  });

  it('because the workflow id may not be used again', async () => {
    const w = await hand();
    await w.start();
    await w.step(completeWorkflow());
    const start = { workflowIdReusePolicy: Reuse.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE };
    const { code, each } = await statuses(updateWithStart(w, 'u', { start }));
    assert.equal(code, 'ALREADY_EXISTS');
    assert.match(each[0] ?? '', /reject duplicate workflow Id/);
    assert.equal(each[1], ABORTED);
  });

  it('because the workflow that it started ends before it takes the update', async () => {
    const w = await hand();
    const asked = statuses(updateWithStart(w, 'u'));
    await w.step(failWorkflow());
    const { code, each } = await asked;
    assert.deepEqual([code, ...each], ['NOT_FOUND', 'OK', 'NOT_FOUND workflow update was aborted by closing workflow']);
  });

  it('not because the workflow that it found does: then it starts one', async () => {
    const w = await hand();
    const first = await w.start();
    await w.step();
    const asked = updateWithStart(w, 'u', { start: { workflowIdConflictPolicy: USE_EXISTING } });
    const task = await w.workflowTask();
    assert.deepEqual(updateIds(task), ['u']);
    await w.complete(task, [completeWorkflow()]);
    await acceptAndRespond(w, 'u');
    const { runId, started, told: outcome } = await asked;
    assert(started && runId !== first);
    assert.equal(outcome, 'completed: out');
  });

  const wrong: readonly [what: string, options: Options, ...each: string[]][] = [
    [
      'a cron schedule',
      { start: { cronSchedule: '0 * * * *' } },
      'INVALID_ARGUMENT CronSchedule is not allowed.',
      ABORTED,
    ],
    [
      'an eager start',
      { start: { requestEagerExecution: true } },
      'INVALID_ARGUMENT RequestEagerExecution is not supported.',
      ABORTED,
    ],
    [
      'a start delay',
      { start: { workflowStartDelay: seconds(1) } },
      'INVALID_ARGUMENT WorkflowStartDelay is not supported.',
      ABORTED,
    ],
    [
      'a run id',
      { update: { workflowExecution: { workflowId: 'w', runId: '11111111-1111-4111-8111-111111111111' } } },
      ABORTED,
      'INVALID_ARGUMENT RunId is not allowed.',
    ],
    [
      'a first run id',
      { update: { firstExecutionRunId: '11111111-1111-4111-8111-111111111111' } },
      ABORTED,
      'INVALID_ARGUMENT FirstExecutionRunId is not allowed.',
    ],
    [
      'another workflow',
      { update: { workflowExecution: { workflowId: 'another' } } },
      ABORTED,
      'INVALID_ARGUMENT WorkflowId is not consistent with previous operation(s).',
    ],
    [
      'another namespace',
      { start: { namespace: 'another' }, update: { namespace: 'another' } },
      "INVALID_ARGUMENT Operation namespace did not match request's namespace.",
      "INVALID_ARGUMENT Operation namespace did not match request's namespace.",
    ],
    [
      'nothing in it',
      { start: { workflowType: {} }, update: { request: { meta: {} } } },
      'INVALID_ARGUMENT WorkflowType is not set on request.',
      'INVALID_ARGUMENT Update input is not set on request.',
    ],
  ];
  for (const [what, options, ...expected] of wrong) {
    it(`with ${what}`, async () => {
      const { code, each } = await statuses(updateWithStart(await hand(), 'u', { stage: COMPLETED, ...options }));
      assert.deepEqual([code, ...each], ['INVALID_ARGUMENT', ...expected]);
    });
  }

  it('when it is something else', async () => {
    const w = await hand();
    const text = 'Operations have to be exactly [Start, Update].';
    const start = { startWorkflow: w.startRequest() };
    const update = { updateWorkflow: updateRequest(w, 'u') };
    for (const operations of [[], [start], [update, start], [start, start], [start, update, update]]) {
      const error = await failure(w.raw.workflow.executeMultiOperation({ namespace: w.namespace, operations }));
      assert.deepEqual([error.code, error.text], [Code.INVALID_ARGUMENT, text]);
    }
  });
});
