// kill -9, again and again, under load: nothing that was acknowledged may be missing or doubled afterwards.
//
// TORTURE_SEED repeats a run's moments; TORTURE_KILLS, TORTURE_WORKER_KILLS and TORTURE_POLLS bound it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { TestContext } from 'node:test';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { HistoryEvent } from '../e2e/hand.ts';
import { completeWorkflow, EventType, Hand, millis } from '../e2e/hand.ts';
import { NAMESPACE, TestServer, unique } from '../e2e/harness.ts';
import { RawClient } from '../e2e/raw.ts';
import { Cable } from './cable.ts';
import type { Load } from './load.ts';
import { newLoad, startAndSignal, verify, work } from './load.ts';
import { aMoment, between, fromEnvironment, seeded } from './random.ts';

const SEED = fromEnvironment('TORTURE_SEED', Date.now() % 1_000_000);
const KILLS = fromEnvironment('TORTURE_KILLS', 20);
const WORKER_KILLS = fromEnvironment('TORTURE_WORKER_KILLS', 10);
const POLLS = fromEnvironment('TORTURE_POLLS', 10_000);

const STARTERS = 6;
const WORKERS_OF_A_KIND = 3;
const MOMENT_MS = [150, 1_200] as const;
/** Generous: what it must catch are timers that wait for the next sweep or event. */
const LATENESS_MS_MAX = 1_500;
const COMMIT_MS_MAX = 100;
const RSS_GROWTH_BYTES_MAX = 96 * 1024 * 1024;

/** How long this process itself had to wait at most, on a machine that others use too: the server waits as long. */
const starvation = monitorEventLoopDelay();
starvation.enable();

function starvedMs(): number {
  return starvation.max / 1e6;
}

interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
}

describe('torture', () => {
  it(`the server is killed ${KILLS} times under load (TORTURE_SEED=${SEED})`, async (t) => {
    const random = seeded(SEED);
    const server = await TestServer.start({ onFile: true });
    const load = newLoad();
    const starting = new AbortController();
    const working = new AbortController();
    const starters = Array.from({ length: STARTERS }, () =>
      startAndSignal(load, server.address, random, starting.signal),
    );
    const workers = (['workflow', 'activity'] as const).flatMap((kind) =>
      Array.from({ length: WORKERS_OF_A_KIND }, () => work(load, server.address, kind, random, working.signal)),
    );
    const actors = Promise.all([...starters, ...workers]);
    try {
      const outages = await Promise.race([
        killAgainAndAgain(server, random),
        actors.then(() => assert.fail('the load ended')),
      ]);
      starting.abort();
      await Promise.all(starters);
      await verifyAll(t, load, server, outages);
    } finally {
      starting.abort();
      working.abort();
      await actors;
      await server.dispose();
    }
  });

  it(`workers are killed ${WORKER_KILLS} times: their tasks are given out again (TORTURE_SEED=${SEED})`, async (t) => {
    const random = seeded(SEED + 1);
    const server = await TestServer.start({ onFile: true });
    const load = newLoad();
    const starting = new AbortController();
    const starters = Array.from({ length: STARTERS }, () =>
      startAndSignal(load, server.address, random, starting.signal),
    );
    try {
      for (let kill = 0; kill < WORKER_KILLS; kill++) {
        const worker = spawnWorker(server.address, load.taskQueue, SEED + kill);
        await aMoment(between(random, 600, 1_500));
        worker.kill('SIGKILL');
        await once(worker, 'exit');
      }
      starting.abort();
      await Promise.all(starters);
      const last = spawnWorker(server.address, load.taskQueue, SEED - 1);
      const histories = await verifyAll(t, load, server, []);
      last.kill('SIGKILL');
      const lost = histories
        .flat()
        .filter(
          (event) =>
            event.workflowTaskTimedOutEventAttributes || (event.activityTaskStartedEventAttributes?.attempt ?? 1) > 1,
        );
      t.diagnostic(`${lost.length} tasks were given out again`);
    } finally {
      starting.abort();
      await server.dispose();
    }
  });

  it(`clients disconnect in a long poll ${POLLS} times: nothing leaks, and no task goes to the dead`, async (t) => {
    const server = await TestServer.start();
    try {
      const w = new Hand(new RawClient(server.address));
      // The first tenth warms the server up.
      await disconnectInPolls(server, w.taskQueue, Math.ceil(POLLS / 10), seeded(SEED));
      const before = { rssBytes: server.rssBytes(), files: openFiles(server.pid) };
      await disconnectInPolls(server, w.taskQueue, POLLS, seeded(SEED));
      const after = { rssBytes: server.rssBytes(), files: openFiles(server.pid) };
      t.diagnostic(
        `resident memory ${mib(before.rssBytes)} → ${mib(after.rssBytes)} MiB, open files ${before.files} → ${after.files}`,
      );
      assert(after.rssBytes - before.rssBytes < RSS_GROWTH_BYTES_MAX);
      assert(after.files - before.files < 10);

      const { pollers } = await w.raw.workflow.describeTaskQueue({
        namespace: NAMESPACE,
        taskQueue: { name: w.taskQueue },
        taskQueueType: 1,
      });
      assert(pollers.length <= IDENTITIES, `${pollers.length} pollers`);
      await everyTaskArrives(w, 50);
      w.raw.close();
    } finally {
      await server.dispose();
    }
  });
});

