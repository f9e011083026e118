// What schedules do by themselves. When one wakes, the times that are due go into its buffer, and the workflows whose turn
// it is are started. A workflow begins in the same turn of the event loop in which its schedule notes it, so in the same
// transaction: exactly one start for each due time, whatever crashes.
//
// A schedule whose workflows run stays in memory, and hears when they close. After a start, or a failed commit, it is read
// back and asks what has become of them before it does anything else.

import { StatusError } from '@perdure/api';
import {
  advanceSchedule,
  EntityTransition,
  endingToRequest,
  isExclusive,
  isTriggered,
  type PendingStart,
  planStarts,
  recordClosed,
  recordEndingRequested,
  recordGivenUp,
  recordRenamed,
  recordStarted,
  requestCancelRun,
  type Schedule,
  type ScheduleChange,
  type ScheduleTransition,
  StartOrigin,
  StopRequest,
  scheduleDefinition,
  startRequestId,
  terminateRun,
  workflowIdOf,
} from '@perdure/core';
import { EntityKind, type Store } from '@perdure/store';
import type { Logger } from '../../logging/logger.ts';
import type { Clock } from '../clock.ts';
import type { Engine } from '../engine.ts';
import type { NewRun } from '../engine-types.ts';
import type { Entity } from '../entities/entity.ts';
import { EntityHost } from '../entities/host.ts';
import type { Run } from '../run.ts';
import { withRun } from '../with-run.ts';
import { hasSuccessor, newestOfChain, outcomeOf } from './chain.ts';
import { Pace } from './pace.ts';

export type ScheduleEntity = Entity<Schedule>;

/** What a workflow needs to begin, besides its identity. */
export interface Action {
  readonly entity: ScheduleEntity;
  readonly start: PendingStart;
  readonly workflowId: string;
  readonly requestId: string;
  readonly identity: string;
}

export interface SchedulerOptions {
  readonly engine: Engine;
  readonly store: Store;
  readonly shard: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** @throws StatusError: it cannot be started as the schedule says */
  readonly newRun: (action: Action) => NewRun;
  readonly startsPerSecond: (namespaceId: string) => number;
}

const RETRY_MS = 1000;

export class Scheduler {
  readonly host: EntityHost<Schedule, ScheduleChange>;
  readonly #options: SchedulerOptions;
  readonly #pace: Pace;
  /** Those that are at work. */
  readonly #working = new Map<ScheduleEntity, Promise<void>>();
  /** While it is asked what has become of their workflows. */
  readonly #checking = new Map<ScheduleEntity, Promise<void>>();
  /** By the first run of a workflow: who waits for its end. */
  readonly #watching = new Map<string, ScheduleEntity>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock, options.startsPerSecond);
    const { engine, store, shard, clock, log } = options;
    this.host = new EntityHost<Schedule, ScheduleChange>({
      ...{ definition: scheduleDefinition, kind: EntityKind.SCHEDULE, noun: 'schedule' },
      ...{ engine, store, shard, clock, log },
      onWake: (entity) => this.work(entity),
      onLoaded: (entity) => this.#onLoaded(entity),
      onDropped: (entity) => this.#onDropped(entity),
    });
    engine.onRunClosed((run) => this.#onRunClosed(run));
  }

  begin(): void {
    this.host.begin();
  }

  stop(): void {
    this.host.stop();
  }

