// The commands there are, as one table: the dispatcher, the help and the hints read it.

export interface Command {
  /** Words after `perdure`. */
  readonly path: readonly string[];
  readonly summary: string;
  /** @returns the exit code */
  readonly run: (args: readonly string[]) => Promise<number>;
}

export const COMMANDS: readonly Command[] = [
  {
    path: ['server', 'start-dev'],
    summary: 'Start a development server: in memory, or on a database file',
    run: async (args) => (await import('./start-dev/command.ts')).startDev(args),
  },
];

export interface Found {
  readonly command: Command;
  readonly args: readonly string[];
}

/** The command whose words come first, whatever options stand between or behind them. */
export function findCommand(args: readonly string[]): Found | undefined {
  for (const command of COMMANDS) {
    const isPrefix = command.path.every((word, at) => args[at] === word);
    if (isPrefix) return { command, args: args.slice(command.path.length) };
  }
  return undefined;
}

export function commandList(prefix: readonly string[] = []): string {
  const shown = COMMANDS.filter(({ path }) => prefix.every((word, at) => path[at] === word));
  const width = Math.max(...shown.map(({ path }) => path.join(' ').length));
  return shown.map(({ path, summary }) => `  perdure ${path.join(' ').padEnd(width)}   ${summary}`).join('\n');
}
