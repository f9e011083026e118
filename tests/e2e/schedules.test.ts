// Schedules by hand: what they start, how they keep their workflows apart, what they hand on, and what survives a crash.

import assert from 'node:assert/strict';
import * as hooks from 'node:test';
import { describe, it } from 'node:test';
import proto from '@temporalio/proto';
import { cancelWorkflow, completeWorkflow, EventType, failWorkflow, payloads, texts } from './hand.ts';
import { eventually, NAMESPACE, TestServer, unique } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';
import { ALLOW_ALL, EVERY_SECOND, Overlap, RARELY, ScheduleHand, Status } from './schedule-hand.ts';

const {
  SCHEDULE_OVERLAP_POLICY_SKIP: SKIP,
  SCHEDULE_OVERLAP_POLICY_BUFFER_ONE: BUFFER_ONE,
  SCHEDULE_OVERLAP_POLICY_BUFFER_ALL: BUFFER_ALL,
  SCHEDULE_OVERLAP_POLICY_CANCEL_OTHER: CANCEL_OTHER,
  SCHEDULE_OVERLAP_POLICY_TERMINATE_OTHER: TERMINATE_OTHER,
} = Overlap;
const { CommandType } = proto.temporal.api.enums.v1;

let server: TestServer;
let raw: RawClient;
hooks.before(async () => {
  server = await TestServer.start({ args: ['--search-attribute', 'City=Keyword'] });
  raw = new RawClient(server.address);
});
hooks.after(async () => {
  raw?.close();
  await server?.dispose();
});

function city(value: string) {
  return { indexedFields: { City: payloads(value).payloads?.[0] ?? {} } };
}

async function workflowIds(s: ScheduleHand): Promise<string[]> {
  const { executions } = await s.raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE });
  return executions.map(({ execution }) => execution?.workflowId ?? '').filter((id) => id.startsWith(s.workflowId));
}

