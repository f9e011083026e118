// A batch of resets: each execution to its own point, which is found when its turn comes.

import { invalidArgument, StatusError } from '@perdure/api';
import type { BatchOperationReset } from '@perdure/api/batch';
import { ResetOptions } from '@perdure/api/common';
import { ResetType, BatchOperationType as Type } from '@perdure/api/enums';
import { checkReset, resetExecution } from '../run-changes.ts';
import type { BatchAction } from './action.ts';
import { findResetPoint, type ResetTarget } from './reset-point.ts';

export function resetAction(operation: BatchOperationReset): BatchAction {
  const { identity, postResetOperations } = operation;
  const options = operation.options === undefined ? undefined : ResetOptions.decode(operation.options);
  const target = options === undefined ? targetOfType(operation.resetType) : targetOf(options);
  const { resetReapplyType, resetReapplyExcludeTypes } = options ?? {
    resetReapplyType: operation.resetReapplyType,
    resetReapplyExcludeTypes: [],
  };
  const details = { resetReapplyType, resetReapplyExcludeTypes, postResetOperations };
  return {
    type: Type.RESET,
    identity,
    ofClosed: true,
    check: () => checkReset(details),
    isDone: async (context, { ref, requestId }) => {
      const point = await findResetPoint(context, ref, target).catch(noneIfRefused);
      if (point === undefined) return false;
      return (await context.engine.loader.find(point.base))?.state.resetsMade.has(requestId) === true;
    },
    act: async (context, { ref, requestId, reason }) => {
      const { base, finishEventId } = await findResetPoint(context, ref, target);
      return resetExecution(context, base, finishEventId, { ...details, requestId, reason });
    },
  };
}

function noneIfRefused(error: unknown): undefined {
  if (!(error instanceof StatusError)) throw error;
}

function targetOf(options: ResetOptions): ResetTarget {
  const { firstWorkflowTask, lastWorkflowTask, workflowTaskId, buildId, currentRunOnly } = options;
  if (firstWorkflowTask !== undefined) return { kind: 'firstTask' };
  if (lastWorkflowTask !== undefined) return { kind: 'lastTask' };
  if (workflowTaskId !== undefined) return { kind: 'event', eventId: workflowTaskId };
  if (buildId !== undefined) return { kind: 'buildId', buildId, currentRunOnly };
  throw invalidArgument('batch reset missing target');
}

/** The older spelling. */
function targetOfType(resetType: number): ResetTarget {
  if (resetType === ResetType.FIRST_WORKFLOW_TASK) return { kind: 'firstTask' };
  if (resetType === ResetType.LAST_WORKFLOW_TASK) return { kind: 'lastTask' };
  throw invalidArgument(`unknown batch reset type ${resetType}`);
}
