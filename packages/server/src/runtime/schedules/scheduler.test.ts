// Schedules that fire every second, on the store in memory: undisturbed, and then again and again with each of the commits
// failing, and with a crash after each of them. Every time each second has one workflow, and what must not overlap does
// not. Time is simulated.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { invalidArgument } from '@perdure/api';
import { ScheduleOverlapPolicy as Overlap } from '@perdure/api/enums';
import { Schedule as ApiSchedule, type SchedulePatch } from '@perdure/api/schedule';
import type { Init } from '@perdure/api/wire';
import {
  beginFirstTask,
  canonicalSpec,
  createSchedule,
  DEFAULT_LIMITS,
  type Definition,
  patchSchedule,
  type StartWorkflow,
  startRun,
  terminateRun,
} from '@perdure/core';
import {
  type Commit,
  createMemoryStore,
  EntityKind,
  FencedError,
  type RunRow,
  type Store,
  StoreUnavailableError,
} from '@perdure/store';
import { createLogger } from '../../logging/logger.ts';
import { Matching } from '../../matching/matching.ts';
import { testMetrics } from '../../telemetry/testing/metrics.ts';
import { Engine } from '../engine.ts';
import { type Action, Scheduler } from './scheduler.ts';

const nextTurn = promisify(setImmediate);
const NAMESPACE = 'namespace-1';
const T0 = Date.UTC(2026, 0, 1);
const SECOND = 1000;
const NO_BYTES = new Uint8Array(0);

const START: StartWorkflow = {
  ...{ workflowType: 'Type', taskQueue: 'q', identity: '', links: [] },
  ...{ executionTimeoutMs: 0, runTimeoutMs: 0, workflowTaskTimeoutMs: 10_000, firstTaskBackoffMs: 0 },
  ...{ input: undefined, header: undefined, memo: undefined, searchAttributes: undefined },
  ...{ userMetadata: undefined, priority: undefined, requestId: '' },
};

function definitionOf(id: string, overlapPolicy: number, policies: object): Definition {
  const schedule = ApiSchedule.decode(
    ApiSchedule.encode({
      spec: { interval: [{ interval: SECOND }] },
      action: { startWorkflow: { workflowId: id, workflowType: { name: 'Type' } } },
      policies: { overlapPolicy, catchupWindow: 3600 * SECOND, ...policies },
      state: {},
    }),
  );
  const { spec, action, policies: given, state } = schedule;
  assert.ok(spec && action?.startWorkflow && given && state);
  return { spec: canonicalSpec(spec), action: action.startWorkflow, policies: given, state };
}

interface ProcessOptions {
  readonly startsPerSecond?: number;
  readonly refuse?: (action: Action) => boolean;
}

/** A server without a frontend. */
class Process {
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  readonly #matching: Matching;

  private constructor(store: Store, epoch: number, { startsPerSecond = 0, refuse }: ProcessOptions) {
    let lastId = 0;
    const clock = { now: () => Date.now() };
    const metrics = testMetrics();
    const log = createLogger({ level: 'error', format: 'text', write: () => undefined });
    this.engine = new Engine({
      ...{ store, shard: 1, epoch, clock, log, metrics, cacheBytesMax: 2 ** 30 },
      limitsOf: () => DEFAULT_LIMITS,
      namespaces: {
        nameOf: () => 'default',
        idOf: () => NAMESPACE,
        searchAttributesOf: () => ({ namespace: 'default', custom: new Map() }),
      },
      isBeingRemoved: () => false,
      sendCallback: () => assert.fail('nobody asked to be called back'),
      newRunId: () => `run-${epoch}-${++lastId}`,
      onFenced: () => undefined,
    });
    this.scheduler = new Scheduler({
      ...{ engine: this.engine, store, shard: 1, clock, log },
      startsPerSecond: () => startsPerSecond,
      newRun: (action) => {
        if (refuse?.(action)) throw invalidArgument('not like this');
        const start = { ...START, requestId: action.requestId };
        return {
          ...{ namespaceId: NAMESPACE, workflowId: action.workflowId, runId: this.engine.newRunId() },
          decide: (tx) => {
            startRun(tx, start);
            beginFirstTask(tx, start);
          },
        };
      },
    });
    const configOf = () => undefined;
    const waiting = { start: async () => false, stillWaits: () => true };
    this.#matching = new Matching({ now: clock.now, ...waiting, configOf, metrics: metrics.matching });
  }

