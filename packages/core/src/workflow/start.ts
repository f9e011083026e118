// The beginning of a run: its first event, and the first workflow task, now or after a back-off. Validation of the
// request is the frontend's; here the numbers are already normalised.

import { EventType, ContinueAsNewInitiator as Initiator, TaskQueueKind } from '@perdure/api/enums';
import type { HistoryEvent, WorkflowExecutionStartedEventAttributes } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { RunCreated } from '../../generated/journal.js';
import { own } from '../bytes.ts';
import { cronBackoff } from '../cron.ts';
import type { Limits } from '../limits.ts';
import { fromWireRetryPolicy, toWireRetryPolicy } from '../retry.ts';
import { addCallbacks } from './callbacks.ts';
import { capDuration } from './checks.ts';
import { DeadlineKind } from './deadlines.ts';
import type { Execution, Parent } from './messages.ts';
import { fromWirePriority } from './priority.ts';
import { inheritResetPoints, toWireResetPoints } from './reset-points.ts';
import {
  type Rerun,
  type ResetPoint,
  type RetryPolicy,
  RUNNING,
  type WorkflowState,
  type WorkflowTask,
} from './state.ts';
import type { Transition } from './transition.ts';
import { scheduleTask, startTask, writeWaitingTask } from './workflow-task.ts';

/** A validated start. Durations in ms, 0 = no limit; opaque values stay encoded. */
export interface StartWorkflow {
  readonly requestId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly input: Uint8Array | undefined;
  readonly executionTimeoutMs: number;
  readonly runTimeoutMs: number;
  readonly workflowTaskTimeoutMs: number;
  readonly firstTaskBackoffMs: number;
  readonly identity: string;
  readonly header: Uint8Array | undefined;
  readonly memo: Uint8Array | undefined;
  readonly searchAttributes: Uint8Array | undefined;
  readonly userMetadata: Uint8Array | undefined;
  readonly links: readonly Uint8Array[];
  /** Encoded Callbacks. */
  readonly completionCallbacks?: readonly Uint8Array[] | undefined;
  readonly priority: Init<WorkflowExecutionStartedEventAttributes>['priority'];
  /** Undefined: it is nobody's child. */
  readonly parent?: Parent | undefined;
  /** The top of the tree, of a child. */
  readonly root?: Execution | undefined;
  /** Whoever starts the run takes its first workflow task, unless that must wait. */
  readonly eager?: boolean | undefined;
  /** Undefined: a run that fails is not tried again. */
  readonly retryPolicy?: RetryPolicy | undefined;
  /** When runs follow each other by the clock; the first one waits for its time as well. Empty: not. */
  readonly cronSchedule?: string | undefined;
  /** Of a run before it that its caller knows of. */
  readonly lastCompletionResult?: Uint8Array | undefined;
  readonly continuedFailure?: Uint8Array | undefined;
  /** What a run takes over from the one before it. */
  readonly continuation?: Continuation | undefined;
}

/** A chain of runs: what the next one knows of those before. */
export interface Continuation {
  readonly continuedRunId: string;
  readonly firstRunId: string;
  /** ContinueAsNewInitiator */
  readonly initiator: number;
  /** Counts the retries of one workflow; 1 after a continue-as-new. */
  readonly attempt: number;
  readonly failure: Uint8Array | undefined;
  readonly lastCompletionResult: Uint8Array | undefined;
  /** End of the whole chain, epoch ms, 0 if unlimited. */
  readonly executionExpirationMs: number;
  readonly resetPoints?: readonly ResetPoint[];
}

export interface WorkflowTimeouts {
  readonly executionTimeoutMs: number;
  readonly runTimeoutMs: number;
  readonly workflowTaskTimeoutMs: number;
}

/** A run lives no longer than the whole execution, a workflow task no longer than the run. 0: no limit, or not given. */
export function workflowTimeouts(
  given: {
    readonly workflowExecutionTimeout: number | undefined;
    readonly workflowRunTimeout: number | undefined;
    readonly workflowTaskTimeout: number | undefined;
  },
  limits: Limits,
): WorkflowTimeouts {
  const executionTimeoutMs = capDuration(given.workflowExecutionTimeout);
  let runTimeoutMs = capDuration(given.workflowRunTimeout) || executionTimeoutMs;
  if (executionTimeoutMs > 0) runTimeoutMs = Math.min(runTimeoutMs, executionTimeoutMs);
  let workflowTaskTimeoutMs = capDuration(given.workflowTaskTimeout) || limits.workflowTaskTimeoutDefaultMs;
  workflowTaskTimeoutMs = Math.min(workflowTaskTimeoutMs, limits.workflowTaskTimeoutMaxMs);
  if (runTimeoutMs > 0) workflowTaskTimeoutMs = Math.min(workflowTaskTimeoutMs, runTimeoutMs);
  return { executionTimeoutMs, runTimeoutMs, workflowTaskTimeoutMs };
}

