// The worker of the world, in a process of its own: node worker.ts ADDRESS. It says "ready" when it polls.

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import * as activities from './activities.ts';
import { workflowBundle } from './bundle.ts';

const [address = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue: 'orders',
  // As by default, without the name of this machine: pages show it.
  identity: `${process.pid}@workshop`,
  workflowBundle: { codePath: await workflowBundle() },
  activities,
});
process.on('SIGTERM', () => worker.shutdown());
process.stdout.write('ready\n');
await worker.run();
await connection.close();
