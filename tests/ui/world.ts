// The world that the pages are tested in: a real server that serves the built UI, a real worker, executions of all kinds.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { Page } from 'playwright-core';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { atEnd } from '../e2e/harness.ts';
import { seed } from './world/seed.ts';

const CLI = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const WORKER = fileURLToPath(new URL('./world/worker.ts', import.meta.url));

export interface World {
  /** Of the pages, without a slash at its end. */
  readonly url: string;
  /** Of the gRPC API. */
  readonly address: string;
  readonly client: Client;
  readonly stopServer: () => Promise<void>;
}

interface Ready {
  readonly address: string;
  readonly uiUrl: string;
}

let shared: Promise<World> | undefined;

/** The one world of a test file; the first call says how its server is started. It ends after the last test. */
export function world(...args: readonly string[]): Promise<World> {
  return (shared ??= begin(args));
}

/** Shows a page of the world: `/namespaces/default/workflows`. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto((await world()).url + path);
}

/** Another worker, until the last test has ended; see world/worker.ts. */
export async function addWorker(...args: readonly string[]): Promise<void> {
  const { address } = await world();
  const worker = start([WORKER, address, ...args]);
  await firstLine(worker);
  atEnd(() => stop(worker));
}

async function begin(args: readonly string[]): Promise<World> {
  const ports = ['--port', '0', '--ui-port', '0', '--http-port', '0', '--print-json'];
  const server = start([CLI, 'server', 'start-dev', '--ip', '127.0.0.1', ...ports, ...args]);
  const { address, uiUrl } = JSON.parse(await firstLine(server)) as Ready;
  const worker = start([WORKER, address]);
  await firstLine(worker);
  const { client, close } = await seed(address);
  atEnd(async () => {
    await close();
    await stop(worker);
    await stop(server);
  });
  return { url: uiUrl.replace(/\/$/, ''), address, client, stopServer: () => stop(server) };
}

function start(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...COMPILE_CACHE, ...process.env },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the output of the process is not read');
  const { stdout } = child;
  const lines = createInterface(stdout);
  for await (const line of lines) {
    // What else it says is read away, or the pipe would fill.
    stdout.resume();
    return line;
  }
  throw new Error(`the process ended without a word (exit code ${child.exitCode})`);
}

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