/** Writes the first event. The caller adds what else happens at once (a signal), then `beginFirstTask`. */
export function startRun(tx: Transition, start: StartWorkflow): void {
  const { workflowId, runId } = tx.state;
  const { continuation, retryPolicy, cronSchedule, parent } = start;
  const isFirstOfCron = continuation === undefined && cronSchedule !== undefined && cronSchedule !== '';
  const backoffMs = isFirstOfCron ? cronBackoff(cronSchedule, tx.nowMs, tx.nowMs) : start.firstTaskBackoffMs;
  const attributes: Init<WorkflowExecutionStartedEventAttributes> = {
    workflowType: { name: start.workflowType },
    parentWorkflowNamespace: parent?.namespace,
    parentWorkflowNamespaceId: parent?.namespaceId,
    parentWorkflowExecution: parent && { workflowId: parent.workflowId, runId: parent.runId },
    parentInitiatedEventId: parent?.initiatedEventId,
    rootWorkflowExecution: start.root,
    taskQueue: { name: start.taskQueue, kind: TaskQueueKind.NORMAL },
    input: start.input,
    // Code that reads its own timeouts tells none from zero. Who continues a run or starts a child always gives one for it.
    workflowExecutionTimeout: start.executionTimeoutMs || undefined,
    workflowRunTimeout:
      start.runTimeoutMs || (continuation?.initiator === Initiator.WORKFLOW || parent ? 0 : undefined),
    workflowTaskTimeout: start.workflowTaskTimeoutMs,
    originalExecutionRunId: runId,
    firstExecutionRunId: continuation?.firstRunId ?? runId,
    continuedExecutionRunId: continuation?.continuedRunId,
    initiator: isFirstOfCron ? Initiator.CRON_SCHEDULE : continuation?.initiator,
    continuedFailure: continuation === undefined ? start.continuedFailure : continuation.failure,
    lastCompletionResult: (continuation ?? start).lastCompletionResult,
    identity: start.identity,
    attempt: continuation?.attempt ?? 1,
    retryPolicy: retryPolicy === undefined ? undefined : toWireRetryPolicy(retryPolicy),
    cronSchedule,
    firstWorkflowTaskBackoff: backoffMs,
    prevAutoResetPoints:
      continuation?.resetPoints && toWireResetPoints(continuation.resetPoints, tx.context.limits.resetPointsMax),
    completionCallbacks: start.completionCallbacks && [...start.completionCallbacks],
    memo: start.memo,
    searchAttributes: start.searchAttributes,
    header: start.header,
    workflowId,
    priority: start.priority,
    eagerExecutionAccepted: start.eager === true && backoffMs === 0,
    workflowExecutionExpirationTime: executionExpiration(tx, start) || undefined,
  };
  tx.note({ runCreated: { startRequestId: start.requestId } });
  tx.add(EventType.WORKFLOW_EXECUTION_STARTED, {
    workflowExecutionStartedEventAttributes: attributes,
    userMetadata: start.userMetadata,
    links: [...start.links],
  });
}

/** The chain as a whole has a time to live: it begins with the first run, also if that waits. */
function executionExpiration(tx: Transition, start: StartWorkflow): number {
  if (start.continuation !== undefined) return start.continuation.executionExpirationMs;
  return start.executionTimeoutMs > 0 ? tx.nowMs + start.executionTimeoutMs : 0;
}

/** Schedules the first workflow task unless it must wait; an eager start takes it at once. */
export function beginFirstTask(tx: Transition, start: StartWorkflow): void {
  if (tx.state.firstTaskAtMs > 0) return;
  scheduleTask(tx);
  if (start.eager !== true) return;
  tx.dispatches.pop();
  startTask(tx, { identity: start.identity, requestId: start.requestId, sticky: false });
}

const FIRST_TASK_STARTED_EVENT_ID = 3;

/** The task that an eager start has taken, as long as it is the one that runs: the same request may ask again. */
export function eagerTask(state: WorkflowState, requestId: string): WorkflowTask | undefined {
  const { task } = state;
  const isFirst = task?.startedEventId === FIRST_TASK_STARTED_EVENT_ID && task.attempt === 1;
  return isFirst && task.requestId === requestId ? task : undefined;
}

