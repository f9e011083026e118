// Reset: a run that begins as a copy of another run's history up to a point, and goes on differently from there. The
// copied events are the beginning of its journal; the private notes of the base run are not copied, so whatever they
// carried (attempts, heartbeats, stickiness) begins anew. What reached the base run after that point (signals, changed
// options) is recorded once more.

import { invalidArgument } from '@perdure/api';
import {
  WorkflowTaskFailedCause as Cause,
  EventType,
  ResetReapplyExcludeType as Exclude,
  RetryState,
  UpdateAdmittedEventOrigin,
} from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { PrivateEvents, type RunReset, type RunWasReset } from '../../generated/journal.js';
import { rescheduleActivities } from './activity-evolve.ts';
import { SERVER_IDENTITY } from './close.ts';
import { DeadlineKind } from './deadlines.ts';
import { changeOptions, type RunOptionsChange } from './options.ts';
import { recordSignal } from './signals.ts';
import type { WorkflowState } from './state.ts';
import type { Journaled, Transition } from './transition.ts';
import { failTask, scheduleTask, startTask } from './workflow-task.ts';

export interface Reset {
  readonly requestId: string;
  readonly baseRunId: string;
  readonly reason: string;
  /** What came after the point, in the base run and in those that it continued as: those that `isReapplied` picks. */
  readonly reapply: readonly Init<HistoryEvent>[];
  /** In their order, after everything else. */
  readonly optionsChanges: readonly RunOptionsChange[];
}

/** A stretch of a history, as encoded events. */
export interface HistoryStretch {
  readonly firstEventId: number;
  readonly eventCount: number;
  readonly bytes: Uint8Array;
}

/** The journal of a run that begins with these events. A repeated start finds it as it found the base run. */
export function copiedHistory(stretches: readonly HistoryStretch[], startRequestId: string): Journaled[] {
  const created = PrivateEvents.encode({ events: [{ runCreated: { startRequestId } }] });
  return stretches.map(({ firstEventId, eventCount, bytes }) => ({
    firstEventId,
    eventCount,
    publicBytes: bytes,
    privateBytes: firstEventId === 1 ? created : NO_BYTES,
  }));
}

const NO_BYTES = new Uint8Array(0);

/**
 * The first transition of the run after the copied events.
 * @throws INVALID_ARGUMENT unless they end while a workflow task is pending
 */
export function resetRun(tx: Transition, reset: Reset): void {
  const { state } = tx;
  if (state.task === undefined) {
    throw invalidArgument(
      `Can only reset workflow to event ID in range [WorkflowTaskScheduled +1, WorkflowTaskStarted + 1]: ${state.nextEventId}`,
    );
  }
  const lastCopiedEventId = state.nextEventId - 1;
  tx.note({ runReset: { requestId: reset.requestId, resetMs: tx.nowMs } });
  if (state.task.startedEventId === 0) startTask(tx, { identity: SERVER_IDENTITY, requestId: '', sticky: false });
  failTask(tx, {
    cause: Cause.RESET_WORKFLOW,
    failure: resetFailure(reset.reason),
    identity: SERVER_IDENTITY,
    baseRunId: reset.baseRunId,
    newRunId: state.runId,
  });
  failCutOffActivity(tx, lastCopiedEventId, reset.reason);
  for (const event of reset.reapply) REAPPLY[event.eventType ?? 0]?.reapply(tx, event);
  for (const change of reset.optionsChanges) changeOptions(tx, change);
  scheduleTask(tx);
  for (const scheduledEventId of state.activities.keys()) tx.dispatches.push({ kind: 'activity', scheduledEventId });
}

function resetFailure(message: string): Uint8Array {
  return Failure.encode({ message, resetWorkflowFailureInfo: {} });
}

/** The history ends between an activity's started event and its close: how it ended is not known any more. */
function failCutOffActivity(tx: Transition, startedEventId: number, reason: string): void {
  for (const activity of tx.state.activities.values()) {
    if (activity.startedMs === 0) continue;
    tx.add(EventType.ACTIVITY_TASK_FAILED, {
      activityTaskFailedEventAttributes: {
        failure: resetFailure(reason),
        scheduledEventId: activity.scheduledEventId,
        startedEventId,
        identity: activity.identity,
        retryState: RetryState.NON_RETRYABLE_FAILURE,
      },
    });
    return;
  }
}

interface Reapplied {
  /** ResetReapplyExcludeType that keeps it out. */
  readonly excludedBy?: number;
  /** It speaks of another event by its id. */
  readonly ofBaseOnly?: boolean;
  readonly reapply: (tx: Transition, event: Init<HistoryEvent>) => void;
}

const OF_CHILD: Reapplied = { ofBaseOnly: true, reapply: reapplyOfChild };