describe('what a schedule starts', { concurrency: true }, () => {
  it('has its time in its id, and all that the action says', async () => {
    const s = new ScheduleHand(raw);
    const memo = { fields: { note: payloads('memo').payloads?.[0] ?? {} } };
    const header = { fields: { trace: payloads('header').payloads?.[0] ?? {} } };
    const workflow = {
      ...{ input: payloads('input'), memo, header, searchAttributes: city('Bern') },
      priority: { priorityKey: 2 },
      userMetadata: { summary: payloads('summary').payloads?.[0] ?? {} },
      retryPolicy: { maximumAttempts: 3 },
      workflowRunTimeout: { seconds: proto.google.protobuf.Duration.create({ seconds: 77 as never }).seconds },
    };
    const { action } = s.schedule(RARELY, {}, workflow);
    const at = Math.floor(Date.now() / 1000) - 3600;
    const scheduledTime = { seconds: at as never };
    await s.create(RARELY, { action: action ?? null }, { initialPatch: { triggerImmediately: { scheduledTime } } });
    const [workflowId] = await s.actions(1);
    const time = new Date(at * 1000).toISOString().replace('.000Z', 'Z');
    assert.equal(workflowId, `${s.workflowId}-${time}`);
    const event = await s.firstEvent(workflowId);
    const a = event.workflowExecutionStartedEventAttributes;
    assert.deepEqual(texts(a?.input), ['input']);
    assert.equal(a?.workflowType?.name, 'Type');
    assert.equal(a.taskQueue?.name, s.taskQueue);
    assert.deepEqual(Object.keys(a.memo?.fields ?? {}), ['note']);
    assert.deepEqual(Object.keys(a.header?.fields ?? {}), ['trace']);
    assert.equal(a.priority?.priorityKey, 2);
    assert.equal(a.retryPolicy?.maximumAttempts, 3);
    assert.equal(Number(a.workflowRunTimeout?.seconds), 77);
    assert.ok(event.userMetadata?.summary);
    const attributes = a.searchAttributes?.indexedFields ?? {};
    const shown = Object.entries(attributes).map(([name, { data, metadata }]) => {
      const type = Buffer.from(metadata?.['type'] ?? []).toString();
      return `${name} ${type} ${Buffer.from(data ?? []).toString()}`;
    });
    assert.deepEqual(shown.toSorted(), [
      'City Keyword "Bern"',
      `TemporalScheduledById Keyword "${s.scheduleId}"`,
      `TemporalScheduledStartTime Datetime "${time}"`,
    ]);
    assert.equal(a.identity, `temporal-scheduler-default-${s.scheduleId}`);
    assert.equal(a.attempt, 1);
  });

  it('is one workflow for each second that is due', async () => {
    const s = new ScheduleHand(raw);
    await s.create(EVERY_SECOND, { policies: { overlapPolicy: ALLOW_ALL } });
    await eventually('three actions', async () => (Number((await s.info()).actionCount) >= 3 ? true : undefined));
    await s.patch({ pause: 'enough' });
    const info = await s.info();
    const times = (info.recentActions ?? []).map(({ scheduleTime }) => Number(scheduleTime?.seconds));
    times.forEach((time, i) => assert.equal(time, (times[0] ?? 0) + i));
    const ids = await workflowIds(s);
    assert.equal(ids.length, Number(info.actionCount));
    assert.equal(new Set(ids).size, ids.length);
  });

  it('is as many workflows as there were triggers in a second', async () => {
    const s = new ScheduleHand(raw);
    await s.create(RARELY);
    await Promise.all(Array.from({ length: 20 }, () => s.trigger(ALLOW_ALL)));
    await s.actions(20);
    assert.equal(new Set(await workflowIds(s)).size, 20);
  });

  it('covers the stretch of a backfill, its ends included', async () => {
    const s = new ScheduleHand(raw);
    await s.create({ interval: [{ interval: { seconds: 3600 as never } }] });
    const end = Math.floor(Date.now() / 3_600_000) * 3600;
    const backfill = {
      ...{ startTime: { seconds: (end - 299 * 3600) as never }, endTime: { seconds: end as never } },
      overlapPolicy: ALLOW_ALL,
    };
    await s.patch({ backfillRequest: [backfill] });
    await s.actions(300);
    // The same stretch again: those workflows still run, so these get other ids.
    await s.patch({ backfillRequest: [{ ...backfill, startTime: { seconds: (end - 3600) as never } }] });
    const again = await s.actions(302);
    assert.ok(again.at(-1)?.endsWith('Z-2'), again.at(-1));
  });

  it('keeps the id of the action if that is wanted', async () => {
    const s = new ScheduleHand(raw);
    await s.create(RARELY, { policies: { keepOriginalWorkflowId: true } });
    await s.trigger();
    assert.deepEqual(await s.actions(1), [s.workflowId]);
    await s.step(completeWorkflow());
    await eventually('it has closed', async () => ((await s.info()).runningWorkflows?.length ? undefined : true));
    await s.trigger();
    assert.deepEqual(await s.actions(2), [s.workflowId, s.workflowId]);
    // What runs under this id cannot run twice.
    await s.trigger(ALLOW_ALL);
    await eventually('it is skipped', async () => (Number((await s.info()).overlapSkipped) === 1 ? true : undefined));
  });
});

describe('workflows that would overlap', { concurrency: true }, () => {
  async function running(overlapPolicy: number): Promise<ScheduleHand> {
    const s = new ScheduleHand(raw);
    await s.create(RARELY, { policies: { overlapPolicy } });
    await s.trigger();
    await s.actions(1);
    return s;
  }

  it('are skipped', async () => {
    const s = await running(SKIP);
    await s.trigger();
    await s.trigger();
    const info = await s.info();
    assert.deepEqual([Number(info.actionCount), Number(info.overlapSkipped), Number(info.bufferSize)], [1, 2, 0]);
    assert.equal(info.runningWorkflows?.length, 1);
  });

  it('wait, all or one of them', async () => {
    const s = await running(BUFFER_ALL);
    const one = await running(BUFFER_ONE);
    for (const each of [s, s, one, one]) await each.trigger();
    assert.equal(Number((await s.info()).bufferSize), 2);
    assert.deepEqual([(await one.info()).bufferSize, (await one.info()).overlapSkipped].map(Number), [1, 1]);
    for (const count of [2, 3]) {
      await s.step(completeWorkflow());
      await s.actions(count);
    }
    await one.step(completeWorkflow());
    await one.actions(2);
    assert.deepEqual(await s.statuses(), [2, 2, 1]);
  });

  it('make room: the running one is asked to cancel, and the next one waits for it', async () => {
    const s = await running(CANCEL_OTHER);
    await s.trigger();
    await eventually('it is asked', async () => {
      const [workflowId] = await s.actions(1);
      const { history } = await raw.workflow.getWorkflowExecutionHistory({
        namespace: NAMESPACE,
        execution: { workflowId: workflowId ?? '' },
      });
      const asked = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED;
      return history?.events?.some(({ eventType }) => eventType === asked) ? true : undefined;
    });
    assert.equal(Number((await s.info()).bufferSize), 1);
    await s.step(cancelWorkflow());
    await s.actions(2);
    assert.deepEqual(await s.statuses(), [Status.WORKFLOW_EXECUTION_STATUS_CANCELED, 1]);
  });

  it('make room: the running one is terminated', async () => {
    const s = await running(TERMINATE_OTHER);
    await s.trigger();
    await s.actions(2);
    assert.deepEqual(await s.statuses(), [Status.WORKFLOW_EXECUTION_STATUS_TERMINATED, 1]);
  });

  it('are told apart by the whole of a workflow, not by its first run', async () => {
    const s = await running(SKIP);
    const continueAsNew = {
      commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
      continueAsNewWorkflowExecutionCommandAttributes: {},
    };
    await s.step(continueAsNew);
    await s.trigger();
    assert.equal(Number((await s.info()).overlapSkipped), 1);
    assert.equal((await s.info()).runningWorkflows?.length, 1);
    await s.step(completeWorkflow());
    await eventually('it has closed', async () => ((await s.info()).runningWorkflows?.length ? undefined : true));
    await s.trigger();
    await s.actions(2);
  });
});

