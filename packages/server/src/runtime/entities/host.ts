// The entities of one kind: finds them, carries out decisions on them, and wakes them. What is decided in one turn of the
// event loop, here and on workflow runs, is committed in one transaction, because all of it goes through the engine's
// commit queue. As with runs, nothing may leave the process before its commit.
//
// An entity is in memory while it has something to do soon, or while it is used. The store always knows when it wakes,
// so it can leave at any time. When a commit fails, all are dropped and read back.

import { dataLoss, unavailable } from '@perdure/api';
import { type EntityDefinition, type EntityShown, EntityTransition, foldEntity } from '@perdure/core';
import type { EntityKind, RunRow, Store, Write } from '@perdure/store';
import type { Logger } from '../../logging/logger.ts';
import type { Clock } from '../clock.ts';
import type { Engine } from '../engine.ts';
import { Wakeups } from '../wakeups.ts';
import { DueScan } from './due-scan.ts';
import { Entity, type EntityIdentity } from './entity.ts';

/** What a host needs of the engine. */
export type EntityEngine = Pick<
  Engine,
  'moment' | 'newKey' | 'write' | 'onStateLost' | 'onNamespaceStopped' | 'isBeingRemoved'
>;

export interface EntityHostOptions<S, E> {
  readonly definition: EntityDefinition<S, E>;
  readonly kind: EntityKind;
  /** For messages: "schedule". */
  readonly noun: string;
  readonly engine: EntityEngine;
  readonly store: Store;
  readonly shard: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Its time has come. It decides, and so sets the next one. Undefined: while it is in memory it needs no waking. */
  readonly onWake?: (entity: Entity<S>) => Promise<void>;
  /** It was read back, or has just begun. */
  readonly onLoaded?: (entity: Entity<S>) => void;
  /** It is not in memory any more. */
  readonly onDropped?: (entity: Entity<S>) => void;
  /** Entities in memory, about: those that sleep longest leave first. */
  readonly loadedMax?: number;
}

export interface EntityDecision<T> {
  readonly result: T;
  /** Rejects with UNAVAILABLE if the commit failed. The caller need not wait: a failed commit is dealt with. */
  readonly durable: Promise<void>;
}

/** Rows of a journal before a snapshot takes their place. */
const JOURNAL_ROWS_MAX = 100;
/** The same in bytes, if that is several times as long as a snapshot. */
const JOURNAL_BYTES_MIN = 256 * 1024;
const LOADED_MAX = 50_000;
/** After a wake-up has failed. */
const RETRY_MS = 1000;

export class EntityHost<S, E> {
  readonly #options: EntityHostOptions<S, E>;
  readonly #entities = new Map<string, Entity<S>>();
  readonly #loading = new Map<string, Promise<Entity<S> | undefined>>();
  /** Their rows are about to be removed: they are not found from now on. */
  readonly #removing = new Map<string, Promise<void>>();
  readonly #wakeups: Wakeups<Entity<S>>;
  readonly #due: DueScan;
  /** Of those that are being read: they have left the memory meanwhile, and what was read may be older than that. */
  readonly #outdated = new Set<string>();
  #stopped = false;

