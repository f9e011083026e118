import { test } from 'node:test';
import { eventually } from './harness.ts';
import { killWhileFiring, unlessGone } from './schedule-crash.ts';

test('a server that is killed starts exactly one workflow for each second that is due', async () => {
  let seen = 0;
  await killWhileFiring({
    kills: 4,
    schedules: 3,
    // Just when it has acted: others are about to.
    untilKill: (schedule) =>
      eventually('the next action', async () => {
        const info = await schedule.info().catch(unlessGone);
        const count = Number(info?.actionCount ?? 0);
        if (count <= seen) return undefined;
        seen = count;
        return true;
      }),
  });
});
