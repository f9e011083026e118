// The help that was asked for: of a command or a group, in text or for programs, short or with everything.

import { extensionsOn } from '../extensions/find.ts';
import { type CommandTree, type Found, type Group, startsWith } from './command.ts';
import { allCommandsHelp, commandHelp, groupHelp } from './help.ts';
import { tableJson } from './help-json.ts';

export interface HelpAsked {
  readonly isAll: boolean;
  readonly json: 'json' | 'jsonl' | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export function helpText(found: Found | Group, tree: CommandTree, { isAll, json, env }: HelpAsked): string {
  const path = 'command' in found ? found.command.path : found.path;
  if (json !== undefined) return JSON.stringify(tableJson(path, tree), null, json === 'json' ? 2 : undefined);
  if ('command' in found) return [commandHelp(found.command, isAll), ...longerCommands(path, tree)].join('\n\n');
  if (!isAll) return groupHelp(found, tree);
  const extensions = extensionsOn(env).filter(({ words }) => startsWith(words, path));
  return allCommandsHelp(found, tree, extensions);
}

/** `workflow reset` is a command, and the beginning of another one. */
function longerCommands(path: readonly string[], { commands }: CommandTree): string[] {
  const longer = commands.filter((one) => one.path.length > path.length && startsWith(one.path, path));
  return longer.map((one) => `See also 'perdure ${one.path.join(' ')}': ${one.summary}.`);
}
