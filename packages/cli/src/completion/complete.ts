// What the shell may offer at the end of a command line, answered from the table alone: nothing is asked of a server, so an answer
// takes as long as the process takes to start.

import { extensionsOn } from '../extensions/find.ts';
import { type Command, type CommandTree, findCommand, optionsOf, startsWith, wordsBehind } from '../table/command.ts';
import type { Option, OptionTable } from '../table/options.ts';
import { CLIENT, GLOBAL } from '../table/sets.ts';
import { UsageError } from '../table/usage-error.ts';

export interface Candidate {
  readonly value: string;
  readonly help: string;
}

/** The shell offers the names of files itself. */
const FILES: Candidate = { value: ':file', help: '' };

/** @param words what was typed behind `perdure`; the last one is being typed, and may be empty */
export function completionLines(words: readonly string[], tree: CommandTree, env: NodeJS.ProcessEnv): string[] {
  return candidates(words, tree, env).map(({ value, help }) => `${value}${help === '' ? '' : `\t${help}`}\n`);
}

export function candidates(words: readonly string[], tree: CommandTree, env: NodeJS.ProcessEnv): readonly Candidate[] {
  const current = words.at(-1) ?? '';
  const typed = words.slice(words[0] === 'help' && words.length > 1 ? 1 : 0, -1);
  const found = foundBy(typed, tree);
  if (found === undefined) return [];
  if ('command' in found) return ofCommand(found.command, found.args, current, tree);
  const value = valueCandidates(typed.at(-1), current, { ...GLOBAL, ...CLIENT });
  if (value !== undefined) return value;
  if (current.startsWith('-')) return beginning(current, optionCandidates(GLOBAL, []));
  return beginning(current, [...wordCandidates(found.path, tree), ...extensionCandidates(found.path, tree, env)]);
}

function foundBy(typed: readonly string[], tree: CommandTree): ReturnType<typeof findCommand> | undefined {
  try {
    return findCommand(typed, tree);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return undefined;
  }
}

function ofCommand(
  command: Command,
  args: readonly string[],
  current: string,
  tree: CommandTree,
): readonly Candidate[] {
  const table = optionsOf(command);
  const value = valueCandidates(args.at(-1), current, table);
  if (value !== undefined) return value;
  const given = args.flatMap((arg) => namedBy(arg, table)?.[0] ?? []);
  if (current.startsWith('-')) return beginning(current, optionCandidates(table, given));
  const positional = command.positionals?.[positionalCount(args, table)];
  const values = positional === undefined ? [] : valuesOf(table[positional], current);
  // `workflow reset` is a command, and another word may follow.
  const words = args.length === 0 ? wordCandidates(command.path, tree) : [];
  const found = beginning(current, [...words, ...values]);
  if (found.length > 0 || current !== '') return found;
  const required = Object.entries(table).filter(([name, { required: must }]) => must === true && !given.includes(name));
  return optionCandidates(required.length > 0 ? Object.fromEntries(required) : command.options, given);
}

/** Undefined: no value is being typed, but a word or an option. */
function valueCandidates(
  before: string | undefined,
  current: string,
  table: OptionTable,
): readonly Candidate[] | undefined {
  const [, name, text = ''] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  if (name !== undefined) {
    const option = namedBy(name, table)?.[1];
    return valuesOf(option, text).map((one) => (one === FILES ? one : withoutHelp(`${name}=${one.value}`)));
  }
  const option = before?.includes('=') === false ? namedBy(before, table)?.[1] : undefined;
  return option?.value === undefined ? undefined : valuesOf(option, current);
}

function valuesOf(option: Option | undefined, current: string): readonly Candidate[] {
  if (option === undefined) return [];
  if (option.value === undefined) return beginning(current, ['true', 'false'].map(withoutHelp));
  if (option.oneOf !== undefined) return beginning(current, option.oneOf.map(withoutHelp));
  return option.value === 'FILE' ? [FILES] : [];
}

/** The option that an argument names, by any of its names. */
function namedBy(arg: string, table: OptionTable): readonly [name: string, option: Option] | undefined {
  const [word = ''] = arg.split('=');
  return Object.entries(table).find(
    ([name, { short, aliases = [] }]) =>
      [name, ...aliases].some((one) => word === `--${one}`) || (short !== undefined && word === `-${short}`),
  );
}

function positionalCount(args: readonly string[], table: OptionTable): number {
  return args.filter((arg, at) => {
    const before = args[at - 1];
    const isValue = before?.includes('=') === false && namedBy(before, table)?.[1].value !== undefined;
    return !isValue && !arg.startsWith('-');
  }).length;
}

function optionCandidates(table: OptionTable, given: readonly string[]): Candidate[] {
  return Object.entries(table)
    .filter(([name, { repeatable }]) => repeatable === true || !given.includes(name))
    .map(([name, { help }]) => ({ value: `--${name}`, help }));
}

function wordCandidates(path: readonly string[], tree: CommandTree): Candidate[] {
  return wordsBehind(path, tree).map((word) => {
    const target = [...path, word].join(' ');
    const named = [...tree.groups, ...tree.commands].find((one) => one.path.join(' ') === target);
    return { value: word, help: named?.summary ?? '' };
  });
}

function extensionCandidates(path: readonly string[], tree: CommandTree, env: NodeJS.ProcessEnv): Candidate[] {
  const known = wordsBehind(path, tree);
  const words = extensionsOn(env).flatMap(({ words: all }) => (startsWith(all, path) ? (all[path.length] ?? []) : []));
  return [...new Set(words)].filter((word) => !known.includes(word)).map(withoutHelp);
}

function withoutHelp(value: string): Candidate {
  return { value, help: '' };
}

function beginning(current: string, all: readonly Candidate[]): Candidate[] {
  return all.filter(({ value }) => value.toLowerCase().startsWith(current.toLowerCase()));
}
