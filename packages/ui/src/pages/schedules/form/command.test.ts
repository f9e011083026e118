import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine } from '@perdure/ui-core';
import { AS_STORED } from '../../../payloads/payload-text.ts';
import { beyondCommand, createCommand, updateCommand } from './command.ts';
import { formOf, type ScheduleForm } from './form.ts';
import { newPart, type Part } from './parts.ts';

const ZONE = 'Europe/Berlin';
const parts: readonly Part[] = [
  { ...newPart('calendar', '1'), time: '09:30', dayOfWeek: 'Mon-Fri' } as Part,
  { ...newPart('interval', '2'), every: '6h 30m', phase: '5m' } as Part,
  newPart('cron', '3'),
];
const form: ScheduleForm = {
  ...formOf({ read: AS_STORED }, ZONE),
  ...{ type: 'Report', taskQueue: 'reports', parts, timeZone: ZONE, start: '2026-07-01T12:00', memo: '{"by": "Ada"}' },
};

test('a new schedule is the command that creates it', () => {
  const line = commandLine(createCommand('s', { ...form, input: [{ key: '1', text: '{\n  "id": 1\n}' }] }, ZONE));
  for (const part of [
    'perdure schedule create --schedule-id s ',
    `--calendar '{"minute":"30","hour":"09","dayOfWeek":"Mon-Fri"}'`,
    '--interval 6h30m/5m',
    "--cron '0 9 * * MON-FRI'",
    '--time-zone Europe/Berlin',
    '--start-time 2026-07-01T10:00:00Z',
    `--memo 'by="Ada"'`,
    `--input '{"id":1}'`,
  ]) {
    assert.ok(line.includes(part), `${part} in ${line}`);
  }
  assert.ok(!line.includes('overlap') && !line.includes('paused'), line);
});

test('what was changed is the command that updates it', () => {
  assert.equal(updateCommand('s', form, form, ZONE), undefined);
  const noted = updateCommand('s', { ...form, notes: 'n' }, form, ZONE);
  assert.deepEqual(noted, { command: 'schedule update', scheduleId: 's', notes: 'n' });
});

test('a change of one part of when says all of them, since they replace what there was', () => {
  const action = updateCommand('s', { ...form, parts: parts.slice(0, 2) }, form, ZONE);
  assert.ok(action?.command === 'schedule update');
  assert.deepEqual([action.calendar?.length, action.interval, action.cron], [1, ['6h30m/5m'], []]);
});

test('it is said when a command cannot do all of it', () => {
  const isBeyond = (now: ScheduleForm, before?: ScheduleForm) => beyondCommand(now, before, ZONE);
  assert.equal(isBeyond(form), false);
  assert.equal(isBeyond({ ...form, retry: true }), true);
  const before = {
    ...form,
    notes: 'n',
    paused: true,
    jitter: '5s',
    overlapPolicy: 'SCHEDULE_OVERLAP_POLICY_ALLOW_ALL',
  };
  assert.equal(isBeyond(before, before), false);
  const can = {
    jitter: '6s',
    overlapPolicy: 'SCHEDULE_OVERLAP_POLICY_SKIP',
    parts: parts.slice(1),
    memo: '{"by": 1, "a": 2}',
  };
  assert.equal(isBeyond({ ...before, ...can }, before), false);
  for (const change of [
    { notes: '' },
    { paused: false },
    { jitter: '' },
    { memo: '{}' },
    { retry: true },
    { parts: [] },
  ]) {
    assert.equal(isBeyond({ ...before, ...change }, before), true, JSON.stringify(change));
  }
});
