// The commands of a completed workflow task: which function carries out which. To add a command: write its function in
// the file of its family, its evolve function beside it, and a line in each table (here and in evolve.ts).

import type { Command, RecordMarkerCommandAttributes } from '@perdure/api/command';
import { WorkflowTaskFailedCause as Cause, CommandType, EventType } from '@perdure/api/enums';
import { commandName } from '../names.ts';
import { requestCancelActivity, scheduleActivity } from './activities.ts';
import { BadCommand } from './bad-command.ts';
import { byteLength, checkBlob } from './checks.ts';
import { startChild } from './children.ts';
import { cancelWorkflow, completeWorkflow, failWorkflow } from './close.ts';
import { continueAsNew } from './continue.ts';
import { requestCancelExternal, signalExternal } from './external.ts';
import { modifyProperties, upsertSearchAttributes } from './properties.ts';
import { cancelTimer, startTimer } from './timers.ts';
import { protocolMessage, type UpdateContext } from './updates.ts';

/** What the commands of one task share. */
export interface CommandContext extends UpdateContext {
  /** Id of the WorkflowTaskCompleted event. */
  readonly completedEventId: number;
  readonly identity: string;
  /** Workflow ids of the children that commands of this task start. */
  readonly startedChildren: Set<string>;
  /** The worker may take activities with the answer; undefined: it may not. Events that schedule those it wants. */
  readonly eager: number[] | undefined;
  /** A command had an effect that the workflow must be told of at once. */
  needsNewTask: boolean;
  /** Events in the buffer that commands of this task have caused; those of others keep the workflow from closing. */
  putOff: number;
}

type Handler = (context: CommandContext, command: Command) => void;

/** Binds a function to the attributes field that its command uses. */
function handler<K extends keyof Command>(
  field: K,
  cause: number,
  decide: (context: CommandContext, attributes: NonNullable<Command[K]>) => void,
): Handler {
  return (context, command) => {
    const attributes = command[field];
    if (attributes === undefined || attributes === null) throw new BadCommand(cause, `${field} is not set on Command.`);
    decide(context, attributes);
  };
}

const HANDLERS: Readonly<Record<number, Handler>> = {
  [CommandType.SCHEDULE_ACTIVITY_TASK]: handler(
    'scheduleActivityTaskCommandAttributes',
    Cause.BAD_SCHEDULE_ACTIVITY_ATTRIBUTES,
    scheduleActivity,
  ),
  [CommandType.REQUEST_CANCEL_ACTIVITY_TASK]: handler(
    'requestCancelActivityTaskCommandAttributes',
    Cause.BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES,
    requestCancelActivity,
  ),
  [CommandType.START_TIMER]: handler('startTimerCommandAttributes', Cause.BAD_START_TIMER_ATTRIBUTES, startTimer),
  [CommandType.CANCEL_TIMER]: handler('cancelTimerCommandAttributes', Cause.BAD_CANCEL_TIMER_ATTRIBUTES, cancelTimer),
  [CommandType.RECORD_MARKER]: handler(
    'recordMarkerCommandAttributes',
    Cause.BAD_RECORD_MARKER_ATTRIBUTES,
    recordMarker,
  ),
  [CommandType.COMPLETE_WORKFLOW_EXECUTION]: handler(
    'completeWorkflowExecutionCommandAttributes',
    Cause.BAD_COMPLETE_WORKFLOW_EXECUTION_ATTRIBUTES,
    completeWorkflow,
  ),
  [CommandType.FAIL_WORKFLOW_EXECUTION]: handler(
    'failWorkflowExecutionCommandAttributes',
    Cause.BAD_FAIL_WORKFLOW_EXECUTION_ATTRIBUTES,
    failWorkflow,
  ),
  [CommandType.CANCEL_WORKFLOW_EXECUTION]: handler(
    'cancelWorkflowExecutionCommandAttributes',
    Cause.BAD_CANCEL_WORKFLOW_EXECUTION_ATTRIBUTES,
    cancelWorkflow,
  ),
  [CommandType.CONTINUE_AS_NEW_WORKFLOW_EXECUTION]: handler(
    'continueAsNewWorkflowExecutionCommandAttributes',
    Cause.BAD_CONTINUE_AS_NEW_ATTRIBUTES,
    continueAsNew,
  ),
  [CommandType.START_CHILD_WORKFLOW_EXECUTION]: handler(
    'startChildWorkflowExecutionCommandAttributes',
    Cause.BAD_START_CHILD_EXECUTION_ATTRIBUTES,
    startChild,
  ),
  [CommandType.SIGNAL_EXTERNAL_WORKFLOW_EXECUTION]: handler(
    'signalExternalWorkflowExecutionCommandAttributes',
    Cause.BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES,
    signalExternal,
  ),
  [CommandType.REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION]: handler(
    'requestCancelExternalWorkflowExecutionCommandAttributes',
    Cause.BAD_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_ATTRIBUTES,
    requestCancelExternal,
  ),
  [CommandType.UPSERT_WORKFLOW_SEARCH_ATTRIBUTES]: handler(
    'upsertWorkflowSearchAttributesCommandAttributes',
    Cause.BAD_SEARCH_ATTRIBUTES,
    upsertSearchAttributes,
  ),
  [CommandType.MODIFY_WORKFLOW_PROPERTIES]: handler(
    'modifyWorkflowPropertiesCommandAttributes',
    Cause.BAD_MODIFY_WORKFLOW_PROPERTIES_ATTRIBUTES,
    modifyProperties,
  ),
  [CommandType.PROTOCOL_MESSAGE]: handler(
    'protocolMessageCommandAttributes',
    Cause.BAD_UPDATE_WORKFLOW_EXECUTION_MESSAGE,
    protocolMessage,
  ),
};

/** A command that ends the run: it must be the last one. */
export const CLOSING_COMMANDS: ReadonlySet<number> = new Set([
  CommandType.COMPLETE_WORKFLOW_EXECUTION,
  CommandType.FAIL_WORKFLOW_EXECUTION,
  CommandType.CANCEL_WORKFLOW_EXECUTION,
  CommandType.CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
]);

/** @throws BadCommand */
export function carryOut(context: CommandContext, command: Command): void {
  const carry = HANDLERS[command.commandType];
  if (carry === undefined) {
    throw new BadCommand(
      Cause.FEATURE_DISABLED,
      `${commandName(command.commandType)} is not implemented by this server.`,
    );
  }
  const { userMetadata, eventGroupMarkers } = command;
  if (userMetadata !== undefined || eventGroupMarkers.length > 0) {
    context.tx.commandNotes = { userMetadata, eventGroupMarkers };
  }
  carry(context, command);
  context.tx.commandNotes = undefined;
}

function recordMarker(context: CommandContext, a: RecordMarkerCommandAttributes): void {
  const cause = Cause.BAD_RECORD_MARKER_ATTRIBUTES;
  const { tx } = context;
  if (a.markerName === '') throw new BadCommand(cause, 'MarkerName is not set on RecordMarkerCommand.');
  if (byteLength(a.markerName) > tx.context.limits.idLengthMax) {
    throw new BadCommand(cause, 'MarkerName exceeds length limit.');
  }
  checkBlob(tx, cause, 'RecordMarkerCommandAttributes.Details', ...a.details.values());
  tx.add(EventType.MARKER_RECORDED, {
    markerRecordedEventAttributes: {
      markerName: a.markerName,
      details: a.details,
      workflowTaskCompletedEventId: context.completedEventId,
      header: a.header,
      failure: a.failure,
    },
  });
}
