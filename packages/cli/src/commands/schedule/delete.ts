// `schedule delete`: what it has started goes on.

import type { Context } from '../../context.ts';

export async function deleteSchedule(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call('DeleteSchedule', {
    namespace: client.namespace,
    scheduleId: given.text('schedule-id'),
    identity: client.identity,
  });
  await out.object(reply, () => out.line('Schedule deleted'));
}
