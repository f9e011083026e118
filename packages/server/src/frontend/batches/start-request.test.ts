import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { code, type StatusError } from '@perdure/api';
import { ResetOptions } from '@perdure/api/common';
import { BatchOperationType as Type } from '@perdure/api/enums';
import type { Init } from '@perdure/api/wire';
import { StartBatchOperationRequest } from '@perdure/api/workflowservice';
import { type TestFrontendOptions, testFrontend } from '../testing.ts';
import { checkedBatch } from './start-request.ts';

type Request = Init<StartBatchOperationRequest>;

const EMPTY = new Uint8Array(0);
const VALID: Request = {
  ...{ namespace: 'default', jobId: 'job', reason: 'why', visibilityQuery: "WorkflowType = 'x'" },
  terminationOperation: { identity: 'me' },
};

async function checked(change: Request, options: TestFrontendOptions = {}) {
  const { context } = await testFrontend(options);
  const namespace = await context.namespaces.ensureNamespace('default');
  return checkedBatch(
    namespace,
    StartBatchOperationRequest.decode(StartBatchOperationRequest.encode({ ...VALID, ...change })),
  );
}

async function refused(change: Request, text: string | RegExp, status: number = code.INVALID_ARGUMENT) {
  await assert.rejects(checked(change), (error: StatusError) => {
    assert.equal(error.code, status, error.message);
    if (typeof text === 'string') assert.equal(error.message, text);
    else assert.match(error.message, text);
    return true;
  });
}

/** Another operation than the valid one. */
function operation(change: Request): Request {
  return { terminationOperation: undefined, ...change };
}

