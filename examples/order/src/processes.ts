// Child processes of the demo: started, watched line by line, and killed without warning.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface Launched {
  /** Resolves on the next line of standard output that contains the text; rejects when the process ends first. */
  line(text: string): Promise<void>;
  /** SIGKILL: the process gets no chance to save or say anything. Resolves when it is gone. */
  kill(): Promise<void>;
}

export interface LaunchOptions {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where its standard error goes. */
  readonly logFile: string;
  readonly onLine: (line: string) => void;
}

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export function launch(options: LaunchOptions): Launched {
  const [file, ...args] = options.command;
  if (file === undefined) throw new Error('launch needs a command');
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', openSync(options.logFile, 'a')],
    env: { ...process.env, ...options.env },
  });
  running.add(child);
  const exited = once(child, 'exit').then(() => {
    running.delete(child);
  });
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', options.onLine);

  return {
    line: (text) =>
      new Promise((resolve, reject) => {
        lines.on('line', (line) => line.includes(text) && resolve());
        void exited.then(() => reject(new Error(`${file} ended before it said "${text}"; see ${options.logFile}`)));
      }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
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
