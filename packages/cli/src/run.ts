import { VERSION } from '@perdure/server/version';
import { COMMANDS, commandList, findCommand } from './commands.ts';
import { UsageError } from './usage-error.ts';
import { VERSION_TEXT } from './version-text.ts';

/** Runs one command line. @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`Error: ${error.message}\n${error.hint}`);
    return 2;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-v' || first === 'version') {
    console.log(VERSION_TEXT);
    return 0;
  }
  // `perdure help server start-dev` is `perdure server start-dev --help`.
  if (first === 'help') return dispatch([...rest, '--help']);
  const found = findCommand(args);
  if (found !== undefined) return found.command.run(found.args);
  const words = args.filter((word) => !isHelp(word));
  if (!isGroup(words)) {
    throw new UsageError(`there is no command "perdure ${words.join(' ')}"`, "Run 'perdure --help' for the commands.");
  }
  console.log(generalHelp(words));
  return 0;
}

/** The beginning of some command's words, or nothing at all. */
function isGroup(words: readonly string[]): boolean {
  return COMMANDS.some(({ path }) => words.every((word, at) => path[at] === word));
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

function generalHelp(prefix: readonly string[]): string {
  return `Perdure ${VERSION}, a durable-execution server that speaks the API of Temporal.

Commands:
${commandList(prefix)}

Options of every command:
  -h, --help      Show what a command does and its options
  -v, --version   Show the version`;
}
