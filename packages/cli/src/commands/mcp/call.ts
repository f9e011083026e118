// One call of a tool: its connection, so that a server that was restarted is found again, and how long it may take. It ends
// with the request of the agent.

import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Client } from '../../client/client.ts';
import { connectClient } from '../../client/connect.ts';
import type { Context, Terminal } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { runOrThrow } from '../../run.ts';
import { CLIENT, GLOBAL } from '../../table/sets.ts';

const SECONDS_MAX = 30;

export interface CallOptions {
  /** Of `perdure mcp`, which says how to connect. */
  readonly context: Context;
  /** The agent takes the request back, or is gone. */
  readonly cancelled: AbortSignal;
  /** Of the answer. */
  readonly bytesMax: number;
}

export class Call {
  readonly bytesMax: number;
  readonly #context: Context;
  readonly #cancelled: AbortSignal;

  constructor({ context, cancelled, bytesMax }: CallOptions) {
    this.#context = context;
    this.#cancelled = cancelled;
    this.bytesMax = bytesMax;
  }

  /** For a part of the answer, beside others of that size. */
  shorterBy(bytes: number): Call {
    return new Call({ context: this.#context, cancelled: this.#cancelled, bytesMax: this.bytesMax - bytes });
  }

  /**
   * Runs a command line of ours in this process.
   * @returns what it prints
   * @throws what the command throws; CommandError TIMEOUT: it takes longer than `seconds`
   */
  async run(words: readonly string[], seconds = SECONDS_MAX): Promise<string> {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    stdin.end();
    // Warnings are for people.
    stderr.resume();
    const { env } = this.#context.terminal;
    // Nobody sits there: nothing is asked, coloured or drawn.
    const terminal = { stdin, stdout, stderr, env, hangup: this.#cancelled } as unknown as Terminal;
    const printed = text(stdout);
    const line = [...words, `--command-timeout=${seconds}s`, ...connectionOptions(this.#context)];
    await runOrThrow(line, terminal).finally(() => stdout.end());
    return printed;
  }

  /**
   * Calls the server.
   * @throws what `use` throws; CommandError TIMEOUT: it takes longer than `seconds`
   */
  async withClient<T>(use: (client: Client) => Promise<T>, seconds = SECONDS_MAX): Promise<T> {
    const ending = new AbortController();
    const error = new CommandError(`not done within ${seconds} s`, exitCode.TIMEOUT);
    const timer = setTimeout(() => ending.abort(error), seconds * 1000);
    const signal = AbortSignal.any([ending.signal, this.#cancelled]);
    try {
      const { given, terminal } = this.#context;
      const client = await connectClient({ given, terminal, signal });
      return await use(client).finally(() => client.close());
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Whether it is only that something takes longer than was waited for. */
export function isTimeout(error: unknown): boolean {
  return error instanceof CommandError && error.exitCode === exitCode.TIMEOUT;
}

/** What this command was told of the server, for the commands that it runs. */
function connectionOptions({ given }: Context): string[] {
  const ofOutput = ['output', 'fields', 'time-format', 'color', 'help', 'all', 'command-timeout'];
  const names = given.names.filter((name) => {
    return Object.hasOwn(CLIENT, name) || (Object.hasOwn(GLOBAL, name) && !ofOutput.includes(name));
  });
  return names.flatMap((name) => given.all(name).map((value) => `--${name}=${value}`));
}