  constructor(options: EntityHostOptions<S, E>) {
    this.#options = options;
    const { store, shard, kind, clock, log, engine } = options;
    this.#wakeups = new Wakeups<Entity<S>>(clock.now, (entity) => this.#wake(entity));
    this.#due = new DueScan({
      store,
      shard,
      kind,
      clock,
      log,
      load: async (row) => void (await this.#load(row.namespaceId, row.workflowId)),
    });
    engine.onStateLost((pauseMs) => this.#dropAll(pauseMs));
    engine.onNamespaceStopped((namespaceId) => this.#dropNamespace(namespaceId));
  }

  /** Reads back what is due, in the background. */
  begin(): void {
    this.#due.recover();
  }

  stop(): void {
    this.#stopped = true;
    this.#wakeups.stop();
    this.#due.stop();
  }

  /** Those in memory. */
  values(): Iterable<Entity<S>> {
    return this.#entities.values();
  }

  inMemory(namespaceId: string, id: string): Entity<S> | undefined {
    return this.#entities.get(entityKey(namespaceId, id));
  }

  /** The open entity of this id, or the newest closed one. */
  async find(namespaceId: string, id: string): Promise<Entity<S> | undefined> {
    return this.inMemory(namespaceId, id) ?? this.#load(namespaceId, id);
  }

  /**
   * Looks an entity up and uses it in the same turn of the event loop: nothing comes between what `use` is given and
   * what it decides.
   */
  async withEntity<T>(namespaceId: string, id: string, use: (entity: Entity<S> | undefined) => T): Promise<Awaited<T>> {
    for (;;) {
      const found = this.inMemory(namespaceId, id) ?? (await this.find(namespaceId, id));
      const entity = this.inMemory(namespaceId, id) ?? found;
      if (entity?.dropped !== true) return await use(entity);
    }
  }

  /** Begins an entity. The caller has made sure, in this same turn, that its id is free. */
  create<T>(
    identity: EntityIdentity,
    decide: (tx: EntityTransition<S, E>) => T,
  ): EntityDecision<T> & { entity: Entity<S> } {
    const { definition, engine, kind, shard } = this.#options;
    if (engine.isBeingRemoved(identity.namespaceId)) throw unavailable('the namespace has just been deleted');
    const tx = new EntityTransition(definition, definition.initial, engine.moment);
    const result = decide(tx);
    const entity = new Entity(engine.newKey(), identity, tx.state);
    const shown = definition.shown(entity.state);
    entity.storedWakeMs = storedWakeUp(shown);
    this.#entities.set(entityKey(identity.namespaceId, identity.id), entity);
    const insert: Write = { kind: 'insertRun', row: newRow(entity, kind, shard, shown) };
    const durable = this.#commit(entity, [insert, this.#journal(entity, tx.events)]);
    this.#options.onLoaded?.(entity);
    return { entity, result, durable };
  }

  /**
   * Decides at once, on the newest state.
   * @throws what `decide` throws, with nothing changed; UNAVAILABLE if the entity must be looked up again
   */
  decide<T>(entity: Entity<S>, decide: (tx: EntityTransition<S, E>) => T): EntityDecision<T> {
    const { definition, engine, noun } = this.#options;
    if (entity.dropped) throw unavailable(`the state of the ${noun} is being read back, please retry`);
    const before = definition.shown(entity.state);
    if (before.closeMs !== undefined) throw new Error(`a decision on a ${noun} that has closed`);
    const tx = new EntityTransition(definition, entity.state, engine.moment);
    const result = decide(tx);
    if (tx.events.length === 0) return { result, durable: this.settled(entity) };
    entity.state = tx.state;
    const journal = this.#journal(entity, tx.events);
    return { result, durable: this.#commit(entity, [journal, ...this.#changedRow(entity, before)]) };
  }

  /** As `decide`; resolves when it is durable. What `decide` throws is rethrown once what it has seen is durable. */
  async transact<T>(entity: Entity<S>, decide: (tx: EntityTransition<S, E>) => T): Promise<T> {
    let decided: EntityDecision<T>;
    try {
      decided = this.decide(entity, decide);
    } catch (error) {
      if (!entity.dropped) await this.settled(entity);
      throw error;
    }
    await decided.durable;
    return decided.result;
  }

  /** Removes the row and the journal, as if they had never been. Resolves when that is durable. */
  async remove(entity: Entity<S>): Promise<void> {
    const key = entityKey(entity.namespaceId, entity.id);
    this.#drop(entity);
    const removed = this.#options.engine.write({ kind: 'deleteRun', run: entity.key });
    this.#removing.set(
      key,
      removed.catch(() => {
        // Whoever asked for it hears of it; the entity is still there, and found again.
      }),
    );
    try {
      await removed;
    } finally {
      this.#removing.delete(key);
    }
  }

  /** Resolves when everything decided on the entity so far is durable. */
  async settled(entity: Entity<S>): Promise<void> {
    await entity.lastCommit;
  }

  /** The next row of its journal; a long journal is replaced by a snapshot. */
  #journal(entity: Entity<S>, events: readonly E[]): Write {
    const { definition } = this.#options;
    if (entity.seq >= JOURNAL_ROWS_MAX || entity.journalBytes > Math.max(JOURNAL_BYTES_MIN, 3 * entity.firstBytes)) {
      const privateBytes = definition.encode([definition.snapshot(entity.state)]);
      entity.seq = 1;
      entity.firstBytes = privateBytes.length;
      entity.journalBytes = 0;
      return { kind: 'replaceJournal', run: entity.key, privateBytes };
    }
    const privateBytes = definition.encode(events);
    if (entity.seq === 0) entity.firstBytes = privateBytes.length;
    else entity.journalBytes += privateBytes.length;
    entity.seq++;
    return {
      ...{ kind: 'append', run: entity.key, seq: entity.seq, firstEventId: 1, eventCount: 0 },
      ...{ publicBytes: NO_BYTES, privateBytes },
    };
  }

