// A family of workflows is played to its end, once undisturbed, and then again and again: with a crash after each of
// the commits of that first time, with each of the commits failing, with next to no memory. Every time the outcome is
// the same, because each message between runs takes effect once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Command } from '@perdure/api/command';
import {
  EventTypeNames,
  ParentClosePolicy as Policy,
  WorkflowIdReusePolicy as Reuse,
  CommandType as Type,
} from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import {
  beginFirstTask,
  completeWorkflowTask,
  DEFAULT_LIMITS,
  type Limits,
  type StartWorkflow,
  splitEvents,
  startRun,
  startTask,
  terminateRun,
} from '@perdure/core';
import { type Commit, createMemoryStore, type Store, StoreUnavailableError, type Write } from '@perdure/store';
import { createLogger } from '../logging/logger.ts';
import { Matching } from '../matching/matching.ts';
import { testMetrics } from '../telemetry/testing/metrics.ts';
import { Engine } from './engine.ts';

const nextTurn = promisify(setImmediate);

const NAMESPACE = 'namespace-1';
const NAMES: Readonly<Record<string, string>> = { [NAMESPACE]: 'family', 'namespace-2': 'neighbours' };
const STRANGERS = ['listener', 'victim', 'taken'];
const CHILDREN = ['quick', 'failing', 'relay', 'abandoned', 'ended', 'asked'];

// The workflows: what each decides is a function of its history, as with any worker.

type Workflow = (history: readonly HistoryEvent[]) => Init<Command>[];

const complete: Init<Command> = {
  commandType: Type.COMPLETE_WORKFLOW_EXECUTION,
  completeWorkflowExecutionCommandAttributes: {},
};

function child(workflowId: string, parentClosePolicy: number = Policy.TERMINATE): Init<Command> {
  return {
    commandType: Type.START_CHILD_WORKFLOW_EXECUTION,
    startChildWorkflowExecutionCommandAttributes: { workflowId, workflowType: { name: workflowId }, parentClosePolicy },
  };
}

const untilCancelled: Workflow = (history) =>
  history.some((event) => event.workflowExecutionCancelRequestedEventAttributes)
    ? [{ commandType: Type.CANCEL_WORKFLOW_EXECUTION, cancelWorkflowExecutionCommandAttributes: {} }]
    : [];