  /** Resolves when it has done what was to be done, a great many starts aside. */
  work(entity: ScheduleEntity): Promise<void> {
    let working = this.#working.get(entity);
    if (working === undefined) {
      working = this.#pace
        .inTurn(entity.namespaceId, () => this.#work(entity))
        .finally(() => this.#working.delete(entity));
      this.#working.set(entity, working);
    }
    return working;
  }

  /** Its state, when it knows what has become of its workflows; durable: what is decided meanwhile is not in it. */
  async settledState(entity: ScheduleEntity): Promise<Schedule> {
    await this.#checking.get(entity);
    const { state } = entity;
    await this.host.settled(entity);
    return state;
  }

  async #work(entity: ScheduleEntity): Promise<void> {
    await this.#checking.get(entity);
    if (entity.dropped) return;
    const { ready } = this.#preview(entity);
    if (ready.length > 0) {
      await Promise.all(ready.map((start) => this.#start(entity, start)));
      return;
    }
    this.host.decide(entity, advanceSchedule);
    await this.#requestEndings(entity);
  }

  /** What it would do now: workflow ids must be looked up before it decides. */
  #preview({ state }: ScheduleEntity) {
    const tx = new EntityTransition(scheduleDefinition, state, this.#options.engine.moment);
    advanceSchedule(tx);
    return planStarts(tx.state);
  }

  async #start(entity: ScheduleEntity, start: PendingStart): Promise<void> {
    const { engine } = this.#options;
    const { namespaceId } = entity;
    const workflowId = workflowIdOf(entity.state, start);
    await this.#pace.untilNext(namespaceId);
    await withRun(engine, { namespaceId, workflowId, runId: '' }, (existing) => {
      if (entity.dropped) return;
      engine.atOneMoment(() =>
        this.host.decide(entity, (tx) => this.#take(tx, entity, { start, workflowId, existing })),
      );
    });
  }

  /** What was looked up is used only if it is still what is needed. */
  #take(tx: ScheduleTransition, entity: ScheduleEntity, found: FoundWorkflow): void {
    const { workflowId, existing } = found;
    advanceSchedule(tx);
    const start = planStarts(tx.state).ready.find(({ id }) => id === found.start.id);
    if (start === undefined || workflowIdOf(tx.state, start) !== workflowId) return;
    switch (existing === undefined ? 'start' : decideOver(existing, start, tx.state, entity.runId)) {
      case 'start':
        return this.#begin(tx, entity, start, workflowId);
      case 'rename':
        return recordRenamed(tx, start);
      case 'done':
        return recordGivenUp(tx, start, false);
      case 'skip':
        return recordGivenUp(tx, start, true);
    }
  }

  #begin(tx: ScheduleTransition, entity: ScheduleEntity, start: PendingStart, workflowId: string): void {
    const { engine, log, newRun } = this.#options;
    const { namespaceId, id, runId } = entity;
    const requestId = startRequestId(runId, start);
    let run: Run;
    try {
      run = engine.beginRun(newRun({ entity, start, workflowId, requestId, identity: this.#identity(entity) }));
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      log.warn('a schedule could not start a workflow', { namespaceId, scheduleId: id, workflowId, error });
      recordGivenUp(tx, start, false);
      return;
    }
    if (isExclusive(tx.state, start)) this.#watching.set(run.state.runId, entity);
    recordStarted(tx, start, workflowId, run.state.runId);
  }

  /** What must not overlap is asked to make room. */
  async #requestEndings(entity: ScheduleEntity): Promise<void> {
    const { engine } = this.#options;
    const ending = endingToRequest(entity.state, planStarts(entity.state));
    if (ending === StopRequest.NONE) return;
    const asked = entity.state.running.filter((workflow) => workflow.asked < ending);
    for (const { workflowId, firstRunId } of asked) {
      const { namespaceId } = entity;
      await withRun(engine, { namespaceId, workflowId, runId: '' }, (run) => {
        if (entity.dropped) return;
        engine.atOneMoment(() => {
          // One that has closed is about to be noticed.
          if (run?.isOpen && !run.isLeaving && run.state.firstRunId === firstRunId) this.#end(entity, run, ending);
          this.host.decide(entity, (tx) => recordEndingRequested(tx, [firstRunId], ending));
        });
      });
    }
  }

  #end(entity: ScheduleEntity, run: Run, ending: StopRequest): void {
    const identity = this.#identity(entity);
    this.#options.engine.decide(run, (tx) => {
      if (ending === StopRequest.TERMINATE) {
        terminateRun(tx, { reason: 'terminated by schedule overlap policy', details: undefined, identity, links: [] });
      } else {
        requestCancelRun(tx, { reason: 'cancelled by schedule overlap policy', identity, requestId: '', links: [] });
      }
    });
  }

