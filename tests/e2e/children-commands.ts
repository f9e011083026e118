// Commands from one workflow to another, for workers played by hand.

import type { temporal } from '@temporalio/proto';
import { type Command, CommandType, type Hand } from './hand.ts';

type StartChild = temporal.api.command.v1.IStartChildWorkflowExecutionCommandAttributes;
type Signal = temporal.api.command.v1.ISignalExternalWorkflowExecutionCommandAttributes;
type Cancel = temporal.api.command.v1.IRequestCancelExternalWorkflowExecutionCommandAttributes;

/** Starts the workflow that `child` plays. */
export function startChild(child: Hand, attributes: StartChild = {}): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_START_CHILD_WORKFLOW_EXECUTION,
    startChildWorkflowExecutionCommandAttributes: {
      workflowId: child.workflowId,
      workflowType: { name: 'child-by-hand' },
      taskQueue: { name: child.taskQueue },
      ...attributes,
    },
  };
}

export function signalExternal(target: Hand, attributes: Signal = {}): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION,
    signalExternalWorkflowExecutionCommandAttributes: {
      execution: { workflowId: target.workflowId },
      signalName: 'ping',
      ...attributes,
    },
  };
}

export function cancelExternal(target: Hand, attributes: Cancel = {}): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION,
    requestCancelExternalWorkflowExecutionCommandAttributes: { workflowId: target.workflowId, ...attributes },
  };
}
