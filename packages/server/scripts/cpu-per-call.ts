// What the wire costs: server CPU per unary call of 700 bytes with a small reply, 64 at once over 4 connections, the
// client in another process. The node:http2 module alone costs 30 µs per such call. It reports; it judges nothing.
// Run it with `node packages/server/scripts/cpu-per-call.ts`.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connectRpc, type RpcClient, startTransport } from '../src/transport/index.ts';

const CONCURRENCY = 64;
const CONNECTIONS = 4;
const WARM_UP_CALLS = 50_000;
const CALLS = 200_000;
const PATH = '/temporal.api.workflowservice.v1.WorkflowService/StartWorkflowExecution';

async function serve(): Promise<void> {
  const reply = Buffer.alloc(40, 'r');
  const handler = {
    unary: async () => reply,
    isStream: () => false,
    stream: async () => {},
  };
  const transport = await startTransport({ handler, host: '127.0.0.1', port: 0 });
  process.on('message', () => process.send!(process.cpuUsage()));
  process.on('disconnect', () => void transport.close(0));
  process.send!(transport.address.port);
}

async function ask<T>(server: ChildProcess): Promise<T> {
  server.send('cpu');
  const [answer] = (await once(server, 'message')) as [T];
  return answer;
}

async function load(clients: readonly RpcClient[], calls: number): Promise<void> {
  const body = Buffer.alloc(700, 'b');
  let left = calls;
  const caller = async (client: RpcClient): Promise<void> => {
    while (left-- > 0) await client.unary(PATH, body, { timeoutMs: 10_000 });
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, (_, i) => caller(clients[i % CONNECTIONS]!)));
}

async function measure(): Promise<void> {
  const server = fork(import.meta.filename, ['serve']);
  const [port] = (await once(server, 'message')) as [number];
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectRpc({ host: '127.0.0.1', port })));
  await load(clients, WARM_UP_CALLS);
  const before = await ask<NodeJS.CpuUsage>(server);
  const ownBefore = process.cpuUsage();
  const startedMs = performance.now();
  await load(clients, CALLS);
  const durationMs = performance.now() - startedMs;
  const own = process.cpuUsage(ownBefore);
  const after = await ask<NodeJS.CpuUsage>(server);
  for (const client of clients) client.close();
  server.disconnect();
  await once(server, 'exit');
  const serverUs = (after.user + after.system - before.user - before.system) / CALLS;
  const clientUs = (own.user + own.system) / CALLS;
  console.log(`server ${serverUs.toFixed(1)} µs and client ${clientUs.toFixed(1)} µs of CPU per call`);
  console.log(`${Math.round((CALLS / durationMs) * 1000)} calls per second`);
}

await (process.argv[2] === 'serve' ? serve() : measure());
