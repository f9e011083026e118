// Activity tasks, the worker's side: poll, heartbeat, complete, fail, cancel; by the token of the attempt, or by the id
// of the activity (then from anywhere: asynchronous completion).

import { invalidArgument } from '@perdure/api';
import { Failure } from '@perdure/api/failure';
import * as service from '@perdure/api/workflowservice';
import {
  type Activity,
  type ActivityRef,
  cancelActivity,
  completeActivity,
  failActivity,
  findActivityToComplete,
  findStartedActivity,
  heartbeatActivity,
  type Limits,
  serverFailure,
  type Transition,
} from '@perdure/core';
import { QueueType } from '../matching/matching.ts';
import type { Run } from '../runtime/run.ts';
import type { RpcCall } from '../transport/rpc.ts';
import type { FrontendContext } from './context.ts';
import type { Namespace } from './namespaces/registry.ts';
import { pollTaskQueue } from './poll.ts';
import { rpc } from './rpc.ts';
import { activityTaskResponse } from './task-response.ts';
import { tokenTarget } from './token-target.ts';
import { TokenKind } from './tokens.ts';
import { checkIdentity, executionRef } from './validate.ts';
import { findRun } from './workflow-actions.ts';

export const activityTaskRpcs = [
  rpc('PollActivityTaskQueue', service.PollActivityTaskQueueRequest, service.PollActivityTaskQueueResponse, poll),
  rpc(
    'RespondActivityTaskCompleted',
    service.RespondActivityTaskCompletedRequest,
    service.RespondActivityTaskCompletedResponse,
    async (context, request) => respondCompleted(context, await byToken(context, request), request),
  ),
  rpc(
    'RespondActivityTaskCompletedById',
    service.RespondActivityTaskCompletedByIdRequest,
    service.RespondActivityTaskCompletedByIdResponse,
    async (context, request) => respondCompleted(context, await byId(context, request), request),
  ),
  rpc(
    'RespondActivityTaskFailed',
    service.RespondActivityTaskFailedRequest,
    service.RespondActivityTaskFailedResponse,
    async (context, request) => {
      const target = await byToken(context, request);
      requireApplicationFailure(request.failure);
      return respondFailed(context, target, request);
    },
  ),
  rpc(
    'RespondActivityTaskFailedById',
    service.RespondActivityTaskFailedByIdRequest,
    service.RespondActivityTaskFailedByIdResponse,
    async (context, request) => respondFailed(context, await byId(context, request), request),
  ),
  rpc(
    'RespondActivityTaskCanceled',
    service.RespondActivityTaskCanceledRequest,
    service.RespondActivityTaskCanceledResponse,
    async (context, request) => respondCanceled(context, await byToken(context, request), request),
  ),
  rpc(
    'RespondActivityTaskCanceledById',
    service.RespondActivityTaskCanceledByIdRequest,
    service.RespondActivityTaskCanceledByIdResponse,
    async (context, request) => respondCanceled(context, await byId(context, request), request),
  ),
  rpc(
    'RecordActivityTaskHeartbeat',
    service.RecordActivityTaskHeartbeatRequest,
    service.RecordActivityTaskHeartbeatResponse,
    async (context, request) => heartbeat(context, await byToken(context, request), request),
  ),
  rpc(
    'RecordActivityTaskHeartbeatById',
    service.RecordActivityTaskHeartbeatByIdRequest,
    service.RecordActivityTaskHeartbeatByIdResponse,
    async (context, request) => heartbeat(context, await byId(context, request), request),
  ),
];

async function poll(context: FrontendContext, request: service.PollActivityTaskQueueRequest, call: RpcCall) {
  const tasksPerSecond = request.taskQueueMetadata?.maxTasksPerSecond?.value;
  const polled = await pollTaskQueue(context, request, call, QueueType.ACTIVITY, tasksPerSecond);
  return polled?.task?.kind === 'activity' ? activityTaskResponse(polled.task, polled.namespace.name) : {};
}

interface Target {
  readonly run: Run;
  readonly namespace: Namespace;
  readonly activity: ActivityRef;
}

async function byToken(
  context: FrontendContext,
  request: { readonly taskToken: Uint8Array; readonly namespace: string },
): Promise<Target> {
  const { run, namespace, token } = await tokenTarget(context, request, TokenKind.ACTIVITY);
  const { scheduledEventId, attempt, startedMs } = token;
  return { run, namespace, activity: { scheduledEventId, attempt, startedMs } };
}

interface ByIdRequest {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly activityId: string;
}

