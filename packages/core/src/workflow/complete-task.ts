// A worker completes its workflow task: the task ends, its commands are carried out in order, and the next task is
// scheduled if there is reason. One bad command spoils the whole task: nothing of it takes effect, the task fails with
// the command's cause, and the workflow tries again.

import { failedPrecondition, invalidArgument, notFound, type StatusError } from '@perdure/api';
import type { Command } from '@perdure/api/command';
import { WorkflowTaskFailedCause as Cause, CommandType } from '@perdure/api/enums';
import type { Message } from '@perdure/api/protocol';
import { serverFailure } from '../failures.ts';
import { causeName, commandName } from '../names.ts';
import { startEagerly } from './activities.ts';
import { BadCommand } from './bad-command.ts';
import { flushBuffered } from './buffer.ts';
import { SERVER_IDENTITY, terminateRun } from './close.ts';
import { CLOSING_COMMANDS, type CommandContext, carryOut } from './commands.ts';
import { type Activity, isPaused, isRunning, type Sticky, type WorkflowState, type WorkflowTask } from './state.ts';
import type { Transition } from './transition.ts';
import {
  type AdmittedUpdate,
  carryOutRemaining,
  failSent,
  hasOutgoing,
  isRejection,
  rejectUnprocessed,
  type UpdateContext,
} from './updates.ts';
import {
  type CompletedTask,
  completeTask,
  failTask,
  scheduleSpeculativeTask,
  scheduleTask,
  startTask,
  timeOutTask,
} from './workflow-task.ts';

export interface TaskCompletion extends CompletedTask {
  readonly commands: readonly Command[];
  /** What the worker says to updates. */
  readonly messages: readonly Message[];
  /** Updates that are in memory only, in the order in which they were admitted. */
  readonly admitted: ReadonlyMap<string, AdmittedUpdate>;
  /** The worker can forget events that came with a task which is then discarded. */
  readonly forgetsEvents: boolean;
  /** Where the worker wants the next task; undefined: it keeps no cache. */
  readonly sticky: Sticky | undefined;
  /** The worker is not done, it only extends its time (a heartbeat), or wants another task anyway. */
  readonly forceCreateNewTask: boolean;
  /** Give the next task to this worker in the answer. */
  readonly returnNewTask: boolean;
  /** The worker may be given activities in the answer; each needs an id, chosen outside. */
  readonly newRequestId: (() => string) | undefined;
}

/** How a worker names the task it was given. */
export interface TaskRef {
  readonly scheduledEventId: number;
  readonly startedEventId: number;
  readonly attempt: number;
  readonly startedMs: number;
}

export interface TaskCompletionResult {
  /** To be thrown once the transition is durable: the task failed, or timed out as a heartbeat. */
  readonly error: StatusError | undefined;
  /** Started for this worker, to be returned with the answer. */
  readonly newTask: WorkflowTask | undefined;
  /** Activities started for this worker, to be returned with the answer. */
  readonly eagerActivities: readonly Activity[];
  /** Nothing came of the task: the worker must forget its events. */
  readonly discarded?: boolean;
  /** WorkflowTaskFailedCause, if a command was refused. */
  readonly failedCause?: number;
}

const KNOWN_COMMANDS: ReadonlySet<number> = new Set(
  Object.values(CommandType).filter((commandType) => commandType !== CommandType.UNSPECIFIED),
);
/** Stands for the id of a poll where there was none. */
export const INLINE_REQUEST_ID = 'request-from-RespondWorkflowTaskCompleted';

/** @throws NOT_FOUND unless it is the task that is running */
export function checkTaskRef(state: WorkflowState, ref: TaskRef): WorkflowTask {
  const { task } = state;
  const matches =
    isRunning(state) &&
    task !== undefined &&
    task.startedEventId !== 0 &&
    task.scheduledEventId === ref.scheduledEventId &&
    task.startedEventId === ref.startedEventId &&
    task.attempt === ref.attempt &&
    task.startedMs === ref.startedMs;
  if (!matches) throw notFound('Workflow task not found.');
  return task;
}

/**
 * A repeated failure changes nothing: the task's timeout slows it down.
 * @throws INVALID_ARGUMENT (the transition must be rolled back): a malformed sequence of commands or message
 */
export function completeWorkflowTask(tx: Transition, completion: TaskCompletion): TaskCompletionResult {
  checkSequence(completion.commands);
  if (completion.forceCreateNewTask && isPaused(tx.state)) {
    throw failedPrecondition('Workflow is paused and force create new workflow task is not allowed.');
  }
  const task = tx.state.task as WorkflowTask;
  const isHeartbeat =
    completion.forceCreateNewTask && completion.commands.length === 0 && completion.messages.length === 0;
  if (isHeartbeat && tx.nowMs > task.originalScheduledMs + tx.context.limits.workflowTaskHeartbeatTimeoutMs) {
    return timeOutHeartbeat(tx);
  }
  try {
    return carryOutTask(tx, completion, isHeartbeat ? task.originalScheduledMs : undefined);
  } catch (error) {
    if (!(error instanceof BadCommand)) throw error;
    tx.restart();
    return refuse(tx, completion, error);
  }
}

