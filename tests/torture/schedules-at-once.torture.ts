// Very many schedules that fire in the same second: all of their workflows are started soon, each once. TORTURE_SCHEDULES
// says how many.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { NAMESPACE, TestServer } from '../e2e/harness.ts';
import { RawClient } from '../e2e/raw.ts';
import { ScheduleHand } from '../e2e/schedule-hand.ts';
import { aMoment, fromEnvironment } from './random.ts';

const SCHEDULES = fromEnvironment('TORTURE_SCHEDULES', 5_000);
const WITHIN_MS = 1_000 + SCHEDULES / 2;
/** Time to create them, generous, for a busy machine. */
const AHEAD_MS = 5_000 + SCHEDULES * 4;
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
  const fireMs = Math.ceil((Date.now() + AHEAD_MS) / 1000) * 1000;
  const spec = onlyAt(fireMs);
  const beganMs = Date.now();
  let created = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (created++ < SCHEDULES) await new ScheduleHand(raw).create(spec);
    }),
  );
  t.diagnostic(`created in ${Date.now() - beganMs} ms`);
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
