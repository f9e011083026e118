// The events of a transient (or speculative) workflow task, as a worker must see them although they are not in the history (yet).

import { EventType, TaskQueueKind } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import { encodeField } from '@perdure/api/wire';
import type { WorkflowState, WorkflowTask } from './state.ts';

const HISTORY_EVENTS_FIELD = 1;

/** Pieces of an encoded History: the scheduled event and, if a worker has the task, the started event. */
export function transientEvents(state: WorkflowState, task: WorkflowTask): Uint8Array[] {
  const { scheduledEventId, startedEventId } = task;
  const taskQueue = task.sticky
    ? { name: task.taskQueue, kind: TaskQueueKind.STICKY, normalName: state.taskQueue }
    : { name: state.taskQueue, kind: TaskQueueKind.NORMAL };
  const scheduled = encodeField(HistoryEvent, HISTORY_EVENTS_FIELD, {
    eventId: scheduledEventId,
    eventTime: task.scheduledMs,
    eventType: EventType.WORKFLOW_TASK_SCHEDULED,
    workflowTaskScheduledEventAttributes: {
      taskQueue,
      startToCloseTimeout: task.timeoutMs,
      attempt: task.attempt,
    },
  });
  if (startedEventId === 0) return [scheduled];
  const { identity, requestId, historySizeBytes, suggestContinueAsNew } = task;
  const suggestContinueAsNewReasons = [...task.suggestContinueAsNewReasons];
  const started = encodeField(HistoryEvent, HISTORY_EVENTS_FIELD, {
    eventId: startedEventId,
    eventTime: task.startedMs,
    eventType: EventType.WORKFLOW_TASK_STARTED,
    workflowTaskStartedEventAttributes: {
      scheduledEventId,
      identity,
      requestId,
      historySizeBytes,
      suggestContinueAsNew,
      suggestContinueAsNewReasons,
    },
  });
  return [scheduled, started];
}
