// evolve(state, event): the one place where events meet the state. Each family of events has its evolve function in its
// own file beside its decisions; this table sends the event there. The same functions run when an event is decided and
// when a journal is read back, so state is always fold(evolve, journal).
//
// An event that was just decided may lack fields that a decoded one has as defaults: evolve functions treat undefined
// and the protobuf default alike. A buffered event has no id yet; evolve functions that need it get it later (evolvePlaced).

import { EventType } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { PrivateEvent } from '../../generated/journal.js';
import {
  evolveActivityOptionsSet,
  evolveActivityPaused,
  evolveActivityUnpaused,
  evolveActivityWasReset,
} from './activity-control.ts';
import {
  evolveActivityCancelRequested,
  evolveActivityClosed,
  evolveActivityHeartbeat,
  evolveActivityRetry,
  evolveActivityScheduled,
  evolveActivityStarted,
  evolveActivityTaskStarted,
} from './activity-evolve.ts';
import { evolveRequestPlaced } from './attach.ts';
import { evolveBufferedTimerRemoved, evolveFlushed, pushBuffered } from './buffer.ts';
import { evolveCallbackAttempted, evolveCallbackDue } from './callbacks.ts';
import { evolveCancelRequested } from './cancel.ts';
import {
  evolveChildClosed,
  evolveChildInitiated,
  evolveChildStarted,
  evolveChildStartFailed,
  evolveChildStartPlaced,
} from './children-evolve.ts';
import { evolveClosed } from './close.ts';
import { evolveDeletionRequested } from './delete.ts';
import {
  evolveCancelAnswered,
  evolveCancelInitiated,
  evolveSignalAnswered,
  evolveSignalInitiated,
} from './external.ts';
import { evolveDelivered } from './farewells.ts';
import { evolveOptionsUpdated } from './options.ts';
import { evolvePaused, evolveUnpaused } from './pause.ts';
import { evolveProblemsReported } from './problems.ts';
import { evolveMemo, evolveSearchAttributes } from './properties.ts';
import { evolveRunReset, evolveRunWasReset } from './reset.ts';
import { evolveSignaled } from './signals.ts';
import { evolveFirstTaskReleased, evolveRunCreated, evolveStarted } from './start.ts';
import type { WorkflowState } from './state.ts';
import { evolveTimerCanceled, evolveTimerFired, evolveTimerStarted } from './timers.ts';
import {
  evolveUpdateAccepted,
  evolveUpdateAdmitted,
  evolveUpdateCompleted,
  evolveUpdateRejected,
} from './update-evolve.ts';
import {
  evolveSpeculativeScheduled,
  evolveSticky,
  evolveTaskCompleted,
  evolveTaskDiscarded,
  evolveTaskEnded,
  evolveTaskFailed,
  evolveTaskHeartbeat,
  evolveTaskScheduled,
  evolveTaskStarted,
  evolveTaskTimedOut,
  evolveTransientScheduled,
  evolveTransientStarted,
} from './workflow-task-evolve.ts';

type Evolve = (state: WorkflowState, event: Init<HistoryEvent>) => void;

const unchanged: Evolve = () => {};

