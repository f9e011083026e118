// What the URL of a task queue holds.
import { defined, oneOf } from '../../app/search-text.ts';

export interface TaskQueueSearch {
  readonly type?: 'workflow' | 'activity' | 'nexus';
}

export function readTaskQueueSearch(given: Record<string, unknown>): TaskQueueSearch {
  return defined({ type: oneOf(given['type'], ['workflow', 'activity', 'nexus']) });
}
