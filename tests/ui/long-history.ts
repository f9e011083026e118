// A history as long as the longest that are common: rounds of activities side by side, as the HTTP API writes it.

const PER_ROUND = 50;
const START_MS = Date.UTC(2026, 0, 1);
const STEP_MS = 10;

interface HistoryEvent {
  readonly eventId: string;
  readonly eventTime: string;
  readonly eventType: string;
  readonly [attributes: string]: unknown;
}

export function longHistory(count: number): readonly HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const add = (type: string, attributes: object): string => {
    const eventId = String(events.length + 1);
    const name = type.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    events.push({
      eventId,
      eventTime: new Date(START_MS + events.length * STEP_MS).toISOString(),
      eventType: `EVENT_TYPE_${type}`,
      [`${name}EventAttributes`]: attributes,
    });
    return eventId;
  };
  const taskQueue = { name: 'orders' };
  add('WORKFLOW_EXECUTION_STARTED', { workflowType: { name: 'Bulk' }, taskQueue, attempt: 1 });
  while (events.length < count) {
    const scheduledEventId = add('WORKFLOW_TASK_SCHEDULED', { taskQueue, attempt: 1 });
    const startedEventId = add('WORKFLOW_TASK_STARTED', { scheduledEventId });
    const workflowTaskCompletedEventId = add('WORKFLOW_TASK_COMPLETED', { scheduledEventId, startedEventId });
    const scheduled = Array.from({ length: PER_ROUND }, (_, i) =>
      add('ACTIVITY_TASK_SCHEDULED', {
        ...{ activityId: `${events.length}`, activityType: { name: `reserve${i % 5}` }, taskQueue },
        ...{ workflowTaskCompletedEventId, input: payloads(`item ${i}`) },
      }),
    );
    for (const activity of scheduled) {
      const started = add('ACTIVITY_TASK_STARTED', { scheduledEventId: activity, attempt: 1, identity: 'worker' });
      const ids = { scheduledEventId: activity, startedEventId: started };
      add('ACTIVITY_TASK_COMPLETED', { ...ids, result: payloads('reserved') });
    }
  }
  return events.slice(0, count);
}

function payloads(value: unknown): object {
  const encoding = Buffer.from('json/plain').toString('base64');
  return { payloads: [{ metadata: { encoding }, data: Buffer.from(JSON.stringify(value)).toString('base64') }] };
}
