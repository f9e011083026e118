// Starts and stops the server under test as a process of its own, on a free port and a fresh database.
// Knows the command line that `perdure` shares with Temporal's CLI, nothing else of the server. Whatever happens to
// the benchmark, no server outlives it.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectRpc, type RpcClient } from '@perdure/server';
import { delay, serviceMethod } from './load/session.ts';
import type { StartedServer } from './options.ts';

const host = '127.0.0.1';
/** What is published, since that is what people run; `npm run bench` builds it first. */
const perdure = fileURLToPath(new URL('../../dist/packages/perdure/main.js', import.meta.url));
/** Short against any start, long enough that knocking costs the starting server little CPU. */
const knockIntervalMs = 4;
const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;
const logTailBytes = 2000;

export class ServerProcess {
  readonly host = host;
  readonly port: number;
  readonly pid: number;
  /** From just before the process was started to its first answer to GetSystemInfo. */
  readonly startupMs: number;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #isKept: boolean;
  /** Runs when this process exits, until the server was stopped. */
  readonly #leaveNothing: () => void;

  /** `kept`: a directory with or without a database, which the caller removes. `uiPort`: it serves the Web UI there. */
  static async start(server: StartedServer, kept?: string, uiPort?: number): Promise<ServerProcess> {
    const directory = kept ?? (await newDirectory(server));
    const port = await freePort();
    const startedAt = performance.now();
    const child = spawnServer(server, { port, uiPort }, directory);
    const leaveNothing = () => {
      child.kill('SIGKILL');
      // The process may still be dying, and its last write leave a file.
      rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 });
    };
    process.on('exit', leaveNothing);
    try {
      await firstAnswer(child, port);
      return new ServerProcess(child, directory, kept !== undefined, port, performance.now() - startedAt, leaveNothing);
    } catch (error) {
      const log = logTail(directory);
      leaveNothing();
      process.off('exit', leaveNothing);
      throw new Error(`the server did not start. The end of its log:\n${log}`, { cause: error });
    }
  }

  private constructor(
    child: ChildProcess,
    directory: string,
    isKept: boolean,
    port: number,
    startupMs: number,
    leaveNothing: () => void,
  ) {
    if (child.pid === undefined) throw new Error('a process that answers has an id');
    this.#child = child;
    this.#directory = directory;
    this.#isKept = isKept;
    this.#leaveNothing = leaveNothing;
    this.port = port;
    this.pid = child.pid;
    this.startupMs = startupMs;
  }

  logTail(): string {
    return logTail(this.#directory);
  }

  /** Stops the server, deletes its files unless they are to be kept, and returns how many bytes its database had after the shutdown. */
  async stop(): Promise<number> {
    await this.#end();
    const bytes = await databaseBytes(this.#directory);
    if (!this.#isKept) await rm(this.#directory, { recursive: true });
    process.off('exit', this.#leaveNothing);
    return bytes;
  }

  async #end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), stopTimeoutMs);
    await exited;
    clearTimeout(impatience);
  }
}

export function newDirectory(server: StartedServer): Promise<string> {
  return mkdtemp(join(server.dataDir ?? tmpdir(), 'perdure-bench-'));
}

export function databaseIn(directory: string): string {
  return join(directory, 'bench.db');
}

interface Ports {
  readonly port: number;
  readonly uiPort: number | undefined;
}

function spawnServer(server: StartedServer, { port, uiPort }: Ports, directory: string): ChildProcess {
  const [program, script] = server.command === undefined ? [process.execPath, [perdure]] : [server.command, []];
  const database = databaseIn(directory);
  const ui = uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)];
  const flags = [...ui, '--ip', host, '--port', String(port), '--db-filename', database];
  const log = openSync(join(directory, 'server.log'), 'w');
  try {
    return spawn(program, [...script, 'server', 'start-dev', ...flags, ...server.extraArguments], {
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** Resolves with the first answer; rejects when the process ends or takes too long. */
async function firstAnswer(child: ChildProcess, port: number): Promise<void> {
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? `exit code ${code}`}`)));
  });
  ended.catch(() => {
    // Raced below. The end of a server that has answered is its stop, not a failed start.
  });
  const until = performance.now() + startTimeoutMs;
  while (!(await Promise.race([answers(port), ended]))) {
    if (performance.now() > until) throw new Error(`no answer within ${startTimeoutMs} ms`);
    await delay(knockIntervalMs);
  }
}

async function answers(port: number): Promise<boolean> {
  let client: RpcClient | undefined;
  try {
    client = await connectRpc({ host, port });
    await client.unary(serviceMethod('GetSystemInfo'), new Uint8Array(0), { timeoutMs: 1000 });
    return true;
  } catch {
    // Refused, or not serving yet: the caller knocks again, and gives up at its time limit.
    return false;
  } finally {
    client?.close();
  }
}

async function databaseBytes(directory: string): Promise<number> {
  const names = (await readdir(directory)).filter((name) => name.startsWith('bench.db'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function logTail(directory: string): string {
  return readFileSync(join(directory, 'server.log'), 'utf8').slice(-logTailBytes);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
      server.close(() => resolve(address.port));
    });
  });
}
