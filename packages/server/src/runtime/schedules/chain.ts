// The workflows that a schedule has started: each is a chain of runs, which ends with one that nothing follows.

import { WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import { runTimeoutFailure, splitEvents, type WorkflowOutcome } from '@perdure/core';
import type { Store } from '@perdure/store';
import type { RunRef } from '../../matching/task.ts';
import type { Engine } from '../engine.ts';
import { readHistory } from '../history-reader.ts';
import type { Run } from '../run.ts';

/** Enough for one event of any size. */
const ONE_EVENT_BYTES_MAX = 1;

/** The newest run of the chain that began with this one; undefined: it is gone. */
export async function newestOfChain(engine: Engine, first: RunRef): Promise<Run | undefined> {
  const { loader } = engine;
  const newest = await loader.find({ ...first, runId: '' });
  // Another workflow may have the id now.
  let run = newest?.state.firstRunId === first.runId ? newest : await loader.find(first);
  // The last runs of a chain may have been removed, and the first ones not: one that goes on is not the newest.
  while (run !== undefined && run.state.successorRunId !== '') {
    run = await loader.find({ ...first, runId: run.state.successorRunId });
  }
  return run;
}

/** A closed run goes on as another one, or another one was made out of it. */
export function hasSuccessor(engine: Engine, run: Run): boolean {
  if (run.state.successorRunId !== '') return true;
  const newest = engine.loader.inMemory({ ...run.ref, runId: '' });
  return newest !== undefined && newest !== run && newest.isOpen && newest.state.firstRunId === run.state.firstRunId;
}

/** How a run closed whose closing event is durable. */
export async function outcomeOf(store: Store, run: Run): Promise<WorkflowOutcome> {
  const { nextEventId, status } = run.state;
  const page = { from: nextEventId - 1, to: nextEventId, eventsMax: 1, bytesMax: ONE_EVENT_BYTES_MAX };
  const [bytes] = splitEvents((await readHistory(store, run, page)).bytes);
  const event = HistoryEvent.decode(bytes ?? new Uint8Array(0));
  return {
    status,
    result: event.workflowExecutionCompletedEventAttributes?.result?.slice(),
    failure:
      status === Status.TIMED_OUT
        ? runTimeoutFailure()
        : event.workflowExecutionFailedEventAttributes?.failure?.slice(),
  };
}
