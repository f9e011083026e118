// Schedules through the official SDK: its schedule client, and workers that execute what schedules start.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ScheduleAlreadyRunning,
  type ScheduleHandle,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { eventually, unique } from './harness.ts';
import { sharedClient, sharedTaskQueue } from './sdk/worker.ts';
import { lastResult } from './sdk/workflows.ts';

const RARELY = { calendars: [{ year: 2099 }] };

async function create(options: object = {}): Promise<ScheduleHandle> {
  const { schedule } = await sharedClient();
  const taskQueue = await sharedTaskQueue();
  return schedule.create({
    scheduleId: unique('schedule'),
    spec: RARELY,
    action: { type: 'startWorkflow', workflowType: lastResult, workflowId: unique('wf'), taskQueue },
    ...options,
  });
}

/** Results of its latest workflows, when so many have been started and none runs. */
async function results(handle: ScheduleHandle, count: number): Promise<unknown[]> {
  const { workflow } = await sharedClient();
  const { info } = await eventually(`${count} workflows have ended`, async () => {
    const description = await handle.describe();
    const { numActionsTaken, runningActions } = description.info;
    return numActionsTaken === count && runningActions.length === 0 ? description : undefined;
  });
  return Promise.all(
    info.recentActions.map(({ action }) => {
      const { workflowId, firstExecutionRunId } = action.workflow;
      return workflow.getHandle(workflowId, firstExecutionRunId).result();
    }),
  );
}

describe('the schedule client', { concurrency: true }, () => {
  it('creates, describes, and finds an id in use', async () => {
    const handle = await create({
      spec: {
        cronExpressions: ['0 12 * * MON-FRI # noon'],
        intervals: [{ every: '1h', offset: '5m' }],
        timezone: 'Asia/Tokyo',
      },
      policies: { overlap: ScheduleOverlapPolicy.BUFFER_ALL, catchupWindow: '1 minute', pauseOnFailure: true },
      state: { paused: true, note: 'first', remainingActions: 3 },
      memo: { owner: 'us' },
    });
    const { spec, policies, state, memo, info } = await handle.describe();
    assert.deepEqual(spec.intervals, [{ every: 3_600_000, offset: 300_000 }]);
    assert.equal(spec.calendars?.[0]?.comment, 'noon');
    assert.equal(spec.timezone, 'Asia/Tokyo');
    assert.deepEqual(policies, { overlap: 'BUFFER_ALL', catchupWindow: 60_000, pauseOnFailure: true });
    assert.deepEqual(state, { paused: true, note: 'first', remainingActions: 3 });
    assert.deepEqual(memo, { owner: 'us' });
    assert.equal(info.nextActionTimes.length, 3);
    await assert.rejects(create({ scheduleId: handle.scheduleId }), ScheduleAlreadyRunning);
    await assert.rejects(create({ spec: { cronExpressions: ['99 * * * *'] } }), TypeError);
  });

  it('triggers workflows that know the result of the one before', async () => {
    const handle = await create();
    for (let count = 1; count <= 3; count++) {
      await handle.trigger(ScheduleOverlapPolicy.BUFFER_ALL);
      assert.equal((await results(handle, count)).at(-1), count);
    }
  });

  it('has times made up for', async () => {
    const handle = await create({ spec: { intervals: [{ every: '1m' }] }, state: { paused: true } });
    const minute = 60_000;
    const end = Math.floor(Date.now() / minute) * minute;
    await handle.backfill([
      { start: new Date(end - 4 * minute), end: new Date(end), overlap: ScheduleOverlapPolicy.BUFFER_ALL },
    ]);
    assert.deepEqual(await results(handle, 5), [1, 2, 3, 4, 5]);
    const { info } = await handle.describe();
    assert.deepEqual(
      info.recentActions.map(({ scheduledAt }) => scheduledAt.getTime()),
      [4, 3, 2, 1, 0].map((ago) => end - ago * minute),
    );
  });

  it('executes something every second until it is paused', async () => {
    const handle = await create({ spec: { intervals: [{ every: '1s' }] } });
    await eventually('two actions', async () =>
      (await handle.describe()).info.numActionsTaken >= 2 ? true : undefined,
    );
    await handle.pause('enough');
    const { state, info } = await handle.describe();
    assert.deepEqual(state, { paused: true, note: 'enough', remainingActions: undefined });
    assert.deepEqual(
      await results(handle, info.numActionsTaken),
      Array.from({ length: info.numActionsTaken }, (_, i) => i + 1),
    );
    await handle.unpause('go on');
    assert.equal((await handle.describe()).state.note, 'go on');
    await eventually('it goes on', async () =>
      (await handle.describe()).info.numActionsTaken > info.numActionsTaken ? true : undefined,
    );
  });

  it('stops by itself after the actions that remain', async () => {
    const handle = await create({ spec: { intervals: [{ every: '1s' }] }, state: { remainingActions: 2 } });
    assert.deepEqual(await results(handle, 2), [1, 2]);
    const { state, info } = await handle.describe();
    assert.equal(state.remainingActions, 0);
    assert.deepEqual(info.nextActionTimes, []);
  });

  it('updates what it has read', async () => {
    const handle = await create({ state: { note: 'old' } });
    await handle.update(({ action, policies, state }) => ({
      action,
      policies,
      spec: { intervals: [{ every: '7d' }] },
      state: { ...state, note: 'new' },
    }));
    const { spec, state, info } = await handle.describe();
    assert.deepEqual(
      spec.intervals?.map(({ every }) => every),
      [7 * 24 * 3_600_000],
    );
    assert.equal(state.note, 'new');
    assert.ok(info.lastUpdatedAt);
  });

  it('lists and deletes', async () => {
    const { schedule } = await sharedClient();
    const handles = await Promise.all([1, 2, 3].map(() => create({ memo: { listed: true } })));
    const wanted = handles.map(({ scheduleId }) => scheduleId);
    const listed = async () => {
      const found: string[] = [];
      for await (const { scheduleId } of schedule.list({ pageSize: 2 }))
        if (wanted.includes(scheduleId)) found.push(scheduleId);
      return found.toSorted();
    };
    assert.deepEqual(await listed(), wanted.toSorted());
    const [first, ...others] = handles;
    await first?.delete();
    assert.deepEqual(await listed(), others.map(({ scheduleId }) => scheduleId).toSorted());
    await assert.rejects(async () => first?.describe(), ScheduleNotFoundError);
  });
});