async function byId(context: FrontendContext, request: ByIdRequest): Promise<Target> {
  const namespace = context.namespaces.require(request.namespace);
  const { workflowId, runId, activityId } = request;
  const ref = executionRef(namespace, { workflowId, runId });
  if (activityId === '') throw invalidArgument('ActivityId is not set on request.');
  return { run: await findRun(context, ref), namespace, activity: { activityId } };
}

/** Decides on the attempt that runs. */
function onActivity<T>(
  context: FrontendContext,
  target: Target,
  decide: (tx: Transition, activity: Activity) => T,
): Promise<T> {
  return context.engine.transact(target.run, (tx) => decide(tx, findStartedActivity(tx.state, target.activity)));
}

async function respondCompleted(
  context: FrontendContext,
  target: Target,
  request: { readonly result: Uint8Array | undefined; readonly identity: string },
) {
  const { limits } = target.namespace.settings;
  const { result, identity } = request;
  checkIdentity(identity, limits);
  if (isTooLarge(result, limits)) {
    await failTooLarge(context, target, 'Complete result exceeds size limit.', identity);
  } else {
    await context.engine.transact(target.run, (tx) =>
      completeActivity(tx, findActivityToComplete(tx, target.activity, identity), result, identity),
    );
  }
  return {};
}

interface FailedRequest {
  readonly failure: Uint8Array | undefined;
  readonly lastHeartbeatDetails: Uint8Array | undefined;
  readonly identity: string;
}

async function respondFailed(context: FrontendContext, target: Target, request: FailedRequest) {
  const { limits } = target.namespace.settings;
  const { identity } = request;
  checkIdentity(identity, limits);
  const failures: Uint8Array[] = [];
  let { failure, lastHeartbeatDetails: heartbeatDetails } = request;
  if (isTooLarge(heartbeatDetails, limits)) {
    failures.push(serverFailure(HEARTBEAT_TOO_LARGE, true));
    heartbeatDetails = undefined;
  }
  if (isTooLarge(failure, limits)) {
    failure = serverFailure('Failure exceeds size limit.', true);
    failures.push(failure);
  }
  await onActivity(context, target, (tx, activity) =>
    failActivity(tx, activity, { failure, heartbeatDetails, identity }),
  );
  return { failures };
}

async function respondCanceled(
  context: FrontendContext,
  target: Target,
  request: { readonly details: Uint8Array | undefined; readonly identity: string },
) {
  const { limits } = target.namespace.settings;
  const { details, identity } = request;
  checkIdentity(identity, limits);
  if (isTooLarge(details, limits)) {
    await failTooLarge(context, target, 'Cancel details exceed size limit.', identity);
  } else await onActivity(context, target, (tx, activity) => cancelActivity(tx, activity, details, identity));
  return {};
}

async function heartbeat(
  context: FrontendContext,
  target: Target,
  request: { readonly details: Uint8Array | undefined; readonly identity: string },
) {
  const { limits } = target.namespace.settings;
  const { details, identity } = request;
  checkIdentity(identity, limits);
  if (isTooLarge(details, limits)) {
    await failTooLarge(context, target, HEARTBEAT_TOO_LARGE, identity);
    return { cancelRequested: true };
  }
  return onActivity(context, target, (tx, activity) => {
    heartbeatActivity(tx, activity, details);
    const { cancelRequestedEventId, control } = activity;
    return {
      cancelRequested: cancelRequestedEventId !== 0,
      activityPaused: control.pause !== undefined,
      activityReset: control.resetRequested,
    };
  });
}

const HEARTBEAT_TOO_LARGE = 'Heartbeat details exceed size limit.';

/** What a worker sends is too large to be kept, and would be again: the activity fails for good. */
function failTooLarge(context: FrontendContext, target: Target, message: string, identity: string): Promise<void> {
  const failure = serverFailure(message, true);
  return onActivity(context, target, (tx, activity) => failActivity(tx, activity, { failure, identity }));
}

function isTooLarge(bytes: Uint8Array | undefined, limits: Limits): boolean {
  return (bytes?.length ?? 0) > limits.blobSizeMax;
}

function requireApplicationFailure(bytes: Uint8Array | undefined): void {
  if (bytes === undefined) return;
  const info = Failure.decode(bytes).applicationFailureInfo;
  if (info === undefined) throw invalidArgument('Failure must have ApplicationFailureInfo.');
  const { nextRetryDelay } = info;
  if (nextRetryDelay !== undefined && nextRetryDelay < 0) {
    throw invalidArgument('NextRetryDelay is not a valid duration: negative duration');
  }
}
