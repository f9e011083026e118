// Completion callbacks: requests that the server makes when the workflow ends. Here is what is known of them; making
// the requests is the shell's.
//
//   standby ──the run ends──▶ scheduled ──▶ succeeded | failed
//                                 ▲  └─▶ backing off ─┘
//
// A scheduled callback is one whose request is being made, or will be as soon as someone looks at the run: also after a
// crash, so a request may be made twice. Attempts are private events of a closed run.

import { failedPrecondition } from '@perdure/api';
import { EventType, RetryState, CallbackState as State } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { CallbackAttempted, CallbackDue } from '../../generated/journal.js';
import { nextAttempt } from '../retry.ts';
import { DeadlineKind } from './deadlines.ts';
import type { WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';

export interface CompletionCallback {
  /** Counts from 1, in the order of registration. */
  readonly id: number;
  /** Encoded Callback. */
  readonly callback: Uint8Array;
  /** Of the request that brought it. */
  readonly requestId: string;
  readonly registeredMs: number;
  /** CallbackState */
  readonly state: number;
  readonly attempt: number;
  readonly lastAttemptMs: number;
  /** Encoded Failure. */
  readonly lastFailure: Uint8Array | undefined;
  /** While it backs off. */
  readonly nextAttemptMs: number;
}

/** @throws FAILED_PRECONDITION if the run would have too many */
export function checkCallbackCount(tx: Transition, adding: number): void {
  const { callbacksMax } = tx.context.limits;
  const { size } = tx.state.callbacks;
  if (adding === 0 || size + adding <= callbacksMax) return;
  throw failedPrecondition(
    `cannot attach more than ${callbacksMax} callbacks to a workflow (${size} callbacks already attached)`,
  );
}

/** What a run that follows takes over. */
export function standingCallbacks(state: WorkflowState): readonly Uint8Array[] {
  return [...state.callbacks.values()].map(({ callback }) => callback);
}

export function addCallbacks(
  state: WorkflowState,
  callbacks: readonly Uint8Array[],
  requestId: string,
  registeredMs: number,
): void {
  for (const callback of callbacks) {
    const id = state.callbacks.size + 1;
    state.callbacks.set(id, {
      id,
      callback: callback.slice(),
      requestId,
      registeredMs,
      state: State.STANDBY,
      attempt: 0,
      lastAttemptMs: 0,
      lastFailure: undefined,
      nextAttemptMs: 0,
    });
  }
}

/**
 * With `event` the run closes. One that is tried again, goes on as new, or was reset while it was open, has handed its
 * callbacks on.
 */
export function evolveCallbacksTriggered(state: WorkflowState, event: Init<HistoryEvent>): void {
  if (state.callbacks.size === 0 || state.resetRunId !== '') return;
  if (event.eventType === EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW) return;
  const attributes = event.workflowExecutionFailedEventAttributes ?? event.workflowExecutionTimedOutEventAttributes;
  if (attributes?.retryState === RetryState.IN_PROGRESS) return;
  for (const callback of [...state.callbacks.values()]) setScheduled(state, callback);
}

function setScheduled(state: WorkflowState, callback: CompletionCallback): void {
  state.callbacks.set(callback.id, { ...callback, state: State.SCHEDULED, nextAttemptMs: 0 });
  state.scheduledCallbackCount++;
}

/** Requests to be made now. */
export function scheduledCallbacks(state: WorkflowState): readonly CompletionCallback[] {
  if (state.scheduledCallbackCount === 0) return [];
  return [...state.callbacks.values()].filter((callback) => callback.state === State.SCHEDULED);
}

/** Its back-off is over. */
export function callbackDue(tx: Transition, id: number): void {
  tx.note({ callbackDue: { id } });
}

export function evolveCallbackDue(state: WorkflowState, event: Init<CallbackDue>): void {
  const callback = state.callbacks.get(event.id ?? 0);
  if (callback?.state === State.BACKING_OFF) setScheduled(state, callback);
}

export interface CallbackAnswer {
  /** Undefined: it has succeeded. */
  readonly problem: string | undefined;
  readonly isRetryable: boolean;
}

/** Records what came of a request. One that failed is made again, later and later, unless the answer rules it out. */
export function recordCallbackAttempt(tx: Transition, id: number, { problem, isRetryable }: CallbackAnswer): void {
  const callback = tx.state.callbacks.get(id);
  if (callback?.state !== State.SCHEDULED) return;
  const attempted = { id, atMs: tx.nowMs };
  if (problem === undefined) {
    tx.note({ callbackAttempted: { ...attempted, state: State.SUCCEEDED } });
    return;
  }
  const nonRetryable = !isRetryable;
  const failure = Failure.encode({ message: problem, applicationFailureInfo: { nonRetryable } });
  if (nonRetryable) {
    tx.note({ callbackAttempted: { ...attempted, state: State.FAILED, failure } });
    return;
  }
  const nextAttemptMs = tx.nowMs + backoff(tx, callback.attempt + 1);
  tx.note({ callbackAttempted: { ...attempted, state: State.BACKING_OFF, failure, nextAttemptMs } });
}

function backoff(tx: Transition, attempt: number): number {
  const { callbackRetryInitialMs, callbackRetryMaxMs } = tx.context.limits;
  const policy = {
    initialIntervalMs: callbackRetryInitialMs,
    backoffCoefficient: 2,
    maximumIntervalMs: callbackRetryMaxMs,
    maximumAttempts: 0,
    nonRetryableErrorTypes: [],
  };
  return nextAttempt(policy, attempt, tx.nowMs, 0, undefined).delayMs ?? callbackRetryMaxMs;
}

export function evolveCallbackAttempted(state: WorkflowState, event: Init<CallbackAttempted>): void {
  const callback = state.callbacks.get(event.id ?? 0);
  if (callback === undefined) throw new Error(`there is no callback ${event.id}`);
  const nextAttemptMs = event.nextAttemptMs ?? 0;
  state.scheduledCallbackCount--;
  state.callbacks.set(callback.id, {
    ...callback,
    state: event.state ?? 0,
    attempt: callback.attempt + 1,
    lastAttemptMs: event.atMs ?? 0,
    lastFailure: event.failure?.length ? event.failure.slice() : undefined,
    nextAttemptMs,
  });
  if (nextAttemptMs > 0) state.deadlines.add(nextAttemptMs, DeadlineKind.CALLBACK, callback.id);
}

export function callbackDeadline(state: WorkflowState, id: number): number | undefined {
  return state.callbacks.get(id)?.nextAttemptMs || undefined;
}
