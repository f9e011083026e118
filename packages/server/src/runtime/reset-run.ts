// Making a run out of another one: reads what is copied and what is recorded again, then decides in one turn of the event
// loop, so that nothing can have happened to the runs that was not read. The new run, the end of the one that was open
// and the note in the base run are one transaction.

import { invalidArgument, notFound } from '@perdure/api';
import { EventType } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import {
  copiedHistory,
  type HistoryStretch,
  isReapplied,
  isRunning,
  RESETTER_IDENTITY,
  type RunOptionsChange,
  resetRun,
  splitEvents,
  terminateRun,
} from '@perdure/core';
import type { Store } from '@perdure/store';
import type { RunRef } from '../matching/task.ts';
import type { Engine } from './engine.ts';
import type { ElsewhereToo } from './engine-types.ts';
import { readHistory } from './history-reader.ts';
import type { Run } from './run.ts';

export interface ResetRequest {
  /** With an empty run id: the current run. */
  readonly base: RunRef;
  /** The first event that is not copied. */
  readonly finishEventId: number;
  readonly newRunId: string;
  readonly requestId: string;
  readonly reason: string;
  /** ResetReapplyExcludeType */
  readonly excluded: ReadonlySet<number>;
  readonly optionsChanges: readonly RunOptionsChange[];
}

/** About the size of one copied row. */
const STRETCH_BYTES = 1024 * 1024;

/**
 * Returns the id of the new run, or of the one that the same request has made before.
 * @throws NOT_FOUND, INVALID_ARGUMENT
 */
export async function resetWorkflow(engine: Engine, store: Store, request: ResetRequest): Promise<string> {
  for (;;) {
    const reading = await Reading.begin(engine, store, request);
    if (typeof reading === 'string') return reading;
    const copied = await reading.stretches();
    await reading.followers();
    const created = reading.decide(copied);
    if (created !== undefined) return (await created).state.runId;
  }
}

/** One attempt: what was read for it, and of which runs. */
class Reading {
  readonly #engine: Engine;
  readonly #store: Store;
  readonly #request: ResetRequest;
  readonly #base: Run;
  readonly #current: Run;
  readonly #reapply: Init<HistoryEvent>[] = [];
  /** The last run of the chain that was read, and how far. */
  #last: Run;
  #readTo: number;
  #nextRunId = '';

  private constructor(engine: Engine, store: Store, request: ResetRequest, base: Run, current: Run) {
    this.#engine = engine;
    this.#store = store;
    this.#request = request;
    this.#base = base;
    this.#current = current;
    this.#last = base;
    this.#readTo = request.finishEventId;
  }

  /** A string: the run that this request has made before. */
  static async begin(engine: Engine, store: Store, request: ResetRequest): Promise<Reading | string> {
    const currentRef = { ...request.base, runId: '' };
    const current = await engine.loader.find(currentRef);
    const base = request.base.runId === '' ? current : await engine.loader.find(request.base);
    if (base === undefined || current === undefined) throw notFound(notFoundText(request.base));
    const { finishEventId } = request;
    if (finishEventId <= 1 || finishEventId >= base.state.nextEventId) {
      throw invalidArgument('Workflow task finish ID must be > 1 && <= workflow last event ID.');
    }
    // What is copied is read from the store.
    await Promise.all([engine.settled(base), engine.settled(current)]);
    if (current.state.resetRequestId === request.requestId) return current.state.runId;
    const made = base.state.resetsMade.get(request.requestId);
    if (made !== undefined) return made;
    return new Reading(engine, store, request, base, current);
  }

  /** The copied events. */
  async stretches(): Promise<HistoryStretch[]> {
    const stretches: HistoryStretch[] = [];
    const { finishEventId } = this.#request;
    for (let from = 1; from < finishEventId; ) {
      const stretch = await this.#read(this.#base, from, finishEventId);
      // A copy: what was read together shares one block of memory.
      stretches.push({ ...stretch, bytes: stretch.bytes.slice() });
      from += stretch.eventCount;
    }
    return stretches;
  }

