// What a request to start a batch operation must be, with the texts that clients know.

import { invalidArgument } from '@perdure/api';
import { ExecutionType } from '@perdure/api/enums';
import { StartBatchOperationRequest } from '@perdure/api/workflowservice';
import type { BatchRequest, BatchTarget } from '@perdure/core';
import type { Namespace } from '../namespaces/registry.ts';
import { checkIdentity, checkLength, executionRef } from '../validate.ts';
import { type BatchAction, batchActionOf, standaloneActivities } from './action.ts';
import { checkBatchQuery } from './executions.ts';

export interface CheckedBatch {
  readonly action: BatchAction;
  readonly request: Omit<BatchRequest, 'total'>;
}

/** @throws INVALID_ARGUMENT, UNIMPLEMENTED */
export function checkedBatch(namespace: Namespace, request: StartBatchOperationRequest): CheckedBatch {
  const { limits, batchExecutionsMax } = namespace.settings;
  const { jobId, reason, visibilityQuery: query, executions, targetExecutions } = request;
  if (jobId === '') throw invalidArgument('JobId is not set on request.');
  checkLength(jobId, limits, 'JobId length exceeds limit.');
  const ways = [query !== '', executions.length > 0, targetExecutions.length > 0].filter(Boolean).length;
  if (ways === 0) {
    throw invalidArgument('VisibilityQuery, Executions, or TargetExecutions must be set on request.');
  }
  if (ways > 1) throw invalidArgument('VisibilityQuery, Executions, and TargetExecutions are mutually exclusive.');
  if (executions.length + targetExecutions.length > batchExecutionsMax) {
    throw invalidArgument('Workflow executions count exceeded.');
  }
  if (reason === '') throw invalidArgument('Reason is not set on request.');
  checkLength(reason, limits, 'Reason length exceeds limit.');
  const action = batchActionOf(request);
  checkIdentity(action.identity, limits);
  action.check?.(namespace);
  if (query !== '') checkBatchQuery(namespace, query);
  return {
    action,
    request: {
      ...{ reason, query },
      operation: operationOf(request),
      operationType: action.type,
      identity: action.identity,
      targets: targetsOf(namespace, request),
      rateMax: rateOf(request.maxOperationsPerSecond),
    },
  };
}

/** Nothing but what is to be done. */
function operationOf(request: StartBatchOperationRequest): Uint8Array {
  const rest = { namespace: '', visibilityQuery: '', jobId: '', reason: '', executions: [], targetExecutions: [] };
  return StartBatchOperationRequest.encode({ ...request, ...rest, maxOperationsPerSecond: 0 });
}

function targetsOf(namespace: Namespace, request: StartBatchOperationRequest): BatchTarget[] {
  const { executions, targetExecutions } = request;
  if (targetExecutions.some(({ type }) => type !== ExecutionType.UNSPECIFIED && type !== ExecutionType.WORKFLOW)) {
    throw standaloneActivities();
  }
  const named = targetExecutions.map(({ businessId, runId }) => ({ workflowId: businessId, runId }));
  return [...executions, ...named].map((execution) => {
    const { workflowId, runId } = executionRef(namespace, execution);
    return { workflowId, runId };
  });
}

/** 0: the request does not limit it. */
function rateOf(given: number): number {
  if (Number.isNaN(given) || given < 0) {
    throw invalidArgument('max_operations_per_second must not be negative');
  }
  return Number.isFinite(given) ? given : 0;
}
