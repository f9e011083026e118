// The runtime of one shard: it owns the runs in memory, carries out decisions on them, and lets nothing leave the
// process before it is durable. A decision is synchronous, on the newest state in memory; its events join the next
// group commit; afterwards the reply goes out, tasks go to workers, and waiters wake.
//
// When a commit fails, everything in memory is void: it is dropped and read back from the store.

import { invalidArgument, notFound, type StatusError, unavailable } from '@perdure/api';
import {
  type Birth,
  beginFirstTask,
  type Context,
  enforceRunLimits,
  foldTransition,
  isDue,
  isToBeDeleted,
  type Journaled,
  type Limits,
  type Namespaces,
  nextDeadline,
  reindex,
  requestDeletion,
  runDue,
  type Successor,
  startRun,
  Transition,
  transitionSizeProblem,
  type UpdateNews,
} from '@perdure/core';
import { FencedError, type RunRow, type Write } from '@perdure/store';
import type { Logger } from '../logging/logger.ts';
import type { Matching } from '../matching/matching.ts';
import { CallbackSender } from './callback-sender.ts';
import { Changes } from './changes.ts';
import { CommitQueue } from './commit-queue.ts';
import { Courier } from './courier.ts';
import { addToMatching, type Handover, handOver, waitingTasks } from './dispatch.ts';
import type { Decided, ElsewhereToo, EngineOptions, EngineStats, NewRun } from './engine-types.ts';
import { measure, NOTHING_MEASURED, warnOfLimits } from './limit-warnings.ts';
import { Run } from './run.ts';
import { RunCache } from './run-cache.ts';
import { RunLoader } from './run-loader.ts';
import { RunRemover } from './run-remover.ts';
import { append, changedRow, deletion, newRow, orNull, rowProperties, wakeUpToStore } from './run-writes.ts';
import { Wakeups } from './wakeups.ts';

/** A transition that is decided but not written. */
interface Prepared {
  readonly journaled: Journaled;
  readonly handovers: readonly Handover[];
  readonly updateNews: readonly UpdateNews[];
}

interface PreparedRun extends Prepared {
  readonly run: Run;
  readonly copied: readonly Journaled[];
}

