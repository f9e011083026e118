// A host of counters, on the store in memory: what it decides is there again after a crash, a failed commit, or a time
// outside the memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityDefinition } from '@perdure/core';
import { createMemoryStore, EntityKind, type Store, StoreUnavailableError } from '@perdure/store';
import { createLogger } from '../../logging/logger.ts';
import { testMetrics } from '../../telemetry/testing/metrics.ts';
import { CommitQueue } from '../commit-queue.ts';
import type { Entity } from './entity.ts';
import { EntityHost } from './host.ts';

interface Counter {
  readonly count: number;
  readonly wakeAtMs: number | null;
  readonly closeMs: number | null;
  readonly readAtStart?: boolean;
  readonly padding?: string;
}

/** What has changed. */
type Change = Partial<Counter>;

const NO_BYTES = new Uint8Array(0);

const COUNTER: EntityDefinition<Counter, Change> = {
  initial: { count: 0, wakeAtMs: null, closeMs: null },
  evolve: (state, change) => ({ ...state, ...change }),
  encode: (changes) => Buffer.from(JSON.stringify(changes)),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()) as Change[],
  snapshot: (state) => state,
  shown: ({ wakeAtMs, closeMs, readAtStart = false }) => ({
    ...{ status: closeMs === null ? 1 : 2, workflowType: 'counter', taskQueue: '', startMs: 0 },
    ...{ closeMs: closeMs ?? undefined, wakeAtMs: wakeAtMs ?? undefined },
    ...{ memo: NO_BYTES, searchAttributes: NO_BYTES, readAtStart },
  }),
};

const NAMESPACE = 'namespace-1';

/** A process that serves counters. */
class Process {
  readonly host: EntityHost<Counter, Change>;
  readonly woken: string[] = [];
  readonly loaded: string[] = [];
  readonly #commits: CommitQueue;
  readonly #lost: ((pauseMs: number | undefined) => void)[] = [];
  #onWake: () => void = () => undefined;
  #stopNamespace: (namespaceId: string) => void = () => undefined;
  #isRemoved = false;
  #nextKey: number;

