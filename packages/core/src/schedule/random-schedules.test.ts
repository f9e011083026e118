// Schedules that live for years of simulated time: the process stops and comes back late, and forgets everything but the
// journal at random moments between two decisions. Each due time leads to exactly one start, or to exactly one of the
// reasons why not; which of them is compared with a model that knows nothing of journals, pages or buffers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScheduleOverlapPolicy as Overlap, WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import * as fc from 'fast-check';
import { StopRequest } from '../../generated/schedule-journal.js';
import { advanceSchedule, DUE_PAGE } from './advance.ts';
import { endingToRequest, planStarts } from './buffer.ts';
import { scheduleDefinition } from './entity.ts';
import type { ScheduleTransition } from './evolve.ts';
import { recordClosed, recordEndingRequested, recordStarted, workflowIdOf } from './record.ts';
import { timesOf } from './state.ts';
import { DAY, MINUTE, ScheduleBench, SECOND, T0 } from './testing.ts';

const { SKIP, BUFFER_ONE, BUFFER_ALL, CANCEL_OTHER, TERMINATE_OTHER, ALLOW_ALL } = Overlap;
const POLICIES = [SKIP, BUFFER_ONE, BUFFER_ALL, CANCEL_OTHER, TERMINATE_OTHER, ALLOW_ALL];

interface Life {
  readonly spec: object;
  readonly policy: number;
  readonly catchupWindow: number;
  /** How long workflows take, in turn. */
  readonly durationsMs: readonly number[];
  /** How late the process wakes up, in turn; mostly not at all. */
  readonly delaysMs: readonly number[];
  /** Before which of the decisions it crashes, and the journal is made short. */
  readonly crashes: readonly number[];
  readonly snapshots: readonly number[];
}

const WAKES = 150;

const specs: fc.Arbitrary<{ spec: object; intervalMs: number }> = fc.oneof(
  fc.integer({ min: 1, max: 90 }).map((seconds) => ({
    spec: { interval: [{ interval: seconds * SECOND }] },
    intervalMs: seconds * SECOND,
  })),
  fc.constant({
    spec: { cronString: ['30 2 * * *'], timezoneName: 'Europe/Berlin' },
    intervalMs: DAY,
  }),
  fc.constant({ spec: { cronString: ['0 12 * * MON', '0 0 1 * *'], jitter: DAY / 2 }, intervalMs: 6 * DAY }),
  fc.integer({ min: 1, max: 60 }).map((minutes) => ({
    spec: { interval: [{ interval: minutes * MINUTE }], jitter: MINUTE },
    intervalMs: minutes * MINUTE,
  })),
);

const lives: fc.Arbitrary<Life> = specs.chain(({ spec, intervalMs }) =>
  fc.record({
    spec: fc.constant(spec),
    policy: fc.constantFrom(...POLICIES),
    catchupWindow: fc.constantFrom(Math.max(10 * SECOND, 4 * intervalMs), 365 * DAY),
    durationsMs: fc.array(fc.integer({ min: 1, max: 3 * intervalMs }), { minLength: 1, maxLength: 7 }),
    delaysMs: fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.constant(0) },
        { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 * intervalMs }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 450 * intervalMs }) },
      ),
      { minLength: 1, maxLength: 11 },
    ),
    crashes: fc.array(fc.nat(7), { minLength: 1, maxLength: 13 }),
    snapshots: fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }),
  }),
);

/** What came of each due time, in order: the nominal times that were started. */
class Process {
  readonly bench: ScheduleBench;
  readonly life: Life;
  readonly started: number[] = [];
  /** When each workflow closes, by its run id. */
  readonly closesAt = new Map<string, number>();
  decisions = 0;
  #crashIn = 0;
  #snapshotIn = 0;

  constructor(life: Life) {
    this.life = life;
    this.bench = ScheduleBench.create({
      spec: life.spec,
      policies: { overlapPolicy: life.policy, catchupWindow: life.catchupWindow },
    });
  }

  decide(decide: (tx: ScheduleTransition) => void): void {
    const { crashes, snapshots } = this.life;
    this.decisions++;
    if (this.#snapshotIn-- === 0) {
      this.#snapshotIn = snapshots[this.decisions % snapshots.length] ?? 0;
      this.bench.snapshot();
    }
    if (this.#crashIn-- === 0) {
      this.#crashIn = crashes[this.decisions % crashes.length] ?? 0;
      const { state } = this.bench;
      this.bench.crash();
      assert.deepEqual(this.bench.state, state);
    }
    this.bench.decide(decide);
  }

  /** Returns the runs that have closed by now. */
  noticeClosed(): number {
    let closed = 0;
    for (const { firstRunId } of this.bench.state.running) {
      if (Number(this.closesAt.get(firstRunId)) > this.bench.nowMs) continue;
      closed++;
      this.decide((tx) =>
        recordClosed(tx, firstRunId, { status: Status.COMPLETED, result: undefined, failure: undefined }),
      );
    }
    return closed;
  }

  /** Does all that is to be done now. */
  work(): void {
    for (;;) {
      this.decide(advanceSchedule);
      const plan = planStarts(this.bench.state);
      const [start] = plan.ready;
      if (start !== undefined) this.#start(start);
      else if (endingToRequest(this.bench.state, plan) !== StopRequest.NONE) this.#end(plan.ending);
      else if (Number(this.bench.wakeAtMs) <= this.bench.nowMs) continue;
      else return;
    }
  }

