// What operators do to pending activities: pause, unpause, reset, other options. Each request means one activity by its
// id, all of a type, or all there are; either all of them change or none.

import { invalidArgument } from '@perdure/api';
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
  const { resetAttempts, resetHeartbeat } = request;
  const target = await targetOf(context, request, request.unpauseAll);
  const delay = delays(context, request.jitter);
  await onEach(context, target, (tx, activity) =>
    unpauseActivity(tx, activity, { resetAttempts, resetHeartbeat, delayMs: delay() }),
  );
  return {};
}

async function reset(context: FrontendContext, request: service.ResetActivityRequest) {
  const { resetHeartbeat, keepPaused, restoreOriginalOptions: restoreOptions } = request;
  const target = await targetOf(context, request, request.matchAll);
  const delay = delays(context, request.jitter);
  await onEach(context, target, (tx, activity) =>
    resetActivity(tx, activity, { resetHeartbeat, keepPaused, restoreOptions, delayMs: delay() }),
  );
  return {};
}

async function update(context: FrontendContext, request: service.UpdateActivityOptionsRequest) {
  const { activityOptions: given, updateMask, restoreOriginal } = request;
  const problem = checkPriority(given?.priority);
  const target = await targetOf(context, request, request.matchAll);
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
  return { activityOptions: last && toWireOptions(last) };
}

/** `start_to_close_timeout` and `startToCloseTimeout` are the same field. */
function camelCase(path: string): string {
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
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
  context: FrontendContext,
  { run, selection }: Awaited<ReturnType<typeof targetOf>>,
  decide: (tx: Transition, activity: Activity) => T,
): Promise<T[]> {
  return context.engine.transact(run, (tx) =>
    selectActivities(tx.state, selection).map((activity) => decide(tx, activity)),
  );
}

/** A delay for each activity, at random below the jitter, so that not all begin at once. */
function delays(context: FrontendContext, jitter: number | undefined): () => number {
  const jitterMs = duration(jitter, 'An invalid Jitter is set on request.');
  return () => Math.floor(context.ids.fraction() * jitterMs);
}
