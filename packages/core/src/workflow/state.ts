// The state of one workflow run: exactly what decisions need, nothing that is only shown.
//
// State is always fold(evolve, journal). Only the evolve functions of this folder write it, and only inside a
// Transition. Values inside the collections are immutable; a change replaces them, so that a failed transition can be
// taken back (undo.ts). Times are epoch milliseconds, durations milliseconds, 0 = no limit.

import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { sizeOf } from '../bytes.ts';
import { TrackedList, TrackedMap, TrackedSet, UndoLog } from '../undo.ts';
import type { RequestEvent } from './attach.ts';
import type { CompletionCallback } from './callbacks.ts';
import { DeadlineHeap } from './deadlines.ts';
import type { Child, Execution, Message, Parent } from './messages.ts';

/** The one workflow task a run can have. */
export interface WorkflowTask {
  /** The id its WorkflowTaskScheduled event has, or will have if the task is transient. */
  readonly scheduledEventId: number;
  /** 0 until a worker has it. */
  readonly startedEventId: number;
  readonly attempt: number;
  /** Its events are written only when it completes: from attempt 2 on, and of a speculative one. */
  readonly transient: boolean;
  /** A first attempt that only carries updates: if it has no effect, it leaves no trace in the history. */
  readonly speculative: boolean;
  readonly taskQueue: string;
  readonly sticky: boolean;
  readonly scheduledMs: number;
  /** When the chain of heartbeats that led to this task began; otherwise scheduledMs. */
  readonly originalScheduledMs: number;
  /** How long it may wait in a sticky queue; 0 in a normal queue: for ever. */
  readonly scheduleToStartMs: number;
  /** Start-to-close. */
  readonly timeoutMs: number;
  readonly startedMs: number;
  readonly requestId: string;
  readonly identity: string;
  readonly historySizeBytes: number;
  readonly suggestContinueAsNew: boolean;
  /** SuggestContinueAsNewReason */
  readonly suggestContinueAsNewReasons: readonly number[];
}

export interface RetryPolicy {
  readonly initialIntervalMs: number;
  readonly backoffCoefficient: number;
  readonly maximumIntervalMs: number;
  /** 0: no limit. */
  readonly maximumAttempts: number;
  readonly nonRetryableErrorTypes: readonly string[];
}

/** temporal.api.common.v1.Priority; 0 and empty: not given. */
export interface Priority {
  readonly priorityKey: number;
  readonly fairnessKey: string;
  readonly fairnessWeight: number;
}

/** What of an activity can be changed from outside while it is pending. */
export interface ActivityOptions {
  readonly taskQueue: string;
  readonly scheduleToCloseMs: number;
  readonly scheduleToStartMs: number;
  readonly startToCloseMs: number;
  readonly heartbeatMs: number;
  readonly retryPolicy: RetryPolicy | undefined;
  /** As it was given: what it lacks it has from the workflow (`activityPriority`). */
  readonly priority: Priority | undefined;
}

export interface ActivityPause {
  readonly atMs: number;
  readonly requestId: string;
  readonly identity: string;
  readonly reason: string;
}

/** What was done to an activity from outside. */
export interface ActivityControl {
  /** Rises whenever a task that waits in a queue becomes void though its attempt does not change. */
  readonly stamp: number;
  readonly pause: ActivityPause | undefined;
  /** It was reset while a worker had it: the worker is told with its next heartbeat. */
  readonly resetRequested: boolean;
  /** The next attempt begins without heartbeat details. */
  readonly heartbeatReset: boolean;
  /** The newest reset that must not take effect twice, or empty. */
  readonly resetRequestId: string;
  /** The options it was scheduled with, if it has others now. */
  readonly original: ActivityOptions | undefined;
}