async function killAgainAndAgain(server: TestServer, random: () => number): Promise<Outage[]> {
  const outages: Outage[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await aMoment(between(random, ...MOMENT_MS));
    const fromMs = Date.now();
    await server.kill();
    await server.launch();
    outages.push({ fromMs, toMs: Date.now() });
  }
  return outages;
}

/** Waits for each workflow to complete, and checks its history against what was acknowledged. */
async function verifyAll(
  t: TestContext,
  load: Load,
  server: TestServer,
  outages: readonly Outage[],
): Promise<HistoryEvent[][]> {
  const raw = new RawClient(server.address);
  const histories: HistoryEvent[][] = [];
  let latenessMs = 0;
  for (const workflow of load.workflows) {
    const w = Object.assign(new Hand(raw), { workflowId: workflow.workflowId });
    await w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
    const events = await w.history();
    verify(load, workflow, events);
    latenessMs = Math.max(latenessMs, timerLatenessMs(events, outages));
    histories.push(events);
  }
  raw.close();
  const events = histories.reduce((sum, history) => sum + history.length, 0);
  t.diagnostic(
    `${load.workflows.length} workflows, ${events} events, ${load.results.size} acknowledged results, ` +
      `${load.repeats} repeated calls, timers at most ${latenessMs.toFixed(0)} ms late, ` +
      `restarts took ${outages.map((outage) => outage.toMs - outage.fromMs).join(' ')} ms`,
  );
  assert(load.workflows.length > 0);
  const allowedMs = LATENESS_MS_MAX + starvedMs();
  assert(latenessMs < allowedMs, `a timer fired ${latenessMs} ms late, of ${allowedMs} ms at most`);
  return histories;
}

/** How long after it was due, or after the server was back, the timer fired. */
function timerLatenessMs(events: readonly HistoryEvent[], outages: readonly Outage[]): number {
  const started = events.find((event) => event.timerStartedEventAttributes);
  const fired = events.find((event) => event.timerFiredEventAttributes);
  assert(started && fired);
  const dueMs = millis(started.eventTime) + millis(started.timerStartedEventAttributes?.startToFireTimeout);
  const firedMs = millis(fired.eventTime);
  assert(firedMs >= dueMs - 1, 'a timer fired early');
  // Due just before the kill counts as due in the outage: it may not have been durable yet.
  const couldFireMs = outages.reduce(
    (ms, outage) => (ms >= outage.fromMs - COMMIT_MS_MAX - starvedMs() && ms <= outage.toMs ? outage.toMs : ms),
    dueMs,
  );
  return firedMs - couldFireMs;
}

function spawnWorker(address: string, taskQueue: string, seed: number) {
  const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
  return spawn(process.execPath, [script, address, taskQueue, String(seed)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const IDENTITIES = 20;
const POLLS_AT_ONCE = 200;

/** Half of the polls are cancelled one by one, half die with their connection. */
async function disconnectInPolls(
  server: TestServer,
  taskQueue: string,
  polls: number,
  random: () => number,
): Promise<void> {
  for (let done = 0; done < polls; done += POLLS_AT_ONCE) {
    const cable = await Cable.lay(server.port);
    const raw = new RawClient(cable.address);
    const hangUp = new AbortController();
    const waiting = Array.from({ length: Math.min(POLLS_AT_ONCE, polls - done) }, (_, index) => {
      const calls = raw.as(random() < 0.5 ? { signal: hangUp.signal } : {});
      const request = {
        namespace: NAMESPACE,
        taskQueue: { name: taskQueue },
        identity: `poller-${index % IDENTITIES}`,
      };
      return index % 2 === 0 ? calls.pollWorkflowTaskQueue(request) : calls.pollActivityTaskQueue(request);
    });
    const settled = Promise.allSettled(waiting);
    await aMoment(between(random, 10, 80));
    hangUp.abort();
    cable.cut();
    raw.close();
    await settled;
  }
}

/** With a live poller on the queue of the dead ones, each task must come at its first attempt. */
async function everyTaskArrives(w: Hand, count: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    const next = Object.assign(new Hand(w.raw), { taskQueue: w.taskQueue, workflowId: unique('alive') });
    await next.start();
    const task = await next.workflowTask();
    assert.equal(task.attempt, 1, 'the task went to a poller that had gone');
    assert.equal(task.workflowExecution?.workflowId, next.workflowId);
    await next.complete(task, [completeWorkflow()]);
  }
}

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
