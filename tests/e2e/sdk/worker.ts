// Workers of the official SDK against the shared server: the workflow code is bundled once per process.

import { fileURLToPath } from 'node:url';
import type { WorkflowStartOptions } from '@temporalio/client';
import { Client, Connection } from '@temporalio/client';
import type { WorkerOptions, WorkflowBundle } from '@temporalio/worker';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Workflow } from '@temporalio/workflow';
import { atEnd, sharedServer, unique } from '../harness.ts';
import * as activities from './activities.ts';
import { replayAll } from './replay.ts';

const logger = new DefaultLogger('ERROR', () => undefined);
// Signals are the test runner's: the SDK would answer SIGTERM by draining its workers instead of ending the process.
Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { forward: {}, filter: 'off' } } });

const bundles = new Map<string, Promise<WorkflowBundle>>();

/** @param file beside this one */
export function bundle(file: string): Promise<WorkflowBundle> {
  const known = bundles.get(file);
  if (known) return known;
  const workflowsPath = fileURLToPath(new URL(file, import.meta.url));
  const made = bundleWorkflowCode({ workflowsPath, logger });
  bundles.set(file, made);
  return made;
}

/** Runs a worker until it is told to stop. */
export interface RunningWorker {
  stop(): Promise<void>;
}

export async function runWorker(
  address: string,
  taskQueue: string,
  options: Partial<WorkerOptions> = {},
): Promise<RunningWorker> {
  const workflowBundle = options.workflowBundle ?? (await bundle('workflows.ts'));
  // The last of them is the one that has seen the workflows of this queue through.
  bundleOfTaskQueue.set(taskQueue, workflowBundle as WorkflowBundle);
  replayAtEnd(address);
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle,
    activities,
    // Heartbeats are sent at most this often: tests that wait for one should not wait long.
    maxHeartbeatThrottleInterval: '100ms',
    defaultHeartbeatThrottleInterval: '100ms',
    shutdownGraceTime: 0,
    ...options,
  });
  const running = worker.run();
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    worker.shutdown();
    await running;
    // An open connection keeps the SDK's runtime, and so this process, alive.
    await connection.close();
  };
  const stopOnce = (): Promise<void> => (stopped ??= stop());
  // Also when a test fails before it stops its worker.
  atEnd(stopOnce);
  return { stop: stopOnce };
}

const bundleOfTaskQueue = new Map<string, WorkflowBundle>();
const toReplay = new Set<string>();

/** All that happened on a server is replayed before it goes. */
function replayAtEnd(address: string): void {
  if (toReplay.has(address)) return;
  toReplay.add(address);
  atEnd(() => replayNow(address));
}

/** For servers that go before the end. */
export async function replayNow(address: string): Promise<void> {
  if (!toReplay.delete(address)) return;
  const count = await replayAll(address, (taskQueue) => bundleOfTaskQueue.get(taskQueue));
  process.stdout.write(`${count} histories replayed\n`);
}

/** A client of the shared server. */
export async function sharedClient(): Promise<Client> {
  return (client ??= sharedServer().then((server) => connect(server.address)));
}

let client: Promise<Client> | undefined;

export async function connect(address: string): Promise<Client> {
  return new Client({ connection: await Connection.connect({ address }) });
}

let shared: Promise<RunningWorker & { readonly taskQueue: string }> | undefined;

/** The task queue of the one worker that the tests of this process share. */
export async function sharedTaskQueue(): Promise<string> {
  shared ??= (async () => {
    const taskQueue = unique('sdk');
    return { taskQueue, ...(await runWorker((await sharedServer()).address, taskQueue)) };
  })();
  return (await shared).taskQueue;
}

atEnd(async () => {
  await (await client)?.connection.close();
});

/** Starts a workflow of its own on the shared worker. */
export async function start<T extends Workflow>(
  workflow: T,
  args: Parameters<T>,
  options: Partial<WorkflowStartOptions<T>> = {},
) {
  const taskQueue = options.taskQueue ?? (await sharedTaskQueue());
  const all = { workflowId: unique('sdk'), ...options, taskQueue, args };
  return (await sharedClient()).workflow.start<T>(workflow, all as unknown as WorkflowStartOptions<T>);
}
