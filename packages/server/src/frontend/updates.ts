// UpdateWorkflowExecution and PollWorkflowExecutionUpdate (update-with-start is in multi-operation.ts): an update is admitted in memory, a workflow task carries it to
// a worker, and the client waits until it is accepted or completed.

import {
  failedPrecondition,
  invalidArgument,
  notFound,
  permissionDenied,
  resourceExhausted,
  type StatusError,
  unavailable,
  unimplemented,
  workflowNotReady,
} from '@perdure/api';
import { Link } from '@perdure/api/common';
import {
  EventType,
  ResourceExhaustedCause,
  ResourceExhaustedScope,
  UpdateWorkflowExecutionLifecycleStage as Stage,
} from '@perdure/api/enums';
import { Request } from '@perdure/api/update';
import type { Init } from '@perdure/api/wire';
import {
  PollWorkflowExecutionUpdateRequest,
  PollWorkflowExecutionUpdateResponse,
  UpdateWorkflowExecutionRequest,
  UpdateWorkflowExecutionResponse,
} from '@perdure/api/workflowservice';
import { checkUpdatesTotal, isPaused, scheduleSpeculativeTask } from '@perdure/core';
import type { RunRef } from '../matching/task.ts';
import type { Run } from '../runtime/run.ts';
import { UpdateRegistry } from '../runtime/update-registry.ts';
import type { RpcCall } from '../transport/rpc.ts';
import { checkLinks } from './check-links.ts';
import { closing } from './closing.ts';
import type { FrontendContext } from './context.ts';
import { requestLink } from './links.ts';
import type { Namespace } from './namespaces/registry.ts';
import { rpc } from './rpc.ts';
import { isKnown, type UpdateResult, type UpdateStatus, waitForUpdate } from './update-stage.ts';
import { checkBlobSize, checkLength, executionRef } from './validate.ts';
import { findRun, findUnlessClosing } from './workflow-actions.ts';

export const updateRpcs = [
  rpc('UpdateWorkflowExecution', UpdateWorkflowExecutionRequest, UpdateWorkflowExecutionResponse, updateWorkflow),
  rpc(
    'PollWorkflowExecutionUpdate',
    PollWorkflowExecutionUpdateRequest,
    PollWorkflowExecutionUpdateResponse,
    pollUpdate,
  ),
];

/** A task that has failed so often carries no update to an answer. */
const BROKEN_TASK_ATTEMPT = 3;

/** A checked request. */
export interface UpdateCall {
  readonly namespace: Namespace;
  readonly ref: RunRef;
  readonly firstRunId: string;
  readonly updateId: string;
  readonly request: Request;
  /** The stage to wait for. */
  readonly stage: number;
  /** Then the answer is the stage that was reached. */
  readonly untilMs: number;
  readonly call: RpcCall;
}

async function updateWorkflow(context: FrontendContext, request: UpdateWorkflowExecutionRequest, call: RpcCall) {
  const update = checkUpdate(context, context.namespaces.require(request.namespace), request, call);
  return updateResponse(update, await performUpdate(context, update));
}

/** @throws INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED */
export function checkUpdate(
  context: FrontendContext,
  namespace: Namespace,
  { workflowExecution, request, waitPolicy, firstExecutionRunId }: UpdateWorkflowExecutionRequest,
  call: RpcCall,
): UpdateCall {
  const { limits, historyPollIntervalMs } = namespace.settings;
  const ref = executionRef(namespace, workflowExecution);
  if (request?.meta === undefined) throw invalidArgument('Update meta is not set on request.');
  checkLength(request.meta.updateId, limits, 'UpdateId length exceeds limit.');
  if (request.input === undefined) throw invalidArgument('Update input is not set on request.');
  if (request.input.name === '') throw invalidArgument('Update name is not set on request.');
  const stage = stageOf(waitPolicy?.lifecycleStage || Stage.COMPLETED);
  if (stage === Stage.ADMITTED) {
    throw permissionDenied(
      'UpdateWorkflowExecution issued asynchronously and waiting on update admitted is not supported.',
    );
  }
  if (request.completionCallbacks.length > 0)
    throw unimplemented('completion callbacks of updates are not implemented');
  checkLinks(request.links, namespace);
  checkBlobSize(limits, request.input.args);
  const updateId = request.meta.updateId || context.ids.uuid();
  return {
    namespace,
    ref,
    firstRunId: firstExecutionRunId,
    updateId,
    request: { ...request, meta: { ...request.meta, updateId } },
    stage,
    untilMs: context.clock.now() + historyPollIntervalMs,
    call,
  };
}

export interface UpdateDone {
  readonly run: Run;
  readonly status: UpdateStatus;
}

/** Applies the update to the current run, or finds it there, and waits. A run that continues hands it to the next one. */
export async function performUpdate(context: FrontendContext, update: UpdateCall): Promise<UpdateDone> {
  for (;;) {
    const run = await findUnlessClosing(context, update.ref, update.untilMs, update.call);
    const result = await applyUpdate(context, run, update);
    if (!('gone' in result)) return { run, status: result };
    if (!run.continues) throw abortedByClosing();
    if (update.ref.runId !== '') throw closing();
  }
}

export function abortedByClosing(): StatusError {
  return notFound('workflow update was aborted by closing workflow');
}