  /** What came after, through all runs that the base run continued as. */
  async followers(): Promise<void> {
    for (;;) {
      while (this.#readTo < this.#last.committedNextEventId) {
        this.#take(await this.#read(this.#last, this.#readTo, this.#last.committedNextEventId));
      }
      if (this.#nextRunId === '') return;
      const next = await this.#engine.loader.find({ ...this.#request.base, runId: this.#nextRunId });
      // A run that was deleted ends the chain.
      if (next === undefined) return;
      await this.#engine.settled(next);
      this.#last = next;
      this.#readTo = 1;
      this.#nextRunId = '';
    }
  }

  /** Undefined: something has happened meanwhile, read again. */
  decide(copied: readonly HistoryStretch[]): Promise<Run> | undefined {
    const { base, newRunId, requestId, reason, optionsChanges } = this.#request;
    const runs = [this.#base, this.#current, this.#last];
    const { loader } = this.#engine;
    if (runs.some((run) => run.dropped || run.isLeaving) || loader.inMemory({ ...base, runId: '' }) !== this.#current)
      return undefined;
    if (!this.#catchUp()) return undefined;
    const { runId: baseRunId, startRequestId } = this.#base.state;
    return this.#engine.createRun(
      {
        ...base,
        runId: newRunId,
        copied: copiedHistory(copied, startRequestId),
        decide: (tx) => resetRun(tx, { requestId, baseRunId, reason, reapply: this.#reapply, optionsChanges }),
      },
      ...this.#elsewhere(),
    );
  }

  /** Takes what is decided but was not in the store when it was read. False: it is not in memory any more. */
  #catchUp(): boolean {
    const { state, history } = this.#last;
    if (this.#readTo < state.nextEventId) {
      if ((history.firstEventId ?? Number.POSITIVE_INFINITY) > this.#readTo) return false;
      for (const { firstEventId, eventCount, bytes } of history.covering(this.#readTo, state.nextEventId)) {
        this.#take({ firstEventId, eventCount, bytes });
      }
    }
    // These come into the history when it ends.
    for (const event of state.buffered.items) this.#consider(event);
    return true;
  }

  #elsewhere(): ElsewhereToo[] {
    const { newRunId, requestId, reason } = this.#request;
    const note = { runWasReset: { runId: newRunId, requestId } };
    const elsewhere: ElsewhereToo[] = [{ run: this.#base, decide: (tx) => tx.note(note) }];
    if (isRunning(this.#current.state)) {
      const decide: ElsewhereToo['decide'] = (tx) =>
        terminateRun(tx, { reason, details: undefined, identity: RESETTER_IDENTITY, links: [] });
      elsewhere.push({ run: this.#current, decide });
    }
    return elsewhere;
  }

  async #read(run: Run, from: number, to: number): Promise<HistoryStretch> {
    const page = { from, to, eventsMax: Number.MAX_SAFE_INTEGER, bytesMax: STRETCH_BYTES };
    const { bytes, nextEventId } = await readHistory(this.#store, run, page);
    // It was removed meanwhile.
    if (nextEventId === from) throw notFound(notFoundText(run.ref));
    return { firstEventId: from, eventCount: nextEventId - from, bytes };
  }

  #take({ firstEventId, bytes }: HistoryStretch): void {
    let id = firstEventId;
    for (const encoded of splitEvents(bytes)) {
      if (id++ < this.#readTo) continue;
      const event = HistoryEvent.decode(encoded);
      this.#consider(event);
      if (event.eventType === EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW) {
        this.#nextRunId = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? '';
      }
    }
    this.#readTo = id;
  }

  #consider(event: Init<HistoryEvent>): void {
    if (isReapplied(event, this.#request.excluded, this.#last === this.#base)) this.#reapply.push(event);
  }
}

function notFoundText({ workflowId, runId }: RunRef): string {
  return runId === ''
    ? `workflow not found for ID: ${workflowId}`
    : `workflow execution not found for workflow ID "${workflowId}" and run ID "${runId}"`;
}
