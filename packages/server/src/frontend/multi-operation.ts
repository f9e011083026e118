// ExecuteMultiOperation, which is update-with-start: one request that starts a workflow unless it runs already, and updates
// it either way. The update of a new run is admitted before anyone hears of the run, so its first task carries it.
// When something fails, the error says of each operation what became of it.

import { aborted, invalidArgument, multiOperationExecution, StatusError, unavailable } from '@perdure/api';
import { WorkflowIdConflictPolicy as Conflict, EventType, WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import {
  ExecuteMultiOperationRequest,
  ExecuteMultiOperationResponse,
  type StartWorkflowExecutionRequest,
  type UpdateWorkflowExecutionRequest,
} from '@perdure/api/workflowservice';
import { isClosing } from '@perdure/core';
import type { Run } from '../runtime/run.ts';
import { UpdateRegistry } from '../runtime/update-registry.ts';
import { withRun } from '../runtime/with-run.ts';
import type { RpcCall } from '../transport/rpc.ts';
import { asStatus } from './as-status.ts';
import { nextChange } from './closing.ts';
import type { FrontendContext } from './context.ts';
import { eventLink } from './links.ts';
import type { Namespace } from './namespaces/registry.ts';
import { rpc } from './rpc.ts';
import { isKnown, type UpdateResult, waitForUpdate } from './update-stage.ts';
import { abortedByClosing, admitUpdate, applyUpdate, checkUpdate, type UpdateCall, updateResponse } from './updates.ts';
import { checkStart, newRun, type Started, startAfter } from './workflow-start.ts';

export const multiOperationRpcs = [
  rpc('ExecuteMultiOperation', ExecuteMultiOperationRequest, ExecuteMultiOperationResponse, executeMultiOperation),
];

const FAILED = 'Update-with-Start could not be executed.';
/** Not every end of a task is announced: look again after this long. */
const RECHECK_MS = 100;

type CheckedStart = ReturnType<typeof checkStart>;

interface Operations extends CheckedStart {
  readonly namespace: Namespace;
  readonly update: UpdateCall;
}

async function executeMultiOperation(context: FrontendContext, request: ExecuteMultiOperationRequest, call: RpcCall) {
  const namespace = context.namespaces.requireActive(request.namespace);
  const [first, second] = request.operations;
  const { startWorkflow } = first ?? {};
  const { updateWorkflow } = second ?? {};
  if (request.operations.length !== 2 || startWorkflow === undefined || updateWorkflow === undefined) {
    throw invalidArgument('Operations have to be exactly [Start, Update].');
  }
  const operations = checkOperations(context, namespace, startWorkflow, updateWorkflow, call);
  return perform(context, operations);
}

/** @throws a multi-operation error */
function checkOperations(
  context: FrontendContext,
  namespace: Namespace,
  startRequest: StartWorkflowExecutionRequest,
  updateRequest: UpdateWorkflowExecutionRequest,
  call: RpcCall,
): Operations {
  const start = checked(() => startOperation(context, namespace, startRequest));
  const update = checked(() => updateOperation(context, namespace, updateRequest, call));
  if ('error' in start || 'error' in update) {
    throw failed('error' in start ? start.error : undefined, 'error' in update ? update.error : undefined);
  }
  if (update.value.ref.workflowId !== startRequest.workflowId) {
    throw failed(undefined, invalidArgument('WorkflowId is not consistent with previous operation(s).'));
  }
  return { namespace, ...start.value, update: update.value };
}

/** A status error is the fault of one operation; anything else is a bug. */
function checked<T>(check: () => T): { readonly value: T } | { readonly error: StatusError } {
  try {
    return { value: check() };
  } catch (error) {
    return { error: statusOf(error) };
  }
}

function statusOf(error: unknown): StatusError {
  const status = asStatus(error);
  if (status instanceof StatusError) return status;
  throw error;
}

function failed(start: StatusError | 'done' | undefined, update: StatusError | undefined): StatusError {
  return multiOperationExecution(FAILED, [start, update]);
}

function startOperation(context: FrontendContext, namespace: Namespace, request: StartWorkflowExecutionRequest) {
  checkNamespace(namespace, request.namespace);
  const start = checkStart(context, namespace, request);
  if (request.cronSchedule !== '') throw invalidArgument('CronSchedule is not allowed.');
  if (request.requestEagerExecution) throw invalidArgument('RequestEagerExecution is not supported.');
  if ((request.workflowStartDelay ?? 0) > 0) throw invalidArgument('WorkflowStartDelay is not supported.');
  return start;
}

function updateOperation(
  context: FrontendContext,
  namespace: Namespace,
  request: UpdateWorkflowExecutionRequest,
  call: RpcCall,
): UpdateCall {
  checkNamespace(namespace, request.namespace);
  const update = checkUpdate(context, namespace, request, call);
  if (update.firstRunId !== '') throw invalidArgument('FirstExecutionRunId is not allowed.');
  if (update.ref.runId !== '') throw invalidArgument('RunId is not allowed.');
  return update;
}

function checkNamespace(namespace: Namespace, name: string): void {
  if (name !== '' && name !== namespace.name) {
    throw invalidArgument("Operation namespace did not match request's namespace.");
  }
}

/** What one attempt came to. `started` undefined: the run was there already. */
interface Attempt {
  readonly run: Run;
  readonly status: number;
  readonly started: boolean;
  readonly result: UpdateResult;
}

/** A run that closes before it takes the update is no obstacle: once more, now with a start. */
async function perform(context: FrontendContext, operations: Operations) {
  const { update, namespace } = operations;
  let closed = 0;
  for (;;) {
    const attempt = await once(context, operations);
    if (attempt === undefined) continue;
    const { run, result, started, status } = attempt;
    if (!('gone' in result)) {
      const link = eventLink(namespace.name, run, 1, EventType.WORKFLOW_EXECUTION_STARTED);
      const { runId, firstRunId } = run.state;
      return {
        responses: [
          { startWorkflow: { runId, started, status, firstExecutionRunId: firstRunId, link } },
          { updateWorkflow: updateResponse(update, { run, status: result }) },
        ],
      };
    }
    if (started) throw failed('done', abortedByClosing());
    // The client may try again; not found would tell it that there is no use.
    if (!run.continues && ++closed > 1) throw failed(undefined, aborted(abortedByClosing().message));
  }
}

/** Undefined: the workflow was about to close, and may have by now. */
async function once(context: FrontendContext, operations: Operations): Promise<Attempt | undefined> {
  const { engine, clock } = context;
  const { update } = operations;
  return withRun(engine, update.ref, async (existing) => {
    if (existing === undefined || !mayUpdate(existing, operations))
      return startAndUpdate(context, existing, operations);
    if (isClosing(existing.state) && clock.now() < update.untilMs && !update.call.cancelled) {
      await nextChange(existing, RECHECK_MS, update.call);
      return undefined;
    }
    const { status } = existing.state;
    try {
      return { run: existing, status, started: false, result: await applyUpdate(context, existing, update) };
    } catch (error) {
      throw failed(undefined, statusOf(error));
    }
  });
}

/** Does the request want this run, and not another one? */
function mayUpdate(run: Run, { start, policies, update }: Operations): boolean {
  const known = run.state.updates.get(update.updateId);
  if (known !== undefined && known.completedEventId > 0) return true;
  if (!run.isOpen) return false;
  const { startRequestId } = run.state;
  return (
    startRequestId === start.requestId || isKnown(run, update.updateId) || policies.conflict === Conflict.USE_EXISTING
  );
}

/** The decision is made in this same turn. */
async function startAndUpdate(
  context: FrontendContext,
  existing: Run | undefined,
  { start, policies, update }: Operations,
): Promise<Attempt> {
  const registry = checked(() => {
    const admitted = new UpdateRegistry();
    admitUpdate(admitted, { open: 0, written: 0 }, update);
    return admitted;
  });
  if ('error' in registry) throw failed(undefined, registry.error);
  const { namespaceId, workflowId } = update.ref;
  const create = newRun(context, { namespaceId, workflowId }, start, {
    prepare: (run) => {
      run.updates = registry.value;
    },
  });
  let begun: Started;
  try {
    begun = await startAfter(context.engine, existing, create, start.requestId, policies, {});
    // A start that was repeated, of a run that has closed since: there is nothing to update.
    if (begun.run === existing) throw unavailable('Workflow was not started: it was started before, and has closed');
  } catch (error) {
    throw failed(statusOf(error), undefined);
  }
  const { run } = begun;
  const { updateId, stage, untilMs, call } = update;
  try {
    const result = await waitForUpdate(context, { run, updateId, stage, untilMs, call });
    return { run, status: Status.RUNNING, started: true, result };
  } catch (error) {
    throw failed('done', statusOf(error));
  }
}