function carryOutTask(
  tx: Transition,
  completion: TaskCompletion,
  heartbeatSinceMs: number | undefined,
): TaskCompletionResult {
  const { state } = tx;
  const { identity, newRequestId } = completion;
  const discarded = mayDiscard(state, tx.context.limits.discardedEventsMax, completion);
  if (discarded) tx.note({ taskDiscarded: {} });
  const eager: number[] = [];
  const context: CommandContext = {
    tx,
    identity,
    completedEventId: discarded ? 0 : completeTask(tx, completion),
    startedChildren: new Set(),
    eager: newRequestId === undefined ? undefined : eager,
    needsNewTask: completion.forceCreateNewTask,
    putOff: 0,
    updates: {
      admitted: completion.admitted,
      messages: new Map(completion.messages.map((message) => [message.id, message])),
    },
  };
  setSticky(tx, completion.sticky);
  for (const command of completion.commands) carryOut(context, command);
  carryOutRemaining(context);
  if (!isRunning(state)) return NOTHING_TO_RETURN;
  // Who only extends its time still has them.
  if (!completion.forceCreateNewTask) rejectUnprocessed(context);
  if (isPaused(state)) {
    flushBuffered(tx);
    return { ...NOTHING_TO_RETURN, discarded };
  }
  const eagerActivities = newRequestId === undefined ? [] : startEagerly(tx, eager, { identity, newRequestId });
  const result = { error: undefined, newTask: undefined, eagerActivities, discarded };
  if (!scheduleNext(context, completion, heartbeatSinceMs) || !completion.returnNewTask) return result;
  tx.dispatches.pop();
  const sticky = state.sticky !== undefined;
  const taker = { identity, requestId: INLINE_REQUEST_ID, sticky, admittedUpdates: completion.admitted.size };
  return { ...result, newTask: startTask(tx, taker) };
}

/**
 * May a speculative task vanish? If it did nothing but reject updates, and showed the worker no more events than it can
 * take again. A first task that no back-off holds back must stay: nothing else would begin the workflow.
 */
function mayDiscard(state: WorkflowState, eventsMax: number, completion: TaskCompletion): boolean {
  const { task, buffered, nextEventId, previousStartedEventId, firstTaskAtMs } = state;
  if (task?.speculative !== true || buffered.length > 0) return false;
  if (completion.commands.length > 0 || completion.forceCreateNewTask) return false;
  if (previousStartedEventId === 0 && firstTaskAtMs === 0) return false;
  const newEvents = nextEventId - (previousStartedEventId + EVENTS_OF_A_TASK);
  if (newEvents > (completion.forgetsEvents ? eventsMax : 0)) return false;
  return completion.messages.every(isRejection);
}

/** Started and completed. */
const EVENTS_OF_A_TASK = 2;

/** Is there reason for another task? Updates alone are reason for a speculative one. */
function scheduleNext(
  context: CommandContext & UpdateContext,
  completion: TaskCompletion,
  heartbeatSinceMs: number | undefined,
): boolean {
  const { tx } = context;
  if (context.needsNewTask || tx.state.buffered.length > 0) scheduleTask(tx, heartbeatSinceMs);
  else if (!hasOutgoing(context)) return false;
  else if (completion.returnNewTask) scheduleSpeculativeTask(tx);
  else scheduleTask(tx);
  return true;
}

const NOTHING_TO_RETURN: TaskCompletionResult = { error: undefined, newTask: undefined, eagerActivities: [] };

function setSticky(tx: Transition, sticky: Sticky | undefined): void {
  const now = tx.state.sticky;
  const same =
    now?.taskQueue === sticky?.taskQueue && now?.scheduleToStartTimeoutMs === sticky?.scheduleToStartTimeoutMs;
  if (!same) tx.note({ stickySet: sticky ?? {} });
}

/** The worker has only extended its time for too long: another one, without a cache, shall try. */
function timeOutHeartbeat(tx: Transition): TaskCompletionResult {
  timeOutTask(tx);
  if (tx.state.sticky !== undefined) tx.note({ stickySet: {} });
  scheduleTask(tx);
  return { ...NOTHING_TO_RETURN, error: notFound('workflow task heartbeat timeout') };
}

function refuse(tx: Transition, completion: TaskCompletion, bad: BadCommand): TaskCompletionResult {
  const message = bad.message === '' ? causeName(bad.cause) : `${causeName(bad.cause)}: ${bad.message}`;
  const attempt = tx.state.task?.attempt ?? 1;
  const error = invalidArgument(message);
  if (attempt > 1 && bad.cause !== Cause.UNHANDLED_COMMAND && !bad.terminate) {
    failSent(tx, completion.admitted);
    return { ...NOTHING_TO_RETURN, error, failedCause: bad.cause };
  }
  failTask(tx, {
    cause: bad.cause,
    failure: serverFailure(message),
    identity: completion.identity,
    binaryChecksum: completion.binaryChecksum,
  });
  if (bad.terminate) {
    flushBuffered(tx);
    terminateRun(tx, { reason: message, details: undefined, identity: SERVER_IDENTITY, links: [] });
  } else {
    scheduleTask(tx);
  }
  failSent(tx, completion.admitted);
  return { ...NOTHING_TO_RETURN, error, failedCause: bad.cause };
}

function checkSequence(commands: readonly Command[]): void {
  const unknown = commands.find(({ commandType }) => !KNOWN_COMMANDS.has(commandType));
  if (unknown !== undefined) throw invalidArgument(`unknown command type: ${commandName(unknown.commandType)}`);
  const closing = commands.findIndex((command) => CLOSING_COMMANDS.has(command.commandType));
  if (closing === -1 || closing === commands.length - 1) return;
  const names = commands.map((command) => commandName(command.commandType));
  throw invalidArgument(
    `invalid command sequence: [${names.join(', ')}], command ${names[closing]} must be the last command.`,
  );
}