/** Ends the back-off of the first workflow task: its time has come, or a signal-with-start cuts it short. */
export function releaseFirstTask(tx: Transition): void {
  if (tx.state.firstTaskAtMs === 0) return;
  tx.note({ firstTaskReleased: {} });
  if (tx.state.task === undefined) scheduleTask(tx);
  else writeWaitingTask(tx);
}

export function evolveRunCreated(state: WorkflowState, event: Init<RunCreated>): void {
  state.startRequestId = event.startRequestId ?? '';
  state.status = RUNNING;
}

export function evolveFirstTaskReleased(state: WorkflowState): void {
  state.firstTaskAtMs = 0;
}

export function evolveStarted(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.workflowExecutionStartedEventAttributes ?? {};
  const startMs = event.eventTime ?? 0;
  const backoffMs = a.firstWorkflowTaskBackoff ?? 0;
  state.startMs = startMs;
  state.originalStartMs = startMs;
  state.workflowType = a.workflowType?.name ?? '';
  state.taskQueue = a.taskQueue?.name ?? '';
  state.workflowTaskTimeoutMs = a.workflowTaskTimeout ?? 0;
  state.runTimeoutMs = a.workflowRunTimeout ?? 0;
  state.executionTimeoutMs = a.workflowExecutionTimeout ?? 0;
  state.executionExpirationMs = a.workflowExecutionExpirationTime ?? 0;
  state.runExpirationMs = runExpiration(state, backoffMs);
  state.firstRunId = a.firstExecutionRunId ?? '';
  const { workflowId: parentWorkflowId, runId: parentRunId } = a.parentWorkflowExecution ?? {};
  if (parentWorkflowId) {
    state.parent = {
      namespaceId: a.parentWorkflowNamespaceId ?? '',
      namespace: a.parentWorkflowNamespace ?? '',
      workflowId: parentWorkflowId,
      runId: parentRunId ?? '',
      initiatedEventId: a.parentInitiatedEventId ?? 0,
    };
  }
  const root = a.rootWorkflowExecution;
  if (root?.workflowId) state.root = { workflowId: root.workflowId, runId: root.runId ?? '' };
  state.attempt = a.attempt ?? 1;
  if (a.prevAutoResetPoints !== undefined) inheritResetPoints(state, a.prevAutoResetPoints);
  state.memo = own(a.memo);
  state.searchAttributes = own(a.searchAttributes);
  state.userMetadata = own(event.userMetadata);
  addCallbacks(state, a.completionCallbacks ?? [], state.startRequestId, startMs);
  state.links = (event.links ?? []).map((link) => link.slice());
  state.priority = fromWirePriority(a.priority);
  state.firstTaskBackoffMs = backoffMs;
  state.rerun = rerunOf(state, a);
  if (state.runExpirationMs > 0) state.deadlines.add(state.runExpirationMs, DeadlineKind.RUN_TIMEOUT, 0);
  if (state.executionExpirationMs > 0) {
    state.deadlines.add(state.executionExpirationMs, DeadlineKind.EXECUTION_TIMEOUT, 0);
  }
  if (backoffMs > 0) {
    state.firstTaskAtMs = startMs + backoffMs;
    state.deadlines.add(state.firstTaskAtMs, DeadlineKind.FIRST_TASK, 0);
  }
}

/** The back-off is not counted, except against the end of the whole chain. */
function runExpiration(state: WorkflowState, backoffMs: number): number {
  const { startMs, runTimeoutMs, executionExpirationMs } = state;
  if (runTimeoutMs === 0) return 0;
  const expirationMs = startMs + backoffMs + runTimeoutMs;
  return executionExpirationMs > 0 ? Math.min(expirationMs, executionExpirationMs) : expirationMs;
}

function rerunOf(state: WorkflowState, a: Init<WorkflowExecutionStartedEventAttributes>): Rerun | undefined {
  const retryPolicy = fromWireRetryPolicy(a.retryPolicy);
  const cronSchedule = a.cronSchedule ?? '';
  if (retryPolicy === undefined && cronSchedule === '') return undefined;
  const { memo, searchAttributes } = state;
  const [input, header, lastCompletionResult] = [own(a.input), own(a.header), own(a.lastCompletionResult)];
  return { retryPolicy, cronSchedule, input, header, lastCompletionResult, memo, searchAttributes };
}
