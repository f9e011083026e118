// Every type of event, under the name that the API gives it, and in words.

const TITLES = {
  WORKFLOW_EXECUTION_STARTED: 'workflow started',
  WORKFLOW_EXECUTION_COMPLETED: 'workflow completed',
  WORKFLOW_EXECUTION_FAILED: 'workflow failed',
  WORKFLOW_EXECUTION_TIMED_OUT: 'workflow timed out',
  WORKFLOW_EXECUTION_CANCELED: 'workflow canceled',
  WORKFLOW_EXECUTION_TERMINATED: 'workflow terminated',
  WORKFLOW_EXECUTION_CONTINUED_AS_NEW: 'workflow continued as new',
  WORKFLOW_EXECUTION_CANCEL_REQUESTED: 'workflow cancel requested',
  WORKFLOW_EXECUTION_SIGNALED: 'signal received',
  WORKFLOW_EXECUTION_OPTIONS_UPDATED: 'workflow options updated',
  WORKFLOW_EXECUTION_PAUSED: 'workflow paused',
  WORKFLOW_EXECUTION_UNPAUSED: 'workflow unpaused',
  WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED: 'time skipped',
  WORKFLOW_PROPERTIES_MODIFIED: 'memo changed',
  WORKFLOW_PROPERTIES_MODIFIED_EXTERNALLY: 'workflow properties changed from outside',
  UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: 'search attributes changed',
  WORKFLOW_TASK_SCHEDULED: 'workflow task scheduled',
  WORKFLOW_TASK_STARTED: 'workflow task started',
  WORKFLOW_TASK_COMPLETED: 'workflow task completed',
  WORKFLOW_TASK_TIMED_OUT: 'workflow task timed out',
  WORKFLOW_TASK_FAILED: 'workflow task failed',
  ACTIVITY_TASK_SCHEDULED: 'activity task scheduled',
  ACTIVITY_TASK_STARTED: 'activity task started',
  ACTIVITY_TASK_COMPLETED: 'activity task completed',
  ACTIVITY_TASK_FAILED: 'activity task failed',
  ACTIVITY_TASK_TIMED_OUT: 'activity task timed out',
  ACTIVITY_TASK_CANCEL_REQUESTED: 'activity task cancel requested',
  ACTIVITY_TASK_CANCELED: 'activity task canceled',
  ACTIVITY_PROPERTIES_MODIFIED_EXTERNALLY: 'activity properties changed from outside',
  TIMER_STARTED: 'timer started',
  TIMER_FIRED: 'timer fired',
  TIMER_CANCELED: 'timer canceled',
  MARKER_RECORDED: 'marker recorded',
  START_CHILD_WORKFLOW_EXECUTION_INITIATED: 'child workflow initiated',
  START_CHILD_WORKFLOW_EXECUTION_FAILED: 'child workflow start failed',
  CHILD_WORKFLOW_EXECUTION_STARTED: 'child workflow started',
  CHILD_WORKFLOW_EXECUTION_COMPLETED: 'child workflow completed',
  CHILD_WORKFLOW_EXECUTION_FAILED: 'child workflow failed',
  CHILD_WORKFLOW_EXECUTION_CANCELED: 'child workflow canceled',
  CHILD_WORKFLOW_EXECUTION_TIMED_OUT: 'child workflow timed out',
  CHILD_WORKFLOW_EXECUTION_TERMINATED: 'child workflow terminated',
  SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED: 'external signal initiated',
  SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED: 'external signal failed',
  EXTERNAL_WORKFLOW_EXECUTION_SIGNALED: 'external signal delivered',
  REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED: 'external cancel initiated',
  REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED: 'external cancel failed',
  EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED: 'external cancel delivered',
  WORKFLOW_EXECUTION_UPDATE_ADMITTED: 'update admitted',
  WORKFLOW_EXECUTION_UPDATE_ACCEPTED: 'update accepted',
  WORKFLOW_EXECUTION_UPDATE_REJECTED: 'update rejected',
  WORKFLOW_EXECUTION_UPDATE_COMPLETED: 'update completed',
  NEXUS_OPERATION_SCHEDULED: 'Nexus operation scheduled',
  NEXUS_OPERATION_STARTED: 'Nexus operation started',
  NEXUS_OPERATION_COMPLETED: 'Nexus operation completed',
  NEXUS_OPERATION_FAILED: 'Nexus operation failed',
  NEXUS_OPERATION_CANCELED: 'Nexus operation canceled',
  NEXUS_OPERATION_TIMED_OUT: 'Nexus operation timed out',
  NEXUS_OPERATION_CANCEL_REQUESTED: 'Nexus operation cancel requested',
  NEXUS_OPERATION_CANCEL_REQUEST_COMPLETED: 'Nexus operation cancel request completed',
  NEXUS_OPERATION_CANCEL_REQUEST_FAILED: 'Nexus operation cancel request failed',
} as const satisfies Readonly<Record<string, string>>;

/** Without the prefix `EVENT_TYPE_`. */
export type EventType = keyof typeof TITLES;

export const EVENT_TYPES = Object.keys(TITLES) as readonly EventType[];

const PREFIX = 'EVENT_TYPE_';
const BY_FULL_NAME: ReadonlyMap<string, EventType> = new Map(EVENT_TYPES.map((type) => [`${PREFIX}${type}`, type]));

/** undefined: a type that is not known here, of a newer server. */
export function eventTypeOf(eventType: string | undefined): EventType | undefined {
  return eventType === undefined ? undefined : BY_FULL_NAME.get(eventType);
}

/** As the `temporal` command shows it: `ActivityTaskScheduled`. */
export function eventName(eventType: string | undefined): string {
  return words(eventType)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** "activity task scheduled" */
export function eventTitle(eventType: string | undefined): string {
  const known = eventTypeOf(eventType);
  return known === undefined ? words(eventType).join(' ') : TITLES[known];
}

function words(eventType = 'unknown'): string[] {
  return eventType.replace(PREFIX, '').toLowerCase().split('_');
}
