// The RPCs of batch operations: start, stop, describe, list.

import { invalidArgument, permissionDenied, resourceExhausted } from '@perdure/api';
import {
  ResourceExhaustedCause,
  ResourceExhaustedScope,
  BatchOperationState as State,
  WorkflowExecutionStatus as Status,
} from '@perdure/api/enums';
import * as service from '@perdure/api/workflowservice';
import { batchTypeOf } from '@perdure/core';
import type { RpcCall } from '../../transport/rpc.ts';
import type { FrontendContext } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { rpc } from '../rpc.ts';
import { checkIdentity } from '../validate.ts';
import { queryTimeoutMs } from '../visibility/query-time.ts';
import { countExecutions } from './executions.ts';
import { listBatches } from './list.ts';
import { checkedBatch } from './start-request.ts';

export const batchRpcs = [
  rpc('StartBatchOperation', service.StartBatchOperationRequest, service.StartBatchOperationResponse, start),
  rpc('StopBatchOperation', service.StopBatchOperationRequest, service.StopBatchOperationResponse, stop),
  rpc(
    'DescribeBatchOperation',
    service.DescribeBatchOperationRequest,
    service.DescribeBatchOperationResponse,
    describe,
  ),
  rpc('ListBatchOperations', service.ListBatchOperationsRequest, service.ListBatchOperationsResponse, list),
];

async function start(context: FrontendContext, request: service.StartBatchOperationRequest, call: RpcCall) {
  const namespace = context.namespaces.require(request.namespace);
  const { action, request: batch } = checkedBatch(namespace, request);
  requireEnabled(namespace);
  const { openBatchesMax } = namespace.settings;
  if (openBatchesMax > 0 && context.batches.openCount(namespace.id) >= openBatchesMax) {
    throw resourceExhausted(
      'Max concurrent batch operations is reached',
      ResourceExhaustedCause.CONCURRENT_LIMIT,
      ResourceExhaustedScope.NAMESPACE,
    );
  }
  const total =
    batch.query === ''
      ? batch.targets.length
      : await countExecutions(context, namespace, {
          query: batch.query,
          closedToo: action.ofClosed === true,
          timeoutMs: queryTimeoutMs(context, namespace, call),
        });
  await context.batches.start(namespace.id, request.jobId, { ...batch, total });
  return {};
}

async function stop(context: FrontendContext, request: service.StopBatchOperationRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const { jobId, reason, identity } = request;
  checkJobId(jobId);
  requireEnabled(namespace);
  if (reason === '') throw invalidArgument('Reason is not set on request.');
  checkIdentity(identity, namespace.settings.limits);
  await context.batches.stopOne(namespace.id, jobId, { reason, identity });
  return {};
}

async function describe(context: FrontendContext, request: service.DescribeBatchOperationRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const { jobId } = request;
  checkJobId(jobId);
  requireEnabled(namespace);
  const state = await context.batches.describe(namespace.id, jobId);
  const { operationType, startMs, closeMs, total, progress, identity, reason } = state;
  return {
    ...{ jobId, operationType, identity, reason },
    state: stateOf(state.status),
    startTime: startMs,
    closeTime: closeMs,
    totalOperationCount: total,
    completeOperationCount: progress.completed,
    failureOperationCount: progress.failed,
  };
}

async function list(context: FrontendContext, request: service.ListBatchOperationsRequest, call: RpcCall) {
  const namespace = context.namespaces.require(request.namespace);
  requireEnabled(namespace);
  const { rows, nextPageToken } = await listBatches(
    context,
    namespace,
    request,
    queryTimeoutMs(context, namespace, call),
  );
  const operationInfo = rows.map((row) => ({
    jobId: row.workflowId,
    state: stateOf(row.status),
    startTime: row.startMs,
    closeTime: row.closeMs,
    operationType: batchTypeOf(row.memo),
  }));
  return { operationInfo, nextPageToken };
}

function checkJobId(jobId: string): void {
  if (jobId === '') throw invalidArgument('JobId is not set on request.');
}

function requireEnabled({ settings }: Namespace): void {
  if (!settings.batchOperations) {
    throw permissionDenied('Batch operation feature are disabled on this namespace.');
  }
}

/** One that was stopped counts as failed. */
function stateOf(status: number): number {
  if (status === Status.RUNNING) return State.RUNNING;
  return status === Status.COMPLETED ? State.COMPLETED : State.FAILED;
}
