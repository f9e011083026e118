// What operators do to a run that clients of its workflow do not: reset it to an earlier point, change its options,
// remove it.

import { invalidArgument, unimplemented } from '@perdure/api';
import { ResetReapplyExcludeType as Exclude, ResetReapplyType as Reapply } from '@perdure/api/enums';
import type { PostResetOperation, WorkflowExecutionOptions } from '@perdure/api/workflow';
import {
  DeleteWorkflowExecutionRequest,
  DeleteWorkflowExecutionResponse,
  ResetWorkflowExecutionRequest,
  ResetWorkflowExecutionResponse,
  UpdateWorkflowExecutionOptionsRequest,
  UpdateWorkflowExecutionOptionsResponse,
} from '@perdure/api/workflowservice';
import { changeOptions, checkOptionPaths, checkPriority, type RunOptionsChange, requestDeletion } from '@perdure/core';
import { resetWorkflow } from '../runtime/reset-run.ts';
import type { FrontendContext } from './context.ts';
import { rpc } from './rpc.ts';
import { checkIdentity, checkRequestId, executionRef } from './validate.ts';
import { findRun, requireOpen } from './workflow-actions.ts';

/** Each one is an event of the new run. */
const POST_RESET_OPERATIONS_MAX = 100;

export const runChangeRpcs = [
  rpc('ResetWorkflowExecution', ResetWorkflowExecutionRequest, ResetWorkflowExecutionResponse, reset),
  rpc('DeleteWorkflowExecution', DeleteWorkflowExecutionRequest, DeleteWorkflowExecutionResponse, deleteRun),
  rpc(
    'UpdateWorkflowExecutionOptions',
    UpdateWorkflowExecutionOptionsRequest,
    UpdateWorkflowExecutionOptionsResponse,
    updateOptions,
  ),
];

async function reset(context: FrontendContext, request: ResetWorkflowExecutionRequest) {
  const namespace = context.namespaces.requireActive(request.namespace);
  const { limits } = namespace.settings;
  if (request.requestId === '') throw invalidArgument('RequestId is not set on request.');
  checkRequestId(request.requestId, limits);
  const base = executionRef(namespace, request.workflowExecution);
  checkIdentity(request.identity, limits);
  const runId = await resetWorkflow(context.engine, context.store, {
    base,
    finishEventId: request.workflowTaskFinishEventId,
    newRunId: context.ids.uuid(),
    requestId: request.requestId,
    reason: request.reason,
    excluded: excludedTypes(request),
    optionsChanges: optionsChanges(request.postResetOperations),
  });
  return { runId };
}

/** What is not recorded again. The older field says what is. */
function excludedTypes(request: ResetWorkflowExecutionRequest): ReadonlySet<number> {
  const excluded = new Set<number>(request.resetReapplyExcludeTypes);
  const { resetReapplyType: included } = request;
  if (included === Reapply.SIGNAL || included === Reapply.NONE) excluded.add(Exclude.UPDATE);
  if (included === Reapply.NONE) excluded.add(Exclude.SIGNAL);
  if (included > Reapply.ALL_ELIGIBLE || included < 0) {
    throw invalidArgument(`unknown reset reapply type: ${included}`);
  }
  return excluded;
}

function optionsChanges(operations: readonly PostResetOperation[]): RunOptionsChange[] {
  if (operations.length > POST_RESET_OPERATIONS_MAX) {
    throw invalidArgument(
      `too many post reset operations: got ${operations.length}, maximum ${POST_RESET_OPERATIONS_MAX}`,
    );
  }
  return operations.map(optionsChange);
}

function optionsChange(operation: PostResetOperation): RunOptionsChange {
  const { updateWorkflowOptions, signalWorkflow } = operation;
  if (updateWorkflowOptions === undefined) {
    const variant = signalWorkflow === undefined ? '<nil>' : '*workflow.PostResetOperation_SignalWorkflow_';
    throw invalidArgument(`unsupported post reset operation: ${variant}`);
  }
  const { workflowExecutionOptions, updateMask } = updateWorkflowOptions;
  return checkedChange(workflowExecutionOptions, updateMask?.paths ?? [], '');
}

async function deleteRun(context: FrontendContext, request: DeleteWorkflowExecutionRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const run = await findRun(context, executionRef(namespace, request.workflowExecution));
  await context.engine.transact(run, requestDeletion);
  return {};
}

async function updateOptions(context: FrontendContext, request: UpdateWorkflowExecutionOptionsRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const ref = executionRef(namespace, request.workflowExecution);
  if (request.updateMask === undefined) throw invalidArgument('UpdateMask is required');
  if (request.workflowExecutionOptions === undefined) throw invalidArgument('WorkflowExecutionOptions is required');
  checkIdentity(request.identity, namespace.settings.limits);
  const change = checkedChange(request.workflowExecutionOptions, request.updateMask.paths, request.identity);
  const run = await findRun(context, ref);
  const workflowExecutionOptions = await context.engine.transact(run, (tx) => {
    requireOpen(tx);
    return changeOptions(tx, change);
  });
  return { workflowExecutionOptions };
}

/** @throws INVALID_ARGUMENT */
function checkedChange(
  options: WorkflowExecutionOptions | undefined,
  paths: readonly string[],
  identity: string,
): RunOptionsChange {
  checkOptionPaths(paths);
  if (options?.timeSkippingConfig !== undefined) {
    throw unimplemented('The Time-Skipping feature is not enabled for namespace.');
  }
  const problem = checkPriority(options?.priority);
  if (problem !== undefined) throw invalidArgument(problem);
  return { options: options ?? {}, paths, identity };
}
