import type { Init } from '@perdure/api/wire';
import type { WorkflowExecutionInfo } from '@perdure/api/workflow';
import type { RunRow } from '@perdure/store';

/** A run as lists show it. Memo and search attributes stay the bytes they are stored as. */
export function executionInfo(row: RunRow): Init<WorkflowExecutionInfo> {
  const execution = { workflowId: row.workflowId, runId: row.runId };
  const hasParent = row.parentWorkflowId !== '';
  return {
    execution,
    type: { name: row.workflowType },
    startTime: row.startMs,
    executionTime: row.executionMs,
    closeTime: row.closeMs,
    executionDuration: row.closeMs === undefined ? undefined : Math.max(0, row.closeMs - row.executionMs),
    status: row.status,
    historyLength: row.historyLength,
    historySizeBytes: row.historySizeBytes,
    stateTransitionCount: row.stateTransitionCount,
    taskQueue: row.taskQueue,
    memo: row.memo,
    searchAttributes: row.searchAttributes,
    firstRunId: row.firstRunId,
    rootExecution: { workflowId: row.rootWorkflowId, runId: row.rootRunId },
    ...(hasParent
      ? {
          parentNamespaceId: row.namespaceId,
          parentExecution: { workflowId: row.parentWorkflowId, runId: row.parentRunId },
        }
      : {}),
  };
}
