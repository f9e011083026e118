// Does a workflow cost more when many others are open? The base load's CPU per workflow with few and with many open
// workflows beside it. Those were started with a delay of a day: each waits for its time, as most open workflows do.

import { BaseLoad } from './base-load.ts';
import { cost } from './cost.ts';
import { startWorkflow, uniqueName } from './messages.ts';
import { Session, type Target } from './session.ts';

const inFlight = 64;
const startsInFlight = 256;
const startDelayMs = 86_400_000;

export interface OpenSizes {
  readonly small: number;
  readonly large: number;
  /** Of the base load, per measurement. As many run before it, unmeasured. */
  readonly workflows: number;
}

/** Large by small. */
export async function measureGrowthOpen(target: Target, cpuMs: () => number, sizes: OpenSizes): Promise<number> {
  const taskQueue = uniqueName('open');
  await startWaiting(target, taskQueue, 0, sizes.small);
  const small = await baseLoadCost(target, cpuMs, sizes.workflows);
  await startWaiting(target, taskQueue, sizes.small, sizes.large);
  const large = await baseLoadCost(target, cpuMs, sizes.workflows);
  return large / small;
}

export async function startWaiting(target: Target, taskQueue: string, from: number, to: number): Promise<void> {
  const session = await Session.open(target);
  const start = startWorkflow(session.namespace, taskQueue, { startDelayMs });
  let next = from;
  const lane = async () => {
    while (next < to) await session.call('StartWorkflowExecution', start(`${taskQueue}-${next++}`));
  };
  try {
    await Promise.all(Array.from({ length: startsInFlight }, lane));
  } finally {
    session.close();
  }
}

async function baseLoadCost(target: Target, cpuMs: () => number, workflows: number): Promise<number> {
  const load = await BaseLoad.open(target, inFlight);
  try {
    const run = (count: number) => load.runCount(inFlight, count);
    await run(workflows);
    return await cost(cpuMs, run, workflows);
  } finally {
    load.close();
  }
}
