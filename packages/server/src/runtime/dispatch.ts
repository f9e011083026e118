// From a decision to a worker. When a poller already waits for a task that is being created, the task is started in the
// same transition, so in the same commit, and handed over after it; otherwise it waits in matching, also only after the
// commit.

import {
  type Activity,
  activityPriority,
  isActivityReady,
  isPaused,
  isTaskWaiting,
  startActivity,
  startTask,
  type Transition,
  type WorkflowState,
} from '@perdure/core';
import { type Matching, QueueType } from '../matching/matching.ts';
import type { Poller, StartedTask, TaskRef } from '../matching/task.ts';
import type { Engine } from './engine.ts';
import type { Run } from './run.ts';

/** What happens with a task once the transition is durable, or has failed. */
export interface Handover {
  readonly complete: () => void;
  readonly fail: (error: unknown) => void;
}

/** Starts what waiting pollers can take, inside the transition. */
export function handOver(tx: Transition, run: Run, matching: Matching): Handover[] {
  if (tx.dispatches.length === 0 || isPaused(tx.state)) return [];
  const handovers: Handover[] = [];
  try {
    for (const dispatch of tx.dispatches) {
      const handover =
        dispatch.kind === 'workflowTask'
          ? handOverWorkflowTask(tx, run, matching)
          : handOverActivity(tx, run, matching, dispatch.scheduledEventId);
      if (handover !== undefined) handovers.push(handover);
    }
  } catch (error) {
    for (const handover of handovers) handover.fail(error);
    throw error;
  }
  return handovers;
}

function handOverWorkflowTask(tx: Transition, run: Run, matching: Matching): Handover | undefined {
  const { task, namespaceId, taskQueue } = tx.state;
  if (task === undefined || task.startedEventId !== 0) return undefined;
  const sticky = task.sticky && matching.isStickyAlive(namespaceId, task.taskQueue) ? task.taskQueue : undefined;
  const poller = matching.reserve(namespaceId, QueueType.WORKFLOW, sticky ?? taskQueue);
  if (poller === undefined) return waitInMatching(matching, workflowTaskRef(run));
  return giveTo(poller, matching, () => startWorkflowTaskFor(tx, run, poller));
}

function handOverActivity(
  tx: Transition,
  run: Run,
  matching: Matching,
  scheduledEventId: number,
): Handover | undefined {
  const activity = tx.state.activities.get(scheduledEventId);
  if (activity === undefined || !isActivityReady(activity, tx.nowMs)) return undefined;
  const poller = matching.reserve(tx.state.namespaceId, QueueType.ACTIVITY, activity.taskQueue);
  if (poller === undefined) return waitInMatching(matching, activityTaskRef(run, activity));
  return giveTo(poller, matching, () => startActivityFor(tx, run, activity, poller));
}

function waitInMatching(matching: Matching, waiting: WaitingTask): Handover {
  return { complete: () => addToMatching(matching, waiting), fail: () => {} };
}

function giveTo(poller: Poller, matching: Matching, start: () => StartedTask): Handover {
  try {
    const started = start();
    return { complete: () => matching.deliver(poller, started, 'sync'), fail: (error) => poller.fail(error) };
  } catch (error) {
    poller.fail(error);
    throw error;
  }
}

function startWorkflowTaskFor(tx: Transition, run: Run, poller: Poller): StartedTask {
  const { identity, requestId, sticky } = poller;
  const { previousStartedEventId } = tx.state;
  return {
    kind: 'workflow',
    run,
    task: startTask(tx, { identity, requestId, sticky, admittedUpdates: run.updates?.admitted.size ?? 0 }),
    previousStartedEventId,
    sticky,
  };
}

function startActivityFor(tx: Transition, run: Run, activity: Activity, poller: Poller): StartedTask {
  const started = startActivity(tx, activity.scheduledEventId, poller.identity, poller.requestId);
  return { kind: 'activity', run, activity: started };
}

/** A task and the queues it may wait in. */
export interface WaitingTask {
  readonly type: QueueType;
  readonly ref: TaskRef;
  readonly sticky?: string | undefined;
  readonly normal: string;
}

/** Everything of this run that waits for a worker now. */
export function waitingTasks(run: Run, nowMs: number): WaitingTask[] {
  const { activities } = run.state;
  const waiting: WaitingTask[] = [];
  if (isPaused(run.state)) return waiting;
  if (isTaskWaiting(run.state)) waiting.push(workflowTaskRef(run));
  for (const activity of activities.values()) {
    if (isActivityReady(activity, nowMs)) waiting.push(activityTaskRef(run, activity));
  }
  return waiting;
}