  #identity({ namespaceId, id }: ScheduleEntity): string {
    return `temporal-scheduler-${this.#options.engine.namespaces.nameOf(namespaceId) ?? ''}-${id}`;
  }

  #onLoaded(entity: ScheduleEntity): void {
    if (entity.state.running.length === 0) return;
    for (const { firstRunId } of entity.state.running) this.#watching.set(firstRunId, entity);
    this.#check(entity);
  }

  #onDropped(entity: ScheduleEntity): void {
    for (const { firstRunId } of entity.state.running) this.#forget(entity, firstRunId);
  }

  #forget(entity: ScheduleEntity, firstRunId: string): void {
    if (this.#watching.get(firstRunId) === entity) this.#watching.delete(firstRunId);
  }

  #onRunClosed(run: Run): void {
    const entity = this.#watching.get(run.state.firstRunId);
    if (entity === undefined || hasSuccessor(this.#options.engine, run)) return;
    this.#noteClosed(entity, run).catch((error: unknown) => this.#checkLater(entity, error));
  }

  async #noteClosed(entity: ScheduleEntity, run: Run): Promise<void> {
    const outcome = await outcomeOf(this.#options.store, run);
    const { firstRunId } = run.state;
    if (entity.dropped) return;
    this.host.decide(entity, (tx) => recordClosed(tx, firstRunId, outcome));
    this.#forget(entity, firstRunId);
  }

  #check(entity: ScheduleEntity): void {
    const checking = this.#lookForClosed(entity).catch((error: unknown) => this.#checkLater(entity, error));
    this.#checking.set(entity, checking);
    void checking.finally(() => {
      if (this.#checking.get(entity) === checking) this.#checking.delete(entity);
    });
  }

  /** What became of its workflows could not be read. */
  #checkLater(entity: ScheduleEntity, error: unknown): void {
    if (entity.dropped) return;
    const { namespaceId, id: scheduleId } = entity;
    this.#options.log.error('what became of the workflows of a schedule is not known yet', {
      ...{ namespaceId, scheduleId, error },
    });
    setTimeout(() => {
      if (!entity.dropped) this.#check(entity);
    }, RETRY_MS).unref();
  }

  async #lookForClosed(entity: ScheduleEntity): Promise<void> {
    const { engine, store } = this.#options;
    const { namespaceId } = entity;
    const { running } = entity.state;
    const rows = await store.findRuns(running.map(({ workflowId }) => ({ namespaceId, workflowId, runId: '' })));
    for (const [i, { workflowId, firstRunId }] of running.entries()) {
      const row = rows[i];
      // It is heard of when it closes.
      if (row?.firstRunId === firstRunId && row.closeMs === undefined) continue;
      const run = await newestOfChain(engine, { namespaceId, workflowId, runId: firstRunId });
      if (entity.dropped) return;
      if (run === undefined) this.host.decide(entity, (tx) => recordClosed(tx, firstRunId, GONE));
      else if (run.closedDurably && !hasSuccessor(engine, run)) await this.#noteClosed(entity, run);
    }
  }
}

interface FoundWorkflow {
  readonly start: PendingStart;
  readonly workflowId: string;
  /** The newest run of the workflow id. */
  readonly existing: Run | undefined;
}

/** It was removed: how it closed is not known. */
const GONE = { status: 0, result: undefined, failure: undefined };

/** done: another start for the same time was made before; skip: it would overlap. */
function decideOver(
  existing: Run,
  start: PendingStart,
  { definition }: Schedule,
  scheduleRunId: string,
): 'start' | 'rename' | 'done' | 'skip' {
  if (definition.policies.keepOriginalWorkflowId) return existing.isOpen ? 'skip' : 'start';
  const { startRequestId: requestId, runId, firstRunId } = existing.state;
  // A run that follows another one does not know who has asked for the first.
  const isOwn = requestId.startsWith(`${scheduleRunId}-`) || runId !== firstRunId;
  if (start.origin === StartOrigin.SPEC && isOwn) return isTriggered(requestId) ? 'rename' : 'done';
  return existing.isOpen ? 'rename' : 'start';
}
