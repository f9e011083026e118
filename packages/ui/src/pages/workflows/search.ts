// What the URL of the workflow list holds.
import { defined, oneOf, text } from '../../app/search-text.ts';

export interface WorkflowsSearch {
  /** A visibility query. */
  readonly query?: string;
  /** Name of a search attribute. */
  readonly sort?: string;
  readonly order?: 'asc';
  /** Ids of the columns that are shown, by comma; absent: what this person has chosen. */
  readonly columns?: string;
  readonly view?: string;
}

export function readWorkflowsSearch(given: Record<string, unknown>): WorkflowsSearch {
  return defined({
    query: text(given['query']),
    sort: text(given['sort']),
    order: oneOf(given['order'], ['asc']),
    columns: text(given['columns']),
    view: text(given['view']),
  });
}
