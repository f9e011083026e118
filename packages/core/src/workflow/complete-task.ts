// A worker completes its workflow task: the task ends, its commands are carried out in order, and the next task is
// scheduled if there is reason. One bad command spoils the whole task: nothing of it takes effect, the task fails with
// the command's cause, and the workflow tries again.

import { invalidArgument, notFound, type StatusError } from '@perdure/api';
import type { Command } from '@perdure/api/command';
import { WorkflowTaskFailedCause as Cause, CommandType } from '@perdure/api/enums';
import { serverFailure } from '../failures.ts';
import { causeName, commandName } from '../names.ts';
import { startEagerly } from './activities.ts';
import { BadCommand } from './bad-command.ts';
import { flushBuffered } from './buffer.ts';
import { SERVER_IDENTITY, terminateRun } from './close.ts';
import { CLOSING_COMMANDS, type CommandContext, carryOut } from './commands.ts';
import { type Activity, isRunning, type Sticky, type WorkflowState, type WorkflowTask } from './state.ts';
import type { Transition } from './transition.ts';
import { type CompletedTask, completeTask, failTask, scheduleTask, startTask, timeOutTask } from './workflow-task.ts';

export interface TaskCompletion extends CompletedTask {
  readonly commands: readonly Command[];
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
  /** WorkflowTaskFailedCause, if a command was refused. */
  readonly failedCause?: number;
}

const KNOWN_COMMANDS: ReadonlySet<number> = new Set(
  Object.values(CommandType).filter((commandType) => commandType !== CommandType.UNSPECIFIED),
);
const INLINE_REQUEST_ID = 'request-from-RespondWorkflowTaskCompleted';

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
 * @throws INVALID_ARGUMENT with nothing changed (the transition must be rolled back): a malformed sequence of commands,
 *   or a repeated failure, which the task's timeout will slow down
 */
export function completeWorkflowTask(tx: Transition, completion: TaskCompletion): TaskCompletionResult {
  checkSequence(completion.commands);
  const task = tx.state.task as WorkflowTask;
  const isHeartbeat = completion.forceCreateNewTask && completion.commands.length === 0;
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
  const eager: number[] = [];
  const context: CommandContext = {
    tx,
    identity,
    completedEventId: completeTask(tx, completion),
    startedChildren: new Set(),
    eager: newRequestId === undefined ? undefined : eager,
    needsNewTask: completion.forceCreateNewTask,
  };
  setSticky(tx, completion.sticky);
  for (const command of completion.commands) carryOut(context, command);
  if (!isRunning(state)) return NOTHING_TO_RETURN;
  const eagerActivities = newRequestId === undefined ? [] : startEagerly(tx, eager, { identity, newRequestId });
  const result = { error: undefined, newTask: undefined, eagerActivities };
  if (!context.needsNewTask && state.buffered.length === 0) return result;
  scheduleTask(tx, heartbeatSinceMs);
  if (!completion.returnNewTask) return result;
  tx.dispatches.pop();
  const taker = { identity, requestId: INLINE_REQUEST_ID, sticky: state.sticky !== undefined };
  return { ...result, newTask: startTask(tx, taker) };
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
  if (attempt > 1 && bad.cause !== Cause.UNHANDLED_COMMAND && !bad.terminate) throw invalidArgument(message);
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
  return { ...NOTHING_TO_RETURN, error: invalidArgument(message), failedCause: bad.cause };
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
