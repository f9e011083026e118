// START_CHILD_WORKFLOW_EXECUTION, and what a parent records of its children. The command only writes down that a child
// is wanted; that is a message (messages.ts), and the child begins in the transition that records its start.

import type { StartChildWorkflowExecutionCommandAttributes } from '@perdure/api/command';
import {
  WorkflowTaskFailedCause as Cause,
  EventType,
  ParentClosePolicy,
  WorkflowIdReusePolicy as Reuse,
  TaskQueueKind,
} from '@perdure/api/enums';
import { checkCron } from '../cron.ts';
import { checkRetryPolicy, toWireRetryPolicy, withRetryDefaults } from '../retry.ts';
import { BadCommand } from './bad-command.ts';
import { checkBlob, checkDuration, checkTaskQueueName } from './checks.ts';
import type { CommandContext } from './commands.ts';
import type { Child, ChildClosedMessage, Execution, StartChildMessage } from './messages.ts';
import { requestIdOf } from './messages.ts';
import { checkPriority, inheritPriority } from './priority.ts';
import { type StartWorkflow, workflowTimeouts } from './start.ts';
import { startAttributes, startMemo } from './start-properties.ts';
import { isRunning, type WorkflowState } from './state.ts';
import { lengthProblem, namespaceOf, targetNamespace } from './targets.ts';
import type { Transition } from './transition.ts';
import { wakeWorkflow } from './wake.ts';

export function startChild(command: CommandContext, a: StartChildWorkflowExecutionCommandAttributes): void {
  const { tx } = command;
  const { limits } = tx.context;
  const cause = Cause.BAD_START_CHILD_EXECUTION_ATTRIBUTES;
  const namespace = targetNamespace(tx, a.namespace, cause);
  const attributes = { ...a, namespace: namespace.name };
  const problem = startProblem(attributes, limits.idLengthMax, tx.nowMs) ?? queueProblem(tx, attributes);
  if (problem !== undefined) throw new BadCommand(cause, problem);
  refuseUnbuilt(a);
  checkBlob(tx, cause, 'StartChildWorkflowExecutionCommandAttributes. Input', a.input);
  const memoTooLarge = 'StartChildWorkflowExecutionCommandAttributes.Memo exceeds size limit.';
  const memo = startMemo(tx, a.memo, cause, memoTooLarge);
  const searchAttributes = startAttributes(tx, a.searchAttributes, {
    name: 'StartChildWorkflowCommand',
    about: `WorkflowId=${a.workflowId} WorkflowType=${a.workflowType?.name} Namespace=${namespace.name}`,
    cause,
    schema: tx.context.namespaces.searchAttributesOf(namespace.id),
  });
  const pending = tx.state.children.size;
  if (limits.pendingChildrenMax > 0 && pending >= limits.pendingChildrenMax) {
    throw new BadCommand(
      Cause.PENDING_CHILD_WORKFLOWS_LIMIT_EXCEEDED,
      `the number of pending child workflow executions, ${pending}, has reached the per-workflow limit of ${limits.pendingChildrenMax}`,
    );
  }
  const timeouts = workflowTimeouts(a, limits);
  command.startedChildren.add(a.workflowId);
  tx.add(EventType.START_CHILD_WORKFLOW_EXECUTION_INITIATED, {
    startChildWorkflowExecutionInitiatedEventAttributes: {
      ...attributes,
      memo,
      searchAttributes,
      namespaceId: namespace.id,
      taskQueue: { name: a.taskQueue?.name || tx.state.taskQueue, kind: TaskQueueKind.NORMAL },
      workflowExecutionTimeout: timeouts.executionTimeoutMs || undefined,
      workflowRunTimeout: timeouts.runTimeoutMs,
      workflowTaskTimeout: timeouts.workflowTaskTimeoutMs,
      parentClosePolicy: a.parentClosePolicy || ParentClosePolicy.TERMINATE,
      workflowIdReusePolicy: a.workflowIdReusePolicy || Reuse.ALLOW_DUPLICATE,
      retryPolicy:
        a.retryPolicy && toWireRetryPolicy(withRetryDefaults(a.retryPolicy, tx.context.limits.workflowRetryDefaults)),
      workflowTaskCompletedEventId: command.completedEventId,
    },
  });
}

