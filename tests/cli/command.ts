// The command `perdure` as a process, beside a server process: what a user types, sees, and gets back from his shell.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { TestServer } from '../e2e/harness.ts';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
}

/** Runs the command line to its end, against no server and without any configuration of this machine. */
export async function perdure(args: readonly string[], { env = {}, stdin, cwd }: CommandOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', TZ: 'UTC', ...env },
    cwd,
  });
  child.stdin.end(stdin);
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { exitCode, stdout, stderr };
}

/** The same against a server; the arguments are words, of which those with spaces come as they are. */
export function commandOf(server: Pick<TestServer, 'address'>) {
  const env = { PERDURE_ADDRESS: server.address };
  const run = (args: readonly string[], options: CommandOptions = {}) =>
    perdure(args, { ...options, env: { ...env, ...options.env } });
  return {
    run,
    /** What it prints; anything but success is an error. */
    async text(...args: readonly string[]): Promise<string> {
      const { exitCode, stdout, stderr } = await run(args);
      if (exitCode !== 0) throw new Error(`perdure ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
      return stdout;
    },
    async json<T>(...args: readonly string[]): Promise<T> {
      return JSON.parse(await this.text(...args, '--output', 'json')) as T;
    },
  };
}
