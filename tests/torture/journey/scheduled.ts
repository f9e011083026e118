// Schedules of a journey, from their creation until they are deleted.

import assert from 'node:assert/strict';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { long, payloads, seconds } from '../../e2e/hand.ts';
import { eventually, NAMESPACE } from '../../e2e/harness.ts';
import { Code, RpcFailure } from '../../e2e/raw.ts';
import { FLOW_MS_MAX, TASK_TIMEOUT_SECONDS, type Traveller } from './traveller.ts';

type CreateRequest = temporal.api.workflowservice.v1.ICreateScheduleRequest;
type Schedule = temporal.api.schedule.v1.ISchedule;
type Info = temporal.api.schedule.v1.IScheduleInfo;
type Patch = temporal.api.schedule.v1.ISchedulePatch;

const { ScheduleOverlapPolicy: Overlap, WorkflowExecutionStatus: Status } = proto.temporal.api.enums.v1;
const {
  SCHEDULE_OVERLAP_POLICY_ALLOW_ALL: ALLOW_ALL,
  SCHEDULE_OVERLAP_POLICY_BUFFER_ALL: BUFFER_ALL,
  SCHEDULE_OVERLAP_POLICY_TERMINATE_OTHER: TERMINATE_OTHER,
} = Overlap;
const {
  WORKFLOW_EXECUTION_STATUS_RUNNING: RUNNING,
  WORKFLOW_EXECUTION_STATUS_COMPLETED: COMPLETED,
  WORKFLOW_EXECUTION_STATUS_TERMINATED: TERMINATED,
} = Status;

/** In the past: what it stands for is known, whenever the journey is. */
const BACKFILL_FROM = Date.UTC(2001, 0, 1) / 1000;
const BACKFILLED = 2;

/** A schedule, and the clients who use it. */
class Timetable {
  readonly #t: Traveller;
  readonly #name: string;

  constructor(t: Traveller, name: string) {
    this.#t = t;
    this.#name = name;
  }

  get #ref() {
    return { namespace: NAMESPACE, scheduleId: this.#t.id(this.#name) };
  }

  async create(type: string, args: string[], schedule: Schedule, initialPatch: Patch): Promise<void> {
    const startWorkflow = {
      workflowId: this.#t.id(this.#name),
      workflowType: { name: type },
      taskQueue: { name: this.#t.taskQueue },
      input: payloads(...args),
      workflowTaskTimeout: seconds(TASK_TIMEOUT_SECONDS),
    };
    const request: CreateRequest = {
      ...this.#ref,
      schedule: { action: { startWorkflow }, ...schedule },
      initialPatch,
      requestId: `create-${this.#name}`,
    };
    await this.#t.untilAnswered((service) => service.createSchedule(request));
  }

  async patch(what: string, patch: Patch): Promise<void> {
    const request = { ...this.#ref, patch, requestId: `${what}-${this.#name}` };
    await this.#t.untilAnswered((service) => service.patchSchedule(request));
  }

  async describe() {
    return this.#t.untilAnswered((service) => service.describeSchedule(this.#ref));
  }

  /** Until the workflows that it has started, oldest first, are in these states; returns their ids. */
  async until(...statuses: readonly proto.temporal.api.enums.v1.WorkflowExecutionStatus[]): Promise<string[]> {
    let seen: Info = {};
    const reached = async () => {
      seen = (await this.describe()).info ?? {};
      const actions = seen.recentActions ?? [];
      // More of them than expected is a failure, not something to wait for.
      assert(actions.length <= statuses.length, `${this.#name} has started ${actions.length} workflows`);
      const isReached = statuses.every((status, index) => actions[index]?.startWorkflowStatus === status);
      return isReached ? actions.map(({ startWorkflowResult }) => startWorkflowResult?.workflowId ?? '') : undefined;
    };
    try {
      return await eventually(`${this.#name} has workflows ${statuses.join()}`, reached, FLOW_MS_MAX);
    } catch (error) {
      throw new Error(`${String(error)}, its state: ${JSON.stringify(seen)}`, { cause: error });
    }
  }

  async delete(): Promise<void> {
    await this.#t.untilDone((service) => service.deleteSchedule(this.#ref));
    await assert.rejects(this.describe(), (error) => error instanceof RpcFailure && error.code === Code.NOT_FOUND);
  }
}

/** Triggered three times: at its creation, by hand while that one runs, and in place of the second one. */
export async function scheduled(t: Traveller): Promise<void> {
  const timetable = new Timetable(t, 'scheduled');
  const rarely: Schedule = {
    spec: { structuredCalendar: [{ year: [{ start: 2099 }] }] },
    policies: { overlapPolicy: BUFFER_ALL },
  };
  await timetable.create('conversation', [], rarely, { triggerImmediately: {} });
  const [first = ''] = await timetable.until(RUNNING);
  await timetable.patch('trigger', { triggerImmediately: {} });
  await timetable.patch('pause', { pause: 'for a while' });
  await t.signalTo(first, 'stop');
  await timetable.until(COMPLETED, RUNNING);
  await timetable.patch('replace', { triggerImmediately: { overlapPolicy: TERMINATE_OTHER } });
  const [, , third = ''] = await timetable.until(COMPLETED, TERMINATED, RUNNING);
  await t.signalTo(third, 'stop');
  await timetable.until(COMPLETED, TERMINATED, COMPLETED);
  const { info, schedule } = await timetable.describe();
  assert.deepEqual(
    [Number(info?.actionCount), Number(info?.bufferSize), Number(info?.overlapSkipped), info?.runningWorkflows],
    [3, 0, 0, []],
  );
  assert.deepEqual([schedule?.state?.paused, schedule?.state?.notes], [true, 'for a while']);
  await timetable.delete();
}

/** Acts once by its spec, however many seconds it misses, and makes up for some of long ago. */
export async function madeUp(t: Traveller): Promise<void> {
  const timetable = new Timetable(t, 'made up');
  const onceInAll: Schedule = {
    spec: { interval: [{ interval: seconds(1) }] },
    policies: { overlapPolicy: ALLOW_ALL },
    state: { limitedActions: true, remainingActions: long(1) },
  };
  const backfill = { startTime: seconds(BACKFILL_FROM), endTime: seconds(BACKFILL_FROM + BACKFILLED - 1) };
  await timetable.create('again', [''], onceInAll, { backfillRequest: [backfill] });
  const ids = await timetable.until(...Array.from({ length: BACKFILLED + 1 }, () => COMPLETED));
  const times = ids.map((id) => Date.parse(id.slice(t.id('made up').length + 1)) / 1000);
  assert.deepEqual(
    times.toSorted((a, b) => a - b).slice(0, BACKFILLED),
    Array.from({ length: BACKFILLED }, (_, index) => BACKFILL_FROM + index),
  );
  const { info } = await timetable.describe();
  assert.equal(Number(info?.actionCount), BACKFILLED + 1);
  await timetable.delete();
}