const WORKFLOWS: Readonly<Record<string, Workflow>> = {
  parent(history) {
    if (!history.some((event) => event.workflowTaskCompletedEventAttributes)) {
      return [
        ...['quick', 'failing', 'relay', 'ended', 'taken'].map((id) => child(id)),
        child('abandoned', Policy.ABANDON),
        child('asked', Policy.REQUEST_CANCEL),
        {
          commandType: Type.SIGNAL_EXTERNAL_WORKFLOW_EXECUTION,
          signalExternalWorkflowExecutionCommandAttributes: { execution: { workflowId: 'listener' }, signalName: 'go' },
        },
        {
          commandType: Type.REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION,
          requestCancelExternalWorkflowExecutionCommandAttributes: { workflowId: 'victim' },
        },
      ];
    }
    const answers = history.filter(
      (event) =>
        event.childWorkflowExecutionStartedEventAttributes ??
        event.startChildWorkflowExecutionFailedEventAttributes ??
        event.childWorkflowExecutionCompletedEventAttributes ??
        event.childWorkflowExecutionFailedEventAttributes ??
        event.externalWorkflowExecutionSignaledEventAttributes ??
        event.externalWorkflowExecutionCancelRequestedEventAttributes,
    );
    return answers.length === 12 ? [complete] : [];
  },
  usurper: () => [
    {
      commandType: Type.START_CHILD_WORKFLOW_EXECUTION,
      startChildWorkflowExecutionCommandAttributes: {
        workflowId: 'taken',
        workflowType: { name: 'taken' },
        workflowIdReusePolicy: Reuse.TERMINATE_IF_RUNNING,
      },
    },
  ],
  quick: () => [complete],
  failing: () => [
    { commandType: Type.FAIL_WORKFLOW_EXECUTION, failWorkflowExecutionCommandAttributes: { failure: NO_BYTES } },
  ],
  relay: (history) =>
    history[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId
      ? [complete]
      : [
          {
            commandType: Type.CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
            continueAsNewWorkflowExecutionCommandAttributes: {},
          },
        ],
};
const NO_BYTES = new Uint8Array(0);

const START: StartWorkflow = {
  requestId: '',
  workflowType: '',
  taskQueue: 'q',
  input: undefined,
  executionTimeoutMs: 0,
  runTimeoutMs: 0,
  workflowTaskTimeoutMs: 10_000,
  firstTaskBackoffMs: 0,
  identity: '',
  header: undefined,
  memo: undefined,
  searchAttributes: undefined,
  userMetadata: undefined,
  links: [],
  priority: undefined,
};

/** A server without a frontend, and the one worker that it has. */
class Household {
  readonly engine: Engine;
  readonly #matching: Matching;
  readonly errors: string[] = [];

  private constructor(store: Store, epoch: number, cacheBytesMax: number, limits: Partial<Limits>) {
    let lastId = 0;
    const clock = { now: () => Date.now() };
    const metrics = testMetrics();
    this.engine = new Engine({
      store,
      shard: 1,
      epoch,
      clock,
      limitsOf: () => ({ ...DEFAULT_LIMITS, continueIntervalMinMs: 0, ...limits }),
      namespaces: {
        nameOf: (id) => NAMES[id],
        idOf: (name) => Object.keys(NAMES).find((id) => NAMES[id] === name),
        searchAttributesOf: (id) => ({ namespace: NAMES[id] ?? '', custom: new Map() }),
      },
      metrics,
      sendCallback: () => assert.fail('nobody asked to be called back'),
      isBeingRemoved: () => false,
      newRunId: () => `run-${epoch}-${++lastId}`,
      cacheBytesMax,
      log: createLogger({ level: 'error', format: 'text', write: (line) => this.errors.push(line) }),
      onFenced: (error) => assert.fail(error),
    });
    this.#matching = new Matching({
      now: clock.now,
      start: async () => false,
      stillWaits: () => true,
      configOf: () => undefined,
      metrics: metrics.matching,
    });
  }

  static async on(store: Store, cacheBytesMax: number, limits: Partial<Limits> = {}): Promise<Household> {
    const household = new Household(store, await store.acquireShard(1, 'test'), cacheBytesMax, limits);
    await household.engine.begin(household.#matching);
    return household;
  }

  async start(workflowId: string): Promise<void> {
    await this.engine.createRun({
      namespaceId: NAMESPACE,
      workflowId,
      runId: this.engine.newRunId(),
      decide: (tx) => {
        const start = { ...START, workflowType: workflowId, requestId: workflowId };
        startRun(tx, start);
        beginFirstTask(tx, start);
      },
    });
  }

  /** Answers every workflow task there is. Who waits for a worker is in memory: nobody else is touched. */
  async work(store: Store): Promise<void> {
    for (const workflowId of ['parent', 'usurper', ...CHILDREN, ...STRANGERS]) {
      const run = this.engine.loader.inMemory({ namespaceId: NAMESPACE, workflowId, runId: '' });
      if (run === undefined || run.dropped || run.state.task?.startedEventId !== 0) continue;
      // What is decided is not durable yet, and not in the store.
      if (run.pendingCommits > 0) continue;
      const history = await historyOf(store, run.key);
      const commands = (WORKFLOWS[workflowId] ?? untilCancelled)(history).map((c) => Command.decode(Command.encode(c)));
      if (run.dropped || run.state.nextEventId !== history.length + 1 || run.state.task?.startedEventId !== 0) continue;
      const answered = this.engine.transact(run, (tx) => {
        startTask(tx, { identity: 'w', requestId: 'r', sticky: false });
        return completeWorkflowTask(tx, { ...COMPLETION, commands });
      });
      // A commit that fails by design: the task is there again when the run has been read back.
      await answered.catch((error: unknown) => assert.match(String(error), /made durable|read back/));
    }
  }

  async stop(): Promise<void> {
    this.#matching.close();
    await this.engine.stop();
  }
}

const COMPLETION = {
  messages: [],
  admitted: new Map(),
  forgetsEvents: true,
  sticky: undefined,
  forceCreateNewTask: false,
  returnNewTask: false,
  newRequestId: undefined,
  identity: 'w',
  binaryChecksum: '',
  workerVersion: undefined,
  workerDeploymentName: '',
  sdkMetadata: undefined,
  meteringMetadata: undefined,
};

