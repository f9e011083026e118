// The nouns of the command table: a tree of groups with commands at its leaves. The parser, the help, completion, the
// reference page and the tools for agents all read the same table.

import type { Context } from '../context.ts';
import { type OptionTable, similarWord } from './options.ts';
import { CLIENT, GLOBAL } from './sets.ts';
import { UsageError } from './usage-error.ts';

export interface Example {
  /** What it does, as an infinitive; undefined: the summary says it. */
  readonly what?: string;
  /** The command line as it would be typed. */
  readonly line: string;
}

export interface Command {
  /** Words after `perdure`. */
  readonly path: readonly string[];
  /** A line, without a full stop, that begins with a verb. */
  readonly summary: string;
  /** What the summary leaves out, in plain paragraphs. */
  readonly description?: string;
  /** At least one, and each of them runs. */
  readonly examples: readonly Example[];
  /** Besides those that all commands have, and those of all that call a server. */
  readonly options: OptionTable;
  /** Names of options whose values may stand without their names, in order. */
  readonly positionals?: readonly string[];
  /** It calls a server, so it has the options that say which, and how. Default true. */
  readonly isClient?: boolean;
  /** Not in the help: for scripts of old. */
  readonly isHidden?: boolean;
  /** @returns the exit code, 0 if undefined */
  readonly run: (context: Context) => Promise<number | undefined>;
}

/** Words that more words follow. */
export interface Group {
  readonly path: readonly string[];
  readonly summary: string;
}

export interface CommandTree {
  readonly groups: readonly Group[];
  readonly commands: readonly Command[];
}

export interface Found {
  readonly command: Command;
  /** What is not a word of its path. */
  readonly args: readonly string[];
}

/** All that a command accepts; its own options are stronger than those that all have. */
export function optionsOf({ isClient = true, options }: Command): OptionTable {
  return { ...GLOBAL, ...(isClient ? CLIENT : {}), ...options };
}

export function hintOf({ path }: Pick<Command, 'path'>): string {
  return `Run 'perdure ${[...path, '--help'].join(' ')}' for the options.`;
}

/**
 * Finds the command by its words; options of all commands may stand before and between them.
 * @returns the group, with nothing to run, if no command is named whole
 * @throws {UsageError} there is no such command
 */
export function findCommand(args: readonly string[], tree: CommandTree): Found | Group {
  const path: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg.startsWith('-') && arg.length > 1) {
      rest.push(arg);
      const next = args[at + 1];
      if (next !== undefined && takesNext(arg)) {
        rest.push(next);
        at++;
      }
      continue;
    }
    path.push(arg);
    const command = tree.commands.find((one) => isSamePath(one.path, path));
    const isGroup = tree.groups.some((group) => isSamePath(group.path, path));
    // `workflow reset` is a command, and the beginning of another one.
    const goesOn = tree.commands.some((one) => startsWith(one.path, [...path, args[at + 1] ?? '']));
    if (goesOn) continue;
    if (command !== undefined) return { command, args: [...rest, ...args.slice(at + 1)] };
    if (arg === 'help') return groupAt(path.slice(0, -1), tree);
    if (!isGroup) throw unknownWord(path, tree);
  }
  return groupAt(path, tree);
}

function groupAt(path: readonly string[], { groups }: CommandTree): Group {
  return groups.find((group) => isSamePath(group.path, path)) ?? { path: [], summary: '' };
}

/** More would be no help. */
const MEANT_MAX = 3;

/** The words that name no command. */
export class UnknownCommandError extends UsageError {
  readonly path: readonly string[];

  constructor(path: readonly string[], message: string, hint: string) {
    super(message, hint);
    this.path = path;
  }
}

/** Whether the word behind the option is its value. */
export function takesNext(arg: string): boolean {
  if (arg.includes('=')) return false;
  const all: OptionTable = { ...GLOBAL, ...CLIENT };
  const known = Object.entries(all);
  const found = known.find(([name, { short, aliases = [] }]) => {
    return [name, ...aliases].some((one) => arg === `--${one}`) || (short !== undefined && arg === `-${short}`);
  });
  return found?.[1].value !== undefined;
}

function unknownWord(path: readonly string[], tree: CommandTree): UnknownCommandError {
  const before = path.slice(0, -1);
  const word = path.at(-1) ?? '';
  const similar = similarWord(word, wordsBehind(before, tree));
  const meant = similar === undefined ? commandsAbout(word, before, tree) : [[...before, similar]];
  const hint = meant.length === 0 ? '' : ` (did you mean ${meant.map((one) => `"${one.join(' ')}"`).join(' or ')}?)`;
  return new UnknownCommandError(
    path,
    `there is no command "perdure ${path.join(' ')}"${hint}`,
    `Run 'perdure ${[...before, '--help'].join(' ')}' for the commands.`,
  );
}

/** The first commands that are called so elsewhere, or those that say so of themselves, if they are few. */
function commandsAbout(word: string, prefix: readonly string[], { commands }: CommandTree): readonly Command['path'][] {
  const below = commands.filter(({ path, isHidden }) => isHidden !== true && startsWith(path, prefix));
  const named = below.filter(({ path }) => path.at(-1) === word);
  // `dev` is a part of `start-dev`.
  if (named.length + prefix.length === 0)
    named.push(...below.filter(({ path }) => path.at(-1)?.split('-').includes(word)));
  if (named.length > 0) return named.slice(0, MEANT_MAX).map(({ path }) => path);
  const about = below.filter(({ summary }) => wordsOf(summary).includes(word.toLowerCase()));
  return about.length > MEANT_MAX ? [] : about.map(({ path }) => path);
}

function wordsOf(summary: string): string[] {
  return summary.toLowerCase().split(/[^a-z-]+/);
}

/** The next words there may be. */
export function wordsBehind(prefix: readonly string[], { commands }: CommandTree): string[] {
  const words = commands.flatMap(({ path, isHidden }) => {
    return isHidden !== true && startsWith(path, prefix) ? (path[prefix.length] ?? []) : [];
  });
  return [...new Set(words)];
}

export function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((word, at) => path[at] === word);
}

export function isSamePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWith(a, b);
}
