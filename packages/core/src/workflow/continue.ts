// A run that goes on as another run: because the workflow says so (continue-as-new), or because it failed or timed out
// and may be tried again. The closing event names the next run, which begins in the same transaction.

import type { ContinueAsNewWorkflowExecutionCommandAttributes } from '@perdure/api/command';
import {
  WorkflowTaskFailedCause as Cause,
  EventType,
  ContinueAsNewInitiator as Initiator,
  RetryState,
  TaskQueueKind,
  TimeoutType,
} from '@perdure/api/enums';
import { sizeOf } from '../bytes.ts';
import { timeoutFailure } from '../failures.ts';
import { checkRetryPolicy, nextAttemptAfter, withRetryDefaults } from '../retry.ts';
import { BadCommand } from './bad-command.ts';
import {
  byteLength,
  capDuration,
  checkBlob,
  checkDuration,
  checkNothingUnhandled,
  checkTaskQueueName,
} from './checks.ts';
import type { CommandContext } from './commands.ts';
import type { Continuation, StartWorkflow } from './start.ts';
import type { Transition } from './transition.ts';

/** A run that follows another one. */
export interface Successor {
  readonly runId: string;
  readonly start: StartWorkflow;
}

export function continueAsNew(command: CommandContext, a: ContinueAsNewWorkflowExecutionCommandAttributes): void {
  checkNothingUnhandled(command);
  const { tx } = command;
  const { state } = tx;
  checkAttributes(tx, a);
  const workflowType = a.workflowType?.name || state.workflowType;
  const taskQueue = a.taskQueue?.name || state.taskQueue;
  const runTimeoutMs = capDuration(a.workflowRunTimeout) || state.runTimeoutMs;
  const workflowTaskTimeoutMs = capDuration(a.workflowTaskTimeout) || state.workflowTaskTimeoutMs;
  const backoffMs = slowedDown(tx, capDuration(a.backoffStartInterval));
  const runId = tx.context.newRunId();
  const { input, header, memo, searchAttributes, failure, lastCompletionResult, initiator } = a;
  tx.add(EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW, {
    workflowExecutionContinuedAsNewEventAttributes: {
      newExecutionRunId: runId,
      workflowType: { name: workflowType },
      taskQueue: { name: taskQueue, kind: TaskQueueKind.NORMAL },
      input,
      workflowRunTimeout: runTimeoutMs,
      workflowTaskTimeout: workflowTaskTimeoutMs,
      workflowTaskCompletedEventId: command.completedEventId,
      backoffStartInterval: backoffMs,
      initiator,
      failure,
      lastCompletionResult,
      header,
      memo,
      searchAttributes,
    },
  });
  tx.successor = {
    runId,
    start: {
      ...inherited(tx),
      workflowType,
      taskQueue,
      input,
      runTimeoutMs,
      workflowTaskTimeoutMs,
      firstTaskBackoffMs: backoffMs,
      header,
      memo,
      searchAttributes,
      retryPolicy: a.retryPolicy === undefined ? undefined : withRetryDefaults(a.retryPolicy),
      continuation: { ...chain(tx), initiator, attempt: 1, failure, lastCompletionResult },
    },
  };
}

function checkAttributes(tx: Transition, a: ContinueAsNewWorkflowExecutionCommandAttributes): void {
  const cause = Cause.BAD_CONTINUE_AS_NEW_ATTRIBUTES;
  const { idLengthMax, memoSizeMax } = tx.context.limits;
  const retryProblem = checkRetryPolicy(a.retryPolicy);
  if (retryProblem !== undefined) throw new BadCommand(cause, retryProblem);
  if (a.cronSchedule !== '')
    throw new BadCommand(Cause.FEATURE_DISABLED, 'CronSchedule is not implemented by this server.');
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
  checkBlob(tx, cause, 'ContinueAsNewWorkflowExecutionCommandAttributes.Input', a.input);
  if (sizeOf(a.memo) > memoSizeMax) throw new BadCommand(cause, 'Memo size exceeds limit.', true);
}

/** What closing events say of a retry, and the run that it begins, if it does. */
export interface WorkflowRetry {
  readonly retryState: number;
  readonly successor: Successor | undefined;
}

/** The workflow failed, or this run of it timed out: may the whole of it be tried again? */
export function retryWorkflow(tx: Transition, failure: Uint8Array): WorkflowRetry {
  const { retry, attempt, executionExpirationMs } = tx.state;
  if (retry === undefined) return { retryState: RetryState.RETRY_POLICY_NOT_SET, successor: undefined };
  const next = nextAttemptAfter(failure, retry.retryPolicy, attempt, tx.nowMs, executionExpirationMs);
  if (next.delayMs === undefined) return { retryState: next.retryState, successor: undefined };
  const { workflowType, taskQueue, runTimeoutMs, workflowTaskTimeoutMs, memo, searchAttributes } = tx.state;
  const { retryPolicy, input, header, lastCompletionResult } = retry;
  const continuation: Continuation = {
    ...chain(tx),
    initiator: Initiator.RETRY,
    attempt: attempt + 1,
    failure,
    lastCompletionResult,
  };
  const start = {
    ...inherited(tx),
    workflowType,
    taskQueue,
    input,
    runTimeoutMs,
    workflowTaskTimeoutMs,
    firstTaskBackoffMs: slowedDown(tx, next.delayMs),
    header,
    memo,
    searchAttributes,
    retryPolicy,
    continuation,
  };
  return { retryState: RetryState.IN_PROGRESS, successor: { runId: tx.context.newRunId(), start } };
}

/** A run that timed out fails like this, as far as its retry policy is concerned. */
export function runTimeoutFailure(): Uint8Array {
  return timeoutFailure({ timeoutType: TimeoutType.START_TO_CLOSE, message: 'workflow timeout' });
}

/** A chain of short runs must not spin: the next one waits until this one would have lived long enough. */
function slowedDown(tx: Transition, backoffMs: number): number {
  const livedMs = tx.nowMs - tx.state.startMs;
  return Math.max(backoffMs, tx.context.limits.continueIntervalMinMs - livedMs, 0);
}

/** What every successor has of its predecessor. */
function inherited(tx: Transition) {
  const { executionTimeoutMs, userMetadata, priority } = tx.state;
  return { requestId: '', executionTimeoutMs, identity: '', userMetadata, links: [], priority };
}

function chain(tx: Transition): Pick<Continuation, 'continuedRunId' | 'firstRunId' | 'executionExpirationMs'> {
  const { runId, firstRunId, executionExpirationMs } = tx.state;
  return { continuedRunId: runId, firstRunId, executionExpirationMs };
}