describe('a workflow that is reset', () => {
  it('is still the one that runs', async () => {
    const s = new ScheduleHand(raw);
    await s.create(RARELY);
    await s.trigger();
    const [workflowId = ''] = await s.actions(1);
    const { taskToken, startedEventId } = await s.workflowTask();
    const answer = { namespace: NAMESPACE, taskToken, identity: 'by-hand', commands: [] };
    await raw.workflow.respondWorkflowTaskCompleted(answer);
    await raw.workflow.resetWorkflowExecution({
      ...{ namespace: NAMESPACE, workflowExecution: { workflowId }, requestId: unique('request') },
      workflowTaskFinishEventId: startedEventId,
    });
    await s.trigger();
    const info = await s.info();
    assert.deepEqual([info.runningWorkflows?.length, Number(info.overlapSkipped)], [1, 1]);
    await s.step(completeWorkflow());
    await eventually('it has closed', async () => ((await s.info()).runningWorkflows?.length ? undefined : true));
    assert.deepEqual(await s.statuses(), [Status.WORKFLOW_EXECUTION_STATUS_COMPLETED]);
  });
});

describe('what a workflow leaves behind', { concurrency: true }, () => {
  it('is handed to the next one', async () => {
    const s = new ScheduleHand(raw);
    await s.create(RARELY, { policies: { overlapPolicy: BUFFER_ALL } });
    for (let i = 0; i < 3; i++) await s.trigger();
    const started = async (count: number) => {
      const workflowId = (await s.actions(count)).at(-1) ?? '';
      return (await s.firstEvent(workflowId)).workflowExecutionStartedEventAttributes;
    };
    await started(1);
    await s.step(completeWorkflow('first result'));
    assert.deepEqual(texts((await started(2))?.lastCompletionResult), ['first result']);
    await s.step(failWorkflow('no luck'));
    const third = await started(3);
    assert.deepEqual(texts(third?.lastCompletionResult), ['first result']);
    assert.equal(third?.continuedFailure?.message, 'no luck');
  });

  it('pauses a schedule that is to pause when one fails', async () => {
    const s = new ScheduleHand(raw);
    await s.create(RARELY, { policies: { pauseOnFailure: true } });
    await s.trigger();
    const [workflowId] = await s.actions(1);
    await s.step(failWorkflow('no luck'));
    const state = await eventually('it is paused', async () => {
      const { schedule } = await s.describeSchedule();
      return schedule?.state?.paused ? schedule.state : undefined;
    });
    assert.equal(state.notes, `paused due to workflow failure: ${workflowId}: no luck`);
  });

  it('goes on without the schedule', async () => {
    const s = new ScheduleHand(raw);
    await s.create(RARELY);
    await s.trigger();
    await s.actions(1);
    await s.deleteSchedule();
    await fails(s.describeSchedule(), Code.NOT_FOUND, 'schedule not found', 'NotFoundFailure');
    await fails(s.deleteSchedule(), Code.NOT_FOUND, 'schedule not found', 'NotFoundFailure');
    await s.step(completeWorkflow());
    // Its id is free again.
    await s.create(RARELY);
    assert.equal(Number((await s.info()).actionCount), 0);
  });
});

