// A worker by hand in a process of its own, for the torture to kill.
//   node worker-process.ts <address> <task queue> <seed>

import { newLoad, work } from './load.ts';
import { seeded } from './random.ts';

const [address, taskQueue, seed] = process.argv.slice(2);
if (!address || !taskQueue || !seed) throw new Error('usage: worker-process.ts <address> <task queue> <seed>');

const load = { ...newLoad(), taskQueue };
const random = seeded(Number(seed));
const never = new AbortController().signal;
const pollers = (['workflow', 'workflow', 'activity', 'activity'] as const).map((kind) =>
  work(load, address, kind, random, never),
);
await Promise.all(pollers);
