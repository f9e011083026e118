// The command `perdure` as a process, beside a server process: what a user types, sees, and gets back from his shell.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../compile-cache.ts';
import type { TestServer } from '../e2e/harness.ts';

export const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

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

/** A command that runs. */
export interface Started {
  /** Resolves when the standard output, so far, is like this. */
  readonly printed: (pattern: RegExp) => Promise<void>;
  readonly ended: Promise<Ended>;
}

/** Runs the command line, against no server and without any configuration of this machine. */
export function start(args: readonly string[], { env = {}, stdin, cwd }: CommandOptions = {}): Started {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...COMPILE_CACHE, PATH: process.env['PATH'], HOME: '/nonexistent', TZ: 'UTC', ...env },
    cwd,
  });
  child.stdin.end(stdin);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const printed = async (pattern: RegExp) => {
    while (!pattern.test(stdout)) {
      const isOver = await Promise.race([once(child.stdout, 'data').then(() => false), closed.then(() => true)]);
      if (isOver && !pattern.test(stdout)) throw new Error(`it ended without printing ${pattern.source}:\n${stdout}`);
    }
  };
  const ended = Promise.all([text(child.stderr), closed]).then(([stderr, [exitCode]]) => ({
    exitCode,
    stdout,
    stderr,
  }));
  return { printed, ended };
}

/** Runs the command line to its end. */
export async function perdure(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** The same against a server; the arguments are words, of which those with spaces come as they are. */
export function commandOf(server: Pick<TestServer, 'address'>) {
  const env = { PERDURE_ADDRESS: server.address };
  const run = (args: readonly string[], options: CommandOptions = {}) =>
    perdure(args, { ...options, env: { ...env, ...options.env } });
  return {
    run,
    /** Does not wait for its end. */
    start: (args: readonly string[]) => start(args, { env }),
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
