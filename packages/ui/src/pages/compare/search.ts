// What the URL of the comparison holds: two runs.
import { defined, text } from '../../app/search-text.ts';

export interface CompareSearch {
  readonly workflowId?: string;
  readonly runId?: string;
  readonly otherWorkflowId?: string;
  readonly otherRunId?: string;
}

export function readCompareSearch(given: Record<string, unknown>): CompareSearch {
  return defined({
    workflowId: text(given['workflowId']),
    runId: text(given['runId']),
    otherWorkflowId: text(given['otherWorkflowId']),
    otherRunId: text(given['otherRunId']),
  });
}
