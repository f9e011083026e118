// May a workflow id be started again? The policies for a closed run (reuse) and an open one (conflict).

import { workflowExecutionAlreadyStarted } from '@perdure/api';
import {
  WorkflowIdConflictPolicy as Conflict,
  WorkflowIdReusePolicy as Reuse,
  WorkflowExecutionStatus as Status,
} from '@perdure/api/enums';
import { RUNNING } from './state.ts';

export interface ExistingRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: number;
  readonly startRequestId: string;
  readonly firstRunId: string;
}

/** start: begin a new run; use: answer with the open run; replace: terminate the open run and begin a new one. */
export type StartDecision = 'start' | 'use' | 'replace';

/** @throws ALREADY_EXISTS with WorkflowExecutionAlreadyStartedFailure */
export function decideStart(existing: ExistingRun, reusePolicy: number, conflictPolicy: number): StartDecision {
  const { workflowId, runId } = existing;
  const alreadyStarted = (message: string) =>
    workflowExecutionAlreadyStarted(message, {
      startRequestId: existing.startRequestId,
      runId,
      firstExecutionRunId: existing.firstRunId,
    });
  if (existing.status === RUNNING) {
    if (conflictPolicy === Conflict.USE_EXISTING) return 'use';
    if (conflictPolicy === Conflict.TERMINATE_EXISTING) return 'replace';
    throw alreadyStarted(`Workflow execution is already running. WorkflowId: ${workflowId}, RunId: ${runId}.`);
  }
  const finished = (policy: string) =>
    `. WorkflowId: ${workflowId}, RunId: ${runId}. Workflow Id reuse policy: ${policy}.`;
  if (reusePolicy === Reuse.ALLOW_DUPLICATE_FAILED_ONLY && existing.status === Status.COMPLETED) {
    throw alreadyStarted(
      `Workflow execution already finished successfully${finished('allow duplicate workflow Id if last run failed')}`,
    );
  }
  if (reusePolicy === Reuse.REJECT_DUPLICATE) {
    throw alreadyStarted(`Workflow execution already finished${finished('reject duplicate workflow Id')}`);
  }
  return 'start';
}

/** Why the replaced run ends. */
export const REPLACED_REASON = 'TerminateIfRunning WorkflowIdReusePolicy';
