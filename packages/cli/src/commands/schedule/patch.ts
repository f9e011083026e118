// `schedule toggle`, `schedule trigger`, `schedule backfill`: what is done to a schedule that stays as it is.

import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { OVERLAP_DEFAULT, overlapPolicyOf } from './spec.ts';

const NO_REASON = '(no reason provided)';

export async function toggle(context: Context): Promise<undefined> {
  const { given } = context;
  if (given.isOn('pause') === given.isOn('unpause')) throw context.wrong('either --pause or --unpause must be given');
  const isPause = given.isOn('pause');
  const reason = given.last('reason') ?? NO_REASON;
  await patch(
    context,
    isPause ? { pause: reason } : { unpause: reason },
    isPause ? 'Schedule paused' : 'Schedule unpaused',
  );
}

export async function trigger(context: Context): Promise<undefined> {
  const overlapPolicy = overlapPolicyOf(context) ?? OVERLAP_DEFAULT;
  await patch(context, { triggerImmediately: { overlapPolicy } }, 'Trigger request sent');
}

export async function backfill(context: Context): Promise<undefined> {
  const { given } = context;
  const [startTime, endTime] = [given.time('start-time'), given.time('end-time')];
  // Both must be given, and times of one form compare as texts.
  if ((endTime ?? '') < (startTime ?? '')) throw context.wrong('--end-time is before --start-time');
  const overlapPolicy = overlapPolicyOf(context) ?? OVERLAP_DEFAULT;
  await patch(context, { backfillRequest: [{ startTime, endTime, overlapPolicy }] }, 'Backfill request sent');
}

async function patch(context: Context, change: JsonObject, done: string): Promise<void> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call('PatchSchedule', {
    namespace: client.namespace,
    scheduleId: given.text('schedule-id'),
    patch: change,
    identity: client.identity,
    requestId: randomUUID(),
  });
  await out.object(reply, () => out.line(done));
}
