// Very many schedules that fire in the same second: all of their workflows are started soon, each once. TORTURE_SCHEDULES
// says how many.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { NAMESPACE, TestServer } from '../e2e/harness.ts';
import { RawClient } from '../e2e/raw.ts';
import { RARELY, ScheduleHand } from '../e2e/schedule-hand.ts';
import { aMoment, fromEnvironment } from './random.ts';

type Spec = Parameters<ScheduleHand['create']>[0];

const SCHEDULES = fromEnvironment('TORTURE_SCHEDULES', 5_000);
const WITHIN_MS = 1_000 + SCHEDULES / 2;
/** Are created first, to see how much time the others need on a machine that may be busy, and never fire. */
const TRIAL = Math.ceil(SCHEDULES / 10);
/** That time may become so many times as long meanwhile. */
const SLACK = 2;
const AHEAD_MS_MIN = 3_000;
const CONCURRENCY = 200;
const POLL_MS = 200;

const server = await TestServer.start({ onFile: true });
const raw = new RawClient(server.address);
after(async () => {
  raw.close();
  await server.dispose();
});

/** The calendar of one second, and none besides. */
function onlyAt(ms: number) {
  const at = new Date(ms);
  const only = (start: number) => [{ start }];
  const date = {
    year: only(at.getUTCFullYear()),
    month: only(at.getUTCMonth() + 1),
    dayOfMonth: only(at.getUTCDate()),
  };
  const time = { hour: only(at.getUTCHours()), minute: only(at.getUTCMinutes()), second: only(at.getUTCSeconds()) };
  return { structuredCalendar: [{ ...date, ...time }] };
}

/** Returns how long it took. */
async function createMany(count: number, spec: Spec): Promise<number> {
  const beganMs = Date.now();
  let created = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (created++ < count) await new ScheduleHand(raw).create(spec);
    }),
  );
  return Date.now() - beganMs;
}

/** Processor time of the server so far. */
function cpuMs(): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function countWorkflows(): Promise<number> {
  return Number((await raw.workflow.countWorkflowExecutions({ namespace: NAMESPACE })).count);
}

test(`${SCHEDULES} schedules fire in the same second`, async (t) => {
  const expectedMs = ((await createMany(TRIAL, RARELY)) * SCHEDULES) / TRIAL;
  const fireMs = Math.ceil((Date.now() + AHEAD_MS_MIN + expectedMs * SLACK) / 1000) * 1000;
  t.diagnostic(`created in ${await createMany(SCHEDULES, onlyAt(fireMs))} ms`);
  assert.ok(Date.now() < fireMs, 'the schedules were not created in time');
  assert.equal(await countWorkflows(), 0);
  const cpuBefore = cpuMs();
  await aMoment(fireMs - Date.now());
  while ((await countWorkflows()) < SCHEDULES) await aMoment(POLL_MS);
  const tookMs = Date.now() - fireMs;
  const mib = Math.round(server.rssBytes() / 2 ** 20);
  const usedMs = cpuMs() - cpuBefore;
  t.diagnostic(`all started ${tookMs} ms after their time; processor time ${usedMs} ms, ${mib} MiB`);
  // Others may use the machine too: what counts then is what it would have taken.
  assert.ok(Math.min(tookMs, usedMs) <= WITHIN_MS, `took ${tookMs} ms, of which ${usedMs} ms at work`);
  assert.equal(await countWorkflows(), SCHEDULES);
});
