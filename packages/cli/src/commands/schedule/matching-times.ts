// `schedule list-matching-times`: when it would run, of a time span.

import type { Context } from '../../context.ts';

interface Times {
  readonly startTime?: readonly string[];
}

export async function listMatchingTimes(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call<Times>('ListScheduleMatchingTimes', {
    namespace: client.namespace,
    scheduleId: given.text('schedule-id'),
    startTime: given.time('start-time'),
    endTime: given.time('end-time'),
  });
  const times = reply.value.startTime ?? [];
  if (out.isJson) await out.object(reply, () => undefined);
  else await out.list(times, [{ name: 'Time', of: (time) => time }]);
}
