// Timers: START_TIMER and CANCEL_TIMER commands, and firing. A timer fires at its time, not at the next poll of a queue.

import type { CancelTimerCommandAttributes, StartTimerCommandAttributes } from '@perdure/api/command';
import { EventType, WorkflowTaskFailedCause } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { BadCommand } from './bad-command.ts';
import { hasBufferedTimer } from './buffer.ts';
import { byteLength, capDuration, checkDuration } from './checks.ts';
import type { CommandContext } from './commands.ts';
import { DeadlineKind } from './deadlines.ts';
import type { Timer, WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';

export function startTimer(command: CommandContext, a: StartTimerCommandAttributes): void {
  const { tx } = command;
  const bad = (message: string) => new BadCommand(WorkflowTaskFailedCause.BAD_START_TIMER_ATTRIBUTES, message);
  if (a.timerId === '') throw bad('TimerId is not set on StartTimerCommand.');
  if (byteLength(a.timerId) > tx.context.limits.idLengthMax)
    throw bad(`TimerId exceeds length limit. TimerId=${a.timerId}`);
  const problem = checkDuration(a.startToFireTimeout);
  if (problem !== undefined)
    throw bad(`An invalid StartToFireTimeout is set on StartTimerCommand. TimerId=${a.timerId} cause: ${problem}`);
  if (tx.state.timers.has(a.timerId)) {
    throw new BadCommand(
      WorkflowTaskFailedCause.START_TIMER_DUPLICATE_ID,
      `TimerId already started. TimerId=${a.timerId}`,
    );
  }
  const attributes = {
    timerId: a.timerId,
    startToFireTimeout: capDuration(a.startToFireTimeout),
    workflowTaskCompletedEventId: command.completedEventId,
  };
  tx.add(EventType.TIMER_STARTED, { timerStartedEventAttributes: attributes });
}

export function cancelTimer(command: CommandContext, a: CancelTimerCommandAttributes): void {
  const { tx } = command;
  const bad = (message: string) => new BadCommand(WorkflowTaskFailedCause.BAD_CANCEL_TIMER_ATTRIBUTES, message);
  if (a.timerId === '') throw bad('TimerId is not set on CancelTimerCommand.');
  const timer = tx.state.timers.get(a.timerId);
  let startedEventId = timer?.startedEventId;
  if (timer === undefined && hasBufferedTimer(tx.state, a.timerId)) {
    // It fired while this task ran; the worker cancelled it first, so the workflow must never see it fire.
    startedEventId = tx.state.buffered.items.find((b) => b.timerFiredEventAttributes?.timerId === a.timerId)
      ?.timerFiredEventAttributes?.startedEventId;
    tx.note({ bufferedTimerRemoved: { timerId: a.timerId } });
  }
  if (startedEventId === undefined) throw bad(`TimerId not found. TimerId=${a.timerId}`);
  const attributes = {
    timerId: a.timerId,
    startedEventId,
    workflowTaskCompletedEventId: command.completedEventId,
    identity: command.identity,
  };
  tx.add(EventType.TIMER_CANCELED, { timerCanceledEventAttributes: attributes });
}

export function fireTimer(tx: Transition, timer: Timer): void {
  const { timerId, startedEventId } = timer;
  tx.addOrBuffer(EventType.TIMER_FIRED, { timerFiredEventAttributes: { timerId, startedEventId } });
}

export function timerByStartedEvent(state: WorkflowState, startedEventId: number): Timer | undefined {
  const timerId = state.timerIds.get(startedEventId);
  return timerId === undefined ? undefined : state.timers.get(timerId);
}

export function evolveTimerStarted(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.timerStartedEventAttributes ?? {};
  const timerId = a.timerId ?? '';
  const startedEventId = event.eventId ?? 0;
  const fireMs = (event.eventTime ?? 0) + (a.startToFireTimeout ?? 0);
  state.timers.set(timerId, { timerId, startedEventId, fireMs });
  state.timerIds.set(startedEventId, timerId);
  state.deadlines.add(fireMs, DeadlineKind.TIMER, startedEventId);
}

export function evolveTimerFired(state: WorkflowState, event: Init<HistoryEvent>): void {
  const { timerId = '', startedEventId = 0 } = event.timerFiredEventAttributes ?? {};
  removeTimer(state, timerId, startedEventId);
}

export function evolveTimerCanceled(state: WorkflowState, event: Init<HistoryEvent>): void {
  const { timerId = '', startedEventId = 0 } = event.timerCanceledEventAttributes ?? {};
  removeTimer(state, timerId, startedEventId);
}

/** A firing out of the buffer may come after a new timer with the same id. */
function removeTimer(state: WorkflowState, timerId: string, startedEventId: number): void {
  state.timerIds.delete(startedEventId);
  if (state.timers.get(timerId)?.startedEventId === startedEventId) state.timers.delete(timerId);
}