describe('requests', { concurrency: true }, () => {
  it('that create the same schedule again are told so, unless they are the same', async () => {
    const s = new ScheduleHand(raw);
    const requestId = unique('request');
    const { conflictToken } = await s.create(RARELY, {}, { requestId });
    assert.equal(Buffer.from(conflictToken).toString('hex'), '0000000000000001');
    assert.deepEqual((await s.create(RARELY, {}, { requestId })).conflictToken, conflictToken);
    const { WorkflowExecutionAlreadyStartedFailure: Detail } = proto.temporal.api.errordetails.v1;
    const text = `schedule "${s.scheduleId}" is already registered`;
    const error = await fails(s.create(RARELY), Code.ALREADY_EXISTS, text, 'WorkflowExecutionAlreadyStartedFailure');
    assert.equal(error.detail(Detail).startRequestId, requestId);
  });

  it('that are repeated take effect once', async () => {
    const s = new ScheduleHand(raw);
    await s.create(RARELY);
    const requestId = unique('request');
    for (let i = 0; i < 3; i++) await s.patch({ triggerImmediately: { overlapPolicy: ALLOW_ALL } }, requestId);
    await s.trigger(ALLOW_ALL);
    await s.actions(2);
  });

  it('that replace a schedule say which one they mean', async () => {
    const s = new ScheduleHand(raw);
    const memo = { fields: { a: payloads('1').payloads?.[0] ?? {} } };
    const { conflictToken } = await s.create(RARELY, {}, { memo, searchAttributes: city('Bern') });
    await s.update(s.schedule(RARELY, { state: { notes: 'new' } }), { conflictToken });
    const stale = s.update(s.schedule(RARELY), { conflictToken });
    await fails(stale, Code.FAILED_PRECONDITION, 'mismatched conflict token');
    const first = await s.describeSchedule();
    assert.equal(first.schedule?.state?.notes, 'new');
    assert.deepEqual(Object.keys(first.memo?.fields ?? {}), ['a']);
    assert.deepEqual(Object.keys(first.searchAttributes?.indexedFields ?? {}), ['City']);
    assert.ok(first.info?.updateTime);
    const { conflictToken: newest } = first;
    const fields = { b: payloads('2').payloads?.[0] ?? {} };
    await s.update(s.schedule(EVERY_SECOND), { conflictToken: newest, memo: { fields }, searchAttributes: {} });
    const second = await s.describeSchedule();
    assert.equal(second.schedule?.state?.notes, '');
    assert.deepEqual(Object.keys(second.memo?.fields ?? {}), ['b']);
    assert.deepEqual(second.searchAttributes?.indexedFields ?? {}, {});
    await s.actions(1);
  });

  it('for the times of a stretch are answered, ends included', async () => {
    const s = new ScheduleHand(raw);
    await s.create({ cronString: ['30 2 * * *'], timezoneName: 'Europe/Berlin' });
    const startTime = { seconds: (Date.UTC(2026, 2, 28, 1, 30) / 1000) as never };
    const endTime = { seconds: (Date.UTC(2026, 2, 30, 0, 30) / 1000) as never };
    const { startTime: times } = await raw.workflow.listScheduleMatchingTimes({ ...s.ref, startTime, endTime });
    // In the night of the 29th clocks skip that time.
    assert.deepEqual(
      times.map(({ seconds }) => new Date(Number(seconds) * 1000).toISOString()),
      ['2026-03-28T01:30:00.000Z', '2026-03-30T00:30:00.000Z'],
    );
  });
});