  static async on(store: Store, options: ProcessOptions = {}): Promise<Process> {
    const started = new Process(store, await store.acquireShard(1, 'test'), options);
    await started.engine.begin(started.#matching);
    started.scheduler.begin();
    return started;
  }

  create(id: string, overlapPolicy: number, policies: object = {}): Promise<void> {
    const identity = { namespaceId: NAMESPACE, id, runId: `schedule-${id}` };
    const bytes = { memo: NO_BYTES, searchAttributes: NO_BYTES };
    const definition = definitionOf(id, overlapPolicy, policies);
    const creation = { ...bytes, definition, requestId: id, jitterSeed: '', patch: undefined };
    return this.scheduler.host.create(identity, (tx) => createSchedule(tx, creation)).durable;
  }

  patch(id: string, patch: Init<SchedulePatch>): Promise<void> {
    const complete = { triggerImmediately: undefined, backfillRequest: [], pause: '', unpause: '', ...patch };
    return this.scheduler.host.withEntity(NAMESPACE, id, (entity) => {
      assert.ok(entity);
      return this.scheduler.host.transact(entity, (tx) => patchSchedule(tx, complete as SchedulePatch, ''));
    });
  }

  /** Ends the workflow of this id, as its worker or an operator would. */
  async end(workflowId: string): Promise<void> {
    const run = await this.engine.loader.find({ namespaceId: NAMESPACE, workflowId, runId: '' });
    if (run === undefined || !run.isOpen) return;
    const termination = { reason: '', details: undefined, identity: '', links: [] };
    await this.engine.transact(run, (tx) => terminateRun(tx, termination));
  }

  async stop(): Promise<void> {
    this.scheduler.stop();
    this.#matching.close();
    await this.engine.stop();
  }
}

/** A store whose commits can be counted, and made to fail. */
function watched(onCommit: (count: number) => void): Store {
  const inner = createMemoryStore();
  let count = 0;
  return Object.assign(Object.create(inner) as Store, {
    commit: async (commit: Commit) => {
      onCommit(++count);
      await inner.commit(commit);
    },
    acquireShard: inner.acquireShard.bind(inner),
    maxRunKey: inner.maxRunKey.bind(inner),
    findRuns: inner.findRuns.bind(inner),
    readJournal: inner.readJournal.bind(inner),
    readHistory: inner.readHistory.bind(inner),
    dueRuns: inner.dueRuns.bind(inner),
    nextWakeAt: inner.nextWakeAt.bind(inner),
    listRuns: inner.listRuns.bind(inner),
  });
}

function simulated(t: TestContext): (ms: number) => Promise<void> {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: T0 });
  const settle = async () => {
    for (let turn = 0; turn < 12; turn++) await nextTurn();
  };
  return async (ms) => {
    await settle();
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      t.mock.timers.tick(STEP_MS);
      await settle();
    }
  };
}
const STEP_MS = 250;

async function workflows(store: Store): Promise<RunRow[]> {
  return store.listRuns({ namespaceId: NAMESPACE, kinds: [EntityKind.WORKFLOW_RUN], limit: 1000 });
}

async function idsOf(store: Store, schedule: string): Promise<string[]> {
  const rows = await workflows(store);
  const ids = rows.map(({ workflowId }) => workflowId).filter((id) => id.startsWith(`${schedule}-`));
  return ids.map((id) => id.slice(schedule.length + 1)).toSorted();
}

function seconds(from: number, to: number): string[] {
  const times = Array.from({ length: to - from + 1 }, (_, i) => T0 + (from + i) * SECOND);
  return times.map((ms) => new Date(ms).toISOString().replace('.000Z', 'Z'));
}

