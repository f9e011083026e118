// The batch operations of the shard: begins, finds and stops them, and has each of those that are open carried out by a
// driver, from the moment when it is created or read back until it is closed or its state is lost.

import { notFound, unavailable, workflowExecutionAlreadyStarted } from '@perdure/api';
import {
  addProgress,
  BATCH,
  type BatchChange,
  type BatchProgress,
  type BatchRequest,
  type BatchState,
  createBatch,
  NO_PROGRESS,
  stopBatch,
} from '@perdure/core';
import { EntityKind, type Store } from '@perdure/store';
import type { Logger } from '../../logging/logger.ts';
import type { Clock } from '../clock.ts';
import type { Engine } from '../engine.ts';
import type { Entity } from '../entities/entity.ts';
import { type EntityEngine, EntityHost } from '../entities/host.ts';
import { BatchDriver } from './driver.ts';
import { Turnstile } from './turnstile.ts';
import type { BatchWork } from './work.ts';

export interface BatchesOptions {
  readonly engine: EntityEngine & Pick<Engine, 'newRunId'>;
  readonly store: Store;
  readonly shard: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly work: BatchWork;
}

/** Of all batch operations together. */
const TURNSTILE = { perTurn: 8, inFlightMax: 100, inFlightMin: 10 };

export class Batches {
  readonly #options: BatchesOptions;
  readonly #host: EntityHost<BatchState, BatchChange>;
  readonly #drivers = new Map<Entity<BatchState>, BatchDriver>();
  readonly #turnstile: Turnstile;

  constructor(options: BatchesOptions) {
    this.#options = options;
    const { engine, store, shard, clock, log } = options;
    this.#turnstile = new Turnstile({ ...TURNSTILE, now: clock.now });
    this.#host = new EntityHost({
      ...{ engine, store, shard, clock, log },
      definition: BATCH,
      kind: EntityKind.BATCH_OPERATION,
      noun: 'batch operation',
      onLoaded: (entity) => this.#drive(entity),
      onDropped: (entity) => this.#abandon(entity),
    });
  }

  /** Resumes what was under way, in the background. */
  begin(): void {
    this.#host.begin();
  }

  /** Nothing new is begun from now on; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#host.stop();
    await Promise.all([...this.#drivers.values()].map((driver) => driver.halt()));
  }

  /** A request has come: batch operations make room. */
  noteRequest(): void {
    this.#turnstile.noteRequest();
  }

  /** Open ones. */
  openCount(namespaceId: string): number {
    let count = 0;
    for (const { namespaceId: its } of this.#drivers.keys()) if (its === namespaceId) count++;
    return count;
  }

  /** Resolves when it is durable. @throws ALREADY_EXISTS */
  async start(namespaceId: string, jobId: string, request: BatchRequest): Promise<void> {
    await this.#host.withEntity(namespaceId, jobId, (existing) => {
      if (existing !== undefined) throw alreadyStarted(existing);
      const identity = { namespaceId, id: jobId, runId: this.#options.engine.newRunId() };
      return this.#host.create(identity, (tx) => createBatch(tx, request)).durable;
    });
  }

  /** What is under way is finished first, so that the counts tell what was done. @throws NOT_FOUND, UNAVAILABLE */
  async stopOne(
    namespaceId: string,
    jobId: string,
    by: { readonly reason: string; readonly identity: string },
  ): Promise<void> {
    const entity = await this.#require(namespaceId, jobId);
    await this.#drivers.get(entity)?.halt();
    if (entity.state.closeMs !== undefined) {
      await this.#host.settled(entity);
      throw notFound('workflow execution already completed');
    }
    if (entity.dropped) throw unavailable('the state of the batch operation is being read back, please retry');
    await this.#host.transact(entity, (tx) => stopBatch(tx, { ...by, progress: this.#progressOf(entity) }));
  }

  /** As it is now, with what has been done of the page under way. @throws NOT_FOUND */
  async describe(namespaceId: string, jobId: string): Promise<BatchState> {
    const entity = await this.#require(namespaceId, jobId);
    const { state } = entity;
    const progress = addProgress(state.progress, this.#progressOf(entity));
    // What is decided meanwhile is not durable.
    await this.#host.settled(entity);
    return { ...state, progress };
  }

  async #require(namespaceId: string, jobId: string): Promise<Entity<BatchState>> {
    const entity = await this.#host.find(namespaceId, jobId);
    if (entity === undefined) throw notFound(`workflow not found for ID: ${jobId}`);
    return entity;
  }

  #progressOf(entity: Entity<BatchState>): BatchProgress {
    return this.#drivers.get(entity)?.progress ?? NO_PROGRESS;
  }

  #drive(entity: Entity<BatchState>): void {
    const { work, clock, log } = this.#options;
    const driver = new BatchDriver({ host: this.#host, entity, work, turnstile: this.#turnstile, clock, log });
    this.#drivers.set(entity, driver);
  }

  #abandon(entity: Entity<BatchState>): void {
    const driver = this.#drivers.get(entity);
    this.#drivers.delete(entity);
    void driver?.halt();
  }
}

function alreadyStarted({ id, runId, state }: Entity<BatchState>) {
  const text =
    state.closeMs === undefined
      ? `Workflow execution is already running. WorkflowId: ${id}, RunId: ${runId}.`
      : `Workflow execution already finished. WorkflowId: ${id}, RunId: ${runId}. Workflow Id reuse policy: RejectDuplicate.`;
  return workflowExecutionAlreadyStarted(text, { runId });
}
