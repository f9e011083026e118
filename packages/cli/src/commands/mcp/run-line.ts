// Runs a command line of ours in this process, and keeps what it prints.

import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Terminal } from '../../context.ts';
import { run } from '../../run.ts';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runLine(line: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  // Nobody sits there: nothing is asked, coloured or drawn.
  const terminal = { stdin, stdout, stderr, env } as unknown as Terminal;
  const printed = Promise.all([text(stdout), text(stderr)]);
  const exitCode = await run(line, terminal).finally(() => {
    stdout.end();
    stderr.end();
  });
  const [out, err] = await printed;
  return { exitCode, stdout: out, stderr: err };
}
