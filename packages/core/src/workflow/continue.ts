// A run that goes on as another run: because the workflow says so (continue-as-new), because it failed or timed out and
// may be tried again, or because its cron schedule has a next time. The closing event names the next run, which begins
// in the same transaction.

import type { ContinueAsNewWorkflowExecutionCommandAttributes } from '@perdure/api/command';
import {
  WorkflowTaskFailedCause as Cause,
  EventType,
  ContinueAsNewInitiator as Initiator,
  RetryState,
  TaskQueueKind,
  TimeoutType,
} from '@perdure/api/enums';
import { checkCron, cronBackoff } from '../cron.ts';
import { timeoutFailure } from '../failures.ts';
import { checkRetryPolicy, nextAttemptAfter, withRetryDefaults } from '../retry.ts';
import { BadCommand } from './bad-command.ts';
import { standingCallbacks } from './callbacks.ts';
import {
  byteLength,
  capDuration,
  checkBlob,
  checkDuration,
  checkNothingUnhandled,
  checkTaskQueueName,
} from './checks.ts';
import type { CommandContext } from './commands.ts';
import { type Continuation, type StartWorkflow, workflowTimeouts } from './start.ts';
import { startAttributes, startMemo } from './start-properties.ts';
import type { Rerun } from './state.ts';
import type { Transition } from './transition.ts';

/** A run that follows another one. */
export interface Successor {
  readonly runId: string;
  readonly start: StartWorkflow;
}

export function continueAsNew(command: CommandContext, a: ContinueAsNewWorkflowExecutionCommandAttributes): void {
  checkNothingUnhandled(command);
  const { tx } = command;
  checkAttributes(tx, a);
  const start = nextStart(tx, a);
  const { workflowType, taskQueue, input, header, memo, searchAttributes, runTimeoutMs, workflowTaskTimeoutMs } = start;
  const { initiator, failure, lastCompletionResult } = start.continuation;
  const runId = tx.context.newRunId();
  tx.add(EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW, {
    workflowExecutionContinuedAsNewEventAttributes: {
      newExecutionRunId: runId,
      workflowType: { name: workflowType },
      taskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
      input,
      workflowRunTimeout: runTimeoutMs,
      workflowTaskTimeout: workflowTaskTimeoutMs,
      workflowTaskCompletedEventId: command.completedEventId,
      backoffStartInterval: a.backoffStartInterval,
      initiator,
      failure,
      lastCompletionResult,
      header,
      memo,
      searchAttributes,
    },
  });
  tx.successor = { runId, start };
}

/** What the command gives, and what it leaves out as this run has it. */
function nextStart(tx: Transition, a: ContinueAsNewWorkflowExecutionCommandAttributes) {
  const { state } = tx;
  const { limits } = tx.context;
  const { input, header, failure, lastCompletionResult, cronSchedule } = a;
  const workflowType = a.workflowType?.name || state.workflowType;
  const taskQueue = a.taskQueue?.name || state.taskQueue;
  const initiator = a.initiator || Initiator.WORKFLOW;
  const cause = Cause.BAD_CONTINUE_AS_NEW_ATTRIBUTES;
  const memoTooLarge = 'ContinueAsNewWorkflowExecutionCommandAttributes. Memo exceeds size limit.';
  const { runTimeoutMs, workflowTaskTimeoutMs } = workflowTimeouts(
    {
      workflowExecutionTimeout: state.executionTimeoutMs,
      workflowRunTimeout: a.workflowRunTimeout || state.runTimeoutMs,
      workflowTaskTimeout: a.workflowTaskTimeout || state.workflowTaskTimeoutMs,
    },
    limits,
  );
  const attempt = initiator === Initiator.RETRY ? state.attempt + 1 : 1;
  return {
    ...inherited(tx),
    ...{ workflowType, taskQueue, input, header, cronSchedule, runTimeoutMs, workflowTaskTimeoutMs },
    firstTaskBackoffMs: slowedDown(tx, capDuration(a.backoffStartInterval)),
    memo: startMemo(tx, a.memo, cause, memoTooLarge),
    searchAttributes: startAttributes(tx, a.searchAttributes, {
      name: 'ContinueAsNewWorkflowExecutionCommand',
      about: `WorkflowType=${workflowType} TaskQueue=${taskQueue}`,
      cause,
    }),
    retryPolicy: a.retryPolicy && withRetryDefaults(a.retryPolicy, limits.workflowRetryDefaults),
    completionCallbacks: standingCallbacks(state),
    continuation: { ...chain(tx), initiator, attempt, failure, lastCompletionResult },
  };
}

