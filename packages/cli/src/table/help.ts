// The help of a group and of a command, written from the table.

import { COMPATIBLE_VERSION, VERSION } from '@perdure/server/version';
import { type Command, type CommandTree, type Group, isSamePath, startsWith } from './command.ts';
import type { Option, OptionTable } from './options.ts';
import { CLIENT, GLOBAL } from './sets.ts';

const WIDTH = 100;

export function groupHelp({ path, summary }: Group, { groups, commands }: CommandTree): string {
  const shown = commands.filter((one) => one.isHidden !== true && startsWith(one.path, path));
  const words = [...new Set(shown.map((one) => one.path.slice(0, path.length + 1).join(' ')))];
  const rows = words.map((each) => {
    const target = each.split(' ');
    const found = [...groups, ...commands].find((one) => isSamePath(one.path, target));
    return { left: `  perdure ${each}`, help: found?.summary ?? '' };
  });
  const about =
    path.length === 0
      ? `Perdure ${VERSION}, a durable-execution server that speaks the API of Temporal, and its command line.`
      : `${summary}.`;
  return `${about}

Usage:
  perdure ${[...path, '<command>'].join(' ')} [options]

Commands:
${columns(rows)}

Options of every command:
  -h, --help      Show what a command does and its options
  -v, --version   Show the version (of perdure itself)

'perdure help --all' lists all commands, 'perdure help -o json' tells programs everything about them, and
'perdure completion' makes the shell complete them.`;
}

/** Every command below a group in a line each, and programs of others that add commands. */
export function allCommandsHelp(
  { path }: Group,
  { commands }: CommandTree,
  extensions: readonly { readonly words: readonly string[]; readonly file: string }[],
): string {
  const shown = commands.filter((one) => one.isHidden !== true && startsWith(one.path, path));
  const rows = shown.map((one) => ({ left: `  perdure ${one.path.join(' ')}`, help: one.summary }));
  const added = extensions.map(({ words, file }) => ({ left: `  perdure ${words.join(' ')}`, help: file }));
  return [
    `Commands:\n${columns(rows)}`,
    ...(added.length === 0 ? [] : [`Commands added by programs on the PATH:\n${columns(added)}`]),
    "'--help' behind a command shows what it does and its options.",
  ].join('\n\n');
}

export function commandHelp(command: Command, withAll: boolean): string {
  const { path, summary, description, examples, options, isClient = true } = command;
  const parts = [
    `${summary}.`,
    ...(description === undefined ? [] : [paragraphs(description)]),
    `Usage:\n  perdure ${[...path, ...positionalWords(command)].join(' ')} [options]`,
    `Examples:\n${examples.map(example).join('\n')}`,
    ...section('Options', without(options, GLOBAL)),
    ...(isClient && withAll ? section('Which server, and how', without(CLIENT, options)) : []),
    ...(withAll ? section('Options of every command', { ...GLOBAL, ...common(options) }) : []),
  ];
  const rest = 'Options of every command, and of the connection: add --all to --help, or see docs/cli.md.';
  const isServer = path[0] === 'server';
  const foot = isServer
    ? `Perdure ${VERSION}, with the API of Temporal Server ${COMPATIBLE_VERSION}. README.md says how much of it is built.`
    : rest;
  return [...parts, ...(withAll && !isServer ? [] : [foot])].join('\n\n');
}

/** `[ID] [RUN-ID]`: a second word that is called like the first is named after its option. */
export function positionalWords({ options, positionals = [] }: Command): string[] {
  const values = positionals.map((name) => options[name]?.value ?? name.toUpperCase());
  return values.map((value, at) => `[${values.indexOf(value) < at ? positionals[at]?.toUpperCase() : value}]`);
}

function example({ what, line }: { readonly what?: string; readonly line: string }): string {
  return what === undefined ? `  ${line}` : `  # ${what}\n  ${line}`;
}

function section(title: string, table: OptionTable): string[] {
  return Object.keys(table).length === 0 ? [] : [`${title}:\n${optionHelp(table)}`];
}

function without(table: OptionTable, other: OptionTable): OptionTable {
  return Object.fromEntries(Object.entries(table).filter(([name, option]) => other[name] !== option));
}

function common(options: OptionTable): OptionTable {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(GLOBAL, name)));
}

export function optionHelp(table: OptionTable): string {
  return columns(Object.entries(table).map(([name, option]) => ({ left: leftOf(name, option), help: helpOf(option) })));
}

function leftOf(name: string, { short, value }: Option): string {
  return `  ${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** What its kind says is not said again in its text. */
export function helpOf({ help, oneOf, required, repeatable, env }: Option): string {
  const more = [
    oneOf === undefined ? '' : `: ${oneOf.join(', ')}`,
    repeatable === true && !help.includes('repeatable') ? '; repeatable' : '',
    env === undefined ? '' : ` [${env.join(', ')}]`,
    required === true ? ' (required)' : '',
  ];
  return help + more.join('');
}

function columns(rows: readonly { readonly left: string; readonly help: string }[]): string {
  const width = Math.min(Math.max(...rows.map(({ left }) => left.length)) + 2, 44);
  return rows
    .map(({ left, help }) => {
      const lines = wrap(help, WIDTH - width).join(`\n${' '.repeat(width)}`);
      return left.length + 2 > width ? `${left}\n${' '.repeat(width)}${lines}` : left.padEnd(width) + lines;
    })
    .join('\n');
}

function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => wrap(paragraph.replaceAll(/\s+/g, ' '), WIDTH).join('\n'))
    .join('\n\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
