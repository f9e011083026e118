// Many more open workflows than fit in memory: each sleeps in the database, and wakes when its time comes or when
// someone calls.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { createConfig, createLogger, type RunningServer, startServer } from '@perdure/server';
import { openSqliteStore } from '@perdure/store';
import type { temporal } from '@temporalio/proto';
import { type Command, completeWorkflow, EventType, Hand, scheduleActivity, startTimer } from './hand.ts';
import { eventually, NAMESPACE, unique } from './harness.ts';
import { RawClient } from './raw.ts';

const CACHE_BYTES_MAX = 1_000_000;
const WORKFLOWS = 1500;
/** On a machine that has nothing else to do it is a few milliseconds. */
const LATE_MS_MAX = 2500;

const folder = mkdtempSync(join(tmpdir(), 'small-cache-'));
const errors: string[] = [];
const log = createLogger({ level: 'error', format: 'text', write: (line: string) => errors.push(line) });
const store = await openSqliteStore({ filename: join(folder, 'test.db') });
const server: RunningServer = await startServer({
  host: '127.0.0.1',
  port: 0,
  store,
  namespaces: [],
  config: createConfig(),
  log,
  cacheBytesMax: CACHE_BYTES_MAX,
});
const raw = new RawClient(`127.0.0.1:${server.address.port}`);
after(async () => {
  raw.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

it('workflows sleep outside the memory, and their timers fire on time', async () => {
  const workers = new Workers((isFirst) =>
    isFirst ? startTimer('t', 3 + Math.random() * 2) : completeWorkflow('woken'),
  );
  const hands = await startMany(workers.taskQueue);
  await eventually('most have left the memory', async () => {
    const { runBytes } = server.stats();
    return workers.answered >= WORKFLOWS && runBytes < 1.5 * CACHE_BYTES_MAX ? true : undefined;
  });
  await eventually('all have woken', async () => (workers.answered === 2 * WORKFLOWS ? true : undefined), 30_000);
  await workers.stop();
  let lateMsMax = 0;
  await atOnce(hands, async (w) => {
    const events = await w.history();
    const time = (type: temporal.api.enums.v1.EventType) => eventMs(events.find(({ eventType }) => eventType === type));
    const started = events.find(({ eventType }) => eventType === EventType.EVENT_TYPE_TIMER_STARTED);
    const { seconds: s, nanos } = started?.timerStartedEventAttributes?.startToFireTimeout ?? {};
    const dueMs = time(EventType.EVENT_TYPE_TIMER_STARTED) + Number(s ?? 0) * 1000 + (nanos ?? 0) / 1e6;
    lateMsMax = Math.max(lateMsMax, time(EventType.EVENT_TYPE_TIMER_FIRED) - dueMs);
  });
  assert(lateMsMax < LATE_MS_MAX, `${lateMsMax} ms late`);
  assert.deepEqual(errors, []);
});

it('signals reach workflows that sleep, also while a backlog that no worker takes fills the memory', async () => {
  const workers = new Workers((isFirst) => (isFirst ? undefined : completeWorkflow('woken')));
  const hands = await startMany(workers.taskQueue);
  await eventually('all sleep', async () => (workers.answered === WORKFLOWS ? true : undefined), 30_000);
  await startMany(unique('nobody'));
  await atOnce(hands, (w) => w.signal());
  await eventually('all have woken', async () => (workers.answered === 2 * WORKFLOWS ? true : undefined), 30_000);
  await workers.stop();
  assert.deepEqual(errors, []);
});

it('a workflow whose activity nobody takes is not forgotten', async () => {
  const idle = unique('idle');
  const workers = new Workers((isFirst) => (isFirst ? scheduleActivity(idle) : completeWorkflow('woken')));
  await startMany(workers.taskQueue);
  await eventually('all wait', async () => (workers.answered === WORKFLOWS ? true : undefined), 30_000);
  const w = new Hand(raw);
  await atOnce(Array.from({ length: WORKFLOWS }), async () => {
    const { taskToken } = await raw.as({ deadlineMs: 15_000 }).pollActivityTaskQueue({
      namespace: NAMESPACE,
      taskQueue: { name: idle },
      identity: 'late',
    });
    await w.completeActivity({ taskToken } as never);
  });
  await eventually('all have woken', async () => (workers.answered === 2 * WORKFLOWS ? true : undefined), 30_000);
  await workers.stop();
  assert.deepEqual(errors, []);
});

async function startMany(taskQueue: string): Promise<Hand[]> {
  const hands = Array.from({ length: WORKFLOWS }, () => new Hand(raw));
  await atOnce(hands, (w) => w.start({ taskQueue: { name: taskQueue } }));
  return hands;
}

async function atOnce<T>(items: readonly T[], visit: (item: T) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const visitor = async () => {
    for (const item of left) await visit(item);
  };
  await Promise.all(Array.from({ length: 32 }, visitor));
}

/** Workers that answer each task with one command or none. */
class Workers {
  readonly taskQueue: string = unique('tq');
  answered = 0;
  readonly #stop = new AbortController();
  readonly #loops: Promise<unknown>;

  constructor(decide: (isFirst: boolean) => Command | undefined) {
    this.#loops = Promise.all(Array.from({ length: 16 }, () => this.#work(decide)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loops;
  }

  async #work(decide: (isFirst: boolean) => Command | undefined): Promise<void> {
    const { signal } = this.#stop;
    const polls = raw.as({ deadlineMs: 30_000, signal });
    const taskQueue = { name: this.taskQueue };
    while (!signal.aborted) {
      try {
        const task = await polls.pollWorkflowTaskQueue({ namespace: NAMESPACE, taskQueue, identity: 'many' });
        if (task.taskToken.length === 0) continue;
        const command = decide(Number(task.previousStartedEventId) === 0);
        const commands = command === undefined ? [] : [command];
        await raw.workflow.respondWorkflowTaskCompleted({ taskToken: task.taskToken, identity: 'many', commands });
        this.answered++;
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }
}

function eventMs(event: { eventTime?: { seconds?: unknown; nanos?: number | null } | null } | undefined): number {
  return Number(event?.eventTime?.seconds ?? 0) * 1000 + (event?.eventTime?.nanos ?? 0) / 1e6;
}