function checkAttributes(tx: Transition, a: ContinueAsNewWorkflowExecutionCommandAttributes): void {
  const cause = Cause.BAD_CONTINUE_AS_NEW_ATTRIBUTES;
  const { idLengthMax } = tx.context.limits;
  const retryProblem = checkRetryPolicy(a.retryPolicy);
  if (retryProblem !== undefined) throw new BadCommand(cause, retryProblem);
  const cronProblem = checkCron(a.cronSchedule, tx.nowMs);
  if (cronProblem !== undefined) throw new BadCommand(cause, cronProblem);
  const type = a.workflowType?.name ?? '';
  if (byteLength(type) > idLengthMax)
    throw new BadCommand(cause, `WorkflowType exceeds length limit. WorkflowType=${type}`);
  const queue = a.taskQueue?.name ?? '';
  const queueProblem = queue === '' ? undefined : checkTaskQueueName(queue, idLengthMax);
  if (queueProblem !== undefined) throw new BadCommand(cause, queueProblem);
  const durations = { WorkflowRunTimeout: a.workflowRunTimeout, WorkflowTaskTimeout: a.workflowTaskTimeout };
  for (const [name, value] of Object.entries({ ...durations, BackoffStartInterval: a.backoffStartInterval })) {
    const problem = checkDuration(value);
    if (problem !== undefined) {
      throw new BadCommand(cause, `Invalid ${name} on ContinueAsNewWorkflowExecutionCommand. cause: ${problem}`);
    }
  }
  checkBlob(tx, cause, 'ContinueAsNewWorkflowExecutionCommandAttributes. Input', a.input);
}

/** What closing events say of a retry, and the run that follows, if one does. */
export interface Sequel {
  readonly retryState: number;
  readonly successor: Successor | undefined;
}

/** The workflow failed, or this run of it timed out: it is tried again, or its cron schedule goes on. */
export function followFailure(tx: Transition, failure: Uint8Array): Sequel {
  const { rerun, attempt, executionExpirationMs } = tx.state;
  const policy = rerun?.retryPolicy;
  if (rerun === undefined || policy === undefined) {
    return { retryState: RetryState.RETRY_POLICY_NOT_SET, successor: followByCron(tx, { failure }) };
  }
  const { delayMs, retryState } = nextAttemptAfter(failure, policy, attempt, tx.nowMs, executionExpirationMs);
  if (delayMs === undefined) return { retryState, successor: followByCron(tx, { failure }) };
  const { lastCompletionResult } = rerun;
  const next = { initiator: Initiator.RETRY, attempt: attempt + 1, failure, lastCompletionResult };
  const { runId, start } = runAgain(tx, rerun, delayMs, { ...chain(tx), ...next });
  return { retryState, successor: { runId, start: { ...start, completionCallbacks: standingCallbacks(tx.state) } } };
}

/** The next run of a cron schedule knows the last result, also if this run has none. Callbacks end with this run. */
export function followByCron(
  tx: Transition,
  ended: { readonly result: Uint8Array | undefined } | { readonly failure: Uint8Array },
): Successor | undefined {
  const { rerun, startMs, firstTaskBackoffMs } = tx.state;
  if (rerun === undefined || rerun.cronSchedule === '') return undefined;
  const backoffMs = cronBackoff(rerun.cronSchedule, startMs + firstTaskBackoffMs, tx.nowMs);
  if (backoffMs === undefined) return undefined;
  const outcome =
    'failure' in ended
      ? { failure: ended.failure, lastCompletionResult: rerun.lastCompletionResult }
      : { failure: undefined, lastCompletionResult: ended.result };
  return runAgain(tx, rerun, backoffMs, {
    ...chain(tx),
    ...outcome,
    initiator: Initiator.CRON_SCHEDULE,
    attempt: 1,
  });
}

/** A run that begins as this one did. */
function runAgain(tx: Transition, rerun: Rerun, backoffMs: number, continuation: Continuation): Successor {
  const { workflowType, taskQueue, runTimeoutMs, workflowTaskTimeoutMs } = tx.state;
  const { input, header, memo, searchAttributes, retryPolicy, cronSchedule } = rerun;
  const start = {
    ...inherited(tx),
    ...{ workflowType, taskQueue, runTimeoutMs, workflowTaskTimeoutMs },
    ...{ input, header, memo, searchAttributes, retryPolicy, cronSchedule },
    firstTaskBackoffMs: slowedDown(tx, backoffMs),
    continuation,
  };
  return { runId: tx.context.newRunId(), start };
}

/** A run that timed out fails like this, as far as its retry policy is concerned. */
export function runTimeoutFailure(): Uint8Array {
  return timeoutFailure({ timeoutType: TimeoutType.START_TO_CLOSE, message: 'workflow timeout' });
}

/** A chain of short runs must not spin: the next one waits until this one would have lived long enough. */
function slowedDown(tx: Transition, backoffMs: number): number {
  const { startMs, firstTaskBackoffMs } = tx.state;
  const livedMs = Math.max(0, tx.nowMs - startMs - firstTaskBackoffMs);
  return Math.max(backoffMs, tx.context.limits.continueIntervalMinMs - livedMs, 0);
}

/** What every successor has of its predecessor. Summary and details belong to the run that was started with them. */
function inherited(tx: Transition) {
  const { executionTimeoutMs, links, priority, parent, root } = tx.state;
  const family = parent && { parent, root };
  return { requestId: '', executionTimeoutMs, identity: '', userMetadata: undefined, links, priority, ...family };
}

function chain(
  tx: Transition,
): Pick<Continuation, 'continuedRunId' | 'firstRunId' | 'executionExpirationMs' | 'resetPoints'> {
  const { runId, firstRunId, executionExpirationMs, resetPoints } = tx.state;
  return { continuedRunId: runId, firstRunId, executionExpirationMs, resetPoints };
}
