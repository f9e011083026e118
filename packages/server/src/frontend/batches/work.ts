// What the runtime is told of batch operations: which executions one means, and how what it does is done.

import { notFound } from '@perdure/api';
import { NamespaceState } from '@perdure/api/enums';
import { StartBatchOperationRequest } from '@perdure/api/workflowservice';
import type { BatchState } from '@perdure/core';
import type { BatchWork } from '../../runtime/batches/work.ts';
import type { FrontendContext } from '../context.ts';
import { type BatchAction, batchActionOf } from './action.ts';
import { namedPage, queryPage } from './executions.ts';

type Context = Pick<FrontendContext, 'engine' | 'store' | 'clock' | 'ids' | 'matching' | 'namespaces' | 'config'>;

export function batchWork(context: Context): BatchWork {
  const { namespaces, config } = context;
  return {
    page: async (job) => {
      const namespace = namespaces.byId(job.namespaceId);
      if (namespace === undefined || namespace.state === NamespaceState.DELETED) return undefined;
      const { query } = job.state;
      return query === '' ? namedPage(context, job) : queryPage(context, namespace, job, actionOf(job));
    },
    act: async (job, { workflowId, runId }, requestId) => {
      if (runId === '') throw notFound(`workflow not found for ID: ${workflowId}`);
      const ref = { namespaceId: job.namespaceId, workflowId, runId };
      await actionOf(job).act(context, { ref, requestId, reason: job.state.reason });
    },
    speed: (namespaceId) => {
      const settings = namespaces.byId(namespaceId)?.settings ?? config.forNamespace('');
      return { perSecondMax: settings.batchRate, concurrency: settings.batchConcurrency };
    },
  };
}

/** By the bytes of the operation, which stay the same object as long as the batch operation is in memory. */
const actions = new WeakMap<Uint8Array, BatchAction>();

function actionOf({ state }: { readonly state: Pick<BatchState, 'operation'> }): BatchAction {
  const { operation } = state;
  let action = actions.get(operation);
  if (action === undefined) {
    action = batchActionOf(StartBatchOperationRequest.decode(operation));
    actions.set(operation, action);
  }
  return action;
}
