// What the store is told of a run: its row when it begins, what of the row changes, and the rows of its journal.

import { type Journaled, nextDeadline, shownStatus, type WorkflowState } from '@perdure/core';
import { EntityKind, type RunRow, type Write } from '@perdure/store';
import type { Run } from './run.ts';

const NO_BYTES = new Uint8Array(0);

interface RowProperties {
  readonly isOpen: boolean;
  readonly status: number;
  readonly memo: Uint8Array | undefined;
  readonly searchAttributes: Uint8Array | undefined;
}

export function rowProperties(state: WorkflowState): RowProperties {
  return {
    isOpen: state.status === 1,
    status: shownStatus(state),
    memo: state.memo,
    searchAttributes: state.searchAttributes,
  };
}

export function deletion(run: Run): Write {
  return { kind: 'deleteRun', run: run.key };
}

/** The next row of the run's journal. */
export function append(run: Run, journaled: Journaled): Write {
  const { firstEventId, eventCount, publicBytes } = journaled;
  run.seq++;
  run.history.push({ firstEventId, eventCount, bytes: publicBytes });
  return { kind: 'append', run: run.key, seq: run.seq, ...journaled };
}

/** What lists show of a run besides its state, as far as it has changed. */
function changedProperties({ memo, searchAttributes }: WorkflowState, before: RowProperties) {
  return {
    ...(memo === before.memo ? {} : { memo: memo ?? NO_BYTES }),
    ...(searchAttributes === before.searchAttributes ? {} : { searchAttributes: searchAttributes ?? NO_BYTES }),
  };
}

function closeWrite(run: Run, before: RowProperties, nowMs: number): Write {
  const { status, closeMs, nextEventId, historySizeBytes } = run.state;
  const closed = {
    status,
    closeMs,
    historyLength: nextEventId - 1,
    historySizeBytes,
    // The journal row of this transition is yet to be appended.
    stateTransitionCount: run.seq + 1,
  };
  run.storedWakeMs = wakeUpToStore(run, nowMs) ?? Number.POSITIVE_INFINITY;
  const wakeAtMs = orNull(run.storedWakeMs);
  return { kind: 'updateRun', run: run.key, wakeAtMs, closed, ...changedProperties(run.state, before) };
}

export function orNull(wakeMs: number): number | null {
  return wakeMs === Number.POSITIVE_INFINITY ? null : wakeMs;
}

/** A run whose task waits for a worker, or that has messages, must be read at once after a restart. */
export function wakeUpToStore(run: Run, nowMs: number): number | undefined {
  const wake = run.hasWaitingTask(nowMs) || run.hasMessages || run.hasCallbacks ? nowMs : nextDeadline(run.state);
  return wake === undefined ? undefined : storedTime(wake);
}

/** A run that has begun is read at once after a restart: what waits for a worker then need not be written again. */
function firstWakeUp(run: Run): number | undefined {
  return run.state.firstTaskAtMs > 0 ? wakeUpToStore(run, run.state.startMs) : run.state.startMs;
}

/** The store takes whole milliseconds. Durations may be shorter, and end when the sun has long gone out. */
function storedTime(ms: number): number {
  return Math.min(Math.floor(ms), Number.MAX_SAFE_INTEGER);
}

export function newRow(run: Run, shard: number): RunRow {
  const { state } = run;
  return {
    key: run.key,
    kind: EntityKind.WORKFLOW_RUN,
    shard,
    namespaceId: state.namespaceId,
    workflowId: state.workflowId,
    runId: state.runId,
    workflowType: state.workflowType,
    taskQueue: state.taskQueue,
    status: shownStatus(state),
    startMs: state.startMs,
    executionMs: storedTime(state.startMs + state.firstTaskBackoffMs),
    closeMs: undefined,
    wakeAtMs: firstWakeUp(run),
    historyLength: state.nextEventId - 1,
    historySizeBytes: state.historySizeBytes,
    stateTransitionCount: run.seq + 1,
    memo: state.memo ?? NO_BYTES,
    searchAttributes: state.searchAttributes ?? NO_BYTES,
    firstRunId: state.firstRunId,
    parentWorkflowId: state.parent?.workflowId ?? '',
    parentRunId: state.parent?.runId ?? '',
    rootWorkflowId: state.root.workflowId,
    rootRunId: state.root.runId,
  };
}

/**
 * The row changes only when what it shows has changed, or the stored wake-up would come too late. A task that was
 * just created has no deadline of its own until a worker takes it, but must be found after a restart.
 */
export function changedRow(run: Run, before: RowProperties, hasNewTask: boolean, nowMs: number): Write[] {
  const { state } = run;
  if (!run.isOpen && before.isOpen) return [closeWrite(run, before, nowMs)];
  const wake = run.nextWakeMs() ?? Number.POSITIVE_INFINITY;
  const early = run.storedWakeMs > nowMs && (hasNewTask || wake < run.storedWakeMs);
  // Nobody will use a closed run again: what it had left to do was the last reason to read it.
  const done = !run.isOpen && wake === Number.POSITIVE_INFINITY && run.storedWakeMs < wake;
  const status = shownStatus(state);
  const changed =
    state.memo !== before.memo || state.searchAttributes !== before.searchAttributes || status !== before.status;
  if (!early && !done && !changed) return [];
  // Now, not the exact time: what follows soon (an activity without a worker) must not need another write.
  if (early) run.storedWakeMs = nowMs;
  if (done) run.storedWakeMs = Number.POSITIVE_INFINITY;
  return [
    {
      kind: 'updateRun',
      run: run.key,
      ...(early ? { wakeAtMs: run.storedWakeMs } : done ? { wakeAtMs: null } : {}),
      ...(run.isOpen && status !== before.status ? { status } : {}),
      ...changedProperties(state, before),
    },
  ];
}