const PUBLIC: Readonly<Record<number, Evolve>> = {
  [EventType.WORKFLOW_EXECUTION_STARTED]: evolveStarted,
  [EventType.WORKFLOW_EXECUTION_COMPLETED]: evolveClosed,
  [EventType.WORKFLOW_EXECUTION_FAILED]: evolveClosed,
  [EventType.WORKFLOW_EXECUTION_TIMED_OUT]: evolveClosed,
  [EventType.WORKFLOW_EXECUTION_CANCELED]: evolveClosed,
  [EventType.WORKFLOW_EXECUTION_TERMINATED]: evolveClosed,
  [EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW]: evolveClosed,
  [EventType.WORKFLOW_TASK_SCHEDULED]: evolveTaskScheduled,
  [EventType.WORKFLOW_TASK_STARTED]: evolveTaskStarted,
  [EventType.WORKFLOW_TASK_COMPLETED]: evolveTaskCompleted,
  [EventType.WORKFLOW_TASK_TIMED_OUT]: evolveTaskTimedOut,
  [EventType.WORKFLOW_TASK_FAILED]: evolveTaskFailed,
  [EventType.ACTIVITY_TASK_SCHEDULED]: evolveActivityScheduled,
  [EventType.ACTIVITY_TASK_STARTED]: evolveActivityTaskStarted,
  [EventType.ACTIVITY_TASK_COMPLETED]: evolveActivityClosed,
  [EventType.ACTIVITY_TASK_FAILED]: evolveActivityClosed,
  [EventType.ACTIVITY_TASK_TIMED_OUT]: evolveActivityClosed,
  [EventType.ACTIVITY_TASK_CANCEL_REQUESTED]: evolveActivityCancelRequested,
  [EventType.ACTIVITY_TASK_CANCELED]: evolveActivityClosed,
  [EventType.TIMER_STARTED]: evolveTimerStarted,
  [EventType.TIMER_FIRED]: evolveTimerFired,
  [EventType.TIMER_CANCELED]: evolveTimerCanceled,
  [EventType.WORKFLOW_EXECUTION_CANCEL_REQUESTED]: evolveCancelRequested,
  [EventType.MARKER_RECORDED]: unchanged,
  [EventType.WORKFLOW_EXECUTION_SIGNALED]: evolveSignaled,
  [EventType.START_CHILD_WORKFLOW_EXECUTION_INITIATED]: evolveChildInitiated,
  [EventType.START_CHILD_WORKFLOW_EXECUTION_FAILED]: evolveChildStartFailed,
  [EventType.CHILD_WORKFLOW_EXECUTION_STARTED]: evolveChildStarted,
  [EventType.CHILD_WORKFLOW_EXECUTION_COMPLETED]: evolveChildClosed,
  [EventType.CHILD_WORKFLOW_EXECUTION_FAILED]: evolveChildClosed,
  [EventType.CHILD_WORKFLOW_EXECUTION_CANCELED]: evolveChildClosed,
  [EventType.CHILD_WORKFLOW_EXECUTION_TIMED_OUT]: evolveChildClosed,
  [EventType.CHILD_WORKFLOW_EXECUTION_TERMINATED]: evolveChildClosed,
  [EventType.SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED]: evolveSignalInitiated,
  [EventType.SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED]: evolveSignalAnswered,
  [EventType.EXTERNAL_WORKFLOW_EXECUTION_SIGNALED]: evolveSignalAnswered,
  [EventType.REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED]: evolveCancelInitiated,
  [EventType.REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED]: evolveCancelAnswered,
  [EventType.EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED]: evolveCancelAnswered,
  [EventType.WORKFLOW_EXECUTION_UPDATE_ADMITTED]: evolveUpdateAdmitted,
  [EventType.WORKFLOW_EXECUTION_UPDATE_ACCEPTED]: evolveUpdateAccepted,
  [EventType.WORKFLOW_EXECUTION_UPDATE_COMPLETED]: evolveUpdateCompleted,
  [EventType.UPSERT_WORKFLOW_SEARCH_ATTRIBUTES]: evolveSearchAttributes,
  [EventType.WORKFLOW_PROPERTIES_MODIFIED]: evolveMemo,
  [EventType.WORKFLOW_EXECUTION_PAUSED]: evolvePaused,
  [EventType.WORKFLOW_EXECUTION_UNPAUSED]: evolveUnpaused,
  [EventType.WORKFLOW_EXECUTION_OPTIONS_UPDATED]: evolveOptionsUpdated,
};