/** Admits the update, or finds it, in this same turn of the event loop; then waits. */
export async function applyUpdate(context: FrontendContext, run: Run, update: UpdateCall): Promise<UpdateResult> {
  const { updateId, stage, untilMs, call } = update;
  const { engine } = context;
  let task: Promise<void> | undefined;
  try {
    checkRun(run, update);
    if (!isKnown(run, updateId)) {
      run.updates ??= new UpdateRegistry();
      admitUpdate(run.updates, { open: run.state.openUpdates, written: run.state.updates.size }, update);
      if (run.state.task === undefined) task = engine.transact(run, scheduleSpeculativeTask);
    }
  } catch (error) {
    // What is refused because of the state must not tell of what may be lost.
    await engine.settled(run);
    throw error;
  }
  const [result] = await Promise.all([waitForUpdate(context, { run, updateId, stage, untilMs, call }), task]);
  return result;
}

/** @throws NOT_FOUND, FAILED_PRECONDITION, UNAVAILABLE */
function checkRun(run: Run, { updateId, firstRunId }: UpdateCall): void {
  const { state } = run;
  if (run.dropped) throw unavailable('workflow update was aborted');
  if (firstRunId !== '' && state.firstRunId !== firstRunId) throw notFound('workflow execution not found');
  if (!run.isOpen) {
    if (isKnown(run, updateId)) return;
    throw notFound('workflow execution already completed');
  }
  if (isPaused(state)) throw failedPrecondition('Workflow is paused. Cannot update the workflow.');
  if ((state.task?.attempt ?? state.taskAttempt) >= BROKEN_TASK_ATTEMPT) {
    throw workflowNotReady('Unable to perform workflow execution update due to Workflow Task in failed state.');
  }
}

/** Updates that a run has in its history. */
export interface WrittenUpdates {
  readonly open: number;
  readonly written: number;
}

/** @throws RESOURCE_EXHAUSTED, FAILED_PRECONDITION */
export function admitUpdate(
  registry: UpdateRegistry,
  { open, written }: WrittenUpdates,
  { namespace, updateId, request }: UpdateCall,
): void {
  const { limits } = namespace.settings;
  const { openUpdatesMax, openUpdateBytesMax } = limits;
  const inMemory = registry.admitted.size;
  const exhausted = (text: string) =>
    resourceExhausted(text, ResourceExhaustedCause.CONCURRENT_LIMIT, ResourceExhaustedScope.NAMESPACE);
  if (openUpdatesMax > 0 && open + inMemory >= openUpdatesMax) {
    throw exhausted(`limit on number of concurrent in-flight updates has been reached (${openUpdatesMax})`);
  }
  checkUpdatesTotal(written + inMemory, limits);
  const bytes = Request.encode(request).length + updateId.length;
  if (openUpdateBytesMax > 0 && registry.bytes + bytes >= openUpdateBytesMax) {
    throw exhausted(`limit on total payload size of in-flight updates has been reached (${openUpdateBytesMax} bytes)`);
  }
  registry.admit(updateId, request, bytes);
}

export function updateResponse(update: UpdateCall, { run, status }: UpdateDone): Init<UpdateWorkflowExecutionResponse> {
  const { stage, outcome } = status;
  return { updateRef: updateRef(run, update.updateId), outcome, stage, link: linkOf(update, run, status) };
}

function updateRef(run: Run, updateId: string) {
  const { workflowId, runId } = run.state;
  return { workflowExecution: { workflowId, runId }, updateId };
}

/** To the event that accepted it; an update that failed or was rejected points at the workflow. */
function linkOf(update: UpdateCall, run: Run, { stage, outcome }: UpdateStatus): Uint8Array | undefined {
  const namespace = update.namespace.name;
  const { workflowId, runId } = run.state;
  if (stage === Stage.COMPLETED && outcome?.failure !== undefined) {
    return Link.encode({ workflow: { namespace, workflowId, runId, reason: 'Update rejected' } });
  }
  if (stage < Stage.ACCEPTED) return undefined;
  return requestLink(namespace, run, update.request.requestId, EventType.WORKFLOW_EXECUTION_UPDATE_ACCEPTED);
}

/** A stage that nobody knows is never reached: it is not waited for. */
function stageOf(stage: number | undefined): number {
  return stage === undefined || stage > Stage.COMPLETED ? Stage.UNSPECIFIED : stage;
}

async function pollUpdate(context: FrontendContext, request: PollWorkflowExecutionUpdateRequest, call: RpcCall) {
  const namespace = context.namespaces.require(request.namespace);
  if (request.updateRef === undefined) throw invalidArgument('UpdateRef is not set on request.');
  const { updateId, workflowExecution } = request.updateRef;
  const run = await findRun(context, executionRef(namespace, workflowExecution));
  if (!isKnown(run, updateId)) {
    await context.engine.settled(run);
    throw notFound(`update ${JSON.stringify(updateId)} not found`);
  }
  const stage = stageOf(request.waitPolicy?.lifecycleStage);
  const untilMs = context.clock.now() + namespace.settings.historyPollIntervalMs;
  const result = await waitForUpdate(context, { run, updateId, stage, untilMs, call });
  if ('gone' in result) throw run.continues ? closing() : abortedByClosing();
  return { outcome: result.outcome, stage: result.stage, updateRef: updateRef(run, updateId) };
}
