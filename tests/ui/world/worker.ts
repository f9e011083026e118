// The worker of the world, in a process of its own: node worker.ts ADDRESS [TASK-QUEUE KEY]. It says "ready" when it polls.
// With a key (base64) its payloads are sealed.

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import * as activities from './activities.ts';
import { workflowBundle } from './bundle.ts';
import { sealing } from './codec.ts';

const [address = '', taskQueue = 'orders', key] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue,
  // As by default, without the name of this machine: pages show it.
  identity: `${process.pid}@workshop`,
  workflowBundle: { codePath: await workflowBundle() },
  activities,
  ...(key === undefined ? {} : { dataConverter: { payloadCodecs: [sealing(Buffer.from(key, 'base64'))] } }),
});
process.on('SIGTERM', () => worker.shutdown());
process.stdout.write('ready\n');
await worker.run();
await connection.close();