/** `a.namespace` is the name of the namespace, also if the command left it out. */
function startProblem(
  a: StartChildWorkflowExecutionCommandAttributes,
  lengthMax: number,
  nowMs: number,
): string | undefined {
  const command = 'StartChildWorkflowExecutionCommand';
  const { workflowId, namespace } = a;
  const type = a.workflowType?.name ?? '';
  if (workflowId === '') {
    return `Required field WorkflowId is not set on ${command}. WorkflowType=${type} Namespace=${namespace}`;
  }
  if (type === '') {
    return `Required field WorkflowType is not set on ${command}. WorkflowId=${workflowId} Namespace=${namespace}`;
  }
  const child = `WorkflowId=${workflowId} WorkflowType=${type} Namespace=${namespace}`;
  const idLength = lengthProblem(workflowId, lengthMax);
  if (idLength !== undefined) {
    return `WorkflowId on ${command} exceeds length limit. WorkflowId=${workflowId} ${idLength} WorkflowType=${type} Namespace=${namespace}`;
  }
  const typeLength = lengthProblem(type, lengthMax);
  if (typeLength !== undefined) {
    return `WorkflowType on ${command} exceeds length limit. WorkflowId=${workflowId} WorkflowType=${type} ${typeLength} Namespace=${namespace}`;
  }
  for (const name of ['workflowExecutionTimeout', 'workflowRunTimeout', 'workflowTaskTimeout'] as const) {
    const negative = checkDuration(a[name]);
    const field = name.charAt(0).toUpperCase() + name.slice(1);
    if (negative !== undefined) return `Invalid ${field} on ${command}: ${negative}. ${child}`;
  }
  const retry = checkRetryPolicy(a.retryPolicy);
  if (retry !== undefined) return `invalid WorkflowRetryPolicy on ${command}: ${retry}. ${child}`;
  const cron = checkCron(a.cronSchedule, nowMs);
  if (cron !== undefined) return `invalid CronSchedule on ${command}: ${cron}. ${child}`;
  return checkPriority(a.priority);
}

function queueProblem(tx: Transition, a: StartChildWorkflowExecutionCommandAttributes): string | undefined {
  const name = a.taskQueue?.name || tx.state.taskQueue;
  const problem = checkTaskQueueName(name, tx.context.limits.idLengthMax);
  return (
    problem &&
    `invalid TaskQueue on StartChildWorkflowExecutionCommand: ${problem}. WorkflowId=${a.workflowId} WorkflowType=${a.workflowType?.name} Namespace=${a.namespace} TaskQueue=name:"${name}"`
  );
}

/** What changes the meaning of a child and does not exist yet must not be ignored. */
function refuseUnbuilt(a: StartChildWorkflowExecutionCommandAttributes): void {
  if (a.versioningOverride === undefined) return;
  const what = 'StartChildWorkflowExecution with VersioningOverride';
  throw new BadCommand(Cause.FEATURE_DISABLED, `${what} is not implemented by this server.`);
}

/** A child whose start this run waits for; undefined: the answer is recorded already, or the run has closed. */
export function childToStart(tx: Transition, initiatedEventId: number): StartChildMessage | undefined {
  const message = isRunning(tx.state) ? tx.state.outbox.get(initiatedEventId) : undefined;
  return message?.kind === 'startChild' ? message : undefined;
}

/** The child begins, in this same transaction. */
export function beginChild(tx: Transition, initiatedEventId: number, runId: string): void {
  const message = childToStart(tx, initiatedEventId);
  if (message === undefined) return;
  const { namespaceId, workflowId } = message;
  tx.births.push({ namespaceId, workflowId, runId, start: startOf(tx, message) });
  recordStarted(tx, message, runId);
}

/** The child has begun already: the answer to an earlier delivery was lost. */
export function adoptChild(tx: Transition, initiatedEventId: number, runId: string): void {
  const message = childToStart(tx, initiatedEventId);
  if (message !== undefined) recordStarted(tx, message, runId);
}

/** @param cause StartChildWorkflowExecutionFailedCause */
export function failChildStart(tx: Transition, initiatedEventId: number, cause: number): void {
  const message = childToStart(tx, initiatedEventId);
  if (message === undefined) return;
  const { namespace, namespaceId, workflowId, control } = message;
  tx.addOrBuffer(EventType.START_CHILD_WORKFLOW_EXECUTION_FAILED, {
    startChildWorkflowExecutionFailedEventAttributes: {
      namespace,
      namespaceId,
      workflowId,
      workflowType: { name: message.workflowType },
      cause,
      control,
      initiatedEventId,
    },
  });
  wakeWorkflow(tx);
}