  #changedRow(entity: Entity<S>, before: EntityShown): Write[] {
    const after = this.#options.definition.shown(entity.state);
    const wakeMs = storedWakeUp(after);
    const closes = after.closeMs !== undefined && before.closeMs === undefined;
    const change = {
      ...(wakeMs !== entity.storedWakeMs && { wakeAtMs: wakeMs ?? null }),
      ...(!closes && after.status !== before.status && { status: after.status }),
      ...(after.memo !== before.memo && { memo: after.memo }),
      ...(after.searchAttributes !== before.searchAttributes && { searchAttributes: after.searchAttributes }),
      ...(after.workflowType !== before.workflowType && { workflowType: after.workflowType }),
      ...(after.taskQueue !== before.taskQueue && { taskQueue: after.taskQueue }),
      ...(closes && {
        closed: {
          status: after.status,
          closeMs: after.closeMs,
          historyLength: 0,
          historySizeBytes: 0,
          stateTransitionCount: 0,
        },
      }),
    };
    entity.storedWakeMs = wakeMs;
    return Object.keys(change).length === 0 ? [] : [{ kind: 'updateRun', run: entity.key, ...change }];
  }

  #commit(entity: Entity<S>, writes: readonly Write[]): Promise<void> {
    this.#sleep(entity);
    const done = this.#options.engine.write(...writes).then(() => {
      if (entity.lastCommit !== done) return;
      entity.lastCommit = undefined;
      this.#leaveIfIdle(entity);
    });
    entity.lastCommit = done;
    done.catch(() => {
      // Whoever waits for it handles it; if nobody does, #dropAll has dealt with it.
    });
    return done;
  }

  #sleep(entity: Entity<S>): void {
    if (this.#stopped || this.#options.onWake === undefined) return;
    this.#wakeups.set(entity, this.#options.definition.shown(entity.state).wakeAtMs);
  }

  /** A closed one is read back when somebody asks; too many open ones would fill the memory. */
  #leaveIfIdle(entity: Entity<S>): void {
    if (entity.dropped) return;
    if (this.#options.definition.shown(entity.state).closeMs !== undefined) this.#drop(entity);
    this.#makeRoom(undefined);
  }

  /** @param used stays: somebody is about to use it */
  #makeRoom(used: Entity<S> | undefined): void {
    const { clock, loadedMax = LOADED_MAX } = this.#options;
    if (this.#entities.size <= loadedMax) return;
    const nowMs = clock.now();
    let looked = 0;
    for (const [key, other] of this.#entities) {
      if (++looked > LOOK_MAX || this.#entities.size <= loadedMax) return;
      const wakesMs = other.storedWakeMs ?? Number.POSITIVE_INFINITY;
      if (other !== used && other.lastCommit === undefined && wakesMs > nowMs + SOON_MS) {
        this.#drop(other);
        continue;
      }
      // To the end: it must not hide those behind it next time.
      this.#entities.delete(key);
      this.#entities.set(key, other);
    }
  }

  #wake(entity: Entity<S>): void {
    const { onWake } = this.#options;
    if (entity.dropped || this.#stopped || onWake === undefined) return;
    onWake(entity).then(
      () => {
        if (!entity.dropped && entity.heapIndex === -1) this.#sleep(entity);
      },
      (error: unknown) => {
        if (entity.dropped || this.#stopped) return;
        const { noun, log, clock } = this.#options;
        log.error(`the wake-up of a ${noun} failed and is tried again`, { ...entity.identity, error });
        this.#wakeups.set(entity, clock.now() + RETRY_MS);
      },
    );
  }

  #load(namespaceId: string, id: string): Promise<Entity<S> | undefined> {
    const key = entityKey(namespaceId, id);
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      loading = this.#read(namespaceId, id).finally(() => {
        this.#loading.delete(key);
        this.#outdated.delete(key);
      });
      this.#loading.set(key, loading);
    }
    return loading;
  }

  async #read(namespaceId: string, id: string): Promise<Entity<S> | undefined> {
    const { store, kind, engine } = this.#options;
    const key = entityKey(namespaceId, id);
    for (;;) {
      const here = this.inMemory(namespaceId, id);
      if (here !== undefined) return here;
      if (engine.isBeingRemoved(namespaceId)) return undefined;
      await this.#removing.get(key);
      this.#outdated.delete(key);
      const [row] = await store.findRuns([{ namespaceId, workflowId: id, runId: '', kind }]);
      if (row === undefined) return this.inMemory(namespaceId, id);
      const journal = await store.readJournal(row.key);
      // One that was created, or dropped, while this was read: what was read may be out of date.
      if (this.#outdated.has(key) || this.inMemory(namespaceId, id) !== undefined) continue;
      if (journal.length === 0 || engine.isBeingRemoved(namespaceId)) return undefined;
      return this.#readBack(row, journal);
    }
  }

  #readBack(row: RunRow, journal: readonly { readonly seq: number; readonly privateBytes: Uint8Array }[]): Entity<S> {
    const { definition, noun, onLoaded } = this.#options;
    const identity = { namespaceId: row.namespaceId, id: row.workflowId, runId: row.runId };
    let state: S;
    try {
      state = foldEntity(
        definition,
        journal.map(({ privateBytes }) => privateBytes),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw dataLoss(
        `the stored ${noun} "${row.workflowId}" is damaged: ${reason}. Restore the database from a backup.`,
      );
    }
    const entity = new Entity(row.key, identity, state);
    entity.seq = journal.at(-1)?.seq ?? 0;
    entity.firstBytes = journal[0]?.privateBytes.length ?? 0;
    entity.journalBytes = journal.reduce((sum, { privateBytes }) => sum + privateBytes.length, -entity.firstBytes);
    entity.storedWakeMs = row.wakeAtMs;
    if (row.closeMs !== undefined) return entity;
    this.#entities.set(entityKey(row.namespaceId, row.workflowId), entity);
    this.#sleep(entity);
    onLoaded?.(entity);
    this.#makeRoom(entity);
    return entity;
  }

  #drop(entity: Entity<S>): void {
    const key = entityKey(entity.namespaceId, entity.id);
    if (this.#entities.get(key) === entity) this.#entities.delete(key);
    entity.dropped = true;
    if (this.#loading.has(key)) this.#outdated.add(key);
    this.#wakeups.remove(entity);
    this.#due.left(entity.storedWakeMs);
    this.#options.onDropped?.(entity);
  }

  #dropNamespace(namespaceId: string): void {
    for (const entity of [...this.#entities.values()]) if (entity.namespaceId === namespaceId) this.#drop(entity);
  }

  #dropAll(pauseMs: number | undefined): void {
    for (const entity of [...this.#entities.values()]) this.#drop(entity);
    if (pauseMs !== undefined && !this.#stopped) this.#due.recover(pauseMs);
  }
}

const NO_BYTES = new Uint8Array(0);
/** What wakes this soon is not worth leaving. */
const SOON_MS = 60_000;
/** Entities looked at in one go when some must leave. */
const LOOK_MAX = 64;

function entityKey(namespaceId: string, id: string): string {
  return `${namespaceId}\0${id}`;
}

/** The store takes whole milliseconds. */
function storedWakeUp({ readAtStart, startMs, wakeAtMs }: EntityShown): number | undefined {
  const ms = readAtStart === true ? startMs : wakeAtMs;
  return ms === undefined ? undefined : Math.min(Math.floor(ms), Number.MAX_SAFE_INTEGER);
}

function newRow<S>(entity: Entity<S>, kind: EntityKind, shard: number, shown: EntityShown): RunRow {
  const { key, namespaceId, id, runId } = entity;
  return {
    ...{ key, kind, shard, namespaceId, workflowId: id, runId },
    workflowType: shown.workflowType,
    taskQueue: shown.taskQueue,
    status: shown.status,
    startMs: Math.floor(shown.startMs),
    executionMs: Math.floor(shown.startMs),
    closeMs: shown.closeMs,
    wakeAtMs: entity.storedWakeMs,
    ...{ historyLength: 0, historySizeBytes: 0, stateTransitionCount: 0 },
    memo: shown.memo,
    searchAttributes: shown.searchAttributes,
    ...{ firstRunId: runId, parentWorkflowId: '', parentRunId: '', rootWorkflowId: id, rootRunId: runId },
  };
}
