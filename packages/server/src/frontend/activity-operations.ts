// What operators do to pending activities: pause, unpause, reset, other options. Each request means one activity by its
// id, all of a type, or all there are; either all of them change or none.

import { invalidArgument } from '@perdure/api';
import type { ActivityOptions } from '@perdure/api/activity';
import type { Init } from '@perdure/api/wire';
import * as service from '@perdure/api/workflowservice';
import {
  type Activity,
  type ActivitySelection,
  checkPriority,
  pauseActivity,
  resetActivity,
  restoreActivityOptions,
  selectActivities,
  type Transition,
  toWireOptions,
  unpauseActivity,
  updateActivityOptions,
} from '@perdure/core';
import type { Run } from '../runtime/run.ts';
import type { FrontendContext } from './context.ts';
import { rpc } from './rpc.ts';
import { checkIdentity, checkLength, checkRequestId, duration, executionRef } from './validate.ts';
import { findRun } from './workflow-actions.ts';

export const activityOperationRpcs = [
  rpc('PauseActivity', service.PauseActivityRequest, service.PauseActivityResponse, pause),
  rpc('UnpauseActivity', service.UnpauseActivityRequest, service.UnpauseActivityResponse, unpause),
  rpc('ResetActivity', service.ResetActivityRequest, service.ResetActivityResponse, reset),
  rpc('UpdateActivityOptions', service.UpdateActivityOptionsRequest, service.UpdateActivityOptionsResponse, update),
];

async function pause(context: FrontendContext, request: service.PauseActivityRequest) {
  const { identity, reason, requestId } = request;
  const target = await targetOf(context, request, undefined);
  checkRequestId(requestId, target.limits);
  checkLength(reason, target.limits, 'Reason length exceeds limit.');
  await onEach(context, target, (tx, activity) => pauseActivity(tx, activity, { identity, reason, requestId }));
  return {};
}

async function unpause(context: FrontendContext, request: service.UnpauseActivityRequest) {
  await unpauseActivities(context, await targetOf(context, request, request.unpauseAll), request);
  return {};
}

/** @throws NOT_FOUND, INVALID_ARGUMENT */
export async function unpauseActivities(
  context: ActivityContext,
  target: ActivityTarget,
  request: Pick<service.UnpauseActivityRequest, 'resetAttempts' | 'resetHeartbeat' | 'jitter'>,
): Promise<void> {
  const { resetAttempts, resetHeartbeat } = request;
  const delay = delays(context, request.jitter);
  await onEach(context, target, (tx, activity) =>
    unpauseActivity(tx, activity, { resetAttempts, resetHeartbeat, delayMs: delay() }),
  );
}

async function reset(context: FrontendContext, request: service.ResetActivityRequest) {
  await resetActivities(context, await targetOf(context, request, request.matchAll), request);
  return {};
}

/** @param requestId a request that has been here before changes nothing; empty: each is another one. @throws NOT_FOUND, INVALID_ARGUMENT */
export async function resetActivities(
  context: ActivityContext,
  target: ActivityTarget,
  request: Pick<service.ResetActivityRequest, 'resetHeartbeat' | 'keepPaused' | 'restoreOriginalOptions' | 'jitter'>,
  requestId = '',
): Promise<void> {
  const { resetHeartbeat, keepPaused, restoreOriginalOptions: restoreOptions } = request;
  const delay = delays(context, request.jitter);
  await onEach(context, target, (tx, activity) =>
    resetActivity(tx, activity, { requestId, resetHeartbeat, keepPaused, restoreOptions, delayMs: delay() }),
  );
}

async function update(context: FrontendContext, request: service.UpdateActivityOptionsRequest) {
  const target = await targetOf(context, request, request.matchAll);
  return { activityOptions: await changeActivityOptions(context, target, request) };
}

/** Returns the options that the last of them has now. @throws NOT_FOUND, INVALID_ARGUMENT */
export async function changeActivityOptions(
  context: ActivityContext,
  target: ActivityTarget,
  request: Pick<service.UpdateActivityOptionsRequest, 'activityOptions' | 'updateMask' | 'restoreOriginal'>,
): Promise<Init<ActivityOptions> | undefined> {
  const { activityOptions: given, updateMask, restoreOriginal } = request;
  const problem = checkPriority(given?.priority);
  if (problem !== undefined) throw invalidArgument(problem);
  const fields = new Set(updateMask?.paths.map(camelCase));
  if (restoreOriginal && fields.size > 0) throw invalidArgument('Both UpdateMask and RestoreOriginal are provided');
  const updated = await onEach(context, target, (tx, activity) => {
    if (restoreOriginal) return restoreActivityOptions(tx, activity);
    if (given === undefined) throw invalidArgument('ActivityOptions are not provided');
    if (updateMask === undefined) throw invalidArgument('UpdateMask is not provided');
    return updateActivityOptions(tx, activity, { given, fields });
  });
  const last = updated.at(-1);
  return last && toWireOptions(last);
}

/** `start_to_close_timeout` and `startToCloseTimeout` are the same field. */
function camelCase(path: string): string {
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

type ActivityContext = Pick<FrontendContext, 'engine' | 'ids'>;

export interface ActivityTarget {
  readonly run: Run;
  readonly selection: ActivitySelection;
}

interface ActivityRequest {
  readonly namespace: string;
  readonly execution: service.PauseActivityRequest['execution'];
  readonly identity: string;
  readonly id: string | undefined;
  readonly type: string | undefined;
}

async function targetOf(context: FrontendContext, request: ActivityRequest, all: boolean | undefined) {
  const namespace = context.namespaces.require(request.namespace);
  const { limits } = namespace.settings;
  // An absent execution has no workflow id: clients see that text.
  const ref = executionRef(namespace, request.execution ?? { workflowId: '', runId: '' });
  const selection = selectionOf(request, all);
  checkIdentity(request.identity, limits);
  return { run: await findRun(context, ref), selection, limits };
}

function selectionOf({ id, type }: ActivityRequest, all: boolean | undefined): ActivitySelection {
  if (id !== undefined) return { id };
  if (type !== undefined) return { type };
  if (all === true) return { all };
  throw invalidArgument('Either Activity.Id or Activity.Type should be set on request.');
}

/** Decides on all that the request means, in one transition. */
function onEach<T>(
  context: ActivityContext,
  { run, selection }: ActivityTarget,
  decide: (tx: Transition, activity: Activity) => T,
): Promise<T[]> {
  return context.engine.transact(run, (tx) =>
    selectActivities(tx.state, selection).map((activity) => decide(tx, activity)),
  );
}

/** A delay for each activity, at random below the jitter, so that not all begin at once. */
function delays(context: ActivityContext, jitter: number | undefined): () => number {
  const jitterMs = duration(jitter, 'An invalid Jitter is set on request.');
  return () => Math.floor(context.ids.fraction() * jitterMs);
}
