// The worker of the world, in a process of its own: node worker.ts ADDRESS [TASK-QUEUE KEY]. It says "ready" when it polls.
// With a key (base64) its payloads are sealed.

import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import * as activities from './activities.ts';
import { sealing } from './codec.ts';

const [address = '', taskQueue = 'orders', key] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  activities,
  ...(key === undefined ? {} : { dataConverter: { payloadCodecs: [sealing(Buffer.from(key, 'base64'))] } }),
});
process.on('SIGTERM', () => worker.shutdown());
process.stdout.write('ready\n');
await worker.run();
await connection.close();
