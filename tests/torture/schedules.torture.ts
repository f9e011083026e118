// kill -9 while schedules fire. TORTURE_SEED repeats a run's moments; TORTURE_KILLS bounds it.

import { test } from 'node:test';
import { killWhileFiring } from '../e2e/schedule-crash.ts';
import { aMoment, between, fromEnvironment, seeded } from './random.ts';

const SEED = fromEnvironment('TORTURE_SEED', Date.now() % 1_000_000);
const KILLS = fromEnvironment('TORTURE_KILLS', 15);

test(`schedules fire while the server is killed ${KILLS} times (TORTURE_SEED=${SEED})`, async (t) => {
  const random = seeded(SEED);
  const untilKill = () => aMoment(between(random, 50, 1_500));
  const { due, triggered } = await killWhileFiring({ kills: KILLS, schedules: 20, untilKill });
  t.diagnostic(`${due} times were due, and ${triggered} triggers were answered`);
});
