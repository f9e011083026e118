// DescribeWorkflowExecution: a run as it is now, with what it waits for.

import { EventType, PendingActivityState, PendingWorkflowTaskState, TaskQueueKind } from '@perdure/api/enums';
import type { Init } from '@perdure/api/wire';
import type {
  CallbackInfo,
  PendingActivityInfo,
  PendingChildExecutionInfo,
  PendingWorkflowTaskInfo,
  RequestIdInfo,
  WorkflowExecutionInfo,
  WorkflowExecutionPauseInfo,
} from '@perdure/api/workflow';
import { DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse } from '@perdure/api/workflowservice';
import {
  type Activity,
  type Child,
  type CompletionCallback,
  currentOptions,
  shownStatus,
  toWireOptions,
  toWireResetPoints,
  type WorkflowState,
} from '@perdure/core';
import type { Run } from '../runtime/run.ts';
import type { FrontendContext } from './context.ts';
import { rpc } from './rpc.ts';
import { executionRef } from './validate.ts';
import { findRun } from './workflow-actions.ts';

const NO_BYTES = new Uint8Array(0);

export const describeRpcs = [
  rpc('DescribeWorkflowExecution', DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse, describe),
];

async function describe(context: FrontendContext, request: DescribeWorkflowExecutionRequest) {
  const namespace = context.namespaces.require(request.namespace);
  const run = await findRun(context, executionRef(namespace, request.execution));
  const description = describeRun(context, run);
  // What was just read must be durable before it is shown; what is decided from now on is not in it.
  await context.engine.settled(run);
  return description;
}

function describeRun(context: FrontendContext, run: Run): Init<DescribeWorkflowExecutionResponse> {
  const { state } = run;
  return {
    executionConfig: {
      taskQueue: { name: state.taskQueue, kind: TaskQueueKind.NORMAL },
      workflowExecutionTimeout: state.executionTimeoutMs || undefined,
      workflowRunTimeout: state.runTimeoutMs || undefined,
      defaultWorkflowTaskTimeout: state.workflowTaskTimeoutMs,
      userMetadata: state.userMetadata,
    },
    workflowExecutionInfo: executionInfo(run, context.engine.limitsOf(state.namespaceId).resetPointsMax),
    pendingActivities: [...state.activities.values()].map((activity) => pendingActivity(activity, context.clock.now())),
    pendingChildren: [...state.children.values()].map(pendingChild),
    pendingWorkflowTask: pendingTask(state),
    callbacks: [...state.callbacks.values()].map(callbackInfo),
    workflowExtendedInfo: {
      executionExpirationTime: state.executionExpirationMs || undefined,
      runExpirationTime: state.runExpirationMs || undefined,
      cancelRequested: state.cancelRequested,
      lastResetTime: state.resetRequestId === '' ? undefined : state.startMs,
      originalStartTime: state.originalStartMs,
      resetRunId: state.resetRunId,
      pauseInfo: run.isOpen ? pauseInfo(state) : undefined,
      requestIdInfos: requestIdInfos(state),
    },
  };
}

function callbackInfo(callback: CompletionCallback): Init<CallbackInfo> {
  return {
    callback: callback.callback,
    trigger: { workflowClosed: {} },
    registrationTime: callback.registeredMs,
    state: callback.state,
    attempt: callback.attempt,
    lastAttemptCompleteTime: callback.lastAttemptMs || undefined,
    lastAttemptFailure: callback.lastFailure,
    nextAttemptScheduleTime: callback.nextAttemptMs || undefined,
  };
}

function requestIdInfos(state: WorkflowState): Map<string, Init<RequestIdInfo>> {
  const infos = new Map<string, Init<RequestIdInfo>>();
  // To the API a reset is a start: of the two ids it has room for one.
  const startRequestId = state.resetRequestId || state.startRequestId;
  if (startRequestId !== '') {
    infos.set(startRequestId, { eventType: EventType.WORKFLOW_EXECUTION_STARTED, eventId: 1, buffered: false });
  }
  for (const [requestId, { eventType, eventId }] of state.requestIds.entries()) {
    infos.set(requestId, { eventType, eventId, buffered: eventId === 0 });
  }
  return infos;
}

function pauseInfo({ pause }: WorkflowState): Init<WorkflowExecutionPauseInfo> | undefined {
  return pause && { identity: pause.identity, reason: pause.reason, pausedTime: pause.atMs };
}

