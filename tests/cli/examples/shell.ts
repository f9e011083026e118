// The examples of the help, and a shell to type them into as they stand there.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type Ended, perdure } from '../command.ts';
import { folderOnPath } from '../on-path.ts';

export interface Example {
  /** The words of the command: `workflow list`. */
  readonly command: string;
  readonly line: string;
  readonly description: string;
}

/** In the order of the help. */
export async function allExamples(): Promise<readonly Example[]> {
  const { stdout } = await perdure(['help', '-o', 'json']);
  const { commands } = JSON.parse(stdout) as { commands: readonly CommandJson[] };
  return commands.flatMap(({ path, description = '', examples }) => {
    assert.ok(examples.length > 0, `${path.join(' ')} has no example`);
    return examples.map(({ line }) => ({ command: path.join(' '), line, description }));
  });
}

interface CommandJson {
  readonly path: readonly string[];
  readonly description?: string;
  readonly examples: readonly { readonly line: string }[];
}

export function isBelow(command: string, path: string): boolean {
  return `${command} `.startsWith(`${path} `);
}

/** The others need no worker. Every command is one or the other, so that none is left out. */
export function isByWorker(command: string): boolean {
  return isBelow(command, 'workflow') || isBelow(command, 'activity');
}

/** A home of its own, with nothing in it, where files that examples name can be put. */
export function shellFor(address: string) {
  const { folder, path } = folderOnPath();
  const env = { PATH: path, HOME: folder, TZ: 'UTC', PERDURE_ADDRESS: address };
  /** A line that runs, until its end or until it is told to stop. Shells of one line become what runs in it, which gets the signal. */
  const start = (line: string, { shell = 'bash' } = {}) => {
    // Its own process group, so that a signal reaches what runs in it as Ctrl-C does.
    const child = spawn(shell, ['-c', line], { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const late = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 20_000);
    child.once('close', () => clearTimeout(late));
    const ended: Promise<Ended> = Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]).then(([stdout, stderr, [exitCode]]) => ({ exitCode, stdout, stderr }));
    return {
      ended,
      firstOutput: async () => String((await once(child.stdout, 'data'))[0]),
      interrupt: () => process.kill(-(child.pid ?? 0), 'SIGINT'),
    };
  };
  return {
    folder,
    start,
    typed: (line: string, options?: { readonly shell?: string }) => start(line, options).ended,
  };
}

/** What may stand beside the output is which command comes next. */
const NEXT = /^'perdure .+' shows .+\n/;

export function succeeded({ exitCode, stderr }: Ended, line: string): void {
  assert.deepEqual({ exitCode, stderr: stderr.replace(NEXT, '') }, { exitCode: 0, stderr: '' }, line);
}