export interface Activity extends ActivityOptions {
  readonly scheduledEventId: number;
  readonly activityId: string;
  readonly activityType: string;
  readonly input: Uint8Array | undefined;
  readonly header: Uint8Array | undefined;
  readonly useWorkflowBuildId: boolean;
  /** Time of the ActivityTaskScheduled event. */
  readonly firstScheduledMs: number;
  readonly attempt: number;
  /** When this attempt was or will be ready for a worker. */
  readonly attemptScheduledMs: number;
  /** 0 until a worker has this attempt. */
  readonly startedMs: number;
  /** The attempt as the worker that has it knows it: another one than `attempt` after a reset. */
  readonly startedAttempt: number;
  readonly requestId: string;
  /** Who has this attempt, or had the last one. */
  readonly identity: string;
  readonly lastHeartbeatMs: number;
  readonly heartbeatDetails: Uint8Array | undefined;
  /** Id of the ActivityTaskCancelRequested event, 0 if none. */
  readonly cancelRequestedEventId: number;
  /** Encoded Failure of the last attempt. */
  readonly lastFailure: Uint8Array | undefined;
  /** When the last attempt ended, 0 if none has. */
  readonly attemptEndedMs: number;
  readonly control: ActivityControl;
}

export interface Timer {
  readonly timerId: string;
  readonly startedEventId: number;
  readonly fireMs: number;
}

/** An update that is in the history. */
export interface Update {
  /** 0 until the workflow accepts it. */
  readonly acceptedEventId: number;
  /** 0 until it is completed. */
  readonly completedEventId: number;
}

export interface Sticky {
  readonly taskQueue: string;
  readonly scheduleToStartTimeoutMs: number;
}

/** The first workflow task that code of this build completed: where to reset to when the build was bad. */
export interface ResetPoint {
  readonly binaryChecksum: string;
  readonly buildId: string;
  readonly runId: string;
  readonly completedEventId: number;
  readonly createMs: number;
  /** Nothing had been asked of other runs then. */
  readonly resettable: boolean;
  /** When the run, which has closed, may be gone; 0: it is this one, or that is not known. */
  readonly expireMs: number;
}

/** Who holds the run, and since when. */
export interface Pause {
  readonly identity: string;
  readonly reason: string;
  readonly requestId: string;
  readonly atMs: number;
}

/** A run that ends by itself may be followed by another: one more attempt, or the next time of a cron schedule. */
export interface Rerun {
  readonly retryPolicy: RetryPolicy | undefined;
  /** Empty: none. */
  readonly cronSchedule: string;
  readonly input: Uint8Array | undefined;
  readonly header: Uint8Array | undefined;
  readonly lastCompletionResult: Uint8Array | undefined;
  /** As they were when this run began. */
  readonly memo: Uint8Array | undefined;
  readonly searchAttributes: Uint8Array | undefined;
}

/** The collections, apart from the flat fields that a shallow copy can save and restore. */
export interface Collections {
  /** By scheduled event id. */
  readonly activities: TrackedMap<number, Activity>;
  readonly activityIds: TrackedMap<string, number>;
  /** By timer id. */
  readonly timers: TrackedMap<string, Timer>;
  readonly timerIds: TrackedMap<number, string>;
  /** By the id of the event that asked for the child. */
  readonly children: TrackedMap<number, Child>;
  /** Messages to other runs that are not answered yet, by their keys. */
  readonly outbox: TrackedMap<number, Message>;
  /** By update id; they stay when they are completed, so that a repeated request finds its outcome. */
  readonly updates: TrackedMap<string, Update>;
  /** Those of them that a reset has written down as admitted, and the workflow has not accepted. */
  readonly unacceptedUpdates: TrackedSet<string>;
  /** Events that wait for the started workflow task to end. */
  readonly buffered: TrackedList<Init<HistoryEvent>>;
  /** Of signals. */
  readonly seenRequestIds: TrackedSet<string>;
  /** Of starts that found this run open and left their ids. */
  readonly requestIds: TrackedMap<string, RequestEvent>;
  readonly callbacks: TrackedMap<number, CompletionCallback>;
  readonly deadlines: DeadlineHeap;
  readonly undo: UndoLog;
}