const REAPPLY: Readonly<Record<number, Reapplied>> = {
  [EventType.WORKFLOW_EXECUTION_SIGNALED]: { excludedBy: Exclude.SIGNAL, reapply: reapplySignal },
  [EventType.WORKFLOW_EXECUTION_OPTIONS_UPDATED]: { reapply: reapplyOptions },
  [EventType.WORKFLOW_EXECUTION_UPDATE_ADMITTED]: { excludedBy: Exclude.UPDATE, reapply: reapplyUpdate },
  [EventType.WORKFLOW_EXECUTION_UPDATE_ACCEPTED]: { excludedBy: Exclude.UPDATE, reapply: reapplyUpdate },
  [EventType.START_CHILD_WORKFLOW_EXECUTION_FAILED]: OF_CHILD,
  [EventType.CHILD_WORKFLOW_EXECUTION_STARTED]: OF_CHILD,
  [EventType.CHILD_WORKFLOW_EXECUTION_COMPLETED]: OF_CHILD,
  [EventType.CHILD_WORKFLOW_EXECUTION_FAILED]: OF_CHILD,
  [EventType.CHILD_WORKFLOW_EXECUTION_CANCELED]: OF_CHILD,
  [EventType.CHILD_WORKFLOW_EXECUTION_TIMED_OUT]: OF_CHILD,
  [EventType.CHILD_WORKFLOW_EXECUTION_TERMINATED]: OF_CHILD,
};

const CHILD_ATTRIBUTES = [
  'childWorkflowExecutionStartedEventAttributes',
  'childWorkflowExecutionCompletedEventAttributes',
  'childWorkflowExecutionFailedEventAttributes',
  'childWorkflowExecutionCanceledEventAttributes',
  'childWorkflowExecutionTimedOutEventAttributes',
  'childWorkflowExecutionTerminatedEventAttributes',
  'startChildWorkflowExecutionFailedEventAttributes',
] as const;

/** What has become of a child that was asked for before the point: it will not be told again. */
function reapplyOfChild(tx: Transition, event: Init<HistoryEvent>): void {
  const field = CHILD_ATTRIBUTES.find((name) => event[name] !== undefined);
  const attributes = field && event[field];
  const child = tx.state.children.get(attributes?.initiatedEventId ?? 0);
  if (field === undefined || child === undefined) return;
  const isStart = event.eventType === EventType.CHILD_WORKFLOW_EXECUTION_STARTED;
  if (isStart && child.startedRunId !== '') return;
  const body =
    attributes !== undefined && 'startedEventId' in attributes
      ? { ...attributes, startedEventId: child.startedEventId }
      : attributes;
  tx.add(event.eventType ?? 0, { [field]: body });
}

/** Is an event after the point, of the base run or of one that it continued as, recorded once more in the new run? */
export function isReapplied(event: Init<HistoryEvent>, excluded: ReadonlySet<number>, isOfBase: boolean): boolean {
  const how = REAPPLY[event.eventType ?? 0];
  if (how === undefined || (how.ofBaseOnly === true && !isOfBase)) return false;
  return how.excludedBy === undefined || !excluded.has(how.excludedBy);
}

function reapplySignal(tx: Transition, event: Init<HistoryEvent>): void {
  const {
    signalName = '',
    input,
    identity = '',
    header,
    requestId = '',
  } = event.workflowExecutionSignaledEventAttributes ?? {};
  const links = event.links ?? [];
  recordSignal(tx, { signalName, input, identity, header, requestId, links });
}

/** An update that was admitted by an event of its own is accepted without its request: it is taken from there. */
function reapplyUpdate(tx: Transition, event: Init<HistoryEvent>): void {
  const admitted = event.workflowExecutionUpdateAdmittedEventAttributes;
  const request = admitted?.request ?? event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest;
  // One that was rejected, which no event says, may have been asked for again.
  if (request === undefined || tx.state.updates.has(request.meta?.updateId ?? '')) return;
  const attributes = { request, origin: admitted?.origin ?? UpdateAdmittedEventOrigin.REAPPLY };
  tx.add(EventType.WORKFLOW_EXECUTION_UPDATE_ADMITTED, { workflowExecutionUpdateAdmittedEventAttributes: attributes });
}

function reapplyOptions(tx: Transition, event: Init<HistoryEvent>): void {
  tx.add(EventType.WORKFLOW_EXECUTION_OPTIONS_UPDATED, {
    workflowExecutionOptionsUpdatedEventAttributes: event.workflowExecutionOptionsUpdatedEventAttributes,
    links: event.links,
    workerMayIgnore: true,
  });
}

export function evolveRunReset(state: WorkflowState, event: Init<RunReset>): void {
  const resetMs = event.resetMs ?? 0;
  state.resetRequestId = event.requestId ?? '';
  state.startMs = resetMs;
  state.firstTaskBackoffMs = 0;
  rescheduleActivities(state, resetMs);
  const { runTimeoutMs, executionTimeoutMs, deadlines } = state;
  if (executionTimeoutMs > 0) {
    state.executionExpirationMs = resetMs + executionTimeoutMs;
    deadlines.add(state.executionExpirationMs, DeadlineKind.EXECUTION_TIMEOUT, 0);
  }
  if (runTimeoutMs > 0) {
    state.runExpirationMs = resetMs + runTimeoutMs;
    deadlines.add(state.runExpirationMs, DeadlineKind.RUN_TIMEOUT, 0);
  }
}

export function evolveRunWasReset(state: WorkflowState, event: Init<RunWasReset>): void {
  const { runId = '', requestId = '' } = event;
  state.resetRunId = runId;
  if (requestId !== '') state.resetsMade = new Map([...state.resetsMade, [requestId, runId]]);
}
