// Queries on the wire: a direct query task when the workflow is idle or closed, a passenger of the next workflow task
// when one is due. Neither leaves a trace in the history.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import type { Hand, WorkflowTask } from './hand.ts';
import { completeWorkflow, hand, payloads, seconds, texts } from './hand.ts';
import { NAMESPACE } from './harness.ts';
import { Code, fails } from './raw.ts';
import { accept, answer as answerUpdate, respond, told, update } from './update-hand.ts';

const { QueryResultType, QueryRejectCondition, WorkflowExecutionStatus } = proto.temporal.api.enums.v1;
type QueryRequest = temporal.api.workflowservice.v1.IQueryWorkflowRequest;

function query(w: Hand, request: QueryRequest = {}) {
  return w.raw.workflow.queryWorkflow({
    ...w.execution,
    query: { queryType: 'q', queryArgs: payloads('arg') },
    ...request,
  });
}

function answer(w: Hand, task: WorkflowTask, result: string) {
  return w.raw.workflow.respondQueryTaskCompleted({
    ...{ namespace: NAMESPACE, taskToken: task.taskToken },
    ...{ completedType: QueryResultType.QUERY_RESULT_TYPE_ANSWERED, queryResult: payloads(result) },
  });
}

/** A workflow with one completed workflow task, idle. */
async function idle(): Promise<Hand> {
  const w = await hand();
  await w.start();
  await w.step();
  return w;
}

describe('a query to an idle workflow', { concurrency: true }, () => {
  it('is a task of its own, with the history and no trace in it', async () => {
    const w = await idle();
    const asked = query(w);
    const task = await w.workflowTask();
    assert.equal(task.query?.queryType, 'q');
    assert.deepEqual(texts(task.query?.queryArgs), ['arg']);
    assert.deepEqual(
      task.history?.events?.map((event) => Number(event.eventId)),
      [1, 2, 3, 4],
    );
    assert.equal(Number(task.startedEventId), 0);
    await answer(w, task, 'fine');
    assert.deepEqual(texts((await asked).queryResult), ['fine']);
    await w.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
    );
  });

  it('may fail, and the failure comes back as it is', async () => {
    const w = await idle();
    const asked = query(w);
    // Observed from here on, or a quick failure would count as unhandled while the task is still being answered.
    const refused = fails(asked, Code.INVALID_ARGUMENT, 'no such query', 'QueryFailedFailure');
    const { taskToken } = await w.workflowTask();
    const failure = { message: 'no such query', source: 'test', applicationFailureInfo: { type: 'Unknown' } };
    await w.raw.workflow.respondQueryTaskCompleted({
      ...{ namespace: NAMESPACE, taskToken, errorMessage: 'no such query', failure },
      completedType: QueryResultType.QUERY_RESULT_TYPE_FAILED,
    });
    const detail = (await refused).detail(proto.temporal.api.errordetails.v1.QueryFailedFailure);
    assert.equal(detail.failure?.applicationFailureInfo?.type, 'Unknown');
  });

  it('cannot be answered twice', async () => {
    const w = await idle();
    const asked = query(w);
    const task = await w.workflowTask();
    await answer(w, task, 'fine');
    await asked;
    await fails(
      answer(w, task, 'again'),
      Code.NOT_FOUND,
      /query task not found, or already expired/,
      'NotFoundFailure',
    );
  });
});

describe('a query while a workflow task is due', { concurrency: true }, () => {
  it('travels with that task', async () => {
    const w = await idle();
    await w.signal();
    const asked = query(w);
    const task = await taskWithQuery(w);
    const [[id, travelling] = ['', {}]] = Object.entries(task.queries ?? {});
    assert.equal(travelling.queryType, 'q');
    assert.equal(task.query, null);
    await w.complete(task, [], {
      queryResults: { [id]: { resultType: QueryResultType.QUERY_RESULT_TYPE_ANSWERED, answer: payloads('on board') } },
    });
    assert.deepEqual(texts((await asked).queryResult), ['on board']);
  });

  it('is asked on its own when the task ends because the workflow is terminated', async () => {
    const w = await idle();
    await w.signal();
    const asked = query(w);
    await taskWithQuery(w);
    await w.raw.workflow.terminateWorkflowExecution({
      namespace: NAMESPACE,
      workflowExecution: { workflowId: w.workflowId },
    });
    const task = await w.workflowTask();
    assert.equal(task.query?.queryType, 'q');
    await answer(w, task, 'too late, but fine');
    assert.deepEqual(texts((await asked).queryResult), ['too late, but fine']);
  });
});

