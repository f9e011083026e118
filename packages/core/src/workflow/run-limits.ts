// What ends a run by force: a history, a state or one transition that has grown too large. The workflow was told to
// continue as new long before. What would have taken it over the limit does not happen.

import { invalidArgument, jsonPayloads, type StatusError } from '@perdure/api';
import { SERVER_IDENTITY, terminateRun } from './close.ts';
import { isRunning, stateSize } from './state.ts';
import type { Transition } from './transition.ts';

/**
 * Replaces a decision that goes over a limit by the run's termination. To be called when the decision is complete,
 * before `finish`. `transitions`: how many the run has had before. Returns the error that the caller gets once the
 * termination is durable; undefined: nothing to do.
 */
export function enforceRunLimits(tx: Transition, transitions: number): StatusError | undefined {
  // A run that is only now being created cannot be ended instead: what a start may hold is limited already.
  if (tx.firstEventId === 1 || tx.isEmpty) return undefined;
  const tooLarge = transitionSizeProblem(tx);
  if (tooLarge !== undefined) {
    end(tx, 'Transaction size exceeds limit.', jsonPayloads(tooLarge));
    return invalidArgument(tooLarge);
  }
  const reason = isRunning(tx.state) ? limitPassed(tx, transitions) : undefined;
  if (reason === undefined) return undefined;
  end(tx, reason, undefined);
  return invalidArgument(reason);
}

function limitPassed(tx: Transition, transitions: number): string | undefined {
  const { state } = tx;
  const { historyCountMax, historySizeMax, stateSizeMax, transitionsMax } = tx.context.limits;
  if (state.nextEventId - 1 > historyCountMax) return 'Workflow history count exceeds limit.';
  if (state.historySizeBytes > historySizeMax) return 'Workflow history size exceeds limit.';
  if (stateSize(state) > stateSizeMax) return 'Workflow mutable state size exceeds limit.';
  return transitions >= transitionsMax ? 'Workflow state transition count exceeds limit.' : undefined;
}

/** What is wrong with the size of a transition, or undefined. */
export function transitionSizeProblem(tx: Transition): string | undefined {
  const { transitionSizeMax } = tx.context.limits;
  if (tx.publicSize <= transitionSizeMax) return undefined;
  return `transaction size of ${tx.publicSize} bytes exceeds limit of ${transitionSizeMax} bytes`;
}

function end(tx: Transition, reason: string, details: Uint8Array | undefined): void {
  tx.restart();
  terminateRun(tx, { reason, details, identity: SERVER_IDENTITY, links: [] });
}
