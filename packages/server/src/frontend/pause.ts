// PauseWorkflowExecution and UnpauseWorkflowExecution: an operator holds a run, and releases it.

import { invalidArgument, unimplemented } from '@perdure/api';
import {
  PauseWorkflowExecutionRequest,
  PauseWorkflowExecutionResponse,
  UnpauseWorkflowExecutionRequest,
  UnpauseWorkflowExecutionResponse,
} from '@perdure/api/workflowservice';
import { byteLength, pauseRun, type RunPause, type Transition, unpauseRun } from '@perdure/core';
import type { FrontendContext } from './context.ts';
import { rpc } from './rpc.ts';
import { executionRef } from './validate.ts';
import { findRun, requireOpen } from './workflow-actions.ts';

export const pauseRpcs = [
  rpc('PauseWorkflowExecution', PauseWorkflowExecutionRequest, PauseWorkflowExecutionResponse, (context, request) =>
    change(context, request, pauseRun),
  ),
  rpc(
    'UnpauseWorkflowExecution',
    UnpauseWorkflowExecutionRequest,
    UnpauseWorkflowExecutionResponse,
    (context, request) => change(context, request, unpauseRun),
  ),
];

async function change(
  context: FrontendContext,
  request: PauseWorkflowExecutionRequest | UnpauseWorkflowExecutionRequest,
  decide: (tx: Transition, pause: RunPause) => void,
) {
  const namespace = context.namespaces.require(request.namespace);
  const { limits, workflowPause } = namespace.settings;
  if (!workflowPause) throw unimplemented(`workflow pause is not enabled for namespace: ${namespace.name}`);
  const { identity, reason, requestId, workflowId, runId } = request;
  const ref = executionRef(namespace, { workflowId, runId });
  const tooLong = (text: string) => byteLength(text) > limits.idLengthMax;
  if (tooLong(reason)) throw invalidArgument('reason is too long.');
  if (tooLong(requestId)) throw invalidArgument('request id is too long.');
  if (tooLong(identity)) throw invalidArgument('identity is too long.');
  const run = await findRun(context, ref);
  await context.engine.transact(run, (tx) => {
    requireOpen(tx);
    decide(tx, { identity, reason, requestId });
  });
  return {};
}