/** The workflow task that has the query on board: not yet the first one, if the query was slower than the poll. */
async function taskWithQuery(w: Hand): Promise<WorkflowTask> {
  for (;;) {
    const task = await w.workflowTask();
    if (Object.keys(task.queries ?? {}).length > 0) return task;
    await w.complete(task, [], { forceCreateNewWorkflowTask: true });
  }
}

describe('a query to a closed workflow', { concurrency: true }, () => {
  it('is answered from its history', async () => {
    const w = await hand();
    await w.start();
    await w.step(completeWorkflow());
    const asked = query(w);
    const task = await w.workflowTask();
    assert.equal(task.history?.events?.length, 5);
    await answer(w, task, 'it was fine');
    assert.deepEqual(texts((await asked).queryResult), ['it was fine']);
  });

  it('can be rejected by the caller’s condition', async () => {
    const w = await hand();
    await w.start();
    await w.step(completeWorkflow());
    const rejected = await query(w, { queryRejectCondition: QueryRejectCondition.QUERY_REJECT_CONDITION_NOT_OPEN });
    assert.equal(rejected.queryRejected?.status, WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);

    await w.start();
    await w.raw.workflow.terminateWorkflowExecution({
      namespace: NAMESPACE,
      workflowExecution: { workflowId: w.workflowId },
    });
    const unclean = await query(w, {
      queryRejectCondition: QueryRejectCondition.QUERY_REJECT_CONDITION_NOT_COMPLETED_CLEANLY,
    });
    assert.equal(unclean.queryRejected?.status, WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
  });

  it('that never ran a workflow task cannot be answered', async () => {
    const w = await hand();
    await w.start();
    await w.raw.workflow.terminateWorkflowExecution({
      namespace: NAMESPACE,
      workflowExecution: { workflowId: w.workflowId },
    });
    await fails(
      query(w),
      Code.FAILED_PRECONDITION,
      /closed before WorkflowTaskStarted event/,
      'WorkflowNotReadyFailure',
    );
  });
});

describe('a query that cannot be answered', { concurrency: true }, () => {
  it('since the workflow has not begun', async () => {
    const w = await hand();
    await w.start({ workflowStartDelay: seconds(60) });
    const asked = w.raw.as({ deadlineMs: 5_000 }).queryWorkflow({ ...w.execution, query: { queryType: 'q' } });
    await fails(asked, Code.FAILED_PRECONDITION, 'Workflow task is not scheduled yet.', 'WorkflowNotReadyFailure');
  });

  it('but can be when an update has called for the first task early', async () => {
    const w = await hand();
    await w.start({ workflowStartDelay: seconds(1000) });
    const updated = update(w, 'u');
    const task = await w.workflowTask();
    const asked = query(w);
    await answerUpdate(w, task, [accept(task, 'u'), respond(task, 'u')]);
    assert.equal(told(await updated), 'completed: out');
    await answer(w, await w.workflowTask(), 'fine');
    assert.deepEqual(texts((await asked).queryResult), ['fine']);
  });

  it('since its workflow task keeps failing', async () => {
    const w = await hand();
    await w.start();
    for (let attempt = 1; attempt <= 3; attempt++) await w.failTask(await w.workflowTask());
    await fails(
      query(w),
      ...([
        Code.FAILED_PRECONDITION,
        'Unable to query workflow due to Workflow Task in failed state.',
        'WorkflowNotReadyFailure',
      ] as const),
    );
  });

  it('since nobody polls: in the caller’s time', async () => {
    const w = await idle();
    const started = Date.now();
    const asked = w.raw.as({ deadlineMs: 3_000 }).queryWorkflow({ ...w.execution, query: { queryType: 'q' } });
    await assert.rejects(asked, /DEADLINE_EXCEEDED|FAILED_PRECONDITION/);
    assert(Date.now() - started < 4_000);
  });
});
