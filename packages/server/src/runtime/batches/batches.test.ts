// Batch operations on the store in memory, on executions that are only names: what is done to each, how often, and what
// is counted, across crashes and failed commits.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { invalidArgument, notFound, unavailable } from '@perdure/api';
import type { BatchPage, BatchRequest, BatchState } from '@perdure/core';
import { createMemoryStore, type Store, StoreUnavailableError } from '@perdure/store';
import { silentLogger } from '../../logging/logger.ts';
import { testMetrics } from '../../telemetry/testing/metrics.ts';
import { CommitQueue } from '../commit-queue.ts';
import { Batches } from './batches.ts';
import { BatchImpossibleError, type BatchJob, type BatchWork } from './work.ts';

const NAMESPACE = 'namespace-1';
const JOB = 'job';
const REQUEST: BatchRequest = {
  operation: new Uint8Array([1]),
  ...{ operationType: 1, reason: 'why', identity: 'me', query: 'q', targets: [], rateMax: 0, total: 0 },
};
const BY = { reason: 'enough', identity: 'you' };

/** Pages of names; what is done to a name is up to the test. */
class Work implements BatchWork {
  readonly #pages: readonly (readonly string[])[];
  concurrency = 10;
  act: BatchWork['act'] = (_, { workflowId }, requestId) => {
    this.done.push(workflowId);
    this.requestIds.push(requestId);
    return Promise.resolve();
  };
  readonly done: string[] = [];
  readonly requestIds: string[] = [];
  pageFault: () => Error | undefined = () => undefined;

  constructor(...pages: readonly (readonly string[])[]) {
    this.#pages = pages;
  }

  isGone = false;