async function historyOf(store: Store, run: number): Promise<HistoryEvent[]> {
  const journal = await store.readJournal(run);
  return journal.flatMap((row) => splitEvents(row.publicBytes).map((bytes) => HistoryEvent.decode(bytes)));
}

/** Of each run, what happened but for workflow tasks, in no order: that of answers is a matter of chance. */
async function outcome(store: Store): Promise<string[]> {
  const rows = await store.listRuns({ namespaceId: NAMESPACE, limit: 100 });
  const lines = rows.map(async (row) => {
    const names = (await historyOf(store, row.key)).map((event) => EventTypeNames.name(event.eventType));
    const events = names.filter((name) => !name.startsWith('WORKFLOW_TASK')).toSorted();
    const isDone = row.wakeAtMs === undefined || row.status === 1;
    return `${row.workflowId} ${row.status} ${events.join(' ')}${isDone ? '' : ' and would be woken again'}`;
  });
  return (await Promise.all(lines)).toSorted();
}

/** Works until everything is over, and a little longer: nothing more may happen then. */
async function play(household: Household, store: Store): Promise<string[]> {
  const untilMs = Date.now() + PLAY_MS_MAX;
  let afterwards = 0;
  let now: string[] = [];
  while (afterwards < 10 && Date.now() < untilMs) {
    await household.work(store);
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    now = await outcome(store);
    if (now.every((line) => IS_OVER.test(line))) afterwards++;
  }
  return now;
}

const PLAY_MS_MAX = 5000;
/** Some go on for ever. */
const IS_OVER = /^(abandoned|listener|taken) 1 |^\w+ [2-9] (?!.*would be)/;

interface Disturbance {
  readonly store: Store;
  /** Commits that were made. */
  readonly commits: Commit[];
}

/** A store that remembers its commits, refuses one of them, and is slow to find a run: commits come in between. */
function watched(failing = -1): Disturbance {
  const store = createMemoryStore();
  const commits: Commit[] = [];
  let count = 0;
  const apply = store.commit.bind(store);
  const find = store.findRuns.bind(store);
  store.commit = async (given: Commit): Promise<void> => {
    if (count++ === failing) throw new StoreUnavailableError('the disk is full');
    await apply(given);
    commits.push(given);
  };
  store.findRuns = async (lookups) => {
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    return find(lookups);
  };
  return { store, commits };
}

/** The store as a crash leaves it. */
async function after(commits: readonly Commit[]): Promise<Store> {
  const store = createMemoryStore();
  const epoch = await store.acquireShard(1, 'before');
  for (const { writes } of commits) await store.commit({ shard: 1, epoch, writes });
  return store;
}

/** Starts everything, and plays to the end. */
async function wholeStory(
  disturbed: Disturbance,
  cacheBytesMax = Number.POSITIVE_INFINITY,
): Promise<{ result: string[]; starts: number }> {
  const household = await Household.on(disturbed.store, cacheBytesMax);
  for (const workflowId of [...STRANGERS, 'parent']) await household.start(workflowId);
  const starts = disturbed.commits.length;
  const result = await play(household, disturbed.store);
  await household.stop();
  assert.deepEqual(
    household.errors.filter((line) => !line.includes('a commit failed')),
    [],
  );
  return { result, starts };
}

/** The parent is started last. */
const PARENT_KEY = STRANGERS.length + 1;

function isOf(key: number, write: Write): boolean {
  if (write.kind === 'insertRun') return write.row.key === key;
  return 'run' in write && write.run === key;
}

const undisturbed = watched();
const { result: expected, starts } = await wholeStory(undisturbed);

test('undisturbed, every message takes effect', () => {
  const statuses = expected.map((line) => line.split(' ').slice(0, 2).join(' '));
  assert.deepEqual(statuses, [
    'abandoned 1',
    'asked 4',
    'ended 5',
    'failing 3',
    'listener 1',
    'parent 2',
    'quick 2',
    'relay 2',
    'relay 6',
    'taken 1',
    'victim 4',
  ]);
  const parent = expected.find((line) => line.startsWith('parent')) ?? '';
  assert.equal(parent.split(' ').filter((name) => name === 'CHILD_WORKFLOW_EXECUTION_STARTED').length, 6);
  assert.equal(parent.split(' ').filter((name) => name === 'START_CHILD_WORKFLOW_EXECUTION_FAILED').length, 1);
});