const LIFE_SECONDS = 6;

/** Three schedules; of one the workflows are ended one second after they began, so that the next one can. */
async function live(store: Store, pass: (ms: number) => Promise<void>, crashed: () => boolean): Promise<void> {
  let process = await Process.on(store);
  await pass(STEP_MS);
  const made = async (id: string, policy: number) => {
    for (;;) {
      const entity = await process.scheduler.host.find(NAMESPACE, id);
      if (entity !== undefined) return;
      // By design one of them fails.
      await process.create(id, policy).catch((error: unknown) => assert.match(String(error), /made durable/));
      await restartIfCrashed();
    }
  };
  const restartIfCrashed = async () => {
    if (!crashed()) return;
    await process.stop();
    process = await Process.on(store);
    await pass(STEP_MS);
  };
  await made('all', Overlap.ALLOW_ALL);
  await made('each', Overlap.BUFFER_ALL);
  await made('hasty', Overlap.TERMINATE_OTHER);
  for (let second = 1; second <= LIFE_SECONDS * 2; second++) {
    await pass(SECOND / 2);
    await restartIfCrashed();
    for (const id of await idsOf(store, 'each')) {
      await process.end(`each-${id}`).catch((error: unknown) => assert.match(String(error), /made durable|read back/));
    }
    await restartIfCrashed();
  }
  await pass(3 * SECOND);
  await restartIfCrashed();
  await pass(3 * SECOND);
  await process.stop();
}

/** Whatever has happened: one workflow for each second, from the first on. */
async function verify(store: Store, what: string): Promise<void> {
  for (const schedule of ['all', 'each', 'hasty']) {
    const ids = await idsOf(store, schedule);
    assert.ok(ids.length >= LIFE_SECONDS, `${what}: ${schedule} ${ids.join()}`);
    assert.equal(new Set(ids).size, ids.length);
    const [from = 0, to = 0] = [ids[0], ids.at(-1)].map((id = '') => (Date.parse(id) - T0) / SECOND);
    // Of times that are made up for together, the last one replaces the others.
    if (schedule === 'hasty') assert.ok(ids.length >= to - from - 3, `${what}: ${schedule} ${ids.join()}`);
    else assert.deepEqual(ids, seconds(from, to), `${what}: ${schedule}`);
  }
  const open = (await workflows(store)).filter(({ closeMs }) => closeMs === undefined);
  for (const schedule of ['each', 'hasty']) {
    const running = open.filter(({ workflowId }) => workflowId.startsWith(`${schedule}-`));
    assert.ok(running.length <= 1, `${what}: ${schedule} runs ${running.length} times`);
  }
}

test('each second has one workflow, whichever commit fails or is the last before a crash', async (t) => {
  const pass = simulated(t);
  let total = 0;
  const undisturbed = watched((count) => (total = count));
  await live(undisturbed, pass, () => false);
  await verify(undisturbed, 'undisturbed');
  assert.ok(total > 40, `${total} commits`);
  for (let at = 1; at <= total; at += 1) {
    const failing = watched((count) => {
      if (count === at) throw new StoreUnavailableError('the disk is full');
    });
    await live(failing, pass, () => false);
    await verify(failing, `commit ${at} fails`);
    let isLost = false;
    const crashing = watched((count) => {
      if (count === at) isLost = true;
      else if (isLost) throw new FencedError('the process is gone');
    });
    await live(crashing, pass, () => {
      const crashes = isLost;
      isLost = false;
      return crashes;
    });
    await verify(crashing, `a crash after commit ${at}`);
  }
});

