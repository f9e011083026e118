// What a purge costs those who use the server meanwhile: the time from start to close of workflows under a steady load,
// while runs whose retention is over are removed in the background and while they are not, in turns.
//
// Run: node bench/src/purge.ts [runs] [workflows per second] [rounds]

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { code, StatusError } from '@perdure/api';
import * as api from '@perdure/api/workflowservice';
import { connectRpc, type RpcClient } from '@perdure/server';
import { EntityKind, openSqliteStore, type Write } from '@perdure/store';
import { BaseLoad } from './load/base-load.ts';
import { delay, serviceMethod } from './load/session.ts';
import { median, percentile } from './stats.ts';

const [runs = 100_000, perSecond = 200, rounds = 12] = process.argv.slice(2).map(Number);
const HOST = '127.0.0.1';
const CLI = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const DAY_MS = 86_400_000;
const WARM_UP_MS = 3000;
const SETTLE_MS = 1200;
const WINDOW_MS = 3000;
const SEED_BATCH = 500;
const OLD = 'old';

const directory = mkdtempSync(join(tmpdir(), 'perdure-purge-'));
const filename = join(directory, 'purge.db');
process.on('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 }));

await main();

async function main(): Promise<void> {
  // Its namespaces are made by the server itself.
  await withServer(async (client) => {
    await call(client, 'RegisterNamespace', api.RegisterNamespaceRequest.encode(retention(OLD, 100 * DAY_MS)));
    // A short retention makes the server look every second whose is over.
    await call(client, 'RegisterNamespace', api.RegisterNamespaceRequest.encode(retention('short', 1000)));
  });
  const seconds = await seed();
  console.log(`${runs} closed runs written in ${seconds.toFixed(1)} s`);
  await withServer(measure);
}

function retention(namespace: string, ms: number) {
  return { namespace, workflowExecutionRetentionPeriod: ms };
}

async function measure(client: RpcClient, port: number): Promise<void> {
  const connect = () => connectRpc({ host: HOST, port });
  const load = await BaseLoad.open({ namespace: 'default', connect, cpuMs: undefined }, 64);
  const stop = new AbortController();
  const running = load.runAtRate(perSecond, stop.signal);
  const p99s: { quiet: number[]; purge: number[] } = { quiet: [], purge: [] };
  const samples: { quiet: number[]; purge: number[] } = { quiet: [], purge: [] };
  await delay(WARM_UP_MS);
  for (let round = 0; round < rounds; round++) {
    for (const kind of ['quiet', 'purge'] as const) {
      const config = { workflowExecutionRetentionTtl: kind === 'purge' ? DAY_MS : 100 * DAY_MS };
      await call(client, 'UpdateNamespace', api.UpdateNamespaceRequest.encode({ namespace: OLD, config }));
      await delay(SETTLE_MS);
      const before = await count(client);
      const from = load.startToCloseMs.length;
      await delay(WINDOW_MS);
      const latencies = load.startToCloseMs.slice(from);
      const removed = before - (await count(client));
      report(kind, latencies, `${Math.round((removed / WINDOW_MS) * 1000)} runs removed/s`);
      p99s[kind].push(percentile(latencies, 99));
      samples[kind].push(...latencies);
    }
  }
  stop.abort();
  await running;
  load.close();
  for (const kind of ['quiet', 'purge'] as const) {
    report(`all ${kind}`, samples[kind], `median of the p99s of the rounds: ${median(p99s[kind]).toFixed(1)} ms`);
  }
}

function report(kind: string, latencies: readonly number[], what: string): void {
  const [p50, p90, p99] = [50, 90, 99].map((percent) => percentile(latencies, percent).toFixed(1));
  console.log(`${kind.padEnd(10)} ${latencies.length} workflows  p50 ${p50}  p90 ${p90}  p99 ${p99} ms  ${what}`);
}

async function count(client: RpcClient): Promise<number> {
  const request = api.CountWorkflowExecutionsRequest.encode({ namespace: OLD });
  return api.CountWorkflowExecutionsResponse.decode(await call(client, 'CountWorkflowExecutions', request)).count;
}

function call(client: RpcClient, method: string, request: Uint8Array): Promise<Uint8Array> {
  return client.unary(serviceMethod(method), request, { timeoutMs: 60_000 });
}

/** Runs like those of the base load: 11 events in 5 transitions. Returns how long it took, s. */
async function seed(): Promise<number> {
  const startedAt = performance.now();
  const store = await openSqliteStore({ filename, synchronous: 'normal' });
  const epoch = await store.acquireShard(1, 'seed');
  const namespaceId = (await store.namespaces()).find(({ name }) => name === OLD)?.id;
  if (namespaceId === undefined) throw new Error(`the server has not registered the namespace ${OLD}`);
  const firstKey = (await store.maxRunKey()) + 1;
  for (let at = 0; at < runs; at += SEED_BATCH) {
    const writes: Write[] = [];
    for (let i = at; i < Math.min(at + SEED_BATCH, runs); i++) writes.push(...seededRun(firstKey + i, namespaceId));
    await store.commit({ shard: 1, epoch, writes });
  }
  await store.close();
  return (performance.now() - startedAt) / 1000;
}

function seededRun(key: number, namespaceId: string): Write[] {
  const closeMs = Date.now() - 2 * DAY_MS + key;
  // As the server makes them: ids of runs that start one after the other lie together.
  const runId = timeUuid(closeMs);
  const row = {
    ...{ key, shard: 1, namespaceId, workflowId: `seeded-${randomUUID()}`, runId, firstRunId: runId },
    ...{ kind: EntityKind.WORKFLOW_RUN, workflowType: 'BenchWorkflow', taskQueue: 'bench' },
    ...{ parentWorkflowId: '', parentRunId: '', rootWorkflowId: '', rootRunId: '', stateTransitionCount: 5 },
    ...{ status: 2, startMs: closeMs - 50, executionMs: closeMs - 50, closeMs, wakeAtMs: undefined },
    ...{ historyLength: 11, historySizeBytes: 2500, memo: new Uint8Array(0), searchAttributes: new Uint8Array(0) },
  };
  const writes: Write[] = [{ kind: 'insertRun', row }];
  for (let seq = 1; seq <= 5; seq++) {
    const publicBytes = new Uint8Array(500).fill(seq);
    const privateBytes = new Uint8Array(30).fill(seq);
    writes.push({ kind: 'append', run: key, seq, firstEventId: seq * 2 - 1, eventCount: 2, publicBytes, privateBytes });
  }
  return writes;
}

/** The time, and what makes it one of many. */
function timeUuid(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

async function withServer(use: (client: RpcClient, port: number) => Promise<void>): Promise<void> {
  const port = await freePort();
  const flags = ['--headless', '--ip', HOST, '--port', String(port), '--db-filename', filename];
  const config = ['--dynamic-config-value', 'system.namespaceMinRetentionLocal=1s'];
  const child = spawn(process.execPath, [CLI, 'server', 'start-dev', ...flags, ...config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const client = await connected(child, port);
  await use(client, port);
  client.close();
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function connected(child: ChildProcess, port: number): Promise<RpcClient> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with exit code ${child.exitCode}`);
    try {
      return await connectRpc({ host: HOST, port });
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== code.UNAVAILABLE) throw error;
      await delay(20);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
