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
  if ('command' in found) return commandHelp(found.command, isAll);
  if (!isAll) return groupHelp(found, tree);
  const extensions = extensionsOn(env).filter(({ words }) => startsWith(words, path));
  return allCommandsHelp(found, tree, extensions);
}
