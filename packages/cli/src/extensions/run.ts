// Runs a command that a program on the PATH adds: it gets everything that was typed but its own words.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Terminal } from '../context.ts';
import { takesNext } from '../table/command.ts';
import { findExtension } from './find.ts';

/** @returns its exit code; undefined: no program has these words */
export async function runExtension(
  args: readonly string[],
  unknown: readonly string[],
  { env }: Terminal,
): Promise<number | undefined> {
  const { before, after } = splitAtWords(args);
  const end = after.findIndex((arg) => arg.startsWith('-'));
  const found = findExtension(end < 0 ? after : after.slice(0, end), unknown.length, env);
  if (found === undefined) return undefined;
  const child = spawn(found.file, [...before, ...after.slice(found.words.length)], { stdio: 'inherit', env });
  // Ctrl-C reaches both; what it means, the program decides.
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  const [exit, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  process.off('SIGINT', ignore);
  return exit ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** Options of all commands may stand before the words. */
function splitAtWords(args: readonly string[]): {
  readonly before: readonly string[];
  readonly after: readonly string[];
} {
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) break;
    if (takesNext(arg)) at++;
  }
  return { before: args.slice(0, at), after: args.slice(at) };
}
