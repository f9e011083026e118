// docs/cli.md, written from the table. `npm run generate:cli-docs` does it.

import { exitCode } from '../exit.ts';
import { type Command, type CommandTree, isSamePath, startsWith } from './command.ts';
import { helpOf, positionalWords } from './help.ts';
import type { OptionTable } from './options.ts';
import { CLIENT, GLOBAL } from './sets.ts';

const EXIT_MEANINGS: Readonly<Record<keyof typeof exitCode, string>> = {
  OK: 'it is done',
  FAILED: 'it failed',
  USAGE: 'the command line is wrong',
  NOT_FOUND: 'there is no such workflow, namespace or whatever was named',
  WORKFLOW_FAILED: 'what was waited for did not complete',
  TIMEOUT: 'it took too long',
  DENIED: 'the server does not allow it',
  INTERRUPTED: 'Ctrl-C',
};

export function referencePage(tree: CommandTree): string {
  const tops = [...new Set(tree.commands.filter(isShown).map(({ path }) => path[0] ?? ''))];
  return `${[head(tree, tops), ...tops.flatMap((top) => chapter(top, tree))].join('\n\n')}\n`;
}

function head(tree: CommandTree, tops: readonly string[]): string {
  const contents = tops.map((top) => `| [\`perdure ${top}\`](#perdure-${top}) | ${summaryOf([top], tree)} |`);
  return `# The command line

This page is generated from the table of commands: \`npm run generate:cli-docs\`. \`perdure --help\` tells the same, and
\`perdure help -o json\` tells it to programs.

Words, options, variables and JSON are those of the \`temporal\` command, so that scripts and habits carry over.

| Command | |
|---|---|
${contents.join('\n')}

A command ends with

| Exit code | |
|---|---|
${Object.entries(EXIT_MEANINGS)
  .map(([name, meaning]) => `| ${exitCode[name as keyof typeof exitCode]} | ${meaning} |`)
  .join('\n')}

Errors go to stderr: as text, or with \`--output json\` as \`{"error": {"code", "message", "details"}}\`.

\`perdure completion\` makes the shell complete commands, options and values. A program \`perdure-foo\` or \`temporal-foo\` on
the PATH is the command \`perdure foo\`, unless there is one of that name; it gets the words and options behind it, and its
exit code is that of the command. A dash in a word is an underscore in the name of the program.

## Options of every command

${optionTable(GLOBAL)}

## Options of every command that calls a server

Variables that begin with \`PERDURE_\` instead of \`TEMPORAL_\` are read as well, and are stronger.

${optionTable(CLIENT)}`;
}

function chapter(top: string, tree: CommandTree): string[] {
  const commands = tree.commands.filter((one) => isShown(one) && startsWith(one.path, [top]));
  const isGroup = tree.groups.some(({ path }) => isSamePath(path, [top]));
  const title = isGroup ? [`## perdure ${top}\n\n${summaryOf([top], tree)}.`] : [];
  return [...title, ...commands.map((command) => section(command))];
}

function section(command: Command): string {
  const { path, summary, description, examples, options } = command;
  const words = positionalWords(command);
  const own = Object.fromEntries(Object.entries(options).filter(([name, option]) => !isCommon(name, option)));
  return [
    `${path.length === 1 ? '##' : '###'} perdure ${path.join(' ')}`,
    `${summary}.`,
    ...(description === undefined ? [] : [paragraphs(description)]),
    ...(words.length === 0 ? [] : [`Values that may stand without their names: \`${words.join(' ')}\``]),
    `\`\`\`sh\n${examples.map(({ what, line }) => (what === undefined ? line : `# ${what}\n${line}`)).join('\n')}\n\`\`\``,
    ...(Object.keys(own).length === 0 ? [] : [optionTable(own)]),
  ].join('\n\n');
}

/** It is told once for all commands. */
function isCommon(name: string, option: OptionTable[string]): boolean {
  const all: OptionTable = { ...GLOBAL, ...CLIENT };
  return all[name] === option;
}

function optionTable(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, option]) => {
    const { short, value } = option;
    const left = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
    return `| \`${left}\` | ${cell(helpOf(option))} |`;
  });
  return `| Option | |\n|---|---|\n${rows.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
}

function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' '))
    .join('\n\n');
}

function summaryOf(path: readonly string[], { groups, commands }: CommandTree): string {
  return [...groups, ...commands].find((one) => isSamePath(one.path, path))?.summary ?? '';
}

function isShown({ isHidden }: Command): boolean {
  return isHidden !== true;
}
