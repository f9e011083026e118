// What a command is given to run: its options, where to print, and, when it asks, a client of the server. Nothing of it is
// loaded or connected before it is asked for.

import type { Client } from './client/client.ts';
import { CommandError, exitCode } from './exit.ts';
import type { Output } from './output/output.ts';
import type { Command } from './table/command.ts';
import type { Given } from './table/options.ts';
import { UsageError } from './table/usage-error.ts';

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when nobody waits for the command any more. Without it the command belongs to the process, and Ctrl-C ends it. */
  readonly hangup?: AbortSignal;
}

export class Context {
  readonly command: Command;
  readonly given: Given;
  readonly out: Output;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C, and when --command-timeout is over. */
  readonly signal: AbortSignal;
  readonly #hint: string;
  #client: Promise<Client> | undefined;

  constructor(parts: Pick<Context, 'command' | 'given' | 'out' | 'terminal' | 'signal'> & { readonly hint: string }) {
    this.command = parts.command;
    this.given = parts.given;
    this.out = parts.out;
    this.terminal = parts.terminal;
    this.signal = parts.signal;
    this.#hint = parts.hint;
  }

  /** Connects the first time. @throws {StatusError} nothing answers */
  client(): Promise<Client> {
    this.#client ??= import('./client/connect.ts').then(({ connectClient }) => connectClient(this));
    return this.#client;
  }

  /** What to throw when options do not go together. */
  wrong(message: string): UsageError {
    return new UsageError(message, this.#hint);
  }

  /**
   * Asks on the terminal. --yes answers it before; who cannot be asked must say --yes.
   * @throws {CommandError} the answer is no
   */
  async confirm(question: string): Promise<void> {
    if (this.given.knows('yes') && this.given.isOn('yes')) return;
    const { stdin, stderr } = this.terminal;
    if (!stdin.isTTY || !stderr.isTTY)
      throw this.wrong(`--yes must be given, as there is no terminal to ask on: ${question}`);
    const { createInterface } = await import('node:readline/promises');
    const lines = createInterface({ input: stdin, output: stderr });
    try {
      const answer = await lines.question(`${question} y/N `, { signal: this.signal });
      if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('not confirmed', exitCode.FAILED);
    } finally {
      lines.close();
    }
  }

  async close(): Promise<void> {
    const [client] = await Promise.allSettled([this.#client]);
    if (client?.status === 'fulfilled') client.value?.close();
  }
}
