// What operators do to a run that clients of its workflow do not: reset it to an earlier point, change its options,
// remove it.

import { invalidArgument, unimplemented } from '@perdure/api';
import { ResetReapplyExcludeType as Exclude, ResetReapplyType as Reapply } from '@perdure/api/enums';
import type { Init } from '@perdure/api/wire';
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
import type { RunRef } from '../matching/task.ts';
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
  return { runId: await resetExecution(context, base, request.workflowTaskFinishEventId, request) };
}

/** The members of a reset that say what becomes of the new run. */
export type ResetDetails = Pick<
  ResetWorkflowExecutionRequest,
  'requestId' | 'reason' | 'resetReapplyType' | 'resetReapplyExcludeTypes' | 'postResetOperations'
>;

type ResetContent = Omit<ResetDetails, 'requestId' | 'reason'>;

/** @throws INVALID_ARGUMENT, UNIMPLEMENTED: no run can be reset like that */
export function checkReset(content: ResetContent): void {
  excludedTypes(content);
  optionsChanges(content.postResetOperations);
}

/**
 * Returns the id of the new run, or of the one that the same request has made out of this run before.
 * @param finishEventId the first event that the new run does not have
 * @throws NOT_FOUND, INVALID_ARGUMENT
 */
export function resetExecution(
  context: Pick<FrontendContext, 'engine' | 'store' | 'ids'>,
  base: RunRef,
  finishEventId: number,
  details: ResetDetails,
): Promise<string> {
  const { requestId, reason, postResetOperations } = details;
  return resetWorkflow(context.engine, context.store, {
    ...{ base, finishEventId, requestId, reason },
    newRunId: context.ids.uuid(),
    excluded: excludedTypes(details),
    optionsChanges: optionsChanges(postResetOperations),
  });
}

/** What is not recorded again. The older field says what is. */
function excludedTypes(request: ResetContent): ReadonlySet<number> {
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
  await deleteExecution(context, executionRef(namespace, request.workflowExecution));
  return {};
}

/** @throws NOT_FOUND */
export async function deleteExecution(context: Pick<FrontendContext, 'engine'>, ref: RunRef): Promise<void> {
  await context.engine.transact(await findRun(context, ref), requestDeletion);
}

async function updateOptions(context: FrontendContext, request: UpdateWorkflowExecutionOptionsRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const ref = executionRef(namespace, request.workflowExecution);
  const change = optionsChangeOf(request);
  checkIdentity(request.identity, namespace.settings.limits);
  return { workflowExecutionOptions: await changeExecutionOptions(context, ref, change) };
}

/** @throws INVALID_ARGUMENT */
export function optionsChangeOf(
  request: Pick<UpdateWorkflowExecutionOptionsRequest, 'workflowExecutionOptions' | 'updateMask' | 'identity'>,
): RunOptionsChange {
  const { workflowExecutionOptions, updateMask, identity } = request;
  if (updateMask === undefined) throw invalidArgument('UpdateMask is required');
  if (workflowExecutionOptions === undefined) throw invalidArgument('WorkflowExecutionOptions is required');
  return checkedChange(workflowExecutionOptions, updateMask.paths, identity);
}

/** Returns the options as they are now. @throws NOT_FOUND, INVALID_ARGUMENT */
export async function changeExecutionOptions(
  context: Pick<FrontendContext, 'engine'>,
  ref: RunRef,
  change: RunOptionsChange,
): Promise<Init<WorkflowExecutionOptions>> {
  return context.engine.transact(await findRun(context, ref), (tx) => {
    requireOpen(tx);
    return changeOptions(tx, change);
  });
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
