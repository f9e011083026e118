// `perdure help -o json`: the table of commands for programs, which write clients, completions or tools from it. Fields are
// only ever added.

import { COMPATIBLE_VERSION, VERSION } from '@perdure/server/version';
import { type Command, type CommandTree, startsWith } from './command.ts';
import type { Option, OptionTable } from './options.ts';
import { CLIENT, GLOBAL } from './sets.ts';

interface OptionJson extends Omit<Option, 'kind'> {
  readonly name: string;
  /** `flag` has no value; `text` is anything. */
  readonly kind: NonNullable<Option['kind']> | 'flag' | 'text';
}

/** All below a path; the options that all commands have, and those of all that call a server, are told once. */
export function tableJson(path: readonly string[], { groups, commands }: CommandTree) {
  const isBelow = (one: { readonly path: readonly string[] }) => startsWith(one.path, path);
  return {
    version: VERSION,
    serverApiVersion: COMPATIBLE_VERSION,
    globalOptions: optionsJson(GLOBAL),
    clientOptions: optionsJson(CLIENT),
    groups: groups.filter(isBelow).map((group) => ({ path: group.path, summary: group.summary })),
    commands: commands.filter((one) => isBelow(one) && one.isHidden !== true).map(commandJson),
  };
}

function commandJson({ path, summary, description, examples, options, positionals = [], isClient = true }: Command) {
  return { path, summary, description, isClient, positionals, examples, options: optionsJson(options) };
}

function optionsJson(table: OptionTable): OptionJson[] {
  return Object.entries(table).map(([name, option]) => optionJson(name, option));
}

function optionJson(name: string, { kind, ...option }: Option): OptionJson {
  return { name, kind: kind ?? (option.value === undefined ? 'flag' : 'text'), ...option };
}
