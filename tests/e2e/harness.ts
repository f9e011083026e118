// Real server processes for the end-to-end tests: started on a free port, killed, restarted on the same database.
//
// The command comes from PERDURE_TEST_SERVER (words separated by spaces; default: our own CLI run from source), so
// the same tests can be pointed at any server that understands `server start-dev`. Nothing here knows what is tested.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { RawClient } from './raw.ts';

const CLI = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const READY_WITHIN_MS = 30_000;

export const NAMESPACE = 'default';

export interface ServerOptions {
  /** Keep the database in a file of a temporary folder, so that it survives kill(). Default: in memory. */
  readonly onFile?: boolean;
  readonly args?: readonly string[];
  /** Environment variables of the first launch only. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One server address, and the process that currently serves it, if any. */
export class TestServer {
  readonly port: number;
  readonly address: string;
  readonly #folder: string;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, options: ServerOptions) {
    this.port = port;
    this.address = `127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), 'server-test-'));
    this.#args = [
      ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)],
      ...(options.onFile ? ['--db-filename', join(this.#folder, 'server.db')] : []),
      ...(options.args ?? []),
    ];
  }

  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(await freePort(), options);
    await server.launch(options.env);
    return server;
  }

  /** Starts the process; resolves when it answers GetSystemInfo. */
  async launch(env: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.#process) throw new Error('the server is already running');
    const [file, ...args] = process.env['PERDURE_TEST_SERVER']?.split(' ') ?? [process.execPath, CLI];
    if (!file) throw new Error('PERDURE_TEST_SERVER is empty');
    const log = openSync(this.logFile, 'a');
    const child = spawn(file, [...args, ...this.#args], {
      stdio: ['ignore', log, log],
      env: { ...COMPILE_CACHE, ...process.env, ...env },
    });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.#process = child;
    await this.#ready(child);
  }

  get logFile(): string {
    return join(this.#folder, 'server.log');
  }

  get pid(): number {
    if (this.#process?.pid === undefined) throw new Error('the server is not running');
    return this.#process.pid;
  }

  /** `kill -9`: the process gets no chance to save anything. Resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** Resolves when the process has ended by itself; it can be launched again then. Never, if it is killed from here. */
  async untilGone(): Promise<void> {
    const child = this.#process;
    if (!child) throw new Error('the server is not running');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    if (this.#process === child) this.#process = undefined;
    else await new Promise<never>(() => undefined);
  }

  /** Stops the server and removes its database. */
  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Resident memory of the server process, bytes. */
  rssBytes(): number {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'));
    if (!line) throw new Error('no VmRSS for the server process');
    return Number(line[1]) * 1024;
  }

  /** Bytes on disk of the database. */
  databaseBytes(): number {
    const files = readdirSync(this.#folder).filter((name) => name.startsWith('server.db'));
    return files.reduce((sum, name) => sum + statSync(join(this.#folder, name)).size, 0);
  }

  async #ready(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await accepts(this.port))) {
      if (child.exitCode !== null)
        throw new Error(`the server exited with ${child.exitCode}:\n${readFileSync(this.logFile, 'utf8')}`);
      if (Date.now() > deadline)
        throw new Error(`the server did not listen within ${READY_WITHIN_MS} ms, see ${this.logFile}`);
      await delay(10);
    }
    const raw = new RawClient(this.address);
    try {
      await raw.untilServing(deadline);
    } finally {
      raw.close();
    }
  }
}

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

const cleanUps: (() => Promise<void>)[] = [];

/** Runs after all tests of the process, before everything that was registered earlier. */
export function atEnd(cleanUp: () => Promise<void>): void {
  cleanUps.unshift(cleanUp);
}

after(async () => {
  const failed: unknown[] = [];
  // All of them, whatever happens: what is left running would keep this process alive.
  for (const cleanUp of cleanUps) await cleanUp().catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
});

let shared: Promise<TestServer> | undefined;

/** The one in-memory server that all tests of this process share; stopped when they are through. */
export function sharedServer(): Promise<TestServer> {
  return (shared ??= TestServer.start());
}

atEnd(async () => {
  await (await shared)?.dispose();
});

/** A name nobody else uses: for workflow ids and task queues of tests that share a server. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

/** Polls a condition that no event announces. For the rest of the tests there are long polls. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined>, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(20);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port is free');
  return address.port;
}