function executionInfo(run: Run, resetPointsMax: number): Init<WorkflowExecutionInfo> {
  const { state } = run;
  const { workflowId, runId } = state;
  const closed = !run.isOpen;
  return {
    execution: { workflowId, runId },
    type: { name: state.workflowType },
    startTime: state.startMs,
    closeTime: closed ? state.closeMs : undefined,
    status: shownStatus(state),
    historyLength: state.nextEventId - 1,
    executionTime: state.startMs + state.firstTaskBackoffMs,
    // Never absent: clients look inside without asking.
    memo: state.memo ?? NO_BYTES,
    searchAttributes: state.searchAttributes ?? NO_BYTES,
    autoResetPoints: toWireResetPoints(state.resetPoints, resetPointsMax),
    versioningInfo: state.versioningOverride && { versioningOverride: currentOptions(state).versioningOverride },
    taskQueue: state.taskQueue,
    stateTransitionCount: run.seq,
    historySizeBytes: state.historySizeBytes,
    executionDuration: closed ? state.closeMs - state.startMs : undefined,
    parentNamespaceId: state.parent?.namespaceId,
    parentExecution: state.parent && { workflowId: state.parent.workflowId, runId: state.parent.runId },
    rootExecution: state.root,
    firstRunId: state.firstRunId,
    mostRecentWorkerVersionStamp: state.workerVersion,
    priority: state.priority,
  };
}

function pendingTask(state: WorkflowState): Init<PendingWorkflowTaskInfo> | undefined {
  const { task } = state;
  if (task === undefined) return undefined;
  const started = task.startedEventId !== 0;
  return {
    state: started ? PendingWorkflowTaskState.STARTED : PendingWorkflowTaskState.SCHEDULED,
    scheduledTime: task.scheduledMs,
    originalScheduledTime: task.originalScheduledMs,
    startedTime: started ? task.startedMs : undefined,
    attempt: task.attempt,
  };
}

function pendingChild(child: Child): Init<PendingChildExecutionInfo> {
  const { workflowId, startedRunId: runId, workflowType, initiatedEventId, parentClosePolicy } = child;
  return { workflowId, runId, workflowTypeName: workflowType, initiatedId: initiatedEventId, parentClosePolicy };
}

function pendingActivity(activity: Activity, nowMs: number): Init<PendingActivityInfo> {
  const started = activity.startedMs !== 0;
  const { retryPolicy, scheduleToCloseMs, firstScheduledMs, attemptScheduledMs, attemptEndedMs } = activity;
  const { pause } = activity.control;
  const waits = !started && pause === undefined && attemptScheduledMs > nowMs;
  return {
    activityId: activity.activityId,
    activityType: { name: activity.activityType },
    state: activityState(activity),
    heartbeatDetails: activity.heartbeatDetails,
    lastHeartbeatTime: activity.lastHeartbeatMs || undefined,
    lastStartedTime: started ? activity.startedMs : undefined,
    attempt: activity.attempt,
    maximumAttempts: retryPolicy?.maximumAttempts ?? 0,
    scheduledTime: attemptScheduledMs,
    expirationTime: scheduleToCloseMs > 0 ? firstScheduledMs + scheduleToCloseMs : undefined,
    lastFailure: activity.lastFailure,
    lastWorkerIdentity: activity.identity,
    lastAttemptCompleteTime: attemptEndedMs || undefined,
    nextAttemptScheduleTime: waits ? attemptScheduledMs : undefined,
    currentRetryInterval: waits && attemptEndedMs > 0 ? attemptScheduledMs - attemptEndedMs : undefined,
    useWorkflowBuildId: activity.useWorkflowBuildId ? {} : undefined,
    paused: pause !== undefined,
    pauseInfo: pause && { pauseTime: pause.atMs, manual: { identity: pause.identity, reason: pause.reason } },
    priority: activity.priority,
    activityOptions: { ...toWireOptions(activity), taskQueue: queueOf(activity) },
  };
}

function queueOf({ taskQueue }: Activity) {
  return { name: taskQueue, normalName: taskQueue, kind: TaskQueueKind.NORMAL };
}

function activityState(activity: Activity): number {
  if (activity.cancelRequestedEventId !== 0) return PendingActivityState.CANCEL_REQUESTED;
  const paused = activity.control.pause !== undefined;
  if (activity.startedMs === 0) return paused ? PendingActivityState.PAUSED : PendingActivityState.SCHEDULED;
  return paused ? PendingActivityState.PAUSE_REQUESTED : PendingActivityState.STARTED;
}