function recordStarted(tx: Transition, message: StartChildMessage, runId: string): void {
  const { key, namespace, namespaceId, workflowId, header } = message;
  tx.addOrBuffer(EventType.CHILD_WORKFLOW_EXECUTION_STARTED, {
    childWorkflowExecutionStartedEventAttributes: {
      namespace,
      namespaceId,
      initiatedEventId: key,
      workflowExecution: { workflowId, runId },
      workflowType: { name: message.workflowType },
      header,
    },
  });
  wakeWorkflow(tx);
}

function startOf(tx: Transition, message: StartChildMessage): StartWorkflow {
  const { state } = tx;
  const { key, workflowType, taskQueue, input, header, memo, searchAttributes, userMetadata } = message;
  const { executionTimeoutMs, runTimeoutMs, workflowTaskTimeoutMs, retryPolicy, cronSchedule } = message;
  const namespace = namespaceOf(tx, state.namespaceId);
  return {
    requestId: requestIdOf(state, key),
    workflowType,
    taskQueue,
    input,
    header,
    memo,
    searchAttributes,
    userMetadata,
    executionTimeoutMs,
    runTimeoutMs,
    workflowTaskTimeoutMs,
    firstTaskBackoffMs: 0,
    retryPolicy,
    cronSchedule,
    identity: '',
    links: [],
    priority: inheritPriority(state.priority, message.priority),
    parent: {
      namespaceId: namespace.id,
      namespace: namespace.name,
      workflowId: state.workflowId,
      runId: state.runId,
      initiatedEventId: key,
    },
    root: state.root,
  };
}

/** Has the child that tells that it has closed begun as a child of this run? Another run may have one of the same id. */
export function hasChild(state: WorkflowState, { initiatedEventId, child }: ChildClosedMessage): boolean {
  return state.children.get(initiatedEventId)?.startedRunId === child.firstRunId;
}

/**
 * A child tells that it has closed. False: this run does not wait for it, or no longer; the child need not try again.
 */
export function recordChildClosed(tx: Transition, report: ChildClosedMessage): boolean {
  const { initiatedEventId } = report;
  const { workflowId, runId, firstRunId } = report.child;
  const waiting = isRunning(tx.state) ? tx.state.children.get(initiatedEventId) : undefined;
  if (waiting === undefined || waiting.workflowId !== workflowId) return false;
  // The report has overtaken the answer that the child was started.
  if (waiting.startedRunId === '') adoptChild(tx, initiatedEventId, firstRunId);
  const child = tx.state.children.get(initiatedEventId) as Child;
  if (child.startedRunId !== firstRunId) return false;
  addClosed(tx, child, { workflowId, runId }, report);
  wakeWorkflow(tx);
  return true;
}

function addClosed(tx: Transition, child: Child, execution: Execution, { event }: ChildClosedMessage): void {
  const { initiatedEventId, startedEventId, namespace, namespaceId } = child;
  const common = {
    initiatedEventId,
    startedEventId,
    namespace,
    namespaceId,
    workflowExecution: execution,
    workflowType: { name: child.workflowType },
  };
  const {
    workflowExecutionCompletedEventAttributes: completed,
    workflowExecutionFailedEventAttributes: failed,
    workflowExecutionCanceledEventAttributes: canceled,
    workflowExecutionTimedOutEventAttributes: timedOut,
  } = event;
  if (completed) {
    tx.addOrBuffer(EventType.CHILD_WORKFLOW_EXECUTION_COMPLETED, {
      childWorkflowExecutionCompletedEventAttributes: { ...common, result: completed.result },
    });
  } else if (failed) {
    tx.addOrBuffer(EventType.CHILD_WORKFLOW_EXECUTION_FAILED, {
      childWorkflowExecutionFailedEventAttributes: {
        ...common,
        failure: failed.failure,
        retryState: failed.retryState,
      },
    });
  } else if (canceled) {
    tx.addOrBuffer(EventType.CHILD_WORKFLOW_EXECUTION_CANCELED, {
      childWorkflowExecutionCanceledEventAttributes: { ...common, details: canceled.details },
    });
  } else if (timedOut) {
    tx.addOrBuffer(EventType.CHILD_WORKFLOW_EXECUTION_TIMED_OUT, {
      childWorkflowExecutionTimedOutEventAttributes: { ...common, retryState: timedOut.retryState },
    });
  } else {
    tx.addOrBuffer(EventType.CHILD_WORKFLOW_EXECUTION_TERMINATED, {
      childWorkflowExecutionTerminatedEventAttributes: common,
    });
  }
}
