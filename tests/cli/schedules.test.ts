// `perdure schedule`: a schedule's whole life, as people and as programs see it.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { hand, texts } from '../e2e/hand.ts';
import { eventually, sharedServer, unique } from '../e2e/harness.ts';
import { commandOf } from './command.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

interface Payload {
  readonly data: string;
}

interface Described {
  readonly schedule: {
    readonly spec: Readonly<Record<string, unknown>> & { readonly structuredCalendar?: readonly unknown[] };
    readonly action: {
      readonly startWorkflow: Readonly<Record<string, unknown>> & {
        readonly memo: { readonly fields: Readonly<Record<string, Payload>> };
        readonly input?: { readonly payloads: readonly Payload[] };
      };
    };
    readonly policies: Readonly<Record<string, unknown>>;
    readonly state?: Readonly<Record<string, unknown>>;
  };
  readonly info: {
    readonly actionCount?: string;
    readonly recentActions?: readonly { readonly startWorkflowResult: { readonly workflowId: string } }[];
  };
  readonly memo: { readonly fields: Readonly<Record<string, Payload>> };
  readonly conflictToken: string;
}

const START = ['--type', 'Check', '--task-queue', 'orders'];
const fieldsOf = (fields: Readonly<Record<string, Payload>> = {}) =>
  Object.fromEntries(Object.entries(fields).map(([key, { data }]) => [key, Buffer.from(data, 'base64').toString()]));

async function created(...args: string[]): Promise<string> {
  const id = unique('schedule');
  await cli.text('schedule', 'create', '--schedule-id', id, ...(args.includes('--type') ? [] : START), ...args);
  return id;
}

