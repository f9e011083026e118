// Enum values as error messages and failures spell them: `BadScheduleActivityAttributes`, `CompleteWorkflowExecution`.

import {
  CommandTypeNames,
  EventTypeNames,
  WorkflowExecutionStatusNames,
  WorkflowTaskFailedCauseNames,
} from '@perdure/api/enums';

export function causeName(cause: number): string {
  return pascalCase(WorkflowTaskFailedCauseNames.name(cause));
}

export function commandName(commandType: number): string {
  return pascalCase(CommandTypeNames.name(commandType));
}

/** `WorkflowExecutionStarted` */
export function eventName(eventType: number): string {
  return pascalCase(EventTypeNames.name(eventType));
}

/** `ContinuedAsNew` */
export function statusName(status: number): string {
  return pascalCase(WorkflowExecutionStatusNames.name(status));
}

function pascalCase(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
