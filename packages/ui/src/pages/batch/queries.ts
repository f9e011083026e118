// Batch operations as the API has them.
import { queryOptions } from '@tanstack/react-query';
import { api, path } from '../../api/http.ts';
import { every } from '../../api/poll.ts';
import type { WorkflowExecution } from '../../api/types.ts';
import { IDENTITY, jsonPayloads } from '../../payloads/encode.ts';
import { send } from '../../payloads/send.ts';
import type { BatchKind } from './kinds.ts';

export interface BatchInfo {
  readonly jobId?: string;
  /** `BATCH_OPERATION_STATE_…` */
  readonly state?: string;
  readonly startTime?: string;
  readonly closeTime?: string;
  /** `BATCH_OPERATION_TYPE_…` */
  readonly operationType?: string;
}

export interface BatchDescription extends BatchInfo {
  readonly totalOperationCount?: string;
  readonly completeOperationCount?: string;
  readonly failureOperationCount?: string;
  readonly identity?: string;
  readonly reason?: string;
}

export interface BatchRequest {
  readonly kind: BatchKind;
  readonly jobId: string;
  readonly query: string | undefined;
  readonly executions: readonly WorkflowExecution[] | undefined;
  readonly reason: string;
  readonly signal: string;
  readonly input: string;
  readonly resetTo: 'first' | 'last';
  /** Operations per second; empty: no limit of its own. */
  readonly rate: string;
}

const PAGE_SIZE = 100;
const RUNNING_EVERY_MS = 1_000;
const LIST_EVERY_MS = 5_000;

export function batchesQuery(namespace: string, live: boolean) {
  return queryOptions({
    queryKey: ['batches', namespace],
    refetchInterval: live && every(LIST_EVERY_MS),
    queryFn: async ({ signal }) => {
      const { operationInfo = [] } = await api<{ readonly operationInfo?: readonly BatchInfo[] }>(
        path`namespaces/${namespace}/batch-operations`,
        { query: { pageSize: PAGE_SIZE }, signal },
      );
      return operationInfo;
    },
  });
}

export function batchQuery(namespace: string, jobId: string, live: boolean) {
  return queryOptions({
    queryKey: ['batch', namespace, jobId],
    queryFn: ({ signal }) => api<BatchDescription>(path`namespaces/${namespace}/batch-operations/${jobId}`, { signal }),
    refetchInterval: live && every<BatchDescription>(RUNNING_EVERY_MS, (data) => data === undefined || isRunning(data)),
  });
}

export function isRunning({ state }: BatchInfo): boolean {
  return state === 'BATCH_OPERATION_STATE_RUNNING';
}

/** @throws {ApiError | SyntaxError} */
export async function startBatch(namespace: string, request: BatchRequest): Promise<void> {
  const { jobId, query, executions, reason, rate } = request;
  await send(namespace, path`namespaces/${namespace}/batch-operations/${jobId}`, {
    ...(query === undefined ? { executions } : { visibilityQuery: query }),
    reason,
    ...(rate === '' ? {} : { maxOperationsPerSecond: Number(rate) }),
    ...operationOf(request),
  });
}

export async function stopBatch(namespace: string, jobId: string, reason: string): Promise<void> {
  const body = { reason, identity: IDENTITY };
  await api(path`namespaces/${namespace}/batch-operations/${jobId}/stop`, { method: 'POST', body });
}

function operationOf({ kind, signal, input, resetTo }: BatchRequest): object {
  const identity = IDENTITY;
  switch (kind) {
    case 'cancel':
      return { cancellationOperation: { identity } };
    case 'terminate':
      return { terminationOperation: { identity } };
    case 'delete':
      return { deletionOperation: { identity } };
    case 'signal':
      return { signalOperation: { identity, signal, input: jsonPayloads(input) } };
    case 'reset':
      return {
        resetOperation: {
          identity,
          options: resetTo === 'first' ? { firstWorkflowTask: {} } : { lastWorkflowTask: {} },
        },
      };
  }
}