  private constructor(store: Store, epoch: number, nextKey: number, loadedMax: number) {
    this.#nextKey = nextKey;
    const onFailure = () => {
      for (const listener of this.#lost) listener(0);
    };
    this.#commits = new CommitQueue({ store, shard: 1, epoch, onFailure, metrics: testMetrics().commits });
    this.host = new EntityHost({
      ...{ definition: COUNTER, kind: EntityKind.SCHEDULE, noun: 'counter', store, shard: 1, loadedMax },
      engine: {
        moment: Date.now(),
        newKey: () => this.#nextKey++,
        write: (...writes) => this.#commits.add(writes),
        onStateLost: (listener) => this.#lost.push(listener),
        onNamespaceStopped: (listener) => (this.#stopNamespace = listener),
        isBeingRemoved: () => this.#isRemoved,
      },
      clock: { now: () => Date.now() },
      log: createLogger({ level: 'error', format: 'text', write: (line) => assert.fail(line) }),
      onWake: async (counter) => {
        await this.host.transact(counter, (tx) => tx.note({ count: tx.state.count + 1, wakeAtMs: null }));
        this.woken.push(counter.id);
        this.#onWake();
      },
      onLoaded: (counter) => {
        this.loaded.push(counter.id);
        this.#onWake();
      },
    });
  }

  static async on(store: Store, loadedMax = 100): Promise<Process> {
    const epoch = await store.acquireShard(1, 'test');
    const started = new Process(store, epoch, (await store.maxRunKey()) + 1, loadedMax);
    started.host.begin();
    return started;
  }

  async create(id: string, change: Change = {}): Promise<Entity<Counter>> {
    const { entity, durable } = this.host.create({ namespaceId: NAMESPACE, id, runId: `run-${this.#nextKey}` }, (tx) =>
      tx.note(change),
    );
    await durable;
    return entity;
  }

  removeNamespace(): void {
    this.#isRemoved = true;
    this.#stopNamespace(NAMESPACE);
  }

  async countUp(id: string): Promise<void> {
    await this.host.withEntity(NAMESPACE, id, (counter) => {
      assert(counter);
      return this.host.transact(counter, (tx) => tx.note({ count: tx.state.count + 1 }));
    });
  }

  async count(id: string): Promise<number | undefined> {
    return (await this.host.find(NAMESPACE, id))?.state.count;
  }

  async untilLoaded(id: string): Promise<void> {
    while (!this.loaded.includes(id)) await new Promise<void>((resolve) => (this.#onWake = resolve));
  }

  async untilWoken(...ids: string[]): Promise<void> {
    while (!ids.every((id) => this.woken.includes(id))) await new Promise<void>((resolve) => (this.#onWake = resolve));
  }
}

test('what was decided is there after a restart, and a long journal is short again', async () => {
  const store = createMemoryStore();
  const before = await Process.on(store);
  const { key } = await before.create('a');
  for (let i = 0; i < 250; i++) await before.countUp('a');
  before.host.stop();
  const after = await Process.on(store);
  assert.equal(await after.count('a'), 250);
  const rows = await store.readJournal(key);
  assert(rows.length <= 100, `${rows.length} rows`);
  await after.countUp('a');
  assert.equal(await after.count('a'), 251);
  after.host.stop();
});

test('a journal of few but large rows is short again as well', async () => {
  const store = createMemoryStore();
  const process = await Process.on(store);
  const counter = await process.create('a');
  const padding = 'x'.repeat(100_000);
  const bytesOf = async () => {
    const journal = await store.readJournal(counter.key);
    return journal.reduce((sum, { privateBytes }) => sum + privateBytes.length, 0);
  };
  for (let i = 1; i <= 50; i++) {
    await process.host.transact(counter, (tx) => tx.note({ count: i, padding }));
    const bytes = await bytesOf();
    assert.ok(bytes <= 600_000, `${bytes} bytes`);
  }
  process.host.stop();
  const after = await Process.on(store);
  assert.equal(await after.count('a'), 50);
  after.host.stop();
});

test('a decision that throws changes nothing', async () => {
  const { host, create, count } = bound(await Process.on(createMemoryStore()));
  const counter = await create('a');
  const decide = host.transact(counter, (tx) => {
    tx.note({ count: 5 });
    throw new Error('not that');
  });
  await assert.rejects(decide, /not that/);
  assert.equal(await count('a'), 0);
  host.stop();
});

test('it wakes when its time has come, also in another process', async () => {
  const store = createMemoryStore();
  const first = await Process.on(store);
  await first.create('now', { wakeAtMs: Date.now() });
  await first.untilWoken('now');
  assert.equal(await first.count('now'), 1);
  first.host.stop();
  await first.create('later', { wakeAtMs: Date.now() });
  const second = await Process.on(store);
  await second.untilWoken('later');
  assert.deepEqual(second.woken, ['later']);
  second.host.stop();
});

test('after a commit that fails the state is what it was before', async () => {
  const store = createMemoryStore();
  const { host, create, count, countUp } = bound(await Process.on(store));
  const counter = await create('a');
  await countUp('a');
  const { commit } = store;
  store.commit = () => Promise.reject(new StoreUnavailableError('the disk is full'));
  await assert.rejects(countUp('a'), /the disk is full/);
  store.commit = commit;
  assert(counter.dropped);
  assert.throws(() => host.decide(counter, (tx) => tx.note({ count: 9 })), /being read back/);
  assert.equal(await count('a'), 1);
  await countUp('a');
  assert.equal(await count('a'), 2);
  host.stop();
});

test('one that is removed is gone at once, and its id is free', async () => {
  const store = createMemoryStore();
  const { host, create, count, countUp } = bound(await Process.on(store));
  const counter = await create('a');
  await countUp('a');
  const removed = host.remove(counter);
  assert.equal(await count('a'), undefined);
  await removed;
  await create('a');
  assert.equal(await count('a'), 0);
  assert.equal((await store.readJournal(counter.key)).length, 0);
  host.stop();
});

test('one that has closed leaves the memory, and can be looked at', async () => {
  const { host, create, count } = bound(await Process.on(createMemoryStore()));
  const counter = await create('a');
  await host.transact(counter, (tx) => tx.note({ count: 3, closeMs: tx.nowMs }));
  assert.equal(host.inMemory(NAMESPACE, 'a'), undefined);
  assert.equal(await count('a'), 3);
  const closed = await host.find(NAMESPACE, 'a');
  assert(closed);
  assert.throws(() => host.decide(closed, (tx) => tx.note({ count: 4 })), /has closed/);
  host.stop();
});

test('those that sleep long leave a full memory, and are found and woken all the same', async () => {
  const { host, create, count, countUp, untilWoken } = bound(await Process.on(createMemoryStore(), 2));
  const inAnHour = Date.now() + 3_600_000;
  for (const id of ['a', 'b', 'c', 'd']) await create(id, { wakeAtMs: inAnHour });
  assert.equal([...host.values()].length, 2);
  assert.equal(host.inMemory(NAMESPACE, 'a'), undefined);
  await countUp('a');
  assert.equal(await count('a'), 1);
  await create('soon', { wakeAtMs: Date.now() });
  await untilWoken('soon');
  host.stop();
});

test('those that cannot leave do not keep the others in a full memory', async () => {
  const { host, create } = bound(await Process.on(createMemoryStore(), 50));
  // More than are looked at in one go.
  for (let i = 0; i < 80; i++) await create(`busy-${i}`, { wakeAtMs: Date.now() + 30_000 });
  for (let i = 0; i < 80; i++) await create(`idle-${i}`, { wakeAtMs: Date.now() + 3_600_000 });
  const idle = [...host.values()].filter(({ id }) => id.startsWith('idle'));
  assert.ok(idle.length <= 20, `${idle.length} idle ones`);
  host.stop();
});

test('those that are only looked at do not fill the memory, and many can be read at a time', async () => {
  const store = createMemoryStore();
  const before = await Process.on(store);
  const ids = Array.from({ length: 40 }, (_, i) => `c${i}`);
  for (const id of ids) await before.create(id, { count: 7 });
  before.host.stop();
  const { host, count } = bound(await Process.on(store, 5));
  let reads = 0;
  const { readJournal } = store;
  store.readJournal = (key) => {
    reads++;
    return readJournal.call(store, key);
  };
  assert.deepEqual(new Set(await Promise.all(ids.map(count))), new Set([7]));
  assert.equal([...host.values()].length, 5);
  assert.equal(reads, ids.length);
  host.stop();
});

/** Methods that can be called by themselves. */
function bound(process: Process) {
  return {
    host: process.host,
    create: process.create.bind(process),
    count: process.count.bind(process),
    countUp: process.countUp.bind(process),
    untilWoken: process.untilWoken.bind(process),
  };
}

test('nothing is found, begun or woken in a namespace whose removal has begun', async () => {
  const store = createMemoryStore();
  const counters = await Process.on(store);
  const counter = await counters.create('a', { wakeAtMs: Date.now() + 3_600_000 });
  counters.removeNamespace();
  assert.ok(counter.dropped);
  assert.equal(await counters.host.find(NAMESPACE, 'a'), undefined);
  await assert.rejects(counters.create('b'), { code: 14 });
  await assert.rejects(
    counters.host.transact(counter, (tx) => tx.note({ count: 1 })),
    { code: 14 },
  );
  const rows = await store.listRuns({ namespaceId: NAMESPACE, kinds: [EntityKind.SCHEDULE], limit: 9 });
  assert.deepEqual(
    rows.map(({ workflowId }) => workflowId),
    ['a'],
  );
  counters.host.stop();
});

test('one that must be read back at a start is, though nothing wakes it', async () => {
  const store = createMemoryStore();
  const before = await Process.on(store);
  await before.create('a', { readAtStart: true });
  await before.create('b');
  const after = await Process.on(store);
  await after.untilLoaded('a');
  assert.equal(await after.count('a'), 0);
  assert.deepEqual([after.loaded, after.woken], [['a'], []]);
});
