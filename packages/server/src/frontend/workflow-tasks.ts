// Workflow tasks, the worker's side: poll, complete, fail, and what belongs to a worker's cache.

import { notFound, unimplemented } from '@perdure/api';
import { WorkflowTaskFailedCause as Cause } from '@perdure/api/enums';
import {
  PollWorkflowTaskQueueRequest,
  PollWorkflowTaskQueueResponse,
  ResetStickyTaskQueueRequest,
  ResetStickyTaskQueueResponse,
  RespondWorkflowTaskCompletedRequest,
  RespondWorkflowTaskCompletedResponse,
  RespondWorkflowTaskFailedRequest,
  RespondWorkflowTaskFailedResponse,
  ShutdownWorkerRequest,
  ShutdownWorkerResponse,
} from '@perdure/api/workflowservice';
import {
  type AdmittedUpdate,
  checkTaskRef,
  completeWorkflowTask,
  failTask,
  SERVER_IDENTITY,
  type Sticky,
  scheduleTask,
  serverFailure,
  type TaskRef,
  type Transition,
  terminateRun,
} from '@perdure/core';
import { QueueType } from '../matching/matching.ts';
import type { Run } from '../runtime/run.ts';
import type { RpcCall } from '../transport/rpc.ts';
import type { FrontendContext } from './context.ts';
import type { Namespace } from './namespaces/registry.ts';
import { pollTaskQueue } from './poll.ts';
import { rpc } from './rpc.ts';
import { activityTaskResponse, queryTaskResponse, workflowTaskResponse } from './task-response.ts';
import { tokenTarget } from './token-target.ts';
import { TokenKind } from './tokens.ts';
import { checkIdentity, executionRef } from './validate.ts';
import { findRun } from './workflow-actions.ts';

export const workflowTaskRpcs = [
  rpc('PollWorkflowTaskQueue', PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse, poll),
  rpc(
    'RespondWorkflowTaskCompleted',
    RespondWorkflowTaskCompletedRequest,
    RespondWorkflowTaskCompletedResponse,
    respondCompleted,
  ),
  rpc('RespondWorkflowTaskFailed', RespondWorkflowTaskFailedRequest, RespondWorkflowTaskFailedResponse, respondFailed),
  rpc('ResetStickyTaskQueue', ResetStickyTaskQueueRequest, ResetStickyTaskQueueResponse, resetSticky),
  rpc('ShutdownWorker', ShutdownWorkerRequest, ShutdownWorkerResponse, shutdownWorker),
];

async function poll(context: FrontendContext, request: PollWorkflowTaskQueueRequest, call: RpcCall) {
  const polled = await pollTaskQueue(context, request, call, QueueType.WORKFLOW);
  if (polled?.task === undefined || polled.task.kind === 'activity') return {};
  const { task, namespace, queue } = polled;
  const eventsMax = namespace.settings.taskHistoryPageSizeMax;
  return task.kind === 'query'
    ? queryTaskResponse(context, task, eventsMax)
    : workflowTaskResponse(context, task, eventsMax, queue.backlogCount);
}

