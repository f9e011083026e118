// What every start of a workflow has in common, whether a client asks for it or a parent: the policies say whether a run
// may begin after, or instead of, the newest one of its id.

import { jsonPayloads, StatusError } from '@perdure/api';
import { WorkflowIdConflictPolicy as Conflict, WorkflowIdReusePolicy as Reuse } from '@perdure/api/enums';
import {
  decideStart,
  REPLACED_REASON,
  SERVER_IDENTITY,
  type StartDecision,
  type Transition,
  terminateRun,
} from '@perdure/core';
import type { Run } from './run.ts';

export interface IdPolicies {
  readonly reuse: number;
  readonly conflict: number;
}

/** The run ends because another one takes its place. */
export function terminateReplaced(tx: Transition, newRunId: string): void {
  const details = jsonPayloads(`terminated by new runID: ${newRunId}`);
  terminateRun(tx, { reason: REPLACED_REASON, details, identity: SERVER_IDENTITY, links: [] });
}

/** A child has no policy for an open run but the one that its reuse policy implies. */
export function childPolicies(reusePolicy: number): IdPolicies {
  return reusePolicy === Reuse.TERMINATE_IF_RUNNING
    ? { reuse: Reuse.ALLOW_DUPLICATE, conflict: Conflict.TERMINATE_EXISTING }
    : { reuse: reusePolicy, conflict: Conflict.FAIL };
}

/** found: this very request has started the run before; refuse: the policies do not allow another one. */
export function decideStartOver(
  existing: Run | undefined,
  requestId: string,
  policies: IdPolicies,
): StartDecision | 'found' | 'refuse' {
  if (existing === undefined) return 'start';
  if (existing.state.startRequestId === requestId) return 'found';
  try {
    return decideStart(existing.state, policies.reuse, policies.conflict);
  } catch (error) {
    if (error instanceof StatusError) return 'refuse';
    throw error;
  }
}
