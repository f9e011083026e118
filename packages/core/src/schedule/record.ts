// What has come of the actions of a schedule: a workflow was started or could not be, was asked to end, has closed.

import { WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import { SECOND_MS, wallTime } from '../time/wall-clock.ts';
import { isExclusive } from './buffer.ts';
import { setPaused } from './change.ts';
import type { ScheduleTransition } from './evolve.ts';
import { type PendingStart, type Schedule, StartOrigin, type StopRequest } from './state.ts';

/** The workflow id that a start asks for: the schedule's with the nominal time, to the second. */
export function workflowIdOf({ definition }: Schedule, { nominalMs, copy }: PendingStart): string {
  const { workflowId } = definition.action;
  const suffix = copy === 0 ? '' : `-${copy + 1}`;
  if (definition.policies.keepOriginalWorkflowId) return workflowId;
  return `${workflowId}-${secondText(nominalMs)}${suffix}`;
}

/** The nominal time as search attributes say it. */
export function secondText(ms: number): string {
  const { year, month, day, hour, minute, dayMs } = wallTime(ms);
  const second = Math.floor((ms - dayMs) / SECOND_MS) % 60;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}Z`;
}

/** A start that the spec made due is the same whenever it is tried; others are not. */
export function startRequestId(runId: string, { origin, id, nominalMs }: PendingStart): string {
  if (origin === StartOrigin.SPEC) return `${runId}-${secondText(nominalMs)}`;
  return `${runId}-${origin === StartOrigin.TRIGGER ? TRIGGER : 'backfill'}-${id}`;
}

const TRIGGER = 'trigger';

/** Whether a run was started by a trigger, not for the sake of a time of a spec. */
export function isTriggered(requestId: string): boolean {
  return requestId.includes(`-${TRIGGER}-`);
}

export function recordStarted(tx: ScheduleTransition, start: PendingStart, workflowId: string, runId: string): void {
  const exclusive = isExclusive(tx.state, start);
  tx.note({ started: { startId: start.id, workflowId, runId, atMs: tx.nowMs, exclusive } });
}

/** It is not needed any more, or cannot be made. */
export function recordGivenUp(tx: ScheduleTransition, start: PendingStart, skipped: boolean): void {
  tx.note({ buffered: { added: [], removedIds: [start.id], skipped: skipped ? 1 : 0, dropped: 0 } });
}

/** Its workflow id is in use: another one is tried. */
export function recordRenamed(tx: ScheduleTransition, start: PendingStart): void {
  tx.note({ renamed: { startId: start.id, copy: start.copy + 1 } });
}

export function recordEndingRequested(
  tx: ScheduleTransition,
  firstRunIds: readonly string[],
  ending: StopRequest,
): void {
  tx.note({ endingRequested: { firstRunIds: [...firstRunIds], ending } });
}

export interface WorkflowOutcome {
  /** WorkflowExecutionStatus */
  readonly status: number;
  /** Encoded Payloads of one that has completed. */
  readonly result: Uint8Array | undefined;
  /** Encoded Failure of one that has failed or timed out. */
  readonly failure: Uint8Array | undefined;
}

const NO_BYTES = new Uint8Array(0);

/** The last of the chain of runs that began with this one has closed. */
export function recordClosed(tx: ScheduleTransition, firstRunId: string, outcome: WorkflowOutcome): void {
  const workflow = tx.state.running.find((running) => running.firstRunId === firstRunId);
  if (workflow === undefined) return;
  const { status, result = NO_BYTES, failure = NO_BYTES } = outcome;
  tx.note({ workflowClosed: { firstRunId, status, result, failure } });
  const { policies, state } = tx.state.definition;
  const failed = status === Status.FAILED || status === Status.TIMED_OUT;
  if (failed && policies.pauseOnFailure && !state.paused) {
    setPaused(tx, true, failureNotes(workflow.workflowId, outcome));
  }
}

function failureNotes(workflowId: string, { status, failure }: WorkflowOutcome): string {
  if (status === Status.TIMED_OUT) return `paused due to workflow timeout: ${workflowId}`;
  return `paused due to workflow failure: ${workflowId}: ${Failure.decode(failure ?? NO_BYTES).message}`;
}
