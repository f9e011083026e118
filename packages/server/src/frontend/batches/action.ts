// What a batch operation does to one execution. Each kind is made from its message in the request, and goes through the
// same function as the RPC of that action, with a request id of its own, so that it takes effect once.

import { invalidArgument, type StatusError, unimplemented } from '@perdure/api';
import type * as batch from '@perdure/api/batch';
import { BatchOperationType as Type } from '@perdure/api/enums';
import type { StartBatchOperationRequest } from '@perdure/api/workflowservice';
import type { RunRef } from '../../matching/task.ts';
import type { FrontendContext } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { changeExecutionOptions, deleteExecution, optionsChangeOf } from '../run-changes.ts';
import { checkBlobSize, checkLength } from '../validate.ts';
import { cancelExecution, signalExecution, terminateExecution } from '../workflow-actions.ts';
import { resetActivitiesAction, unpauseActivitiesAction, updateActivitiesAction } from './activity-actions.ts';
import { resetAction } from './reset-action.ts';

export type ActionContext = Pick<FrontendContext, 'engine' | 'store' | 'clock' | 'ids' | 'matching'>;

export interface ActionCall {
  readonly ref: RunRef;
  /** The same whenever the same is tried again. */
  readonly requestId: string;
  /** Of the batch operation. */
  readonly reason: string;
}

export interface BatchAction {
  /** BatchOperationType */
  readonly type: number;
  readonly identity: string;
  /** It can be done to closed runs as well. */
  readonly ofClosed?: boolean;
  /** Doing it closes the run, which may then be found again: has it been done before? */
  readonly isDone?: (context: ActionContext, call: Omit<ActionCall, 'reason'>) => Promise<boolean>;
  /** @throws INVALID_ARGUMENT: it can be done to none */
  readonly check?: (namespace: Namespace) => void;
  readonly act: (context: ActionContext, call: ActionCall) => Promise<unknown>;
}

/** @throws INVALID_ARGUMENT, UNIMPLEMENTED */
export function batchActionOf(request: StartBatchOperationRequest): BatchAction {
  const { terminationOperation, signalOperation, cancellationOperation, deletionOperation, resetOperation } = request;
  const { updateWorkflowOptionsOperation, unpauseActivitiesOperation, resetActivitiesOperation } = request;
  const { updateActivityOptionsOperation } = request;
  if (terminationOperation !== undefined) return terminationAction(terminationOperation);
  if (signalOperation !== undefined) return signalAction(signalOperation);
  if (cancellationOperation !== undefined) return cancellationAction(cancellationOperation);
  if (deletionOperation !== undefined) return deletionAction(deletionOperation);
  if (resetOperation !== undefined) return resetAction(resetOperation);
  if (updateWorkflowOptionsOperation !== undefined) return optionsAction(updateWorkflowOptionsOperation);
  if (unpauseActivitiesOperation !== undefined) return unpauseActivitiesAction(unpauseActivitiesOperation);
  if (resetActivitiesOperation !== undefined) return resetActivitiesAction(resetActivitiesOperation);
  if (updateActivityOptionsOperation !== undefined) return updateActivitiesAction(updateActivityOptionsOperation);
  if (isOfStandaloneActivities(request)) {
    throw standaloneActivities();
  }
  throw invalidArgument('Batch operation is not set on request.');
}

/** Of operations on them, and of operations that name them. */
export function standaloneActivities(): StatusError {
  return unimplemented('batch operations on standalone activities are not implemented by this server');
}

function isOfStandaloneActivities(request: StartBatchOperationRequest): boolean {
  const { cancelActivitiesOperation, terminateActivitiesOperation, deleteActivitiesOperation } = request;
  return (cancelActivitiesOperation ?? terminateActivitiesOperation ?? deleteActivitiesOperation) !== undefined;
}

function terminationAction({ details, identity }: batch.BatchOperationTermination): BatchAction {
  return {
    type: Type.TERMINATE,
    identity,
    check: ({ settings }) => checkBlobSize(settings.limits, details),
    act: (context, { ref, reason }) => terminateExecution(context, ref, { reason, details, identity, links: [] }),
  };
}

function cancellationAction({ identity }: batch.BatchOperationCancellation): BatchAction {
  return {
    type: Type.CANCEL,
    identity,
    act: (context, { ref, reason, requestId }) =>
      cancelExecution(context, ref, { reason, identity, requestId, links: [] }),
  };
}

function signalAction({ signal: signalName, input, header, identity }: batch.BatchOperationSignal): BatchAction {
  return {
    type: Type.SIGNAL,
    identity,
    check: ({ settings: { limits } }) => {
      if (signalName === '') throw invalidArgument('must provide signal name');
      checkLength(signalName, limits, 'SignalName length exceeds limit.');
      checkBlobSize(limits, input);
    },
    act: (context, { ref, requestId }) => {
      const signal = { signalName, input, header, identity, requestId, links: [] };
      return signalExecution(context, ref, signal, { deadlineMs: undefined, cancelled: false, onCancel: undefined });
    },
  };
}

function deletionAction({ identity }: batch.BatchOperationDeletion): BatchAction {
  return {
    type: Type.DELETE,
    identity,
    ofClosed: true,
    isDone: async ({ engine }, { ref }) => (await engine.loader.find(ref))?.state.deletionRequested === true,
    act: (context, { ref }) => deleteExecution(context, ref),
  };
}

function optionsAction(operation: batch.BatchOperationUpdateWorkflowExecutionOptions): BatchAction {
  const { identity, workflowExecutionOptions, updateMask } = operation;
  if (workflowExecutionOptions === undefined) throw invalidArgument('must provide UpdateOptions');
  if (updateMask === undefined) throw invalidArgument('must provide UpdateMask');
  const change = optionsChangeOf(operation);
  return {
    type: Type.UPDATE_EXECUTION_OPTIONS,
    identity,
    act: (context, { ref }) => changeExecutionOptions(context, ref, change),
  };
}