describe('a schedule', { concurrency: true }, () => {
  it('is created as the options say, and told in words', async () => {
    const id = await created(
      ...[
        '--calendar',
        '{"dayOfWeek":"Fri","hour":"17","minute":"5"}',
        '--interval',
        '45m/5m',
        '--cron',
        '30 12 * * Mon-Fri',
      ],
      ...['--time-zone', 'Europe/Paris', '--jitter', '90s', '--overlap-policy', 'BufferOne', '--pause-on-failure'],
      ...[
        '--catchup-window',
        '1h',
        '--notes',
        'first',
        '--paused',
        '--remaining-actions',
        '5',
        '--input',
        '{"limit":100}',
      ],
      ...['--memo', 'a=1', '--schedule-memo', 'owner="us"', '--run-timeout', '10m', '--end-time', '2099-01-01'],
      ...['--workflow-id', 'orders-check'],
    );
    const { schedule, memo } = await cli.json<Described>('schedule', 'describe', id);
    assert.deepEqual(schedule.policies, {
      overlapPolicy: 'SCHEDULE_OVERLAP_POLICY_BUFFER_ONE',
      catchupWindow: '3600s',
      pauseOnFailure: true,
    });
    assert.deepEqual(schedule.state, { notes: 'first', paused: true, limitedActions: true, remainingActions: '5' });
    const { startWorkflow } = schedule.action;
    assert.deepEqual(startWorkflow['workflowType'], { name: 'Check' });
    assert.equal(startWorkflow['workflowRunTimeout'], '600s');
    assert.deepEqual(
      startWorkflow.input?.payloads.map(({ data }) => Buffer.from(data, 'base64').toString()),
      ['{"limit":100}'],
      'payloads of schedules are never shortened',
    );
    assert.deepEqual(fieldsOf(memo.fields), { owner: '"us"' });
    const text = await cli.text('schedule', 'describe', id, '--time-format', 'iso');
    for (const line of [
      ...[
        'ScheduleId        .*',
        'Workflow          Check',
        'WorkflowId        orders-check',
        'TaskQueue         orders',
      ],
      ...[
        'Input             {"limit":100}',
        'Spec              at 17:05 on Fri',
        '                  at 12:30 on Mon-Fri',
      ],
      ...['                  every 45m, shifted by 5m', 'EndAt             2099-01-01T00:00:00Z'],
      ...['Jitter            1m 30s', 'TimeZoneName      Europe/Paris', 'OverlapPolicy     BufferOne'],
      ...['CatchupWindow     1h', 'PauseOnFailure    true', 'Notes             first', 'Paused            true'],
      ...['RemainingActions  5', 'ActionCount       0', 'Memo              owner="us"'],
    ]) {
      assert.match(text, new RegExp(`^  ${line}$`, 'm'));
    }
    assert.match(text, /^Next times, once it is unpaused:\n  Time\n(  20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ  20.*\n){5}$/m);
  });

  it('keeps, when it is updated, what was not given', async () => {
    const id = await created(
      ...['--cron', '0 9 * * *', '--interval', '6h', '--notes', 'first', '--memo', 'a=1', '--input'],
      ...['1', '--priority-key', '2'],
    );
    const original = await cli.json<Described>('schedule', 'describe', id);
    assert.equal(
      await cli.text('schedule', 'update', id, '--jitter', '5m', '--memo', 'b=2'),
      `Schedule ${id} updated\n`,
    );
    const jittered = await cli.json<Described>('schedule', 'describe', id);
    assert.deepEqual(jittered.schedule.spec, { ...original.schedule.spec, jitter: '300s' });
    const { memo, ...action } = jittered.schedule.action.startWorkflow;
    const { memo: _, ...actionBefore } = original.schedule.action.startWorkflow;
    assert.deepEqual(action, actionBefore);
    assert.deepEqual(fieldsOf(memo.fields), { a: '1', b: '2' });
    assert.deepEqual(jittered.schedule.state, original.schedule.state);
    assert.deepEqual(jittered.schedule.policies, original.schedule.policies);

    await cli.text(
      ...['schedule', 'update', id, '--interval', '1h', '--input', '2', '--overlap-policy', 'AllowAll'],
      ...['--notes', ''],
      ...['--fairness-key', 'Ada'],
    );
    const { schedule } = await cli.json<Described>('schedule', 'describe', id);
    assert.deepEqual(schedule.spec, { interval: [{ interval: '3600s' }], jitter: '300s' }, 'when is one thing');
    assert.deepEqual(
      schedule.action.startWorkflow.input?.payloads.map(({ data }) => atob(data)),
      ['2'],
    );
    assert.deepEqual(schedule.action.startWorkflow['priority'], { priorityKey: 2, fairnessKey: 'Ada' });
    assert.equal(schedule.policies['overlapPolicy'], 'SCHEDULE_OVERLAP_POLICY_ALLOW_ALL');
    assert.equal(schedule.state?.['notes'], undefined);
  });

  it('is made anew with --replace', async () => {
    const id = await created(
      ...['--cron', '0 9 * * *', '--notes', 'first', '--memo', 'a=1', '--overlap-policy', 'AllowAll'],
    );
    const missing = await cli.run(['schedule', 'update', id, '--replace', '--interval', '1h']);
    assert.equal(missing.exitCode, 2);
    assert.match(missing.stderr, /with --replace, --type and --task-queue must be given/);
    await cli.text(
      ...['schedule', 'update', id, '--replace', '--interval', '1h', '--type', 'Other', '--task-queue'],
      ...['orders'],
    );
    const { schedule } = await cli.json<Described>('schedule', 'describe', id);
    assert.deepEqual(schedule.spec, { interval: [{ interval: '3600s' }] });
    assert.deepEqual(schedule.action.startWorkflow['workflowType'], { name: 'Other' });
    assert.equal(schedule.action.startWorkflow.memo, undefined);
    assert.equal(schedule.policies['overlapPolicy'], 'SCHEDULE_OVERLAP_POLICY_SKIP');
    assert.equal(schedule.state?.['notes'], undefined);
  });

  it('is paused, triggered, made up for, and deleted', async () => {
    const w = await hand();
    const id = await created('--interval', '1h', '--type', 'Check', '--task-queue', w.taskQueue, '--input', '"in"');
    assert.equal(await cli.text('schedule', 'toggle', id, '--pause', '--reason', 'closed'), 'Schedule paused\n');
    assert.deepEqual((await cli.json<Described>('schedule', 'describe', id)).schedule.state, {
      notes: 'closed',
      paused: true,
    });
    assert.match(
      await cli.text('schedule', 'list'),
      new RegExp(`^ *${id} +Check +true *$`, 'm'),
      'it has no next time',
    );
    assert.equal(await cli.text('schedule', 'toggle', id, '--unpause'), 'Schedule unpaused\n');
    assert.deepEqual((await cli.json<Described>('schedule', 'describe', id)).schedule.state, {
      notes: '(no reason provided)',
    });
    for (const args of [[], ['--pause', '--unpause']]) {
      const { exitCode, stderr } = await cli.run(['schedule', 'toggle', id, ...args]);
      assert.deepEqual([exitCode, /either --pause or --unpause/.test(stderr)], [2, true]);
    }
    assert.equal(await cli.text('schedule', 'trigger', '--schedule-id', id), 'Trigger request sent\n');
    const task = await w.workflowTask();
    const [started] = task.history?.events ?? [];
    assert.deepEqual(texts(started?.workflowExecutionStartedEventAttributes?.input), ['in']);
    assert.match(task.workflowExecution?.workflowId ?? '', new RegExp(`^${id}-workflow-20`));

    const span = ['--start-time', '2026-05-01', '--end-time', '2026-05-01T02:00:00Z'];
    const times = ['2026-05-01T00:00:00Z', '2026-05-01T01:00:00Z', '2026-05-01T02:00:00Z'];
    assert.deepEqual(await cli.json('schedule', 'list-matching-times', id, ...span), { startTime: times });
    assert.equal(await cli.text('schedule', 'list-matching-times', id, ...span), `Time\n${times.join('\n')}\n`);
    const backwards = ['--start-time', '2026-05-02', '--end-time', '2026-05-01'];
    const refused = await cli.run(['schedule', 'backfill', id, ...backwards]);
    assert.deepEqual(
      [refused.exitCode, refused.stderr.split('\n')[0]],
      [2, 'Error: --end-time is before --start-time'],
    );
    const made = await cli.text('schedule', 'backfill', id, ...span, '--overlap-policy', 'AllowAll');
    assert.equal(made, 'Backfill request sent\n');
    const { info } = await eventually('four actions', async () => {
      const described = await cli.json<Described>('schedule', 'describe', id);
      return described.info.actionCount === '4' ? described : undefined;
    });
    assert.equal(info.recentActions?.length, 4);
    assert.match(
      await cli.text('schedule', 'describe', id),
      /^Recent actions, the latest first:\n  Status .*\n(  Running .*\n){4}/m,
    );

    assert.deepEqual(await cli.json('schedule', 'delete', id), {});
    const gone = await cli.run(['schedule', 'describe', id]);
    assert.deepEqual([gone.exitCode, gone.stderr], [3, 'Error: schedule not found\n']);
  });

  it('says what is wrong with it before anything is sent, or as the server does', async () => {
    const create = (...args: string[]) => cli.run(['schedule', 'create', '-s', unique('schedule'), ...START, ...args]);
    const wrongCalendar = await create('--calendar', '{"hours":"17"}');
    assert.equal(wrongCalendar.exitCode, 2);
    assert.match(wrongCalendar.stderr, /--calendar has no "hours"; .*\nRun 'perdure schedule create --help'/);
    const wrongHour = await create('--calendar', '{"hour":"25"}');
    assert.equal(wrongHour.exitCode, 1);
    assert.match(wrongHour.stderr, /^Error: Invalid schedule spec: .*Hour/);
    const nothing = await cli.run(['schedule', 'update', 'any']);
    assert.equal(nothing.exitCode, 2);
    assert.match(nothing.stderr, /there is nothing to change/);
  });
});

