// A worker in a process of its own, for tests that kill it. Says `ready` when it polls.
//   node worker-process.ts <address> <task queue> <workflow file>

import { bundle, runWorker } from './worker.ts';

const [address, taskQueue, file] = process.argv.slice(2);
if (!address || !taskQueue || (file !== 'workflows.ts' && file !== 'workflows-changed.ts')) {
  throw new Error('usage: worker-process.ts <address> <task queue> workflows.ts|workflows-changed.ts');
}
await runWorker(address, taskQueue, {
  workflowBundle: await bundle(file),
  stickyQueueScheduleToStartTimeout: '1s',
});
process.stdout.write('ready\n');
