// The end of a run: by its own command, by its timeout, or from outside. A run closes once; everything pending goes
// with it.

import type {
  CancelWorkflowExecutionCommandAttributes,
  CompleteWorkflowExecutionCommandAttributes,
  FailWorkflowExecutionCommandAttributes,
} from '@perdure/api/command';
import {
  WorkflowTaskFailedCause as Cause,
  EventType,
  RetryState,
  WorkflowExecutionStatus as Status,
} from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { BadCommand } from './bad-command.ts';
import { flushBuffered } from './buffer.ts';
import { evolveCallbacksTriggered } from './callbacks.ts';
import { checkBlob, checkNothingUnhandled } from './checks.ts';
import type { CommandContext } from './commands.ts';
import { followByCron, followFailure, runTimeoutFailure } from './continue.ts';
import { evolveFarewells } from './farewells.ts';
import { isTaskStarted, NO_PAUSED_TYPES, type WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';
import { failTask } from './workflow-task.ts';

/** Who acts when the server closes a run by itself. */
export const SERVER_IDENTITY = 'history-service';

export function completeWorkflow(command: CommandContext, a: CompleteWorkflowExecutionCommandAttributes): void {
  checkNothingUnhandled(command);
  const cause = Cause.BAD_COMPLETE_WORKFLOW_EXECUTION_ATTRIBUTES;
  checkBlob(command.tx, cause, 'CompleteWorkflowExecutionCommandAttributes.Result', a.result);
  const successor = followByCron(command.tx, { result: a.result });
  const attributes = {
    result: a.result,
    workflowTaskCompletedEventId: command.completedEventId,
    newExecutionRunId: successor?.runId,
  };
  command.tx.successor = successor;
  command.tx.add(EventType.WORKFLOW_EXECUTION_COMPLETED, { workflowExecutionCompletedEventAttributes: attributes });
}

export function failWorkflow(command: CommandContext, a: FailWorkflowExecutionCommandAttributes): void {
  checkNothingUnhandled(command);
  const cause = Cause.BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES;
  if (a.failure === undefined) throw new BadCommand(cause, 'Failure is not set on FailWorkflowExecutionCommand.');
  checkBlob(command.tx, cause, 'FailWorkflowExecutionCommandAttributes.Failure', a.failure);
  const { retryState, successor } = followFailure(command.tx, a.failure);
  const attributes = {
    failure: a.failure,
    retryState,
    workflowTaskCompletedEventId: command.completedEventId,
    newExecutionRunId: successor?.runId,
  };
  command.tx.successor = successor;
  command.tx.add(EventType.WORKFLOW_EXECUTION_FAILED, { workflowExecutionFailedEventAttributes: attributes });
}

export function cancelWorkflow(command: CommandContext, a: CancelWorkflowExecutionCommandAttributes): void {
  checkNothingUnhandled(command);
  const attributes = { details: a.details, workflowTaskCompletedEventId: command.completedEventId };
  command.tx.add(EventType.WORKFLOW_EXECUTION_CANCELED, { workflowExecutionCanceledEventAttributes: attributes });
}

export interface Termination {
  readonly reason: string;
  readonly details: Uint8Array | undefined;
  readonly identity: string;
  readonly links: readonly Uint8Array[];
}

export function terminateRun(tx: Transition, termination: Termination): void {
  endTaskByForce(tx);
  const { reason, details, identity } = termination;
  tx.add(EventType.WORKFLOW_EXECUTION_TERMINATED, {
    workflowExecutionTerminatedEventAttributes: { reason, details, identity },
    links: [...termination.links],
  });
}

export function timeOutRun(tx: Transition): void {
  endTaskByForce(tx);
  const { executionExpirationMs } = tx.state;
  const chainIsOver = executionExpirationMs > 0 && executionExpirationMs <= tx.nowMs;
  const { retryState, successor } = chainIsOver
    ? { retryState: RetryState.TIMEOUT, successor: undefined }
    : followFailure(tx, runTimeoutFailure());
  tx.successor = successor;
  tx.add(EventType.WORKFLOW_EXECUTION_TIMED_OUT, {
    workflowExecutionTimedOutEventAttributes: { retryState, newExecutionRunId: successor?.runId },
  });
}

/** A task that a worker has is closed first, so that what was buffered comes to rest in the history. */
function endTaskByForce(tx: Transition): void {
  if (isTaskStarted(tx.state)) {
    failTask(tx, { cause: Cause.FORCE_CLOSE_COMMAND, failure: undefined, identity: SERVER_IDENTITY });
  }
  flushBuffered(tx);
}

const STATUS: Readonly<Record<number, number>> = {
  [EventType.WORKFLOW_EXECUTION_COMPLETED]: Status.COMPLETED,
  [EventType.WORKFLOW_EXECUTION_FAILED]: Status.FAILED,
  [EventType.WORKFLOW_EXECUTION_TIMED_OUT]: Status.TIMED_OUT,
  [EventType.WORKFLOW_EXECUTION_CANCELED]: Status.CANCELED,
  [EventType.WORKFLOW_EXECUTION_TERMINATED]: Status.TERMINATED,
  [EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW]: Status.CONTINUED_AS_NEW,
};

export function isClosingEvent(eventType: number): boolean {
  return STATUS[eventType] !== undefined;
}

export function evolveClosed(state: WorkflowState, event: Init<HistoryEvent>): void {
  state.status = STATUS[event.eventType ?? 0] ?? 0;
  state.closeMs = event.eventTime ?? 0;
  state.successorRunId = successorOf(event);
  evolveCallbacksTriggered(state, event);
  state.task = undefined;
  if (state.buffered.length > 0) {
    state.buffered.replace([]);
    state.bufferedBytes = 0;
  }
  state.activities.clear();
  state.pausedTypes = NO_PAUSED_TYPES;
  state.activityIds.clear();
  state.timers.clear();
  state.timerIds.clear();
  state.seenRequestIds.clear();
  evolveFarewells(state, event);
}

function successorOf(event: Init<HistoryEvent>): string {
  const attributes =
    event.workflowExecutionContinuedAsNewEventAttributes ??
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionTimedOutEventAttributes;
  return attributes?.newExecutionRunId ?? '';
}