export interface Fields {
  namespaceId: string;
  workflowId: string;
  runId: string;
  /** WorkflowExecutionStatus; 0 before the first event. */
  status: number;
  nextEventId: number;
  historySizeBytes: number;
  /** Of the first event, or of the reset that this run began with. */
  startMs: number;
  originalStartMs: number;
  closeMs: number;
  /** The run that follows this closed one, empty if none does. */
  successorRunId: string;
  workflowType: string;
  taskQueue: string;
  workflowTaskTimeoutMs: number;
  runTimeoutMs: number;
  executionTimeoutMs: number;
  /** End of the whole chain of runs, 0 if unlimited. */
  executionExpirationMs: number;
  /** End of this run, 0 if unlimited. */
  runExpirationMs: number;
  /** While > 0 the first workflow task waits for this time. */
  firstTaskAtMs: number;
  firstTaskBackoffMs: number;
  startRequestId: string;
  /** The request that made this run out of another one; empty: it was started. */
  resetRequestId: string;
  /** The newest run that was made out of this one. */
  resetRunId: string;
  /** All of them, by the request that made them. */
  resetsMade: ReadonlyMap<string, string>;
  /** It shall be removed as soon as nothing depends on it. */
  deletionRequested: boolean;
  /** Oldest first. */
  resetPoints: readonly ResetPoint[];
  firstRunId: string;
  parent: Parent | undefined;
  /** The run at the top of the tree of children; itself if it is no child. */
  root: Execution;
  attempt: number;
  /** What follows when this run ends by itself; undefined: nothing. */
  rerun: Rerun | undefined;
  memo: Uint8Array | undefined;
  searchAttributes: Uint8Array | undefined;
  userMetadata: Uint8Array | undefined;
  /** Of the start; successors have them as well. */
  links: readonly Uint8Array[];
  priority: Priority | undefined;
  /** Encoded VersioningOverride. Carried and shown: there is no routing by versions. */
  versioningOverride: Uint8Array | undefined;
  task: WorkflowTask | undefined;
  /** Attempt of the next workflow task to schedule. */
  taskAttempt: number;
  /** Started id of the last completed workflow task, 0 if none. */
  previousStartedEventId: number;
  /** Encoded WorkerVersionStamp of the worker that completed the last workflow task. */
  workerVersion: Uint8Array | undefined;
  sticky: Sticky | undefined;
  cancelRequested: boolean;
  /** Undefined: it is not paused. */
  pause: Pause | undefined;
  /** How many activities are paused, by activity type; those of which there are none are left out. */
  pausedTypes: ReadonlyMap<string, number>;
  signalCount: number;
  /** Signals and cancel requests to other workflows that are not answered yet. */
  pendingSignalCount: number;
  pendingCancelCount: number;
  bufferedBytes: number;
  /** Of `updates`, those that are not completed. */
  openUpdates: number;
  /** When the last discarded workflow task started: the next one, which may have the same ids, starts later. */
  discardedStartedMs: number;
  /** Completion callbacks whose requests are to be made now. */
  scheduledCallbackCount: number;
  /** The last workflow task to end wanted to close the run, and was refused because of unhandled events. */
  closeAttempted: boolean;
  /** Workflow tasks that ended badly on the normal queue since one succeeded. */
  taskProblems: number;
  /** How the last one ended that is in the history. */
  taskProblemCause: string;
  /** What the search attribute for it says; empty: it is not set. */
  reportedProblem: string;
}

export type WorkflowState = Fields & Collections;

/** What is pending costs about this much besides what users put into it, bytes. */
const PENDING_BYTES = 150;
const pendingSize = () => PENDING_BYTES;
/** Another way to what is counted already. */
const INDEXED = () => 0;

/** Input and header are in the history, and counted there. */
function activitySize({ heartbeatDetails, lastFailure, control }: Activity): number {
  return PENDING_BYTES + sizeOf(heartbeatDetails) + sizeOf(lastFailure) + controlSize(control);
}

function controlSize({ pause, original }: ActivityControl): number {
  const texts = pause === undefined ? 0 : pause.requestId.length + pause.identity.length + pause.reason.length;
  return texts + (original === undefined ? 0 : PENDING_BYTES);
}

/** The callback itself is in the history. */
const callbackSize = ({ lastFailure }: CompletionCallback) => PENDING_BYTES + sizeOf(lastFailure);

