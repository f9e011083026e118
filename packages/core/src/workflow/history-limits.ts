// A history that has grown too long or too large ends its run: the workflow was told to continue as new long before.
// What would have taken it over the limit does not happen.

import { invalidArgument, type StatusError } from '@perdure/api';
import { SERVER_IDENTITY, terminateRun } from './close.ts';
import { isRunning } from './state.ts';
import type { Transition } from './transition.ts';

/**
 * Replaces a decision that goes over a limit by the run's termination. To be called when the decision is complete,
 * before `finish`. `transitions`: how many the run has had before. Returns the error that the caller gets once the termination is durable; undefined: nothing to do.
 */
export function enforceHistoryLimits(tx: Transition, transitions: number): StatusError | undefined {
  const { state } = tx;
  const { historyCountMax, historySizeMax, transitionsMax } = tx.context.limits;
  // A run that is only now being created cannot be ended instead: what a start may hold is limited already.
  if (!isRunning(state) || tx.firstEventId === 1 || tx.isEmpty) return undefined;
  const count = state.nextEventId - 1;
  let reason: string;
  if (count > historyCountMax) reason = 'Workflow history count exceeds limit.';
  else if (state.historySizeBytes > historySizeMax) reason = 'Workflow history size exceeds limit.';
  else if (transitions >= transitionsMax) reason = 'Workflow state transition count exceeds limit.';
  else return undefined;
  tx.restart();
  terminateRun(tx, { reason, details: undefined, identity: SERVER_IDENTITY, links: [] });
  return invalidArgument(reason);
}