  page = ({ state }: BatchJob): Promise<BatchPage | undefined> => {
    if (this.isGone) return Promise.resolve(undefined);
    const fault = this.pageFault();
    if (fault !== undefined) return Promise.reject(fault);
    const index = Number(state.cursor);
    const targets = (this.#pages[index] ?? []).map((workflowId) => ({ workflowId, runId: `run-${workflowId}` }));
    return Promise.resolve({ targets, nextCursor: index + 1 < this.#pages.length ? String(index + 1) : undefined });
  };

  speed = () => ({ perSecondMax: 1e6, concurrency: this.concurrency });
}

/** A process that carries batch operations out. */
class Process {
  readonly batches: Batches;
  readonly store: Store;
  /** Undefined: the commit succeeds. */
  commitFault: () => Error | undefined = () => undefined;
  #lose: (pauseMs: number | undefined) => void = () => undefined;

  private constructor(store: Store, epoch: number, nextKey: number, work: BatchWork) {
    this.store = store;
    let key = nextKey;
    const commits = new CommitQueue({
      store: {
        commit: (commit) => {
          const fault = this.commitFault();
          return fault === undefined ? store.commit(commit) : Promise.reject(fault);
        },
      },
      ...{ shard: 1, epoch, metrics: testMetrics().commits },
      onFailure: () => this.#lose(0),
    });
    this.batches = new Batches({
      ...{ store, shard: 1, work, log: silentLogger },
      clock: { now: () => Date.now() },
      engine: {
        moment: Date.now(),
        newKey: () => key++,
        newRunId: () => `batch-${key}`,
        write: (...writes) => commits.add(writes),
        onStateLost: (listener) => (this.#lose = listener),
        onNamespaceStopped: () => undefined,
        isBeingRemoved: () => false,
      },
    });
  }

  static async on(store: Store, work: BatchWork): Promise<Process> {
    const epoch = await store.acquireShard(1, 'test');
    const process = new Process(store, epoch, (await store.maxRunKey()) + 1, work);
    process.batches.begin();
    return process;
  }

  start(request: Partial<BatchRequest> = {}): Promise<void> {
    return this.batches.start(NAMESPACE, JOB, { ...REQUEST, ...request });
  }

  describe(): Promise<BatchState> {
    return this.batches.describe(NAMESPACE, JOB);
  }

  async untilClosed(): Promise<BatchState> {
    for (;;) {
      const state = await this.describe();
      if (state.closeMs !== undefined) return state;
      await new Promise(setImmediate);
    }
  }
}

async function started(work: Work, store = createMemoryStore()): Promise<Process> {
  const process = await Process.on(store, work);
  await process.start();
  return process;
}

function countsOf({ progress }: BatchState): readonly [number, number] {
  return [progress.completed, progress.failed];
}

/** Something that happens when the test says so. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('a batch operation', () => {
  it('does to each execution, page after page, what it is for', async () => {
    const work = new Work(['a', 'b'], [], ['c']);
    const state = await (await started(work)).untilClosed();
    assert.deepEqual(work.done, ['a', 'b', 'c']);
    assert.deepEqual(countsOf(state), [3, 0]);
    assert.equal(state.status, 2);
    assert.equal(new Set(work.requestIds).size, 3);
  });

  it('is over with nothing to do', async () => {
    assert.equal((await (await started(new Work())).untilClosed()).status, 2);
  });

  it('counts what is not there as done, and lists what was refused', async () => {
    const work = new Work(['a', 'b', 'c']);
    work.act = async (_, { workflowId }) => {
      if (workflowId === 'a') throw notFound('no');
      if (workflowId === 'b') throw invalidArgument('not this one');
    };
    const state = await (await started(work)).untilClosed();
    assert.deepEqual(countsOf(state), [2, 1]);
    assert.deepEqual(state.progress.failures, [
      { target: { workflowId: 'b', runId: 'run-b' }, message: 'not this one' },
    ]);
  });

  it('tries again what the server could not do for a moment, under the same request id', async () => {
    const work = new Work(['a']);
    const tried: string[] = [];
    work.act = async (_, __, requestId) => {
      tried.push(requestId);
      if (tried.length < 3) throw unavailable('later');
    };
    assert.deepEqual(countsOf(await (await started(work)).untilClosed()), [1, 0]);
    assert.equal(tried.length, 3);
    assert.equal(new Set(tried).size, 1);
  });

  it('lists what fails for reasons that nobody has thought of', async () => {
    const work = new Work(['a']);
    work.act = () => Promise.reject(new TypeError('a bug'));
    assert.deepEqual((await (await started(work)).untilClosed()).progress.failures[0]?.message, 'a bug');
  });

  it('deals with as many at a time as it may', async () => {
    const work = new Work(Array.from({ length: 20 }, (_, i) => `${i}`));
    work.concurrency = 3;
    let inFlight = 0;
    let most = 0;
    work.act = async () => {
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      inFlight--;
    };
    await (await started(work)).untilClosed();
    assert.equal(most, 3);
  });

  it('tells what has been done of a page that is under way', async () => {
    const work = new Work(['a', 'b']);
    const { open, opened } = gate();
    work.act = (_, { workflowId }) => (workflowId === 'b' ? opened : Promise.resolve());
    const process = await started(work);
    while ((await process.describe()).progress.completed === 0) await new Promise(setImmediate);
    assert.deepEqual(countsOf(await process.describe()), [1, 0]);
    open();
    assert.deepEqual(countsOf(await process.untilClosed()), [2, 0]);
  });

  it('reads its page again when that failed', async () => {
    const work = new Work(['a']);
    let faults = 1;
    work.pageFault = () => (faults-- > 0 ? new StoreUnavailableError('not now') : undefined);
    assert.deepEqual(countsOf(await (await started(work)).untilClosed()), [1, 0]);
  });

  it('is gone with its namespace', async () => {
    const work = new Work(['a']);
    work.isGone = true;
    const process = await started(work);
    const found = () => process.store.findRuns([{ kind: 2, namespaceId: NAMESPACE, workflowId: JOB, runId: '' }]);
    while ((await found())[0] !== undefined) await new Promise(setImmediate);
    await assert.rejects(process.describe(), /not found/);
  });

  it('fails when it can never go on', async () => {
    const work = new Work(['a']);
    work.pageFault = () => new BatchImpossibleError('its attribute is gone');
    const state = await (await started(work)).untilClosed();
    assert.equal(state.status, 3);
    assert.equal(state.closeReason, 'its attribute is gone');
  });
});

describe('a stop', () => {
  it('waits for what is under way, counts it, and lets nothing more begin', async () => {
    const work = new Work(['a', 'b', 'c'], ['d']);
    work.concurrency = 1;
    const { open, opened } = gate();
    const begun: string[] = [];
    work.act = (_, { workflowId }) => {
      begun.push(workflowId);
      return opened;
    };
    const process = await started(work);
    while (begun.length === 0) await new Promise(setImmediate);
    const stopping = process.batches.stopOne(NAMESPACE, JOB, BY);
    await new Promise(setImmediate);
    assert.equal((await process.describe()).closeMs, undefined);
    open();
    await stopping;
    const state = await process.describe();
    assert.deepEqual(countsOf(state), [1, 0]);
    assert.deepEqual([state.status, state.closeReason, state.closedBy], [5, 'enough', 'you']);
    assert.deepEqual(begun, ['a']);
    assert.equal(process.batches.openCount(NAMESPACE), 0);
  });

  it('finds nothing to stop where there is nothing, or nothing any more', async () => {
    const process = await started(new Work(['a']));
    await process.untilClosed();
    await assert.rejects(process.batches.stopOne(NAMESPACE, JOB, BY), /already completed/);
    await assert.rejects(process.batches.stopOne(NAMESPACE, 'another', BY), /not found/);
  });

  it('comes from two at once, and is one', async () => {
    const work = new Work(['a']);
    const { open, opened } = gate();
    work.act = () => opened;
    const process = await started(work);
    const stops = [1, 2].map(() => process.batches.stopOne(NAMESPACE, JOB, BY));
    open();
    const outcomes = (await Promise.allSettled(stops)).map(({ status }) => status);
    assert.deepEqual(outcomes.toSorted(), ['fulfilled', 'rejected']);
  });
});

describe('a batch operation whose process is gone', () => {
  it('is taken up where it was: the same executions under the same request ids, and none of the pages before', async () => {
    const store = createMemoryStore();
    const work = new Work(['a', 'b'], ['c', 'd'], ['e']);
    const tried = new Map<string, Set<string>>();
    const note = (workflowId: string, requestId: string) =>
      tried.set(workflowId, (tried.get(workflowId) ?? new Set()).add(requestId));
    const { act } = work;
    work.act = async (job, target, requestId) => {
      note(target.workflowId, requestId);
      // The process ends before it hears of this one.
      if (target.workflowId === 'd') await new Promise(() => undefined);
      await act(job, target, requestId);
    };
    const first = await started(work, store);
    while (!tried.has('d')) await new Promise(setImmediate);
    assert.deepEqual(countsOf(await first.describe()), [3, 0]);

    work.act = (job, target, requestId) => {
      note(target.workflowId, requestId);
      return act(job, target, requestId);
    };
    work.done.length = 0;
    const second = await Process.on(store, work);
    assert.deepEqual(countsOf(await second.untilClosed()), [5, 0]);
    assert.deepEqual(work.done, ['c', 'd', 'e']);
    for (const requestIds of tried.values()) assert.equal(requestIds.size, 1);
  });

  it('is left alone by a process that closes', async () => {
    const store = createMemoryStore();
    const work = new Work(['a', 'b']);
    work.concurrency = 1;
    const { open, opened } = gate();
    const { act } = work;
    const begun: string[] = [];
    work.act = (_, { workflowId }) => {
      begun.push(workflowId);
      return opened;
    };
    const process = await started(work, store);
    while (begun.length === 0) await new Promise(setImmediate);
    const stopped = process.batches.stop();
    open();
    await stopped;
    assert.deepEqual(begun, ['a']);
    work.act = act;
    assert.deepEqual(countsOf(await (await Process.on(store, work)).untilClosed()), [2, 0]);
  });

  it('goes on after a failed commit', async () => {
    const work = new Work(['a'], ['b'], ['c']);
    const process = await Process.on(createMemoryStore(), work);
    await process.start();
    let faults = 1;
    process.commitFault = () => (faults-- > 0 ? new StoreUnavailableError('disk full') : undefined);
    assert.deepEqual(countsOf(await process.untilClosed()), [3, 0]);
  });

  it('is not begun when its first commit fails', async () => {
    const work = new Work(['a']);
    const process = await Process.on(createMemoryStore(), work);
    process.commitFault = () => new StoreUnavailableError('disk full');
    await assert.rejects(process.start());
    process.commitFault = () => undefined;
    await assert.rejects(process.describe(), /not found/);
    await process.start();
    await process.untilClosed();
  });
});

it('cannot begin under an id that is in use, or was', async () => {
  const process = await started(new Work(['a']));
  await assert.rejects(process.start(), /already/);
  await process.untilClosed();
  await assert.rejects(process.start(), /already finished/);
});