/** What the run remembers apart from its history, bytes, about. Events that wait for their place have their own limit. */
export function stateSize(state: WorkflowState): number {
  const { activities, timers, children, outbox, updates, callbacks, memo, searchAttributes } = state;
  const { requestIds, seenRequestIds } = state;
  const pending = activities.bytes + timers.bytes + children.bytes + outbox.bytes + updates.bytes + callbacks.bytes;
  const ids = requestIds.bytes + seenRequestIds.size * REQUEST_ID_BYTES;
  return pending + ids + sizeOf(memo) + sizeOf(searchAttributes);
}

/** Most are UUIDs. */
const REQUEST_ID_BYTES = 36;

export const RUNNING = 1;

const NO_POINTS: readonly ResetPoint[] = [];
export const NO_PAUSED_TYPES: ReadonlyMap<string, number> = new Map();
const NO_RESETS: ReadonlyMap<string, string> = new Map();

export function newWorkflowState(namespaceId: string, workflowId: string, runId: string): WorkflowState {
  return {
    ...newCollections(new UndoLog()),
    namespaceId,
    workflowId,
    runId,
    status: 0,
    nextEventId: 1,
    historySizeBytes: 0,
    startMs: 0,
    originalStartMs: 0,
    closeMs: 0,
    successorRunId: '',
    workflowType: '',
    taskQueue: '',
    workflowTaskTimeoutMs: 0,
    runTimeoutMs: 0,
    executionTimeoutMs: 0,
    executionExpirationMs: 0,
    runExpirationMs: 0,
    firstTaskAtMs: 0,
    firstTaskBackoffMs: 0,
    startRequestId: '',
    resetRequestId: '',
    resetRunId: '',
    resetsMade: NO_RESETS,
    deletionRequested: false,
    resetPoints: NO_POINTS,
    firstRunId: '',
    parent: undefined,
    root: { workflowId, runId },
    attempt: 1,
    rerun: undefined,
    memo: undefined,
    searchAttributes: undefined,
    userMetadata: undefined,
    links: [],
    priority: undefined,
    versioningOverride: undefined,
    task: undefined,
    taskAttempt: 1,
    previousStartedEventId: 0,
    workerVersion: undefined,
    sticky: undefined,
    cancelRequested: false,
    pause: undefined,
    pausedTypes: NO_PAUSED_TYPES,
    signalCount: 0,
    pendingSignalCount: 0,
    pendingCancelCount: 0,
    bufferedBytes: 0,
    openUpdates: 0,
    discardedStartedMs: 0,
    scheduledCallbackCount: 0,
    closeAttempted: false,
    taskProblems: 0,
    taskProblemCause: '',
    reportedProblem: '',
  };
}

function newCollections(undo: UndoLog): Collections {
  return {
    activities: new TrackedMap(undo, activitySize),
    activityIds: new TrackedMap(undo, INDEXED),
    timers: new TrackedMap(undo, pendingSize),
    timerIds: new TrackedMap(undo, INDEXED),
    children: new TrackedMap(undo, pendingSize),
    outbox: new TrackedMap(undo, pendingSize),
    updates: new TrackedMap(undo, pendingSize),
    unacceptedUpdates: new TrackedSet(undo),
    buffered: new TrackedList(undo),
    seenRequestIds: new TrackedSet(undo),
    requestIds: new TrackedMap(undo, pendingSize),
    callbacks: new TrackedMap(undo, callbackSize),
    deadlines: new DeadlineHeap(),
    undo,
  };
}

export function isRunning(state: WorkflowState): boolean {
  return state.status === RUNNING;
}

/**
 * It wanted to close, was refused because of events it had not seen, and is about to try again: what arrives now would
 * keep it from closing for ever.
 */
export function isClosing(state: WorkflowState): boolean {
  return state.closeAttempted && isTaskStarted(state);
}

/** An operator holds it: nothing is given to workers. */
export function isPaused(state: WorkflowState): boolean {
  return state.pause !== undefined;
}

/** Somebody should take the workflow task. */
export function isTaskWaiting(state: WorkflowState): boolean {
  return state.task !== undefined && state.task.startedEventId === 0 && !isPaused(state);
}

/** A worker has the workflow task: events that would wake the workflow are buffered. */
export function isTaskStarted(state: WorkflowState): boolean {
  return state.task !== undefined && state.task.startedEventId !== 0;
}