export class Engine {
  readonly #options: EngineOptions;
  /** Of what lists show, once it is durable. */
  readonly changes = new Changes();
  readonly #commits: CommitQueue;
  readonly #cache: RunCache;
  readonly #wakeups: Wakeups<Run>;
  readonly #courier = new Courier(this);
  readonly #callbacks: CallbackSender;
  readonly loader: RunLoader;
  readonly #remover: RunRemover;
  #matching: Matching | undefined;
  readonly #lostListeners: ((pauseMs: number | undefined) => void)[] = [];
  readonly #closedListeners: ((run: Run) => void)[] = [];
  readonly #namespaceListeners: ((namespaceId: string) => void)[] = [];
  #nextKey = 0;
  #stopped = false;
  #closed = 0;
  /** The time of what is being decided in this turn. */
  #momentMs: number | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { store, shard, epoch } = options;
    this.#callbacks = new CallbackSender(this, options.sendCallback);
    this.#commits = new CommitQueue({
      store,
      shard,
      epoch,
      onFailure: (error, failures) => this.#onCommitFailure(error, failures),
      metrics: options.metrics.commits,
    });
    this.#wakeups = new Wakeups<Run>(options.clock.now, (run) => this.#wake(run));
    this.#cache = new RunCache({
      now: options.clock.now,
      bytesMax: options.cacheBytesMax,
      beforeEvict: (run) => this.#storeWakeUp(run),
      onEvicted: (run) => this.#onEvicted(run),
    });
    this.loader = new RunLoader({
      store,
      shard,
      clock: options.clock,
      cache: this.#cache,
      log: options.log,
      metrics: options.metrics.runs,
      isBeingRemoved: options.isBeingRemoved,
      onLoaded: (run) => this.#onLoaded(run),
    });
    this.#remover = new RunRemover({
      cache: this.#cache,
      loader: this.loader,
      commits: this.#commits,
      now: options.clock.now,
      leave: (run) => this.decide(run, requestDeletion).durable,
    });
  }

  /** Matching and engine need each other; this closes the ring. Then reads back what was pending, in the background. */
  async begin(matching: Matching): Promise<void> {
    this.#matching = matching;
    this.#nextKey = (await this.#options.store.maxRunKey()) + 1;
    this.loader.recover();
  }

  get matching(): Matching {
    if (this.#matching === undefined) throw new Error('the engine has not begun');
    return this.#matching;
  }

  get now(): number {
    return this.#options.clock.now();
  }

  /** The time of what is being decided: the same for everything that is decided together. */
  get moment(): number {
    return this.#momentMs ?? this.now;
  }

  /** The key of a row that is about to be made. */
  newKey(): number {
    return this.#nextKey++;
  }

  /**
   * A commit has failed: what anyone holds in memory that was not read from the store afterwards is void. The store should be
   * left in peace for `pauseMs`; undefined: for good, another server has it.
   */
  onStateLost(listener: (pauseMs: number | undefined) => void): void {
    this.#lostListeners.push(listener);
  }

  /** Called when a run has closed durably, also one that goes on as another run. */
  onRunClosed(listener: (run: Run) => void): void {
    this.#closedListeners.push(listener);
  }

  /** Called when a namespace is deleted: nothing may happen in it any more, whatever is in memory of it. */
  onNamespaceStopped(listener: (namespaceId: string) => void): void {
    this.#namespaceListeners.push(listener);
  }

  /** What is stored of the namespace is not to be read back, and nothing new begins in it. */
  isBeingRemoved(namespaceId: string): boolean {
    return this.#options.isBeingRemoved(namespaceId);
  }

  get namespaces(): Namespaces {
    return this.#options.namespaces;
  }

  newRunId(): string {
    return this.#options.newRunId();
  }

  get log(): Logger {
    return this.#options.log;
  }

  limitsOf(namespaceId: string): Limits {
    return this.#options.limitsOf(namespaceId);
  }

  /** Runs in memory and their size, and how many have closed since the start, for metrics. */
  get stats(): EngineStats {
    return { runs: this.#cache.size, bytes: this.#cache.bytes, sleeping: this.#wakeups.size, closed: this.#closed };
  }

  /**
   * Decides on the run and resolves with the decision's result when it is durable. What `decide` throws is rethrown,
   * with nothing changed, once what it has seen is durable. A decision that makes the history too long is replaced by
   * the end of the run.
   * @throws UNAVAILABLE if the commit failed: the client may try again
   */
  async transact<T>(run: Run, decide: (tx: Transition) => T): Promise<T> {
    let decided: Decided<T>;
    try {
      decided = this.decide(run, decide);
    } catch (error) {
      if (!run.dropped) await this.settled(run);
      throw error;
    }
    await decided.durable;
    if (decided.tooLong !== undefined) throw decided.tooLong;
    return decided.result;
  }

  /**
   * The same at once: what is decided on several runs in one turn of the event loop is committed in one transaction.
   * The caller need not wait for `durable`: a failed commit is dealt with.
   * @throws what `decide` throws, with nothing changed
   */
  decide<T>(run: Run, decide: (tx: Transition) => T): Decided<T> {
    if (run.dropped) throw unavailable(STATE_LOST);
    if (run.isLeaving) throw notFound(`workflow not found for ID: ${run.state.workflowId}`);
    if (run.deciding) throw new Error('a decision within a decision on the same run');
    run.deciding = true;
    try {
      return this.atOneMoment(() => this.#decide(run, decide));
    } finally {
      run.deciding = false;
    }
  }

  /** What is decided together happens at the same time: a run must not begin before the one that it follows has ended. */
  atOneMoment<T>(decide: () => T): T {
    if (this.#momentMs !== undefined) return decide();
    this.#momentMs = this.now;
    try {
      return decide();
    } finally {
      this.#momentMs = undefined;
    }
  }

  #decide<T>(run: Run, decide: (tx: Transition) => T): Decided<T> {
    const tx = new Transition(run.state, this.#context(run.state.namespaceId));
    const before = rowProperties(run.state);
    const measured = measure(run.state);
    let result: T;
    let tooLong: StatusError | undefined;
    let handovers: Handover[] = [];
    const begun: PreparedRun[] = [];
    try {
      result = decide(tx);
      tooLong = enforceRunLimits(tx, run.seq);
      handovers = handOver(tx, run, this.matching);
      if (tx.successor !== undefined) begun.push(this.#prepareSuccessor(run, tx.successor));
      for (const birth of tx.births) begun.push(this.#prepareBirth(birth));
    } catch (error) {
      tx.rollback();
      for (const handover of [...handovers, ...begun.flatMap((other) => other.handovers)]) handover.fail(error);
      throw error;
    }
    if (!tx.isEmpty) warnOfLimits(this.log, measured, run.state, tx.context.limits);
    if (before.isOpen && !run.isOpen) {
      this.#closed++;
      this.#courier.tellParent(tx, run);
    }
    if (tx.successor !== undefined) run.continues = true;
    run.updates?.decide(tx.updateNews);
    const prepared = { journaled: tx.finish(), handovers, updateNews: tx.updateNews };
    const durable = tx.isEmpty
      ? this.#settleUnchanged(run, prepared)
      : this.#commitAll(run, prepared, changedRow(run, before, tx.dispatches.length > 0, this.now), begun);
    durable.catch(() => {
      // Whoever waits for it handles it; if nobody does, onCommitFailure has dealt with it.
    });
    if (run.hasMessages) this.#courier.attend(run);
    if (run.hasCallbacks) this.#callbacks.attend(run);
    return { result, tooLong, durable };
  }

  async #settleUnchanged(run: Run, { handovers, updateNews }: Prepared): Promise<void> {
    await this.settled(run);
    this.#cache.touch(run);
    run.updates?.tell(updateNews);
    for (const handover of handovers) handover.complete();
  }

  /** All is added to the queue in this turn, so committed in the same transaction. */
  #commitAll(
    run: Run,
    prepared: Prepared,
    rowWrites: readonly Write[],
    begun: readonly PreparedRun[],
  ): Promise<unknown> {
    const done = this.#commit(run, prepared, rowWrites);
    return begun.length === 0 ? done : Promise.all([done, ...begun.map((other) => this.#commitNew(other))]);
  }

  /**
   * Creates a run, and does what else must happen with it (ends the one it replaces), in one transaction. The caller has
   * made sure, in this same turn, that no other run of the workflow id stays open.
   */
  async createRun(create: NewRun, ...elsewhere: readonly ElsewhereToo[]): Promise<Run> {
    if (elsewhere.some(({ run }) => run.dropped || run.isLeaving)) throw unavailable(STATE_LOST);
    return this.atOneMoment(async () => {
      const prepared = this.#prepareRun(create);
      // All in this same turn, so committed in the same transaction.
      const done = elsewhere.map(({ run, decide }) => this.transact(run, decide));
      done.push(this.#commitNew(prepared));
      await Promise.all(done);
      return prepared.run;
    });
  }

  /**
   * Begins a run at once, in one transaction with what else is decided in this turn. The caller need not wait: a failed
   * commit is dealt with.
   * @throws why it cannot begin, with nothing changed
   */
  beginRun(create: NewRun): Run {
    return this.atOneMoment(() => {
      const prepared = this.#prepareRun(create);
      this.#commitNew(prepared).catch(() => {
        // #onCommitFailure has dealt with it.
      });
      return prepared.run;
    });
  }

  /** Decides the beginning of a run; nothing is known of it yet. */
  #prepareRun(create: NewRun): PreparedRun {
    const { namespaceId, workflowId, runId, copied = [] } = create;
    if (this.#options.isBeingRemoved(namespaceId)) throw unavailable(NAMESPACE_REMOVED);
    const run = new Run(this.newKey(), namespaceId, workflowId, runId);
    for (const row of copied) foldTransition(run.state, row);
    create.prepare?.(run);
    const tx = new Transition(run.state, this.#context(namespaceId));
    create.decide(tx);
    warnOfLimits(this.log, NOTHING_MEASURED, run.state, tx.context.limits);
    const tooLarge = transitionSizeProblem(tx);
    if (tooLarge !== undefined) throw invalidArgument(tooLarge);
    const handovers = handOver(tx, run, this.matching);
    return { run, copied, journaled: tx.finish(), handovers, updateNews: tx.updateNews };
  }

  #prepareSuccessor(run: Run, successor: Successor): PreparedRun {
    const decide = (tx: Transition) => {
      startRun(tx, successor.start);
      beginFirstTask(tx, successor.start);
    };
    return this.#prepareRun({ ...run.ref, runId: successor.runId, decide });
  }

  #prepareBirth({ namespaceId, workflowId, runId, start }: Birth): PreparedRun {
    const decide = (tx: Transition) => {
      startRun(tx, start);
      beginFirstTask(tx, start);
    };
    return this.#prepareRun({ namespaceId, workflowId, runId, decide });
  }

  async #commitNew(prepared: PreparedRun): Promise<void> {
    const { run, copied } = prepared;
    this.#cache.add(run, true);
    const row = newRow(run, this.#options.shard);
    run.storedWakeMs = row.wakeAtMs ?? Number.POSITIVE_INFINITY;
    const writes: Write[] = [{ kind: 'insertRun', row }];
    for (const part of copied) writes.push(append(run, part));
    if (run.hasMessages) this.#courier.attend(run);
    await this.#commit(run, prepared, writes);
  }

  /**
   * Resolves when everything decided on the run so far is durable: before that, nothing that was read from it may leave
   * the process.
   */
  async settled(run: Run): Promise<void> {
    try {
      await run.lastCommit;
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /**
   * Makes writes durable that belong to no run, in one transaction, together with what else is decided in this turn.
   * @throws UNAVAILABLE if the commit failed
   */
  async write(...writes: readonly Write[]): Promise<void> {
    try {
      await this.#commits.add(writes);
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /** Ends all waits for history and updates: the server closes. */
  wakeAllWaiters(): void {
    for (const run of this.#cache.values()) {
      run.notifyWaiters();
      run.updates?.wake();
    }
  }

  /** No more wake-ups; resolves when what was decided is durable. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeups.stop();
    this.loader.stop();
    this.#courier.stop();
    this.#callbacks.stop();
    await this.#commits.drained();
  }

  async #commit(run: Run, { journaled, handovers, updateNews }: Prepared, rowWrites: readonly Write[]): Promise<void> {
    const row = append(run, journaled);
    const nextEventId = run.state.nextEventId;
    const closed = !run.isOpen;
    this.#sleep(run);
    run.pendingCommits++;
    run.isLeaving = isToBeDeleted(run.state);
    const writes = run.isLeaving ? [...rowWrites, row, deletion(run)] : [...rowWrites, row];
    const done = this.#commits.add(writes);
    run.lastCommit = done;
    try {
      await done;
    } catch (error) {
      const failure = asUnavailable(error);
      for (const handover of handovers) handover.fail(failure);
      throw failure;
    }
    run.pendingCommits--;
    this.#cache.touch(run);
    if (run.lastCommit === done) run.lastCommit = undefined;
    if (rowWrites.length > 0 || run.isLeaving) this.changes.note(run.state.namespaceId);
    const { runs } = this.#options.metrics;
    runs.committed(run.state.namespaceId, journaled);
    run.updates?.tell(updateNews);
    const closesNow = closed && !run.closedDurably;
    if (closed) {
      if (!run.closedDurably) runs.closed(run.state);
      run.closedDurably = true;
      run.updates?.end();
      // After the worker's answers, if it was a worker that closed it: what is left has no task to wait for.
      if (run.queries?.isEmpty === false) setImmediate(() => run.queries?.release());
    }
    const grown = nextEventId > run.committedNextEventId;
    if (grown) run.committedNextEventId = nextEventId;
    for (const handover of handovers) handover.complete();
    if (closesNow) for (const listener of this.#closedListeners) listener(run);
    if (run.isLeaving) this.#cache.remove(run);
    if (grown || run.isLeaving) run.notifyWaiters();
  }

  /**
   * Nothing happens any more in a namespace whose removal has begun: its runs leave the memory as they are, and are not
   * read back. Whoever waits asks again, and hears that it is gone. Resolves when what was decided before is durable.
   */
  async stopNamespace(namespaceId: string): Promise<void> {
    const runs = [...this.#cache.values()].filter(({ state }) => state.namespaceId === namespaceId);
    for (const run of runs) {
      this.#cache.remove(run);
      run.queries?.fail(unavailable(NAMESPACE_REMOVED));
      run.updates?.end();
      run.notifyWaiters();
    }
    this.matching.dropNamespace(namespaceId);
    for (const listener of this.#namespaceListeners) listener(namespaceId);
    this.changes.note(namespaceId);
    await this.#commits.add([]);
  }

  /** Removes runs for good, given by their rows; what is still in use is left alone. Resolves when that is durable. */
  async removeRuns(rows: readonly RunRow[]): Promise<void> {
    await this.#remover.remove(rows);
    for (const namespaceId of new Set(rows.map((row) => row.namespaceId))) this.changes.note(namespaceId);
  }

  /** The last transition decided on a run that is in memory: while it stays the same, so does the run. */
  lastTransition(runId: string): number | undefined {
    return this.#cache.get(runId)?.seq;
  }

  #context(namespaceId: string): Context {
    const { clock, namespaces, newRunId } = this.#options;
    const searchAttributes = namespaces.searchAttributesOf(namespaceId);
    const nowMs = this.#momentMs ?? clock.now();
    return { nowMs, limits: this.limitsOf(namespaceId), searchAttributes, namespaces, newRunId };
  }

  #sleep(run: Run): void {
    if (this.#stopped) return;
    this.#wakeups.set(run, nextWakeInMemory(run));
  }

  /** Its time has come. */
  #wake(run: Run): void {
    if (run.dropped) return;
    if (!isDue(run.state, this.now)) {
      this.#sleep(run);
      return;
    }
    const wasOpen = run.isOpen;
    this.transact(run, runDue).then(
      () => this.#sleep(run),
      (error: unknown) => {
        // A failed commit has dropped the run, and it will be read back. Or a limit has ended it. Anything else is a
        // bug that must be seen.
        if (run.dropped) return;
        if (wasOpen && !run.isOpen) return;
        this.#options.log.error('a wake-up failed', { ...run.ref, error });
        reindex(run.state, this.now);
        for (const waiting of waitingTasks(run, this.now)) addToMatching(this.matching, waiting);
        this.#wakeups.set(run, this.now + FAILED_WAKE_UP_PAUSE_MS);
      },
    );
  }

  #onLoaded(run: Run): void {
    this.#sleep(run);
    for (const waiting of waitingTasks(run, this.now)) addToMatching(this.matching, waiting);
    if (run.hasMessages) this.#courier.attend(run);
    if (run.hasCallbacks) this.#callbacks.attend(run);
  }

  /** Before a run leaves the memory, the store must know when it wakes. */
  #storeWakeUp(run: Run): Promise<void> | undefined {
    const wake = wakeUpToStore(run, this.now) ?? Number.POSITIVE_INFINITY;
    if (run.storedWakeMs === wake) return undefined;
    run.storedWakeMs = wake;
    return this.#commits.add([{ kind: 'updateRun', run: run.key, wakeAtMs: orNull(wake) }]);
  }

  #onEvicted(run: Run): void {
    this.#wakeups.remove(run);
    run.dropped = true;
    this.loader.left(run);
  }

  #onCommitFailure(error: unknown, failures: number): void {
    const failure = asUnavailable(error);
    const runs = this.#cache.clear();
    this.#wakeups.clear();
    this.#matching?.dropTasks();
    for (const run of runs) {
      run.dropped = true;
      run.queries?.fail(failure);
      run.updates?.end();
      run.notifyWaiters();
    }
    // One failure may be chance; after several the store is left in peace for longer and longer.
    const pauseMs = failures === 1 ? 0 : Math.min(RECOVERY_PAUSE_MS * 2 ** (failures - 2), RECOVERY_PAUSE_MAX_MS);
    const isFenced = error instanceof FencedError;
    for (const listener of this.#lostListeners) listener(isFenced ? undefined : pauseMs);
    if (isFenced) {
      this.#options.onFenced(error);
      return;
    }
    // A full disk is no reason to fill the log as well.
    if (Number.isInteger(Math.log2(failures))) {
      this.#options.log.error('a commit failed; what was in memory is read back', { error, failures });
    }
    this.loader.recover(pauseMs);
  }
}

/** A wake-up that fails is a bug; the run is not given up for it, but must not fill the log. */
const FAILED_WAKE_UP_PAUSE_MS = 10_000;
const RECOVERY_PAUSE_MS = 50;
const RECOVERY_PAUSE_MAX_MS = 1000;
const STATE_LOST = 'the state of the workflow is being read back, please retry';
const NAMESPACE_REMOVED = 'the namespace has just been deleted';

function nextWakeInMemory(run: Run): number | undefined {
  const wake = run.nextWakeMs();
  return wake === Number.NEGATIVE_INFINITY ? nextDeadline(run.state) : wake;
}

function asUnavailable(error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return unavailable(`the change could not be made durable: ${reason}`);
}