describe('lists of schedules', () => {
  const mine = unique('listed');
  const ids = Array.from({ length: 7 }, (_, i) => `${mine}-${i}`);

  hooks.before(async () => {
    for (const [i, scheduleId] of ids.entries()) {
      const state = { paused: i < 3, notes: `note ${i}` };
      const memo = { fields: { i: payloads(`${i}`).payloads?.[0] ?? {} } };
      const request = { scheduleId, memo, searchAttributes: city(i % 2 === 0 ? 'Bern' : 'Basel') };
      await new ScheduleHand(raw).create(RARELY, { state }, request);
    }
  });

  async function list(query: string, maximumPageSize = 1000): Promise<string[]> {
    const found: string[] = [];
    let nextPageToken: Uint8Array = new Uint8Array();
    do {
      const page = await raw.workflow.listSchedules({ namespace: NAMESPACE, query, maximumPageSize, nextPageToken });
      assert.ok(page.schedules.length <= maximumPageSize);
      found.push(...page.schedules.map(({ scheduleId }) => scheduleId ?? ''));
      ({ nextPageToken } = page);
    } while (nextPageToken.length > 0);
    return found.toSorted();
  }
  const only = (...indexes: number[]) => indexes.map((i) => ids[i]);
  const all = `ScheduleId STARTS_WITH '${mine}'`;

  it('can be filtered, page by page', async () => {
    assert.deepEqual(await list(all), ids);
    assert.deepEqual(await list(all, 2), ids);
    assert.deepEqual(await list(all, 7), ids);
    assert.deepEqual(await list(`ScheduleId = '${mine}-4'`), only(4));
    assert.deepEqual(await list(`TemporalScheduleId IN ('${mine}-4', '${mine}-1')`), only(1, 4));
    assert.deepEqual(await list(`${all} AND TemporalSchedulePaused = true`), only(0, 1, 2));
    assert.deepEqual(await list(`${all} AND City = 'Bern' AND TemporalSchedulePaused = false`), only(4, 6));
    await fails(list('Nobody = 1'), Code.INVALID_ARGUMENT, /column name 'Nobody' is not a valid search attribute/);
  });

  it('show what each of them is', async () => {
    const query = `ScheduleId = '${mine}-2'`;
    const { schedules } = await raw.workflow.listSchedules({ namespace: NAMESPACE, query });
    const [entry] = schedules;
    assert.equal(entry?.info?.notes, 'note 2');
    assert.equal(entry.info.paused, true);
    assert.equal(entry.info.workflowType?.name, 'Type');
    assert.equal(entry.info.futureActionTimes?.length, 5);
    assert.deepEqual(Object.keys(entry.memo?.fields ?? {}), ['i']);
    assert.deepEqual(Object.keys(entry.searchAttributes?.indexedFields ?? {}), ['City']);
  });

  it('can be counted, in groups', async () => {
    const count = (query: string) => raw.workflow.countSchedules({ namespace: NAMESPACE, query });
    assert.equal(Number((await count(all)).count), 7);
    const { groups } = await count(`${all} GROUP BY TemporalSchedulePaused`);
    const shown = groups.map(({ count: size, groupValues }) => [Number(size), String(groupValues?.[0]?.data)]);
    assert.deepEqual(shown, [
      [4, 'false'],
      [3, 'true'],
    ]);
  });

  it('follow a pause, an update and a deletion at once', async () => {
    const s = new ScheduleHand(raw);
    await s.create(RARELY);
    const paused = `ScheduleId = '${s.scheduleId}' AND TemporalSchedulePaused = true`;
    assert.deepEqual(await list(paused), []);
    await s.patch({ pause: 'for now' });
    assert.deepEqual(await list(paused), [s.scheduleId]);
    await s.update(s.schedule(RARELY), { searchAttributes: city('Chur') });
    assert.deepEqual(await list(paused), []);
    assert.deepEqual(await list(`City = 'Chur'`), [s.scheduleId]);
    await s.deleteSchedule();
    assert.deepEqual(await list(`City = 'Chur'`), []);
  });

  it('are no lists of workflows, but for those who look into their division', async () => {
    const inDivision = `TemporalNamespaceDivision = 'TemporalScheduler' AND WorkflowId STARTS_WITH '${mine}'`;
    const count = (query: string) => raw.workflow.countWorkflowExecutions({ namespace: NAMESPACE, query });
    assert.equal(Number((await count(`WorkflowId STARTS_WITH '${mine}'`)).count), 0);
    assert.equal(Number((await count(inDivision)).count), 7);
  });
});

