// What the events of children do to their parent's state. Decisions are in children.ts.

import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { own } from '../bytes.ts';
import { fromWireRetryPolicy } from '../retry.ts';
import { fromWirePriority } from './priority.ts';
import type { WorkflowState } from './state.ts';

export function evolveChildInitiated(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.startChildWorkflowExecutionInitiatedEventAttributes ?? {};
  const initiatedEventId = event.eventId ?? 0;
  const child = {
    namespace: a.namespace ?? '',
    namespaceId: a.namespaceId ?? '',
    workflowId: a.workflowId ?? '',
    workflowType: a.workflowType?.name ?? '',
  };
  state.children.set(initiatedEventId, {
    ...child,
    initiatedEventId,
    parentClosePolicy: a.parentClosePolicy ?? 0,
    startedRunId: '',
    startedEventId: 0,
  });
  state.outbox.set(initiatedEventId, {
    ...child,
    kind: 'startChild',
    key: initiatedEventId,
    taskQueue: a.taskQueue?.name ?? '',
    input: own(a.input),
    header: own(a.header),
    memo: own(a.memo),
    searchAttributes: own(a.searchAttributes),
    userMetadata: own(event.userMetadata),
    executionTimeoutMs: a.workflowExecutionTimeout ?? 0,
    runTimeoutMs: a.workflowRunTimeout ?? 0,
    workflowTaskTimeoutMs: a.workflowTaskTimeout ?? 0,
    reusePolicy: a.workflowIdReusePolicy ?? 0,
    retryPolicy: fromWireRetryPolicy(a.retryPolicy),
    cronSchedule: a.cronSchedule ?? '',
    priority: fromWirePriority(a.priority),
    control: a.control ?? '',
  });
}

/** Its id comes later if it is buffered: evolveChildStartPlaced. */
export function evolveChildStarted(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.childWorkflowExecutionStartedEventAttributes ?? {};
  const initiatedEventId = a.initiatedEventId ?? 0;
  const child = state.children.get(initiatedEventId);
  if (child === undefined) throw new Error(`a child started that event ${initiatedEventId} did not ask for`);
  const startedRunId = a.workflowExecution?.runId ?? '';
  state.children.set(initiatedEventId, { ...child, startedRunId, startedEventId: event.eventId ?? 0 });
  state.outbox.delete(initiatedEventId);
}

/** The started event came out of the buffer and has its place in the history. */
export function evolveChildStartPlaced(state: WorkflowState, event: Init<HistoryEvent>): void {
  const child = state.children.get(event.childWorkflowExecutionStartedEventAttributes?.initiatedEventId ?? 0);
  // It may have closed while both events waited.
  if (child !== undefined) state.children.set(child.initiatedEventId, { ...child, startedEventId: event.eventId ?? 0 });
}

export function evolveChildStartFailed(state: WorkflowState, event: Init<HistoryEvent>): void {
  const initiatedEventId = event.startChildWorkflowExecutionFailedEventAttributes?.initiatedEventId ?? 0;
  state.children.delete(initiatedEventId);
  state.outbox.delete(initiatedEventId);
}

export function evolveChildClosed(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a =
    event.childWorkflowExecutionCompletedEventAttributes ??
    event.childWorkflowExecutionFailedEventAttributes ??
    event.childWorkflowExecutionCanceledEventAttributes ??
    event.childWorkflowExecutionTimedOutEventAttributes ??
    event.childWorkflowExecutionTerminatedEventAttributes;
  state.children.delete(a?.initiatedEventId ?? 0);
}
