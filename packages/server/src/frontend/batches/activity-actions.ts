// What batch operations do to the pending activities of an execution: to all of a type, or to all there are.

import { invalidArgument } from '@perdure/api';
import type * as batch from '@perdure/api/batch';
import { BatchOperationType as Type } from '@perdure/api/enums';
import type { ActivitySelection } from '@perdure/core';
import { changeActivityOptions, resetActivities, unpauseActivities } from '../activity-operations.ts';
import { findRun } from '../workflow-actions.ts';
import type { ActionCall, ActionContext, BatchAction } from './action.ts';

export function unpauseActivitiesAction(operation: batch.BatchOperationUnpauseActivities): BatchAction {
  const selection = selectionOf(operation, 'activity filter must be set');
  return {
    type: Type.UNPAUSE_ACTIVITY,
    identity: operation.identity,
    act: async (context, call) => unpauseActivities(context, await targetOf(context, call, selection), operation),
  };
}

export function resetActivitiesAction(operation: batch.BatchOperationResetActivities): BatchAction {
  const selection = selectionOf(operation, 'must provide ActivityType or MatchAll');
  return {
    type: Type.RESET_ACTIVITY,
    identity: operation.identity,
    act: async (context, call) =>
      resetActivities(context, await targetOf(context, call, selection), operation, call.requestId),
  };
}

export function updateActivitiesAction(operation: batch.BatchOperationUpdateActivityOptions): BatchAction {
  const { activityOptions, restoreOriginal } = operation;
  if (activityOptions !== undefined && restoreOriginal) {
    throw invalidArgument('cannot set both activity options and restore original');
  }
  if (activityOptions === undefined && !restoreOriginal) {
    throw invalidArgument('Either activity type must be set, or restore original should be set to true');
  }
  const selection = selectionOf(operation, 'must provide ActivityType or MatchAll');
  return {
    type: Type.UPDATE_ACTIVITY_OPTIONS,
    identity: operation.identity,
    act: async (context, call) => changeActivityOptions(context, await targetOf(context, call, selection), operation),
  };
}

/** @param unset what is wrong when neither is given */
function selectionOf(
  { type, matchAll }: { readonly type: string | undefined; readonly matchAll: boolean | undefined },
  unset: string,
): ActivitySelection {
  if (type === undefined && matchAll === undefined) throw invalidArgument(unset);
  if (matchAll === true) return { all: true };
  if (type !== undefined && type !== '') return { type };
  throw invalidArgument('Either activity type must be set, or match all should be set to true');
}

async function targetOf(context: ActionContext, { ref }: ActionCall, selection: ActivitySelection) {
  return { run: await findRun(context, ref), selection };
}
