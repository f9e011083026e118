import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResourceExhaustedCause, ResourceExhaustedScope } from '@perdure/api/enums';
import * as details from '@perdure/api/errordetails';
import { Failure } from '@perdure/api/failure';
import { Status } from '@perdure/api/google';
import {
  code,
  multiOperationExecution,
  namespaceNotFound,
  notFound,
  queryFailed,
  resourceExhausted,
  StatusError,
  unpackAny,
  workflowExecutionAlreadyStarted,
} from './index.ts';

test('the status bytes carry code, message and the packed detail', () => {
  const error = workflowExecutionAlreadyStarted('running', { startRequestId: 'q', runId: 'r' });
  const status = Status.decode(error.toStatusBytes());
  assert.equal(status.code, code.ALREADY_EXISTS);
  assert.equal(status.message, 'running');
  const [detail] = status.details;
  assert.ok(detail);
  assert.equal(
    detail.typeUrl,
    'type.googleapis.com/temporal.api.errordetails.v1.WorkflowExecutionAlreadyStartedFailure',
  );
  assert.deepEqual(unpackAny(details.WorkflowExecutionAlreadyStartedFailure, detail), {
    startRequestId: 'q',
    runId: 'r',
    firstExecutionRunId: '',
  });
  assert.equal(unpackAny(details.NotFoundFailure, detail), undefined);
});

test('errors have the code and the detail that SDKs look for', () => {
  assert.equal(namespaceNotFound('x').message, 'Namespace x is not found.');
  assert.equal(notFound('gone').details.length, 1);
  const failure = Failure.encode({ message: 'no such query' });
  const query = queryFailed('no such query', failure);
  assert.equal(query.code, code.INVALID_ARGUMENT);
  assert.deepEqual(details.QueryFailedFailure.decode(query.details[0]?.value ?? failure), { failure });
  const busy = resourceExhausted(
    'Workflow is busy.',
    ResourceExhaustedCause.BUSY_WORKFLOW,
    ResourceExhaustedScope.NAMESPACE,
  );
  assert.equal(busy.code, code.RESOURCE_EXHAUSTED);
  assert.deepEqual(details.ResourceExhaustedFailure.decode(busy.details[0]?.value ?? failure), { cause: 5, scope: 1 });
});

test('a multi-operation takes the code of the operation at fault and marks the others as given up', () => {
  const error = multiOperationExecution('Update-with-Start could not be executed.', [
    undefined,
    namespaceNotFound('x'),
  ]);
  assert.equal(error.code, code.NOT_FOUND);
  const [detail] = error.details;
  const statuses = detail && unpackAny(details.MultiOperationExecutionFailure, detail)?.statuses;
  assert.deepEqual(
    statuses?.map((status) => status.code),
    [code.ABORTED, code.NOT_FOUND],
  );
  assert.match(statuses?.[0]?.details[0]?.typeUrl ?? '', /failure\.v1\.MultiOperationExecutionAborted$/);
});

test('a long message is cut to 4000 bytes, between characters', () => {
  const exact = 'é'.repeat(2000);
  assert.equal(new StatusError(code.INTERNAL, exact).message, exact);
  const { message } = new StatusError(code.INTERNAL, `${exact}é`);
  assert.ok(message.endsWith('é... <truncated>'));
  assert.ok(Buffer.byteLength(message) <= 4000 && Buffer.byteLength(message) > 3996);
});