describe('wrong requests', { concurrency: true }, () => {
  it('are refused with the reason', async () => {
    const s = new ScheduleHand(raw);
    const create = (spec: object, more: object = {}, request: object = {}) => s.create(spec, more, request);
    const action = (workflow: object) => ({ action: s.schedule({}, {}, workflow).action ?? null });
    const cases: [() => Promise<unknown>, string | RegExp][] = [
      [() => create({}, {}, { requestId: '' }), 'RequestId is not set on request.'],
      [() => create({}, { action: {} }), 'Only StartWorkflow action is supported for schedules'],
      [() => create({}, action({ workflowType: {} })), 'WorkflowType is not set on request.'],
      [() => create({}, action({ taskQueue: null })), 'taskQueue is not set'],
      [() => create({}, action({ workflowId: 'x'.repeat(980) })), 'WorkflowId length exceeds limit.'],
      [() => create({}, action({ cronSchedule: '* * * * *' })), 'Scheduled workflow must not contain CronSchedule'],
      [
        () => create({}, action({ workflowIdReusePolicy: 3 })),
        'Scheduled workflow must not contain WorkflowIDReusePolicy',
      ],
      [() => create({ cronString: ['61 * * * *'] }), /^Invalid schedule spec: /],
      [() => create({ interval: [{}] }), 'Invalid schedule spec: interval is too small'],
      [() => create({ timezoneName: 'Nowhere/Atlantis' }), /^Invalid schedule spec: .*Nowhere\/Atlantis/],
      [() => create({}, { state: { notes: 'x'.repeat(1001) } }), 'Schedule notes exceeds limit.'],
      [() => create({}, {}, { initialPatch: { pause: 'x'.repeat(1001) } }), 'Schedule notes exceeds limit.'],
      [() => create({}, {}, { scheduleId: '' }), 'ScheduleId is not set on request.'],
      [() => create({}, {}, { scheduleId: 'x'.repeat(978) }), 'ScheduleId length exceeds limit.'],
      [() => raw.workflow.patchSchedule({ ...s.ref, requestId: 'r' }), 'Patch is not set on request.'],
    ];
    for (const [call, text] of cases) await fails(call(), Code.INVALID_ARGUMENT, text);
    const nobody = { namespace: NAMESPACE, scheduleId: 'nobody' };
    const missing = [
      () => raw.workflow.describeSchedule(nobody),
      () => raw.workflow.patchSchedule({ ...nobody, patch: {} }),
      () => raw.workflow.updateSchedule({ ...nobody, schedule: s.schedule({}) }),
      () => raw.workflow.listScheduleMatchingTimes(nobody),
    ];
    for (const call of missing) await fails(call(), Code.NOT_FOUND, 'schedule not found', 'NotFoundFailure');
    // At the limits.
    await s.create({}, { ...action({ workflowId: 'x'.repeat(979) }), state: { notes: 'x'.repeat(1000) } });
    await s.create({}, {}, { scheduleId: `${unique('long')}${'x'.repeat(960)}`.slice(0, 977) });
  });

  it('are all those of a namespace without schedules', async () => {
    const closed = await TestServer.start({ args: ['--dynamic-config-value', 'frontend.enableSchedules=false'] });
    const client = new RawClient(closed.address);
    try {
      const s = new ScheduleHand(client);
      const list = () => client.workflow.listSchedules({ namespace: NAMESPACE });
      const calls = [() => s.create(RARELY), () => s.describeSchedule(), list];
      for (const call of calls) {
        const text = 'Schedules are disabled on this namespace.';
        await fails(call(), Code.PERMISSION_DENIED, text, 'PermissionDeniedFailure');
      }
    } finally {
      client.close();
      await closed.dispose();
    }
  });
});

describe('after a crash', () => {
  it('a schedule learns what has become of its workflows meanwhile, and what waits goes on', async () => {
    const fragile = await TestServer.start({ onFile: true });
    let client = new RawClient(fragile.address);
    const again = async () => {
      await fragile.kill();
      client.close();
      await fragile.launch();
      client = new RawClient(fragile.address);
    };
    try {
      const before = new ScheduleHand(client);
      await before.create(RARELY, { policies: { overlapPolicy: BUFFER_ALL, pauseOnFailure: true } });
      await before.trigger();
      await before.trigger();
      await before.actions(1);
      await again();
      const s = Object.assign(new ScheduleHand(client), {
        ...{ scheduleId: before.scheduleId, workflowId: before.workflowId, taskQueue: before.taskQueue },
      });
      // Nobody asks for the schedule: it comes back by itself, and hears of the first one.
      await s.step(completeWorkflow('of the first'));
      const task = await s.workflowTask();
      const second = task.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
      assert.deepEqual(texts(second?.lastCompletionResult), ['of the first']);
      await s.complete(task, [failWorkflow('no luck')]);
      await again();
      const { schedule, info } = await client.workflow.describeSchedule(s.ref);
      assert.deepEqual([schedule?.state?.paused, info?.runningWorkflows?.length], [true, 0]);
      assert.deepEqual(
        info?.recentActions?.map(({ startWorkflowStatus }) => startWorkflowStatus),
        [2, 3],
      );
    } finally {
      client.close();
      await fragile.dispose();
    }
  });
});