/** Applies a public event. An unknown type is a bug or a journal from a newer version: it must not be skipped. */
export function evolvePublic(state: WorkflowState, event: Init<HistoryEvent>): void {
  const evolve = PUBLIC[event.eventType ?? 0];
  if (evolve === undefined) throw new Error(`no evolve function for event type ${event.eventType}`);
  evolve(state, event);
}

/** A buffered event, which has taken effect already, has its id now. */
export function evolvePlaced(state: WorkflowState, event: Init<HistoryEvent>): void {
  if (event.eventType === EventType.WORKFLOW_EXECUTION_OPTIONS_UPDATED) evolveRequestPlaced(state, event);
  if (event.eventType === EventType.CHILD_WORKFLOW_EXECUTION_STARTED) evolveChildStartPlaced(state, event);
}

export function evolvePrivate(state: WorkflowState, event: Init<PrivateEvent>): void {
  if (event.activityStarted !== undefined) evolveActivityStarted(state, event.activityStarted);
  else if (event.runCreated !== undefined) evolveRunCreated(state, event.runCreated);
  else if (event.stickySet !== undefined) evolveSticky(state, event.stickySet);
  else if (event.buffered !== undefined) evolveBuffered(state, event.buffered.event ?? NO_BYTES);
  else if (event.flushed !== undefined) evolveFlushed(state);
  else if (event.bufferedTimerRemoved !== undefined) evolveBufferedTimerRemoved(state, event.bufferedTimerRemoved);
  else if (event.activityRetry !== undefined) evolveActivityRetry(state, event.activityRetry);
  else if (event.activityHeartbeat !== undefined) evolveActivityHeartbeat(state, event.activityHeartbeat);
  else if (event.taskScheduled !== undefined) evolveTransientScheduled(state, event.taskScheduled);
  else if (event.taskStarted !== undefined) evolveTransientStarted(state, event.taskStarted);
  else if (event.taskEnded !== undefined) evolveTaskEnded(state, event.taskEnded.cause ?? 0);
  else if (event.taskHeartbeat !== undefined) evolveTaskHeartbeat(state, event.taskHeartbeat);
  else if (event.problemsReported !== undefined) evolveProblemsReported(state, event.problemsReported);
  else if (event.firstTaskReleased !== undefined) evolveFirstTaskReleased(state);
  else if (event.speculativeTaskScheduled !== undefined)
    evolveSpeculativeScheduled(state, event.speculativeTaskScheduled);
  else if (event.taskDiscarded !== undefined) evolveTaskDiscarded(state);
  else if (event.updateRejected !== undefined) evolveUpdateRejected(state, event.updateRejected);
  else if (event.activityPaused !== undefined) evolveActivityPaused(state, event.activityPaused);
  else if (event.activityUnpaused !== undefined) evolveActivityUnpaused(state, event.activityUnpaused);
  else if (event.activityWasReset !== undefined) evolveActivityWasReset(state, event.activityWasReset);
  else if (event.activityOptionsSet !== undefined) evolveActivityOptionsSet(state, event.activityOptionsSet);
  else if (event.delivered !== undefined) evolveDelivered(state, event.delivered);
  else if (event.runReset !== undefined) evolveRunReset(state, event.runReset);
  else if (event.runWasReset !== undefined) evolveRunWasReset(state, event.runWasReset);
  else if (event.callbackAttempted !== undefined) evolveCallbackAttempted(state, event.callbackAttempted);
  else if (event.callbackDue !== undefined) evolveCallbackDue(state, event.callbackDue);
  else if (event.deletionRequested !== undefined) evolveDeletionRequested(state);
  else throw new Error('unknown private event: the journal was written by a newer version');
}

const NO_BYTES = new Uint8Array(0);

/** A buffered event takes effect when it arrives; only its place in the history is decided later. */
function evolveBuffered(state: WorkflowState, bytes: Uint8Array): void {
  const event = HistoryEvent.decode(bytes);
  evolvePublic(state, event);
  pushBuffered(state, event, bytes.length);
}