test('a crash after any commit changes nothing', async (t) => {
  const { commits } = undisturbed;
  for (let n = starts; n <= commits.length; n++) {
    const store = await after(commits.slice(0, n));
    const household = await Household.on(store, Number.POSITIVE_INFINITY);
    assert.deepEqual(await play(household, store), expected, `after ${n} of ${commits.length} commits`);
    assert.deepEqual(household.errors, []);
    await household.stop();
  }
  t.diagnostic(`${commits.length - starts} crashes`);
});

test('whoever has had a message knows it when it comes again', async (t) => {
  // As if each receiver had a store of its own: there the last commit has arrived, in the sender's it has not.
  let repeated = 0;
  for (let n = starts + 1; n <= undisturbed.commits.length; n++) {
    const last = undisturbed.commits[n - 1] as Commit;
    const received = last.writes.filter((write) => !isOf(PARENT_KEY, write));
    const reports = received.some((write) => write.kind === 'updateRun' && write.closed !== undefined);
    if (received.length === 0 || received.length === last.writes.length || reports) continue;
    repeated++;
    const store = await after([...undisturbed.commits.slice(0, n - 1), { ...last, writes: received }]);
    const household = await Household.on(store, Number.POSITIVE_INFINITY);
    assert.deepEqual(await play(household, store), expected, `in commit ${n}`);
    await household.stop();
  }
  assert.ok(repeated > 0, 'nothing was repeated');
  t.diagnostic(`${repeated} repetitions`);
});

test('a commit that fails changes nothing', async () => {
  for (let n = starts; n < undisturbed.commits.length; n++) {
    const { result } = await wholeStory(watched(n));
    assert.deepEqual(result, expected, `commit ${n} failed`);
  }
});

test('nothing is lost when runs leave the memory at once', async (t) => {
  const disturbed = watched();
  const { result } = await wholeStory(disturbed, 1);
  assert.deepEqual(result, expected);
  for (let n = starts; n <= disturbed.commits.length; n++) {
    const store = await after(disturbed.commits.slice(0, n));
    const household = await Household.on(store, 1);
    assert.deepEqual(await play(household, store), expected, `after ${n} of ${disturbed.commits.length} commits`);
    await household.stop();
  }
  t.diagnostic(`${disturbed.commits.length - starts} crashes`);
});

test('closed runs leave the memory, also those that others have closed', async () => {
  const { store } = watched();
  const household = await Household.on(store, Number.POSITIVE_INFINITY);
  await household.start('parent');
  const parent = household.engine.loader.inMemory({ namespaceId: NAMESPACE, workflowId: 'parent', runId: '' });
  assert.ok(parent);
  const commands = Array.from({ length: 1500 }, (_, n) => Command.decode(Command.encode(child(`child-${n}`))));
  await household.engine.transact(parent, (tx) => {
    startTask(tx, { identity: 'w', requestId: 'r', sticky: false });
    return completeWorkflowTask(tx, { ...COMPLETION, commands });
  });
  const untilMs = Date.now() + PLAY_MS_MAX;
  const until = async (what: () => boolean) => {
    while (!what() && Date.now() < untilMs) await nextTurn();
    assert.ok(what());
  };
  await until(() => household.engine.stats.runs === 1501);
  const end = { reason: '', details: undefined, identity: '', links: [] };
  await household.engine.transact(parent, (tx) => terminateRun(tx, end));
  await until(() => household.engine.stats.runs <= 1000);
  await household.stop();
});

test('no workflow ends for a child whose parent ends instead of having it', async () => {
  const store = createMemoryStore();
  // One event too few for the start of the child and the workflow task that tells of it.
  const household = await Household.on(store, Number.POSITIVE_INFINITY, { historyCountMax: 6 });
  await household.start('taken');
  await household.start('usurper');
  const statusOf = async (workflowId: string) => {
    const [row] = await store.findRuns([{ namespaceId: NAMESPACE, workflowId, runId: '' }]);
    return row?.status;
  };
  while ((await statusOf('usurper')) === 1) {
    await household.work(store);
    await nextTurn();
  }
  assert.equal(await statusOf('usurper'), 5);
  assert.equal(await statusOf('taken'), 1);
  await household.stop();
});