  #start(start: Parameters<typeof recordStarted>[1]): void {
    const runId = `run-${this.started.length}`;
    const { durationsMs } = this.life;
    const durationMs = durationsMs[this.started.length % durationsMs.length] ?? 1;
    this.closesAt.set(runId, this.bench.nowMs + durationMs);
    this.started.push(start.nominalMs);
    this.decide((tx) => recordStarted(tx, start, workflowIdOf(tx.state, start), runId));
    if (this.life.policy !== ALLOW_ALL) assert.equal(this.bench.state.running.length, 1);
  }

  /** A terminated workflow has closed by the time when it is asked. */
  #end(ending: number): void {
    const [workflow] = this.bench.state.running;
    assert.ok(workflow);
    this.decide((tx) => recordEndingRequested(tx, [workflow.firstRunId], ending));
    if (ending === StopRequest.TERMINATE) this.closesAt.set(workflow.firstRunId, this.bench.nowMs);
    this.noticeClosed();
  }

  /** When something happens next, whether the process is there or not. */
  get nextMs(): number | undefined {
    const closings = this.bench.state.running.map(({ firstRunId }) => this.closesAt.get(firstRunId));
    const times = [this.bench.wakeAtMs, ...closings].filter((ms) => ms !== undefined);
    return times.length === 0 ? undefined : Math.max(this.bench.nowMs, Math.min(...times));
  }
}

/** The policies as they read in the documentation. */
class Model {
  readonly started: number[] = [];
  skipped = 0;
  missed = 0;
  readonly #life: Life;
  #running = false;
  #queue: number[] = [];

  constructor(life: Life) {
    this.#life = life;
  }

  closed(): void {
    this.#running = false;
  }

  due(times: readonly { nominalMs: number; nextMs: number }[], nowMs: number): void {
    const { policy, catchupWindow } = this.#life;
    const inTime = times.filter(({ nextMs }) => nowMs - nextMs <= catchupWindow).map(({ nominalMs }) => nominalMs);
    this.missed += times.length - inTime.length;
    if (policy === ALLOW_ALL) this.started.push(...inTime);
    else if (policy === CANCEL_OTHER || policy === TERMINATE_OTHER) this.#replace(inTime);
    else this.#enqueue(inTime);
  }

  #replace(times: readonly number[]): void {
    const all = [...this.#queue, ...times];
    const last = all.at(-1);
    this.skipped += Math.max(0, all.length - 1);
    this.#queue = last === undefined ? [] : [last];
    if (this.#life.policy === TERMINATE_OTHER && last !== undefined) this.#running = false;
    this.#startNext();
  }

  #enqueue(times: readonly number[]): void {
    const { policy } = this.#life;
    const room = policy === SKIP ? 0 : policy === BUFFER_ONE ? 1 : Infinity;
    this.#startNext();
    for (const time of times) {
      if (!this.#running) {
        this.#queue.push(time);
        this.#startNext();
      } else if (this.#queue.length < room) this.#queue.push(time);
      else this.skipped++;
    }
  }

  #startNext(): void {
    const next = this.#running ? undefined : this.#queue.shift();
    if (next === undefined) return;
    this.#running = true;
    this.started.push(next);
  }
}

function live(life: Life): void {
  const process = new Process(life);
  const { bench } = process;
  const model = new Model(life);
  const times = timesOf(bench.state.definition.spec);
  let seenMs = T0;
  let dueCount = 0;
  let comparable = true;
  for (let wake = 0; wake < WAKES; wake++) {
    const { nextMs } = process;
    if (nextMs === undefined) break;
    bench.at(Math.max(nextMs, bench.nowMs + 1) + (life.delaysMs[wake % life.delaysMs.length] ?? 0));
    const due = times.between(seenMs + 1, bench.nowMs, 100_000, 'seed').filter(({ nextMs: ms }) => ms <= bench.nowMs);
    seenMs = due.at(-1)?.nominalMs ?? seenMs;
    dueCount += due.length;
    if (process.noticeClosed() > 0) model.closed();
    process.work();
    model.due(due, bench.nowMs);
    // What does not fit into a page, or into the buffer, is another matter.
    const replaces = life.policy === CANCEL_OTHER || life.policy === TERMINATE_OTHER;
    if ((replaces && due.length > DUE_PAGE) || bench.state.bufferDropped > 0) comparable = false;
    const { overlapSkipped, missedCatchupWindow, bufferDropped, buffer } = bench.state;
    const accounted = process.started.length + overlapSkipped + missedCatchupWindow + bufferDropped + buffer.length;
    assert.equal(accounted, dueCount, 'every due time is accounted for');
    if (comparable) {
      assert.deepEqual(process.started, model.started);
      assert.deepEqual([overlapSkipped, missedCatchupWindow], [model.skipped, model.missed]);
    }
  }
  assert.equal(new Set(process.started).size, process.started.length, 'no due time is started twice');
  assert.equal(bench.state.actionCount, process.started.length);
  assert.ok(scheduleDefinition.encode([scheduleDefinition.snapshot(bench.state)]).length < 100_000);
}

test('each due time leads to one start or to one reason why not, whatever crashes', () => {
  fc.assert(fc.property(lives, live), { numRuns: 40 });
});