describe('a request to start a batch operation', () => {
  it('needs a job id and a reason', async () => {
    await refused({ jobId: '' }, 'JobId is not set on request.');
    await refused({ jobId: 'x'.repeat(1001) }, 'JobId length exceeds limit.');
    await checked({ jobId: 'x'.repeat(1000) });
    await refused({ reason: '' }, 'Reason is not set on request.');
    await refused({ reason: 'x'.repeat(1001) }, 'Reason length exceeds limit.');
  });

  it('says in exactly one way which executions it means', async () => {
    const executions = [{ workflowId: 'a' }];
    const targetExecutions = [{ businessId: 'a' }];
    const none = 'VisibilityQuery, Executions, or TargetExecutions must be set on request.';
    const several = 'VisibilityQuery, Executions, and TargetExecutions are mutually exclusive.';
    await refused({ visibilityQuery: '' }, none);
    await refused({ executions }, several);
    await refused({ targetExecutions }, several);
    await refused({ visibilityQuery: '', executions, targetExecutions }, several);
    const { request } = await checked({ visibilityQuery: '', targetExecutions });
    assert.deepEqual(request.targets, [{ workflowId: 'a', runId: '' }]);
  });

  it('names so many executions at most', async () => {
    const named = (count: number): Request => ({
      visibilityQuery: '',
      executions: Array.from({ length: count }, (_, i) => ({ workflowId: `w${i}` })),
    });
    await checked(named(1000));
    await refused(named(1001), 'Workflow executions count exceeded.');
    await checked(named(2), { namespaces: { batchExecutionsMax: 2 } });
    await assert.rejects(checked(named(3), { namespaces: { batchExecutionsMax: 2 } }), /count exceeded/);
  });

  it('names executions by valid ids', async () => {
    await refused({ visibilityQuery: '', executions: [{}] }, 'WorkflowId is not set on request.');
    await refused({ visibilityQuery: '', executions: [{ workflowId: 'a', runId: 'b' }] }, 'Invalid RunId.');
  });

  it('has a query that can be understood', async () => {
    await refused(
      { visibilityQuery: 'WorkflowType = ' },
      /^invalid visibility query: invalid query: malformed SQL query: /,
    );
    await refused(
      { visibilityQuery: "Nothing = 'x'" },
      /^invalid visibility query: invalid query: invalid expression: /,
    );
    await refused({ visibilityQuery: 'StartTime > 1 ORDER BY StartTime' }, /^invalid visibility query: .*ORDER BY/);
  });

  it('says what is to be done', async () => {
    await refused(operation({}), 'Batch operation is not set on request.');
    await refused(operation({ signalOperation: {} }), 'must provide signal name');
    await refused(operation({ signalOperation: { signal: 'x'.repeat(1001) } }), 'SignalName length exceeds limit.');
    const { request, action } = await checked({});
    assert.equal(request.operationType, Type.TERMINATE);
    assert.equal(request.identity, 'me');
    assert.equal(action.ofClosed, undefined);
    assert.deepEqual(
      StartBatchOperationRequest.decode(request.operation),
      StartBatchOperationRequest.decode(
        StartBatchOperationRequest.encode({ terminationOperation: { identity: 'me' } }),
      ),
    );
  });

  it('changes options by a mask', async () => {
    const options = (change: Request['updateWorkflowOptionsOperation']) =>
      operation({ updateWorkflowOptionsOperation: change });
    await refused(options({}), 'must provide UpdateOptions');
    await refused(options({ workflowExecutionOptions: {} }), 'must provide UpdateMask');
    await refused(options({ workflowExecutionOptions: {}, updateMask: { paths: ['x'] } }), /^error parsing UpdateMask/);
  });

  it('resets to something', async () => {
    await refused(operation({ resetOperation: {} }), 'unknown batch reset type 0');
    await refused(operation({ resetOperation: { resetType: 3 } }), 'unknown batch reset type 3');
    await refused(operation({ resetOperation: { options: EMPTY } }), 'batch reset missing target');
    const options = ResetOptions.encode({ lastWorkflowTask: {} });
    assert.equal((await checked(operation({ resetOperation: { options } }))).action.ofClosed, true);
    const postResetOperations = [{ signalWorkflow: {} }];
    await refused(operation({ resetOperation: { options, postResetOperations } }), /^unsupported post reset operation/);
  });

  it('means activities of a type, or all', async () => {
    const neither = 'Either activity type must be set, or match all should be set to true';
    await refused(operation({ unpauseActivitiesOperation: {} }), 'activity filter must be set');
    await refused(operation({ unpauseActivitiesOperation: { type: '' } }), neither);
    await refused(operation({ unpauseActivitiesOperation: { matchAll: false } }), neither);
    await refused(operation({ resetActivitiesOperation: {} }), 'must provide ActivityType or MatchAll');
    await refused(operation({ resetActivitiesOperation: { matchAll: false } }), neither);
    await refused(
      operation({ updateActivityOptionsOperation: { matchAll: true } }),
      'Either activity type must be set, or restore original should be set to true',
    );
    await refused(
      operation({ updateActivityOptionsOperation: { matchAll: true, restoreOriginal: true, activityOptions: {} } }),
      'cannot set both activity options and restore original',
    );
  });

  it('may be as slow as it likes', async () => {
    const rate = async (maxOperationsPerSecond: number) => (await checked({ maxOperationsPerSecond })).request.rateMax;
    assert.equal(await rate(0), 0);
    assert.equal(await rate(0.5), 0.5);
    assert.equal(await rate(Number.POSITIVE_INFINITY), 0);
    await refused({ maxOperationsPerSecond: -1 }, /must not be negative/);
    await refused({ maxOperationsPerSecond: Number.NaN }, /must not be negative/);
  });

  it('is not about standalone activities, which there are none of', async () => {
    const not = 'batch operations on standalone activities are not implemented by this server';
    await refused(operation({ cancelActivitiesOperation: {} }), not, code.UNIMPLEMENTED);
    await refused(operation({ terminateActivitiesOperation: {} }), not, code.UNIMPLEMENTED);
    await refused(operation({ deleteActivitiesOperation: {} }), not, code.UNIMPLEMENTED);
    const targetExecutions = [{ type: 2, businessId: 'a' }];
    await refused({ visibilityQuery: '', targetExecutions }, not, code.UNIMPLEMENTED);
  });
});
