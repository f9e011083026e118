// One command line: find the command, read its options, run it, and say what went wrong in the form that was asked for.

import { TREE } from './commands/tree.ts';
import { Context, type Terminal } from './context.ts';
import { CommandError, exitCode } from './exit.ts';
import type { Format, Output } from './output/output.ts';
import type { TimeFormat } from './output/times.ts';
import { TIMER_MAX_MS } from './pause.ts';
import {
  type Command,
  type Found,
  findCommand,
  type Group,
  hintOf,
  optionsOf,
  UnknownCommandError,
} from './table/command.ts';
import { checkRequired, type Given, readOptions } from './table/options.ts';

/** @returns the exit code */
export async function run(args: readonly string[], terminal: Terminal = process): Promise<number> {
  try {
    return await runOrThrow(args, terminal);
  } catch (error) {
    return showError(error, args, terminal);
  }
}

/** The same for those who tell of errors themselves. @throws what `shownError` knows, or a defect */
export async function runOrThrow(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-v' || first === 'version') {
    const { VERSION_TEXT } = await import('./version-text.ts');
    terminal.stdout.write(`${VERSION_TEXT}\n`);
    return exitCode.OK;
  }
  // What the scripts of `perdure completion` call.
  if (first === '__complete') {
    const { completionLines } = await import('./completion/complete.ts');
    const words = rest.slice(rest.indexOf('--') + 1);
    // A shell that cannot pass an empty word says so.
    if (rest[0] === '--new-word') words.push('');
    terminal.stdout.write(completionLines(words, TREE, terminal.env).join(''));
    return exitCode.OK;
  }
  // `perdure help server start-dev` is `perdure server start-dev --help`.
  return first === 'help' ? runFound([...rest, '--help'], terminal) : runFound(args, terminal);
}

async function runFound(args: readonly string[], terminal: Terminal): Promise<number> {
  let found: Found | Group;
  try {
    found = findCommand(args, TREE);
  } catch (error) {
    if (!(error instanceof UnknownCommandError)) throw error;
    const { runExtension } = await import('./extensions/run.ts');
    const exit = await runExtension(args, error.path, terminal);
    if (exit === undefined) throw error;
    return exit;
  }
  if ('command' in found && !wantsHelp(found.args)) return runCommand(found.command, found.args, terminal);
  const { helpText } = await import('./table/help-text.ts');
  const asked = { isAll: args.includes('--all'), json: jsonFormat(args), env: terminal.env };
  terminal.stdout.write(`${helpText(found, TREE, asked)}\n`);
  return exitCode.OK;
}

function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}

async function runCommand(command: Command, args: readonly string[], terminal: Terminal): Promise<number> {
  const hint = hintOf(command);
  const table = optionsOf(command);
  const given = readOptions(args, table, hint, command.positionals);
  checkRequired(given, table, hint);
  const ending = new AbortController();
  const timeoutMs = given.durationMs('command-timeout') ?? 0;
  const timer =
    timeoutMs > 0 ? setTimeout(() => ending.abort(timedOut(timeoutMs)), Math.min(timeoutMs, TIMER_MAX_MS)) : undefined;
  const release = whenInterrupted(command, terminal, () => ending.abort(interrupted()));
  const out = await outputOf(given, terminal);
  const context = new Context({ command, given, out, terminal, signal: ending.signal, hint });
  try {
    return (await command.run(context)) ?? exitCode.OK;
  } finally {
    clearTimeout(timer);
    release();
    await context.close();
  }
}

/** @returns what ends the waiting */
function whenInterrupted({ path }: Command, { hangup }: Terminal, interrupt: () => void): () => void {
  if (hangup !== undefined) {
    if (hangup.aborted) interrupt();
    hangup.addEventListener('abort', interrupt, { once: true });
    return () => hangup.removeEventListener('abort', interrupt);
  }
  // A server stops in a way of its own.
  if (path[0] !== 'server') process.once('SIGINT', interrupt);
  return () => void process.off('SIGINT', interrupt);
}

async function outputOf(given: Given, { stdout, stderr, env }: Terminal): Promise<Output> {
  const [output, { wantsColor }] = await Promise.all([import('./output/output.ts'), import('./output/style.ts')]);
  const isTerminal = stdout.isTTY;
  const when = (given.last('color') ?? 'auto') as 'auto' | 'always' | 'never';
  return new output.Output({
    stdout,
    format: (given.last('output') ?? 'text') as Format,
    fields: given.last('fields')?.split(','),
    timeFormat: (given.last('time-format') ?? 'relative') as TimeFormat,
    color: wantsColor({ when, isTerminal, env }),
    payloadShorthand: !given.isOn('no-json-shorthand-payloads'),
    isTerminal,
    now: Date.now,
    warn: (message) => stderr.write(`${message}\n`),
  });
}

function timedOut(ms: number): CommandError {
  return new CommandError(`not done within ${ms / 1000} s (--command-timeout)`, exitCode.TIMEOUT);
}

function interrupted(): CommandError {
  return new CommandError('interrupted', exitCode.INTERRUPTED);
}

/** Programs that asked for JSON get their errors in it as well. */
async function showError(error: unknown, args: readonly string[], { stderr }: Terminal): Promise<number> {
  const { shownError } = await import('./shown-error.ts');
  const { visible, visibleJson } = await import('./output/visible.ts');
  const shown = shownError(error);
  if (shown === undefined) throw error;
  const { message, hint, details } = shown;
  if (jsonFormat(args) !== undefined) {
    stderr.write(`${visibleJson(JSON.stringify({ error: { code: shown.code, message, details } }))}\n`);
  } else {
    stderr.write(`Error: ${visible(message)}\n${hint === '' ? '' : `${hint}\n`}`);
  }
  return shown.exitCode;
}

/** Also when the command line could not be read. */
function jsonFormat(args: readonly string[]): 'json' | 'jsonl' | undefined {
  for (const [at, arg] of args.entries()) {
    const value = /^(?:--output|-o)=?(.*)$/.exec(arg)?.[1];
    const format = value === '' ? args[at + 1] : value;
    if (format === 'json' || format === 'jsonl') return format;
  }
  return undefined;
}
