// A worker: polls the server for tasks and runs the order's workflow code and activities.
//
//   node examples/order/src/worker.ts

import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import * as activities from './activities.ts';
import { ADDRESS, TASK_QUEUE } from './settings.ts';

Runtime.install({ logger: new DefaultLogger('WARN') });

const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: ADDRESS }),
  taskQueue: TASK_QUEUE,
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  activities,
  // The server first offers a workflow's next task to the worker that has it in memory. If that worker is dead,
  // this is how long the task waits before any other worker may take it (default 10 s).
  stickyQueueScheduleToStartTimeout: '1s',
});

console.log('ready');
await worker.run();