test('no more workflows are started in a second than the namespace may', async (t) => {
  const pass = simulated(t);
  const store = createMemoryStore();
  const process = await Process.on(store, { startsPerSecond: 5 });
  await process.create('s', Overlap.ALLOW_ALL);
  const backfillRequest = [{ startTime: T0 - 99 * SECOND, endTime: T0, overlapPolicy: Overlap.ALLOW_ALL }];
  await process.patch('s', { backfillRequest });
  await pass(SECOND / 2);
  // As many at once as in a whole second.
  const early = (await workflows(store)).length;
  assert.ok(early >= 5 && early <= 8, `${early} at once`);
  await pass(10 * SECOND);
  const { length } = await workflows(store);
  assert.ok(length >= 50 && length <= 60, `${length} after ten seconds`);
  await process.stop();
});

test('a start that is refused is given up, and the next one is made', async (t) => {
  const pass = simulated(t);
  const store = createMemoryStore();
  const [refused, next] = seconds(1, 2);
  const process = await Process.on(store, { refuse: ({ workflowId }) => workflowId.endsWith(String(refused)) });
  await process.create('s', Overlap.BUFFER_ALL);
  await pass(2 * SECOND);
  assert.deepEqual(await idsOf(store, 's'), [next]);
  const entity = await process.scheduler.host.find(NAMESPACE, 's');
  assert.deepEqual([entity?.state.actionCount, entity?.state.buffer.length], [1, 0]);
  await process.stop();
});

test('a trigger has taken the id of a time: that time is not lost; a backfill has: it is done', async (t) => {
  const pass = simulated(t);
  const store = createMemoryStore();
  const process = await Process.on(store);
  await process.create('s', Overlap.ALLOW_ALL);
  const [first, second] = seconds(1, 2);
  await process.patch('s', { triggerImmediately: { scheduledTime: T0 + SECOND, overlapPolicy: Overlap.ALLOW_ALL } });
  const backfill = { startTime: T0 + 2 * SECOND, endTime: T0 + 2 * SECOND, overlapPolicy: Overlap.ALLOW_ALL };
  await process.patch('s', { backfillRequest: [backfill] });
  await pass(SECOND / 2);
  assert.deepEqual(await idsOf(store, 's'), [first, second]);
  await pass(2 * SECOND);
  assert.deepEqual(await idsOf(store, 's'), [first, `${first}-2`, second]);
  await process.stop();
});

test('others have the ids of two times, one has closed and one runs: these times are not lost', async (t) => {
  const pass = simulated(t);
  const store = createMemoryStore();
  const process = await Process.on(store);
  const [first, second] = seconds(1, 2);
  for (const time of [first, second]) {
    await process.engine.createRun({
      ...{ namespaceId: NAMESPACE, workflowId: `s-${time}`, runId: process.engine.newRunId() },
      decide: (tx) => {
        startRun(tx, { ...START, requestId: 'other' });
        beginFirstTask(tx, START);
      },
    });
  }
  await process.end(`s-${first}`);
  await process.create('s', Overlap.ALLOW_ALL);
  await pass(2 * SECOND + STEP_MS);
  assert.deepEqual(await idsOf(store, 's'), [first, first, second, `${second}-2`]);
  await process.stop();
});

test('what is shown of a schedule is durable', async (t) => {
  const pass = simulated(t);
  let finish: (() => void)[] = [];
  let isHeld = false;
  const inner = watched(() => undefined);
  const { commit } = inner;
  inner.commit = async (writes) => {
    if (isHeld) await new Promise<void>((resolve) => finish.push(resolve));
    await commit(writes);
  };
  const process = await Process.on(inner);
  await process.create('s', Overlap.SKIP);
  isHeld = true;
  const finishOne = async () => {
    await pass(0);
    const [first, ...others] = finish;
    finish = others;
    first?.();
    await pass(0);
  };
  const { scheduler } = process;
  const entity = await scheduler.host.find(NAMESPACE, 's');
  assert.ok(entity);
  const first = process.patch('s', { pause: 'first' });
  const shown = scheduler.settledState(entity);
  await pass(0);
  const second = process.patch('s', { pause: 'second' });
  await finishOne();
  await first;
  assert.equal((await shown).definition.state.notes, 'first', 'the second one is not durable');
  await finishOne();
  await second;
  isHeld = false;
  await process.stop();
});
