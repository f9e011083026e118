// Schedules that fire every second, on a server that is killed again and again: afterwards every second that was due has
// exactly one workflow, and every trigger that was answered has one.

import assert from 'node:assert/strict';
import { eventually, NAMESPACE, TestServer, unique } from './harness.ts';
import { RawClient, RpcFailure } from './raw.ts';
import { ALLOW_ALL, EVERY_SECOND, RARELY, ScheduleHand } from './schedule-hand.ts';

export interface CrashPlan {
  readonly kills: number;
  readonly schedules: number;
  /** Resolves when it is time for the next kill. */
  readonly untilKill: (firing: ScheduleHand) => Promise<unknown>;
}

export interface CrashReport {
  readonly due: number;
  readonly triggered: number;
}

export async function killWhileFiring(plan: CrashPlan): Promise<CrashReport> {
  const server = await TestServer.start({ onFile: true });
  const raw = new RawClient(server.address);
  try {
    const firing = Array.from({ length: plan.schedules }, () => new ScheduleHand(raw));
    for (const s of firing) await s.create(EVERY_SECOND, { policies: { overlapPolicy: ALLOW_ALL } });
    const triggered = new ScheduleHand(raw);
    await triggered.create(RARELY);
    const stop = new AbortController();
    const kills = killAgainAndAgain(server, plan, firing[0] as ScheduleHand).finally(() => stop.abort());
    // Both, also when one fails: the client must not close under the other.
    const [killed, triggers] = await Promise.allSettled([kills, triggerUntil(stop.signal, triggered)]);
    if (killed.status === 'rejected') throw killed.reason;
    if (triggers.status === 'rejected') throw triggers.reason;
    const count = triggers.value;
    await verifyTriggers(triggered, count);
    let due = 0;
    for (const s of firing) due += await verifySeconds(s);
    return { due, triggered: count };
  } finally {
    raw.close();
    await server.dispose();
  }
}

async function killAgainAndAgain(server: TestServer, plan: CrashPlan, firing: ScheduleHand): Promise<void> {
  for (let kill = 0; kill < plan.kills; kill++) {
    await plan.untilKill(firing);
    await server.kill();
    await server.launch();
  }
}

/** One trigger after the other, each repeated under its request id until it is answered. */
async function triggerUntil(signal: AbortSignal, s: ScheduleHand): Promise<number> {
  let count = 0;
  while (!signal.aborted) {
    const requestId = unique('trigger');
    const trigger = { triggerImmediately: { overlapPolicy: ALLOW_ALL } };
    await eventually('the trigger is answered', () => s.patch(trigger, requestId).catch(unlessGone), 60_000);
    count++;
  }
  return count;
}

/** While the server is away calls fail. */
export function unlessGone(error: unknown): undefined {
  if (!(error instanceof RpcFailure)) throw error;
  return undefined;
}

async function verifyTriggers(s: ScheduleHand, count: number): Promise<void> {
  const all = await eventually('all triggers have led to workflows', async () => {
    const ids = await workflowIds(s);
    return ids.length >= count ? ids : undefined;
  });
  assert.equal(all.length, count);
  assert.equal(new Set(all).size, count);
}

/** Returns how many seconds were due. */
async function verifySeconds(s: ScheduleHand): Promise<number> {
  const nowMs = Date.now();
  await eventually('it has caught up', async () => {
    const { futureActionTimes, bufferSize } = await s.info();
    // A pause would drop what is still in its buffer.
    const isEmpty = Number(bufferSize) === 0;
    return isEmpty && Number(futureActionTimes?.[0]?.seconds) * 1000 > nowMs ? true : undefined;
  });
  await s.patch({ pause: 'enough' });
  const info = await s.info();
  const seconds = (await workflowIds(s))
    .map((id) => Date.parse(id.slice(s.workflowId.length + 1)) / 1000)
    .toSorted((a, b) => a - b);
  const [first = 0] = seconds;
  assert.equal(first, Number(info.createTime?.seconds) + 1);
  assert.deepEqual(
    seconds,
    seconds.map((_, i) => first + i),
  );
  assert.ok((seconds.at(-1) ?? 0) * 1000 >= nowMs - 1000);
  assert.equal(Number(info.actionCount), seconds.length);
  return seconds.length;
}

/** Of all runs: an id that was started twice is there twice. */
async function workflowIds(s: ScheduleHand): Promise<string[]> {
  const ids: string[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await s.raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, nextPageToken });
    ids.push(...page.executions.map(({ execution }) => execution?.workflowId ?? ''));
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
  return ids.filter((id) => id.startsWith(s.workflowId));
}
