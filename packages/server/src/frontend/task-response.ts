// What a worker is told of the task it was given.

import { packAny } from '@perdure/api';
import { TaskQueueKind } from '@perdure/api/enums';
import type { Message } from '@perdure/api/protocol';
import type { WorkflowQuery } from '@perdure/api/query';
import { Request } from '@perdure/api/update';
import type { Init } from '@perdure/api/wire';
import type { PollActivityTaskQueueResponse, PollWorkflowTaskQueueResponse } from '@perdure/api/workflowservice';
import {
  activityPriority,
  INLINE_REQUEST_ID,
  requestMessageId,
  toWireRetryPolicy,
  transientEvents,
} from '@perdure/core';
import type { StartedTask } from '../matching/task.ts';
import { readHistory } from '../runtime/history-reader.ts';
import { concat } from '../runtime/history-tail.ts';
import type { FrontendContext } from './context.ts';
import { encodeHistoryToken } from './history-token.ts';
import { encodeToken, TokenKind } from './tokens.ts';

type Started<K extends StartedTask['kind']> = Extract<StartedTask, { kind: K }>;

/** Bytes of history that come with a task; the worker asks for the rest. */
const HISTORY_BYTES_MAX = 2 * 1024 * 1024;

export async function workflowTaskResponse(
  context: FrontendContext,
  started: Started<'workflow'>,
  eventsMax: number,
  backlogCountHint: number,
): Promise<Init<PollWorkflowTaskQueueResponse>> {
  // A worker that completes one task and is given the next in the answer still has the updates that it has not answered.
  const messages = messagesOf(started, started.task.requestId !== INLINE_REQUEST_ID);
  const { run, task, previousStartedEventId, sticky } = started;
  const { state } = run;
  const from = sticky ? previousStartedEventId + 1 : 1;
  const to = task.transient ? task.scheduledEventId : task.startedEventId + 1;
  const slice = await readHistory(context.store, run, { from, to, eventsMax, bytesMax: HISTORY_BYTES_MAX });
  const more = slice.nextEventId < to;
  const extra = task.transient && !more ? transientEvents(state, task) : [];
  return {
    ...workflowTaskHead(started, backlogCountHint),
    history: concat([slice.bytes, ...extra]),
    nextPageToken: more
      ? encodeHistoryToken({
          runId: state.runId,
          nextEventId: slice.nextEventId,
          endEventId: to,
          transient: task.transient,
        })
      : undefined,
    queries: queriesOf(run.queries?.take()),
    messages,
  };
}

function workflowTaskHead(started: Started<'workflow'>, backlogCountHint: number): Init<PollWorkflowTaskQueueResponse> {
  const { run, task, previousStartedEventId } = started;
  const { state } = run;
  const { namespaceId, workflowId, runId } = state;
  const { scheduledEventId, startedEventId, attempt, startedMs } = task;
  return {
    taskToken: encodeToken({
      kind: TokenKind.WORKFLOW_TASK,
      namespaceId,
      workflowId,
      runId,
      scheduledEventId,
      startedEventId,
      attempt,
      startedMs,
    }),
    workflowExecution: { workflowId, runId },
    workflowType: { name: state.workflowType },
    previousStartedEventId,
    startedEventId,
    attempt,
    backlogCountHint,
    workflowExecutionTaskQueue: { name: state.taskQueue, kind: TaskQueueKind.NORMAL },
    scheduledTime: task.scheduledMs,
    startedTime: startedMs,
  };
}

function queriesOf(queries: ReadonlyMap<string, WorkflowQuery> | undefined): ReadonlyMap<string, WorkflowQuery> {
  return queries ?? new Map();
}

/** @param again also what a worker was given before */
function messagesOf({ run, task }: Started<'workflow'>, again: boolean): Init<Message>[] {
  const taken = run.updates?.take(again) ?? [];
  return taken.map(([updateId, request]) => ({
    id: requestMessageId(updateId),
    protocolInstanceId: updateId,
    // It takes effect after the events of before this task.
    eventId: task.startedEventId - 1,
    body: packAny(Request, request),
  }));
}

/** A query on its own: with the whole history, or none for the worker that has the workflow in its cache. */
export async function queryTaskResponse(
  context: FrontendContext,
  started: Started<'query'>,
  eventsMax: number,
): Promise<Init<PollWorkflowTaskQueueResponse>> {
  const { run, query, sticky } = started;
  const { namespaceId, workflowId, runId, workflowType, taskQueue, previousStartedEventId } = run.state;
  const to = run.committedNextEventId;
  const slice = sticky
    ? undefined
    : await readHistory(context.store, run, { from: 1, to, eventsMax, bytesMax: HISTORY_BYTES_MAX });
  const more = slice !== undefined && slice.nextEventId < to;
  return {
    taskToken: encodeToken({
      kind: TokenKind.QUERY,
      namespaceId,
      workflowId,
      runId,
      scheduledEventId: 0,
      startedEventId: 0,
      attempt: 1,
      startedMs: 0,
      queryId: query.id,
    }),
    workflowExecution: { workflowId, runId },
    workflowType: { name: workflowType },
    previousStartedEventId,
    startedEventId: 0,
    attempt: 1,
    history: slice?.bytes ?? new Uint8Array(0),
    nextPageToken: more
      ? encodeHistoryToken({ runId, nextEventId: slice.nextEventId, endEventId: to, transient: false })
      : undefined,
    query: query.query,
    workflowExecutionTaskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
  };
}

export function activityTaskResponse(
  started: Started<'activity'>,
  namespace: string,
): Init<PollActivityTaskQueueResponse> {
  const { run, activity } = started;
  const { namespaceId, workflowId, runId, workflowType } = run.state;
  const { scheduledEventId, attempt, startedAttempt, startedMs } = activity;
  return {
    taskToken: encodeToken({
      kind: TokenKind.ACTIVITY,
      namespaceId,
      workflowId,
      runId,
      scheduledEventId,
      startedEventId: 0,
      attempt: startedAttempt,
      startedMs,
    }),
    workflowNamespace: namespace,
    workflowType: { name: workflowType },
    workflowExecution: { workflowId, runId },
    activityType: { name: activity.activityType },
    activityId: activity.activityId,
    header: activity.header,
    input: activity.input,
    heartbeatDetails: activity.heartbeatDetails,
    scheduledTime: activity.firstScheduledMs,
    currentAttemptScheduledTime: activity.attemptScheduledMs,
    startedTime: startedMs,
    attempt,
    scheduleToCloseTimeout: activity.scheduleToCloseMs,
    startToCloseTimeout: activity.startToCloseMs,
    heartbeatTimeout: activity.heartbeatMs,
    retryPolicy: activity.retryPolicy === undefined ? undefined : toWireRetryPolicy(activity.retryPolicy),
    priority: activityPriority(run.state, activity),
  };
}
