// A long history as workflows that fan out leave it: workflow tasks that schedule four activities each.
import type { HistoryEvent } from '../src/history/event.ts';
import { event, started, workflowTask } from './events.ts';

const ACTIVITIES_PER_TASK = 4;

/** Of about that many events, the last activities closed; the run is open. */
export function longHistory(length: number): HistoryEvent[] {
  const events = [started()];
  while (events.length < length) {
    const taskId = events.length + 1;
    events.push(...workflowTask(taskId));
    const heads = Array.from({ length: ACTIVITIES_PER_TASK }, (_, at) => taskId + 3 + at);
    events.push(...heads.map((id) => scheduled(id, String(taskId + 2))));
    for (const head of heads) events.push(...startedAndCompleted(events.length + 1, String(head)));
  }
  return events;
}

function scheduled(id: number, workflowTaskCompletedEventId: string): HistoryEvent {
  const activityType = { name: `charge${id % ACTIVITIES_PER_TASK}` };
  const taskQueue = { name: 'orders' };
  const attributes = { activityId: String(id), activityType, taskQueue, workflowTaskCompletedEventId };
  return event(id, 'ACTIVITY_TASK_SCHEDULED', attributes);
}

function startedAndCompleted(id: number, scheduledEventId: string): HistoryEvent[] {
  return [
    event(id, 'ACTIVITY_TASK_STARTED', { scheduledEventId, attempt: 1 }),
    event(id + 1, 'ACTIVITY_TASK_COMPLETED', { scheduledEventId, startedEventId: String(id) }),
  ];
}
