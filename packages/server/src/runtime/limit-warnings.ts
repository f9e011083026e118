// Says in the log that a run comes near a limit at which it would be ended by force, or does not get on: once, when it
// passes the mark, not with every step that follows.

import { type Limits, stateSize, type WorkflowState } from '@perdure/core';
import type { Logger } from '../logging/logger.ts';

/** What is compared with the marks. */
export interface Measures {
  readonly historyCount: number;
  readonly historySizeBytes: number;
  readonly stateSizeBytes: number;
  readonly memoSizeBytes: number;
  readonly taskAttempt: number;
}

/** Of a run that is only now being created. */
export const NOTHING_MEASURED: Measures = {
  historyCount: 0,
  historySizeBytes: 0,
  stateSizeBytes: 0,
  memoSizeBytes: 0,
  taskAttempt: 0,
};

export function measure(state: WorkflowState): Measures {
  return {
    historyCount: state.nextEventId - 1,
    historySizeBytes: state.historySizeBytes,
    stateSizeBytes: stateSize(state),
    memoSizeBytes: state.memo?.length ?? 0,
    taskAttempt: state.task?.attempt ?? 0,
  };
}

const MARKS = [
  ['historyCount', 'historyCountWarn', 'the history of a run has many events'],
  ['historySizeBytes', 'historySizeWarn', 'the history of a run is large'],
  ['stateSizeBytes', 'stateSizeWarn', 'the state of a run is large'],
  ['memoSizeBytes', 'memoSizeWarn', 'the memo of a run is large'],
  ['taskAttempt', 'taskAttemptsWarn', 'the workflow task of a run keeps failing'],
] as const satisfies readonly (readonly [keyof Measures, keyof Limits, string])[];

export function warnOfLimits(log: Logger, before: Measures, state: WorkflowState, limits: Limits): void {
  const now = measure(state);
  for (const [name, mark, message] of MARKS) {
    if (now[name] <= limits[mark] || before[name] > limits[mark]) continue;
    const { workflowId, runId } = state;
    log.warn(message, { workflowId, runId, [name]: now[name], warnFrom: limits[mark] });
  }
}
