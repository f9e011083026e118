// Something happened that the workflow must see. If no worker has its task, one is scheduled; if one has, the event
// waits in the buffer, and a buffer that has grown too large ends that task: its worker may be gone or stuck, and the
// events must come to rest in the history.

import { WorkflowTaskFailedCause as Cause } from '@perdure/api/enums';
import type { Limits } from '../limits.ts';
import { SERVER_IDENTITY } from './close.ts';
import { isRunning, isTaskStarted, type WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';
import { failTask, scheduleTask } from './workflow-task.ts';

/** Schedules a workflow task unless one is pending or the first one must wait. To be called after every such event. */
export function wakeWorkflow(tx: Transition): void {
  const { state } = tx;
  if (!isRunning(state)) return;
  if (isTaskStarted(state)) relieveBuffer(tx);
  else if (state.task === undefined && state.firstTaskAtMs === 0) scheduleTask(tx);
}

/** Ends a started workflow task whose buffer is full. To be called after every event that may be buffered but wakes nobody. */
export function relieveBuffer(tx: Transition): void {
  if (isTaskStarted(tx.state) && isBufferFull(tx.state, tx.context.limits)) endTaskByFullBuffer(tx);
}

function isBufferFull(state: WorkflowState, limits: Limits): boolean {
  return state.buffered.length > limits.bufferedEventsMax || state.bufferedBytes > limits.bufferedBytesMax;
}

function endTaskByFullBuffer(tx: Transition): void {
  failTask(tx, { cause: Cause.FORCE_CLOSE_COMMAND, failure: undefined, identity: SERVER_IDENTITY });
  scheduleTask(tx);
}