export function addToMatching(matching: Matching, waiting: WaitingTask): void {
  matching.add(waiting.type, waiting.ref, waiting);
}

function workflowTaskRef(run: Run): WaitingTask {
  const { task, taskQueue, priority } = run.state;
  const ref: TaskRef = {
    kind: 'workflow',
    run: run.ref,
    normalQueue: taskQueue,
    scheduledEventId: task?.scheduledEventId ?? 0,
    priority,
    sinceMs: task?.scheduledMs ?? 0,
  };
  return {
    type: QueueType.WORKFLOW,
    ref,
    sticky: task?.sticky === true ? task.taskQueue : undefined,
    normal: taskQueue,
  };
}

function activityTaskRef(run: Run, activity: Activity): WaitingTask {
  const { scheduledEventId, attempt, control, attemptScheduledMs: sinceMs } = activity;
  const priority = activityPriority(run.state, activity);
  return {
    type: QueueType.ACTIVITY,
    ref: { kind: 'activity', run: run.ref, scheduledEventId, attempt, stamp: control.stamp, priority, sinceMs },
    normal: activity.taskQueue,
  };
}

/**
 * A poller takes a task that has waited. False: the task no longer exists, and the poller is free.
 * A poller that has gone meanwhile does not take the task with it.
 */
export async function startWaiting(engine: Engine, ref: TaskRef, poller: Poller): Promise<boolean> {
  const run = engine.loader.inMemory(ref.run) ?? (await engine.loader.find(ref.run));
  if (run === undefined || run.isLeaving || (ref.kind === 'query' && ref.query.isOver())) return false;
  if (poller.cancelled) {
    if (ref.kind === 'query') {
      engine.matching.add(QueueType.WORKFLOW, ref, { normal: ref.normalQueue });
    } else {
      for (const waiting of waitingTasks(run, engine.now)) {
        if (isSameTask(waiting.ref, ref)) addToMatching(engine.matching, waiting);
      }
    }
    return true;
  }
  if (ref.kind === 'query') {
    ref.query.onTaken();
    await engine.settled(run);
    poller.deliver({ kind: 'query', run, query: ref.query, sticky: poller.sticky });
    return true;
  }
  let started: StartedTask | undefined;
  try {
    started = await engine.transact(run, (tx) => startIfWaiting(tx, run, ref, poller));
  } catch (error) {
    // The history was too long for one more event, and the run has ended instead: no fault of the worker's.
    if (!run.dropped && run.closedDurably) return false;
    throw error;
  }
  if (started === undefined) return false;
  engine.matching.deliver(poller, started, 'async');
  return true;
}

/** Runs with a task that waits are always in memory. */
export function stillWaits(engine: Engine, ref: TaskRef): boolean {
  if (ref.kind === 'query') return !ref.query.isOver();
  const run = engine.loader.inMemory(ref.run);
  return run !== undefined && isWaiting(run.state, ref);
}

function startIfWaiting(
  tx: Transition,
  run: Run,
  ref: Exclude<TaskRef, { kind: 'query' }>,
  poller: Poller,
): StartedTask | undefined {
  if (!isWaiting(tx.state, ref)) return undefined;
  if (ref.kind === 'workflow') return startWorkflowTaskFor(tx, run, poller);
  return startActivityFor(tx, run, tx.state.activities.get(ref.scheduledEventId) as Activity, poller);
}

function isWaiting(state: WorkflowState, ref: Exclude<TaskRef, { kind: 'query' }>): boolean {
  if (isPaused(state)) return false;
  if (ref.kind === 'workflow') return isTaskWaiting(state) && state.task?.scheduledEventId === ref.scheduledEventId;
  const activity = state.activities.get(ref.scheduledEventId);
  // The attempt was ready when it began to wait. The clock is not asked again: it may have been set back since.
  if (activity === undefined || activity.attempt !== ref.attempt || activity.startedMs !== 0) return false;
  return activity.control.stamp === ref.stamp && activity.control.pause === undefined;
}

function isSameTask(a: TaskRef, b: TaskRef): boolean {
  return (
    a.kind === b.kind && 'scheduledEventId' in a && 'scheduledEventId' in b && a.scheduledEventId === b.scheduledEventId
  );
}
