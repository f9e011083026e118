// What the URL of the list of schedules holds.
import { defined, text } from '../../app/search-text.ts';

export interface SchedulesSearch {
  /** A visibility query. */
  readonly query?: string;
}

export function readSchedulesSearch(given: Record<string, unknown>): SchedulesSearch {
  return defined({ query: text(given['query']) });
}
