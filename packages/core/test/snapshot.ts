// What tests compare of a run's state, and what its next deadline must be, worked out the slow way.
import assert from 'node:assert/strict';
import { HistoryEvent } from '@perdure/api/history';
import {
  type Activity,
  foldTransition,
  isRunning,
  isTaskStarted,
  type Journaled,
  reindex,
  scheduledCallbacks,
  type WorkflowState,
} from '../src/index.ts';
import { newState } from './run.ts';

/** Everything that fold(evolve, journal) must reproduce: all but the deadline index and the undo log. */
export function snapshot(state: WorkflowState): Record<string, unknown> {
  const { activities, activityIds, timers, timerIds, buffered, seenRequestIds, requestIds, callbacks, ...others } =
    state;
  const { children, outbox, updates, unacceptedUpdates, ...rest } = others;
  const { deadlines: _deadlines, undo: _undo, ...fields } = rest;
  const numerically = (a: number, b: number) => a - b;
  return {
    ...fields,
    bytes: [activities.bytes, timers.bytes],
    activities: [...activities.values()].toSorted((a, b) => a.scheduledEventId - b.scheduledEventId),
    activityIds: [...activityIds.keys()].toSorted().map((id) => [id, activityIds.get(id)]),
    timers: [...timers.values()].toSorted((a, b) => a.startedEventId - b.startedEventId),
    timerIds: [...timerIds.keys()].toSorted(numerically).map((id) => [id, timerIds.get(id)]),
    children: [...children.values()].toSorted((a, b) => a.initiatedEventId - b.initiatedEventId),
    outbox: [...outbox.values()].toSorted((a, b) => a.key - b.key),
    buffered: [...buffered.items],
    updates: [...updates.keys()].toSorted().map((id) => [id, updates.get(id)]),
    unacceptedUpdates: [...unacceptedUpdates.values()].toSorted(),
    seenRequestIds: [...seenRequestIds.values()].toSorted(),
    callbacks: [...callbacks.values()],
    requestIds: [...requestIds.keys()].toSorted().map((id) => [id, requestIds.get(id)]),
  };
}

/** The run as a server reads it back. */
export function reload(rows: readonly Journaled[], nowMs: number): WorkflowState {
  const state = newState();
  for (const row of rows) foldTransition(state, row);
  state.deadlines.clear();
  reindex(state, nowMs);
  return state;
}

/** What must hold of a state by itself, whatever led to it. */
export function checkState(state: WorkflowState): void {
  const { task, activities, activityIds, timers, timerIds, seenRequestIds, buffered } = state;
  assert.equal(activityIds.size, activities.size);
  const paused = [...activities.values()].filter(({ control }) => control.pause !== undefined);
  const types = paused.map(({ activityType }) => activityType);
  assert.deepEqual(
    state.pausedTypes,
    new Map([...new Set(types)].map((type) => [type, types.filter((other) => other === type).length])),
  );
  assert.equal(timerIds.size, timers.size);
  assert.equal(state.bufferedBytes, bufferedBytes(state));
  checkUpdates(state);
  assert.equal(state.scheduledCallbackCount, scheduledCallbacks(state).length);
  if (!isTaskStarted(state)) assert.equal(buffered.length, 0, 'events are buffered for nobody');
  if (!isRunning(state)) {
    assert.equal(task, undefined);
    assert.deepEqual(
      [activities.size, timers.size, seenRequestIds.size],
      [0, 0, 0],
      'a closed run keeps what was pending',
    );
    assert.equal(state.children.size, 0, 'a closed run keeps its children');
  }
  checkOutbox(state);
  if (task === undefined) return;
  assert.equal(task.attempt, state.taskAttempt);
  assert.equal(task.transient, task.attempt > 1 || task.speculative);
  if (task.speculative) assert.equal(task.attempt, 1);
  if (!task.transient || task.startedEventId === 0) return;
  const { scheduledEventId, startedEventId } = task;
  assert.deepEqual([scheduledEventId, startedEventId], [state.nextEventId, state.nextEventId + 1], 'ids to come');
}

function checkUpdates({ updates, unacceptedUpdates, openUpdates }: WorkflowState): void {
  const all = [...updates.values()];
  assert.equal(openUpdates, all.filter((update) => update.completedEventId === 0).length);
  assert.equal(unacceptedUpdates.size, all.filter((update) => update.acceptedEventId === 0).length);
  for (const id of unacceptedUpdates.values()) assert.equal(updates.get(id)?.acceptedEventId, 0);
}

/** Bytes of the buffered events as the buffer limit counts them. */
export function bufferedBytes(state: WorkflowState): number {
  return state.buffered.items.reduce((sum, event) => sum + HistoryEvent.encode(event).length, 0);
}

/**
 * The earliest moment at which something is due.
 * @param isDispatched whether a back-off's end has been dealt with: it leaves no trace in the state
 */
export function slowDeadline(state: WorkflowState, isDispatched: (activity: Activity) => boolean): number | undefined {
  const backOffs = [...state.callbacks.values()].map(({ nextAttemptMs }) => nextAttemptMs).filter((ms) => ms > 0);
  if (state.status !== 1) return backOffs.length === 0 ? undefined : Math.min(...backOffs);
  const { task } = state;
  const times = [state.runExpirationMs, state.executionExpirationMs, state.firstTaskAtMs].filter((ms) => ms > 0);
  if (task !== undefined && task.startedEventId > 0) times.push(task.startedMs + task.timeoutMs);
  else if (task !== undefined && task.scheduleToStartMs > 0) times.push(task.scheduledMs + task.scheduleToStartMs);
  for (const timer of state.timers.values()) times.push(timer.fireMs);
  for (const a of state.activities.values()) {
    if (a.control.pause !== undefined) continue;
    const within = (fromMs: number, timeoutMs: number) => (timeoutMs > 0 ? times.push(fromMs + timeoutMs) : 0);
    within(a.firstScheduledMs, a.scheduleToCloseMs);
    if (a.startedMs > 0) {
      within(a.startedMs, a.startToCloseMs);
      within(Math.max(a.startedMs, a.lastHeartbeatMs), a.heartbeatMs);
    } else {
      within(a.attemptScheduledMs, a.scheduleToStartMs);
      const hadToWait = a.attempt > 1 || a.control.stamp > 0;
      if (hadToWait && !isDispatched(a)) times.push(a.attemptScheduledMs);
    }
  }
  return times.length === 0 ? undefined : Math.min(...times);
}

/** An open run asks, a closed one says farewell. */
function checkOutbox(state: WorkflowState): void {
  const messages = [...state.outbox.values()];
  const count = (kind: string) => messages.filter((message) => message.kind === kind).length;
  const asking = count('startChild') + count('signal') + count('cancel');
  assert.equal(messages.length - asking, isRunning(state) ? 0 : messages.length, 'a message of the other kind');
  assert.equal(count('signal'), state.pendingSignalCount);
  assert.equal(count('cancel'), state.pendingCancelCount);
  const unstarted = [...state.children.values()].filter((child) => child.startedRunId === '');
  assert.equal(count('startChild'), unstarted.length, 'a child that is not started is a message');
  if (isRunning(state)) return;
  const reports = state.parent !== undefined && state.successorRunId === '';
  assert.ok(count('childClosed') <= (reports ? 1 : 0), 'a report too many');
}