describe('a list of schedules', () => {
  it('has whole entries for programs, and as much as is asked for people', async () => {
    const type = unique('Type');
    const id = await created(
      ...['--cron', '0 9 * * 1', '--notes', 'first', '--schedule-memo', 'owner="us"', '--type'],
      ...[type, '--task-queue', 'q'],
    );
    const entry = await eventually('the schedule in the list', async () =>
      (await cli.json<{ scheduleId: string; memo: Described['memo'] }[]>('schedule', 'list')).find(
        ({ scheduleId }) => scheduleId === id,
      ),
    );
    assert.deepEqual(fieldsOf(entry.memo.fields), { owner: '"us"' });
    const query = ['--query', 'TemporalSchedulePaused = false', '-o', 'csv'];
    const rowOf = (csv: string) => csv.split('\n').find((line) => line.startsWith(id));
    const brief = await cli.text('schedule', 'list', ...query);
    assert.match(brief, /^ScheduleId,Workflow,Paused,NextRunTime,LastRunTime\n/);
    assert.match(rowOf(brief) ?? '', new RegExp(`^${id},${type},false,20.*T09:00:00Z,$`));
    assert.match(rowOf(await cli.text('schedule', 'list', '--long', ...query)) ?? '', /,at 09:00 on Mon,first$/);
    const whole = await cli.text('schedule', 'list', '--really-long', '--time-format', 'raw');
    assert.match(
      whole,
      new RegExp(
        `^${id}:\n  Workflow     ${type}\n  Paused       false\n  NextRunTime  20.*\n  Spec         at 09:00 on Mon\n  Notes        first\n  Memo         owner="us"\n`,
        'm',
      ),
    );
  });
});
