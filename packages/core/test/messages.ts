// Commands to other workflows, and what comes back from them, as a run played by hand sees it.
import type { Command } from '@perdure/api/command';
import { CommandType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import {
  answerCancel,
  answerSignal,
  beginChild,
  type Child,
  failChildStart,
  type Message,
  noteDelivered,
  recordChildClosed,
} from '../src/index.ts';
import type { Run } from './run.ts';

type Attributes<K extends keyof Command> = NonNullable<Init<Command>[K]>;

export function startChild(
  workflowId: string,
  more: Attributes<'startChildWorkflowExecutionCommandAttributes'> = {},
): Init<Command> {
  return {
    commandType: CommandType.START_CHILD_WORKFLOW_EXECUTION,
    startChildWorkflowExecutionCommandAttributes: { workflowId, workflowType: { name: 'parcel' }, ...more },
  };
}

export function signalExternal(
  workflowId: string,
  more: Attributes<'signalExternalWorkflowExecutionCommandAttributes'> = {},
): Init<Command> {
  return {
    commandType: CommandType.SIGNAL_EXTERNAL_WORKFLOW_EXECUTION,
    signalExternalWorkflowExecutionCommandAttributes: { execution: { workflowId }, signalName: 'go', ...more },
  };
}

export function cancelExternal(
  workflowId: string,
  more: Attributes<'requestCancelExternalWorkflowExecutionCommandAttributes'> = {},
): Init<Command> {
  return {
    commandType: CommandType.REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION,
    requestCancelExternalWorkflowExecutionCommandAttributes: { workflowId, ...more },
  };
}

/** The messages of the run, oldest first. */
export function outbox(run: Run): Message[] {
  return [...run.state.outbox.values()].toSorted((a, b) => a.key - b.key);
}

/** The first run of the child that event asks for. */
export function childRunId(initiatedEventId: number): string {
  return `child-run-${initiatedEventId}`;
}

/** The receiver has the message, and answers; `cause` 0: that all is well. */
export function answer(run: Run, message: Message, cause = 0): void {
  const { key } = message;
  run.transition((tx) => {
    if (message.kind === 'signal') answerSignal(tx, key, cause);
    else if (message.kind === 'cancel') answerCancel(tx, key, cause);
    else if (message.kind !== 'startChild') noteDelivered(tx, [key]);
    else if (cause === 0) beginChild(tx, key, childRunId(key));
    else failChildStart(tx, key, cause);
  });
}

/** The child closes with this event. Returns whether the parent took note. */
export function closeChild(run: Run, child: Child, event: Init<HistoryEvent>): boolean {
  const { workflowId, initiatedEventId } = child;
  const { runId, namespaceId } = run.state;
  return run.transition((tx) =>
    recordChildClosed(tx, {
      kind: 'childClosed',
      key: 0,
      namespaceId,
      workflowId: run.state.workflowId,
      runId,
      initiatedEventId,
      child: { workflowId, runId: 'child-run-last', firstRunId: childRunId(initiatedEventId) },
      event,
    }),
  );
}

/** Each way in which a child can close. */
export const CLOSINGS: readonly Init<HistoryEvent>[] = [
  { workflowExecutionCompletedEventAttributes: { result: Uint8Array.of(10, 0) } },
  { workflowExecutionFailedEventAttributes: { retryState: 5 } },
  { workflowExecutionCanceledEventAttributes: {} },
  { workflowExecutionTimedOutEventAttributes: { retryState: 5 } },
  {},
];
