// Signals and cancel requests from one workflow to another: the commands, and their answers. The receiver's side is in
// signals.ts and cancel.ts. A cancel request is how a workflow cancels its child.

import type {
  RequestCancelExternalWorkflowExecutionCommandAttributes,
  SignalExternalWorkflowExecutionCommandAttributes,
} from '@perdure/api/command';
import { WorkflowTaskFailedCause as Cause, EventType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { own } from '../bytes.ts';
import { BadCommand } from './bad-command.ts';
import { checkBlob } from './checks.ts';
import type { CommandContext } from './commands.ts';
import type { CancelMessage, SignalMessage } from './messages.ts';
import { isRunning, type WorkflowState } from './state.ts';
import { isRunId, lengthProblem, namespaceOf, targetNamespace } from './targets.ts';
import type { Transition } from './transition.ts';
import { wakeWorkflow } from './wake.ts';

export function signalExternal(command: CommandContext, a: SignalExternalWorkflowExecutionCommandAttributes): void {
  const { tx } = command;
  const { limits } = tx.context;
  const cause = Cause.BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES;
  if (a.execution === undefined) {
    throw new BadCommand(cause, 'Execution is not set on SignalExternalWorkflowExecutionCommand.');
  }
  const namespaceId = targetNamespace(tx, a.namespace, cause).id;
  const problem = signalProblem(a, limits.idLengthMax);
  if (problem !== undefined) throw new BadCommand(cause, problem);
  const what = 'pending signals to external workflows';
  const tooMany = countProblem(what, tx.state.pendingSignalCount, limits.pendingSignalsMax);
  if (tooMany !== undefined) throw new BadCommand(Cause.PENDING_SIGNALS_LIMIT_EXCEEDED, tooMany);
  checkBlob(tx, cause, 'SignalExternalWorkflowExecutionCommandAttributes.Input', a.input);
  const { namespace, execution, signalName, input, control, childWorkflowOnly, header } = a;
  tx.add(EventType.SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED, {
    signalExternalWorkflowExecutionInitiatedEventAttributes: {
      workflowTaskCompletedEventId: command.completedEventId,
      namespace,
      namespaceId,
      workflowExecution: execution,
      signalName,
      input,
      control,
      childWorkflowOnly,
      header,
    },
  });
}

function signalProblem(a: SignalExternalWorkflowExecutionCommandAttributes, lengthMax: number): string | undefined {
  const command = 'SignalExternalWorkflowExecutionCommand';
  const { namespace, signalName } = a;
  const { workflowId = '', runId = '' } = a.execution ?? {};
  if (workflowId === '') {
    return `WorkflowId is not set on ${command}. Namespace=${namespace} RunId=${runId} SignalName=${signalName}`;
  }
  const tooLong = lengthProblem(workflowId, lengthMax);
  if (tooLong !== undefined) {
    return `WorkflowId on ${command} exceeds length limit. WorkflowId=${workflowId} ${tooLong} Namespace=${namespace} RunId=${runId} SignalName=${signalName}`;
  }
  if (runId !== '' && !isRunId(runId)) {
    return `Invalid RunId set on ${command}. WorkflowId=${workflowId} Namespace=${namespace} RunId=${runId} SignalName=${signalName}`;
  }
  if (signalName === '') {
    return `SignalName is not set on ${command}. WorkflowId=${workflowId} Namespace=${namespace} RunId=${runId}`;
  }
  return undefined;
}

export function requestCancelExternal(
  command: CommandContext,
  a: RequestCancelExternalWorkflowExecutionCommandAttributes,
): void {
  const { tx } = command;
  const { limits } = tx.context;
  const cause = Cause.BAD_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_ATTRIBUTES;
  const namespaceId = targetNamespace(tx, a.namespace, cause).id;
  const problem = cancelProblem(a, limits.idLengthMax, command.startedChildren);
  if (problem !== undefined) throw new BadCommand(cause, problem);
  const what = 'pending requests to cancel external workflows';
  const tooMany = countProblem(what, tx.state.pendingCancelCount, limits.pendingCancelsMax);
  if (tooMany !== undefined) throw new BadCommand(Cause.PENDING_REQUEST_CANCEL_LIMIT_EXCEEDED, tooMany);
  const { namespace, workflowId, runId, control, childWorkflowOnly, reason } = a;
  tx.add(EventType.REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED, {
    requestCancelExternalWorkflowExecutionInitiatedEventAttributes: {
      workflowTaskCompletedEventId: command.completedEventId,
      namespace,
      namespaceId,
      workflowExecution: { workflowId, runId },
      control,
      childWorkflowOnly,
      reason,
    },
  });
}

function cancelProblem(
  a: RequestCancelExternalWorkflowExecutionCommandAttributes,
  lengthMax: number,
  startedChildren: ReadonlySet<string>,
): string | undefined {
  const command = 'RequestCancelExternalWorkflowExecutionCommand';
  const { workflowId, runId, namespace } = a;
  if (workflowId === '') return `WorkflowId is not set on ${command}. Namespace=${namespace} RunId=${runId}`;
  const tooLong = lengthProblem(workflowId, lengthMax);
  if (tooLong !== undefined) {
    return `WorkflowId on ${command} exceeds length limit. WorkflowId=${workflowId} ${tooLong} RunId=${runId} Namespace=${namespace}`;
  }
  const target = `WorkflowId=${workflowId} RunId=${runId} Namespace=${namespace}`;
  if (runId !== '' && !isRunId(runId)) return `Invalid RunId set on ${command}. ${target}`;
  if (startedChildren.has(workflowId)) {
    return `Start and RequestCancel for child workflow is not allowed in same workflow task. ${target}`;
  }
  return undefined;
}

function countProblem(what: string, pending: number, max: number): string | undefined {
  if (max === 0 || pending < max) return undefined;
  return `the number of ${what}, ${pending}, has reached the per-workflow limit of ${max}`;
}

/** @param cause SignalExternalWorkflowExecutionFailedCause; 0: the signal has arrived */
export function answerSignal(tx: Transition, key: number, cause: number): void {
  const message = pendingMessage(tx, key);
  if (message?.kind !== 'signal') return;
  const common = { ...answerOf(tx, message), control: message.control };
  if (cause === 0) {
    tx.addOrBuffer(EventType.EXTERNAL_WORKFLOW_EXECUTION_SIGNALED, {
      externalWorkflowExecutionSignaledEventAttributes: common,
    });
  } else {
    tx.addOrBuffer(EventType.SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED, {
      signalExternalWorkflowExecutionFailedEventAttributes: { ...common, cause },
    });
  }
  wakeWorkflow(tx);
}

/** @param cause CancelExternalWorkflowExecutionFailedCause; 0: the request has arrived */
export function answerCancel(tx: Transition, key: number, cause: number): void {
  const message = pendingMessage(tx, key);
  if (message?.kind !== 'cancel') return;
  const common = answerOf(tx, message);
  if (cause === 0) {
    tx.addOrBuffer(EventType.EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED, {
      externalWorkflowExecutionCancelRequestedEventAttributes: common,
    });
  } else {
    tx.addOrBuffer(EventType.REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED, {
      requestCancelExternalWorkflowExecutionFailedEventAttributes: { ...common, cause },
    });
  }
  wakeWorkflow(tx);
}

function pendingMessage(tx: Transition, key: number) {
  return isRunning(tx.state) ? tx.state.outbox.get(key) : undefined;
}

function answerOf(tx: Transition, { key, namespaceId, workflowId, runId }: SignalMessage | CancelMessage) {
  return {
    initiatedEventId: key,
    namespace: namespaceOf(tx, namespaceId).name,
    namespaceId,
    workflowExecution: { workflowId, runId },
  };
}

export function evolveSignalInitiated(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.signalExternalWorkflowExecutionInitiatedEventAttributes ?? {};
  const key = event.eventId ?? 0;
  state.pendingSignalCount++;
  state.outbox.set(key, {
    kind: 'signal',
    key,
    namespaceId: a.namespaceId ?? '',
    workflowId: a.workflowExecution?.workflowId ?? '',
    runId: a.workflowExecution?.runId ?? '',
    childWorkflowOnly: a.childWorkflowOnly ?? false,
    signalName: a.signalName ?? '',
    input: own(a.input),
    header: own(a.header),
    control: a.control ?? '',
  });
}

export function evolveSignalAnswered(state: WorkflowState, event: Init<HistoryEvent>): void {
  const answer =
    event.externalWorkflowExecutionSignaledEventAttributes ??
    event.signalExternalWorkflowExecutionFailedEventAttributes;
  state.pendingSignalCount--;
  state.outbox.delete(answer?.initiatedEventId ?? 0);
}

export function evolveCancelInitiated(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes ?? {};
  const key = event.eventId ?? 0;
  state.pendingCancelCount++;
  state.outbox.set(key, {
    kind: 'cancel',
    key,
    namespaceId: a.namespaceId ?? '',
    workflowId: a.workflowExecution?.workflowId ?? '',
    runId: a.workflowExecution?.runId ?? '',
    childWorkflowOnly: a.childWorkflowOnly ?? false,
    reason: a.reason ?? '',
  });
}

export function evolveCancelAnswered(state: WorkflowState, event: Init<HistoryEvent>): void {
  const answer =
    event.externalWorkflowExecutionCancelRequestedEventAttributes ??
    event.requestCancelExternalWorkflowExecutionFailedEventAttributes;
  state.pendingCancelCount--;
  state.outbox.delete(answer?.initiatedEventId ?? 0);
}