async function respondCompleted(context: FrontendContext, request: RespondWorkflowTaskCompletedRequest) {
  const { namespace, token, run } = await tokenTarget(context, request, TokenKind.WORKFLOW_TASK);
  checkIdentity(request.identity, namespace.settings.limits);
  if (request.intermediatePage) throw unimplemented('paged workflow task completions are not implemented');
  const completion = {
    commands: request.commands,
    messages: request.messages,
    admitted: run.updates?.admitted ?? NO_UPDATES,
    forgetsEvents: request.capabilities?.discardSpeculativeWorkflowTaskWithEvents ?? false,
    sticky: stickyOf(request),
    forceCreateNewTask: request.forceCreateNewWorkflowTask,
    returnNewTask: request.returnNewWorkflowTask,
    newRequestId: namespace.settings.eagerActivities ? () => context.ids.uuid() : undefined,
    identity: request.identity,
    binaryChecksum: request.binaryChecksum,
    workerVersion: request.workerVersionStamp,
    workerDeploymentName: request.deploymentOptions?.deploymentName ?? '',
    sdkMetadata: request.sdkMetadata,
    meteringMetadata: request.meteringMetadata,
  };
  const done = await context.engine.transact(run, (tx) => {
    checkTaskRef(tx.state, token);
    const result = completeWorkflowTask(tx, completion);
    const { previousStartedEventId, sticky } = tx.state;
    return { ...result, previousStartedEventId, sticky: sticky !== undefined };
  });
  settleQueries(run, request);
  if (done.failedCause === Cause.FEATURE_DISABLED) {
    // The workflow waits for other code; who only watches its client must be able to find out why.
    context.engine.log.warn('a workflow uses what this server does not have', {
      ...run.ref,
      reason: done.error?.message,
    });
  }
  if (done.error !== undefined) throw done.error;
  const activityTasks = done.eagerActivities.map((activity) =>
    activityTaskResponse({ kind: 'activity', run, activity }, namespace.name),
  );
  const { newTask: task, previousStartedEventId, sticky } = done;
  const resetHistoryEventId = done.discarded === true ? previousStartedEventId : 0;
  if (task === undefined) return { activityTasks, resetHistoryEventId };
  const started = { kind: 'workflow', run, task, previousStartedEventId, sticky } as const;
  const eventsMax = namespace.settings.taskHistoryPageSizeMax;
  const workflowTask = await workflowTaskResponse(context, started, eventsMax, 0);
  return { activityTasks, workflowTask, resetHistoryEventId };
}

const NO_UPDATES: ReadonlyMap<string, AdmittedUpdate> = new Map();

function stickyOf(request: RespondWorkflowTaskCompletedRequest): Sticky | undefined {
  const attributes = request.stickyAttributes;
  const taskQueue = attributes?.workerTaskQueue?.name ?? '';
  if (taskQueue === '') return undefined;
  const timeoutMs = attributes?.scheduleToStartTimeout ?? 0;
  return { taskQueue, scheduleToStartTimeoutMs: timeoutMs > 0 ? timeoutMs : STICKY_TIMEOUT_MS };
}

/** When the worker does not say how long a task may wait for it: without a limit it would wait for a dead one for ever. */
const STICKY_TIMEOUT_MS = 10_000;

/** Hands the answers to those who asked; whoever is left without a task to come asks on its own. */
function settleQueries(run: Run, request: RespondWorkflowTaskCompletedRequest): void {
  if (run.queries === undefined) return;
  for (const [id, result] of request.queryResults) run.queries.answer(id, result);
  if (run.state.task === undefined) run.queries.release();
}

async function respondFailed(context: FrontendContext, request: RespondWorkflowTaskFailedRequest) {
  const { namespace, token, run } = await tokenTarget(context, request, TokenKind.WORKFLOW_TASK);
  const { limits } = namespace.settings;
  checkIdentity(request.identity, limits);
  const tooLarge = (request.failure?.length ?? 0) > limits.blobSizeMax;
  const failure = tooLarge ? serverFailure('Failure exceeds size limit.', true) : request.failure;
  await context.engine.transact(run, (tx) => failAndRetry(tx, token, request, failure));
  return {};
}

function failAndRetry(
  tx: Transition,
  token: TaskRef,
  request: RespondWorkflowTaskFailedRequest,
  failure: Uint8Array | undefined,
): void {
  const { cause, identity, binaryChecksum } = request;
  checkTaskRef(tx.state, token);
  failTask(tx, { cause, failure, identity, binaryChecksum });
  // The task can never fit into a message: trying again would not end.
  if (cause === Cause.GRPC_MESSAGE_TOO_LARGE) {
    terminateRun(tx, { reason: 'GrpcMessageTooLarge', details: undefined, identity: SERVER_IDENTITY, links: [] });
  } else scheduleTask(tx);
}

async function resetSticky(context: FrontendContext, request: ResetStickyTaskQueueRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const run = await findRun(context, executionRef(namespace, request.execution));
  await context.engine.transact(run, (tx) => {
    if (!run.isOpen) throw notFound('workflow execution already completed');
    if (tx.state.sticky !== undefined) tx.note({ stickySet: {} });
  });
  return {};
}

function shutdownWorker(context: FrontendContext, request: ShutdownWorkerRequest) {
  const namespace: Namespace = context.namespaces.require(request.namespace);
  if (request.stickyTaskQueue !== '') context.matching.abandonSticky(namespace.id, request.stickyTaskQueue);
  return {};
}
