// One command line: find the command, read its options, run it, and say what went wrong in the form that was asked for.

import { TREE } from './commands/tree.ts';
import { Context, type Terminal } from './context.ts';
import { CommandError, exitCode, shownError } from './exit.ts';
import { type Format, Output } from './output/output.ts';
import { wantsColor } from './output/style.ts';
import type { TimeFormat } from './output/times.ts';
import { type Command, findCommand, hintOf, optionsOf } from './table/command.ts';
import { commandHelp, groupHelp } from './table/help.ts';
import { checkRequired, type Given, readOptions } from './table/options.ts';
import { VERSION_TEXT } from './version-text.ts';

/** @returns the exit code */
export async function run(args: readonly string[], terminal: Terminal = process): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    return showError(error, args, terminal);
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = args;
  if (first === '--version' || first === '-v' || first === 'version') {
    terminal.stdout.write(`${VERSION_TEXT}\n`);
    return exitCode.OK;
  }
  // `perdure help server start-dev` is `perdure server start-dev --help`.
  if (first === 'help') return dispatch([...rest, '--help'], terminal);
  const found = findCommand(args, TREE);
  if (!('command' in found)) {
    terminal.stdout.write(`${groupHelp(found, TREE)}\n`);
    return exitCode.OK;
  }
  return runCommand(found.command, found.args, terminal);
}

async function runCommand(command: Command, args: readonly string[], terminal: Terminal): Promise<number> {
  const hint = hintOf(command);
  const table = optionsOf(command);
  if (args.some((arg) => arg === '--help' || arg === '-h')) {
    terminal.stdout.write(`${commandHelp(command, args.includes('--all'))}\n`);
    return exitCode.OK;
  }
  const given = readOptions(args, table, hint, command.positionals);
  checkRequired(given, table, hint);
  const ending = new AbortController();
  const timeoutMs = given.durationMs('command-timeout') ?? 0;
  const timer = timeoutMs > 0 ? setTimeout(() => ending.abort(timedOut(timeoutMs)), timeoutMs) : undefined;
  // A server stops in a way of its own.
  const interrupt = () => ending.abort(interrupted());
  if (command.path[0] !== 'server') process.once('SIGINT', interrupt);
  const out = outputOf(given, terminal);
  const context = new Context({ command, given, out, terminal, signal: ending.signal, hint });
  try {
    return (await command.run(context)) ?? exitCode.OK;
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', interrupt);
    await context.close();
  }
}

function outputOf(given: Given, { stdout, env }: Terminal): Output {
  const isTerminal = stdout.isTTY;
  const when = (given.last('color') ?? 'auto') as 'auto' | 'always' | 'never';
  return new Output({
    stdout,
    format: (given.last('output') ?? 'text') as Format,
    fields: given.last('fields')?.split(','),
    timeFormat: (given.last('time-format') ?? 'relative') as TimeFormat,
    color: wantsColor({ when, isTerminal, env }),
    payloadShorthand: !given.isOn('no-json-shorthand-payloads'),
    isTerminal,
    now: Date.now,
  });
}

function timedOut(ms: number): CommandError {
  return new CommandError(`not done within ${ms / 1000} s (--command-timeout)`, exitCode.TIMEOUT);
}

function interrupted(): CommandError {
  return new CommandError('interrupted', exitCode.INTERRUPTED);
}

/** Programs that asked for JSON get their errors in it as well. */
function showError(error: unknown, args: readonly string[], { stderr }: Terminal): number {
  const shown = shownError(error);
  if (shown === undefined) throw error;
  const { message, hint, details } = shown;
  if (wantsJson(args)) {
    stderr.write(`${JSON.stringify({ error: { code: shown.code, message, details } })}\n`);
  } else {
    stderr.write(`Error: ${message}\n${hint === '' ? '' : `${hint}\n`}`);
  }
  return shown.exitCode;
}

/** Also when the command line could not be read. */
function wantsJson(args: readonly string[]): boolean {
  return args.some((arg, at) => {
    const value = /^(?:--output|-o)=?(.*)$/.exec(arg)?.[1];
    return value !== undefined && /^jsonl?$/.test(value === '' ? (args[at + 1] ?? '') : value);
  });
}
